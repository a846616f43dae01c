"""What is said about a draft beside its base, unit by unit: who moves and why. Reads effects; computes no score."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scoring.engine.explain import place_range
from scoring.engine.printed import between, points
from scoring.insight.whatif import Cause, Effect, WhatIf
from scoring.reports.slope import Line

MOST_LINES = 40  # in a slope graph


def total(row: dict[str, object]) -> str:
    """93.16, or 44.17–89.03 while something is not known."""
    low, high = row["total_low"], row["total_high"]
    assert isinstance(low, Decimal | None) and isinstance(high, Decimal | None)
    return between(low, high)


def place(row: dict[str, object]) -> str:
    return str(row["place"]) if row["place"] is not None else "暂缺"


def move(effect: Effect) -> str:
    """↑2, ↓1, — where it stays or has no place."""
    up = effect.up
    return "—" if not up else f"↑{up}" if up > 0 else f"↓{-up}"


def arrowed(old: str, new: str, move: str = "") -> str:
    """2 → 3 ↓1; what stays is said once."""
    return old if old == new else f"{old} → {new}" + (f"　{move}" if move not in ("", "—") else "")


def signed(amount: Decimal | None) -> str:
    if amount is None:
        return "待定"
    return f"{'+' if amount > 0 else '−' if amount < 0 else ''}{points(abs(amount))}"


def cause(one: Cause) -> str:
    """第六条（一）办案任务完成率 −0.50."""
    return f"{one.clause}{one.title} {signed(one.difference)}"


def why(effect: Effect, most: int = 2) -> str:
    """The largest causes; for who moved without any of its own: that the others moved."""
    told = [cause(one) for one in effect.causes[:most]]
    if len(effect.causes) > most:
        told.append(f"另 {len(effect.causes) - most} 项")
    if effect.rest not in (None, 0):
        told.append(f"折算、限分和取整 {signed(effect.rest)}")
    if not told and effect.up:
        told = ["本身分数没变，是别的单位分数变了"]
    return "；".join(told) or "—"


def grade(effect: Effect) -> str:
    old, new = (title or "暂缺" for title in effect.grades)
    return old if old == new else f"{old} → {new}"


def followed(effect: Effect) -> str:
    """Consequences gained and lost."""
    return "；".join([*(f"新增：{one}" for one in effect.gained), *(f"不再：{one}" for one in effect.lost)]) or "—"


def lines(effects: Sequence[Effect]) -> list[Line]:
    """For the slope graph: of a large group those that moved the farthest."""
    shown = set(sorted(range(len(effects)), key=lambda index: -abs(effects[index].up or 0))[:MOST_LINES])
    drawn = [one for index, one in enumerate(effects) if index in shown]
    return [Line(one.title, one.places, (total(one.before), total(one.after))) for one in drawn]


def summary(found: WhatIf, group: str) -> str:
    """One sentence on the group."""
    effects = found.of_group(group)
    moved = [one for one in effects if one.up]
    title = found.draft.groups[group].title
    if not moved:
        others = sum(one.is_other for one in effects)
        return f"{title}名次没有变动" + (f"，{others} 个单位的分数变了。" if others else "，分数也没有变动。")
    most = max(moved, key=lambda one: abs(one.up or 0))
    way = "上升" if (most.up or 0) > 0 else "下降"
    return f"{title}有 {len(moved)} 个单位名次变动，最多的是{most.title}，{way} {abs(most.up or 0)} 名（第 {most.places[0]} → {most.places[1]} 名）。"


def ties(found: WhatIf, group: str) -> str:
    """Ties made and broken, in words; "" where there are none."""
    register = found.draft.register
    inside = {one.unit for one in found.of_group(group)}
    told = []
    for what, listed in zip(("新并列", "不再并列"), found.ties, strict=True):
        titles = ["、".join(register.title(unit) for unit in units) for units in listed if inside.issuperset(units)]
        told += [f"{what}：{'；'.join(titles)}"] if titles else []
    return "　".join(told)


def open_place(effect: Effect) -> str:
    """The places a unit without a total can still take."""
    return place_range(effect.after)
