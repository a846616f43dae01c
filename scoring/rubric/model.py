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
from scoring.forms import Forms
from scoring.issues import Issue
from scoring.rubric.points import FullMarksField, PriceField
from scoring.rubric.rules import Rule
from scoring.rubric.rules.counted import CountedPart
from scoring.source import Code, Day, Document, Exact, Share, Spec, Text, Whole, refusal
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
    raise refusal(f"小数位数“{value}”不对", "请写 0 到 6 的整数，或 none（不舍入）")


def _days_after(value: Any) -> Any:
    text = str(value)
    if text.startswith("+") and text.endswith("d") and text[1:-1].isdigit():
        return int(text[1:-1])
    raise refusal(f"截止“{value}”读不懂", "请写成 +10d，表示考核期结束后 10 天")


def _month_day(value: Any) -> Any:
    try:
        month, day = str(value).split("-")
        date(2023, int(month), int(day))
        return (int(month), int(day))
    except ValueError:
        raise refusal(f"起始日“{value}”读不懂", "请写成 01-01 的样子") from None


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
    """At most this share of the ranked units may have the grade."""

    share: Share
    of: Literal["ranked_in_group"] = "ranked_in_group"
    round: Literal["down", "up", "half_up"] = "down"
    tie: Literal["out", "in"] = "out"


class Grade(Spec):
    title: Text
    at_least: Exact | None = None
    quota: Quota | None = None


class MeasureSpec(Spec):
    """A 数据项 as written: an aggregate over one form, or another measure over another window."""

    title: Text
    unit: Text | None = None
    form: Code | None = None
    value: FormulaField | None = None
    where: FormulaField | None = None
    of: Code | None = None
    over: Literal["same_days_last_year", "whole_last_year"] | None = None
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
        return value["share"]
    if isinstance(value, str) and value not in ("rescale", "full_marks", "no_points"):
        raise refusal(f"不适用的处理“{value}”读不懂", "只能是 rescale、full_marks、no_points 或 {share: 60%}")
    return value


class NotApplicable(Spec):
    """What happens when the item does not apply: rescale, full_marks, no_points, or a fixed share."""

    when: FormulaField | None = None
    then: Annotated[Literal["rescale", "full_marks", "no_points"] | Share, BeforeValidator(_na_then)]
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
    base_zero: BaseZero | None = None
    missing: Absent | None = None
    source: Text | None = None
    note: Text | None = None

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


class Penalty(Spec):
    kind: Literal["penalty"]
    code: Code
    title: Text
    clause: Text
    groups: tuple[Code, ...] = ()
    parts: tuple[CountedPart, ...] = Field(min_length=1)
    cap: PriceField | None = None
    source: Text | None = None


class VetoEffect(Spec):
    grade: Text | None = None
    score_at_most: Exact | None = None


class Veto(Spec):
    kind: Literal["veto"]
    code: Code
    title: Text
    clause: Text
    groups: tuple[Code, ...] = ()
    when: FormulaField
    effect: VetoEffect
    source: Text | None = None


Adjustment = Annotated[Bonus | Penalty | Veto, Field(discriminator="kind")]


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
