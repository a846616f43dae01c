"""排名 as a list to take away, amounts as exact numbers; and which neighbours are hardly apart. Prints rows; computes no score."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import served, words
from pages.ui.words import Row
from scoring.engine import Assessment
from scoring.engine.followed import listed, others_open
from scoring.insight.small_numbers import close_neighbours

HEAD = (
    "名次", "单位", "总分", "可能最低", "可能最高", "等次", "上年名次", "上年总分", "距上一名", "已计指标", "应计指标", "状态", "结果运用",
)  # fmt: skip

MOST_UNITS, MOST_TOLD = 60, 3  # of more units the scoring that it takes would hold up the page


def close(result: Assessment, rows: Sequence[Row]) -> None:
    """Neighbours whose totals differ by less than one more case is worth."""
    if not 1 < len(rows) <= MOST_UNITS:
        return
    group = rows[0]["group"]
    found = served.kept(f"close neighbours {group}", lambda: close_neighbours(result, group))
    if found:
        more = f"（另有 {len(found) - MOST_TOLD} 处）" if len(found) > MOST_TOLD else ""
        st.caption(f"相差很小的：{words.plain(''.join(found[:MOST_TOLD]))}{more}")


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
