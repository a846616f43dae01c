"""What is written by group: the groups it names exist, and every group that is assessed is named. Knows no rule.

Unsaid is not 0: a map of points or limits that leaves out a group that has the clause is a mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from scoring.rubric.items import Indicator, located, nodes
from scoring.rubric.model import RubricSpec
from scoring.rubric.points import ByGroup, Grouped
from scoring.rubric.rules.kind import Findings
from scoring.source import Loc


def maps(node: object, loc: Loc = ()) -> Iterator[tuple[Loc, ByGroup[Any]]]:
    """Every figure of a part of a rubric that may be written by group, with its place."""
    if isinstance(node, ByGroup):
        yield loc, node
    elif isinstance(node, tuple):
        for index, item in enumerate(node):
            yield from maps(item, (*loc, index))
    elif hasattr(node, "model_fields_set"):
        for key in type(node).model_fields:  # type: ignore[attr-defined]
            yield from maps(getattr(node, key), (*loc, key))


def groups_named(spec: RubricSpec) -> Iterator[tuple[Loc, tuple[str, ...]]]:
    """Every place that names groups, with those it names."""
    for node in nodes(spec.sections):
        for key in ("full_marks", "weight"):
            written = getattr(node.section, key)
            yield (*node.loc, key), written.groups if written is not None else ()
    for loc, _, one in located(spec.sections):
        yield (*loc, "groups"), one.groups
        yield from ((path, written.groups) for path, written in maps(one, loc))
    for a, adjustment in enumerate(spec.adjustments):
        yield ("adjustments", a, "groups"), adjustment.groups
        yield from ((path, written.groups) for path, written in maps(adjustment, ("adjustments", a)))
    for c, consequence in enumerate(spec.consequences):
        yield ("consequences", c, "groups"), consequence.groups
    for g, grade in enumerate(spec.grades):
        yield from ((path, written.groups) for path, written in maps(grade, ("grades", g)))


def check_maps(node: object, group: str, full: Decimal | None, findings: Findings) -> None:
    """Whether each map names the group, and a share of full marks has full marks to be taken of."""
    for path, written in maps(node):
        found = written.at(group)
        if found is None and isinstance(written, Grouped):
            findings.error(path, f"分值没有写明分组 {group}", "请补上这个组的分值；不计分的写 0")
        elif found is None:
            findings.error(path, f"界限没有写明分组 {group}", "请补上这个组的界限")
        elif isinstance(written, Grouped) and found.of_full and full is None:
            findings.error(path, "指标没有写满分，这里不能写 full 或满分的百分之几", "请写 full_marks，或写具体分值")


def check_item(one: Indicator, groups: Iterable[str], findings: Findings) -> None:
    """What an indicator says of its points besides its rules."""
    for group in groups:
        top, full = one.top(group), one.full(group)
        most = one.at_most.at(group) if isinstance(one.at_most, Grouped) else None
        if isinstance(one.at_most, Grouped) and most is None:
            fix = "请补上这个组的最高得分；不会超过满分的写 full"
            findings.error(("at_most",), f"最高得分没有写明分组 {group}", fix)
        elif most is not None and most.of_full and full is None:
            findings.error(("at_most",), "指标没有写满分，这里不能写 full 或满分的百分之几", "请写具体分值")
        elif full is not None and top is not None and top < full:
            fix = "at_most 是超额时本项最多得几分，不低于 full_marks；不会超过满分的请删去，不封顶的写 none"
            findings.error(("at_most",), "最高得分低于满分", fix)
        own = Findings()
        check_maps(one.void, group, full, own)
        findings.problems += [(("void", *path), *told) for path, *told in own.problems]  # type: ignore[misc]
