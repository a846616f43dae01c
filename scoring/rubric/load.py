"""Reads a rubric file into a `Rubric`, or says everything that is wrong with it. Opens no database."""

from __future__ import annotations

from pathlib import Path

from scoring.forms import Forms
from scoring.issues import Issue, errors
from scoring.rubric.checks import check, resolve_measures
from scoring.rubric.model import Rubric, RubricSpec
from scoring.source import Document, load, read
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
    spec, found = read(RubricSpec, document)
    issues = issues + found
    if spec is None:
        return None, issues
    measures, found = resolve_measures(spec, document, forms)
    issues += found
    issues += check(spec, document, forms, register, measures)
    issues.sort(key=lambda issue: issue.line or 0)
    if errors(issues):
        return None, issues
    return Rubric(spec, document, forms, register, measures, tuple(issues)), issues
