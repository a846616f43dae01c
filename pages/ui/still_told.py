"""What a unit can still do, in words and links, for 我的得分 and 路径. Reckons nothing; draws nothing but the picker of the day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from html import escape

import streamlit as st

from pages.ui import drawn, served, state, taken_told, words
from scoring.engine import Assessment
from scoring.engine.placed import placed_one
from scoring.engine.printed import points
from scoring.insight.one_more import More
from scoring.insight.path import Aim, NextGrade, NoPath, Path, PlacesUp, find_path
from scoring.insight.path.find import find_from
from scoring.insight.path.ground import ground_of
from scoring.insight.still import Loss, Mend, Owed, Still, Taken, still

AIMS: dict[str, Aim] = {
    "前进 1 名": PlacesUp(1), "前进 2 名": PlacesUp(2), "前进 3 名": PlacesUp(3), "前进 5 名": PlacesUp(5), "升一个等次": NextGrade(),
}  # fmt: skip
NEXT = ("前进 1 名", "升一个等次")
NAMED = 3
_COUNTED = re.compile(r"1 ([件期篇份个条项次户场批宗处起名人])")
_BEFORE_A_UNIT = re.compile(r"(?<=\d) (?=[^\d\s])")

Study = tuple[Still, Mapping[str, Path | NoPath]]


def study(result: Assessment, unit: str, day: date) -> Study:
    """What can be done, and the ways to one place more and to the next grade: they share most of the work."""

    def make() -> Study:
        ground = ground_of(result, unit, day)
        return still(ground), {title: find_from(ground, AIMS[title]) for title in NEXT}

    return served.kept(f"still|{unit}|{day}", make)


def path(result: Assessment, unit: str, aim: str, day: date) -> Path | NoPath:
    if aim in NEXT:
        return study(result, unit, day)[1][aim]
    return served.kept(f"path|{unit}|{aim}|{day}", lambda: find_path(result, unit, AIMS[aim], day))


# --- the day --------------------------------------------------------------------------------------------


def today() -> date:
    """The day it is, or that of the demonstration: after the cut-off of a period nothing of it can be done any more."""
    return served.clock().date()


def pick_day() -> date:
    """In the address as ?day=, unless it is today. Not bound to it by Streamlit, as `state.pick_day` is: from one page with this
    picker to another one the choice would be lost."""
    asked = state.parameter("day") or ""
    wanted = date.fromisoformat(asked) if _is_day(asked) else today()
    chosen: date = st.date_input("从哪一天开始做", wanted, format="YYYY-MM-DD", width=240) or today()
    state.set_parameter("day", f"{chosen:%Y-%m-%d}" if chosen != today() else None)
    return chosen


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def supposed(day: date) -> str:
    """假如回到2024年5月1日; 到2025年12月1日; "" for today."""
    if day == today():
        return ""
    return f"{'假如回到' if day < today() else '到'}{words.day(day)}"


def basis(result: Assessment, day: date) -> str:
    """What a day that is not today changes, and what it does not."""
    return f"假定从{words.day(day)}做起；各单位的数据仍以{words.day(result.as_of)}为准。" if day != today() else ""


def over(result: Assessment, day: date) -> str:
    """2024年已结束，2025年1月20日截止收数; "" within the period."""
    period = result.period
    if day <= period.end:
        return ""
    closed = f"已于{words.day(period.cut_off)}截止收数" if day > period.cut_off else f"{deadline(result)}收数"
    return f"{period.label}年已结束，{closed}"


def deadline(result: Assessment) -> str:
    """今天截止; 2025年1月20日截止."""
    last = result.period.cut_off
    return "今天截止" if last == today() else f"{words.day(last)}截止"


# --- losses ---------------------------------------------------------------------------------------------


def item(result: Assessment, unit: str, code: str) -> str:
    """A link to an indicator of the unit, among those of its section."""
    return f'<a href="{item_address(result, unit, code)}">{escape(result.rubric.indicators[code].title)}</a>'


def item_address(result: Assessment, unit: str, code: str) -> str:
    section = placed_one(result.rubric, result.rubric.group_of(unit) or "", code).section.code
    node = next(node for node in result.rubric.nodes() if node.section.code == section)
    top = (*node.above, node.section)[0].code
    return drawn.address("unit", {"unit": unit, "section": top, "indicator": code})


def gone(result: Assessment, found: Still) -> str:
    """HTML: how many losses nothing mends any more, the largest by name, how the others stand, and what came late; "" for none,
    and for a day that is over: of then it is not known."""
    if found.day < today():
        return ""
    for_good = [*(one for one in found.taken if one.final), *(one for one in found.gone if one.lost)]
    told = []
    if for_good:
        several = f"{len(for_good)} 项失分已无法补救，最多的是" if len(for_good) > NAMED else "已无法补救的失分："
        told.append(f"{several}{'、'.join(largest(result, found.unit, for_good))}")
    partly = sum(one.final and bool(one.mends) and not one.whole for one in found.losses)
    waiting = sum(one.to_hand_in for one in found.losses)
    others = [f"{partly} 项只能补回一部分"] if partly else []
    others += [f"{waiting} 项待补报"] if waiting else []
    if for_good and others:
        told.append(f"另有 {'，'.join(others)}")
    if found.late:
        told.append(f"已迟报的 {found.late} 次无法补救")
    return f"{'；'.join(told)}。" if told else ""


def largest(result: Assessment, unit: str, listed: Sequence[Loss | Taken]) -> list[str]:
    """HTML: those that lose most, by name; of equal ones what is taken off the total first."""
    known = sorted((one for one in listed if one.lost), key=lambda one: (-(one.lost or 0), isinstance(one, Loss)))
    return [lost(result, unit, one) if isinstance(one, Loss) else taken(unit, one) for one in known[:NAMED]]


def taken(unit: str, one: Taken) -> str:
    """HTML: 曝光和通报批评（扣 2.00 分）."""
    title = f'<a href="{taken_told.address(unit, one.adjustment)}">{escape(one.adjustment.title)}</a>'
    return f"{title}（{whole(taken_told.cost(one.adjustment, points(one.lost)))}）"


def lost(result: Assessment, unit: str, one: Loss) -> str:
    """HTML: the indicator and what it loses."""
    known = f"失 {points(one.lost)} 分" if one.lost is not None else "失分待定"
    return f"{item(result, unit, one.indicator)}（{whole(known)}）"


def mended(one: Loss) -> str:
    """补录 1 件漏录案件（算迟录）; the one that gives back most, and how many more there are. What it brings stands above,
    as the total has it: before rescaling it would be another number."""
    first = max(one.mends, key=lambda mend: mend.points)
    more = f"，等 {len(one.mends)} 件事" if len(one.mends) > 1 else ""
    return f"{first.action.title}{times(first)}{more}"


def times(one: Mend) -> str:
    return f" × {one.times}" if one.times > 1 else ""


def owed(result: Assessment, unit: str, waiting: Owed) -> str:
    """不含补报“对下考核”所缺的数据（按所报的计，最多 3.00 分）: what no reckoning has in it. Without full stop; "" for nothing."""
    told = []
    if waiting.late:
        stake = at_stake(result, unit, [one for several in waiting.late.values() for one in several])
        told.append(f"不含补报{forms(result, waiting.late)}所缺的数据（{'，'.join(['按所报的计', *stake])}）")
    if waiting.ahead:
        told.append(f"{'也' if told else ''}不含按期报送{forms(result, waiting.ahead)}（那天还没有到期）")
    return "，".join(told)


def forms(result: Assessment, codes: Iterable[str]) -> str:
    return "".join(f"“{result.rubric.forms[code].title}”" for code in codes)


def at_stake(result: Assessment, unit: str, waiting: Sequence[Loss]) -> list[str]:
    """最多 3.00 分, and 折算前 where the total is rescaled; nothing where it is not known."""
    lost_ = {one.indicator: one.lost for one in waiting}
    known = [one for one in lost_.values() if one is not None]
    if len(known) < len(lost_):
        return []
    row = result.one("adjustment", unit=unit, adjustment="rescale")
    return [f"最多 {points(sum(known, Decimal(0)))} 分", *(["折算前"] if row and row["points"] else [])]


def counted(title: str) -> str:
    """The measure word of an action: 件 of 补录 1 件漏录案件; 次 where its title names none."""
    found = _COUNTED.search(title)
    return found[1] if found else "次"


def moved(more: More) -> str:
    """70.04 → 71.20，升到第 7 名; only what there is."""
    before, after = more.before["total"], more.after["total"]
    told = [f"{points(before)} → {points(after)}"] if before is not None and after is not None else []
    return "，".join([*told, more.moved_words or "名次不变"])


def whole(text: str) -> str:
    """HTML of a text whose figures do not part from what they count at the end of a line."""
    return escape(_BEFORE_A_UNIT.sub("\u00a0", text))
