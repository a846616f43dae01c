"""我的得分: all losses of one unit, 扣分 and 一票否决 among them, the largest first: why, what can still be done, what is advised.

Reckons nothing. Drawn as HTML: the list wraps, reads well on a phone, and does not catch the wheel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

import streamlit as st

from pages.ui import drawn, exports, portrait_losses, served, shortfall_told, still_told, taken_told, words
from pages.ui.drawn_rows import Column, table
from pages.ui.identity import visitor
from pages.ui.still_told import whole
from scoring.engine import Assessment
from scoring.engine.explain import IndicatorTrace
from scoring.engine.printed import points
from scoring.engine.summed import SumLine, sum_rows
from scoring.insight.still import Loss, Taken

HEAD = ("条款", "指标", "得分", "失分", "为什么", "本年度还能补的", "整改建议")
GONE = "已无法补救"
EACH = "各指标得分合计"
COLUMNS = (Column("指标", width="9.5rem"), Column("得分", True, "7rem"), Column("失分", True, "4.2rem"), Column("为什么", width="33%"), Column("怎么改"))
STYLE = """<style>
.lost b{color:var(--st-red-text-color);font-weight:600}.lost p{margin:0 0 .2rem;font-size:inherit}
.lost i{font-style:normal;font-weight:600;margin-right:.5em;white-space:nowrap}
.lost .yes i{color:var(--st-green-text-color)}.lost .no{opacity:.85}.lost>p{margin-bottom:.6rem}
</style>"""


@dataclass(frozen=True)
class Told:
    """One row: what can still be done (`mend`, "" for nothing), whether anything is lost for good, and the advice."""

    clause: str
    title: str
    link: str
    scored: str
    lost: Decimal | None
    why: str
    mend: str
    gone: bool
    advice: str
    kind: str = ""  # 扣分, 一票否决

    @property
    def lost_words(self) -> str:
        return points(self.lost) if self.lost is not None else "待定"

    @property
    def mend_words(self) -> str:
        """What can still be done, and that nothing else can; "" where nothing can."""
        return f"{self.mend}；其余{GONE}" if self.mend and self.gone else self.mend


def show(result: Assessment, unit: str, day: date, traces: Sequence[IndicatorTrace]) -> None:
    """The table, whose rows lead to the item; what is still open stands last. What can be done is told as of the day; of a day
    that is over nothing is told, as the losses are those of today."""
    rows = _told(result, unit, day, traces)
    if not rows:
        st.success("没有失分：适用的指标都得了满分，或没有设满分。", icon=":material/check_circle:")
        return
    body = table("失分，从大到小", COLUMNS, [_row(one) for one in rows], linked=True)
    as_of = f"截至{words.day(result.as_of)}，" if day < still_told.today() else ""
    lead = f"{as_of}{_count(rows)}。{_sum(result, unit)}点一行，看这一项的规则、算式和依据的数据。"
    drawn.show(f'{STYLE}<div class="lost"><p>{whole(lead)}</p>{body}</div>', f"lost_{unit}")
    title = f"{result.rubric.register.title(unit)}失分_{result.period.label}年"
    exports.button(served.desk(), visitor(), title, result.as_of, HEAD, lambda: [_cells(one) for one in rows])


def _count(rows: Sequence[Told]) -> str:
    """21 项失分（其中扣分 1 项），另有 2 项待定（…）."""
    known = sum(one.lost is not None for one in rows)
    kinds = [one.kind for one in rows if one.kind and one.lost is not None]
    inside = "、".join(f"{kind} {kinds.count(kind)} 项" for kind in dict.fromkeys(kinds))
    told = [f"{known} 项失分{f'（其中{inside}）' if inside else ''}"] if known else []
    if still := len(rows) - known:
        told.append(f"{'另有 ' if known else ''}{still} 项待定（数据不全，失多少还不知道）")
    return "，".join(told)


def _sum(result: Assessment, unit: str) -> str:
    """How the items, what is added and what is taken off make the total; nothing while any of it is open."""
    *lines, total = sum_rows(result, unit)
    if any(one.low is None or one.low != one.high or one.told for one in (*lines, total)):
        return ""
    items = sum((one.low or Decimal(0) for one in lines if one.what.endswith(EACH)), Decimal(0))
    others = [f"{one.what}{_signed(one)}" for one in lines if not one.what.endswith(EACH)]
    return f"总分 {total.amount}：{'；'.join([f'{EACH} {points(items)} 分', *others])}。"


def _signed(one: SumLine) -> str:
    if one.loss:
        return f" {one.amount}"
    gap, sign = "" if one.what.endswith("）") else " ", "+" if one.low and one.low > 0 else ""
    return f"{gap}{sign}{one.signed}"


def _told(result: Assessment, unit: str, day: date, traces: Sequence[IndicatorTrace]) -> list[Told]:
    """The largest loss first, of equal ones what is taken off the total; what is not known yet last."""
    flagged, over = shortfall_told.of_unit(result, unit), day < still_told.today()
    study = still_told.study(result, unit, day)[0]
    losses = {} if over else {one.indicator: one for one in study.losses}
    items = [*portrait_losses.largest(traces), *portrait_losses.undecided(traces)]
    found = [_off(result, unit, one, one.final and not over) for one in study.taken]
    found += [_item(result, unit, one, flagged.get(one.indicator.code), losses.get(one.indicator.code)) for one in items]
    return sorted(found, key=lambda one: (one.lost is None, -(one.lost or Decimal(0))))


def _off(result: Assessment, unit: str, one: Taken, gone: bool) -> Told:
    """What is taken off the total."""
    adjustment = one.adjustment
    kind, link = taken_told.kind(adjustment), taken_told.address(unit, adjustment)
    why = taken_told.why(result, unit, adjustment)
    return Told(adjustment.clause, f"{adjustment.title}（{kind}）", link, "—", one.lost, why, "", gone, "", kind)


def _item(result: Assessment, unit: str, one: IndicatorTrace, flag: words.Row | None, loss: Loss | None) -> Told:
    indicator, link = one.indicator, still_told.item_address(result, unit, one.indicator.code)
    gone = loss is not None and loss.final and not loss.to_hand_in and not loss.whole
    return Told(
        indicator.clause, indicator.title, link, words.scored(one.score), one.score["points_lost"], one.sentence,
        _mend(result, loss), gone, _advice(one, flag, loss),
    )  # fmt: skip


def _advice(one: IndicatorTrace, flag: words.Row | None, loss: Loss | None) -> str:
    """That of a 短板; nothing where there is none: the rule stands one click away. Of figures that are not there nothing besides
    handing them in, and once that is too late, to do so in time."""
    if one.score["state"] in ("missing", "masked"):
        return "" if loss is not None and loss.to_hand_in else "按规定的日子报送，数据报全。"
    return words.stopped(str(flag["todo"])) if flag and flag["todo"] else ""


def _mend(result: Assessment, loss: Loss | None) -> str:
    if loss is not None and loss.to_hand_in:
        return f"补报所缺的数据，{still_told.deadline(result)}"
    return still_told.mended(loss) if loss is not None and loss.mends else ""


def _row(one: Told) -> tuple[str, ...]:
    """As the columns have it."""
    head = f'<small>{escape(one.clause)}</small><a href="{one.link}">{escape(one.title)}</a>'
    return head, whole(one.scored), f"<b>{one.lost_words}</b>", f"{whole(one.why)}。", _todo(one)


def _todo(one: Told) -> str:
    """What can still be done, what cannot, and the advice."""
    lines = []
    if one.mend:
        lines.append(f'<p class="yes"><i>还能做</i>{whole(one.mend_words)}。</p>')
    elif one.gone:
        lines.append(f'<p class="no">{GONE}。</p>')
    if one.advice:
        lines.append(f"<p><i>整改建议</i>{whole(one.advice)}</p>")
    return "".join(lines)


def _cells(one: Told) -> tuple[str, ...]:
    mend = one.mend_words or (GONE if one.gone else "—")
    return (one.clause, one.title, one.scored, one.lost_words, f"{one.why}。", mend, one.advice or "—")
