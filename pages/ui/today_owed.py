"""工作台: what the office itself has not entered yet: targets, judged scores, registers to be closed. Shows; enters nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from pages.ui import words
from pages.ui.today_block import Block, Way
from pages.ui.today_look import Look
from scoring.calendar import label_words
from scoring.desk import Desk
from scoring.desk.judged import is_judged
from scoring.desk.registers import closings
from scoring.desk.second_person import unconfirmed
from scoring.engine.placed import placed
from scoring.forms import Form

SOON = timedelta(7)  # a register to be closed is told so many days before


@dataclass
class Lacking:
    """What nobody entered: a register, or one indicator of the assessors; and for whom."""

    form: Form
    title: str
    indicator: str = ""
    units: list[str] = field(default_factory=list)


def owed(look: Look) -> Block:
    title, way = "市双打办自己要登记的", Way("评分与加扣分", "office/scores.py", "enter")
    if look.locked:
        return Block(title, calm=f"{look.year} 年考核已经锁定，不再登记。")
    if look.result is None and not isinstance(look.desk, Desk):
        return Block(title, absent=look.no_result)
    lacking = list(_lacking(look))
    lines = [*_second(look), *(_told(look, one) for one in lacking), *_open_registers(look)]
    if lacking:
        first = lacking[0]
        query = {"form": first.form.code, "unit": first.units[0]} | ({"indicator": first.indicator} if first.indicator else {})
        way = Way(way.title, way.script, way.act, query)
    with_records = isinstance(look.desk, Desk)
    entered = "任务、评分都已登记" if look.result is not None else ""
    closed = "到期的台账都已关账" if with_records else ""
    more = "" if with_records else "没有报送库，台账是否关账、登记是否待确认在这里看不到。"
    more = more if look.result is not None else f"{look.no_result}缺哪些任务和评分，计分以后才知道。"
    calm = "，".join(told for told in (entered, closed) if told) + "。"
    return Block(title, len(lines), "项", lines, [way] if with_records else [], "orange", calm, more=more)


def _second(look: Look) -> Iterator[str]:
    """一票否决 takes two."""
    found = unconfirmed(look.desk) if isinstance(look.desk, Desk) else []
    if found:
        who = words.plain(found[0]["actor"])
        yield f"**一票否决**　{len(found)} 条待第二人确认，最早是{who} {found[0]['done_at']:%Y-%m-%d} 登记的"


def _lacking(look: Look) -> Iterator[Lacking]:
    """Figures of the office that keep an indicator of the group open and whose register has no day of closing."""
    if look.result is None or look.group is None:
        return
    result, found = look.result, dict[tuple[str, str], Lacking]()
    figures = {(row["unit"], row["measure"]) for row in result.rows("measure", state="pending")}
    open_ = result.rows("indicator_score", group=look.group, state="pending")
    for one in placed(result.rubric, look.group):
        units = [row["unit"] for row in open_ if row["indicator"] == one.indicator.code]
        for code in one.needs:
            form = result.rubric.forms[result.rubric.measures[code].form]
            if form.kept_by == "office" and form.derived is None and not form.has_schedule:
                judged = one.indicator if is_judged(form) else None
                key = form.code, judged.code if judged else ""
                title = f"{judged.title}（{judged.clause}）" if judged else form.title
                lacks = found.setdefault(key, Lacking(form, title, key[1]))
                lacks.units += [unit for unit in units if (unit, code) in figures and unit not in lacks.units]
    yield from (one for one in found.values() if one.units)


def _told(look: Look, one: Lacking) -> str:
    """年度任务　1 个单位没有登记：市林业局."""
    what = "没有评分" if one.indicator else "没有登记"
    return f"**{words.plain(one.title)}**　{len(one.units)} 个单位{what}：{look.named(one.units)}"


def _open_registers(look: Look) -> Iterator[str]:
    """Those whose day has come, or comes soon."""
    if not isinstance(look.desk, Desk):
        return
    today = look.now.date()
    found = [one for one in closings(look.desk, look.year) if not one.closed and one.due.due_on <= today + SOON]
    for one in sorted(found, key=lambda one: one.due.due_on):
        named = f"**{words.plain(one.form.title)}**（{label_words(one.due.label)}）没有关账"
        yield f"{named}，{_days(one.due.due_on, today)}"


def _days(due: date, today: date) -> str:
    """应于 1 月 10 日前登记齐全，已过 10 天."""
    left = (due - today).days
    when = f"已过 {-left} 天" if left < 0 else f"还有 {left} 天" if left else "就是今天"
    return f"应于 {due.month} 月 {due.day} 日前登记齐全，{when}"
