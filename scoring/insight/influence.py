"""影响省对市得分: what each county and member unit costs the city where the city itself is scored over what they handed in.

Two figures, in points of the city's total:

- **Leave one out**: the city's total as it is, and as the engine gives it for a city without that unit.
- **Share of the lost points** (Shapley 1953): the mean of what the city loses more when the unit joins, over all orders in
  which the units may join. Shares add up to full marks − total exactly, clause by clause and step by step.

"Without a unit" is a city that never had it (`engine.coalitions`): none of its ledger rows; none of the reports that were
due from it, on time or not; no task, target, survey or population registered for it, so that a ratio is that of the others
and a mean has a denominator without it; praise and criticism of it are gone too. The rows of the city itself stay. A zone
whose population is counted in its county stays without people once the county is gone: what the form holds decides.

A city of nobody has lost nothing: its loss is 0 by definition, whatever the rubric would say of it. Nor is anything lost in
an item that does not apply to those who are there. What else the sum does (rescaling, weights and limits of sections,
rounding; items scored part by part) is a component of its own, `STEPS`. Points are exact; only the standard error of
sampled shares is a float.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Literal

from scoring.engine import Assessment
from scoring.engine.coalitions import UNIT, Entangled, Outcome
from scoring.insight.coalition_game import STEPS, Game
from scoring.insight.shapley import EXACTLY, Shares, Vector, every_coalition, exact, met, orders, sampled
from scoring.rubric import Rubric
from scoring.rubric.model import Bonus, Period
from scoring.store import Store

By = Literal["counties", "all"]
PAIRS = 60  # antithetic pairs of orders, where there are too many coalitions


class NotReckoned(ValueError):
    """Why nothing is reckoned, in Chinese: problem and fix, without full stop."""


@dataclass(frozen=True)
class Clause:
    """What the city loses through one indicator or adjustment, or (STEPS) through the steps of the sum.

    `full`: None for what has no full marks. `lost` below 0 is a gain: a bonus.
    """

    code: str
    clause: str
    title: str
    full: Fraction | None
    lost: Fraction

    @property
    def points(self) -> Fraction:
        return (self.full or Fraction(0)) - self.lost


@dataclass(frozen=True)
class Part:
    """One unit. `gain`: total with it − total without it; None: the total without it is not known.

    `share`: of the lost points (below 0: it wins some back), `by_clause` its parts; None where shares are not known.
    `error`: standard error of a sampled share. `place`: in the city's own ranking, among the units of `group`.
    """

    unit: str
    title: str
    group: str
    place: int | None
    gain: Fraction | None
    share: Fraction | None
    by_clause: dict[str, Fraction]
    error: float | None = None

    @property
    def worst(self) -> str | None:
        """The clause through which it costs most, by code; None where it costs nothing anywhere."""
        code = max(self.by_clause, key=lambda one: self.by_clause[one], default=None)
        return code if code is not None and self.by_clause[code] > 0 else None


@dataclass(frozen=True)
class Influence:
    """What the units do to the total of `unit`. `total` + the losses of `clauses` = `full`.

    `always`: units that are there in every coalition, `alone` what is lost where only they are there, by clause.
    Σ shares + Σ alone = full − total. `pairs`: of sampled orders; 0: every coalition. `unshared`: why there are no shares.
    """

    unit: str
    title: str
    rubric: Rubric
    period: Period
    as_of: date
    full: Fraction
    total: Fraction
    clauses: tuple[Clause, ...]
    parts: tuple[Part, ...]
    always: tuple[str, ...]
    alone: dict[str, Fraction]
    pairs: int
    unshared: str = ""

    @property
    def lost(self) -> Fraction:
        return self.full - self.total

    @cached_property
    def by_code(self) -> dict[str, Clause]:
        return {one.code: one for one in self.clauses}


def rubric_over_members(rubrics: Iterable[Rubric], label: str) -> Rubric | None:
    """The one that scores a unit over its members: of those, the latest in force in the period, else the earliest."""
    found = [one for one in rubrics if any(group.facts == "members" for group in one.groups.values())]
    found.sort(key=lambda one: one.spec.document.in_force)
    return next((one for one in reversed(found) if one.in_force(one.period(label))), next(iter(found), None))


def influence(
    store: Store, rubric: Rubric, period: Period, as_of: date, own: Assessment | None = None, by: By = "all",
    unit: str | None = None, pairs: int = PAIRS, seed: int = 20240101,
) -> Influence:  # fmt: skip
    """Of the unit that the rubric scores over its members (the first where there are several). `own`: the ranking of the
    members, for their places. `by`: each of them, or those of the first group of `own` while the others are always there.
    Raises NotReckoned.
    """
    code = _scored_unit(rubric, period, unit)
    members = [one.code for one in rubric.register.below(code)]
    players, always = _players(members, own, by)
    game = Game(store, rubric, period, as_of, code, tuple(players), frozenset(always))
    few = len(players) <= EXACTLY
    taken = [] if few else orders(len(players), pairs, seed)
    everybody = (1 << len(players)) - 1
    single = [everybody & ~(1 << player) for player in range(len(players))]
    try:
        found = game.play(every_coalition(len(players)) if few else [*met(taken), *single])
    except Entangled as told:
        raise NotReckoned(str(told)) from told
    whole = found[everybody]
    if whole.total is None or not game.is_known(whole):
        raise NotReckoned(_open_told(game, whole))
    unshared = game.unknown(found)
    base = () if unshared else game.base(found[0])
    shares = None if unshared else _shares(game, found, taken, base)
    places = {row["unit"]: (row["group"], row["place"]) for row in own.rows("ranking")} if own is not None else {}
    parts = [
        _part(game, player, places.get(one, ("", None)), shares, whole, found[single[player]])
        for player, one in enumerate(players)
    ]
    lost = game.losses(whole)
    return Influence(
        code, rubric.register.title(code), rubric, period, as_of, Fraction(game.full, UNIT), Fraction(whole.total, UNIT),
        tuple(_clause(game, one, lost[at]) for at, one in enumerate(game.codes)), tuple(parts), tuple(always),
        {one: Fraction(amount, UNIT) for one, amount in zip(game.codes, base, strict=False)}, len(taken) // 2, unshared,
    )  # fmt: skip


def _scored_unit(rubric: Rubric, period: Period, unit: str | None) -> str:
    groups = [code for code, group in rubric.groups.items() if group.facts == "members"]
    if not groups:
        raise NotReckoned("这份办法不是按所辖单位合计的数据计分的。请用分组写了 facts: members 的办法（例如省对市的办法）")
    scored = [one.code for code in groups for one in rubric.units(code, period)]
    if unit is not None and unit not in scored:
        raise NotReckoned(f"这份办法没有按所辖单位合计的数据考核“{rubric.register.title(unit)}”。请换一个单位")
    code = unit or next((one for one in scored if rubric.register.below(one)), None)
    if code is None or not rubric.register.below(code):
        raise NotReckoned("名册里没有单位在它下面，没有可以分摊的对象。请在 units.yaml 里给所辖单位写 in")
    return code


def _players(members: Sequence[str], own: Assessment | None, by: By) -> tuple[list[str], list[str]]:
    """(who is in play, who is always there)."""
    if by == "all" or own is None:
        return list(members), []
    first = next(iter(own.rubric.groups))
    inside = {row["unit"] for row in own.rows("ranking") if row["group"] == first}
    found = [one for one in members if one in inside]
    if not found:
        raise NotReckoned(f"“{own.rubric.groups[first].title}”里没有它所辖的单位。请改为全部单位（--by all）")
    return found, [one for one in members if one not in inside]


def _shares(game: Game, found: dict[int, Outcome], taken: Sequence[Sequence[int]], base: Vector) -> Shares:
    """Of what is lost beyond those who are always there."""
    known = {bits: tuple(a - b for a, b in zip(game.losses(one), base, strict=True)) for bits, one in found.items() if bits}
    known[0] = (0,) * len(base)
    if taken:
        return sampled(len(game.players), taken, known.__getitem__)
    return exact(len(game.players), [known[bits] for bits in range(len(known))])


def _part(
    game: Game, player: int, place: tuple[str, int | None], shares: Shares | None, whole: Outcome, without: Outcome
) -> Part:
    code = game.players[player]
    nobody = not game.always and len(game.players) == 1  # without it there is no city
    gain = None
    if whole.total is not None and without.total is not None and not nobody:
        gain = Fraction(whole.total - without.total, UNIT)
    if shares is None:
        return Part(code, game.rubric.register.title(code), *place, gain, None, {})
    own = {one: amount / UNIT for one, amount in zip(game.codes, shares.by_player[player], strict=True)}
    error = shares.errors[player] / UNIT if shares.errors else None
    return Part(code, game.rubric.register.title(code), *place, gain, sum(own.values(), Fraction(0)), own, error)


def _clause(game: Game, code: str, lost: int) -> Clause:
    known = game.rubric.indicators.get(code)
    if known is not None:
        marks = known.full(game.group)
        return Clause(code, known.clause, known.title, Fraction(marks) if marks is not None else None, Fraction(lost, UNIT))
    other = next((one for one in game.rubric.spec.adjustments if one.code == code), None)
    if other is None:
        return Clause(STEPS, "", "合计时的加减（折算、权重、封顶、舍入）", None, Fraction(lost, UNIT))
    kind = "加分" if isinstance(other, Bonus) else "扣分"
    return Clause(code, other.clause, f"{kind}·{other.title}", None, Fraction(lost, UNIT))


def _open_told(game: Game, whole: Outcome) -> str:
    missing = [code for code in game.items if whole.points[code] is None]
    titles = "、".join(game.rubric.indicators[code].title for code in missing)
    why = f"（{titles}还没有定）" if titles else ""
    return f"{game.rubric.register.title(game.unit)}的总分还没有定{why}，不能推算谁拉低了多少。请等数据补齐"
