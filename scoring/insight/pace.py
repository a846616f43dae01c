"""任务进度: what is lacking to an issued target, what that takes per week, where the present pace leads. Knows results and dates.

Looked at are flagged indicators of work that adds up day by day (counts and sums) against a target of the office. A target
is issued once for the year, or it is a list of things to be done (专项任务, 整改), of which those count whose day has come:
there nothing can be forecast. Reckoned in Fractions; nothing is said of figures that are not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, Literal

from scoring.calendar import WorkCalendar
from scoring.engine import Assessment
from scoring.engine.placed import Placed, placed
from scoring.engine.sentence import absence_lines
from scoring.expressions.parse import Call, Compare
from scoring.expressions.words import amount
from scoring.forms import Form
from scoring.rubric import Measure, Rubric

LEAST_WORKDAYS = 10  # before that nothing is forecast
_ADDS_UP, _ISSUED, _LISTED = ("count", "sum"), ("only", "latest"), ("count",)
Row = Mapping[str, Any]
Target = Literal["issued", "listed"]
State = Literal["running", "over", "listed", "done", "not_begun", "zero_target", "no_target", "no_actual"]


@dataclass(frozen=True)
class Time:
    """How much of the period has passed. `counted_to`: the day up to which the figures reach, as_of or earlier: of a ledger
    that is reported by the quarter they end with the last quarter that came."""

    start: date
    end: date
    as_of: date
    counted_to: date
    workdays: int  # of the period
    elapsed: int  # working days of the period up to counted_to

    @classmethod
    def of(cls, calendar: WorkCalendar, start: date, end: date, as_of: date, counted_to: date | None = None) -> Time:
        to, before = min(as_of, counted_to or as_of), start - timedelta(1)
        elapsed = max(0, calendar.between(before, min(to, end)))
        return cls(start, end, as_of, to, calendar.between(before, end), elapsed)

    @property
    def days_left(self) -> int:
        """0 when the period is over."""
        return max(0, (self.end - self.as_of).days)


@dataclass(frozen=True)
class Pace:
    """One target of one unit. `actual` and `target` are None where they are not known; `why` then says so."""

    unit: str
    group: str
    indicator: str
    title: str
    thing: str
    kind: Target
    actual: Decimal | None
    target: Decimal | None
    time: Time
    why: str = ""

    @property
    def state(self) -> State:
        if self.target is None:
            return "no_target"
        if self.target == 0:
            return "zero_target"
        if self.actual is None:
            return "no_actual"
        if self.actual >= self.target:
            return "done"
        if self.kind == "listed":
            return "listed"
        if not self.days_left:
            return "over"
        return "running" if self.time.elapsed else "not_begun"

    @property
    def gap(self) -> Decimal | None:
        """What is lacking in things; 0 where the target is reached."""
        if self.actual is None or self.target is None:
            return None
        return max(Decimal(0), self.target - self.actual)

    @property
    def days_left(self) -> int:
        return self.time.days_left

    @property
    def weeks_left(self) -> Fraction:
        return Fraction(self.days_left, 7)

    @property
    def per_week(self) -> Fraction | None:
        """What has to be done each week from now on."""
        if self.state not in ("running", "not_begun") or self.gap is None:
            return None
        return Fraction(self.gap) / self.weeks_left

    @property
    def forecast(self) -> int | None:
        """Whole things at the end of the period if it goes on like that; a thing is done or not."""
        if self.state != "running" or self.actual is None or self.time.elapsed < LEAST_WORKDAYS:
            return None
        return floor(Fraction(self.actual) * self.time.workdays / self.time.elapsed)

    @property
    def reaches(self) -> bool | None:
        """Whether the forecast does; None where there is none."""
        return None if self.forecast is None or self.target is None else self.forecast >= self.target

    @property
    def behind(self) -> bool:
        """Lacking, and nothing says that it will be made up for in time."""
        return self.state in ("over", "listed") or self.reaches is False

    @property
    def lacking(self) -> Fraction:
        """The share of the target that will be lacking, or is; the larger the worse. Ask only where `gap` is known."""
        assert self.target is not None and self.actual is not None
        will = self.actual if self.forecast is None else Decimal(self.forecast)
        return 1 - Fraction(will) / Fraction(self.target)


def paces(result: Assessment, calendar: WorkCalendar, group: str) -> list[Pace]:
    """Every target that applies to a unit of the group, unit by unit in the order of the register, then of the text."""
    figures = {(row["unit"], row["measure"]): row for row in result.rows("measure")}
    applies = {
        (row["unit"], row["indicator"])
        for row in result.rows("indicator_score", group=group)
        if row["state"] != "not_applicable"
    }
    listed = list(_targets(result.rubric, group))
    reached = {one.indicator.code: _counted_to(result, calendar, actual) for one, actual, _, _ in listed}
    period, found = result.period, []
    for unit in result.rubric.units(group, period):
        for one, actual, target, kind in listed:
            code = one.indicator.code
            if (unit.code, code) in applies:
                to = reached[code].get(unit.code, result.as_of)
                time = Time.of(calendar, period.start, period.end, result.as_of, to)
                done, wanted = figures[unit.code, actual.code], figures[unit.code, target.code]
                known = _known(done), _known(wanted)
                title, why = one.indicator.title, _why(one, done, wanted)
                found.append(Pace(unit.code, group, code, title, actual.thing, kind, *known, time, why))
    return found


def worst_first(found: Iterable[Pace]) -> list[Pace]:
    """Those that will miss, by the share that will be lacking and then in things; then those too early to tell, those on the
    way, what is not known, what is done."""

    def order(one: Pace) -> tuple[int, Fraction, Decimal]:
        if one.state in ("no_target", "no_actual"):
            return 3, Fraction(0), Decimal(0)
        if one.state in ("done", "zero_target"):
            return 4, Fraction(0), Decimal(0)
        return 0 if one.behind else 2 if one.reaches else 1, -one.lacking, -(one.gap or Decimal(0))

    return sorted(found, key=order)


def _targets(rubric: Rubric, group: str) -> Iterator[tuple[Placed, Measure, Measure, Target]]:
    """Flagged indicators with work that adds up against a target of the office, in the same things."""
    for one in placed(rubric, group):
        flag, actual, target = one.indicator.flag, one.indicator.actual, one.indicator.target
        if flag is None or actual is None or target is None or one.indicator.renamed:
            continue
        if isinstance(flag.when.tree, Compare) and flag.when.tree.operator in (">", ">="):
            continue  # less is better
        done, wanted = rubric.measures[actual], rubric.measures[target]
        kind = _kind(rubric, wanted)
        if kind is not None and _function(done) in _ADDS_UP and done.thing == wanted.thing != "%":
            yield one, done, wanted, kind


def _kind(rubric: Rubric, target: Measure) -> Target | None:
    if rubric.forms[target.form].kept_by != "office":
        return None
    function = _function(target)
    return "issued" if function in _ISSUED else "listed" if function in _LISTED else None


def _function(measure: Measure) -> str:
    """Of a figure of this period as it stands in the form; empty for others."""
    plain = measure.window == "this" and measure.each is None and isinstance(measure.value, Call)
    return measure.value.function if plain and isinstance(measure.value, Call) else ""


def _known(row: Row) -> Decimal | None:
    return row["value"] if row["state"] == "value" else None


def _why(one: Placed, done: Row, wanted: Row) -> str:
    """Why the target, or what was done, is not known; empty where both are."""
    for row in (wanted, done):
        if row["state"] == "not_applicable":
            return f"{one.rubric.measures[row['measure']].title}不适用"
        if row["state"] != "value":
            told = absence_lines(one, [dict(row)], row["state"])
            return "；".join(told) or f"{one.rubric.measures[row['measure']].title}没有数"
    return ""


def _counted_to(result: Assessment, calendar: WorkCalendar, measure: Measure) -> dict[str, date]:
    """By unit: the day up to which reports have come without a break, where units report it by due periods."""
    forms, found = result.rubric.forms, dict[str, date]()
    for form in forms.sources(forms[measure.form]):
        if form.kept_by == "unit" and form.has_schedule:
            for unit, day in _reported_to(result, calendar, form).items():
                found[unit] = min(day, found.get(unit, day))
    return found


def _reported_to(result: Assessment, calendar: WorkCalendar, form: Form) -> dict[str, date]:
    period = result.period
    spans = sorted(form.due_periods(period.start, period.end, calendar), key=lambda due: due.covers_from)
    came: dict[str, set[str]] = {}
    for row in result.rows("due", form=form.code):
        came.setdefault(row["unit"], set()).update([row["due_period"]] if row["accepted"] else [])
    found = {}
    for unit, labels in came.items():
        first = next((due for due in spans if due.label not in labels), None)
        if first is not None:  # where all have come, the figures reach to the day of the run
            found[unit] = min(result.as_of, first.covers_from - timedelta(1))
    return found


def sentence(one: Pace) -> str:
    """差 4 件，还剩 37 天，每周需 0.8 件；照现在的进度到年底 18 件，完不成. Without full stop."""
    if one.target is None or one.actual is None:
        return f"{one.why}，看不出{'差多少' if one.target is None else '进度'}"
    done, target, gap = (amount(value, one.thing) for value in (one.actual, one.target, one.gap or 0))
    match one.state:
        case "zero_target":
            return "任务为 0，不用看进度"
        case "done":
            return f"已完成：任务 {target}，已办 {done}"
        case "listed":
            return f"到期的 {target}，办完 {done}，差 {gap}"
        case "over":
            to = one.time.counted_to
            until = f"数只报到 {to.month} 月 {to.day} 日，" if to < one.time.end else ""
            return f"考核期已结束，{until}差 {gap}"
        case "not_begun":
            begun = "考核期还没有开始" if one.time.as_of < one.time.start else "还没有过工作日，看不出进度"
            return f"{begun}：任务 {target}，还剩 {one.days_left} 天"
    ends = forecast_words(one)
    if one.reaches:
        return f"进度够：{ends}"
    return f"差 {gap}，{week_words(one)}；{ends}" + ("，完不成" if one.forecast is not None else "")


def week_words(one: Pace) -> str:
    """还剩 37 天，每周需 0.8 件; with less than a week left the days only."""
    if one.days_left < 7:
        return f"只剩 {one.days_left} 天"
    told = rate(one)
    return f"还剩 {one.days_left} 天，每周{'' if told.startswith('不到') else '需 '}{told}"


def rate(one: Pace) -> str:
    """0.8 件 a week, half up; never a 0 where something is needed. — where nothing is."""
    if one.per_week is None:
        return "—"
    tenths = floor(one.per_week * 10 + Fraction(1, 2))
    return amount(Decimal(tenths) / 10, one.thing) if tenths else f"不到 {amount(Decimal('0.1'), one.thing)}"


def forecast_words(one: Pace) -> str:
    """照现在的进度到年底 18 件; where the figures end earlier than the day of the run, up to when they reach."""
    if one.forecast is None:
        return "时间太短，看不出"
    end = "年底" if (one.time.end.month, one.time.end.day) == (12, 31) else "期末"
    to = one.time.counted_to
    now = "照现在" if one.reaches else "照现在的进度"
    since = now if to == one.time.as_of else f"报到 {to.month} 月 {to.day} 日，照那时的进度"
    return f"{since}到{end} {amount(one.forecast, one.thing)}"
