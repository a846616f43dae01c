"""Points that follow from the text of a rule outright, without reckoning: at this limit so many. Scores nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from scoring.expressions import Expr
from scoring.expressions.words import number

At = tuple[Expr, Decimal | bool]  # what is looked at, and what it is: a number, or whether a condition holds


@dataclass(frozen=True)
class Anchor:
    """Where everything in `at` is so, the rule gives `points`, before the item's own floor and limit."""

    at: tuple[At, ...]
    points: Decimal
    note: str


@dataclass(frozen=True)
class Anchors:
    """Those of one rule; where there are none, the reason."""

    found: tuple[Anchor, ...]
    reason: str = ""

    @staticmethod
    def of(found: Iterable[Anchor], reason: str) -> Anchors:
        listed = tuple(found)
        return Anchors(listed, "" if listed else reason)


def gets(points: Decimal, top: Decimal | None) -> str:
    """得 6 分; 不得分 for none. Within what the item can give."""
    shown = points if top is None else min(points, top)
    return f"得 {number(shown)} 分" if shown > 0 else "不得分"
