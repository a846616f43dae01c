"""From one Assessment to Shares: what every unit earned of every item, exactly. Reads result tables, places nobody anew.

`shares_of` scores the nominal weights once more from what it read and refuses where that is not the exact ranking.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from scoring.engine import Assessment
from scoring.insight.robustness.exact import ranking_of
from scoring.insight.robustness.extras import bonuses_of, held_of, penalty_of, rules_of
from scoring.insight.robustness.model import TOTAL, LeftOut, NotStudied, Shares, Studied
from scoring.insight.robustness.tree import Tree, tree_of

Row = dict[str, Any]
_NONE = Fraction(0)
_REASONS = {
    "pending": "有暂缺的指标，总分还不能定",
    "stopped": "被一票否决，不再计分",
    "not_applicable": "没有适用的指标",
}


def shares_of(assessment: Assessment, group: str) -> Shares:
    """Everything the study needs of one group. Raises NotStudied where there is nothing to compare, or it cannot be done."""
    rubric = assessment.rubric
    if group not in rubric.groups:
        raise NotStudied(f"没有分组“{group}”", f"可选：{'、'.join(rubric.groups)}")
    ranking = assessment.rows("ranking", group=group)
    tree = tree_of(rubric, group)
    rows = _Rows(assessment, group)
    named = rubric.register.title
    ranked = sorted((row for row in ranking if row["place"] is not None), key=lambda row: rows.order[row["unit"]])
    units = tuple(_studied(row, named(row["unit"]), tree, rows) for row in ranked)
    out = tuple(_left_out(row, named(row["unit"])) for row in ranking if row["place"] is None)
    _enough(rubric.groups[group].title, units, out, tree)
    shares = Shares(
        group, rubric.groups[group].title, assessment.period.label, tuple(tree.items), tuple(tree.nodes), units, out,
        rules_of(rubric, group, tree, len(units), any(_waits(row) for row in ranking)),
        (*tree.notes(), *_notes(units, rows, rubric.indicators)),
    )  # fmt: skip
    _check(shares)
    return shares


class _Rows:
    """Rows of the result tables of one group, by unit."""

    def __init__(self, assessment: Assessment, group: str) -> None:
        def rows(table: str, *columns: str) -> Mapping[str, list[Row]]:
            whole = assessment.tables[table]
            own = whole.select(["unit", *columns]).filter(pc.equal(whole.column("group"), pa.scalar(group)))
            found: dict[str, list[Row]] = defaultdict(list)
            for row in own.to_pylist():
                found[row["unit"]].append(row)
            return found

        self.items = rows("indicator_score", "indicator", "state", "left_out", "points", "points_low", "points_high", "full_marks")
        self.landings = rows("landing", "indicator", "node", "points_low")
        self.adjustments = rows("adjustment", "adjustment", "kind", "points_low", "withheld", "holds")
        self.sections = rows("node_score", "section", "given_low", "left_out")
        self.order = {unit.code: number for number, unit in enumerate(assessment.rubric.register.units)}


def _studied(ranking: Row, title: str, tree: Tree, rows: _Rows) -> Studied:
    unit = ranking["unit"]
    sheet = _Sheet(tree)
    for row in rows.items[unit]:
        sheet.add_indicator(row)
    if tree.whole or tree.bare_sections:
        for row in rows.sections[unit]:
            sheet.add_section(row)
    if tree.spreading:
        sheet.spread(rows.items[unit])
    for row in rows.landings[unit]:
        sheet.add_landing(row)
    rubric, adjustments = tree.rubric, rows.adjustments[unit]
    held = held_of(rubric, {row["adjustment"] for row in adjustments if row["kind"] == "veto" and row["holds"]})
    return Studied(
        unit, title, tuple(sheet.earned), tuple(sheet.left), tuple((*key, factor) for key, factor in sheet.landed.items()),
        tuple(sheet.fixed.items()), bonuses_of(rubric, tree.group, adjustments), penalty_of(adjustments), held,
        ranking["place"], ranking["total"], ranking["grade"],
    )  # fmt: skip


class _Sheet:
    """What one unit earned, item by item."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.earned = [_NONE] * len(tree.items)
        self.left = [_NONE] * len(tree.items)
        self.landed: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
        self.fixed: dict[int, Fraction] = defaultdict(Fraction)

    def add_indicator(self, row: Row) -> None:
        code, points = row["indicator"], row["points_low"] or Decimal(0)
        if code in self.tree.bare:
            node = self.tree.bare[code]
            self._fix(node, Fraction(points) * self.tree.nodes[node].scale)
            return
        index = self.tree.item_of.get(code)
        if index is not None and not self.tree.items[index].whole:
            if row["left_out"]:
                self.left[index] = Fraction(1)
            else:
                self.earned[index] = _ratio(points, row["full_marks"])

    def add_section(self, row: Row) -> None:
        """Only a section that is moved, or carried along, as a whole."""
        code = row["section"]
        if code in self.tree.bare_sections:
            node = self.tree.bare_sections[code]
            self._fix(node, Fraction(row["given_low"] or 0) * self.tree.nodes[node].scale)
        elif (index := self.tree.whole.get(code)) is not None:
            item = self.tree.items[index]
            full = item.weight / self.tree.nodes[item.node].scale
            if row["left_out"]:
                self.left[index] = Fraction(1)
            else:
                self.earned[index] = Fraction(row["given_low"] or 0) / full

    def spread(self, rows: Iterable[Row]) -> None:
        """Full marks of an item that does not apply, spread over its neighbours: it earns what they earn of them."""
        states = {row["indicator"]: row["state"] for row in rows}
        for takers, gone in _spread_in(self.tree, states):
            part = Fraction(1, len(takers))
            for item in gone:
                self.left[item] = sum((self.left[taker] * part for taker in takers), _NONE)
                self.earned[item] = sum((self.earned[taker] * part for taker in takers), _NONE)

    def add_landing(self, row: Row) -> None:
        code, loss = row["indicator"], Fraction(row["points_low"] or 0)
        node = TOTAL if row["node"] == "total" else self.tree.node_of.get(row["node"])
        if node is None:
            return  # inside a whole section, whose points have it already
        points = loss if node == TOTAL else loss * self.tree.nodes[node].scale
        index = self.tree.item_of.get(code)
        if index is None:
            self._fix(node, points)
            return
        self.landed[node, index] += points / self.tree.items[index].weight  # prices are of its own full marks, also where raised

    def _fix(self, node: int, points: Fraction) -> None:
        if points:
            self.fixed[node] += points


