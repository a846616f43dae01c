"""The 考核办法 as typed data. Knows fields and their types; what they mean to each other is in checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from scoring.expressions import Expr
from scoring.expressions.field import FormulaField
from scoring.expressions.parse import GROUP_FUNCTIONS, Call, walk
from scoring.expressions.rows import RowType
from scoring.expressions.words import number
from scoring.forms import Forms
from scoring.issues import Issue
from scoring.rubric.each import EachPart, Part
from scoring.rubric.points import FullMarksField, Grouped, Points, PriceField
from scoring.rubric.rules import Rule
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.weighing import Weighing, WeightsField
from scoring.source import Code, Day, Document, Exact, Share, Spec, Text, Whole, misread, share
from scoring.units import Register, Unit, Who

Absent = Literal["pending", "no_points"]
Window = Literal["this", "same_days_last_year", "whole_last_year"]
WINDOW_TITLES = {"same_days_last_year": "上年同期", "whole_last_year": "上年全年"}
SCHEDULE_ITEMS = {
    "due": "应报次数",
    "on_time": "按时报送次数",
    "late": "迟报次数",
    "missing": "未报次数",
    "received": "已报次数",
    "days_late": "迟报天数",
}


def _decimals(value: Any) -> Any:
    if value is None or value == "none":
        return None
    if isinstance(value, Decimal) and value == int(value) and 0 <= value <= 6:
        return int(value)
    raise misread(value, "小数位数{0}不对", "请写 0 到 6 的整数，或 none（不舍入）")


def _days_after(value: Any) -> Any:
    text = str(value)
    if text.startswith("+") and text.endswith("d") and text[1:-1].isdigit():
        return int(text[1:-1])
    raise misread(value, "截止{0}读不懂", "请写成 +10d，表示考核期结束后 10 天")


def _month_day(value: Any) -> Any:
    try:
        month, day = str(value).split("-")
        date(2023, int(month), int(day))
        return (int(month), int(day))
    except ValueError:
        raise misread(value, "起始日{0}读不懂", "请写成 01-01 的样子") from None


def _limit(value: Any) -> Any:
    return None if value == "none" else value


Decimals = Annotated[int | None, BeforeValidator(_decimals)]
Limit = Annotated[Exact | None, BeforeValidator(_limit)]


class DocumentOfRubric(Spec):
    number: Text
    in_force: Day
    title: Text | None = None


class PeriodSpec(Spec):
    """How the year is cut. A run chooses one, e.g. 2024."""

    every: Literal["year"]
    starts: Annotated[tuple[int, int], BeforeValidator(_month_day)] = (1, 1)
    cut_off: Annotated[int, BeforeValidator(_days_after)] = 0


class Rounding(Spec):
    """Decimals at each stage; none = not rounded there (points then carry 12 decimals)."""

    rate: Decimals = None
    item: Decimals = None
    section: Decimals = None
    total: Decimals = None
    places_by: Literal["rounded", "exact"] = "rounded"


class Places(Spec):
    ties: Literal["1-1-3", "1-1-2"]
    break_by: tuple[Code, ...] = ()


class TotalLimits(Spec):
    at_least: Limit = Decimal(0)
    at_most: Limit = None


class Group(Spec):
    """A 考核分组: ranked by itself, never together with another."""

    title: Text
    units: Who
    full_marks: Exact


class Quota(Spec):
    """At most this share of the ranked units, or so many of them, may have the grade."""

    share: Share | None = None
    units: Whole | None = None
    of: Literal["ranked_in_group"] = "ranked_in_group"
    round: Literal["down", "up", "half_up"] = "down"
    tie: Literal["out", "in"] = "out"


class Grade(Spec):
    """`only_if`: what a unit must fulfil besides the score (D82.1); who does not has the next grade it can have."""

    title: Text
    at_least: Exact | None = None
    only_if: FormulaField | None = None
    quota: Quota | None = None
    assumption: Text | None = None


class MeasureSpec(Spec):
    """A 数据项 as written: an aggregate over one form, or another measure over another window."""

    title: Text
    unit: Text | None = None
    form: Code | None = None
    value: FormulaField | None = None
    where: FormulaField | None = None
    of: Code | None = None
    over: Literal["same_days_last_year", "whole_last_year"] | None = None
    weights: dict[Code, WeightsField] = Field(default_factory=dict)
    once_by: tuple[Code, ...] = ()
    each: Part | None = None
    then: FormulaField | None = None
    skip_unreadable: bool = False
    note: Text | None = None


class Flag(Spec):
    """When an indicator is a 短板."""

    when: FormulaField
    label: Text
    by: Literal["period_end"] | None = None
    pace: Literal["elapsed_workdays"] | None = None
    gap: FormulaField | None = None
    gap_unit: Text | None = None
    common_problem: Whole | None = None
    weak_point: Whole | None = None


def _na_then(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"share"}:
        return share(value["share"])
    if value in ("rescale", "full_marks", "no_points", "average") or isinstance(value, Decimal):
        return value
    raise misread(value, "不适用的处理{0}读不懂", "只能是 rescale、full_marks、no_points、average 或 {share: 60%}")


class NotApplicable(Spec):
    """What happens when the item does not apply: rescale, full_marks, no_points, the average of the units of the group
    to which it applies and whose points are known, or a fixed share of its full marks."""

    when: FormulaField | None = None
    then: Annotated[Literal["rescale", "full_marks", "no_points", "average"] | Decimal, BeforeValidator(_na_then)]
    reason: Text


class Void(Spec):
    """An event that ends the reckoning of the item: `leaves` points remain, whatever else is so (D02.3, D84.1)."""

    when: FormulaField
    leaves: PriceField = Grouped(Points(Decimal(0)))
    reason: Text


class BaseZero(Spec):
    """What happens when the divisor of `value` is 0. Unsaid, the indicator is 暂缺 with that reason."""

    then: Literal["no_points", "full_marks", "not_applicable"]


class Indicator(Spec):
    """A 考核指标."""

    code: Code
    title: Text
    clause: Text
    full_marks: FullMarksField | None = None
    groups: tuple[Code, ...] = ()
    actual: Text | None = None
    target: Text | None = None
    value: FormulaField | None = None
    measured_in: Text | None = None
    rules: tuple[Rule, ...] = Field(min_length=1)
    flag: Flag | None = None
    remedy: Text | None = None
    not_applicable: NotApplicable | None = None
    void: Void | None = None
    base_zero: BaseZero | None = None
    missing: Absent | None = None
    source: Text | None = None
    assumption: Text | None = None  # what the text leaves open and we chose
    note: Text | None = None

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Functions over the group that are written anywhere in it, in order, each once."""
        trees = [one.tree for one in (self.value, self.flag and self.flag.when, self.flag and self.flag.gap) if one]
        if self.not_applicable is not None and self.not_applicable.when is not None:
            trees.append(self.not_applicable.when.tree)
        trees += [self.void.when.tree] if self.void is not None else []
        trees += [tree for rule in self.rules for _, tree in rule.trees()]
        nodes = (node for tree in trees for node in walk(tree))
        return tuple(dict.fromkeys(n for n in nodes if isinstance(n, Call) and n.function in GROUP_FUNCTIONS))

    def in_group(self, group: str) -> bool:
        if self.groups and group not in self.groups:
            return False
        return self.full_marks is None or not self.full_marks.groups or group in self.full_marks.groups

    def full(self, group: str) -> Decimal | None:
        points = self.full_marks.at(group) if self.full_marks is not None else None
        return points.amount if points is not None else None


