"""我的得分: what can be done now, what brings most first, and the cheapest ways up: one drawing. Shows a study; reckons nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

import streamlit as st

from pages.ui import drawn, mine_steps, still_told, words
from pages.ui.still_told import whole
from scoring.engine import Assessment
from scoring.expressions.words import number
from scoring.insight.one_more import OneMore
from scoring.insight.path import NoPath, Path
from scoring.insight.still import Doing, Loss, Still
from scoring.rubric.actions import EFFORT_UNIT

FIRST = 5
STYLE = """<style>
.now{font-variant-numeric:tabular-nums}
.now p{margin:0 0 .5rem}.now .now-lead{font-size:1.05rem}.now b{font-weight:600}
.now ol{margin:.2rem 0 .6rem;padding:0;list-style:none}
.now li{margin:0;padding:.4rem .2rem;border-top:1px solid var(--st-border-color);display:grid;grid-template-columns:7.4rem minmax(0,1fr) minmax(0,17rem);gap:0 .9rem}
.now li:last-child{border-bottom:1px solid var(--st-border-color)}
.now li>b{color:var(--st-green-text-color);white-space:nowrap}.now li>b.now-open{color:var(--st-orange-text-color)}
.now small{display:block;font-size:.85rem;opacity:.85}
.now a{color:var(--st-link-color);text-decoration:underline;text-underline-offset:.2em}
.now a:focus-visible,.now summary:focus-visible{outline:2px solid var(--st-primary-color);border-radius:3px}
.now details{margin:0 0 .6rem}.now summary{cursor:pointer;color:var(--st-link-color)}.now details p{margin-top:.4rem;font-size:.9rem}
.now-ways{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));gap:.7rem;margin-bottom:.6rem}
.now-ways section{padding:.6rem .85rem;border:1px solid var(--st-border-color);border-radius:6px}
.now-ways h3{font-size:1rem;font-weight:600;margin:0 0 .25rem;padding:0}.now-ways p{font-size:.93rem}.now-ways p:last-child{margin:0}
@media(max-width:640px){.now li{grid-template-columns:7rem minmax(0,1fr)}.now li>:nth-child(3){grid-column:2}}
</style>"""


def show(result: Assessment, unit: str) -> date:
    """The heading beside the day from which on something is done, and the drawing. Gives the day."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    day = still_told.today()
    if result.rubric.spec.actions:
        with right:
            day = still_told.pick_day()
    supposed = still_told.supposed(day)
    left.subheader(f"{supposed}，能做的" if supposed else "现在能做的")
    with st.spinner("正在逐件重新计分…"):
        found, ways = still_told.study(result, unit, day)
    drawn.show(f'{STYLE}<div class="now">{_body(result, found, ways, day)}</div>', f"now_{unit}")
    return day


def _body(result: Assessment, found: Still, ways: Mapping[str, Path | NoPath], day: date) -> str:
    parts = [_lead(result, found, day), *_listed(result, found)]
    if after := still_told.gone(result, found):
        parts.append(f"<p>{after}</p>" if found.doings or found.to_hand_in or day <= result.period.end else "")
    if result.rubric.spec.actions:
        parts.append(mine_steps.ways(result, found, ways))
    if told := still_told.basis(result, day):
        parts.append(f"<p><small>{escape(told)}</small></p>")
    return "".join(parts)


def _lead(result: Assessment, found: Still, day: date) -> str:
    """How much can be done and what it brings, or that nothing can, and where most is lost."""
    over, count, waiting = still_told.over(result, day), len(found.doings) + len(found.to_hand_in), still_told.owed(result, found.unit, found.owed)
    if not count:
        return f"<p class=now-lead>{_nothing(result, found, over, day)}{f'{whole(waiting)}。' if waiting else ''}</p>"
    when = "现在" if day == still_told.today() else "那时" if day < still_told.today() else "到那天"
    told = f"{f'{over}。' if over else ''}{when}还能做 <b>{count} 件事</b>"
    if found.together is not None:
        some = f"，其中 {len(found.doings)} 件" if found.to_hand_in else "，"
        told += f"{some}做完总分最多 <b>{found.together.gain_words}</b>（{still_told.moved(found.together)}）"
        told += f"；{whole(waiting)}" if waiting else ""
    elif found.to_hand_in:
        told += "，补报的加多少要看所报的数"
    return f"<p class=now-lead>{told}。{'先做排在前面的：' if count > 1 else ''}</p>"


