"""The rules of one indicator together: their points are added, and full marks to start from are there once.

Rules that each start from full marks (deductions, timeliness, steps) take what they take from the same full marks; beside
a rule that scores the item by itself (bands, a formula …) they take it from what that one gives. Awards come on top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.rubric.rules.awards import Awards
from scoring.rubric.rules.deductions import Deductions
from scoring.rubric.rules.judged import Judged
from scoring.rubric.rules.kind import RuleKind, Scored, Setting
from scoring.rubric.rules.steps import Steps
from scoring.rubric.rules.timeliness import Timeliness


def scored(rules: Sequence[RuleKind], setting: Setting) -> list[Scored]:
    """Each rule at work, in order."""
    out: list[Scored] = []
    shared = _shared(rules)
    for rule in rules:
        one = rule.shift(setting) if isinstance(rule, Steps) and rule in shared else rule.scored(setting)
        beside = isinstance(rule, Judged) and len(rules) > 1  # a loss of what the others give
        if beside or (rule in shared and (rule is not shared[0] or any(map(gives_points, rules)))):
            one = replace(one, start=Decimal(0))
        out.append(one)
    return out


def words(rules: Sequence[RuleKind], setting: Setting) -> str:
    """Each rule as a sentence, in order."""
    shared = _shared(rules)
    return "；".join(
        rule.words_of_shift(setting) if isinstance(rule, Steps) and rule in shared else rule.words(setting)
        for rule in rules
    )


def starts_from_full(rule: RuleKind) -> bool:
    match rule:
        case Timeliness():
            return True
        case Deductions():
            return rule.base is None
        case Steps():
            return rule.points is None
    return False


def gives_points(rule: RuleKind) -> bool:
    """Whether the rule scores the item by itself, so that losses beside it are taken from what it gives."""
    match rule:
        case Awards() | Deductions():
            return False
        case Judged():
            return not rule.is_loss
    return not starts_from_full(rule)


def _shared(rules: Sequence[RuleKind]) -> list[RuleKind]:
    """The rules that start from the same full marks, or from what another gives; none where it is a single one."""
    found = [rule for rule in rules if starts_from_full(rule)]
    return found if len(found) > 1 or any(map(gives_points, rules)) else []
