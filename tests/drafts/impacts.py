"""An 影响表 made up for tests and for looking at: two groups, ties, grades, consequences, awkward text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from scoring.reports.impact import Changed, Impact, Standing, Tie, Unit

COUNTIES = ["甲县", "乙县", "丙县", "丁县", "戊县", "己县", "庚县", "辛县", "壬县", "癸县", "高新区", "经开区"]
BEFORE = ["94.16", "93.57", "92.80", "92.80", "90.05", "88.41", "86.30", "84.75", "81.02", "78.60", "77.11", "59.00"]
AFTER = ["93.61", "94.02", "92.95", "91.44", "90.05", "89.20", "86.30", "83.90", "81.02", "79.15", "79.15", "59.00"]


def _placed(totals: list[str]) -> list[tuple[int, bool]]:
    values = [Decimal(text) for text in totals]
    return [(1 + sum(other > one for other in values), values.count(one) > 1) for one in values]


def _grade(total: str, place: int) -> str:
    value = Decimal(total)
    return "优秀" if value >= 90 and place <= 3 else "良好" if value >= 80 else "合格" if value >= 60 else "不合格"


def counties() -> tuple[Unit, ...]:
    found = []
    for title, old, new, was, now in zip(COUNTIES, BEFORE, AFTER, _placed(BEFORE), _placed(AFTER), strict=True):
        through: tuple[str, ...] = ()
        if old != new:
            rise = Decimal(new) - Decimal(old)
            through = (
                f"第六条（一）办案任务完成率 6.40 → 8.00（{'+' if rise > 0 else '−'}{abs(rise)}）",
                "第七条（一）平台录入 5.50 → 5.20（−0.30）",
            )
        found.append(
            Unit(
                "县区", title, Standing(was[0], was[1], Decimal(old), _grade(old, was[0])),
                Standing(now[0], now[1], Decimal(new), _grade(new, now[0])), through,
                ("约谈（第十七条（一））",) if title == "癸县" else (), ("约谈（第十七条（一））",) if title == "壬县" else (),
            )
        )  # fmt: skip
    return tuple(found)


def impact(sample: bool = True) -> Impact:
    waiting = Standing(None, False, None, None, "暂缺（第 2–4 名）")
    departments = (
        Unit("成员单位", "市公安局", Standing(1, False, Decimal("96.2"), "优秀"), Standing(1, False, Decimal("96.2"), "优秀")),
        Unit("成员单位", "市市场监督管理局", Standing(2, False, Decimal("95"), "优秀"), waiting, ("=1+1（不是公式）",)),
        Unit("成员单位", "市文化广电和旅游局", waiting, waiting),
    )
    changes = (
        Changed("第六条（一）", "办案任务完成率 · 满分（县区）", "8 分", "10 分"),
        Changed("第七条（一）", "平台录入 · 满分（县区）", "6 分", "5.2 分"),
        Changed("第七条（一）", "平台录入 · 漏录每件扣（县区）", "0.5 分", "0.4333 分"),
        Changed("", "优秀 · 名额比例", "30%", "25%"),
    )
    ties = (Tie("县区", 3, ("丙县", "丁县"), False), Tie("县区", 10, ("癸县", "高新区"), True))
    return Impact(
        "青岚市打击侵权假冒工作领导小组办公室（示例）", sample, "双打工作考核评价办法（示例）", "2024版（示双打办〔2024〕2号）",
        "“提高办案分值”（CA2025-000012，第 3 版）", "李分析",
        "2024 年办案任务完成率普遍偏低，与其他各项相比分值偏小，拉不开差距；提高办案分值，平台录入相应减少，总分不变。",
        date(2025, 1, 20), "2024年", date(2025, 1, 20), changes, (*counties(), *departments), ties,
        ("有的分值没有随满分改变（各组共用，而各组满分变化的比例不同）：第七条（一）平台录入",),
    )  # fmt: skip
