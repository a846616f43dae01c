"""A rubric with some of its figures changed, to be scored and looked at: nothing is written anywhere.

The changes are those that `rewriting` would write; what comes out is typed and checked as if it had been read from the
changed file, only faster: the lines are those of the unchanged text, and what is merely odd (the linter) is not looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from scoring.issues import Issue, errors
from scoring.rubric.checks import check, resolve_measures
from scoring.rubric.model import Rubric, RubricSpec
from scoring.source import Document, Loc, Spec, loads, read


def tried(base: Rubric, changes: Mapping[Loc, str]) -> tuple[Rubric | None, list[Issue]]:
    """(the changed rubric, warnings), or (None, what is wrong with it). `changes`: the scalars as they would be typed."""
    if not changes:
        return base, []
    data, typed = base.document.data, {loc: _typed(text) for loc, text in changes.items()}
    for loc, value in typed.items():
        data = _replaced(data, loc, value)
    document = Document(base.document.file, data, base.document.lines)
    spec, issues = read(RubricSpec, Document(document.file, _as_before(base.spec, data, base.document.data), document.lines))
    if spec is None:
        return None, read(RubricSpec, document)[1]
    measures, before = base.measures, base.spec if all(map(_is_number, typed.values())) else None
    if spec.measures != base.spec.measures:
        before = None
        measures, found = resolve_measures(spec, document, base.forms)
        issues += found
    issues += check(spec, document, base.forms, base.register, measures, before)
    if errors(issues):
        return None, sorted(issues, key=lambda issue: issue.line or 0)
    return Rubric(spec, document, base.forms, base.register, measures), issues


def _typed(text: str) -> Any:
    """The scalar as YAML reads it."""
    document, issues = loads(f"- {text}\n", "")
    assert document is not None and not issues, text
    return document.data[0]


def _is_number(value: Any) -> bool:
    return isinstance(value, Decimal) or (isinstance(value, str) and value.endswith("%"))  # 30%


def _replaced(node: Any, loc: Loc, value: Any) -> Any:
    """A copy that shares everything beside the path."""
    if not loc:
        return value
    key, *rest = loc
    copy: Any = dict(node) if isinstance(node, dict) else list(node)
    copy[key] = _replaced(node[key], tuple(rest), value)
    return copy


def _as_before(typed: Any, new: Any, old: Any) -> Any:
    """What is to be typed, with the pieces that are the same as before already typed: reading them again is most of the work."""
    if isinstance(typed, Spec):
        if new is old:
            return typed
        if isinstance(new, dict):
            return {key: _as_before(getattr(typed, key, None), one, old.get(key)) for key, one in new.items()}
    if isinstance(typed, tuple) and isinstance(new, list) and len(typed) == len(new) == len(old):
        return [_as_before(one, *pair) for one, *pair in zip(typed, new, old, strict=True)]
    if isinstance(typed, dict) and isinstance(new, dict) and typed.keys() == new.keys() == old.keys():
        return {key: _as_before(typed[key], one, old[key]) for key, one in new.items()}
    return new
