"""A small table as ordinary HTML: for a dozen rows that are read, not sorted. Knows cells; knows no result.

The grid of st.dataframe costs the browser 30 ms each, catches the mouse wheel and cuts its texts off on a phone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape

from pages.ui import drawn

STYLE = """<style>
.table{width:100%;overflow-x:auto}.table table{border-collapse:collapse;width:100%;font-size:.93rem;margin:0}
.table th,.table td{padding:.3rem .55rem;text-align:left;border:0;border-bottom:1px solid var(--st-border-color);vertical-align:top}
.table thead th{font-weight:400;white-space:nowrap;color:var(--st-dataframe-header-text-color);background:var(--st-dataframe-header-background-color)}
.table .number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}.table .total td{font-weight:700;border-bottom:0}
.table .red{color:var(--st-red-text-color)}.table .orange{color:var(--st-orange-text-color)}.table .gray{color:var(--st-gray-text-color)}
</style>"""


@dataclass(frozen=True)
class Cell:
    """A text with a colour (red, orange, gray), or with a link: an address of `drawn.address`, escaped already."""

    text: str
    tone: str = ""
    link: str = ""


def show(head: Sequence[str], rows: Sequence[Sequence[str | Cell]], label: str, key: str, numbers: Collection[str] = (),
         total: bool = False) -> None:  # fmt: skip
    """`label`: what the table is, for who cannot see it; `numbers`: columns set to the right; `total`: the last row is one."""
    drawn.show(STYLE + text(head, rows, label, numbers, total), key)


def text(head: Sequence[str], rows: Sequence[Sequence[str | Cell]], label: str, numbers: Collection[str] = (), total: bool = False) -> str:
    """The HTML without the style."""
    marks = [' class="number"' if name in numbers else "" for name in head]
    top = "".join(f'<th scope="col"{mark}>{escape(name)}</th>' for name, mark in zip(head, marks, strict=True))
    lines = []
    for place, row in enumerate(rows, 1):
        cells = "".join(f"<td{mark}>{_cell(one)}</td>" for one, mark in zip(row, marks, strict=True))
        mark = ' class="total"' if total and place == len(rows) else ""
        lines.append(f"<tr{mark}>{cells}</tr>")
    table = f'<table><thead><tr>{top}</tr></thead><tbody>{"".join(lines)}</tbody></table>'
    return f'<div class="table" tabindex="0" role="region" aria-label="{escape(label)}">{table}</div>'


def _cell(one: str | Cell) -> str:
    if isinstance(one, str):
        return escape(one)
    told = f'<span class="{one.tone}">{escape(one.text)}</span>' if one.tone else escape(one.text)
    return f'<a href="{one.link}">{told}</a>' if one.link else told
