"""What followed for whom, in sentences: the consequences of one unit, and of a group clause by clause. Reads result tables."""

from __future__ import annotations

from typing import Any

from scoring.engine.assessment import Assessment
from scoring.engine.consequences import said_of_all
from scoring.rubric.following import OPEN

Row = dict[str, Any]


def following(assessment: Assessment, unit: str) -> str:
    """第十七条（二）书面整改，30 日内; while it is open: （待定）. Empty where no clause takes hold of the unit."""
    told = [f"{row['clause']}{_told(row)}" for row in assessment.rows("consequence", unit=unit)]
    row = assessment.one("ranking", unit=unit)
    if row is not None and others_open(assessment, row):
        told.append(f"{'其余' if told else ''}{OPEN}，总分暂缺，还没有名次")
    return "；".join(told)


def others_open(assessment: Assessment, row: Row) -> bool:
    """Whether a unit without a total may be taken hold of by a clause of which nothing is written down. `row`: its ranking."""
    if row["state"] != "pending" or row["unranked"]:
        return False
    clauses = assessment.rubric.spec.consequences
    return any(one.in_group(row["group"]) and not said_of_all(one) for one in clauses)


def _told(row: Row) -> str:
    days = f"，{row['within_days']} 日内" if row["within_days"] is not None else ""
    return f"{row['action']}{days}{'' if row['settled'] else f'（{OPEN}）'}"


def by_clause(assessment: Assessment, group: str) -> list[str]:
    """第十七条（一）约谈：雁川县；待定：苇泽县、云岫县. One line for each clause that takes hold of a unit of the group."""
    lines = []
    rows = assessment.rows("consequence", group=group)
    order = [row["unit"] for row in assessment.rows("ranking", group=group)]
    for number in dict.fromkeys(row["number"] for row in rows):
        own = sorted((row for row in rows if row["number"] == number), key=lambda row: order.index(row["unit"]))
        titles = {
            settled: "、".join(_title(assessment, row) for row in own if row["settled"] is settled)
            for settled in (True, False)
        }
        told = [*([titles[True]] if titles[True] else []), *([f"{OPEN}：{titles[False]}"] if titles[False] else [])]
        lines.append(f"{own[0]['clause']}{_told({**own[0], 'settled': True})}：{'；'.join(told)}")
    return lines


def _title(assessment: Assessment, row: Row) -> str:
    return assessment.rubric.register.title(row["unit"])


def listed(assessment: Assessment) -> dict[str, list[Row]]:
    """By unit, for other programs."""
    found: dict[str, list[Row]] = {}
    for row in assessment.rows("consequence"):
        one = {key: row[key] for key in ("clause", "action", "within_days", "settled")}
        found.setdefault(row["unit"], []).append(one)
    return found
