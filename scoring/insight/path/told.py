"""Paths in Chinese: why there is none, and what is to be done, for people. Reckons nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scoring.engine.printed import points
from scoring.expressions.words import number
from scoring.insight.path.results import Aim, NextGrade, NoPath, NotOffered, Offer, Path, PlacesUp, Stand, Step
from scoring.insight.path.standing import Row, Standing
from scoring.insight.path.targets import Target, Way
from scoring.rubric.actions import EFFORT_UNIT

TOO_LONG = "可做的事凑法太多，逐一试下去太久；请在办法的 actions 里写明 most（最多做几次），或减少几项"
LISTED = 4
NAMED = 2  # of those with the same reason


# --- why there is none ----------------------------------------------------------------------------------


def settled(standing: Standing, aim: Aim) -> str | None:
    """Why there is nothing to look for; None where there is."""
    row, title = standing.row, standing.rubric.register.title(standing.unit)
    if not standing.rubric.spec.actions:
        return "办法里没有写还能做的事（actions），无从推算"
    if row["state"] == "pending":
        return f"{title}的总分还没有定（{_open_items(standing)}），名次、等次都推算不了"
    if row["state"] != "complete" or row["unranked"] or row["place"] is None:
        return f"{title}不参加排名，推算不了"
    return _settled_place(row, title, aim) if isinstance(aim, PlacesUp) else _settled_grade(standing, title)


def _settled_place(row: Row, title: str, aim: PlacesUp) -> str | None:
    if row["place"] == 1:
        return f"{title}已经是第 1 名"
    if aim.places >= row["place"]:
        return f"{title}是第 {row['place']} 名，最多再前进 {row['place'] - 1} 名"
    return None


def _settled_grade(standing: Standing, title: str) -> str | None:
    grades = [grade.title for grade in standing.rubric.spec.grades]
    if not grades:
        return "办法没有等次"
    if standing.row["grade"] is None:
        return f"{title}的等次还没有定，推算不了"
    return f"{title}已经是最高的等次（{grades[0]}）" if standing.row["grade"] == grades[0] else None


def _open_items(standing: Standing) -> str:
    """The indicators whose points are open."""
    rows = standing.assessment.rows("indicator_score", unit=standing.unit)
    open_ = [row["indicator"] for row in rows if row["points"] is None and not row["left_out"]]
    titles = [standing.rubric.indicators[code].title for code in open_]
    listed = "、".join(titles[:LISTED]) + ("等" if len(titles) > LISTED else "")
    return f"{listed}暂缺" if titles else "有一项还没有定"


def nothing_offered(refused: Sequence[NotOffered]) -> str:
    """Every action is out of reach."""
    if not refused:
        return "办法里列出的事（actions）没有一件是这一组做的"
    by: dict[str, list[str]] = {}
    for one in refused:
        by.setdefault(one.reason, []).append(one.action.title)
    listed = [f"{'、'.join(titles[:NAMED])}{f'等 {len(titles)} 件' if len(titles) > NAMED else ''}：{reason}" for reason, titles in by.items()]
    return f"没有还能做的事（{'；'.join(listed[:LISTED])}{'；等' if len(listed) > LISTED else ''}）"


def too_many(offers: Sequence[Offer]) -> str:
    listed = "、".join(one.action.title for one in offers[:LISTED])
    return f"“{listed}”等互相牵连，凑法太多，推算不了；请在办法的 actions 里写明 most（最多做几次），或减少几项"


def unreached(target: Target, ways: Sequence[Way], best: Row) -> str:
    """What stands in the way: a condition that nothing changes, or points that cannot be had."""
    blocked = [limit.condition for way in ways for limit in way if limit.condition and limit.best < limit.need]
    if ways and all(any(limit.condition and limit.best < limit.need for limit in way) for way in ways):
        return f"{'；'.join(dict.fromkeys(blocked))}，列出的事都改变不了"
    if best["total"] is None or best["total"] <= target.standing.row["total"]:
        return "列出的事都做了，总分也不会更高"
    reached = f"总分 {points(best['total'])}、第 {best['place']} 名"
    reached += f"、{best['grade']}" if best["grade"] is not None else ""
    needed = target.needed()
    short = f"，还差 {points(needed - best['total'])} 分" if needed is not None and needed > best["total"] else ""
    return f"照加分最多的做，也只到{reached}{short}"


# --- what is to be done ---------------------------------------------------------------------------------


def aim_words(aim: Aim) -> str:
    """前进 1 名; 升一个等次."""
    return f"前进 {aim.places} 名" if isinstance(aim, PlacesUp) else "升一个等次"


def sentence(found: Path | NoPath) -> str:
    """The answer in one sentence."""
    head = f"{found.title}要{aim_words(found.aim)}"
    if isinstance(found, Path):
        return f"{head}，最省力的是：{_done(found)}。"
    nearest = found.nearest
    if nearest is None or (nearest.after.place or 0) >= (nearest.before.place or 0):
        return f"{head}，没有可行的路径：{found.reason}。"
    return f"{head}，没有可行的路径：{found.reason}。能做到的最好名次，最省力的是：{_done(nearest)}。"


def _done(path: Path) -> str:
    listed = "，".join(f"{one.action.title} × {one.times}" for one in path.steps)
    return f"{listed}，共 {number(path.effort)} {EFFORT_UNIT}，{change(path.before, path.after, path.aim)}"


def change(before: Stand, after: Stand, aim: Aim) -> str:
    """总分 86.67 → 87.35，第 7 名 → 第 6 名; 名次不变."""
    moved = "名次不变" if place(before) == place(after) else f"{place(before)} → {place(after)}"
    told = [f"总分 {points(before.total)} → {points(after.total)}", moved]
    if before.grade != after.grade or isinstance(aim, NextGrade):
        told.append(f"{before.grade} → {after.grade}")
    return "，".join(told)


def place(stand: Stand) -> str:
    """第 6 名; 并列第 2 名; 第 3 名（暂定）."""
    return f"{'并列' if stand.tied else ''}第 {stand.place} 名{'（暂定）' if stand.provisional else ''}"


def brings(step: Step) -> str:
    """第六条（一）办案任务完成率 +2.56，折算、封顶和舍入 +0.05."""
    return "，".join(f"{one.clause}{' ' if one.clause else ''}{one.title} {_signed(one.points)}" for one in step.brings)


def _signed(value: Decimal) -> str:
    return f"+{points(value)}" if value > 0 else points(value)
