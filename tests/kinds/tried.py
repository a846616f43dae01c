"""Figures tried on one drawn rule by the real engine, many units at once: the item, its twin that is not waited for."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from scoring.engine.made_up import MadeUp, score
from scoring.engine.placed import Placed, placed
from scoring.engine.proofs import unproved
from scoring.project import Project
from scoring.rubric import Rubric, load_rubric
from scoring.rubric.rules.kind import RuleKind
from scoring.rubric.samples import Said
from tests.kept import kept_folder
from tests.kinds.drawn import AMOUNTS, COUNTS, GROUPS, SIGNED, TRUTHS, Drawn, Figures, Value
from tests.tiny import Tiny, block

_COLUMNS = [
    *(f"  - {{code: {name}, title: {name}, type: integer, at_least: 0}}" for name in COUNTS),
    *(f"  - {{code: {name}, title: {name}, type: decimal, decimals: 2, at_least: 0}}" for name in AMOUNTS),
    *(f"  - {{code: {name}, title: {name}, type: decimal, decimals: 2}}" for name in SIGNED),
    *(f"  - {{code: {name}, title: {name}, type: boolean}}" for name in TRUTHS),
]
_DAY = "  - {code: seen_on, title: 日期, type: date, required: true}"
FORMS = {
    "book": "form: book\ntitle: 数据表\ndated_by: seen_on\ncolumns:\n" + "\n".join([_DAY, *_COLUMNS]),
    "weekly": f"form: weekly\ntitle: 周报\ndated_by: seen_on\ndue: {{every: week, weekday: 5, not_before: {{days: 3}}}}\ncolumns:\n{_DAY}",
    "review": "form: review\ntitle: 考核组评分\nkept_by: office\ndated_by: seen_on\ncolumns:\n" + _DAY +
    "\n  - {code: indicator, title: 指标代码, type: text}\n  - {code: score, title: 分数, type: decimal, decimals: 2}",
}  # fmt: skip
BASE = Tiny(
    forms=FORMS, register="\n".join(f"- {{code: {code}, title: 单位{code}, kind: {code}}}" for code in GROUPS),
    measures="\n".join(f"{name}: {{title: {name}, form: book, value: only({name})}}" for name in (*COUNTS, *AMOUNTS, *SIGNED, *TRUTHS)),
    groups="{" + ", ".join(f"{code}: {{title: {code}, units: {{kinds: [{code}]}}, full_marks: 100}}" for code in GROUPS) + "}",
)  # fmt: skip


@cache
def _project() -> Project:
    folder = kept_folder("tried")
    return replace(BASE, indicators=_item("x", Drawn("{kind: judged, measure: r1}", Decimal(10), GROUPS[0]))).open(
        folder
    )


def _item(code: str, drawn: Drawn) -> str:
    head = f"{drawn.head.strip()}\n" if drawn.head.strip() else ""
    body = f"full_marks: {drawn.full}\n{head}rules: [{drawn.rule}]"
    return f"- code: {code}\n  title: 指标{code}\n  clause: 第{code}条\n{block(body, 2)}\n"


def rubric_of(drawn: Drawn) -> Rubric:
    """The rubric with the item x, and y the same with `missing: no_points`. Fails where the rule is not accepted."""
    project = _project()
    assert project.forms is not None and project.register is not None
    twin = f"{_item('y', drawn)}  missing: no_points\n"
    tiny = replace(
        BASE, indicators=_item("x", drawn) + twin,
        rounding=f"{{rate: none, item: {drawn.decimals}, section: none, total: 2, places_by: rounded}}",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = tiny.write(Path(folder)) / "config" / "scoring.yaml"
        rubric, issues = load_rubric(path, "scoring.yaml", project.forms, project.register)
    assert rubric is not None, "\n".join(str(issue) for issue in issues if issue.level == "error")
    assert not unproved(rubric), unproved(rubric)
    return rubric


def half_up(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@dataclass(frozen=True)
class Result:
    """The item of one unit, and what the rule takes elsewhere (0 or less)."""

    state: str
    low: Decimal
    high: Decimal | None
    taken_low: Decimal | None = Decimal(0)
    taken_high: Decimal = Decimal(0)

    @property
    def known(self) -> bool:
        return self.state == "value"

    @property
    def effect(self) -> Decimal:
        """Points with what is taken elsewhere, of a known item."""
        assert self.known and self.low == self.high and self.taken_low == self.taken_high
        return self.low + self.taken_high


class Trial:
    """Units gathered one by one, each combination of figures once, scored all together."""

    def __init__(self, drawn: Drawn, rubric: Rubric) -> None:
        self.drawn, self.rubric = drawn, rubric
        self._units: dict[tuple[Any, ...], str] = {}
        self._results: dict[tuple[str, str], Result] = {}
        self._made: list[MadeUp] = []

    @property
    def item(self) -> Placed:
        return placed(self.rubric, self.drawn.group)[0]

    @property
    def rule(self) -> RuleKind:
        return self.item.indicator.rules[0]

    @property
    def lands(self) -> bool:
        return "lands_on" in self.drawn.rule

    def add(self, figures: Figures, absent: dict[str, str] | None = None) -> str:
        """The name of the unit with these figures, some of them absent."""
        absent = absent or {}
        assert all(code not in COUNTS or value % 1 == 0 for code, value in figures.items())
        assert all(code in COUNTS or isinstance(value, bool) or value * 100 % 1 == 0 for code, value in figures.items())
        key = (tuple(sorted(figures.items())), tuple(sorted(absent.items())))
        if key not in self._units:
            name = f"u{len(self._units)}"
            said = {code: _said(value) for code, value in figures.items()}
            said |= {code: Said("", state) for code, state in absent.items()}
            if "x.judged" in said:
                said["y.judged"] = said["x.judged"]
            self._units[key] = name
            self._made.append(MadeUp(name, "all", self.drawn.group, said, frozenset(["x", "y"])))
        return self._units[key]

    def run(self) -> None:
        found = score(self.rubric, self._made)
        taken = {(row["unit"], row["indicator"]): (row["points_low"], row["points_high"]) for row in found["landing"]}
        for row in found["indicator_score"]:
            key = (row["unit"], row["indicator"])
            low, high = taken.get(key, (Decimal(0), Decimal(0)))
            self._results[key] = Result(row["state"], row["points_low"], row["points_high"], low, high)

    def of(self, unit: str, item: str = "x") -> Result:
        return self._results[unit, item]

    def limited(self, points: Decimal) -> Decimal:
        """Points of the rule as they are seen in the end: of the item within its limits, rounded."""
        decimals, full = self.drawn.decimals, self.drawn.full
        if self.lands:  # the item keeps its points; what is taken elsewhere has no floor there
            return half_up(full, decimals) - half_up(full - points, decimals)
        shown = half_up(points, decimals)
        top = self.drawn.top
        return max(Decimal(0), shown if top is None else min(shown, half_up(top, self.drawn.decimals)))


def _said(value: Value) -> Said:
    return Said("", value=value if isinstance(value, bool) else Fraction(value))
