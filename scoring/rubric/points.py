"""Points and numbers as a rubric writes them: 0.5, full, 50% of full, each possibly by group; none. Pure values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BeforeValidator, WithJsonSchema

from scoring.source import PERCENT, misread, refusal, share

What = TypeVar("What")
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
class ByGroup(Generic[What]):
    """The same for all groups, or one for each group named."""

    default: What | None
    by_group: tuple[tuple[str, What], ...] = ()

    def at(self, group: str) -> What | None:
        """None where the map does not name the group."""
        return dict(self.by_group).get(group) if self.by_group else self.default

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(code for code, _ in self.by_group)

    @property
    def values(self) -> tuple[What, ...]:
        return tuple(one for _, one in self.by_group) if self.by_group else (self.default,)  # type: ignore[return-value]


class Grouped(ByGroup[Points]):
    """Points."""


class Threshold(ByGroup[Decimal]):
    """A figure to compare with."""


@dataclass(frozen=True)
class NoLimit:
    """Said, not left out: there is no limit (`most: none`)."""


def _points(value: Any) -> Points:
    if isinstance(value, Decimal):
        return Points(value)
    if isinstance(value, str):
        if value.strip() == "full":
            return Points(Decimal(1), True)
        found = _SHARE.match(value.strip())
        if found:
            return Points(Decimal(found.group(1)) / 100, True)
    if isinstance(value, str) and "full" in value:
        fix = "分值只能写 full 或 50% of full；除不尽的用 kind: formula，例如 points: full * value / 3"
        raise misread(value, "分值里不能写算式{0}", fix)
    raise misread(value, "分值{0}读不懂", "请写半角数字（不带单位）、full 或 50% of full")


def _full_marks(value: Any) -> Points:
    if not isinstance(value, Decimal):
        raise misread(value, "满分{0}读不懂", "请写半角数字，不带单位")
    return Points(value)


def read_by_group(kind: type[ByGroup[What]], what: str, one: Callable[[Any], What], value: Any) -> Any:
    """What is written once, or by group. `what`: in Chinese, for who writes a map of no group. Raises what `one` does."""
    if isinstance(value, kind):
        return value
    if isinstance(value, dict):
        if not value:
            raise refusal(f"按组写的{what}是空的", f"请写明每个组的{what}")
        return kind(None, tuple((str(code), one(item)) for code, item in value.items()))
    return kind(one(value))


def _grouped(value: Any, one: Callable[[Any], Points] = _points) -> Any:
    return read_by_group(Grouped, "分值", one, value)


def _cap(value: Any) -> Any:
    if isinstance(value, NoLimit):
        return value
    if isinstance(value, str) and value != "none" and value != "full" and not _SHARE.match(value.strip()):
        raise misread(value, "上限{0}读不懂", "请写半角数字（不带单位）、full 或 50% of full；确实没有上限的写 none")
    return NoLimit() if value == "none" else _nonnegative(_grouped(value))


def _threshold(value: Any) -> Any:
    return read_by_group(Threshold, "界限", _figure, value)


def _figure(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        raise misread(value, "须为数字，现为{0}", "请用半角数字，不带单位和千位分隔符")
    return Decimal(value)


def _nonnegative(value: Grouped) -> Grouped:
    if any(points.amount < 0 for points in value.values):
        raise refusal("分值不能是负数", "扣分也写正数，扣或加由 kind 决定")
    return value


PointsField = Annotated[Points, BeforeValidator(_points)]


def or_by_group(number: dict[str, Any], words: str = "", besides: str = "") -> WithJsonSchema:
    """What may be written, for editors: a number, words of this pattern, or a map of groups to them; besides, a word."""
    one = {"type": ["number", "string"], **number, "pattern": f"^({words})$"} if words else {"type": "number", **number}
    kinds = list(number.get("type", ["number", *(["string"] if words or besides else [])]))
    all_words = "|".join(word for word in (words, besides) if word)
    pattern = {"pattern": f"^({all_words})$"} if all_words else {}
    by_group = {"additionalProperties": one, "minProperties": 1}
    return WithJsonSchema({**number, **pattern, "type": [*kinds, "object"], **by_group})


_AMOUNT = {"minimum": 0}
_OF_FULL = "full|[0-9]+([.][0-9]+)? *% *of +full"
PriceField = Annotated[Grouped, BeforeValidator(lambda v: _nonnegative(_grouped(v))), or_by_group(_AMOUNT, _OF_FULL)]
FullMarksField = Annotated[
    Grouped, BeforeValidator(lambda v: _nonnegative(_grouped(v, _full_marks))), or_by_group(_AMOUNT)
]
CapField = Annotated[Grouped | NoLimit, BeforeValidator(_cap), or_by_group(_AMOUNT, _OF_FULL, "none")]
ThresholdField = Annotated[Threshold, BeforeValidator(_threshold), or_by_group({})]


def _weight(value: Any) -> Grouped:
    """A share of a section's score: 60% or 0.6, or by group."""

    def one(item: Any) -> Points:
        if isinstance(item, str) and item.strip().endswith("%"):
            return Points(share(item))
        if isinstance(item, Decimal) and item > 0:
            return Points(item)
        raise misread(item, "权重{0}读不懂", "请写成 60% 或 0.6，须大于 0")

    if isinstance(value, Grouped):
        return value
    if isinstance(value, dict) and value:
        return Grouped(None, tuple((str(code), one(item)) for code, item in value.items()))
    return Grouped(one(value))


WeightField = Annotated[
    Grouped,
    BeforeValidator(_weight),
    or_by_group({"exclusiveMinimum": 0}, PERCENT),
]
