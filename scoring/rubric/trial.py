"""A rubric with some of its figures changed, to be scored and looked at: nothing is written anywhere.

The changes are those that `rewriting` would write; what comes out is typed and checked as if it had been read from the
changed file, only faster: the lines are those of the unchanged text, and what is merely odd (the linter) is not looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.issues import Issue, errors
from scoring.rubric.checks import check, resolve_measures
from scoring.rubric.items import located
from scoring.rubric.model import Rubric, RubricSpec
from scoring.source import Document, Loc, loads, read


def tried(base: Rubric, changes: Mapping[Loc, str]) -> tuple[Rubric | None, list[Issue]]:
    """(the changed rubric, warnings), or (None, what is wrong with it). `changes`: the scalars as they would be typed."""
    if not changes:
        return base, []
    data = base.document.data
    for loc, text in changes.items():
        data = _replaced(data, loc, _typed(text))
    document = Document(base.document.file, data, base.document.lines)
    spec, issues = read(RubricSpec, document)
    if spec is None:
        return None, issues
    measures, sound = base.measures, set[str]()
    if spec.measures == base.spec.measures:
        before = base.indicators
        sound = {one.code for _, _, one in located(spec.sections) if one == before.get(one.code)}
    else:
        measures, found = resolve_measures(spec, document, base.forms)
        issues += found
    issues += check(spec, document, base.forms, base.register, measures, sound)
    if errors(issues):
        return None, sorted(issues, key=lambda issue: issue.line or 0)
    return Rubric(spec, document, base.forms, base.register, measures), issues


def _typed(text: str) -> Any:
    """The scalar as YAML reads it."""
    document, issues = loads(f"- {text}\n", "")
    assert document is not None and not issues, text
    return document.data[0]


def _replaced(node: Any, loc: Loc, value: Any) -> Any:
    """A copy that shares everything beside the path."""
    if not loc:
        return value
    key, *rest = loc
    copy: Any = dict(node) if isinstance(node, dict) else list(node)
    copy[key] = _replaced(node[key], tuple(rest), value)
    return copy
