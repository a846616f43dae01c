"""我的得分: all losses of one unit, the largest first: why, what can still be done, what is for the next time. Reckons nothing.

Drawn as HTML: the list wraps, reads well on a phone, and does not catch the wheel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.ui import drawn, exports, portrait_losses, served, shortfall_told, still_told, words
from pages.ui.identity import visitor
from pages.ui.still_told import whole
from scoring.engine import Assessment
from scoring.engine.explain import IndicatorTrace
from scoring.engine.printed import points
from scoring.insight.still import Loss

HEAD = ("条款", "指标", "得分", "失分", "为什么", "本年度还能补的", "怎么改")
GONE = "补不回来了"
STYLE = """<style>
.lost table{width:100%;border-collapse:collapse;font-size:.93rem;font-variant-numeric:tabular-nums}
.lost th,.lost td{padding:.5rem .6rem;border-bottom:1px solid var(--st-border-color);text-align:left;vertical-align:top;font-weight:400}
.lost thead th{background:var(--st-dataframe-header-background-color);font-size:.87rem;white-space:nowrap}
.lost tbody tr{position:relative}.lost tbody tr:hover{background:var(--st-secondary-background-color)}
.lost .n{text-align:right;white-space:nowrap}.lost td.n b{color:var(--st-red-text-color);font-weight:600}
.lost th small{display:block;font-size:.85rem;opacity:.85}
.lost a{color:var(--st-link-color);text-decoration:none;font-weight:600}.lost a::after{content:"";position:absolute;inset:0}
.lost tr:hover a{text-decoration:underline}.lost a:focus-visible{outline:none}.lost a:focus-visible::after{outline:2px solid var(--st-primary-color);border-radius:3px}
.lost td p{margin:0 0 .2rem;font-size:inherit}.lost i{font-style:normal;font-weight:600;margin-right:.5em;white-space:nowrap}
.lost .yes i{color:var(--st-green-text-color)}.lost .no{opacity:.85}
.lost col.c1{width:9.5rem}.lost col.c2{width:7rem}.lost col.c3{width:4.2rem}.lost col.c4{width:33%}
@media(max-width:640px){
.lost table,.lost tbody,.lost tr,.lost td,.lost th{display:block}.lost thead{position:absolute;height:1px;width:1px;overflow:hidden;clip-path:inset(50%)}
.lost tbody tr{padding:.6rem 0;border-bottom:1px solid var(--st-border-color)}.lost tbody th,.lost tbody td{border:0;padding:.1rem 0}
.lost .n{display:inline-block;text-align:left;margin-right:1.2rem}.lost td.n::before{content:attr(data-name) " ";opacity:.85}}
</style>"""


@dataclass(frozen=True)
class Told:
    """One row: what can still be done (`mend`, "" for nothing), whether anything is lost for good, and the advice."""

    trace: IndicatorTrace
    lost: str
    mend: str
    gone: bool
    advice: str


def show(result: Assessment, unit: str, traces: Sequence[IndicatorTrace]) -> None:
    """The table, whose rows lead to the item; then what is still open. What can be done is told as of today."""
    found, still = portrait_losses.largest(traces), portrait_losses.undecided(traces)
    if not found and not still:
        st.success("没有失分：适用的指标都得了满分，或没有设满分。", icon=":material/check_circle:")
        return
    told = [f"{len(found)} 项失分"] if found else []
    told += [f"{'另有 ' if found else ''}{len(still)} 项待定（数据不全，失多少还不知道）"] if still else []
    rows = _told(result, unit, [*found, *still])
    over = result.period.end < still_told.today()
    body = "".join(_row(result, unit, one, over) for one in rows)
    drawn.show(f'{STYLE}<div class="lost"><p>{"，".join(told)}。点一行，看这一项怎么算、依据哪些数据。</p>{_head()}{body}</tbody></table></div>', f"lost_{unit}")
    title = f"{result.rubric.register.title(unit)}失分_{result.period.label}年"
    exports.button(served.desk(), visitor(), title, result.as_of, HEAD, lambda: [_cells(one) for one in rows])


def _told(result: Assessment, unit: str, traces: Sequence[IndicatorTrace]) -> list[Told]:
    """The advice where the item is a 短板, else the rule itself, which says what full marks take."""
    flagged = shortfall_told.of_unit(result, unit)
    losses = {one.indicator: one for one in still_told.study(result, unit, still_told.today())[0].losses}
    listed = []
    for one in traces:
        lost, flag, loss = one.score["points_lost"], flagged.get(one.indicator.code), losses.get(one.indicator.code)
        listed.append(
            Told(one, points(lost) if lost is not None else "待定", _mend(result, loss), _gone(loss), _advice(one, flag, loss))
        )
    return listed


def _advice(one: IndicatorTrace, flag: words.Row | None, loss: Loss | None) -> str:
    """Of figures that are not there: nothing besides handing them in, and once that is too late, to do so in time."""
    if one.score["state"] in ("missing", "masked") and loss is not None and (loss.to_hand_in or loss.final):
        return "" if loss.to_hand_in else "按规定的日子报送，数据报全。"
    return words.stopped((flag and flag["todo"]) or f"对照规则：{one.rule}")


def _mend(result: Assessment, loss: Loss | None) -> str:
    if loss is not None and loss.to_hand_in:
        return f"补报所缺的数据，最晚 {words.day(result.period.cut_off)}"
    return still_told.mended(loss) if loss is not None and loss.mends else ""


def _gone(loss: Loss | None) -> bool:
    """Something of it is lost for good."""
    return loss is not None and loss.final and not loss.to_hand_in and not loss.whole


def _head() -> str:
    heads = "".join(f'<th scope="col" role="columnheader"{kind}>{name}</th>' for name, kind in (
        ("指标", ""), ("得分", " class=n"), ("失分", " class=n"), ("为什么", ""), ("怎么改", "")))  # fmt: skip
    columns = "".join(f'<col class="c{number}">' for number in range(1, 6))
    return (
        f'<table role="table" aria-label="失分，从大到小"><colgroup>{columns}</colgroup>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">'
    )


def _row(result: Assessment, unit: str, one: Told, over: bool) -> str:
    indicator = one.trace.indicator
    link = still_told.item_address(result, unit, indicator.code)
    head = f'<small>{escape(indicator.clause)}</small><a href="{link}">{escape(indicator.title)}</a>'
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{head}</th>'
        f'<td class="n" role="cell" data-name="得分">{whole(words.scored(one.trace.score))}</td>'
        f'<td class="n" role="cell" data-name="失分"><b>{one.lost}</b></td>'
        f'<td role="cell">{whole(one.trace.sentence)}。</td><td role="cell">{_todo(one, over)}</td></tr>'
    )


def _todo(one: Told, over: bool) -> str:
    """What can still be done, what cannot, and the advice: for the next year, once this one is over."""
    lines = []
    if one.mend:
        rest = f"；其余{GONE}" if one.gone else ""
        lines.append(f'<p class="yes"><i>还能做</i>{whole(one.mend)}{rest}。</p>')
    elif one.gone:
        lines.append(f'<p class="no"><i>本年度</i>{GONE}。</p>')
    if one.advice:
        lines.append(f"<p><i>{'下年度' if over and one.trace.score['state'] != 'pending' else '建议'}</i>{whole(one.advice)}</p>")
    return "".join(lines)


def _cells(one: Told) -> tuple[str, ...]:
    indicator = one.trace.indicator
    mend = f"{one.mend}{f'；其余{GONE}' if one.gone else ''}" if one.mend else GONE if one.gone else "—"
    return (indicator.clause, indicator.title, words.scored(one.trace.score), one.lost, f"{one.trace.sentence}。", mend, one.advice or "—")
