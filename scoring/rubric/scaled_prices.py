"""Prices of indicators whose full marks change: each in the same proportion, exactly, or told why not. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.rubric.items import Indicator
from scoring.rubric.knobs import Knob, What
from scoring.rubric.marks import Node, largest_remainder
from scoring.rubric.rules import Checklist
from scoring.source import Loc

FOLLOW_FULL_MARKS = (What.PRICE, What.POINTS, What.CAP, What.TOP)
Grown = Mapping[str, tuple[Decimal, Decimal]]  # full marks of an indicator by group: before, after


def prices(trees: Sequence[Node], every: Mapping[Loc, Knob], decimals: int, warnings: list[str]) -> dict[Loc, Decimal]:
    """Points written as numbers in indicators whose full marks change, in the same proportion. Shares follow by themselves."""
    grown: dict[str, dict[str, tuple[Decimal, Decimal]]] = {}
    items: dict[str, Indicator] = {}
    for leaf in (leaf for tree in trees for leaf in tree.leaves()):
        assert leaf.indicator is not None
        grown.setdefault(leaf.indicator.code, {})[leaf.group] = leaf.value, leaf.new
        items[leaf.indicator.code] = leaf.indicator
    found: dict[Loc, Decimal] = {}
    left: dict[str, list[str]] = {}
    for code, ends in grown.items():
        mine = [knob for knob in every.values() if knob.of == code and _follows(knob)]
        for knob in mine:
            own = {group: pair for group, pair in ends.items() if knob.group in (None, group)}
            ratios = {Fraction(new) / Fraction(old) if old else None for old, new in own.values()}
            if all(old == new for old, new in own.values()):
                continue
            if len(ratios) == 1 and (ratio := ratios.pop()) is not None:
                found[knob.loc] = _rounded(Fraction(knob.value) * ratio, decimals)
            else:
                why = (
                    "满分原为 0，没有比例可依" if None in ratios or not ratios else "各组共用，而各组满分变化的比例不同"
                )
                left.setdefault(why, []).append(f"{items[code].clause}{items[code].title}")
        found |= dict(_listed(mine, items[code], ends, found, decimals))
    for why, titles in left.items():
        warnings.append(f"有的分值没有随满分改变（{why}）：{'、'.join(dict.fromkeys(titles))}")
    return found


def _follows(knob: Knob) -> bool:
    return knob.about == "indicator" and knob.what in FOLLOW_FULL_MARKS and knob.form == "number" and knob.value != 0


def _listed(
    mine: Sequence[Knob], one: Indicator, ends: Grown, found: Mapping[Loc, Decimal], decimals: int
) -> Iterator[tuple[Loc, Decimal]]:
    """Points of a list that came to full marks come to full marks again."""
    for at, rule in enumerate(one.rules):
        listed = [knob for knob in mine if "rules" in knob.loc and knob.loc[knob.loc.index("rules") + 1] == at]
        listed = [knob for knob in listed if isinstance(rule, Checklist) and knob.loc in found]
        for group, (old, new) in ends.items():
            own = [knob for knob in listed if knob.group in (None, group)]
            if own and old != new and sum(knob.value for knob in own) == old:
                parts = largest_remainder([knob.value for knob in own], new, decimals)
                yield from zip([knob.loc for knob in own], parts, strict=True)


def _rounded(value: Fraction, decimals: int) -> Decimal:
    """Half away from zero; no price is negative."""
    return Decimal((2 * value * 10**decimals + 1) // 2).scaleb(-decimals)
