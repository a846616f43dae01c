"""What the data of one year lack for the edition of another year: registers and columns. Reckons no score.

What the edition of the year itself looks at is judged by that edition, empty or not. What only the other edition looks
at, and nobody reported or filled in, would be taken for 0 or for nothing late: it is named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scoring.engine.presence import Presence, presence
from scoring.expressions import names
from scoring.forms import Forms
from scoring.rubric import Measure, Rubric
from scoring.rubric.model import Period
from scoring.rubric.pairing import measures_behind
from scoring.store import Store

Need = tuple[str, str]  # form, column; "" is the form itself: its rows, or its deadlines


@dataclass(frozen=True)
class Lack:
    """A form without any row and receipt in a year, or (`column`) a column without a word in it; by title.

    `clauses`: of the other edition, which look at it; `groups`: whose totals rest on them.
    """

    label: str
    edition: str
    form: str
    column: str | None
    clauses: tuple[str, ...]
    groups: frozenset[str]

    @property
    def told(self) -> str:
        """2023 年没有“移送台账”的数据，2024 版第七条（三）无法重算."""
        what = f"没有“{self.form}”的数据" if self.column is None else f"“{self.form}”没有填“{self.column}”一栏"
        return f"{self.label} 年{what}，{self.edition} 版{'、'.join(self.clauses)}无法重算"


def any_data(store: Store, rubric: Rubric, period: Period) -> bool:
    """Whether anything the rubric looks at is there in the period."""
    forms = {form for form, _ in _needs(rubric, rubric.measures.values())}
    return any(not presence(store, rubric.forms[form], period).is_nothing for form in forms)


def lacks(store: Store, rubric: Rubric, own: Rubric, period: Period) -> tuple[Lack, ...]:
    """What `rubric` looks at, the edition of the year (`own`) does not, and the year does not have."""
    known = _needs(own, _used(own))
    users: dict[Need, tuple[dict[str, None], set[str]]] = {}
    for clause, groups, codes in _users(rubric):
        for need in _needs(rubric, (rubric.measures[code] for code in codes)) - known:
            clauses, concerned = users.setdefault(need, ({}, set()))
            clauses[clause] = None
            concerned |= groups
    there = {form: presence(store, rubric.forms[form], period) for form in {form for form, _ in users}}
    gone = {form for form, found in there.items() if found.is_nothing}
    listed = []
    for (form, column), (clauses, concerned) in sorted(users.items()):
        if _wanting(there[form], column) and not (column and (form, "") in users and form in gone):
            one = rubric.forms[form]
            title = one.by_code[column].title if column else None
            listed.append(Lack(period.label, rubric.spec.edition, one.title, title, tuple(clauses), frozenset(concerned)))
    return tuple(listed)


def _wanting(found: Presence, column: str) -> bool:
    """A form of which nothing came; a column without a word, of rows that did come."""
    return found.is_nothing if not column else column not in found.filled and (found.rows > 0 or found.is_nothing)


def _users(rubric: Rubric) -> Iterator[tuple[str, set[str], list[str]]]:
    """Clause, groups and 数据项 of every item and adjustment."""
    for group in rubric.groups:
        for _, one in rubric.placed(group):
            yield one.clause, {group}, measures_behind(rubric, one, one)
        for adjustment in rubric.adjustments(group):
            yield adjustment.clause, {group}, measures_behind(rubric, None, adjustment)


def _used(rubric: Rubric) -> list[Measure]:
    return [rubric.measures[code] for code in dict.fromkeys(code for *_, codes in _users(rubric) for code in codes)]


def _needs(rubric: Rubric, measures: Iterable[Measure]) -> set[Need]:
    """Forms and columns that figures of the year itself look at; those of the year before are missing where they are."""
    found: set[Need] = set()
    for one in measures:
        if one.window.partition("@")[0] == "this":
            found |= _columns(one, rubric.forms)
    return found


def _columns(measure: Measure, forms: Forms) -> set[Need]:
    """A derived form has the columns of its left side; beside them it looks at what it compares."""
    form = forms[measure.form]
    own, *other = forms.sources(form)
    if measure.schedule_item is not None:
        return {(own.code, "")}
    trees = [tree for tree in (measure.value, measure.where) if tree is not None]
    named = {name for tree in trees for name in names(tree)}
    if measure.weighing is not None:
        named |= {*measure.weighing.columns, *measure.weighing.judged}
    found = {(own.code, ""), *((own.code, name) for name in named & set(own.by_code))}
    derived = form.derived
    if derived is not None:
        compared = {derived.on, *derived.compare}
        found |= {(one.code, name) for one in (own, *other) for name in compared}
        found |= {(one.code, "") for one in other}
    return found
