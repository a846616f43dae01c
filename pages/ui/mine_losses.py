"""我的得分: all losses of one unit, the largest first: why, what can still be done, what is for the next time. Reckons nothing.

Drawn as HTML: the list wraps, reads well on a phone, and does not catch the wheel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.ui import drawn, exports, portrait_losses, served, shortfall_told, still_told, words
from pages.ui.drawn_rows import Column, table
from pages.ui.identity import visitor
from pages.ui.still_told import whole
from scoring.engine import Assessment
from scoring.engine.explain import IndicatorTrace
from scoring.engine.printed import points
from scoring.insight.still import Loss

HEAD = ("条款", "指标", "得分", "失分", "为什么", "本年度还能补的", "怎么改")
GONE = "补不回来了"
COLUMNS = (Column("指标", width="9.5rem"), Column("得分", True, "7rem"), Column("失分", True, "4.2rem"), Column("为什么", width="33%"), Column("怎么改"))
STYLE = """<style>
.lost b{color:var(--st-red-text-color);font-weight:600}.lost p{margin:0 0 .2rem;font-size:inherit}
.lost i{font-style:normal;font-weight:600;margin-right:.5em;white-space:nowrap}
.lost .yes i{color:var(--st-green-text-color)}.lost .no{opacity:.85}.lost>p{margin-bottom:.6rem}
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
    body = table("失分，从大到小", COLUMNS, [_row(result, unit, one, over) for one in rows], linked=True)
    lead = f"{'，'.join(told)}。点一行，看这一项怎么算、依据哪些数据。"
    drawn.show(f'{STYLE}<div class="lost"><p>{lead}</p>{body}</div>', f"lost_{unit}")
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


def _row(result: Assessment, unit: str, one: Told, over: bool) -> tuple[str, ...]:
    """As the columns have it."""
    indicator = one.trace.indicator
    link = still_told.item_address(result, unit, indicator.code)
    return (
        f'<small>{escape(indicator.clause)}</small><a href="{link}">{escape(indicator.title)}</a>',
        whole(words.scored(one.trace.score)), f"<b>{one.lost}</b>", f"{whole(one.trace.sentence)}。", _todo(one, over),
    )  # fmt: skip


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
