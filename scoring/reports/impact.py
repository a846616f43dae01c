"""The 影响表 of a draft as plain rows, and what they come to in sentences. Builds no file and scores nothing.

Who moves from which place to which, through which clause, which grades and consequences are gained or lost, which ties
are made or broken. Whoever scores both texts fills it in; `impact_document` and `impact_workbook` print it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

PENDING, UNRANKED, OUTSIDE = "暂缺", "不排名", "不考核"
TRIAL = "本表按草案试算，不是考核结果；名次、等次以正式公布的为准。"


@dataclass(frozen=True)
class Changed:
    """One change of the text. `clause`: 第六条（一）, empty where no clause speaks of it; `what`: 办案任务完成率 · 满分（县区）."""

    clause: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Standing:
    """Where a unit stands by one text. Without a place `why` says why: 暂缺（第 3–5 名）, 不排名, 不考核."""

    place: int | None = None
    tied: bool = False
    total: Decimal | None = None
    grade: str | None = None
    why: str = ""

    @property
    def told(self) -> str:
        """3, 并列 3, 暂缺."""
        if self.place is None:
            return self.why or PENDING
        return f"并列 {self.place}" if self.tied else str(self.place)


@dataclass(frozen=True)
class Unit:
    """One unit under both texts. `through`: 第六条（一）办案任务完成率 6 → 7.5（+1.5）, the largest first; consequences as
    they are called: 约谈（第十七条（一））."""

    group: str
    title: str
    before: Standing
    after: Standing
    through: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def rise(self) -> int | None:
        """Places up (above 0) or down; None where one of the two is not settled."""
        if self.before.place is None or self.after.place is None:
            return None
        return self.before.place - self.after.place

    @property
    def moves(self) -> bool:
        return self.before.told != self.after.told

    @property
    def difference(self) -> Decimal | None:
        if self.before.total is None or self.after.total is None:
            return None
        return self.after.total - self.before.total


@dataclass(frozen=True)
class Tie:
    """Units that share a place by one text and not by the other. `made`: by the draft; else it breaks the tie."""

    group: str
    place: int
    units: tuple[str, ...]
    made: bool


@dataclass(frozen=True)
class Impact:
    """All of it. `units` in the order in which they are printed, group by group; everybody, or only those who move."""

    office: str  # 青岚市打击侵权假冒工作领导小组办公室, of office.yaml
    sample: bool
    rubric: str  # title of the 办法
    basis: str  # 2024版（示双打办〔2024〕2号）: what the draft was written over
    draft: str  # 提高办案分值（CA2025-000012，第 3 版）
    author: str
    reason: str
    made_on: date
    period: str  # 2024年
    as_of: date  # 数据截至
    changes: tuple[Changed, ...]
    units: tuple[Unit, ...]
    ties: tuple[Tie, ...] = ()
    notes: tuple[str, ...] = ()  # what scaling warned of, units left out …
    approver: str = ""  # empty while nobody has approved

    @property
    def title(self) -> str:
        return f"《{self.rubric}》修改影响表"

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.group for one in self.units))

    def of(self, group: str) -> tuple[Unit, ...]:
        return tuple(one for one in self.units if one.group == group)


def day(value: date) -> str:
    """2025年1月20日."""
    return f"{value.year}年{value.month}月{value.day}日"


def points(value: Decimal | None) -> str:
    """At least two decimals, and all that there are: 91.50, 97.894736842105."""
    if value is None:
        return "—"
    exponent = value.normalize().as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{value:.{decimals}f}".replace("-", "−")


def signed(value: Decimal | None) -> str:
    """+1.50, −0.25, 0.00."""
    return f"+{points(value)}" if value is not None and value > 0 else points(value)


def arrow(one: Unit) -> str:
    """↑2, ↓1, —; 待定 while a place is open."""
    rise = one.rise
    if rise is None:
        return "待定" if one.moves else "—"
    return f"↑{rise}" if rise > 0 else f"↓{-rise}" if rise < 0 else "—"


def grades(one: Unit) -> str:
    """良好 → 优秀; 良好 where it stays."""
    before, after = one.before.grade or "—", one.after.grade or "—"
    return after if before == after else f"{before} → {after}"


def consequences(one: Unit) -> str:
    """新增：约谈；不再：通报表扬."""
    told = [f"新增：{'、'.join(one.gained)}"] if one.gained else []
    told += [f"不再：{'、'.join(one.lost)}"] if one.lost else []
    return "；".join(told) or "—"


def summary(found: Impact) -> list[str]:
    """What it comes to, a sentence for each group and each kind of change."""
    told = [sentence for group in found.groups for sentence in _group_told(group, found.of(group))]
    if not found.units:
        told.append("没有单位的名次、等次和结果运用有变动。")
    return told + list(_ties_told(found.ties))


def _group_told(group: str, units: Sequence[Unit]) -> Iterator[str]:
    up = [one for one in units if (one.rise or 0) > 0]
    down = [one for one in units if (one.rise or 0) < 0]
    opened = [one for one in units if one.rise is None and one.moves]
    if not up and not down and not opened:
        yield f"{group} {len(units)} 个单位，名次都不变。"
    else:
        counts = [("上升", up), ("下降", down), ("待定", opened)]
        told = f"{group} {len(units)} 个单位，名次" + "、".join(
            f"{way} {len(listed)} 个" for way, listed in counts if listed
        )
        largest = max([*up, *down], key=lambda one: abs(one.rise or 0), default=None)
        if largest is not None:
            way = "升到" if (largest.rise or 0) > 0 else "降到"
            told += f"；变动最大的是{largest.title}，由第 {largest.before.place} 名{way}第 {largest.after.place} 名"
        yield f"{told}。"
    graded = [one for one in units if one.before.grade != one.after.grade]
    if graded:
        listed = "；".join(
            f"{one.title}由{one.before.grade or '未定'}变为{one.after.grade or '未定'}" for one in graded
        )
        yield f"{group}等次有变的：{listed}。"
    followed = [
        f"{one.title}{verb}{what}"
        for one in units
        for verb, listed in (("新增", one.gained), ("不再", one.lost))
        for what in listed
    ]
    if followed:
        yield f"{group}结果运用有变的：{'；'.join(followed)}。"


def _ties_told(ties: Sequence[Tie]) -> Iterator[str]:
    for made, verb in ((True, "新出现并列"), (False, "不再并列")):
        listed = [f"{one.group}第 {one.place} 名：{'、'.join(one.units)}" for one in ties if one.made is made]
        if listed:
            yield f"{verb}的：{'；'.join(listed)}。"
