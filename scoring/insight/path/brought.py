"""What each step of a path brings to the total, clause by clause, when the steps are taken one after another.

Every beginning of the path is scored as a whole; what a step brings is the difference to the one before, so that the
parts of all steps add up to the change of the total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.engine.sample_results import Ends, Outcome
from scoring.insight.path.results import Brought, Offer, Step
from scoring.insight.path.search import Search, Times, prefixes
from scoring.insight.path.standing import Standing

REST = "折算、封顶和舍入"


def steps(search: Search, times: Times) -> tuple[Decimal | None, tuple[Step, ...]]:
    """The total before anything is done, and the actions in the order of the text with what they bring."""
    rows = [search.figures(beginning) for beginning in prefixes(times)]
    last, *others = (answer[search.standing.unit] for answer in search.standing.whole(rows, among=False))
    offers = {one.action.code: one for one in search.offers}
    start, found = last.row["total"], []
    for (code, count), after in zip(times.items(), others, strict=True):
        if after.row["total"] is None:  # open half-way: what it brings is told with the step that settles it
            after = last
        found.append(_step(search.standing, offers[code], count, last, after))
        last = after
    return start, tuple(found)


def _step(standing: Standing, offer: Offer, times: int, before: Outcome, after: Outcome) -> Step:
    brings = list(brought(standing, before, after))
    total = after.row["total"] - before.row["total"]
    rest = total - sum((one.points for one in brings), Decimal(0))
    brings += [Brought("", REST, rest)] if rest else []
    return Step(offer.action, times, _decimal(offer.effort * times), tuple(brings))


def brought(standing: Standing, before: Outcome, after: Outcome) -> Iterator[Brought]:
    """Indicators in the order of the text with their losses elsewhere, then adjustments."""
    for one in standing.items:
        code = one.indicator.code
        more = _more(before.items[code].ends, after.items[code].ends)
        if more:
            yield Brought(one.indicator.clause, one.indicator.title, more, code)
    for adjustment in standing.adjustments:
        more = _more(*(_ends(side.adjustments, adjustment.code) for side in (before, after)))
        if more:
            yield Brought(adjustment.clause, adjustment.title, more)


def _ends(found: Mapping[str, Ends], code: str) -> Ends:
    return found.get(code, Ends())


def _more(before: Ends, after: Ends) -> Decimal:
    return (after.low or Decimal(0)) - (before.low or Decimal(0))


def _decimal(value: Fraction) -> Decimal:
    """Effort is a whole number of times what was written as a decimal."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def efforts(found: Sequence[Step]) -> Decimal:
    return sum((one.effort for one in found), Decimal(0))
