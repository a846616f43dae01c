"""Reads a rubric file into a `Rubric`, or says everything that is wrong with it. Opens no database."""

from __future__ import annotations

from pathlib import Path

from scoring.forms import Forms
from scoring.issues import Issue, errors
from scoring.rubric.by_title import titles_meant
from scoring.rubric.checks import check, resolve_measures
from scoring.rubric.lint import lint
from scoring.rubric.model import Rubric, RubricSpec
from scoring.rubric.sample_checks import sample_mistakes
from scoring.source import Document, Loc, load, read, unreadable
from scoring.units import Register


def load_rubric(path: Path, shown_as: str, forms: Forms, register: Register) -> tuple[Rubric | None, list[Issue]]:
    """(rubric, warnings), or (None, errors and warnings): with any error nothing can be scored."""
    document, issues = load(path, shown_as)
    if document is None:
        return None, issues
    return type_rubric(document, issues, forms, register)


def type_rubric(
    document: Document, issues: list[Issue], forms: Forms, register: Register
) -> tuple[Rubric | None, list[Issue]]:
    """Like `load_rubric`, from a located document."""
    spec, found = read(RubricSpec, document, meant=titles_meant(document, forms))
    issues = issues + found
    if spec is None:
        issues += _beside(document, forms, register)
        return None, sorted(dict.fromkeys(issues), key=lambda issue: issue.line or 0)
    measures, found = resolve_measures(spec, document, forms)
    issues += found
    issues += check(spec, document, forms, register, measures)
    issues += sample_mistakes(spec, document, forms, register, measures, sound=not errors(issues))
    if not errors(issues):
        issues += lint(spec, document, forms, register, measures)
    issues.sort(key=lambda issue: issue.line or 0)
    if errors(issues):
        return None, issues
    return Rubric(spec, document, forms, register, measures, tuple(issues)), issues


def _beside(document: Document, forms: Forms, register: Register) -> list[Issue]:
    """Errors of meaning in what can be read, so that one unreadable entry does not hide the others."""
    dropped = {piece for loc in unreadable(RubricSpec, document) if (piece := _entry(loc)) is not None}
    if not dropped or any(_entry(loc) is None for loc in unreadable(RubricSpec, document)):
        return []
    rest = document.without(dropped)
    spec, _ = read(RubricSpec, rest)
    if spec is None:
        return []
    measures, found = resolve_measures(spec, rest, forms)
    found += check(spec, rest, forms, register, measures)
    lost = {str(loc[1]) for loc in dropped if loc[0] == "measures"}
    shortened = {document.path(loc[:-1]) for loc in dropped}
    return [
        issue
        for issue in errors(found)
        if not any(f"“{code}”" in issue.problem for code in lost)  # a name that is there, only not readable
        and not _rests_on_all(issue.path or "", shortened)
    ]


def _rests_on_all(path: str, lists: set[str]) -> bool:
    """Whether it is told of a list as a whole (no indicator below, none that takes what is spread)."""
    return path in lists or any(path.startswith(f"{one}.") and path.endswith(".not_applicable.then") for one in lists)


def _entry(loc: Loc) -> Loc | None:
    """The smallest entry the rubric can be read without: an indicator, a measure, an adjustment, a sample, an action."""
    if loc[:1] == ("sections",) and loc[2:3] == ("indicators",) and len(loc) > 3:
        return loc[:4]
    if loc[:1] in (("measures",), ("adjustments",), ("samples",), ("actions",)) and len(loc) > 1:
        return loc[:2]
    return None
