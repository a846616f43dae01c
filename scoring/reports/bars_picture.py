"""Two bars for each title, a pale and a full one, as SVG text: shares that a reader compares. Knows nothing of what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from scoring.reports.drawing import QUIET, svg
from scoring.reports.placings_picture import BAR, GRID, NOW

ROW, TOP, LEFT, RIGHT, WIDTH = 30, 40, 236, 190, 900  # pixels


@dataclass(frozen=True)
class Bar:
    """Two shares, 0.14 for 14 %; below 0 nothing is drawn and the words say so. `words`: what stands behind the bars."""

    title: str
    pale: float
    full: float
    words: str
    told: str


def bars(rows: Sequence[Bar], heads: tuple[str, str], theme: str) -> str:
    """SVG, the longest bar as wide as the picture allows. "" for no rows."""
    if not rows:
        return ""
    longest = max(0.01, *(share for one in rows for share in (one.pale, one.full)))
    scale = (WIDTH - LEFT - RIGHT) / longest
    height = TOP + ROW * len(rows) + 4
    parts = [_head(heads, theme), f'<line x1="{LEFT}" y1="{TOP - 4}" x2="{LEFT}" y2="{height}" stroke="{GRID[theme]}" stroke-width="2"/>']
    for row, one in enumerate(rows):
        y = TOP + ROW * row
        end = LEFT + max(0.0, one.pale, one.full) * scale
        parts.append(
            f'<g><title>{escape(one.told)}</title><rect x="0" y="{y}" width="{WIDTH}" height="{ROW}" fill-opacity="0"/>'
            f'<text x="{LEFT - 10}" y="{y + 19}" text-anchor="end">{escape(one.title)}</text>'
            f'<rect x="{LEFT}" y="{y + 3}" width="{max(0.0, one.pale) * scale:.1f}" height="11" rx="2" fill="{BAR[theme]}"/>'
            f'<rect x="{LEFT}" y="{y + 15}" width="{max(0.0, one.full) * scale:.1f}" height="11" rx="2" fill="{NOW[theme]}"/>'
            f'<text x="{end + 10:.1f}" y="{y + 19}" font-size="13" fill="{QUIET[theme]}">{escape(one.words)}</text></g>'
        )
    return svg(WIDTH, height, "、".join(heads), theme, parts)


def _head(heads: tuple[str, str], theme: str) -> str:
    found, x = [], LEFT
    for head, colour in zip(heads, (BAR[theme], NOW[theme]), strict=True):
        found.append(
            f'<rect x="{x}" y="9" width="26" height="11" rx="2" fill="{colour}"/><text x="{x + 33}" y="19" font-size="13">{escape(head)}</text>'
        )
        x += 33 + 13 * len(head) + 30
    return "".join(found)
