"""The 考核办法 as typed data. Knows fields and their types; what they mean to each other is in checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from scoring.expressions import Expr, names
from scoring.expressions.field import FormulaField
from scoring.expressions.parse import Call
from scoring.expressions.rows import RowType
from scoring.expressions.words import number
from scoring.forms import Forms
from scoring.issues import Issue
from scoring.rubric.actions import Action
from scoring.rubric.each import EachPart, Part, YearPart
from scoring.rubric.items import (
    Absent,
    Indicator,
    Node,
    Section,
    located,
    nodes,
)
from scoring.rubric.points import CapField, ThresholdField
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.samples import Sample
from scoring.rubric.weighing import Weighing, WeightsField
from scoring.rubric.year_days import DaysAfter, MonthDay
from scoring.source import Code, Day, Document, Exact, Share, Spec, Text, Whole, misread
from scoring.units import Register, Unit, Who

Window = str  # this, same_days_last_year, whole_last_year; this@q1 is the first quarter of it
WINDOW_TITLES = {"same_days_last_year": "上年同期", "whole_last_year": "上年全年"}
SCHEDULE_ITEMS = {
    "due": "应报次数",
    "on_time": "按时报送次数",
    "late": "迟报次数",
    "missing": "未报次数",
    "received": "已报次数",
    "days_late": "迟报天数",
    "workdays_late": "迟报工作日数",
    "months_late": "迟报月数",
    "early": "过早报送次数",
}
SCHEDULE_UNITS = {"days_late": "天", "workdays_late": "个工作日", "months_late": "个月"}  # the others are counted in 次


def _decimals(value: Any) -> Any:
    if value is None or value == "none":
        return None
    if isinstance(value, Decimal) and value == int(value) and 0 <= value <= 6:
        return int(value)
    raise misread(value, "小数位数{0}不对", "请写 0 到 6 的整数，或 none（不舍入）")


def _limit(value: Any) -> Any:
    return None if value == "none" else value


Decimals = Annotated[
    int | None,
    BeforeValidator(_decimals),
    WithJsonSchema({"type": ["integer", "string"], "minimum": 0, "maximum": 6, "pattern": "^none$"}),
]
Limit = Annotated[
    Exact | None, BeforeValidator(_limit), WithJsonSchema({"type": ["number", "string"], "pattern": "^none$"})
]


class DocumentOfRubric(Spec):
    number: Text
    in_force: Day
    title: Text | None = None


class PeriodSpec(Spec):
    """How the year is cut. A run chooses one, e.g. 2024."""

    every: Literal["year"]
    starts: MonthDay = (1, 1)
    cut_off: DaysAfter = 0


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
    """A 考核分组: ranked by itself, never together with another.

    `facts`: a unit is scored over what it handed in itself, or over that of all units below it as well (members).
    """

    title: Text
    units: Who
    full_marks: Exact
    facts: Literal["own", "members"] = "own"


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
    at_least: ThresholdField | None = None
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
    known_on: MonthDay | None = None  # a milestone: before this day of the period the figure is pending
    skip_unreadable: bool = False
    rows: Literal["all", "own"] = "all"  # own: only rows of the scored unit itself, where units below count too
    note: Text | None = None


class Bonus(Spec):
    kind: Literal["bonus"]
    code: Code
    title: Text
    clause: Text
    groups: tuple[Code, ...] = ()
    parts: tuple[CountedPart, ...] = Field(min_length=1)
    pool: CapField | None = None
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
    cap: CapField | None = None
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


class LeaveOut(Spec):
    """Who is not counted in the places of one consequence and never hit by it: a condition over measures (D58.2)."""

    when: FormulaField
    reason: Text


class Consequence(Spec):
    """What follows for a unit: `when` sees place, place_from_last, total, grade and change_of_place (up is above 0).

    `edge`: whether units that share the place at the edge are all in or all out. `leave_out`: who is not in this list.
    """

    clause: Text
    when: FormulaField
    action: Text
    edge: Literal["in", "out"] = "in"
    within_days: Whole | None = None
    groups: tuple[Code, ...] = ()
    leave_out: LeaveOut | None = None
    assumption: Text | None = None

    def in_group(self, group: str) -> bool:
        return not self.groups or group in self.groups


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
    samples: tuple[Sample, ...] = ()
    actions: tuple[Action, ...] = ()
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
    own_rows: bool = False
    none_if_closed: bool = False  # no row is 0 once the office has closed the register
    without_year: bool = False  # names days without a year ('06-30')
    known_on: tuple[int, int] | None = None  # month and day from which on the figure is known

    @property
    def column(self) -> str:
        """Its column in the table of facts."""
        return self.code.replace(".", "__")

    @property
    def adds_figures(self) -> bool:
        """Whether it adds up a column, and does not only count rows."""
        return isinstance(self.value, Call) and self.value.function == "sum" and bool(names(self.value) - {"weight"})


@dataclass(frozen=True)
class Period:
    """One assessment period and its cut-off (both ends included)."""

    label: str
    start: date
    end: date
    cut_off: date

    def window(self, window: Window, as_of: date) -> tuple[date, date]:
        """[start, end] of the rows that count."""
        year, _, part = window.partition("@")
        first, last = YearPart.of(part).span(self.start) if part else (self.start, self.end)
        end = min(last, as_of)
        if year == "this":
            return first, end
        start = _year_before(first)
        return (start, _year_before(end)) if year == "same_days_last_year" else (start, _year_before(last))

    def whole_window(self, window: Window, as_of: date) -> tuple[date, date]:
        """The same, to its end also while the run is earlier."""
        year, _, _ = window.partition("@")
        return self.window(window, date.max if year == "this" else as_of)


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
        for _, section, indicator in located(self.spec.sections):
            if group is None or indicator.in_group(group):
                yield section, indicator

    def sections(self, group: str) -> list[Section]:
        """Sections of the first level with at least one indicator of this group below them."""
        return [section for section in self.spec.sections if section.in_group(group)]

    def nodes(self, group: str | None = None) -> list[Node]:
        """Sections of every level, each before those below it; those with an indicator of the group, or all."""
        return [node for node in nodes(self.spec.sections) if group is None or node.section.in_group(group)]

    def path(self, section: str) -> str:
        """The titles from the first level down to a section: 日常考核 · 报送."""
        node = next(node for node in nodes(self.spec.sections) if node.section.code == section)
        return " · ".join(one.title for one in (*node.above, node.section))

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

    def day_of_year(self, within: date, month: int, day: int) -> date:
        """The day of that name in the assessment year that `within` lies in."""
        start = self.year_start(within)
        found = date(start.year, month, day)
        return found if found >= start else found.replace(year=start.year + 1)

    def year_start(self, within: date) -> date:
        """The first day of the assessment year that the day lies in."""
        start = date(within.year, *self.spec.period.starts)
        return start if start <= within else start.replace(year=start.year - 1)

    def in_force(self, period: Period) -> bool:
        return self.spec.document.in_force <= period.end
