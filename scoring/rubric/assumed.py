"""What a text leaves open and we chose: every assumption of a rubric, with its clause and its place. Knows no data.

The author writes a choice where it was made (`assumption` of an indicator, a section, a bonus, a grade …) or, where it
belongs to no single entry, in `assumptions`. Whoever reads a score has a right to all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scoring.issues import Issue
from scoring.rubric.items import Section, located, nodes
from scoring.rubric.model import Indicator, Rubric, RubricSpec
from scoring.source import Document, Loc

TITLE = "认定"
_KINDS = {"bonus": "加分", "penalty": "扣分", "veto": "一票否决"}


@dataclass(frozen=True)
class Assumed:
    """One choice. `subject`: what it is about, as a reader knows it; empty where only the clause is named."""

    clause: str
    subject: str
    text: str
    loc: Loc
    code: str = ""  # of the indicator, section, bonus … that it stands at

    @property
    def head(self) -> str:
        """第七条“零种植”, 等次“先进”, 第一条."""
        return f"{self.clause}{self.subject}"

    @property
    def words(self) -> str:
        """As a sentence without full stop."""
        return f"{self.head}：{self.text}"


def assumed(spec: RubricSpec) -> tuple[Assumed, ...]:
    """In the order of the text: sections with their indicators, 加分 and so on, grades, consequences, the whole."""
    return (*_of_sections(spec), *_of_extras(spec), *_of_grades(spec), *_of_consequences(spec), *_of_the_whole(spec))


def beside_indicators(spec: RubricSpec) -> tuple[Assumed, ...]:
    """Those that are not told with an indicator or above the indicators of a section."""
    bare = {node.loc for node in nodes(spec.sections) if not node.section.indicators}
    above = [one for one in _of_sections(spec) if one.loc[:-1] in bare]
    return (*above, *_of_extras(spec), *_of_grades(spec), *_of_consequences(spec), *_of_the_whole(spec))


def notices(rubric: Rubric) -> list[Issue]:
    """Each with its place in the file; nothing is wrong with it, so it is neither an error nor a warning."""
    document = rubric.document
    return sorted(
        (Issue(one.words, "", document.file, document.line(one.loc), document.path(one.loc), "notice")
         for one in assumed(rubric.spec)),
        key=lambda issue: issue.line or 0,
    )  # fmt: skip


def closing_note(rubric: Rubric, where: str) -> str:
    """What stands below a result that rests on choices of ours; empty where it rests on none."""
    count = len(assumed(rubric.spec))
    return f"本办法有 {count} 处原文未写明、由编写者认定，见{where}。" if count else ""


def listed(rubric: Rubric) -> list[dict[str, Any]]:
    """For other programs."""
    return [_entry(one, rubric.document) for one in assumed(rubric.spec)]


def _entry(one: Assumed, document: Document) -> dict[str, Any]:
    return {
        "clause": one.clause or None, "subject": one.subject or None, "code": one.code or None, "text": one.text,
        "file": document.file, "line": document.line(one.loc),
    }  # fmt: skip


def stated(text: str) -> str:
    """As written, without the full stop, so that it can stand inside a sentence."""
    return text.strip().rstrip("。")


def section_clause(section: Section) -> str:
    """The clause of a heading: its own, else those of the indicators below it: 第八条至第十条."""
    if section.clause is not None:
        return section.clause
    clauses = list(dict.fromkeys(one.clause for _, _, one in located([section])))
    return "至".join(dict.fromkeys([clauses[0], clauses[-1]])) if clauses else ""


def _of_sections(spec: RubricSpec) -> Iterator[Assumed]:
    for node in nodes(spec.sections):
        section = node.section
        if section.assumption is not None:
            subject = f"“{section.title}”一级"
            yield _at(section, (*node.loc, "assumption"), section_clause(section), subject)
        for index, one in enumerate(section.indicators):
            if one.assumption is not None:
                yield _at(one, (*node.loc, "indicators", index, "assumption"), one.clause, f"“{one.title}”")


def _of_extras(spec: RubricSpec) -> Iterator[Assumed]:
    for index, one in enumerate(spec.adjustments):
        if one.assumption is not None:
            subject = f"{_KINDS[one.kind]}“{one.title}”"
            yield _at(one, ("adjustments", index, "assumption"), one.clause, subject)


def _of_grades(spec: RubricSpec) -> Iterator[Assumed]:
    for index, grade in enumerate(spec.grades):
        if grade.assumption is not None:
            yield _at(grade, ("grades", index, "assumption"), "", f"等次“{grade.title}”")


def _of_consequences(spec: RubricSpec) -> Iterator[Assumed]:
    for index, one in enumerate(spec.consequences):
        if one.assumption is not None:
            yield _at(one, ("consequences", index, "assumption"), one.clause, f"“{one.action}”")


def _of_the_whole(spec: RubricSpec) -> Iterator[Assumed]:
    for index, one in enumerate(spec.assumptions):
        yield Assumed(one.clause, "", stated(one.text), ("assumptions", index))


def _at(one: Any, loc: Loc, clause: str, subject: str) -> Assumed:
    return Assumed(clause, subject, stated(one.assumption), loc, getattr(one, "code", ""))


def of_indicator(one: Indicator) -> str:
    """认定：… as told beside the rule of an indicator, with the clause it fills in; empty where there is none."""
    return f"{TITLE}：{stated(one.assumption)}（{one.clause}）" if one.assumption is not None else ""


def of_section(one: Section) -> str:
    if one.assumption is None:
        return ""
    clause = section_clause(one)
    return f"{TITLE}：{stated(one.assumption)}" + (f"（{clause}）" if clause else "")
