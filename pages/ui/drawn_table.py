"""A small table of texts, drawn as HTML (`drawn_rows`): for a dozen rows that are read, not sorted. Knows cells; knows no result.

The grid of st.dataframe costs the browser 30 ms each, catches the mouse wheel and cuts its texts off on a phone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape

from pages.ui import drawn, drawn_rows
from pages.ui.drawn_rows import Column

STYLE = """<style>
.rows .red{color:var(--st-red-text-color)}.rows .orange{color:var(--st-orange-text-color)}.rows .gray{color:var(--st-gray-text-color)}
.rows td a{color:var(--st-link-color);text-decoration:none}.rows td a:hover{text-decoration:underline}
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
    told = [[_cell(one) for one in row] for row in rows]
    if total and told:
        told[-1] = [f"<b>{one}</b>" for one in told[-1]]
    drawn.show(STYLE + drawn_rows.table(label, [Column(name, name in numbers) for name in head], told), key)


def _cell(one: str | Cell) -> str:
    if isinstance(one, str):
        return escape(one)
    told = f'<span class="{one.tone}">{escape(one.text)}</span>' if one.tone else escape(one.text)
    return f'<a href="{one.link}">{told}</a>' if one.link else told
