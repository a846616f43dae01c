"""A slope graph: from the place before to the place after, one line per unit, as SVG text. Calls no Streamlit.

Drawn by hand and not by a chart library: it stands in the page a tenth of a second sooner, and prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from scoring.reports.drawing import FALL, QUIET, RISE, svg

ROW, TOP, WIDTH, LEFT = 26, 34, 640, 190  # pixels


@dataclass(frozen=True)
class Line:
    """One unit. `places`: before and after; None has no place. `totals`: as printed."""

    title: str
    places: tuple[int | None, int | None]
    totals: tuple[str, str]
    link: str = ""  # address as HTML has it


def slope(lines: Sequence[Line], heads: tuple[str, str], theme: str) -> str:
    """SVG of the lines; units that share a place stand below one another. "" where nobody has two places."""
    known = [one for one in lines if None not in one.places]
    if not known:
        return ""
    rows = [_rows([one.places[side] or 0 for one in known]) for side in (0, 1)]
    height = TOP + ROW * len(known) + 6
    right = WIDTH - LEFT
    parts = [f'<text x="{x}" y="18" text-anchor="{anchor}" font-weight="600">{escape(head)}</text>'
             for x, anchor, head in ((LEFT - 10, "end", heads[0]), (right + 10, "start", heads[1]))]  # fmt: skip
    for index, one in enumerate(known):
        old, new = one.places
        assert old is not None and new is not None
        colour = (RISE if new < old else FALL if new > old else QUIET)[theme]
        ys = [TOP + ROW * side[index] + ROW // 2 for side in rows]
        told = f"{one.title}：第 {old} 名 → 第 {new} 名，{one.totals[0]} → {one.totals[1]} 分"
        drawn = (
            f'<g><title>{escape(told)}</title><line x1="{LEFT}" y1="{ys[0]}" x2="{right}" y2="{ys[1]}" stroke="{colour}"'
            f' stroke-width="{2.5 if old != new else 1.25}"/>'
            f'<circle cx="{LEFT}" cy="{ys[0]}" r="3.5" fill="{colour}"/><circle cx="{right}" cy="{ys[1]}" r="3.5" fill="{colour}"/>'
            f'<text x="{LEFT - 10}" y="{ys[0] + 5}" text-anchor="end">{escape(one.title)}　{old}</text>'
            f'<text x="{right + 10}" y="{ys[1] + 5}"{_weight(old != new)}>{new}　{escape(one.title)}{_arrow(old - new)}</text></g>'
        )
        parts.append(f'<a href="{one.link}">{drawn}</a>' if one.link else drawn)
    label = f"{heads[0]}与{heads[1]}的名次对照，{sum(one.places[0] != one.places[1] for one in known)} 个单位名次变动"
    return svg(WIDTH, height, label, theme, parts)


def _rows(places: Sequence[int]) -> list[int]:
    """By index the row it stands in, from above."""
    order = sorted(range(len(places)), key=lambda index: (places[index], index))
    rows = [0] * len(places)
    for row, index in enumerate(order):
        rows[index] = row
    return rows


def _weight(moved: bool) -> str:
    return ' font-weight="600"' if moved else ""


def _arrow(up: int) -> str:
    return f"　↑{up}" if up > 0 else f"　↓{-up}" if up < 0 else ""
