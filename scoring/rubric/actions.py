"""What a unit can still do (还能做的事) as typed data: which figures an action moves, by how much, for how much work.

Knows what may be written and until which day it can be done; whether the figures exist and anything scores them is in
action_checks, who gains what by it is worked out in scoring/insight/path. No score depends on actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from scoring.expressions.field import FormulaField
from scoring.expressions.words import number
from scoring.rubric.points import Threshold, or_by_group, read_by_group
from scoring.rubric.year_days import DAY_OR_AFTER, read_days_after, read_month_day
from scoring.source import Code, Spec, Text, misread, refusal

if TYPE_CHECKING:
    from scoring.rubric.model import Period, Rubric

YES = "是"
EFFORT_UNIT = "人·天"


@dataclass(frozen=True)
class LastDay:
    """A day of the period, or so many days (`after`) after its end."""

    month: int = 12
    day: int = 31
    after: int | None = None

    def of(self, rubric: Rubric, period: Period) -> date:
        """The day itself."""
        if self.after is not None:
            return period.end + timedelta(self.after)
        return rubric.day_of_year(period.start, self.month, self.day)

    @property
    def words(self) -> str:
        """12 月 31 日; 考核期结束后 10 天."""
        return f"{self.month} 月 {self.day} 日" if self.after is None else f"考核期结束后 {self.after} 天"


def _change(value: Any) -> Any:
    if value == YES:
        return True
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        raise misread(value, "变化{0}读不懂", "请写 +1、-1 一类的数；是否一类的数据项写 是")
    return Decimal(value)


def _effort(value: Any) -> Any:
    return _at_least_0(read_by_group(Threshold, "工作量", _number, value))


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        raise misread(value, "工作量{0}读不懂", f"请写半角数字，不带单位，按{EFFORT_UNIT}计")
    return Decimal(value)


def _at_least_0(value: Threshold) -> Threshold:
    if any(one < 0 for one in value.values):
        raise refusal("工作量不能是负数", "请写 0 或更大的数")
    return value


def _times(value: Any) -> Any:
    return read_by_group(Threshold, "次数", _whole, value)


def _whole(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)) or value != int(value) or value < 1:
        raise misread(value, "次数{0}不对", "请写 1 或更大的整数")
    return Decimal(value)


def _last_day(value: Any) -> Any:
    if isinstance(value, LastDay):
        return value
    if (after := read_days_after(value)) is not None:
        return LastDay(after=after)
    if (found := read_month_day(value)) is not None:
        return LastDay(*found)
    raise misread(value, "{0}不是考核期里的一天", "请写成 12-31 的样子，或 +10d（考核期结束后 10 天）")


_CHANGE = WithJsonSchema({"type": ["number", "string"], "pattern": f"^{YES}$"})
ChangeField = Annotated[Decimal | bool, BeforeValidator(_change), _CHANGE]
EffortField = Annotated[Threshold, BeforeValidator(_effort), or_by_group({"minimum": 0})]
TimesField = Annotated[Threshold, BeforeValidator(_times), or_by_group({"type": ["integer"], "minimum": 1})]
LastDayField = Annotated[
    LastDay, BeforeValidator(_last_day), WithJsonSchema({"type": "string", "pattern": DAY_OR_AFTER})
]


class Action(Spec):
    """One thing that can still be done. `does`: by how much which figure changes each time (True: becomes 是).

    `effort`: 人·天 each time. `most`: how often at most. `by`: the last day on which it can still be done; unsaid, as
    long as data are taken. `needs`: a condition over the figures as they are before anything is done.
    """

    code: Code
    title: Text
    does: dict[Text, ChangeField] = Field(min_length=1)
    effort: EffortField
    most: TimesField | None = None
    by: LastDayField | None = None
    groups: tuple[Code, ...] = ()
    needs: FormulaField | None = None
    note: Text | None = None

    def in_group(self, group: str) -> bool:
        return not self.groups or group in self.groups

    def effort_in(self, group: str) -> Decimal:
        """人·天 each time. (Every group it is for is named; checked.)"""
        return self.effort.at(group) or Decimal(0)

    def most_in(self, group: str) -> int | None:
        """How often at most; None where the rubric says nothing."""
        found = self.most.at(group) if self.most is not None else None
        return int(found) if found is not None else None

    def last_day(self, rubric: Rubric, period: Period) -> date:
        """The last day on which it can be done in a period."""
        return self.by.of(rubric, period) if self.by is not None else period.cut_off


def told(rubric: Rubric, group: str, one: Action) -> str:
    """再立 1 件案件：行政处罚立案数 +1；每次 3 人·天，最多 20 次，12 月 31 日以前。 Without full stop."""
    moved = [f"{_title(rubric, code)}{_moved(change)}" for code, change in one.does.items()]
    limits = [f"每次 {number(one.effort_in(group))} {EFFORT_UNIT}"]
    most = one.most_in(group)
    limits += [f"最多 {most} 次"] if most is not None else []
    limits += [f"{one.by.words}以前"] if one.by is not None else []
    return f"{one.title}：{'、'.join(moved)}；{'，'.join(limits)}"


def _title(rubric: Rubric, code: str) -> str:
    return rubric.measures[code].title if code in rubric.measures else code


def _moved(change: Decimal | bool) -> str:
    if isinstance(change, bool):
        return f"变为“{YES}”"
    return f" {'+' if change > 0 else ''}{number(change)}"
