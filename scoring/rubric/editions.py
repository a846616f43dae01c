"""All rubrics of a project, and which edition of a rubric is in force for a period. Opens no database.

`config/scoring.yaml` is the rubric in force; `config/rubrics/*.yaml` are further ones over the same facts: editions of
the same rubric (the same title) and other rubrics. A file with errors stops itself and the periods it would score;
the others are untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from scoring.forms import Forms
from scoring.issues import Issue, errors
from scoring.rubric.load import type_rubric
from scoring.rubric.model import Rubric
from scoring.source import Document, Loc, load
from scoring.units import Register

Proof = Callable[[Rubric], list[Issue]]  # what is wrong with a typed rubric beyond its text


@dataclass(frozen=True)
class Stopped:
    """A file that cannot be used, what is wrong with it, and what could be read of it all the same."""

    file: str
    issues: tuple[Issue, ...]
    title: str | None = None
    edition: str | None = None
    in_force: date | None = None

    def would_serve(self, title: str, end: date, chosen: Rubric | None, current: Rubric | None) -> bool:
        """Whether the period that ends then may belong to this file instead of `chosen`.

        Without a readable date it may be any edition but the one in force now.
        """
        if self.title not in (None, title):
            return False
        if self.in_force is None:
            return chosen is None or chosen is not current
        return self.in_force <= end and (chosen is None or self.in_force > chosen.spec.document.in_force)

    @property
    def told(self) -> list[Issue]:
        """For the list of a project that can be scored all the same: that the file is out, and why."""
        bad = len(errors(self.issues))
        label = f"（{self.edition}版）" if self.edition else ""
        problem = (
            f"这份办法{label}有 {bad} 处错误，整份不用：由它计分的考核期不计分，也不作为上年名次；其他办法不受影响"
        )
        head = Issue(problem, "请改正下面列出的各处", self.file, level="warning")
        return [head, *(replace(issue, level="warning") for issue in self.issues)]


@dataclass(frozen=True)
class Editions:
    """The rubrics of a project. `draft`: given by hand, scores whatever period is asked for."""

    current: Rubric | None = None
    others: tuple[Rubric, ...] = ()
    stopped: tuple[Stopped, ...] = ()
    draft: Rubric | None = None

    @property
    def rubric(self) -> Rubric | None:
        """What is meant where no period is named."""
        return self.draft or self.current

    @property
    def all(self) -> tuple[Rubric, ...]:
        others = [one for one in (self.current, *self.others) if one is not None and one is not self.draft]
        return (self.draft, *others) if self.draft is not None else tuple(others)

    @property
    def same(self) -> tuple[Rubric, ...]:
        """The editions of the rubric that scores, the oldest first; a draft is none of them."""
        title = self.rubric.title if self.rubric is not None else None
        found = [one for one in (self.current, *self.others) if one is not None and one.title == title]
        return tuple(sorted(found, key=lambda one: one.spec.document.in_force))

    def in_force(self, label: str) -> Rubric | None:
        """The latest edition not after the end of the period; None before the first, or where that one is stopped.

        A draft stands in for a rubric of which no edition is in force by then.
        """
        chosen = self._latest(label)
        if chosen is None and self.draft is not None and self.draft.in_force(self.draft.period(label)):
            return self.draft
        return None if self.stops(label) is not None else chosen

    def scores(self, label: str) -> Rubric:
        """The rubric that scores the period: the draft, the edition in force, or before the first edition that one."""
        assert self.rubric is not None
        if self.draft is not None:
            return self.draft
        return self._latest(label) or self.same[0]

    def stops(self, label: str) -> Stopped | None:
        """The stopped file to which the period may belong; none for a label that means nothing."""
        if self.rubric is None:
            return None
        try:
            chosen, end = self._latest(label), self.rubric.period(label).end
        except ValueError:
            return None
        return next(
            (one for one in self.stopped if one.would_serve(self.rubric.title, end, chosen, self.current)), None
        )

    def named(self, label: str) -> list[Rubric | Stopped]:
        """Those with this edition label: of the rubric that scores, else of any other."""
        title = self.rubric.title if self.rubric is not None else None
        every: list[Rubric | Stopped] = [*self.all, *self.stopped]
        found = [one for one in every if _label(one) == label]
        own = [one for one in found if one.title == title]
        return own or found

    def _latest(self, label: str) -> Rubric | None:
        return next((one for one in reversed(self.same) if one.in_force(one.period(label))), None)


def _label(one: Rubric | Stopped) -> str | None:
    return one.spec.edition if isinstance(one, Rubric) else one.edition


def load_editions(
    folder: Path,
    shown_as: str,
    forms: Forms,
    register: Register,
    prove: Proof,
    current: Rubric | Stopped | None,
    draft: Rubric | None = None,
) -> Editions:
    """Reads every rubric of the folder beside the one in force."""
    read: list[Rubric] = []
    stopped: list[Stopped] = []
    if isinstance(current, Stopped):
        stopped.append(current)
        current = None
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
        shown = f"{shown_as}/{path.name}"
        known = next((one for one in (draft, current) if one is not None and one.document.file == shown), None)
        found = known or read_edition(path, shown, forms, register, prove)
        if isinstance(found, Rubric):
            read.append(found)
        else:
            stopped.append(found)
    kept: list[Rubric] = []
    for rubric in read:
        peers = [one for one in (current, *read) if one is not None and one is not rubric and one.title == rubric.title]
        issues = list(_confusions(rubric, peers))
        if issues:
            spec = rubric.spec
            stopped.append(
                Stopped(rubric.document.file, tuple(issues), spec.rubric, spec.edition, spec.document.in_force)
            )
        else:
            kept.append(rubric)
    return Editions(current, tuple(kept), tuple(stopped), draft)


def read_edition(path: Path, shown_as: str, forms: Forms, register: Register, prove: Proof) -> Rubric | Stopped:
    """One rubric file, or all that is wrong with it."""
    document, issues = load(path, shown_as)
    if document is None:
        return Stopped(shown_as, tuple(issues))
    rubric, issues = type_rubric(document, issues, forms, register)
    if rubric is not None:
        issues = issues + prove(rubric)
        if not errors(issues):
            return rubric
    return Stopped(shown_as, tuple(issues), *_identity(document))


def _identity(document: Document) -> tuple[str | None, str | None, date | None]:
    """Title, label and day of a file whose rest may be wrong."""
    title, edition, day = (_at(document.data, *loc) for loc in (("rubric",), ("edition",), ("document", "in_force")))
    try:
        in_force = date.fromisoformat(str(day))
    except ValueError:
        in_force = None
    return None if title is None else str(title), None if edition is None else str(edition), in_force


def _at(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _confusions(rubric: Rubric, peers: Sequence[Rubric]) -> Iterator[Issue]:
    """An edition must be told from the others of its rubric by its label and by its day."""
    label, day = rubric.spec.edition, rubric.spec.document.in_force
    for peer in peers:
        if peer.spec.edition == label:
            problem = f"版本“{label}”与 {_place(peer, ('edition',))} 重名"
            yield rubric.document.issue(("edition",), problem, "同一办法的各版请用不同的版本名")
        if peer.spec.document.in_force == day:
            loc: Loc = ("document", "in_force")
            problem = f"施行日期 {day} 与 {_place(peer, loc)} 相同，分不清按哪一版计分"
            yield rubric.document.issue(loc, problem, "同一办法的各版请写不同的施行日期")


def _place(rubric: Rubric, loc: Loc) -> str:
    return f"{rubric.document.file}:{rubric.document.line(loc)}"
