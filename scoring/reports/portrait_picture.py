"""One unit's sections as SVG text: earned, open and lost, with the mean and the best of the group. Draws; knows no rubric.

Solid is what was earned, hatched what is still open, hollow what was lost; the tick is the mean, the ring the best. Lengths
are shares of the width, so that letters keep their size on a narrow screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from scoring.reports.drawing import INK, svg

ROW, TOP, BAR, WIDTH = 66, 4, 16, 640  # pixels; WIDTH is that of paper
EARNED = {"light": "#1d5a96", "dark": "#5b9bd0"}
LINE = {"light": "#98a4b3", "dark": "#6b7785"}
MEAN, BEST = {"light": "#b54708", "dark": "#f0a968"}, {"light": "#17703c", "dark": "#7cc796"}
SOFT = {"light": "#5b6878", "dark": "#aab6c3"}
_LEFT, _SPAN = 0.5, 97.0  # percent of the width


@dataclass(frozen=True)
class Bar:
    """`earned`, `still`, `lost`, `mean`, `best` in points; None where there is none. `words` stand beside the title,
    `beside` below the bar; `told`: all of it for who cannot see it."""

    title: str
    earned: Decimal
    still: Decimal
    lost: Decimal
    mean: Decimal | None
    best: Decimal | None
    words: str
    beside: str
    told: str


def portrait(rows: Sequence[Bar], label: str, theme: str) -> str:
    """SVG of a fixed width, for paper. "" for no rows."""
    if not rows:
        return ""
    scale = _scale(rows)
    parts = [_hatch(theme), *(_row(one, TOP + ROW * row, scale, theme) for row, one in enumerate(rows))]
    return svg(WIDTH, TOP + ROW * len(rows), label, theme, parts)


def strips(rows: Sequence[Bar], theme: str) -> list[str]:
    """The same row by row, each an SVG as wide as there is room."""
    scale = _scale(rows) if rows else 1.0
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{ROW}" style="display:block;width:100%;height:{ROW}px"'
        f' font-size="14" fill="{INK[theme]}" role="img" aria-label="{escape(one.told)}">{_hatch(theme)}{_row(one, 0, scale, theme)}</svg>'
        for one in rows
    ]


def _scale(rows: Sequence[Bar]) -> float:
    """Percent of the width for one point."""
    most = max(max(one.earned + one.still + one.lost, one.mean or 0, one.best or 0) for one in rows)
    return _SPAN / float(max(most, Decimal(1)))


def _hatch(theme: str) -> str:
    return (
        f'<defs><pattern id="portrait-{theme}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<line x1="0" y1="0" x2="0" y2="6" stroke="{LINE[theme]}" stroke-width="2"/></pattern></defs>'
    )


def _row(one: Bar, y: int, scale: float, theme: str) -> str:
    drawn = [
        f"<title>{escape(one.told)}</title>",
        f'<rect x="0" y="{y}" width="100%" height="{ROW - 4}" fill-opacity="0"/>',
        f'<text x="0.5%" y="{y + 15}" font-weight="600">{escape(one.title)}<tspan font-weight="400" dx="10">{escape(one.words)}</tspan></text>',
        *_pieces(one, y + 22, scale, theme),
        *_marks(one, y + 22, scale, theme),
    ]
    if one.beside:
        drawn.append(f'<text x="0.5%" y="{y + 54}" font-size="12.5" fill="{SOFT[theme]}">{escape(one.beside)}</text>')
    return f"<g>{''.join(drawn)}</g>"


def _pieces(one: Bar, y: int, scale: float, theme: str) -> Iterator[str]:
    x = _LEFT
    for amount, fill in ((one.earned, EARNED[theme]), (one.still, f"url(#portrait-{theme})"), (one.lost, "none")):
        wide = float(amount) * scale
        if wide > 0:
            edge = "" if fill == EARNED[theme] else f' stroke="{LINE[theme]}"'
            yield f'<rect x="{x:.2f}%" y="{y}" width="{wide:.2f}%" height="{BAR}" fill="{fill}"{edge}/>'
            x += wide


def _marks(one: Bar, y: int, scale: float, theme: str) -> Iterator[str]:
    if one.mean is not None:
        x = _LEFT + float(one.mean) * scale
        yield from (
            f'<line x1="{x:.2f}%" y1="{y - 3}" x2="{x:.2f}%" y2="{y + BAR + 3}" stroke="{colour}" stroke-width="{wide}"/>'
            for colour, wide in ((_ground(theme), 6), (MEAN[theme], 3))
        )
    if one.best is not None:
        x = _LEFT + float(one.best) * scale
        yield (
            f'<circle cx="{x:.2f}%" cy="{y + BAR // 2}" r="5" fill="{_ground(theme)}" stroke="{BEST[theme]}" stroke-width="2.5"/>'
        )


def _ground(theme: str) -> str:
    """What stands behind, so that a mark is seen on a full bar."""
    return "#ffffff" if theme == "light" else "#0f1720"


def swatches(rows: Sequence[Bar], theme: str) -> list[tuple[str, str]]:
    """The legend: what a mark is called and a small SVG of it, of those that are drawn."""
    found = [
        ("得分", any(one.earned for one in rows), f'<rect width="12" height="12" fill="{EARNED[theme]}"/>'),
        ("暂缺，可能得分", any(one.still for one in rows),
         f'<rect x=".5" y=".5" width="11" height="11" fill="none" stroke="{LINE[theme]}"/><path d="M1 11L11 1M1 6L6 1M6 11L11 6" stroke="{LINE[theme]}"/>'),
        ("失分", any(one.lost for one in rows), f'<rect x=".5" y=".5" width="11" height="11" fill="none" stroke="{LINE[theme]}"/>'),
        ("全组平均", any(one.mean is not None for one in rows), f'<rect x="5" width="3" height="12" fill="{MEAN[theme]}"/>'),
        ("全组最好", any(one.best is not None for one in rows),
         f'<circle cx="6" cy="6" r="4.5" fill="none" stroke="{BEST[theme]}" stroke-width="2.5"/>'),
    ]  # fmt: skip
    return [(name, f'<svg width="12" height="12" aria-hidden="true">{mark}</svg>') for name, is_there, mark in found if is_there]
