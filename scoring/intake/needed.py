"""Which columns of which forms the rubrics look at, so that a file without one of them is not taken for empty cells.

Only what is declared counts, in whatever rubric of the project: a measure that no indicator uses yet is meant to be
used. Knows rubrics, forms and which columns a file has; looks at no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scoring.expressions import names
from scoring.forms import Form, Forms
from scoring.intake.tables import Sheet
from scoring.issues import Issue
from scoring.rubric import Measure, Rubric

Needed = Mapping[str, frozenset[str]]  # form whose rows are counted → its columns that are looked at


def needed_columns(rubrics: Iterable[Rubric], forms: Forms) -> Needed:
    """By form somebody reports. A form of which only the deadlines are looked at is not in it."""
    found: dict[str, set[str]] = {}
    for rubric in rubrics:
        for measure in rubric.measures.values():
            if measure.schedule_item is None and measure.form in forms:
                _look(measure, forms[measure.form], forms, found)
    return {code: frozenset(columns) for code, columns in found.items()}


def columns_not_there(rubric: Rubric, sheets: Mapping[str, Sheet]) -> Iterator[Issue]:
    """What keeps a rubric that came after the data were read from using a file that was good enough for the others."""
    for code, columns in needed_columns([rubric], rubric.forms).items():
        if code not in sheets or sheets[code].refused:
            continue
        form = sheets[code].form
        for column in (form.by_code[name] for name in sheets[code].absent if name in columns):
            problem = f"这份办法要用“{form.title}”的“{column.title}”，数据文件里没有这一列"
            yield Issue(problem, "请在数据文件里补上这一列，没有内容的留空", rubric.document.file)


def _look(measure: Measure, form: Form, forms: Forms, found: dict[str, set[str]]) -> None:
    """A derived form has the columns of its left side; beside them it looks at what it compares."""
    own, *other = forms.sources(form)
    found.setdefault(own.code, set()).update((_named(measure) | {own.dated_by}) & set(own.by_code))
    derived = form.derived
    if derived is None:
        return
    compared = {derived.on, *derived.compare}
    late = derived.late_after
    where = names(derived.where.tree) if derived.where is not None else set()
    found[own.code] |= compared | where | ({late.from_} if late is not None else set())
    for right in other:
        found.setdefault(right.code, set()).update(compared, {late.to} if late is not None else ())


def _named(measure: Measure) -> set[str]:
    """Every name the measure writes about a row: columns, and names of its own such as `weight`."""
    trees = [tree for tree in (measure.value, measure.where) if tree is not None]
    found = {name for tree in trees for name in names(tree)}
    if measure.weighing is not None:
        found |= {*measure.weighing.columns, *measure.weighing.judged}
    return found
