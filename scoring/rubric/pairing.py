"""Which part of one edition is which part of another, and which clauses look at which 数据项. Compares no content.

Everything is matched by code. An indicator that is gone and one that is new are taken for the same under another code
where they have the same title, or else the same clause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scoring.expressions import names
from scoring.expressions.field import Formula
from scoring.rubric.model import Indicator, Rubric
from scoring.rubric.rules import Judged
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.rules.kind import RuleKind
from scoring.rubric.words import names_in
from scoring.source import Spec


@dataclass(frozen=True)
class Pairs:
    """Codes, old to new. What is in neither is new or gone. `recoded`: those only taken for the same."""

    indicators: Mapping[str, str]
    adjustments: Mapping[str, str]
    recoded: Mapping[str, str]

    def new_code(self, old: str) -> str:
        """The code in the new edition; what is gone keeps its own."""
        return self.indicators.get(old) or self.adjustments.get(old) or old


def paired(old: Rubric, new: Rubric) -> Pairs:
    """Which indicator and which adjustment of the old edition is which of the new one."""
    same = {code: code for code in old.indicators if code in new.indicators}
    recoded: dict[str, str] = {}
    for key in ("title", "clause"):
        for code, one in old.indicators.items():
            alike = [other.code for other in new.indicators.values() if getattr(other, key) == getattr(one, key)]
            free = [other for other in alike if other not in same and other not in recoded.values()]
            if code not in same and code not in recoded and free:
                recoded[code] = free[0]
    kinds = {one.code: one.kind for one in new.spec.adjustments}
    adjustments = {one.code: one.code for one in old.spec.adjustments if kinds.get(one.code) == one.kind}
    return Pairs(same | recoded, adjustments, recoded)


def names_behind(node: object) -> Iterator[str]:
    """Every name that a part of a rubric looks at, as written; `actual` and `target` name what they are."""
    if isinstance(node, Formula):
        yield from sorted(names(node.tree))
    elif isinstance(node, CountedPart):
        for _, tree in node.trees(()):
            yield from sorted(names(tree))
    elif isinstance(node, RuleKind):
        for _, tree in node.trees():
            yield from sorted(names(tree))
    elif isinstance(node, tuple):
        for item in node:
            yield from names_behind(item)
    elif isinstance(node, Spec):
        for key in type(node).model_fields:
            value = getattr(node, key)
            if isinstance(node, Indicator) and key in ("actual", "target") and value is not None:
                yield value
            yield from names_behind(value)


def measures_behind(rubric: Rubric, indicator: Indicator | None, *parts: object) -> list[str]:
    """The 数据项 that parts of an indicator, or of an adjustment, look at. A text is a name."""
    known = names_in(rubric, next(iter(rubric.groups)), indicator)
    named = [name for part in parts for name in ((part,) if isinstance(part, str) else names_behind(part))]
    found = dict.fromkeys(code for name in named for code in known.measures_of(name))
    for rule in _rules(parts):
        if indicator is not None and isinstance(rule, Judged):
            found[rule.source(indicator.code)] = None
    return list(found)


def _rules(parts: Iterable[object]) -> Iterator[object]:
    for part in parts:
        if isinstance(part, Indicator):
            yield from part.rules
        elif isinstance(part, tuple):
            yield from part


def clauses_by_measure(rubric: Rubric) -> dict[str, str]:
    """For each 数据项 the clauses that look at it, in the order of the text."""
    found: dict[str, dict[str, None]] = {}
    users = [(one.clause, measures_behind(rubric, one, one)) for one in rubric.indicators.values()]
    users += [(one.clause, measures_behind(rubric, None, one)) for one in rubric.spec.adjustments]
    users += [(one.clause, measures_behind(rubric, None, one.leave_out)) for one in rubric.spec.consequences]
    for clause, codes in users:
        for code in codes:
            spec = rubric.spec.measures.get(code)
            for each in (code, spec.of if spec is not None else None):
                if each is not None:
                    found.setdefault(each, {})[clause] = None
    return {code: "、".join(clauses) for code, clauses in found.items()}
