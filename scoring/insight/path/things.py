"""What actions touch (indicators, adjustments, conditions), and which actions must be weighed together. Scores nothing.

Two actions belong to one component where some thing looks at figures of both; what one component does to the points
then depends on no other component.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, reduce

from scoring.engine.spread import spread_items
from scoring.expressions import names
from scoring.expressions.field import Formula
from scoring.expressions.parse import Compare, Expr, Logic, Name, Number
from scoring.insight.path.results import Offer
from scoring.insight.path.standing import Standing
from scoring.rubric.model import Bonus, Veto

# What conditions are called among the vetoes of an imaginary reckoning (no code holds two underscores).
GRADE = "path__grade_{}"  # the side condition of a grade
GATE = "path__gate_{}"  # what the gate of a bonus asks besides the base
NEEDS = "path__needs_{}"  # the premise of an action


@dataclass(frozen=True)
class Thing:
    """An indicator, an adjustment or a condition, and the figures it looks at."""

    code: str
    kind: str  # item, bonus, penalty, veto, condition
    needs: frozenset[str]


@dataclass(frozen=True)
class Component:
    """Actions that are weighed together, the things they touch and the figures they change, each in order."""

    offers: tuple[Offer, ...]
    things: tuple[Thing, ...]
    changed: tuple[str, ...]

    @cached_property
    def items(self) -> tuple[str, ...]:
        return tuple(one.code for one in self.things if one.kind == "item")


def things(standing: Standing) -> list[Thing]:
    """All that the total, the grade or the place of the unit rests on."""
    found = []
    for one in standing.items:
        needs = {*one.needs, *(code for other in spread_items(one) for code in other.needs)}
        needs |= {code for call in one.indicator.calls for code in one.names.comparison(call).needs}
        found.append(Thing(one.indicator.code, "item", frozenset(needs)))
    for adjustment in standing.adjustments:
        if isinstance(adjustment, Veto):
            found.append(_condition(standing, adjustment.code, "veto", adjustment.when))
            continue
        trees = [tree for index, part in enumerate(adjustment.parts) for _, tree in part.trees(("parts", index))]
        needs = {name for tree in trees for name in names(tree)} & standing.rubric.measures.keys()
        found.append(Thing(adjustment.code, adjustment.kind, frozenset(needs)))
    found += [_condition(standing, code, "condition", when) for code, when in side_conditions(standing).items()]
    return found


def _condition(standing: Standing, code: str, kind: str, when: Formula) -> Thing:
    return Thing(code, kind, frozenset(names(when.tree) & standing.rubric.measures.keys()))


def side_conditions(standing: Standing) -> dict[str, Formula]:
    """The side conditions of grades, and of gates what they ask besides the base; by what they are called."""
    found = {
        GRADE.format(number): grade.only_if
        for number, grade in enumerate(standing.rubric.spec.grades) if grade.only_if is not None
    }  # fmt: skip
    for one in standing.adjustments:
        rest = _besides_base(one.gate.tree) if isinstance(one, Bonus) and one.gate is not None else None
        if rest is not None:
            found[GATE.format(one.code)] = Formula("", rest)
    return found


def _besides_base(gate: Expr) -> Expr | None:
    """What a gate asks of figures alone; None where it asks nothing of the kind."""
    parts = [one for one in _all_of(gate) if "base" not in names(one)]
    return reduce(lambda one, other: Logic("and", one, other), parts) if parts else None


def components(offers: Sequence[Offer], all_: Iterable[Thing]) -> list[Component]:
    """In the order of the text. What no action touches is in none; an action that touches nothing neither."""
    touched = [(one, [at for at, offer in enumerate(offers) if one.needs & offer.changes.keys()]) for one in all_]
    joined = list(range(len(offers)))

    def head(at: int) -> int:
        while joined[at] != at:
            at = joined[at]
        return at

    for _, own in touched:
        for at in own[1:]:
            low, high = sorted((head(own[0]), head(at)))
            joined[high] = low
    live = {at for _, own in touched for at in own}
    found = []
    for first in sorted({head(at) for at in live}):
        inside = tuple(offers[at] for at in range(len(offers)) if at in live and head(at) == first)
        own_things = tuple(one for one, own in touched if own and head(own[0]) == first)
        needed = {code for one in own_things for code in one.needs}
        changed = tuple(dict.fromkeys(code for one in inside for code in one.changes if code in needed))
        found.append(Component(inside, own_things, changed))
    return found


# --- gates of a bonus -----------------------------------------------------------------------------------


def base_limits(gate: Expr) -> list[Decimal]:
    """The plain lower limits of the base (base >= 80) that all must hold for the gate to open."""
    found = [one for one in _all_of(gate) if isinstance(one, Compare) and one.left == Name("base")]
    return [one.right.value for one in found if isinstance(one.right, Number) and one.operator in (">", ">=")]


def opens_upward(gate: Expr) -> bool:
    """Whether a higher base never shuts it."""
    others = [one for one in _all_of(gate) if "base" in names(one)]
    return len(others) == len(base_limits(gate))


def _all_of(tree: Expr) -> Iterator[Expr]:
    if isinstance(tree, Logic) and tree.operator == "and":
        yield from _all_of(tree.left)
        yield from _all_of(tree.right)
    else:
        yield tree
