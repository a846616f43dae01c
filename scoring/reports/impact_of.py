"""Fills the 影响表 of a draft from the draft scored beside its base. Computes no score and builds no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scoring.engine.explain import is_open, place_range
from scoring.engine.printed import between
from scoring.insight.whatif import Cause, Effect, WhatIf
from scoring.reports.effects import signed
from scoring.reports.impact import OUTSIDE, PENDING, UNRANKED, Changed, Impact, Standing, Tie, Unit
from scoring.rubric import Rubric
from scoring.rubric.knobs import by_path


@dataclass(frozen=True)
class About:
    """What stands on an 影响表 besides its figures: who drafted what and why, and which data it was tried on."""

    office: str
    sample: bool
    draft: str
    author: str
    reason: str
    made_on: date
    period: str
    as_of: date
    notes: tuple[str, ...] = ()
    approver: str = ""


def impact_of(found: WhatIf, about: About, changes: Sequence[tuple[str, str, str]]) -> Impact:
    """Everybody of every group. `changes`: (path in the text, old, new), as a draft lists them."""
    base = found.base
    number = base.spec.document.number
    units = tuple(_unit(found, one) for group in found.draft.groups for one in found.of_group(group))
    return Impact(
        about.office, about.sample, base.title, f"{base.spec.edition}版" + (f"（{number}）" if number else ""), about.draft,
        about.author, about.reason, about.made_on, about.period, about.as_of, changed(base, changes), units, _ties(found),
        about.notes, about.approver,
    )  # fmt: skip


def changed(base: Rubric, changes: Sequence[tuple[str, str, str]]) -> tuple[Changed, ...]:
    """Each change by its clause and in words; what is no figure of the rubric by its place."""
    known = by_path(base)
    told = []
    for path, old, new in changes:
        one = known.get(path)
        if one is None:
            told.append(Changed("", f"标准样例（{path}）" if path.startswith("samples") else path, old, new))
        else:
            title = one.title.removeprefix(one.clause).strip()
            told.append(Changed(one.clause, title, *(_figure(text, one.unit) for text in (old, new))))
    return tuple(told)


def _figure(text: str, unit: str) -> str:
    """8 分; full and 30% as they are written."""
    return "满分" if text == "full" else f"{text} {unit}".rstrip() if text.replace(".", "").isdigit() else text


def _unit(found: WhatIf, one: Effect) -> Unit:
    through = tuple(_through(cause) for cause in one.causes)
    if one.rest not in (None, 0):
        through += (f"折算、限分和取整 {signed(one.rest)}",)
    title = found.draft.groups[one.group].title
    before, after = _standing(one.before), _standing(one.after)
    return Unit(title, one.title, before, after, through, one.gained, one.lost)


def _standing(row: Mapping[str, Any]) -> Standing:
    if row["place"] is not None:
        return Standing(row["place"], row["tied"], row["total"], row["grade"])
    if is_open(dict(row)):
        return Standing(why=f"{PENDING}（{place_range(dict(row))}）")
    return Standing(total=row["total"], grade=row["grade"], why=UNRANKED if row["total"] is not None else OUTSIDE)


def _through(cause: Cause) -> str:
    """第六条（一）办案任务完成率 6.40 至 7.20 → 8.00（待定）."""
    return f"{cause.clause}{cause.title} {between(*cause.before)} → {between(*cause.after)}（{signed(cause.difference)}）"


def _ties(found: WhatIf) -> tuple[Tie, ...]:
    register = found.draft.register
    listed = []
    for made, ranking, ties in zip((True, False), (found.after.ranking, found.before.ranking), found.ties, strict=True):
        rows = {row["unit"]: row for row in ranking}
        for units in ties:
            row = rows[units[0]]
            titles = tuple(register.title(unit) for unit in units)
            listed.append(Tie(found.draft.groups[row["group"]].title, row["place"], titles, made))
    return tuple(listed)
