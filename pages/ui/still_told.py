"""What a unit can still do, in words and links, for 我的得分 and 路径. Reckons nothing; draws nothing but the picker of the day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from html import escape

import streamlit as st

from pages.ui import drawn, served, state, words
from scoring.engine import Assessment
from scoring.engine.placed import placed_one
from scoring.engine.printed import points
from scoring.insight.one_more import More
from scoring.insight.path import Aim, NextGrade, NoPath, Path, PlacesUp, find_path
from scoring.insight.path.find import find_from
from scoring.insight.path.ground import ground_of
from scoring.insight.still import Loss, Mend, Still, still

AIMS: dict[str, Aim] = {
    "前进 1 名": PlacesUp(1), "前进 2 名": PlacesUp(2), "前进 3 名": PlacesUp(3), "前进 5 名": PlacesUp(5), "升一个等次": NextGrade(),
}  # fmt: skip
NEXT = ("前进 1 名", "升一个等次")
NAMED = 3
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


def day_words(result: Assessment, day: date) -> str:
    """5 月 1 日; with its year where that is not the one assessed."""
    return f"{day.month} 月 {day.day} 日" if day.year == result.period.start.year else f"{day.year} 年 {day.month} 月 {day.day} 日"


def supposed(result: Assessment, day: date) -> str:
    """假如回到 5 月 1 日; 到 12 月 1 日; "" for today."""
    if day == today():
        return ""
    return f"{'假如回到' if day < today() else '到'} {day_words(result, day)}"


def basis(result: Assessment, day: date) -> str:
    """What a day that is not today changes, and what it does not."""
    return f"只是假定日子是 {day_words(result, day)}，各单位的数据仍按{words.day(result.as_of)}的算。" if day != today() else ""


def over(result: Assessment, day: date) -> str:
    """2024 年已过完，数据只收到…; "" within the period."""
    period = result.period
    if day <= period.end:
        return ""
    closed = f"数据已于{words.day(period.cut_off)}截止" if day > period.cut_off else f"数据收到{words.day(period.cut_off)}为止"
    return f"{period.label} 年已过完，{closed}"


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
    """HTML: the largest of the losses that nothing mends any more, by name, and what came late; "" for none, and for a day
    that is over: of then it is not known."""
    if found.day < today():
        return ""
    listed = [one for one in found.gone if one.lost]
    told = []
    if listed:
        several = f"共 {len(listed)} 项，最多的是" if len(listed) > NAMED else "有"
        told.append(f"补不回来的失分{several}：{'、'.join(lost(result, found.unit, one) for one in listed[:NAMED])}")
    if found.late:
        told.append(f"已经迟报的 {found.late} 次{'也' if told else ''}改不了")
    return f"{'；'.join(told)}。" if told else ""


def lost(result: Assessment, unit: str, one: Loss) -> str:
    """HTML: the indicator and what it loses."""
    known = f"失 {points(one.lost)} 分" if one.lost is not None else "失分待定"
    return f"{item(result, unit, one.indicator)}（{whole(known)}）"


def mended(one: Loss) -> str:
    """补录 1 件漏录案件（算迟录），补回 0.30 分; the one that gives back most, and how many more there are."""
    first = max(one.mends, key=lambda mend: mend.points)
    more = f"，等 {len(one.mends)} 件事" if len(one.mends) > 1 else ""
    return f"{first.action.title}{times(first)}，补回 {points(first.points)} 分{more}"


def times(one: Mend) -> str:
    return f" × {one.times}" if one.times > 1 else ""


def moved(more: More) -> str:
    """70.04 → 71.20，升到第 7 名; only what there is."""
    before, after = more.before["total"], more.after["total"]
    told = [f"{points(before)} → {points(after)}"] if before is not None and after is not None else []
    return "，".join([*told, more.moved_words or "名次不变"])


def whole(text: str) -> str:
    """HTML of a text whose figures do not part from what they count at the end of a line."""
    return escape(_BEFORE_A_UNIT.sub("\u00a0", text))
