"""Points and numbers as a rubric writes them: 0.5, full, 50% of full, each possibly by group. Pure values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from scoring.source import misread, refusal

_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%\s*of\s+full\Z")


@dataclass(frozen=True)
class Points:
    """An absolute number of points, or a share of the indicator's full marks."""

    amount: Decimal
    of_full: bool = False

    def of(self, full: Decimal | None) -> Decimal:
        """In points. A share of full marks needs an indicator that has them (checked before)."""
        return self.amount * (full or Decimal(0)) if self.of_full else self.amount


@dataclass(frozen=True)
class Grouped:
    """The same for all groups, or one for each group named."""

    default: Points | None
    by_group: tuple[tuple[str, Points], ...] = ()

    def at(self, group: str) -> Points | None:
        """None where the map does not name the group."""
        return dict(self.by_group).get(group) if self.by_group else self.default

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(code for code, _ in self.by_group)

    @property
    def values(self) -> tuple[Points, ...]:
        return tuple(points for _, points in self.by_group) if self.by_group else (self.default,)  # type: ignore[return-value]


def _points(value: Any) -> Points:
    if isinstance(value, Decimal):
        return Points(value)
    if isinstance(value, str):
        if value.strip() == "full":
            return Points(Decimal(1), True)
        found = _SHARE.match(value.strip())
        if found:
            return Points(Decimal(found.group(1)) / 100, True)
    raise misread(value, "分值{0}读不懂", "请写半角数字（不带单位）、full 或 50% of full")


def _grouped(value: Any) -> Any:
    if isinstance(value, Grouped):
        return value
    if isinstance(value, dict):
        if not value:
            raise refusal("按组写的分值是空的", "请写明每个组的分值")
        return Grouped(None, tuple((str(code), _points(item)) for code, item in value.items()))
    return Grouped(_points(value))


def _nonnegative(value: Grouped) -> Grouped:
    if any(points.amount < 0 for points in value.values):
        raise refusal("分值不能是负数", "扣分也写正数，扣或加由 kind 决定")
    return value


def _absolute(value: Grouped) -> Grouped:
    if any(points.of_full for points in value.values):
        raise refusal("这里不能写满分的份额", "请写具体数字")
    return _nonnegative(value)


PointsField = Annotated[Points, BeforeValidator(_points)]
PriceField = Annotated[Grouped, BeforeValidator(lambda v: _nonnegative(_grouped(v)))]
FullMarksField = Annotated[Grouped, BeforeValidator(lambda v: _absolute(_grouped(v)))]
