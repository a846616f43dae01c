"""How much a way of one component can bring to the base and to the total at most. Never less than it does.

What is above an indicator (limits, lowest, average, weights, rescaling) never hands on more than what comes in from
below, times the weights: so the sum of these bounds over components is a bound of all of them together. Where no limit
can be reached it is exact. All in 10^-12 points, whole numbers rounded up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil

from scoring.engine.levels import has_levels
from scoring.insight.path.choices import BOUNDLESS, Choices
from scoring.insight.path.standing import Standing, points_of
from scoring.insight.path.things import side_conditions
from scoring.rubric.items import Node
from scoring.rubric.model import Veto
from scoring.rubric.structure import in_all, reach, worth

UNIT = 10**12


@dataclass(frozen=True)
class Bounds:
    """Of one unit and all that its components can do."""

    standing: Standing
    choices: Sequence[Choices]

    def base(self, one: Choices) -> list[int]:
        """By way: more 基础得分 than now, at most."""
        columns = [self._column(one, name) for name in one.gains if self._node(name) is not None]
        turned = self._turned(one)
        return [sum(parts) for parts in zip(turned, *columns, strict=True)]

    def total(self, one: Choices, bonuses: Iterable[str]) -> list[int]:
        """By way: more of the total, at most, where of the gated bonuses these are given and the others not."""
        given = set(bonuses)
        gated = self.gated - given
        columns = [
            [int(gain) for gain in one.gains[name]]
            for name in one.gains if self._node(name) is None and name not in gated
        ]  # fmt: skip
        lifted = [self._lifted(one, way) for way in range(len(one))]
        return [sum(parts) for parts in zip(self.base(one), lifted, *columns, strict=True)]

    @cached_property
    def conditions(self) -> frozenset[str]:
        """What grades and gates ask of figures, by what it is called."""
        return frozenset(side_conditions(self.standing))

    @cached_property
    def costs_others(self) -> dict[str, int]:
        """By other unit how much it may lose because its figures are compared with those of this unit."""
        found: dict[str, int] = {}
        for unit in self.standing.ranking:
            raw = {code: costs[unit] for one in self.choices for code, costs in one.costs.items() if costs.get(unit)}
            if raw:
                found[unit] = Bounds(Standing(self.standing.assessment, unit), ()).loss(raw)
        return found

    def loss(self, raw: Mapping[str, int]) -> int:
        """What the unit loses at most when these indicators lose so much; a bonus behind a gate may go with it."""
        sections = {one.indicator.code: one.section.code for one in self.standing.items}
        decimals = self.standing.rubric.spec.rounding.total
        lost = self.slack() + (0 if decimals is None else UNIT // 10**decimals)
        for code, points in raw.items():
            times = self._times(self._nodes[sections[code]])
            lost += ceil(points * times) + self.slack_of_sections if times is not None else BOUNDLESS
        given = (self.standing.extra(code).get("points_low") or Decimal(0) for code in self.gated)
        return lost + sum(points_of(points) for points in given)

    @cached_property
    def gated(self) -> set[str]:
        return {one.code for one in self.standing.adjustments if getattr(one, "gate", None) is not None}

    def _lifted(self, one: Choices, way: int) -> int:
        """What vetoes cost now and no longer would."""
        found = 0
        for veto in self.standing.adjustments:
            lost = veto.effect.lose if isinstance(veto, Veto) and veto.code in one.true else None
            if lost is not None and self.standing.extra(veto.code) and one.true[veto.code][way] == 0:
                found += points_of(lost)
        return found

    # --- sections ---------------------------------------------------------------------------------------

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        return {node.section.code: node for node in self.standing.rubric.nodes(self.standing.group)}

    def _node(self, column: str) -> Node | None:
        """The section a column of gains is added up in; None for what comes after the base."""
        return self._nodes.get(column.partition("/")[0])

    def _column(self, one: Choices, name: str) -> list[int]:
        """What the gains in one column hand on to the base."""
        node = self._node(name)
        assert node is not None
        times, room = self._times(node), self._room(name)
        handed = []
        for gain in (int(gain) for gain in one.gains[name]):
            own = gain if room is None else min(max(0, gain), room)
            handed.append(ceil(own * times) if times is not None else BOUNDLESS * (own > 0))
        return handed

    def _room(self, name: str) -> int | None:
        """What a section can still gain; None where no limit of it can be reached, so that gains are as they are."""
        node = self._node(name)
        assert node is not None
        if has_levels(self.standing.rubric):
            return BOUNDLESS
        now = self._sum(node)
        columns = [one.gains[name] for one in self.choices if name in one.gains]
        least, most = now + sum(int(own.min()) for own in columns), now + sum(int(own.max()) for own in columns)
        full = node.section.full(self.standing.group)
        limit = points_of(full) if full is not None else None
        if least >= 0 and (limit is None or most <= limit) and self.standing.rubric.spec.rounding.section is None:
            return None
        return BOUNDLESS if limit is None else max(0, limit - max(0, now)) + self.slack_of_sections

    def _sum(self, node: Node) -> int:
        """The items of a section and the losses that land on it, before its limits."""
        own = {one.indicator.code for one in self.standing.items if one.section.code == node.section.code}
        rows = [row for row in self._scores if row["indicator"] in own]
        landed = self.standing.assessment.rows("landing", unit=self.standing.unit, node=node.section.code)
        return sum(points_of(row["points_low"]) for row in [*rows, *landed])

    @cached_property
    def _scores(self) -> list[dict[str, Decimal]]:
        return self.standing.assessment.rows("indicator_score", unit=self.standing.unit)

    @property
    def slack_of_sections(self) -> int:
        """What the rounding of one section can add."""
        decimals = self.standing.rubric.spec.rounding.section
        return 0 if decimals is None else UNIT // 10**decimals

    def slack(self) -> int:
        """What the rounding of sections and of rescaling can add, all told."""
        nodes = [self._node(name) for one in self.choices for name in one.gains]
        touched = {each.code for node in nodes if node is not None for each in (*node.above, node.section)}
        whole = sum(ceil((self._times(self._nodes[code]) or 0) * self.slack_of_sections) for code in touched)
        return whole + 1000  # weights and rescaling are rounded to 10^-12, a few times at most

    # --- weights and rescaling --------------------------------------------------------------------------

    def _times(self, node: Node) -> Fraction | None:
        """How much of a gain in a section reaches the base at most; None: without limit."""
        group, found = self.standing.group, self._scaled(self._whole, self._absent_in_all)
        chain = [*node.above, node.section]
        for above, below in zip([None, *chain], chain, strict=False):
            if found is None:
                return None
            found *= 1 if above is not None and above.takes == "average" else Fraction(below.share_of(group))
            if has_levels(self.standing.rubric):
                most = worth(below, group)
                more = self._scaled(Fraction(most) if most is not None else None, self._absent_below(below.code))
                found = found * more if more is not None else None
        return found

    @staticmethod
    def _scaled(whole: Fraction | None, absent: Fraction) -> Fraction | None:
        if absent == 0:
            return Fraction(1)
        return whole / (whole - absent) if whole is not None and absent < whole else None

    @cached_property
    def _whole(self) -> Fraction:
        rubric, group = self.standing.rubric, self.standing.group
        return Fraction(in_all(rubric.spec, group, reach) or rubric.groups[group].full_marks)

    @cached_property
    def _may_be_absent(self) -> set[str]:
        """Indicators that do not apply and are scaled for, now or after something is done."""
        now = {str(row["indicator"]) for row in self._scores if row["left_out"]}
        return now | {code for one in self.choices for codes in one.left_out for code in codes}

    @property
    def _absent_in_all(self) -> Fraction:
        group, sections = self.standing.group, self.standing.rubric.spec.sections
        return sum((self._absent_below(one.code) * Fraction(one.share_of(group)) for one in sections), Fraction(0))

    def _absent_below(self, section: str) -> Fraction:
        """Full marks below a section of what may not apply, weights counted, at most."""
        group, total = self.standing.group, Fraction(0)
        for one in self.standing.items:
            if one.indicator.code not in self._may_be_absent:
                continue
            node = self._nodes[one.section.code]
            chain = [*node.above, node.section]
            codes = [each.code for each in chain]
            if section in codes:
                below = chain[codes.index(section) + 1 :]
                full = Fraction(one.full or 0)
                for each in below:
                    full *= max(Fraction(1), Fraction(each.share_of(group)))
                total += full
        return total

    # --- what begins or ceases to apply -----------------------------------------------------------------

    def _turned(self, one: Choices) -> list[int]:
        """By way: what can be gained besides points because an indicator no longer applies."""
        return [self._scaling_of(codes - one.left_out[0]) for codes in one.left_out]

    def _scaling_of(self, gone: Iterable[str]) -> int:
        """The others are scaled up: by no more than all they can give times what the indicator was worth."""
        codes = set(gone)
        if not codes:
            return 0
        rest = self._whole - self._absent_in_all
        tops = [one.top for one in self.standing.items]
        if has_levels(self.standing.rubric) or None in tops or rest <= 0:
            return BOUNDLESS
        full = sum((Fraction(one.full or 0) for one in self.standing.items if one.indicator.code in codes), Fraction(0))
        most = sum((Fraction(top) for top in tops if top is not None), Fraction(0))
        return ceil(most * self._whole * full / rest**2 * UNIT)
