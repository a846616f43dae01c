"""A table drawn as HTML: it wraps, needs no scrolling on a phone, and does not catch the wheel. Text only; knows no subject.

Where there is no room for columns each row becomes a block, its figures named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

STYLE = """<style>
.rows table{width:100%;border-collapse:collapse;font-size:.93rem;font-variant-numeric:tabular-nums}
.rows caption{text-align:left;font-weight:600;font-size:1rem;padding:0 0 .4rem}
.rows th,.rows td{padding:.35rem .6rem;border-bottom:1px solid var(--st-border-color);text-align:left;vertical-align:top;font-weight:400}
.rows thead th{background:var(--st-dataframe-header-background-color);font-size:.87rem;white-space:nowrap}
.rows tbody tr{position:relative}.rows .linked tr:hover{background:var(--st-secondary-background-color)}
.rows th.n,.rows td.n{text-align:right;white-space:nowrap}
.rows th small{display:block;font-size:.85rem;opacity:.85}
.rows .linked a{color:var(--st-link-color);text-decoration:none;font-weight:600}.rows .linked a::after{content:"";position:absolute;inset:0}
.rows .linked tr:hover a{text-decoration:underline}.rows .linked a:focus-visible{outline:none}
.rows .linked a:focus-visible::after{outline:2px solid var(--st-primary-color);border-radius:3px}
@media(max-width:640px){
.rows table,.rows tbody,.rows tr,.rows td,.rows th,.rows caption{display:block}
.rows thead{position:absolute;height:1px;width:1px;overflow:hidden;clip-path:inset(50%)}
.rows tbody tr{padding:.6rem 0;border-bottom:1px solid var(--st-border-color)}.rows tbody th,.rows tbody td{border:0;padding:.1rem 0}
.rows tbody td.n{display:inline-block;text-align:left;margin-right:1.2rem}.rows tbody td.n::before{content:attr(data-name) " ";opacity:.85}
}
</style>"""


@dataclass(frozen=True)
class Column:
    """`width`: of CSS; without one it takes what is left. A figure stands to the right and is named where there are no columns."""

    name: str
    figure: bool = False
    width: str = ""


def table(label: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], linked: bool = False, caption: str = "") -> str:
    """HTML. `rows`: cells that are HTML already, the first of a row is its head. `linked`: a click anywhere in a row follows
    the link in its head. The roles stay when the rows become blocks."""
    kinds = [" class=n" if one.figure else "" for one in columns]
    heads = "".join(
        f'<th scope="col" role="columnheader"{kind}>{escape(one.name)}</th>' for one, kind in zip(columns, kinds, strict=True)
    )
    widths = "".join(f'<col style="width:{one.width}">' if one.width else "<col>" for one in columns)
    body = "".join(_row(columns, kinds, row) for row in rows)
    return (
        f'{STYLE}<div class="rows"><table role="table" aria-label="{escape(label)}">'
        f"{f'<caption>{escape(caption)}</caption>' if caption else ''}<colgroup>{widths}</colgroup>"
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup"{" class=linked" if linked else ""}>{body}</tbody></table></div>'
    )


def _row(columns: Sequence[Column], kinds: Sequence[str], row: Sequence[str]) -> str:
    first, *others = row
    cells = "".join(
        f'<td role="cell"{kind} data-name="{escape(one.name)}">{cell}</td>'
        for one, kind, cell in zip(columns[1:], kinds[1:], others, strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{first}</th>{cells}</tr>'