def _nothing(result: Assessment, found: Still, over: str, day: date) -> str:
    listed = "、".join(still_told.largest(result, found.unit, [*found.taken, *found.losses]))
    late = f"；已迟报的 {found.late} 次无法补救" if found.late and over else ""
    where = f"失分最多的是：{listed}{late}。" if listed else "没有失分。"
    if over and (not found.why or day > result.period.cut_off):
        return f"{over}，没有还能加分的事。{where}"
    if found.why:
        return f"{escape(words.stopped(found.why))}{where}"
    return f"没有再做一件就能加分的事。{where}"


def _listed(result: Assessment, found: Still) -> list[str]:
    """What is to be handed in, then what brings most; of each indicator the best first, all else folded away."""
    if not found.doings and not found.to_hand_in:
        return []
    best, rest = _by_item(found.doings)
    lines = [_to_hand_in(result, found.unit, form, waiting) for form, waiting in found.to_hand_in.items()]
    lines += [_doing(result, found.unit, one) for one in (*best, *rest)]
    parts = [f"<ol>{''.join(lines[:FIRST])}</ol>"]
    folded = f"<ol>{''.join(lines[FIRST:])}</ol>" if lines[FIRST:] else ""
    if found.besides:
        folded += f"<p>以上做完以后不再多加分的：{_besides(found.besides)}。</p>"
    if folded:
        more = f"另有 {len(lines) - FIRST} 件" if lines[FIRST:] else f"另有 {len(found.besides)} 种做法"
        folded += "<p>每件的分都是单独做时加的；几件一起做，加的分不一定等于各件之和。</p>"
        parts.append(f"<details><summary>{more}</summary>{folded}</details>")
    return parts


def _by_item(doings: Sequence[Doing]) -> tuple[list[Doing], list[Doing]]:
    """The first through each indicator, and the others."""
    seen: set[str] = set()
    first: list[Doing] = []
    others: list[Doing] = []
    for one in doings:
        (others if one.indicator in seen else first).append(one)
        seen.add(one.indicator)
    return first, others


def _doing(result: Assessment, unit: str, one: Doing) -> str:
    effort, thing = f"{number(one.effort)} {EFFORT_UNIT}", still_told.counted(one.action.title)
    if one.once.gains:
        gain, told = one.once.gain_words, [one.once.moved_words]
        told.append(f"最多 {one.times} {thing}，共 {one.all_.gain_words}" if one.times > 1 else "")
    else:
        gain, told = one.all_.gain_words, [f"做满 {one.times} {thing}才加", one.all_.moved_words]
    told.append(f"每{thing} {effort}" if one.times > 1 else effort)
    return _line(result, unit, gain, one.action.title, told, one.indicator)


def _line(result: Assessment, unit: str, gain: str, title: str, told: Sequence[str], code: str, kind: str = "") -> str:
    below = " · ".join(whole(one) for one in told if one)
    clause = f'<span>{escape(result.rubric.indicators[code].clause)} {still_told.item(result, unit, code)}</span>' if code else "<span></span>"
    return f"<li><b{kind}>{whole(gain)}</b><span>{escape(title)}<small>{below}</small></span>{clause}</li>"


def _to_hand_in(result: Assessment, unit: str, form: str, waiting: Sequence[Loss]) -> str:
    """Of figures that are not there nobody can say beforehand what they bring, at most what they lose."""
    stake, first = still_told.at_stake(result, unit, waiting), waiting[0].indicator
    told = ["，".join(["按所报的计", *stake[1:]]) if stake else "现在得多少还定不下来"]
    told += [f"{len(waiting)} 项指标用到它"] if len(waiting) > 1 else []
    title = f"补报“{result.rubric.forms[form].title}”所缺的数据"
    return _line(result, unit, stake[0] if stake else "待定", title, [*told, still_told.deadline(result)], first, ' class="now-open"')


def _besides(listed: Sequence[OneMore]) -> str:
    return "、".join(f"{escape(one.action.title)}（{whole(one.gain_words)}）" for one in listed)
