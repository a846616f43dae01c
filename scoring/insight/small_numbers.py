"""小数提醒: where so few things are counted that a difference says nothing. Knows results; floats only for the limits of an interval.

Shares of counted things (8 of 10 complaints closed) have Wilson limits, counts against an issued target (4 cases of 5)
Byar limits. The official figures, places and points stay what they are: this only says how much they can bear.

Wilson 1927, Probable inference, the law of succession, and statistical inference, JASA 22(158), 209–212:
    (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
Byar, in Breslow and Day 1987, Statistical Methods in Cancer Research II (IARC 82), p. 69: for a count d
    d (1 − 1/9d − z/3√d)³  and  (d + 1) (1 − 1/9(d + 1) + z/3√(d + 1))³
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Any, Literal

from scoring.engine import Assessment
from scoring.engine.made_up import MadeUp, score
from scoring.engine.placed import Placed, placed
from scoring.engine.printed import points
from scoring.expressions.parse import Arithmetic, Call, Expr, Name, Number
from scoring.insight.path.standing import Standing, span
from scoring.rubric import Measure, Rubric
from scoring.rubric.actions import Action
from scoring.rubric.samples import Said

Z = 1.959963984540054  # of a normal distribution, two-sided 95 %
FEW = 30
LEAST_OTHERS = 2  # of one other unit the share would be that unit's own
_COUNTS, _ISSUED, _CASE = ("count", "sum"), ("only", "latest"), "件"
Kind = Literal["share", "target"]
Interval = tuple[float, float]


def wilson(part: int, whole: int) -> Interval | None:
    """The 95 % limits of a share, 8 of 10 → (0.490, 0.943). None of nothing. Raises ValueError where the part is no part."""
    if not 0 <= part <= whole:
        raise ValueError(f"{part} 不是 {whole} 的一部分")
    if whole == 0:
        return None
    share, squared = part / whole, Z * Z
    middle = share + squared / (2 * whole)
    reach = Z * sqrt(share * (1 - share) / whole + squared / (4 * whole * whole))
    low, high = ((middle + side * reach) / (1 + squared / whole) for side in (-1, 1))
    return (0.0 if part == 0 else low), (1.0 if part == whole else high)


def byar(count: int) -> Interval:
    """The 95 % limits of what is expected where so many were counted, 10 → (4.79, 18.39). Raises ValueError below 0."""
    if count < 0:
        raise ValueError("件数不能是负数")
    low = count * (1 - 1 / (9 * count) - Z / (3 * sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    return max(0.0, low), more * (1 - 1 / (9 * more) + Z / (3 * sqrt(more))) ** 3


# --- which indicators -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    """An indicator whose value is 100 × a / b, both of things that are counted (share) or b a number issued (target)."""

    placed: Placed
    part: Measure
    whole: Measure
    kind: Kind


def counted(rubric: Rubric, group: str) -> Iterator[Counted]:
    """In the order of the text."""
    for one in placed(rubric, group):
        if one.indicator.value is None or one.indicator.calls or one.indicator.renamed:
            continue
        found = _ratio(one.indicator.value.tree)
        if found is None:
            continue
        part, whole = ([rubric.measures[code] for code in one.names.measures_of(name)] for name in found)
        if len(part) == len(whole) == 1 and _counts(part[0]):
            kind: Kind | None = "share" if _counts(whole[0]) else "target" if _issued(rubric, whole[0]) else None
            if kind is not None:
                yield Counted(one, part[0], whole[0], kind)


def _ratio(tree: Expr) -> tuple[str, str] | None:
    """The names of a and b in 100 * a / b, 100 * (a / b) and a / b * 100."""
    match tree:
        case Arithmetic("/", Arithmetic("*", Number(times), Name(part)) | Arithmetic("*", Name(part), Number(times)), Name(whole)):
            pass
        case Arithmetic("*", Number(times), Arithmetic("/", Name(part), Name(whole))):
            pass
        case Arithmetic("*", Arithmetic("/", Name(part), Name(whole)), Number(times)):
            pass
        case _:
            return None
    return (part, whole) if times == 100 else None


def _counts(measure: Measure) -> bool:
    """Whether it counts rows or reports, or adds up a column, one thing like another."""
    if measure.weighing is not None:
        return False
    if measure.schedule_item is not None:
        return measure.schedule_item in ("due", "on_time", "late", "missing", "received")
    return isinstance(measure.value, Call) and measure.value.function in _COUNTS and bool(measure.thing)


def _issued(rubric: Rubric, measure: Measure) -> bool:
    return (
        isinstance(measure.value, Call) and measure.value.function in _ISSUED and bool(measure.thing)
        and rubric.forms[measure.form].kept_by == "office"
    )  # fmt: skip


# --- what is said of a unit -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Remark:
    """One figure of one unit that differs from the others by no more than chance may bring about. `others`: theirs
    together; `limits` as shares of 1."""

    indicator: str
    title: str
    kind: Kind
    part: int
    whole: int
    thing: str
    others: Fraction
    limits: Interval

    @property
    def share(self) -> Fraction:
        return Fraction(self.part, self.whole)

    @property
    def sentence(self) -> str:
        """投诉举报办结率 8/10（80%），本组其他单位合计 92%：件数太少，看不出真有差别（可能在 49%–94% 之间）。"""
        few = "件数" if self.thing == _CASE else "数目"
        low, high = (_percent(Fraction(end)) for end in self.limits)
        return (
            f"{self.title} {self.part}/{self.whole}（{_percent(self.share)}），本组其他单位合计 {_percent(self.others)}："
            f"{few}太少，看不出真有差别（可能在 {low}–{high} 之间）。"
        )


def remarks(result: Assessment, unit: str) -> list[Remark]:
    """In the order of the text; nothing is said of figures that are not there."""
    group = result.rubric.group_of(unit)
    if group is None or result.one("ranking", unit=unit) is None:
        return []
    figures = {
        (row["unit"], row["measure"]): row["value"] for row in result.rows("measure") if row["state"] == "value"
    }
    known: dict[str, list[str]] = {}
    for row in result.rows("indicator_score", group=group):
        if row["state"] == "value" and not row["left_out"]:
            known.setdefault(row["indicator"], []).append(row["unit"])
    found = []
    for one in counted(result.rubric, group):
        pairs = {}
        for other in known.get(one.placed.indicator.code, []):
            pair = _pair(figures.get((other, one.part.code)), figures.get((other, one.whole.code)), one.kind)
            if pair is not None:
                pairs[other] = pair
        remark = _remark(one, unit, pairs)
        found += [remark] if remark is not None else []
    return found


def _pair(part: Decimal | None, whole: Decimal | None, kind: Kind) -> tuple[int, int] | None:
    """Whole things; a part that is larger than its whole (last year's cases closed as well) is no share."""
    if part is None or whole is None or part != int(part) or whole != int(whole) or part < 0 or whole <= 0:
        return None
    return None if kind == "share" and part > whole else (int(part), int(whole))


def _remark(one: Counted, unit: str, pairs: dict[str, tuple[int, int]]) -> Remark | None:
    own, others = pairs.get(unit), [pair for other, pair in pairs.items() if other != unit]
    if own is None or len(others) < LEAST_OTHERS:
        return None
    part, whole = own
    theirs, of = sum(pair[0] for pair in others), sum(pair[1] for pair in others)
    few = whole if one.kind == "share" else max(part, whole)
    if few >= FEW or _percent(Fraction(part, whole)) == _percent(Fraction(theirs, of)):
        return None
    limits, around = _limits(one.kind, part, whole), _limits(one.kind, theirs, of)
    if limits[1] < around[0] or limits[0] > around[1]:
        return None
    indicator = one.placed.indicator
    return Remark(indicator.code, indicator.title, one.kind, part, whole, one.part.thing, Fraction(theirs, of), limits)


def _limits(kind: Kind, part: int, whole: int) -> Interval:
    if kind == "target":
        low, high = byar(part)
        return low / whole, high / whole
    found = wilson(part, whole)
    assert found is not None
    return found


def _percent(share: Fraction) -> str:
    """92%, half up."""
    return f"{int(100 * share + Fraction(1, 2))}%"


# --- neighbours in the ranking --------------------------------------------------------------------------


def close_neighbours(result: Assessment, group: str) -> list[str]:
    """第 6、7 名相差 0.42 分，不到多办 1 件案件的分（0.67）。 For neighbours with a place whose totals differ by less than
    one case more would bring the lower one; the engine scores that one again. A case is the first action of the rubric
    that brings about 1 件 of something and moves this unit's total; whether there still is time for it does not matter.
    """
    rows = sorted((row for row in result.rows("ranking", group=group) if row["place"] is not None), key=lambda row: row["place"])
    pairs = [(above, below) for above, below in zip(rows, rows[1:], strict=False) if above["total"] > below["total"]]
    actions = [one for one in result.rubric.spec.actions if one.in_group(group) and _is_a_case(result.rubric, one)]
    if not pairs or not actions:
        return []
    worth = _worth(result, [below["unit"] for _, below in pairs], actions)
    told = []
    for above, below in pairs:
        gap = above["total"] - below["total"]
        first = next(((one, gain) for one, gain in worth[below["unit"]] if gain > 0), None)
        if first is not None and gap < first[1]:
            places = f"第 {above['place']}、{below['place']} 名"
            told.append(f"{places}相差 {points(gap)} 分，不到再做 1 次“{first[0].title}”的分（{points(first[1])}）。")
    return told


def _is_a_case(rubric: Rubric, one: Action) -> bool:
    return any(
        change is not True and change == 1 and rubric.measures[code].thing == _CASE
        for code, change in one.does.items() if code in rubric.measures
    )  # fmt: skip


def _worth(result: Assessment, units: list[str], actions: list[Action]) -> dict[str, list[tuple[Action, Decimal]]]:
    """By unit what each action would add to its total, those it can do at all."""
    standing = Standing(result, units[0])
    wanted, made_up = frozenset(["total", *(one.code for one in result.rubric.spec.adjustments)]), []
    doable = {unit: [one for one in actions if _changed(standing, unit, one)] for unit in units}
    for unit in units:
        for one in [None, *doable[unit]]:
            family = f"{unit}/{one.code if one is not None else ''}"
            for other in standing.ranking if standing.compared else (unit,):
                figures = standing.figures[other]
                if one is not None and other == unit:
                    figures = {**figures, **_changed(standing, unit, one)}
                made_up.append(MadeUp(f"{family}/{other}", family, standing.group, figures, wanted))
    totals = {row["unit"]: row["total"] for row in score(result.rubric, made_up)["ranking"]}
    found: dict[str, list[tuple[Action, Decimal]]] = {}
    for unit in units:
        now = totals[f"{unit}//{unit}"]
        after: list[tuple[Action, Any]] = [(one, totals[f"{unit}/{one.code}/{unit}"]) for one in doable[unit]]
        found[unit] = [(one, total - now) for one, total in after if total is not None and now is not None]
    return found


def _changed(standing: Standing, unit: str, one: Action) -> dict[str, Said]:
    """The figures of a unit that the action makes others, as far as they are there and have room."""
    found: dict[str, Said] = {}
    for code, change in one.does.items():
        said = standing.figures[unit].get(code)
        if said is not None and isinstance(said.value, Fraction):
            low, high = span(standing.rubric, standing.rubric.measures[code], said.value)
            after = Fraction(1) if change is True else min(max(said.value + Fraction(change), low), high)
            found |= {code: Said("", value=after)} if after != said.value else {}
    return found
