"""What is handed in beside the rows: self-scores (V21), proofs (V22), attachments that are named (V25). Opens no file.

Plain functions over what the desk knows; `run` does not call them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import PurePath

from scoring.intake.reported import Finding

_ATTACHED = re.compile(r"附件\s*\d*\s*[：:]\s*(?:\d+\s*[.．、]\s*)?([^\n；;。]+)")


@dataclass(frozen=True)
class SelfScore:
    """What a unit gave itself for an indicator beside what the office confirmed; None: not yet."""

    indicator: str
    title: str
    own: Decimal | None
    reviewed: Decimal | None


@dataclass(frozen=True)
class Proof:
    """One file handed in for an indicator. `dated`: the day of the document itself, where it is known."""

    indicator: str
    title: str  # of the indicator
    name: str  # of the file
    sha256: str
    dated: date | None = None


def self_scores(scores: Iterable[SelfScore], more_than: Decimal) -> list[Finding]:
    """V21: self-scores that exceed the confirmed one by more than so many points. `column` is the indicator."""
    found = []
    for one in scores:
        if one.own is not None and one.reviewed is not None and one.own - one.reviewed > more_than:
            problem = f"“{one.title}”自评 {one.own} 分，核定 {one.reviewed} 分，高出 {one.own - one.reviewed} 分"
            fix = "请核对评分依据；确实如此的，请写明原因（至少 6 个字）"
            found.append(Finding("V21", "C", problem, fix, column=one.indicator, typed=str(one.own)))
    return found


def proofs(items: Iterable[Proof], needed: Iterable[tuple[str, str]], first: date, last: date) -> list[Finding]:
    """V22: an indicator (code, title) that needs proof without any; a proof of another time; one used twice."""
    items = list(items)
    found = []
    there = {one.indicator for one in items}
    for code, title in needed:
        if code not in there:
            fix = "请上传证明材料；没有的，请写明原因"
            found.append(Finding("V22", "B", f"“{title}”没有证明材料", fix, column=code))
    users: dict[str, Proof] = {}
    for one in items:
        if one.dated is not None and not first <= one.dated <= last:
            problem = f"“{one.title}”的证明材料“{one.name}”日期 {one.dated}，不在 {first} 至 {last} 之内"
            found.append(Finding("V22", "B", problem, _OTHERWISE, column=one.indicator, typed=one.name))
        other = users.setdefault(one.sha256, one)
        if other.indicator != one.indicator:
            problem = f"“{one.title}”的证明材料“{one.name}”与“{other.title}”用的是同一份"
            found.append(Finding("V22", "B", problem, _OTHERWISE, column=one.indicator, typed=one.name))
    return found


_OTHERWISE = "请核对；确实如此的，请写明原因"


def attachments_named(text: str) -> list[str]:
    """What a text calls its attachments: `附件：整改台账.xlsx`, `附件1：名单`."""
    return [name.strip().strip("《》“”") for name in _ATTACHED.findall(text)]


def attachments(named: Iterable[tuple[int | None, str]], present: Iterable[str], column: str = "") -> list[Finding]:
    """V25: attachments that are named (with their line) and not handed in. The ending of a file name is of no account."""
    there = {_stem(name) for name in present}
    return [
        Finding(
            "V25",
            "B",
            f"写明了附件“{name}”，没有上传",
            "请上传；不再附的，请删去这个名称或写明原因",
            line,
            column,
            typed=name,
        )
        for line, name in named
        if name.strip() and _stem(name) not in there
    ]


def _stem(name: str) -> str:
    path = PurePath(name.strip().strip("《》“”").casefold())
    return path.stem if re.fullmatch(r"\.[a-z0-9]{1,5}", path.suffix) else path.name
