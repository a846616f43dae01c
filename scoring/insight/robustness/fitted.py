"""Weights whose effective shares come closest to stated aims: how much each part should separate the units.

Within bounds, never negative, the sum kept; and an honest word where the aims cannot be reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np

from scoring.insight.robustness.draws import By, Floats, Parts
from scoring.insight.robustness.effective import REST, REST_TITLE, Separated, Summands, effective
from scoring.insight.robustness.exact import ranking_of
from scoring.insight.robustness.model import NotStudied, Shares

CLOSE = Decimal(1)  # percentage points: an aim missed by no more counts as reached
_STARTS = 6
_ROUNDS = 3
_STAY = 1e-4  # of two ways to the same aims the one nearer to the nominal weights: 20 points away count like 0.2 percent
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class FittedPart:
    """`nominal` and `weight`: points before and after; `aim`, `before`, `reached`: effective shares in percent."""

    code: str
    title: str
    nominal: Decimal
    weight: Decimal
    aim: Decimal | None
    before: float
    reached: float


@dataclass(frozen=True)
class Fitted:
    """`missed`: the largest distance from an aim, in percentage points; `reached`: whether none is missed by more than CLOSE.

    `why`: what stands in the way, in Chinese. `weights`: of all items, exact, for a ranking or a draft.
    """

    parts: tuple[FittedPart, ...]
    missed: float
    reached: bool
    why: tuple[str, ...]
    weights: tuple[Fraction, ...]


def fitted(
    shares: Shares, aims: Mapping[str, Decimal], by: By = "section", bounds: Mapping[str, tuple[Decimal, Decimal]] | None = None,
    locked: Iterable[str] = (), seed: int = 0,
) -> Fitted:  # fmt: skip
    """`aims`: effective share in percent by code of section or item; who is not named is free. `bounds`: points by code.

    Raises NotStudied for aims or bounds that contradict themselves, and where all totals are equal.
    """
    parts = Parts(shares, by, tuple(locked), 1)
    _look_over(parts, aims)
    low, high = _bounds(parts, bounds or {})
    before = effective(shares, by)
    search = _Search(parts, aims, low, high)
    weights = _rounded(parts, search.best(seed), low, high)
    items = _items(parts, weights)
    after = effective(shares, by, items)
    rows = tuple(_rows(parts, weights, aims, before, after))
    missed = max(abs(row.reached - float(row.aim)) for row in rows if row.aim is not None)
    reached = missed <= float(CLOSE)
    rest = next((one.effective * 100 for one in after.parts if one.code == REST), 0.0)
    return Fitted(rows, missed, reached, () if reached else tuple(_why(search, rows, rest)), items)


def _look_over(parts: Parts, aims: Mapping[str, Decimal]) -> None:
    odd = [code for code in aims if code not in parts.members]
    if odd:
        raise NotStudied(f"目标里的“{'、'.join(odd)}”不在可变动的各项中", "请写一级指标或指标的代码，锁定的不写")
    if not aims:
        raise NotStudied("没有写目标", "请写明各项应起多大作用")
    if any(not 0 <= aim <= 100 for aim in aims.values()):
        raise NotStudied("目标要在 0 到 100% 之间", "请改正")
    if sum(aims.values()) > 100:
        raise NotStudied(f"各项目标合计 {sum(aims.values())}%，超过 100%", "请调低")


def _bounds(parts: Parts, given: Mapping[str, tuple[Decimal, Decimal]]) -> tuple[Floats, Floats]:
    low, high = np.zeros(parts.count), np.full(parts.count, parts.sum)
    codes = list(parts.members)
    for code, (least, most) in given.items():
        if code not in codes:
            raise NotStudied(f"“{code}”不在可变动的各项中", "请写一级指标或指标的代码")
        if not 0 <= least <= most:
            raise NotStudied(f"“{parts.titles[code]}”的分值范围 {least} 至 {most} 不对", "下限不小于 0，上限不小于下限")
        low[codes.index(code)], high[codes.index(code)] = float(least), min(float(most), parts.sum)
    if low.sum() > parts.sum + 1e-9 or high.sum() < parts.sum - 1e-9:
        raise NotStudied(f"按给出的分值范围，合计凑不成 {_points(parts.sum)} 分", "请放宽范围")
    return low, high


class _Search:
    """Least squares between effective shares and aims, from several starts."""

    def __init__(self, parts: Parts, aims: Mapping[str, Decimal], low: Floats, high: Floats) -> None:
        self.parts, self.low, self.high = parts, low, high
        codes = list(parts.members)
        self._wanted = np.array([codes.index(code) for code in aims], dtype=np.intp)
        self._aims = np.array([float(aim) / 100 for aim in aims.values()])
        self._members = np.zeros((parts.count, len(parts.shares.items)))
        for index, items in enumerate(parts.members.values()):
            self._members[index, items] = 1
        self._summands = Summands(parts.shares)
        totals = np.array([float(total) for total in ranking_of(parts.shares, parts.shares.weights)[0]])
        self._rest = totals - self._summands.of(parts.weights).sum(axis=0)

    def summands(self, weights: Floats) -> Floats:
        """Parts × units."""
        found: Floats = self._members @ self._summands.of(self.parts.of_items(weights[None, :])[0])
        return found

    def _miss(self, weights: Floats) -> float:
        whole = self._summands.of(self.parts.of_items(weights[None, :])[0])
        totals = whole.sum(axis=0) + self._rest
        totals -= totals.mean()
        variance = float(totals @ totals)
        if variance < 1e-15:
            return 1e3
        shares = self._members @ (whole @ totals) / variance
        away = (weights - self.parts.nominal) / self.parts.sum
        return float(((shares[self._wanted] - self._aims) ** 2).sum() + _STAY * (away**2).sum())

    def best(self, seed: int) -> Floats:
        """The weights that miss least. What is no item (bonuses, limits, vetoes) is taken to stay, then looked at again."""
        found = self._least(self._starts(seed))
        for _ in range(_ROUNDS):
            weights = self.parts.of_items(found[None, :])[0]
            exact = ranking_of(self.parts.shares, [Fraction(float(one)) for one in weights])[0]
            self._rest = np.array([float(total) for total in exact]) - self._summands.of(weights).sum(axis=0)
            found = self._least([found])
        return found

    def _least(self, starts: list[Floats]) -> Floats:
        from scipy.optimize import minimize  # type: ignore[import-untyped]  # heavy, and seldom wanted

        total = self.parts.sum
        limits = list(zip(self.low.tolist(), self.high.tolist(), strict=True))
        fixed = {"type": "eq", "fun": lambda weights: (weights.sum() - total) / total}
        settings = {"maxiter": 300, "ftol": 1e-12}
        found = [
            minimize(self._miss, start, method="SLSQP", bounds=limits, constraints=[fixed], options=settings) for start in starts
        ]
        return min([self._within(one.x) for one in found] + starts, key=self._miss)

    def _starts(self, seed: int) -> list[Floats]:
        """The nominal weights; in proportion to aim over spread, which is right where items are independent; at random."""
        spread = self.summands(self.parts.nominal).std(axis=1) / np.maximum(self.parts.nominal, 1e-9)
        aimed = np.full(self.parts.count, max(0.0, 1 - self._aims.sum()) / max(1, self.parts.count - len(self._aims)))
        aimed[self._wanted] = self._aims
        by_spread = np.sqrt(aimed) / np.maximum(spread, spread[spread > 0].min(initial=1.0) * 0.1)
        draw = np.random.default_rng(seed)
        drawn = [draw.dirichlet(np.ones(self.parts.count)) for _ in range(_STARTS)]
        return [self._within(start) for start in (self.parts.nominal, by_spread, aimed + 1e-6, *drawn)]

    def _within(self, weights: Floats) -> Floats:
        """The nearest of this proportion within the bounds and with the right sum."""
        found = weights * (self.parts.sum / weights.sum()) if weights.sum() > 0 else self.parts.nominal.copy()
        for _ in range(200):
            found = np.clip(found, self.low, self.high)
            rest = self.parts.sum - found.sum()
            if abs(rest) < 1e-12:
                break
            room = (self.high - found) if rest > 0 else (found - self.low)
            if room.sum() <= 0:
                break
            found = found + rest * room / room.sum()
        return np.clip(found, self.low, self.high)


def _rounded(parts: Parts, weights: Floats, low: Floats, high: Floats) -> list[Decimal]:
    """To two decimals with the same sum: what is cut off goes to those that lost most (largest remainder)."""
    whole = int((Decimal(repr(parts.sum)) / _CENT).to_integral_value(ROUND_HALF_UP))
    scaled = np.clip(weights / float(_CENT), low / float(_CENT), high / float(_CENT))
    cents = np.floor(scaled + 1e-9).astype(np.int64)
    order = np.argsort(-(scaled - cents), kind="stable")
    short = whole - int(cents.sum())
    tops = np.floor(high / float(_CENT) + 1e-9)
    for index in [*order.tolist()] * 3:
        if short > 0 and cents[index] < tops[index]:
            cents[index] += 1
            short -= 1
    return [Decimal(int(one)) * _CENT for one in cents]


def _items(parts: Parts, weights: list[Decimal]) -> tuple[Fraction, ...]:
    """Of all items, exactly in proportion within each part."""
    found = list(parts.shares.weights)
    for items, weight in zip(parts.members.values(), weights, strict=True):
        nominal = sum((found[item] for item in items), Fraction(0))
        for item in items:
            found[item] = found[item] / nominal * Fraction(weight)
    return tuple(found)


def _rows(
    parts: Parts, weights: list[Decimal], aims: Mapping[str, Decimal], before: Separated, after: Separated
) -> Iterable[FittedPart]:
    then = {one.code: one.effective * 100 for one in before.parts}
    now = {one.code: one.effective * 100 for one in after.parts}
    for code, weight, nominal in zip(parts.members, weights, parts.nominal, strict=True):
        old = Decimal(repr(float(nominal))).quantize(_CENT, ROUND_HALF_UP)
        yield FittedPart(code, parts.titles[code], old, weight, aims.get(code), then[code], now[code])


def _why(search: _Search, rows: Iterable[FittedPart], rest: float) -> Iterable[str]:
    """What stands in the way of the aims. `rest`: percent of the differences that comes from no item."""
    rows = list(rows)
    aimed = float(sum((row.aim for row in rows if row.aim is not None), Decimal(0)))
    crowded = rest > float(CLOSE) and aimed > 100 - rest
    if crowded:
        yield f"差距的 {rest:.0f}% 来自{REST_TITLE}，各项合计至多起 {100 - rest:.0f}% 的作用，而目标合计 {aimed:.0f}%"
    spread = search.summands(search.parts.nominal).std(axis=1)
    against = []
    for index, row in enumerate(rows):
        if row.aim is None or abs(row.reached - float(row.aim)) <= float(CLOSE):
            continue
        if spread[index] < 1e-9 and row.aim > 0:
            yield f"“{row.title}”各单位得分率相同，分值多少都拉不开差距"
        elif float(row.weight) >= search.high[index] - 0.005 and row.reached < float(row.aim):
            yield f"“{row.title}”已到分值上限 {_points(float(search.high[index]))} 分"
        elif float(row.weight) <= search.low[index] + 0.005 and row.reached > float(row.aim):
            yield f"“{row.title}”已到分值下限 {_points(float(search.low[index]))} 分"
        else:
            against.append(row.title)
    if against and not crowded:
        yield f"{'、'.join(f'“{title}”' for title in against)}与别的项此起彼伏，单靠分值达不到目标"


def _points(value: float) -> str:
    return format(Decimal(repr(value)).quantize(_CENT, ROUND_HALF_UP).normalize(), "f")
