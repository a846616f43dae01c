"""排名 as a list to take away: every unit of a group, amounts as exact numbers. Prints rows; computes no score."""

from __future__ import annotations

from collections.abc import Sequence

from pages.ui import words
from pages.ui.words import Row
from scoring.engine import Assessment
from scoring.engine.followed import listed, others_open

HEAD = (
    "名次", "单位", "总分", "可能最低", "可能最高", "等次", "上年名次", "上年总分", "距上一名", "已计指标", "应计指标", "状态", "结果运用",
)  # fmt: skip


def cells(result: Assessment, rows: Sequence[Row]) -> list[tuple[object, ...]]:
    """What is not there is said in words, never as 0."""
    register, followed = result.rubric.register, listed(result)
    return [
        (
            row["place"] if row["place"] is not None else words.short_place(row),
            register.title(row["unit"]),
            row["total"] if row["total"] is not None else words.short_total(row),
            *(row[end] if row["total"] is None and row[end] is not None else "" for end in ("total_low", "total_high")),
            row["grade"] or "暂缺",
            row["previous_place"] if row["previous_place"] is not None else "无",
            row["previous_total"] if row["previous_total"] is not None else "无",
            row["to_next"] if row["to_next"] is not None else "—",
            row["counted"],
            row["countable"],
            words.standing(row),
            words.followed(followed.get(row["unit"], []), others_open(result, row)),
        )
        for row in rows
    ]
