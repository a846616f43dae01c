"""Who may do what. Knows roles and units; must not know pages, passwords, the database or any score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["office", "leader", "analyst", "reporter"]
Act = Literal[
    "see_place", "see_scores", "see_rows", "report", "review", "enter", "close", "see_log", "see_drafts", "draft", "approve"
]
"""Place, total and grade; points of each indicator and shortfalls; submitted rows and rows set aside; hand in for a
unit; return and accept; enter what the office and the assessors owe; lock a period; read who did what; read drafts of a
办法; write them; put one in force (never one's own: the desk sees to that)."""
_OF_THE_OFFICE = frozenset({"review", "enter", "close", "see_log", "approve"})


@dataclass(frozen=True)
class Actor:
    """Who is looking: the name as shown, the role, and the unit of one who reports."""

    name: str
    role: Role
    unit: str | None = None


def may(actor: Actor, act: Act, unit: str | None = None) -> bool:
    """Whether the actor may do this with the unit (None: with what belongs to no unit in particular)."""
    if act in _OF_THE_OFFICE:
        return actor.role == "office"
    if act == "report":  # the office hands in for a unit that sent paper; leaders and analysts hand in nothing
        return actor.role == "office" or (actor.role == "reporter" and unit is not None and actor.unit == unit)
    if act == "draft":
        return actor.role in ("analyst", "office")
    if act == "see_drafts":  # what may become the rule is nobody's business outside the office yet
        return actor.role != "reporter"
    if act == "see_place" or actor.role != "reporter":
        return True
    return unit is not None and actor.unit == unit