class Section(Spec):
    """A 一级指标."""

    code: Code
    title: Text
    full_marks: FullMarksField | None = None
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    assumption: Text | None = None

    def full(self, group: str) -> Decimal | None:
        points = self.full_marks.at(group) if self.full_marks is not None else None
        return points.amount if points is not None else None


class Bonus(Spec):
    kind: Literal["bonus"]
    code: Code
    title: Text
    clause: Text
    groups: tuple[Code, ...] = ()
    parts: tuple[CountedPart, ...] = Field(min_length=1)
    pool: PriceField | None = None
    gate: FormulaField | None = None
    source: Text | None = None
    assumption: Text | None = None


class Penalty(Spec):
    kind: Literal["penalty"]
    code: Code
    title: Text
    clause: Text
    groups: tuple[Code, ...] = ()
    parts: tuple[CountedPart, ...] = Field(min_length=1)
    cap: PriceField | None = None
    source: Text | None = None
    assumption: Text | None = None


class VetoEffect(Spec):
    """What a veto does; several of them together where the clause says so.

    An item that a veto empties is written at the item (`void`), a fixed loss on one item as well.
    """

    lose: Exact | None = None  # points off the total
    score: Exact | None = None  # the total is this
    score_at_most: Exact | None = None
    grade: Text | None = None  # this grade, or a lower one the score gives
    grade_down: Whole = 0  # so many grades lower
    within_grade: bool = False  # and the score not above the top of the lower grade
    stop: bool = False  # nothing is scored any more
    unranked: bool = False  # keeps its score, has no place
    no_awards: bool = False  # nothing of the score, only no commendation

    @property
    def words(self) -> str:
        """In Chinese, without full stop."""
        told = [f"总分扣 {number(self.lose)} 分"] if self.lose is not None else []
        told += [f"总分按 {number(self.score)} 分计"] if self.score is not None else []
        told += [f"总分不超过 {number(self.score_at_most)} 分"] if self.score_at_most is not None else []
        told += [f"等次定为{self.grade}"] if self.grade is not None else []
        told += [f"等次降低 {self.grade_down} 级"] if self.grade_down else []
        told += ["总分不高于降低后等次的上限"] if self.within_grade else []
        told += ["不再计分"] if self.stop else []
        told += ["不参加排名"] if self.unranked and not self.stop else []
        told += ["取消评先资格"] if self.no_awards else []
        return "，".join(told)

    @property
    def touches_score(self) -> bool:
        """Whether score, grade or place depend on it."""
        return bool(self.grade or self.grade_down or self.stop or self.unranked) or any(
            points is not None for points in (self.lose, self.score, self.score_at_most)
        )


