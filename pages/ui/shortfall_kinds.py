"""共性和个性 as one drawing: a table for each kind of problem, every unit a link. Text only; reckons nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from pages.ui.drawn import address
from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.insight.briefing import COMMON, Problem

HEAD = ("问题", "单位数", "适用单位", "合计差", "失分合计", "哪些单位")
ALWAYS = ("共性问题", "个性问题")  # said also where there is none
STYLE = """<style>
.k{container-type:inline-size;color:var(--st-text-color);font-family:var(--st-font);font-size:14px;line-height:1.5}
.k a{color:inherit;text-decoration:underline;text-decoration-color:var(--st-border-color);text-underline-offset:.25em;white-space:nowrap}
.k a:hover{text-decoration-color:currentColor}
.k a:focus-visible{outline:2px solid var(--st-primary-color);outline-offset:1px;border-radius:3px}
.k h2{font-size:1.2rem;font-weight:600;margin:1.1em 0 .4em;padding:0}
.k p{margin:0;font-size:inherit}.k .k-note{opacity:.85}
.k table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
.k th,.k td{border-bottom:1px solid var(--st-border-color);padding:.4em .7em;text-align:left;vertical-align:top;font-weight:400}
.k thead th{opacity:.85;white-space:nowrap}
.k tbody th{width:15em}.k tbody th a{white-space:normal}
.k .k-n{text-align:right;white-space:nowrap;width:7em}
@container (max-width:640px){
 .k table,.k tbody,.k tr,.k th,.k td{display:block;width:auto}.k thead{position:absolute;height:1px;width:1px;overflow:hidden;clip-path:inset(50%)}
 .k tr{border-bottom:1px solid var(--st-border-color);padding:.5em 0}.k tbody th,.k td{border:0;padding:.1em 0}
 .k tbody th{width:auto;font-weight:600}.k td.k-n{display:inline-block;text-align:left;width:auto;margin-right:1.2em}
 .k td.k-n::before{content:attr(data-head) " ";opacity:.8}
}
</style>"""


def parts_of(found: Sequence[Problem]) -> dict[str, list[Problem]]:
    """Each problem once, under the kind it is of."""
    flagged = [one for one in found if one.is_flag]
    return {
        "共性问题": [one for one in flagged if one.is_common],
        "个性问题": [one for one in flagged if one.is_single and not one.is_common],
        "其余的": [one for one in flagged if not one.is_common and not one.is_single],
        "数据不全": [one for one in found if not one.is_flag],
    }


def drawing(result: Assessment, group: str, parts: Mapping[str, Sequence[Problem]]) -> str:
    told = "".join(_part(result, group, kind, own) for kind, own in parts.items() if own or kind in ALWAYS)
    note = f"{COMMON}；只有一个单位存在的，算个性问题。点问题看清单，点单位看这一条。"
    return f'{STYLE}<div class="k"><p class="k-note">{note}</p>{told}</div>'


def _part(result: Assessment, group: str, kind: str, own: Sequence[Problem]) -> str:
    if not own:
        return f'<section><h2>{kind}（0）</h2><p class="k-note">没有。</p></section>'
    heads = "".join(f'<th scope="col"{" class=k-n" if right else ""}>{head}</th>' for head, right in
                    (("问题", False), ("单位数/适用", True), ("合计差", True), ("失分合计", True), ("哪些单位", False)))  # fmt: skip
    lines = "".join(_line(result, group, one) for one in own)
    return f"<section><h2>{kind}（{len(own)}）</h2><table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></section>"


def _line(result: Assessment, group: str, one: Problem) -> str:
    label, units, applies, total, lost, _ = row(result, one)
    listed = address("shortfalls", {"group": result.rubric.groups[group].title, "label": one.label})
    figures = (("单位数/适用", f"{units}/{applies}"), ("合计差", total), ("失分合计", lost))
    cells = "".join(f'<td class="k-n" data-head="{head}">{escape(str(told))}</td>' for head, told in figures)
    names = "、".join(
        f'<a href="{address("unit", {"unit": unit, "indicator": cell.indicator})}">{escape(result.rubric.register.title(unit))}</a>'
        for unit, cell in one.cells.items()
    )
    return f'<tr><th scope="row"><a href="{listed}">{escape(str(label))}</a></th>{cells}<td>{names}</td></tr>'


def row(result: Assessment, one: Problem) -> tuple[object, ...]:
    """As HEAD says."""
    total = f"{one.total[0]} {one.total[1]}" if one.total and one.total[0] else "—"
    lost = "待定" if one.lost_open and not one.lost else points(one.lost) + ("，另有待定" if one.lost_open else "")
    names = "、".join(result.rubric.register.title(unit) for unit in one.cells)
    return one.label, len(one.cells), len(one.applies), total, lost, names
