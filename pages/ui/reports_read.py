"""Due reports of a unit in tables that are read: how many were late or missing, and which. Shows rows; reckons nothing."""

from __future__ import annotations

from pages.ui import drawn_table, words
from pages.ui.drawn_table import Cell
from pages.ui.words import Row
from scoring.calendar import label_words
from scoring.engine import Assessment
from scoring.engine.explain import STATUS


def odd(rows: list[Row], result: Assessment, key: str) -> None:
    """Late and missing reports of several forms, what is wrong first. Nothing where there is none."""
    if not rows:
        return
    head, told = cells(rows)
    told = [[result.rubric.forms[row["form"]].title, *own] for row, own in zip(_worst_first(rows), told, strict=True)]
    marked = [[*row[:4], Cell(row[4], "red" if row[4].startswith(STATUS["missing"]) else "orange"), *row[5:]] for row in told]
    drawn_table.show(("报表", *head), marked, "迟报、未报的", key)


def _worst_first(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: ["missing", "late", "on_time", "not_yet"].index(row["status"]))


def cells(rows: list[Row]) -> tuple[tuple[str, ...], list[list[str]]]:
    """Head and lines of the table."""
    told = [
        [
            label_words(row["due_period"]), words.moment(row["deadline"]),
            words.moment(row["received_at"]) if row["received_at"] else "未收到", _report_status(row), "是" if row["nil"] else "",
        ]
        for row in _worst_first(rows)
    ]  # fmt: skip
    head = ("报送期", "截止", "收到", "状态", "零报告")
    return (head, told) if any(row[4] for row in told) else (head[:4], [row[:4] for row in told])


def counts(result: Assessment, rows: list[Row], key: str) -> None:
    """For each form: how many reports were due, on time, late, missing."""
    shown = [status for status in STATUS if status != "not_yet" or any(row["status"] == status for row in rows)]
    told: list[list[str | Cell]] = []
    for code in dict.fromkeys(row["form"] for row in rows):
        own = [row["status"] for row in rows if row["form"] == code]
        counted = [(own.count(status), "red" if status in ("late", "missing") else "") for status in shown]
        told.append([result.rubric.forms[code].title, str(len(own)), *(Cell(str(n), tone) if n else Cell("—", "gray") for n, tone in counted)])
    head = ("报表", "应报", *(STATUS[status] for status in shown))
    drawn_table.show(head, told, "报送次数", key, head[1:])


def _report_status(row: Row) -> str:
    told = STATUS[row["status"]]
    return f"{told} {row['days_late']} 天" if row["status"] == "late" and row["days_late"] else told
