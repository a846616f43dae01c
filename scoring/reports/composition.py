"""What each total of a group is made of, section by section, ready to be drawn. Reads result tables; reckons no total."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import cycle
from typing import Any

from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.reports.stacked_picture import COLOURS, Kind, Piece, Stack
from scoring.rubric.structure import in_all, reach

Row = dict[str, Any]
OWN, RESCALED, GIVEN, TAKEN, OPEN, LOST = "总分（不分项）", "合理缺项折算", "加分", "扣分、否决", "暂缺，可能得分", "失分"
_FIXED = {OWN: "#7f93a8", RESCALED: "#b4c0cc", GIVEN: "#2a9d8f", TAKEN: "#b42318"}
_APART = ("section_takes", "section_limit", "section_weight", "rounding")  # within a section, or too small to be seen
_ZERO, _CENT = Decimal(0), Decimal("0.01")
Address = Callable[[str, str], str]  # unit, section or "": where a bar leads to, as HTML has it


def colours(result: Assessment, group: str) -> dict[str, str]:
    """By name of a piece, in the order of the legend; hatched and hollow pieces have none."""
    found = {section.title: colour for colour, section in zip(cycle(COLOURS), result.rubric.sections(group), strict=False)}
    return found | _FIXED


def stacks(result: Assessment, rows: list[Row], opened: Callable[[str], bool], words: Callable[[Row], str], to: Address) -> list[Stack]:
    """One bar per unit of `rows` (of one group's ranking), in their order. Not `opened`: its total only."""
    if not rows:
        return []
    group = rows[0]["group"]
    full = _in_all(result, group)
    nodes: dict[str, list[Row]] = {}
    for node in result.rows("node_score", group=group):
        nodes.setdefault(node["unit"], []).append(node)
    changes: dict[str, list[Row]] = {}
    for change in [*result.rows("adjustment", group=group), *_on_the_total(result, group)]:
        if change["kind"] not in _APART:
            changes.setdefault(change["unit"], []).append(change)
    titles = {section.code: section.title for section in result.rubric.sections(group)}
    found = []
    for row in rows:
        unit = row["unit"]
        if opened(unit):
            parts = _parts(titles, nodes.get(unit, []), changes.get(unit, []))
        else:
            parts = [(OWN, row["total_low"], "earned", "")]
        parts = _with_rest(parts, row, full)
        title = result.rubric.register.title(unit)
        pieces = [Piece(name, amount, kind, f"{title}　{name} {_told(amount)} 分", to(unit, code)) for name, amount, kind, code in parts]
        found.append(Stack(title, pieces, words(row), to(unit, "")))
    return found


def legend(rows: list[Stack], colour: Mapping[str, str]) -> list[tuple[str, str, Kind]]:
    """(name, colour, kind) of every piece that is drawn, those with a colour in its order first."""
    drawn = {piece.name: piece.kind for one in rows for piece in one.pieces if piece.amount}
    return [(name, colour.get(name, ""), drawn[name]) for name in (*colour, OPEN, LOST) if name in drawn]


def _parts(titles: Mapping[str, str], nodes: list[Row], changes: list[Row]) -> list[tuple[str, Decimal, Kind, str]]:
    earned = {node["section"]: node["given_low"] for node in nodes if node["section"] in titles}
    parts: list[tuple[str, Decimal, Kind, str]] = [
        (title, max(_ZERO, earned[code]), "earned", code) for code, title in titles.items() if code in earned
    ]
    below = -sum((min(_ZERO, amount) for amount in earned.values()), _ZERO)
    added = [(row, row["points_low"]) for row in changes if row["points_low"] is not None and row["points_low"] > 0]
    taken = -sum((row["points_high"] for row in changes if row["points_high"] is not None and row["points_high"] < 0), _ZERO)
    for name, is_named in ((RESCALED, True), (GIVEN, False)):
        amount = sum((points for row, points in added if (row["kind"] == "rescale") is is_named), _ZERO)
        parts.append((name, amount, "earned", ""))
    return [*parts, (TAKEN, taken + below, "taken", "")]


def _with_rest(parts: list[tuple[str, Decimal, Kind, str]], row: Row, full: Decimal) -> list[tuple[str, Decimal, Kind, str]]:
    """With what may still come and what was lost, up to all there is."""
    end = sum((amount for _, amount, kind, _ in parts if kind == "earned"), _ZERO)
    taken = sum((amount for _, amount, kind, _ in parts if kind == "taken"), _ZERO)
    still = _ZERO
    if row["total"] is None:
        most = full if row["total_high"] is None else row["total_high"] + taken
        still = max(_ZERO, most - end)
    return [*parts, (OPEN, still, "open", ""), (LOST, max(_ZERO, full - end - still), "lost", "")]


def _on_the_total(result: Assessment, group: str) -> list[Row]:
    return [{**row, "kind": "landing"} for row in result.rows("landing", group=group, node="total")]


def _in_all(result: Assessment, group: str) -> Decimal:
    """What can be reached without bonus: the sections together, where that differs from what the group states."""
    rubric, most = result.rubric, result.rubric.spec.total.at_most
    found = in_all(rubric.spec, group, reach) or rubric.groups[group].full_marks
    return found if most is None else min(found, most)


def _told(amount: Decimal) -> str:
    return points(amount.quantize(_CENT, ROUND_HALF_UP))
