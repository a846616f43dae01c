"""A draft becomes an edition: another person approves it, and its text is put beside the others from a day on.

Nothing that is there is ever changed: not the file the draft comes from, not another edition, not a locked period. The
text is typed and proved as a file of the project before it is put in place under its name, at one stroke.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, log
from scoring.desk.draft_life import expected
from scoring.desk.draft_texts import base_of, changed, refuse_outdated
from scoring.desk.drafts import APPROVED, PENDING, RETURNED, Draft, decide, read, told
from scoring.desk.files import attachment, keep_attachment
from scoring.engine.proofs import unproved
from scoring.engine.samples import real_sample_problems
from scoring.issues import Issue, errors
from scoring.project import Project, open_project
from scoring.rubric import Rubric
from scoring.rubric.editions import Stopped, read_edition
from scoring.rubric.rewriting import NotRewritten, rewritten
from scoring.source import Loc

FOLDER = "config/rubrics"
LONGEST_LABEL = 40
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))})


@dataclass(frozen=True)
class Issued:
    """What whoever approves gives the edition: label (版本名), document number (文号), the day it comes into force."""

    edition: str
    number: str
    in_force: date


@dataclass(frozen=True)
class Approved:
    """The new edition: its file, the SHA-256 of its text, and the offered periods it now scores."""

    file: str
    sha256: str
    periods: tuple[str, ...]


def reject(desk: Desk, actor: Actor, no: str, version: int, reason: str) -> Draft:
    """Back to whoever wrote it, with the reason. Raises Refused."""
    desk.require(actor, "approve")
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("没有写退回的理由", "请写明要改什么")
    with desk.records.write() as writer:
        one = expected(desk, actor, no, version, (PENDING,))
        now = desk.clock()
        event = decide(writer, no, version, RETURNED, actor, now, reason)
        log(writer, event, actor, now, "退回草案", one.words, reason)
    return read(desk, actor, no)


def approve(desk: Desk, actor: Actor, no: str, version: int, issued: Issued, note: str = "") -> Approved:
    """Put the draft in force as an edition of its own. Raises Refused, and then nothing has changed.

    Never one's own draft, never over an edition that changed meanwhile, never with errors, never for a locked period.
    """
    desk.require(actor, "approve")
    draft = expected(desk, actor, no, version, (PENDING,))
    _refuse_own(actor, draft)
    refuse_outdated(desk, draft)
    issued = Issued(_line(issued.edition, "版本名"), _line(issued.number, "文号"), issued.in_force)
    project = open_project(desk.project.folder, database=desk.records.path)
    name = file_of(issued.edition)
    _refuse_confusion(desk, project, issued, name, draft)
    text = _text(desk, draft, issued)
    data = text.encode()
    digest, file = hashlib.sha256(data).hexdigest(), f"{FOLDER}/{name}"
    with _beside(project.folder / FOLDER, data) as aside:
        rubric = _opened(project, aside, file)
        with desk.records.write() as writer:
            expected(desk, actor, no, version, (PENDING,))
            _refuse_locked(desk, rubric, issued)
            _refuse_taken(project.folder / FOLDER, name)
            now = desk.clock()
            keep_attachment(writer, digest, data, now)
            given = {"edition": issued.edition, "document_number": issued.number, "in_force": issued.in_force}
            event = decide(writer, no, version, APPROVED, actor, now, note.strip(), **given, file=file, sha256=digest)
            detail = f"{file}，{issued.edition}版，{issued.number}，{issued.in_force} 起施行，文本校验码 {digest[:16]}"
            log(writer, event, actor, now, "批准草案", draft.words, detail)
        _put(aside, project.folder / FOLDER / name)
    return Approved(file, digest, _periods(project, rubric))


def put_in_place(desk: Desk, actor: Actor, no: str) -> str:
    """The file of an approved draft once more, where writing it did not come to an end. Returns its path in the project.

    Raises Refused where it is there, or the draft is not approved.
    """
    desk.require(actor, "approve")
    one = read(desk, actor, no)
    if one.state != APPROVED:
        raise Refused(f"草案{one.words}现在是“{one.state}”", "批准以后才有文件")
    target = desk.project.folder / one.new_file
    _refuse_taken(target.parent, target.name)
    (row,) = desk.records.fetch("SELECT new_sha256 FROM standing_draft WHERE no = ?", [no])
    with _beside(target.parent, attachment(desk.records, row["new_sha256"])) as aside:
        _put(aside, target)
    with desk.records.write() as writer:
        log(writer, writer.event(), actor, desk.clock(), "补写办法文件", one.words, one.new_file)
    return one.new_file


def file_of(edition: str) -> str:
    """2025.yaml, 2025_修订.yaml: a name from the label that every system can write. Raises Refused where there is none."""
    name = re.sub(r"[^\w-]+", "_", unicodedata.normalize("NFC", edition)).strip("_-")
    if not name or name.lower() in _RESERVED:
        raise Refused(f"版本名“{edition}”不能用作文件名", "请用年份、汉字、字母或数字，例如 2025 或 2025修订")
    return f"{name}.yaml"


# --- what is refused ------------------------------------------------------------------------------------


def _line(text: str, what: str) -> str:
    text = " ".join(text.split())
    if not text or not text.isprintable():
        raise Refused(f"没有写{what}", f"请填写{what}")
    if len(text) > LONGEST_LABEL:
        raise Refused(f"{what}超过 {LONGEST_LABEL} 个字", "请写短一些")
    return text


def _refuse_own(actor: Actor, draft: Draft) -> None:
    if actor.name in draft.authors:
        raise Refused(f"草案{draft.words}是你起草或修改过的，不能自己批准", "须由另一个人批准")


def _refuse_confusion(desk: Desk, project: Project, issued: Issued, name: str, draft: Draft) -> None:
    """With the label, the day or the file of another edition of the same rubric."""
    if project.rubric is None or project.forms is None or project.register is None:
        raise Refused("项目的配置有错误，现在不能启用新的版本", "请先改正“办法”页列出的错误")
    title = next((one.title for one in project.editions.all if one.document.file == draft.file), project.rubric.title)
    for label, day, file in _editions(project, title):
        if label == issued.edition:
            raise Refused(f"版本名“{label}”已经用于 {file}", "请换一个版本名")
        if day is not None and issued.in_force <= day:
            problem = f"施行日期 {issued.in_force} 不晚于“{label}”版（{file}）的施行日期 {day}"
            raise Refused(problem, "新版本要在已有各版之后施行，请改施行日期")
    _refuse_taken(project.folder / FOLDER, name)
    _refuse_locked(desk, project.rubric, issued)


def _editions(project: Project, title: str) -> Iterator[tuple[str, date | None, str]]:
    """Label, day and file of every edition of the rubric; one with errors counts as far as it can be read."""
    for one in project.editions.all:
        if one.title == title:
            yield one.spec.edition, one.spec.document.in_force, one.document.file
    for stopped in project.editions.stopped:
        if stopped.title in (None, title):
            yield stopped.edition or "", stopped.in_force, stopped.file


def _refuse_locked(desk: Desk, rubric: Rubric, issued: Issued) -> None:
    for label in sorted(desk.locked()):
        end = rubric.period(label).end
        if issued.in_force <= end:
            problem = f"施行日期 {issued.in_force} 不晚于已锁定的 {label} 年考核期（到 {end} 止），那一年会改按新版计分"
            raise Refused(problem, f"请把施行日期定在 {end} 之后，或先解锁并写明原因")


def _refuse_taken(folder: Path, name: str) -> None:
    """Whatever the case of its letters: some systems do not tell them apart."""
    there = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    if taken := next((one for one in there if one.casefold() == name.casefold()), None):
        raise Refused(f"已经有 {FOLDER}/{taken} 这个文件，不会覆盖它", "请换一个版本名")


# --- the text and its file ------------------------------------------------------------------------------


def _text(desk: Desk, draft: Draft, issued: Issued) -> str:
    """The text of the draft, issued: three more scalars than the draft changes."""
    given: dict[Loc, str] = {
        ("edition",): issued.edition,
        ("document", "number"): issued.number,
        ("document", "in_force"): issued.in_force.isoformat(),
    }
    try:
        return rewritten(base_of(desk, draft).text, {**changed(desk, draft), **given}, draft.file)
    except NotRewritten as refused:
        raise Refused(*told(refused.issues)) from refused


def _opened(project: Project, path: Path, file: str) -> Rubric:
    """The file as the project would open it. Raises Refused with what is wrong with it."""
    assert project.forms is not None and project.register is not None
    found = read_edition(path, file, project.forms, project.register, unproved)
    if isinstance(found, Stopped):
        raise Refused(*_wrong(found.issues))
    if project.ready and any(sample.period is not None for sample in found.spec.samples):
        failed = real_sample_problems(found, project.store)
        project.store.close()
        if failed:
            raise Refused(*_wrong(failed))
    return found


def _wrong(issues: Sequence[Issue]) -> tuple[str, str]:
    problem, fix = told(errors(issues) or issues)
    return f"草案还不能用来计分：{problem}", f"{fix}；请退回起草人修改"


def _periods(project: Project, rubric: Rubric) -> tuple[str, ...]:
    """Offered periods that end on the day it comes into force or later: no other edition is later."""
    return tuple(label for label in project.offered if rubric.in_force(rubric.period(label)))


@contextmanager
def _beside(folder: Path, data: bytes) -> Iterator[Path]:
    """A file in the folder that no edition is read from, on disk to the last byte; gone when the block ends."""
    path: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, prefix=".", suffix=".part", delete=False) as file:
            path = Path(file.name)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(0o644)
    except OSError as error:
        if path is not None:
            path.unlink(missing_ok=True)
        raise Refused(f"写不进 {FOLDER}", "请核对磁盘空间和文件夹权限") from error
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _put(aside: Path, target: Path) -> None:
    """Under its name at one stroke, and never over another file. Raises Refused."""
    try:
        try:
            os.link(aside, target)
        except FileExistsError:
            raise
        except OSError:  # a file system without second names
            if target.exists():
                raise FileExistsError(target) from None
            aside.rename(target)
    except OSError as error:
        problem = f"草案已经批准，但 {FOLDER}/{target.name} 没有写成，新版本还没有生效"
        raise Refused(problem, "请核对文件夹权限和有没有同名文件，再点“补写办法文件”") from error
