"""What makes the distance between two units of one group (差距). Knows one Assessment, no page; reckons no score.

Every summand of both totals is set side by side; the differences add up to that of the totals, exactly. What a clause
adds to the distance is split at the points m of the unit in the middle of the group (median; of an even number the mean
of the two in the middle), held between the two units: ahead − m is what the middle lacks as well (common), m −
behind is what only the unit behind lacks (single). A common problem (共性问题) is something else, and the same as everywhere: see briefing/heat.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property

from scoring.engine import Assessment
from scoring.engine.summed import KINDS
from scoring.insight.briefing.heat import Problem, problems
from scoring.insight.gap_values import ADJUSTED, HEADINGS, REST, Gap, Part, Side, Sum, added
from scoring.insight.summands import EXACT, NOTHING, ZERO, Ends, Key, named_parts, step_title, summands

__all__ = ["ADJUSTED", "HEADINGS", "REST", "Gap", "NotCompared", "Part", "Side", "Sum", "ends_of", "gap_of", "median"]


class NotCompared(ValueError):
    """Why two units cannot be set side by side, in Chinese, without full stop."""


def gap_of(result: Assessment, one: str, other: str, found: Sequence[Problem] | None = None) -> Gap:
    """Two units of one group, by code; whose total is known to be higher is ahead, else the first named. `found`: the
    problems of the group, where they are known already.

    Raises NotCompared: the same unit twice, not assessed, of different groups, without any total.
    """
    if one == other:
        raise NotCompared("两个是同一个单位，请选两个不同的单位")
    sides = [_side(result, code) for code in (one, other)]
    groups = [result.rubric.groups[side.row["group"]].title for side in sides]
    if groups[0] != groups[1]:
        told = f"{sides[0].title}属于{groups[0]}，{sides[1].title}属于{groups[1]}"
        raise NotCompared(f"{told}：两组各自计分，不能相比。请选同一组的单位")
    low, high = sides[0].row["total_high"], sides[1].row["total_low"]
    if low is not None and high is not None and low < high:
        sides.reverse()
    group = sides[0].row["group"]
    common = tuple(one for one in (problems(result, group) if found is None else found) if one.is_common)
    parts = tuple(_Parts(result, group, common).between(sides[0].unit, sides[1].unit))
    return Gap(result.rubric, group, sides[0], sides[1], parts, common)


def ends_of(result: Assessment, group: str) -> tuple[str, str]:
    """First and last of a group, by code; of units that share the place, the outer ones. Raises NotCompared."""
    rows, title = result.rows("ranking", group=group), result.rubric.groups[group].title
    placed = sorted((row for row in rows if row["place"] is not None), key=lambda row: row["place"])
    if len(placed) > 1:
        return placed[0]["unit"], placed[-1]["unit"]
    if not rows:
        raise NotCompared(f"{title}里没有被考核单位，没有差距可言")
    if len(rows) == 1:
        raise NotCompared(f"{title}只有 1 个单位，没有差距可言")
    told = f"{title}有名次的单位只有 {len(placed)} 个" if placed else f"{title}还没有一个单位有名次"
    raise NotCompared(f"{told}，分不出首尾。请指定两个单位")


def _side(result: Assessment, unit: str) -> Side:
    title, row = result.rubric.register.title(unit), result.one("ranking", unit=unit)
    if row is None:
        raise NotCompared(f"“{title}”不在 {result.period.label} 年考核之列")
    if row["state"] not in ("complete", "pending"):
        why = "没有适用的指标" if row["state"] == "not_applicable" else "一票否决"
        raise NotCompared(f"{title}{why}，没有总分，不能相比")
    scores = [score for score in result.rows("indicator_score", unit=unit) if not score["left_out"]]
    worth = added(score["full_marks"] or NOTHING for score in scores) or NOTHING
    return Side(unit, title, row, worth, added(score["points"] for score in scores))


class _Parts:
    """Every summand of the units of one group."""

    def __init__(self, result: Assessment, group: str, common: Sequence[Problem]) -> None:
        self._rubric, self._group = result.rubric, group
        self._common = {code: problem.label for problem in common for code in problem.indicators}
        self._named = named_parts(result.rubric)
        self._units = [row["unit"] for row in result.rows("ranking", group=group)]
        every = summands(result)
        self._summands = {unit: every.get(unit, {}) for unit in self._units}
        self._scores = {(row["unit"], row["indicator"]): row for row in result.rows("indicator_score", group=group)}

    def between(self, ahead: str, behind: str) -> Iterator[Part]:
        """In the order of the text; what applies to neither of the two, and adjustments and steps that neither has, are left out."""
        keys = {**self._summands[ahead], **self._summands[behind]}
        for key in sorted(keys, key=self._order):
            sides = [self._summands[unit].get(key) or ZERO for unit in (ahead, behind)]
            if sides != [ZERO, ZERO] or (key[0] == "indicator" and any(self._applies(key, unit) for unit in (ahead, behind))):
                yield self._part(key, (ahead, behind), sides)

    def _part(self, key: Key, units: tuple[str, str], sides: Sequence[Ends]) -> Part:
        kind, code = key
        clause, title = self._named.get(code, ("", ""))
        applies = self._applies(key, units[0]), self._applies(key, units[1])
        if kind in KINDS:
            title, clause = step_title(kind, title), ""
        elif kind == "landing":
            title = f"{title}失分（扣在别处）"
        split = kind not in KINDS and all(applies)
        points = [self._summands[unit].get(key, ZERO).known for unit in self._units if self._applies(key, unit)]
        middle = median([one for one in points if one is not None]) if split else None
        losing = self._losses(code) if kind == "indicator" else None
        problem = self._common.get(code, "") if kind == "indicator" else ""
        section = self._section(key) if all(applies) else REST
        return Part(kind, code, clause, title, section, sides[0], sides[1], applies, middle, losing, problem)

    def _applies(self, key: Key, unit: str) -> bool:
        if key[0] not in ("indicator", "landing"):
            return True
        row = self._scores.get((unit, key[1]))
        return row is not None and not row["left_out"]

    def _losses(self, code: str) -> tuple[int, int] | None:
        rows = [self._scores[unit, code] for unit in self._units if self._applies(("indicator", code), unit)]
        rows = [row for row in rows if row["points_lost"] is not None and row["full_marks"]]
        return (sum(row["points_lost"] > 0 for row in rows), len(rows)) if rows else None

    def _section(self, key: Key) -> str:
        kind, code = key
        if kind in ("indicator", "landing"):
            code = self._rubric.section_of[code].code
        elif kind not in KINDS:
            return ADJUSTED
        return self._tops.get(code, REST)

    @cached_property
    def _tops(self) -> dict[str, str]:
        """Each section and the one of the first level it belongs to."""
        return {
            node.section.code: (node.above[0] if node.above else node.section).code
            for node in self._rubric.nodes(self._group)
        }

    def _order(self, key: Key) -> tuple[int, int, int]:
        kind, code = key
        if kind in ("indicator", "landing"):
            return 0, self._places[code], int(kind == "landing")
        listed = [one.code for one in self._rubric.spec.adjustments]
        return (1, listed.index(code), 0) if kind not in KINDS else (2, list(KINDS).index(kind), 0)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self._rubric.indicators)}


def median(points: Sequence[Decimal]) -> Decimal | None:
    """The middle one, or the mean of the two in the middle, exact; None of nothing."""
    if not points:
        return None
    listed = sorted(points)
    low, high = listed[(len(listed) - 1) // 2], listed[len(listed) // 2]
    return EXACT.multiply(EXACT.add(low, high), Decimal("0.5")) if low != high else low