@lru_cache(100_000)
def _ratio(points: Decimal, full: Decimal) -> Fraction:
    return Fraction(points) / Fraction(full)


def _spread_in(tree: Tree, states: Mapping[str, str]) -> Iterable[tuple[list[int], list[int]]]:
    """(items that share, items whose full marks they share) of each section where that is so for the unit."""
    for items, spreading in tree.spreading:
        gone = [code for code in spreading if states.get(code) == "not_applicable"]
        takers = [code for code in items if code not in gone]
        if gone and takers:
            yield [tree.item_of[code] for code in takers], [tree.item_of[code] for code in gone]


def _waits(row: Row) -> bool:
    """Whether the unit has no total yet and will have a place."""
    return bool(row["state"] == "pending" and not row["unranked"])


def _left_out(row: Row, title: str) -> LeftOut:
    reason = _REASONS.get(row["state"], "不参加排名")
    if _waits(row):
        return LeftOut(row["unit"], title, reason, row["total_low"], row["total_high"])
    return LeftOut(row["unit"], title, reason)


def _enough(group: str, units: tuple[Studied, ...], out: tuple[LeftOut, ...], tree: Tree) -> None:
    if not units and not out:
        raise NotStudied(f"“{group}”没有被考核单位", "请核对分组和单位名册")
    if not units:
        told = "、".join(f"{one.title}{one.reason}" for one in out[:5]) + ("等" if len(out) > 5 else "")
        raise NotStudied(f"“{group}”没有一个单位排出名次：{told}", "请补齐数据后再看名次有多稳")
    if len(units) == 1:
        raise NotStudied(f"“{group}”只有{units[0].title}一个单位排出名次，没有先后可比", "至少要有两个单位")
    if not tree.items:
        raise NotStudied(f"“{group}”没有一项写了满分，分值无从变动", "请给指标写上 full_marks")


def _notes(units: Iterable[Studied], rows: _Rows, indicators: Mapping[str, Any]) -> list[str]:
    """Units with a settled total and an item that is not."""
    found = []
    for unit in units:
        opened = [row["indicator"] for row in rows.items[unit.code]
                  if not row["left_out"] and row["points"] is None and row["points_low"] != row["points_high"]]  # fmt: skip
        if opened:
            told = "、".join(indicators[code].title for code in opened)
            found.append(f"{unit.title}的{told}还没有定，总分不受影响，按最低分计")
    return found


def _check(shares: Shares) -> None:
    """Draw 0: the nominal weights give the totals and places of the assessment, or nothing is studied."""
    for unit, total, place in zip(shares.units, *ranking_of(shares, shares.weights), strict=True):
        if place != unit.place or total != unit.total:
            told = f"按原分值重算，{unit.title}得 {_plain(total)} 分、第 {place} 名，与考核结果（{_plain(unit.total)} 分、第 {unit.place} 名）不符"
            raise NotStudied(told, "这份办法的写法还不能作分值变动的研究，请告知维护人员")


def _plain(total: Decimal) -> str:
    return format(total.normalize(), "f")
