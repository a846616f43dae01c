"""What a list of things that cost or bring points says outright: nothing of any, the first of one alone. Scores nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from scoring.expressions.words import amount, clause_of, run_on
from scoring.rubric.rules.anchors import Anchor, At
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.rules.kind import Setting

Points = Callable[[Decimal], Decimal]  # of the rule, from what the parts cost or bring
Told = Callable[[Decimal], str]  # in words, from the same


def one_by_one(
    parts: Sequence[CountedPart], setting: Setting, points: Points, told: Told, behind: tuple[At, ...] = ()
) -> Iterator[Anchor]:
    """`behind`: what must be so for any of it to count."""
    nothing = [_nothing(part) for part in parts]
    yield Anchor((*behind, *nothing), points(Decimal(0)), f"一项也没有的{told(Decimal(0))}")
    for index, part in enumerate(parts):
        others = [at for position, at in enumerate(nothing) if position != index]
        for at, price, words in _first(part, setting):
            alone = "仅" if others else ""
            yield Anchor((*behind, *at, *others), points(price), run_on(alone, words, told(price)))


def _nothing(part: CountedPart) -> At:
    if part.if_ is not None:
        return part.if_.tree, False
    assert part.measure is not None
    return part.measure.tree, Decimal(0)


def _first(part: CountedPart, setting: Setting) -> Iterator[tuple[tuple[At, ...], Decimal, str]]:
    """(what is so, what it costs or brings, in words) where the first step of the part is counted and no more."""
    if part.again is not None and part.again.from_ - 1 < part.per:
        return  # within the first step two prices meet
    (at, price, words) = _condition(part, setting) if part.if_ is not None else _step(part, setting)
    cap = setting.price(part.cap) if part.cap is not None else None
    if part.times is None:
        yield (at,), price if cap is None else min(price, cap), words
        return
    when = setting.words(part.times.when.tree)
    for dearer, title in ((False, words), (True, f"{words}（{when}）")):
        cost = price * part.times.by if dearer else price
        yield (at, (part.times.when.tree, dearer)), cost if cap is None else min(cost, cap), title


def _condition(part: CountedPart, setting: Setting) -> tuple[At, Decimal, str]:
    assert part.if_ is not None and part.points is not None
    words = run_on((part.title or clause_of(setting.words(part.if_.tree), part.if_.tree)).removesuffix("的"), "的")
    return (part.if_.tree, True), setting.price(part.points), words


def _step(part: CountedPart, setting: Setting) -> tuple[At, Decimal, str]:
    assert part.measure is not None and part.each is not None
    words = run_on(part.told(setting), "为", amount(part.per, part.thing(setting)), "的")
    return (part.measure.tree, part.per), setting.price(part.each), words