class Veto(Spec):
    kind: Literal["veto"]
    code: Code
    title: Text
    clause: Text
    groups: tuple[Code, ...] = ()
    when: FormulaField
    effect: VetoEffect
    source: Text | None = None
    assumption: Text | None = None


Adjustment = Annotated[Bonus | Penalty | Veto, Field(discriminator="kind")]


CONSEQUENCE_TYPES = {
    "place": RowType("integer", title="名次"),
    "place_from_last": RowType("integer", title="倒数名次"),
    "total": RowType("decimal", 2, title="总分"),
    "grade": RowType("text", title="等次"),
    "change_of_place": RowType("integer", title="名次升降"),
}


class Consequence(Spec):
    """What follows for a unit: `when` sees place, place_from_last, total, grade and change_of_place (up is above 0).

    `edge`: whether units that share the place at the edge are all in or all out.
    """

    clause: Text
    when: FormulaField
    action: Text
    edge: Literal["in", "out"] = "in"
    within_days: Whole | None = None
    groups: tuple[Code, ...] = ()
    assumption: Text | None = None


class Assumption(Spec):
    """A choice of ours that belongs to no single entry: the clause it fills in, and what we chose."""

    clause: Text
    text: Text


class RubricSpec(Spec):
    """A rubric file as written."""

    rubric: Text
    edition: Text
    document: DocumentOfRubric
    period: PeriodSpec
    rounding: Rounding
    places: Places
    missing: Absent
    total: TotalLimits = TotalLimits()
    groups: dict[Code, Group] = Field(min_length=1)
    grades: tuple[Grade, ...] = ()
    measures: dict[Code, MeasureSpec]
    sections: tuple[Section, ...] = Field(min_length=1)
    adjustments: tuple[Adjustment, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    note: Text | None = None


@dataclass(frozen=True)
class Measure:
    """A 数据项 resolved: an aggregate over a form in a window, or a count of the register of submissions."""

    code: str
    title: str
    thing: str
    form: str
    value: Expr | None  # None for a schedule item
    where: Expr | None = None
    window: Window = "this"
    schedule_item: str | None = None
    skip_unreadable: bool = False
    weighing: Weighing | None = None
    each: EachPart | None = None

    @property
    def column(self) -> str:
        """Its column in the table of facts."""
        return self.code.replace(".", "__")


@dataclass(frozen=True)
class Period:
    """One assessment period and its cut-off (both ends included)."""

    label: str
    start: date
    end: date
    cut_off: date

    def window(self, window: Window, as_of: date) -> tuple[date, date]:
        """[start, end] of the rows that count."""
        end = min(self.end, as_of)
        if window == "this":
            return self.start, end
        start = _year_before(self.start)
        return (start, _year_before(end)) if window == "same_days_last_year" else (start, _year_before(self.end))


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


@dataclass(frozen=True)
class Rubric:
    """A rubric without errors, with its forms, units and resolved measures."""

    spec: RubricSpec
    document: Document
    forms: Forms
    register: Register
    measures: dict[str, Measure]
    warnings: tuple[Issue, ...] = ()
    worked_out: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # see `once`

    def once(self, name: str, work: Callable[[], Any]) -> Any:
        """What follows from this rubric alone, worked out at the first call: a rubric never changes."""
        if name not in self.worked_out:
            self.worked_out[name] = work()
        return self.worked_out[name]

    @property
    def title(self) -> str:
        return self.spec.rubric

    @property
    def groups(self) -> dict[str, Group]:
        return dict(self.spec.groups)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for _, indicator in self.placed()}

    @cached_property
    def section_of(self) -> dict[str, Section]:
        return {indicator.code: section for section, indicator in self.placed()}

    def placed(self, group: str | None = None) -> Iterator[tuple[Section, Indicator]]:
        """Indicators in the order of the text, with their section; of one group, or all."""
        for section in self.spec.sections:
            for indicator in section.indicators:
                if group is None or indicator.in_group(group):
                    yield section, indicator

    def sections(self, group: str) -> list[Section]:
        """Sections with at least one indicator in this group."""
        return [s for s in self.spec.sections if any(i.in_group(group) for i in s.indicators)]

    def adjustments(self, group: str) -> list[Bonus | Penalty | Veto]:
        return [a for a in self.spec.adjustments if not a.groups or group in a.groups]

    def units(self, group: str, period: Period) -> tuple[Unit, ...]:
        return self.register.chosen(self.spec.groups[group].units, period.start, period.end)

    def group_of(self, unit: str) -> str | None:
        """The group a unit is assessed in."""
        found = self.register.by_code.get(unit)
        return next((code for code, g in self.groups.items() if found and g.units.includes(found)), None)

    def period(self, label: str) -> Period:
        """The period named by a year. Raises ValueError with a Chinese message."""
        if not (len(label) == 4 and label.isdigit() and 1990 <= int(label) <= 2100):
            raise ValueError(f"考核期“{label}”读不懂：请写年份，例如 2024")
        month, day = self.spec.period.starts
        start = date(int(label), month, day)
        end = date(int(label) + 1, month, day) - timedelta(1)
        return Period(label, start, end, end + timedelta(self.spec.period.cut_off))

    def in_force(self, period: Period) -> bool:
        return self.spec.document.in_force <= period.end
