"""The text of a draft: written out, typed, proved, compared with its edition, carried over to a later one. Saves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.desk.desk import Desk, Refused
from scoring.desk.drafts import Base, Change, Draft, text_of, told
from scoring.desk.files import attachment
from scoring.engine.proofs import unproved
from scoring.issues import Issue, errors
from scoring.rubric import Rubric
from scoring.rubric.diff import Difference, differences
from scoring.rubric.knob_forms import is_share
from scoring.rubric.load import type_rubric
from scoring.rubric.rewriting import BOM, Text, rewritten
from scoring.source import Loc, loads

IN_FORCE = "config/scoring.yaml"


def base(desk: Desk, file: str = IN_FORCE) -> Base:
    """An edition as its file stands now. Raises Refused for a file that is no edition of the project."""
    known = {one.document.file for one in desk.project.editions.all}
    known |= {one.file for one in desk.project.editions.stopped}
    if file not in known or not file.startswith("config/"):
        raise Refused(f"“{file}”不是本项目的考核办法", "请从列出的版本里选")
    try:
        text = (desk.project.folder / file).read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"读不出“{file}”", "请核对文件还在、编码是 UTF-8") from error
    found = Base(file, "", text)
    return Base(file, text_of(found).written.get(("edition",), ""), text)


def base_of(desk: Desk, draft: Draft) -> Base:
    """The text that the draft was written over, as it was then."""
    return Base(draft.file, draft.edition, attachment(desk.records, draft.base_sha256).decode())


def changed(desk: Desk, draft: Draft) -> dict[Loc, str]:
    """What the draft changes, by place in its own base."""
    locs = text_of(base_of(desk, draft)).locs
    return {locs[one.path]: one.new for one in draft.changes}


def text(desk: Desk, draft: Draft) -> str:
    """The whole text of the draft: its base with only its scalars changed."""
    return rewritten(base_of(desk, draft).text, changed(desk, draft), draft.file)


def typed(desk: Desk, whole: str, shown_as: str) -> tuple[Rubric | None, list[Issue]]:
    """A text as a rubric of this project, or all that is wrong with it: types, names, arithmetic, samples."""
    document, issues = loads(whole.removeprefix(BOM), shown_as)
    if document is None:
        return None, issues
    rubric, issues = type_rubric(document, issues, desk.forms, desk.register)
    if rubric is None:
        return None, issues
    issues += unproved(rubric)
    return (None if errors(issues) else rubric), issues


def problems(desk: Desk, draft: Draft) -> list[Issue]:
    """What keeps the draft from being an edition. A sample that no longer comes out has its place in `path`: whoever
    changed the points reckons it anew by hand and puts what it must give now into the draft, as a change like others."""
    return errors(typed(desk, text(desk, draft), _shown_as(draft))[1])


@dataclass(frozen=True)
class Unmet:
    """A sample that no longer comes out under the draft. `loc`: what it expects, to be changed in the draft once it is
    reckoned anew by hand; None where that is more than one scalar (an order, a range)."""

    issue: Issue
    loc: Loc | None
    written: str


def unmet(desk: Desk, draft: Draft) -> tuple[Unmet, ...]:
    """The samples among the problems of a draft, with what stands there now."""
    source = Text.of(text(desk, draft), _shown_as(draft))
    found = []
    for issue in problems(desk, draft):
        if issue.path.startswith("samples["):
            loc = source.locs.get(issue.path)
            loc = loc if loc in source.written else None
            found.append(Unmet(issue, loc, source.written[loc] if loc is not None else ""))
    return tuple(found)


def _shown_as(draft: Draft) -> str:
    return f"草案 {draft.no}"


def compared(desk: Desk, draft: Draft) -> tuple[Difference, ...]:
    """What differs from the base, clause by clause in words. Raises Refused for a draft (or base) with errors in it."""
    found = []
    for whole, shown in ((base_of(desk, draft).text, draft.file), (text(desk, draft), _shown_as(draft))):
        document, issues = loads(whole.removeprefix(BOM), shown)
        rubric = None
        if document is not None:
            rubric, issues = type_rubric(document, issues, desk.forms, desk.register)
        if rubric is None:
            raise Refused(*told(errors(issues)))
        found.append(rubric)
    return differences(*found)


# --- an edition that changed in the meantime ------------------------------------------------------------


def outdated(desk: Desk, draft: Draft) -> str | None:
    """Why the draft no longer fits the edition it was written over; None while it does."""
    try:
        now = base(desk, draft.file)
    except Refused as refused:
        return refused.problem
    if now.sha256 == draft.base_sha256:
        return None
    return f"草案{draft.words}依据的“{draft.edition}”版办法（{draft.file}）在起草以后改过"


def refuse_outdated(desk: Desk, draft: Draft) -> None:
    """Raises Refused."""
    if (problem := outdated(desk, draft)) is not None:
        raise Refused(problem, "请把改动带到现在的办法上，核对后再提交")


@dataclass(frozen=True)
class Lost:
    """A change that cannot be carried over, and why."""

    change: Change
    why: str


@dataclass(frozen=True)
class Carried:
    """The draft over the edition as it stands now: ready to be saved as a further version."""

    base: Base
    changes: Mapping[Loc, str]
    lost: tuple[Lost, ...] = ()


def carried_over(desk: Desk, draft: Draft, file: str | None = None) -> Carried:
    """The changes where the same scalars still stand in the edition as it is now, and which do not."""
    old, new = text_of(base_of(desk, draft)), base(desk, file or draft.file)
    now = text_of(new)
    changes: dict[Loc, str] = {}
    lost: list[Lost] = []
    for one in draft.changes:
        loc = now.locs.get(one.path)
        why = _why_not(one, old, now, loc)
        if why is None and loc is not None:
            changes[loc] = one.new
        elif why is not None:
            lost.append(Lost(one, why))
    return Carried(new, changes, tuple(lost))


def _why_not(one: Change, old: Text, now: Text, loc: Loc | None) -> str | None:
    if loc is None or loc not in now.written:
        return "现在的办法里没有这一项了"
    if now.written[loc] == one.new:
        return f"现在的办法已经是 {one.new}，不用再改"
    if now.written[loc] != one.old:
        return f"起草时是 {one.old}，现在是 {now.written[loc]}，请重新决定改不改"
    faces = [list(_faces(source, source.locs[one.path])) for source in (old, now)]
    return None if faces[0] == faces[1] else "所在的列表增减或改写过，认不准是不是同一处"


def _faces(source: Text, loc: Loc) -> Iterator[tuple[int, Any]]:
    """Each list on the way whose entries have no code: how long it is, and what its entry looks like without figures."""
    for length, key in enumerate(loc):
        if isinstance(key, int):
            entries = source.document.at(loc[:length])
            entry = entries[key]
            if not (isinstance(entry, dict) and isinstance(entry.get("code"), str)):
                yield len(entries), _face(entry)


def _face(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _face(item) for key, item in node.items()}
    if isinstance(node, list):
        return [_face(item) for item in node]
    return "" if isinstance(node, Decimal) or (isinstance(node, str) and is_share(node)) else node
