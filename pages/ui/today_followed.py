"""工作台: 整改 that is due and what the clauses of 结果运用 bring, with their days. Shows results; decides no consequence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from pages.ui import today_pace, words
from pages.ui.today_block import Block, Way
from pages.ui.today_look import Look
from pages.ui.words import Row
from scoring.desk import Desk
from scoring.desk.closing import versions
from scoring.engine.followed import OPEN
from scoring.expressions.words import amount
from scoring.insight.pace import Pace

TITLE = "整改和结果运用"


def followed(look: Look) -> Block:
    """Problems of a list that are due and not closed; then clause by clause who it takes hold of."""
    if look.result is None:
        return Block(TITLE, absent=look.no_result)
    if look.group is None:
        return Block(TITLE, absent="这里的单位不参加排名。")
    late = [one for one in today_pace.found_for(look) if one.behind and today_pace.is_followed(look, one)]
    rows = look.result.rows("consequence", group=look.group)
    since = _locked_on(look)
    lines = [*_rectified(look, late), *_clauses(look, rows, since)]
    settled = sum(row["settled"] for row in rows)
    calm = "没有到期未销号的问题。" + ("名次还没有定，还不知道要对谁运用结果。" if rows else "没有要办的结果运用。")
    more = "" if look.locked or not settled else "名次、等次以锁定时为准，结果运用的期限锁定后起算。"
    return Block(TITLE, len(late) + settled, "项", lines, _ways(look, late, rows), "orange", calm, more=more)


def _rectified(look: Look, late: Sequence[Pace]) -> list[str]:
    """上年问题整改率　5 个单位差 6 个：苇泽县 2 个、…, indicator by indicator, who lacks most first."""
    lines = []
    for code in dict.fromkeys(one.indicator for one in late):
        own = sorted((one for one in late if one.indicator == code), key=lambda one: -(one.gap or 0))
        whole = amount(sum(one.gap or 0 for one in own), own[0].thing)
        units = "、".join(f"{look.title(one.unit)} {amount(one.gap or 0, one.thing)}" for one in own[:3])
        rest = " 等" if len(own) > 3 else ""
        lines.append(f"**{words.plain(own[0].title)}**　{len(own)} 个单位差 {whole}：{units}{rest}")
    return lines


def _clauses(look: Look, rows: Sequence[Row], since: date | None) -> list[str]:
    """书面整改（第十七条（二），30 日内，到 2 月 20 日，还有 10 天）　雁川县；待定：茗川县."""
    lines = []
    for number in dict.fromkeys(row["number"] for row in rows):
        own = [row for row in rows if row["number"] == number]
        sure, still = ([row["unit"] for row in own if row["settled"] is settled] for settled in (True, False))
        if not sure:  # it can still be anybody: nothing to be done today
            continue
        told = [look.named(sure), *([f"{OPEN}：{look.named(still)}"] if still else [])]
        first = own[0]
        lines.append(f"**{words.plain(first['action'])}**（{words.plain(first['clause'])}{_within(look, first, since)}）　{'；'.join(told)}")
    return lines


def _within(look: Look, row: Row, since: date | None) -> str:
    """，30 日内；到 2 月 20 日，还有 10 天: counted from the day on which the period was locked."""
    days = row["within_days"]
    if days is None:
        return ""
    if since is None:
        return f"，{days} 日内，锁定后起算"
    last = since + timedelta(days)
    left = (last - look.now.date()).days
    when = f"还有 {left} 天" if left > 0 else "就是今天" if not left else f"已过 {-left} 天"
    return f"，{days} 日内，到 {last.month} 月 {last.day} 日，{when}"


def _locked_on(look: Look) -> date | None:
    """The day of the lock that holds now."""
    if not isinstance(look.desk, Desk) or not look.locked:
        return None
    return versions(look.desk, look.year)[-1]["done_at"].date()


def _ways(look: Look, late: Sequence[Pace], rows: Sequence[Row]) -> list[Way]:
    assert look.result is not None
    group, found = {"group": look.group_title}, []
    if late:
        flag = look.result.rubric.indicators[late[0].indicator].flag
        label = {"label": flag.label} if flag is not None else {}
        found.append(Way("短板", "office/shortfalls.py", "see_scores", group | label))
    if rows:
        found.append(Way("排名", "office/ranking.py", "see_place", group))
    return found
