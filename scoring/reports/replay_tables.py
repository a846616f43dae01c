"""Rule or work as tables: totals and places four ways, and the two parts. Prints what it is given, exactly."""

from __future__ import annotations

from scoring.engine.assessment import Assessment
from scoring.engine.printed import between
from scoring.insight.replay import Redone, Replay
from scoring.insight.replay_told import unit_sentence
from scoring.reports.gap_tables import exact
from scoring.reports.study import Cell, Row

_CHANGE = ("变化", "工作变化", "办法变化")


def total_head(found: Replay) -> tuple[str, ...]:
    return ("考核分组", "单位", *_ways(found), *_CHANGE, "一句话")


def place_head(found: Replay) -> tuple[str, ...]:
    return ("考核分组", "单位", *_ways(found), "名次升降", "工作使升降", "办法使升降")


def total_rows(found: Replay, group: str | None = None) -> list[Row]:
    rows: list[Row] = []
    for one in _units(found, group):
        parts = [None, None, None] if one.total is None else [one.total.whole, one.total.work, one.total.rule]
        rows.append((_group(found, one), one.title, *_totals(one), *map(exact, parts), unit_sentence(found, one)))
    return rows


def place_rows(found: Replay, group: str | None = None) -> list[Row]:
    """Places gained are positive."""
    rows: list[Row] = []
    for one in _units(found, group):
        parts = [None, None, None] if one.place is None else [one.place.whole, one.place.work, one.place.rule]
        shown = (None if size is None else int(size) if size == int(size) else size for size in parts)
        rows.append((_group(found, one), one.title, *_places(one), *shown))
    return rows


def _ways(found: Replay) -> tuple[str, ...]:
    return tuple(_way(run) for run in (found.then, found.then_by_new, found.now_by_old, found.now))


def _way(run: Assessment) -> str:
    """2023 年按 2024 版."""
    return f"{run.period.label} 年按 {run.rubric.spec.edition} 版"


def _units(found: Replay, group: str | None) -> list[Redone]:
    groups = found.now.rubric.groups if group is None else (group,)
    return [one for code in groups for one in found.of_group(code)]


def _group(found: Replay, one: Redone) -> str:
    return found.now.rubric.groups[one.group].title


def _totals(one: Redone) -> list[Cell]:
    return [
        "无法重算" if row is None else exact(row["total"]) if row["total"] is not None else f"暂缺（{between(row['total_low'], row['total_high'])}）"
        for row in one.four.all
    ]


def _places(one: Redone) -> list[Cell]:
    return ["无法重算" if row is None else row["place"] if row["place"] is not None else "暂缺" for row in one.four.all]
