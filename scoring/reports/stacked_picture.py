"""Stacked bars as SVG text: what each total is made of, what is still open, what was lost. Draws; knows no rubric, decides no order.

Solid is what was earned, hatched what is still open, hollow what was lost; what was taken off stands left of the zero line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Literal

from scoring.reports.drawing import svg

ROW, TOP, BOTTOM, WIDTH, RIGHT = 28, 6, 26, 1000, 190  # pixels
LINE = {"light": "#98a4b3", "dark": "#6b7785"}
PALE = {"light": "#e3e8ee", "dark": "#2f3a48"}
COLOURS = ("#1d5a96", "#5b9bd0", "#c2703d", "#e0b070", "#4f8a67", "#9cc3a5", "#7a6a9b", "#8a94a1")
Kind = Literal["earned", "open", "lost", "taken"]


@dataclass(frozen=True)
class Piece:
    """`amount` in points, never negative. `told`: what is said of it where the pointer rests."""

    name: str
    amount: Decimal
    kind: Kind
    told: str
    link: str = ""


@dataclass(frozen=True)
class Stack:
    """One bar. `words` stand behind it."""

    title: str
    pieces: Sequence[Piece]
    words: str
    link: str = ""


def stacked(rows: Sequence[Stack], colours: Mapping[str, str], label: str, theme: str) -> str:
    """SVG; `colours` by name of the piece. Links are addresses as HTML has them. "" for no rows."""
    if not rows:
        return ""
    left = 14 * max(len(one.title) for one in rows) + 16
    least = max(_sum(one, "taken") for one in rows)
    most = max(_sum(one, "earned", "open", "lost") for one in rows)
    scale = (WIDTH - left - RIGHT) / float(max(least + most, Decimal(1)))
    zero = left + float(least) * scale
    height = TOP + ROW * len(rows) + BOTTOM
    parts = [_hatch(theme), *_axis(least, most, zero, scale, height, theme)]
    for row, one in enumerate(rows):
        parts.append(_bar(one, colours, left, zero, scale, TOP + ROW * row, theme))
    return svg(WIDTH, height, label, theme, parts)


def _sum(one: Stack, *kinds: Kind) -> Decimal:
    return sum((piece.amount for piece in one.pieces if piece.kind in kinds), Decimal(0))


def _hatch(theme: str) -> str:
    return (
        f'<defs><pattern id="hatch-{theme}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<line x1="0" y1="0" x2="0" y2="6" stroke="{LINE[theme]}" stroke-width="2"/></pattern></defs>'
    )


def _axis(least: Decimal, most: Decimal, zero: float, scale: float, height: int, theme: str) -> list[str]:
    step = next(step for step in (5, 10, 20, 50, 100, 200, 500, 1000, 10**9) if (least + most) / step <= 8)
    bottom = height - BOTTOM
    found = []
    for number in range(-int(least // step), int(most // step) + 1):
        x, told = zero + number * step * scale, str(number * step).replace("-", "−")
        line = LINE[theme] if number == 0 else PALE[theme]
        found.append(f'<line x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{bottom}" stroke="{line}"/>')
        found.append(f'<text x="{x:.1f}" y="{height - 8}" text-anchor="middle" font-size="13">{told}</text>')
    return found


def _bar(one: Stack, colours: Mapping[str, str], edge_of_titles: int, zero: float, scale: float, y: int, theme: str) -> str:
    drawn, right, left = [], zero, zero
    for piece in one.pieces:
        wide = float(piece.amount) * scale
        if not wide:
            continue
        if piece.kind == "taken":
            left -= wide
        x = left if piece.kind == "taken" else right
        right += 0 if piece.kind == "taken" else wide
        fill = {"open": f"url(#hatch-{theme})", "lost": "none"}.get(piece.kind, colours.get(piece.name, COLOURS[0]))
        edge = f' stroke="{LINE[theme]}"' if piece.kind in ("open", "lost") else ""
        rect = (
            f'<rect x="{x:.1f}" y="{y + 5}" width="{wide:.1f}" height="{ROW - 10}" fill="{fill}"{edge} pointer-events="all">'
            f"<title>{escape(piece.told)}</title></rect>"
        )
        drawn.append(_linked(rect, piece.link, piece.told))
    title = f'<text x="{edge_of_titles - 8}" y="{y + 19}" text-anchor="end">{escape(one.title)}</text>'
    words = f'<text x="{right + 8:.1f}" y="{y + 19}" font-size="13">{escape(one.words)}</text>'
    return "".join([*drawn, _linked(title, one.link, ""), words])


def _linked(drawn: str, link: str, label: str) -> str:
    if not link:
        return drawn
    named = f' aria-label="{escape(label)}" tabindex="-1"' if label else ""  # by keyboard the unit's name is enough
    return f'<a href="{link}"{named}>{drawn}</a>'
