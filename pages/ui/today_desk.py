"""工作台: what lacks and what waits at the desk. Shows what `scoring.desk` found; computes no score."""

from __future__ import annotations

from collections.abc import Sequence

from pages.ui import words
from pages.ui.today_block import Block, Way
from pages.ui.today_look import Look
from scoring.desk import Desk
from scoring.desk.reports import Report, overdue
from scoring.desk.reviewing import waiting
from scoring.desk.states import RETURNED
from scoring.store.records import Row


def to_remind(look: Look) -> Block:
    """要催的: unit by unit, the longest overdue first."""
    title, unit = "要催的", "份"
    if not isinstance(look.desk, Desk):
        return Block(title, absent=look.no_records)
    every = overdue(look.desk, look.year)
    if look.locked:
        told = f"锁定时有 {len(every)} 份没有报齐。" if every else "报表都已报齐。"
        return Block(title, calm=f"{look.year} 年考核已经锁定，不再收件。{told}")
    found = [one for one in every if one.unit.code in look.units]
    more = _elsewhere(look, len(every) - len(found), unit)
    owing = _by_unit(found)
    if owing:
        more = f"涉及 {len(owing)} 个单位。{more}"
    way = Way("催报", "office/reminders.py", "review", _query(look))
    calm = "到期的都已收到，退回的都已重报。"
    return Block(title, len(found), unit, [_owed(look.desk, look.year, own) for own in owing], [way], "red", calm, more=more)


def _by_unit(found: Sequence[Report]) -> list[list[Report]]:
    """Within a unit as between units the longest overdue first."""
    units: dict[str, list[Report]] = {}
    for one in found:  # the longest overdue first
        units.setdefault(one.unit.code, []).append(one)
    return sorted(units.values(), key=lambda own: (-(own[0].days_late or 0), -len(own)))


def named(desk: Desk, year: str, form: str, label: str) -> str:
    """案件台账（第3季度）: the year on show is not said again."""
    told = desk.report_words(form, label)
    return words.plain(told.replace(f"（{year}年", "（", 1) if not told.endswith(f"（{year}年）") else told)


def _owed(desk: Desk, year: str, own: Sequence[Report]) -> str:
    """茗川县　3 份，最长逾期 102 天：案件台账（第3季度）."""
    first, returned = own[0], sum(one.state == RETURNED for one in own)
    days, report = first.days_late, named(desk, year, first.form.code, first.due.label)
    back = f"，退回未重报 {returned} 份" if returned else ""
    late = f"，最长逾期 **{days}** 天" if days else ""
    return f"**{words.plain(first.unit.title)}**　{len(own)} 份{back}{late}：{report}"


def to_review(look: Look) -> Block:
    """待复核: the oldest first, of all units: they are dealt with in the order in which they came."""
    title = "待复核"
    if not isinstance(look.desk, Desk):
        return Block(title, absent=look.no_records)
    found = waiting(look.desk)
    way = Way("收件与复核", "office/inbox.py", "review")
    calm = "收到的报送都已复核。"
    return Block(title, len(found), "份", [_waits(look, look.desk, row) for row in found], [way], "orange", calm)


def _waits(look: Look, desk: Desk, row: Row) -> str:
    who = look.title(row["unit"]) if row["unit"] else "市双打办登记"
    days = max(0, (look.now.date() - row["received_at"].date()).days)
    since = f"已等 **{days}** 天" if days else "今天收到"
    return f"**{who}**　{named(desk, look.year, row['form'], row['period'])}　{since}"


def _elsewhere(look: Look, number: int, unit: str) -> str:
    return f"{look.group_title}以外另有 {number} {unit}。" if number else ""


def _query(look: Look) -> dict[str, str]:
    return {"group": look.group_title} if look.group_title else {}
