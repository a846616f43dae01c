"""What can be read in two ways: knows the typed rubric, forms and register; must not know data, database or SQL.

Only for a rubric without errors. Each finding is a warning with the clause, the place and a wording that would settle
it. A clause that says what it means earns no word: a finding looks first whether the author has written the key (or,
where a rule has none, the `note`) that settles it. Sums, names and whatever stops scoring are in checks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scoring.forms import Forms
from scoring.issues import Issue
from scoring.rubric.lint import absent, conditions, counting, edges, limits, places, purpose, worth, zero
from scoring.rubric.lint.reading import Doubt, Doubts, Extra, Item, Reading, Spot
from scoring.rubric.model import Measure, RubricSpec
from scoring.source import Document
from scoring.units import Register

OF_ITEMS: tuple[Callable[[Item], Doubts], ...] = (
    *limits.OF_ITEMS, *edges.OF_ITEMS, *counting.OF_ITEMS, *worth.OF_ITEMS, *zero.OF_ITEMS, *absent.OF_ITEMS,
)  # fmt: skip
OF_EXTRAS: tuple[Callable[[Extra], Doubts], ...] = (
    *limits.OF_EXTRAS, *counting.OF_EXTRAS, *worth.OF_EXTRAS, *conditions.OF_EXTRAS,
)  # fmt: skip
OF_THE_WHOLE: tuple[Callable[[Reading], Doubts], ...] = (
    *limits.OF_THE_WHOLE, *edges.OF_THE_WHOLE, *places.OF_THE_WHOLE, *worth.OF_THE_WHOLE, *conditions.OF_THE_WHOLE, *purpose.OF_THE_WHOLE,
)  # fmt: skip


def lint(
    spec: RubricSpec, document: Document, forms: Forms, register: Register, measures: dict[str, Measure]
) -> list[Issue]:
    """Warnings, each with the clause, the place and a proposed wording. Only for a rubric without errors."""
    reading = Reading(spec, document, forms, register, measures)
    issues = [
        document.issue(doubt.loc, doubt.unsaid, doubt.wording, warning=True)
        for finding in OF_THE_WHOLE
        for doubt in finding(reading)
    ]
    for items in reading.items():
        for finding_of_item in OF_ITEMS:
            issues += _by_group(items, [list(finding_of_item(item)) for item in items])
    for extras in reading.extras():
        for finding_of_extra in OF_EXTRAS:
            issues += _by_group(extras, [list(finding_of_extra(extra)) for extra in extras])
    return list(dict.fromkeys(issues))


def _by_group(spots: Sequence[Spot], found: Sequence[list[Doubt]]) -> list[Issue]:
    """One warning for all groups of which the same is true; the groups are named where it is not true of all."""
    issues = []
    for doubt in dict.fromkeys(doubt for doubts in found for doubt in doubts):
        spec = spots[0].reading.spec
        own = [spot for spot, doubts in zip(spots, found, strict=True) if doubt in doubts]
        label = "、".join(spec.groups[spot.group].title for spot in own)
        head = own[0].head + (f"（{label}）" if len(own) < len(spots) else "")
        issues.append(own[0].reading.document.issue(doubt.loc, f"{head}：{doubt.unsaid}", doubt.wording, warning=True))
    return issues
