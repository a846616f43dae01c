"""What is not well and what is not there: problems of many units, totals that wait, reports late or not in. Reads rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.engine.printed import points
from scoring.insight.briefing.heat import Problem, reported, thing_of_all
from scoring.insight.briefing.naming import ABSENT as WHY
from scoring.insight.briefing.naming import UNREPORTED, WITHOUT, lacking
from scoring.insight.briefing.reading import ABSENT, Reading, Row
from scoring.insight.briefing.told import NAMED, Told, counted, fitting, listed, most_of, quoted

BEHIND = "进度滞后"


@dataclass(frozen=True)
class Things:
    """What the units of a problem lack, or have too much of: by all its items where these count the same thing, else by
    the item that most of them have."""

    indicator: str  # that most of them have
    units: tuple[str, ...]
    gaps: dict[str, int]  # by unit, of those that have reported; empty where they cannot be added up
    thing: str
    is_lack: bool
    some_silent: bool  # an item of a unit was not reported
    of_item: bool  # and not of all items

    @property
    def sum(self) -> int:
        return sum(self.gaps.values())

    @property
    def most(self) -> list[str]:
        """Who has the largest gap; nobody where all have the same, or too many share it."""
        top, least = max(self.gaps.values(), default=0), min(self.gaps.values(), default=0)
        found = [unit for unit, gap in self.gaps.items() if gap == top]
        return found if top > least and len(found) <= NAMED else []


def things_of(seen: Reading, problem: Problem) -> Things:
    by_item: dict[str, list[Row]] = {code: [] for code in problem.indicators}
    for code in problem.indicators:
        by_item[code] = [seen.short[unit, code] for unit in seen.units if (unit, code) in seen.short]
    code = max(by_item, key=lambda one: len(by_item[one]))  # of equals the first of the text
    every = [row for rows in by_item.values() for row in rows]
    rows = every if thing_of_all(seen, every) else by_item[code]
    found, thing = reported(rows), thing_of_all(seen, rows)
    having, sums = {row["unit"] for row in rows}, dict[str, int]()
    for row in found if thing else ():
        sums[row["unit"]] = sums.get(row["unit"], 0) + row["gap"]
    units = [unit for unit in seen.units if unit in having]
    gaps = {unit: sums[unit] for unit in units if unit in sums}
    first = found[0]["indicator"] if found else code
    is_lack = lacking(seen.items[first].indicator)
    return Things(code, tuple(units), gaps, thing, is_lack, len(found) < len(rows), len(rows) < len(every))


def problem_told(seen: Reading, problem: Problem, others: Sequence[Problem] = ()) -> Told:
    """“报送工作信息不达标”涉及 8 个单位（适用的共 12 个），合计差 15 条，苇泽县差得最多（3 条）.

    `others`: all problems, of which the costliest common one is told too where it is another one that costs more.
    """
    units = seen.names(list(problem.cells))
    slow, label = slow_of(problem), quoted(problem.label)
    head = f"{label}方面有 {len(units)} 个单位{BEHIND}" if slow == len(units) else f"{label}涉及 {len(units)} 个单位"
    some = f"，其中 {slow} 个{BEHIND}" if 0 < slow < len(units) else ""
    silent = sum(cell.stage == UNREPORTED for cell in problem.cells.values())
    some += f"，{'' if some else '其中 '}{silent} 个{UNREPORTED}、按规定不得分" if silent else ""
    told = f"{head}（适用的共 {len(problem.applies)} 个{some}）"
    told += f"：{'、'.join(units)}" if len(units) <= NAMED else ""
    told += _things_told(seen, problem)
    if problem.open:
        told += f"；另有 {counted(seen.names(list(problem.open)))}数据不全，未计入"
    told += _costliest(problem, others)
    short = fitting(f"{len(units)} 个单位{problem.label}", f"{problem.label} {len(units)} 个", problem.label)
    if slow:
        short = f"{len(units)} 个单位有短板或{BEHIND}" if slow < len(units) else f"{len(units)} 个单位{BEHIND}"
        short = fitting(f"{seen.items[things_of(seen, problem).indicator].indicator.title} {short}", short)
    return Told("不足", f"{told}。", short, seen.link("shortfalls", label=problem.label), "problem")


def _costliest(problem: Problem, others: Sequence[Problem]) -> str:
    """。共性问题中失分最多的是“重点工作任务欠账”，9 个单位合计失 27.77 分."""
    common = [one for one in others if one.is_common]
    most = max((one.lost for one in common), default=problem.lost)
    if most <= problem.lost:
        return ""
    found = [one for one in common if one.lost == most]
    word = f"合计失 {points(most)} 分"
    if len(found) > 1:
        return f"。共性问题中失分并列最多的是{'、'.join(quoted(one.label) for one in found[:NAMED])}，各{word}"
    known = "已知" if found[0].lost_open else ""
    return f"。共性问题中失分最多的是{quoted(found[0].label)}，{len(found[0].cells)} 个单位{known}{word}"


def slow_of(problem: Problem) -> int:
    """How many of its units are behind the pace, while there is time to catch up."""
    return sum(cell.stage == BEHIND for cell in problem.cells.values())


def _things_told(seen: Reading, problem: Problem) -> str:
    """，合计差 15 条，苇泽县差得最多（3 条）; "" where there is nothing to add up."""
    found = things_of(seen, problem)
    if not found.sum:
        return ""
    title = seen.items[found.indicator].indicator.title
    head = f"其中{title}涉及 {len(found.units)} 个单位、" if found.of_item else ""
    told = f"，{head}{amount_told(found)}"
    if found.most:
        told += most_of(
            seen.names(found.most), f"{found.gaps[found.most[0]]} {found.thing}", "差得" if found.is_lack else ""
        )
    return told


def amount_told(found: Things) -> str:
    """合计差 15 条; 差 3 条 of a single unit; 共 32 次 where nothing should be there at all; 已报的 where one has not reported."""
    word = ("合计差" if len(found.gaps) > 1 else "差") if found.is_lack else "共"
    return f"{'已报的' if found.some_silent else ''}{word} {found.sum} {found.thing}"


def waiting_told(seen: Reading) -> Told | None:
    """2 个单位（茗川县、鹭泽示范区）总分暂缺：茗川县 12 项没有分数（未报送），鹭泽示范区 1 项没有分数（脱敏）."""
    units = seen.pending
    if not units:
        return None
    groups = alike(units, lambda unit: _waits(seen, unit))
    details = [f"{listed(seen.names(own))}{'各' if len(own) > 1 else ''} {why}" for why, own in groups[:NAMED] if why]
    more = f"，其余 {sum(len(own) for _, own in groups[NAMED:])} 个单位见排名" if len(groups) > NAMED else ""
    told = f"{counted(seen.names(units))}总分暂缺" + (f"：{'，'.join(details)}" if details else "")
    return Told("不足", f"{told}{more}。", f"{len(units)} 个单位总分暂缺", seen.link("ranking"), "waiting")


def alike(units: list[str], told_of: Callable[[str], str]) -> list[tuple[str, list[str]]]:
    """What is to be said of each, once for all of whom it is the same."""
    found: dict[str, list[str]] = {}
    for unit in units:
        found.setdefault(told_of(unit), []).append(unit)
    return [*found.items()]


def _waits(seen: Reading, unit: str) -> str:
    row = seen.by_unit[unit]
    if row["countable"] == row["counted"]:
        return ""
    states = {one["state"] for one in open_rows(seen, unit)}
    why = "、".join(word for state, word in WHY.items() if state in states)
    return f"{row['countable'] - row['counted']} 项没有分数" + (f"（{why}）" if why else "")


def open_rows(seen: Reading, unit: str) -> list[Row]:
    """The items of a unit whose points wait for a figure, in the order of the text."""
    own = {row["indicator"]: row for row in seen.shortfalls if row["unit"] == unit and row["stage"] == WITHOUT}
    return [own[code] for code in seen.items if code in own and (own[code]["points_lost"] is None)]


def reports_of(seen: Reading) -> list[Row]:
    """The reports of the units of the group that were due by now; what the office enters is not among them."""
    forms = {code for code, form in seen.result.rubric.forms.items() if form.kept_by == "unit"}
    return [row for row in seen.result.rows("due")
            if row["unit"] in seen.by_unit and row["form"] in forms and row["status"] != "not_yet"]  # fmt: skip


def reports_told(seen: Reading) -> Told | None:
    """应报 480 份报表，迟报 21 份、未报 6 份，苇泽县最多（9 份）."""
    rows = reports_of(seen)
    late, missing = (sum(row["status"] == status for row in rows) for status in ("late", "missing"))
    if not late + missing:
        return None
    kinds = [(word, count) for word, count in (("迟报", late), ("未报", missing)) if count]
    parts = "、".join(f"{word} {count} 份" for word, count in kinds)
    most = _most_of(seen, rows)
    told = f"到期应报的 {len(rows)} 份报表中，{parts}"
    if most:
        told += most_of(seen.names(most[0]), f"{most[1]} 份")
    return Told("不足", f"{told}。", parts, seen.link("quality"), "reports")


def _most_of(seen: Reading, rows: list[Row]) -> tuple[list[str], int] | None:
    """Who has the most reports late or not in; nobody where too many share it, or it is the only one."""
    counts = {
        unit: sum(row["unit"] == unit and row["status"] in ("late", "missing") for row in rows) for unit in seen.units
    }
    top = max(counts.values())
    found = [unit for unit in seen.units if counts[unit] == top]
    return (found, top) if len(found) <= NAMED and len(seen.units) > 1 else None


def reports_by_unit(seen: Reading, status: str) -> dict[str, int]:
    """By unit the number of reports that are late, or missing; the most first."""
    counts: dict[str, int] = {}
    for row in reports_of(seen):
        if row["status"] == status:
            counts[row["unit"]] = counts.get(row["unit"], 0) + 1
    return dict(sorted(counts.items(), key=lambda one: (-one[1], seen.units.index(one[0]))))


def wanted(seen: Reading, unit: str) -> list[str]:
    """What has to be handed in or entered before the total is known: 补报案件台账（已收 3/应收 4）. Each thing once."""
    found: dict[str, bool] = {}  # and whether it is a table made from others
    for row in open_rows(seen, unit):
        for code in seen.items[row["indicator"]].everything:
            figure = seen.figures[unit].get(code)
            if figure is not None and figure["state"] in ABSENT:
                rubric = seen.result.rubric
                found[_wanted(seen, code, figure)] = rubric.forms[rubric.measures[code].form].derived is not None
    own = [told for told, is_derived in found.items() if not is_derived]
    return own or list(found)


def _wanted(seen: Reading, code: str, figure: dict[str, Any]) -> str:
    measure = seen.result.rubric.measures[code]
    form = seen.result.rubric.forms[measure.form]
    short = (
        figure["expected"] is not None and figure["received"] is not None and figure["received"] < figure["expected"]
    )
    if form.derived is not None:
        return f"补齐{form.title}所依据的报表"
    if figure["state"] == "masked":
        return f"改报{form.title}中脱敏的数字"
    if figure["waiting"]:
        return f"等待{form.title}复核"
    if form.kept_by != "unit":
        return f"待登记{form.title}"
    if figure["state"] == "pending":
        return f"按期报送{form.title}"
    return (
        f"补报{form.title}（已收 {figure['received']}/应收 {figure['expected']}）"
        if short
        else f"补填{form.title}的{measure.title}"
    )
