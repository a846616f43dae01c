"""A rule as it was drawn: YAML, figures worth trying, and what its written numbers say by plain arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Value = Decimal | bool
Figures = dict[str, Value]
Ways = dict[str, str]
Draw = Callable[[st.SearchStrategy[Any]], Any]

GROUPS = ("county", "zone")
# Measures by what they hold: counts and amounts never negative, one amount of either sign, yes or no.
COUNTS, AMOUNTS, SIGNED, TRUTHS = ("n1", "n2", "n3"), ("r1", "r2"), ("s1",), ("b1", "b2", "b3")
MEASURES = (*COUNTS, *AMOUNTS, *SIGNED, *TRUTHS)
LARGE = Decimal(10**6)
OPPOSITE = {"up": "down", "down": "up", "none": "none", "same": "same"}


def n(text: str | int) -> Decimal:
    return Decimal(str(text))


def written(value: Decimal) -> str:
    """As a person writes it in YAML."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Drawn:
    """`anchors`: figures and the points of the rule then, before the floor and the limit of the item, by hand.
    `reached`: what makes a number or a condition of the text come true. `neutral`: where a figure that does not apply
    counts nothing, the value of it that counts nothing either. `span`: of the rule, nothing being known of it."""

    rule: str
    full: Decimal
    group: str
    head: str = ""  # actual, target, value, at_most
    top: Decimal | None = None
    marks: dict[str, list[Value]] = field(default_factory=dict)
    anchors: list[tuple[Figures, Decimal]] = field(default_factory=list)
    reached: dict[str, Callable[[Value], Figures | None]] = field(default_factory=dict)
    ways: Ways = field(default_factory=dict)
    neutral: Figures = field(default_factory=dict)
    span: tuple[Decimal, Decimal | None] | None = None
    counted: bool = False  # an unknown figure is taken to be no less than 0
    decimals: int = 2

    def with_top(self, top: Decimal | None) -> Drawn:
        return replace(self, head=f"{self.head}\nat_most: {'none' if top is None else written(top)}", top=top)


@dataclass(frozen=True)
class Scene:
    """Where a rule stands: its group and full marks; writes numbers in one of the ways a rubric allows."""

    draw: Draw
    group: str
    full: Decimal

    def price(self, low: str = "0.1", high: str = "12", by_group: bool = True) -> tuple[str, Decimal]:
        """A number of points, as text and as a number."""
        value = self.draw(st.decimals(n(low), n(high), places=self.draw(st.sampled_from([0, 1, 2])))) + n(0)
        how = self.draw(st.sampled_from(["plain", "plain", "plain", "share", "full", "map"]))
        if how == "share":
            share = self.draw(st.sampled_from([10, 20, 25, 50]))
            return f"{share}% of full", self.full * share / 100
        if how == "full":
            return "full", self.full
        if how == "map" and by_group:
            return f"{{{self.group}: {written(value)}, {self.other}: {written(value + 1)}}}", value
        return written(value), value

    @property
    def other(self) -> str:
        return next(one for one in GROUPS if one != self.group)

    def limits(self, values: list[Decimal]) -> list[str]:
        """Limits as text: all of them plain, or all by group."""
        if self.draw(st.booleans()):
            return [written(value) for value in values]
        return [f"{{{self.group}: {written(value)}, {self.other}: {written(value + 7)}}}" for value in values]

    def flag(self) -> bool:
        return bool(self.draw(st.booleans()))

    def one_of(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))


# --- what a rule looks at: one number ------------------------------------------------------------------


@dataclass(frozen=True)
class Subject:
    """A number that limits are compared with. `at`: figures that give it a value (None: no figures do)."""

    name: str  # as an expression: value, or a measure
    head: str
    of: str  # what the rule says of it
    unit: Decimal
    ways: Ways
    at: Callable[[Decimal], Figures | None]
    signed: bool = False

    def marks(self, values: list[Decimal]) -> dict[str, list[Value]]:
        """Figures around the limits: at them, a bit to either side, 0, and far off."""
        near = [x + off for x in values for off in (-self.unit, Decimal(0), self.unit)] + [Decimal(0), LARGE]
        near += [-LARGE] if self.signed else []
        found: dict[str, dict[Value, None]] = {name: {} for name in self.ways}
        for x in near:
            for name, value in (self.at(x) or {}).items():
                found[name][value] = None
        return {name: sorted(values) for name, values in found.items()}


def subject(scene: Scene) -> Subject:
    how = scene.one_of("count", "amount", "named", "signed", "ratio", "gap")
    if how == "count":
        return _single("value", "actual: n1", "", "n1", Decimal(1))
    if how == "amount":
        return _single("value", "actual: r1", "", "r1", n("0.01"))
    if how == "named":
        return _single("r1", "", "of: r1, ", "r1", n("0.01"))
    if how == "signed":
        return replace(_single("value", "actual: s1", "", "s1", n("0.01")), at=lambda x: {"s1": x}, signed=True)
    if how == "ratio":
        head = "actual: n1\ntarget: n2\nvalue: 100 * actual / target" + ("\nmeasured_in: '%'" if scene.flag() else "")
        return Subject("value", head, "", n("0.01"), {"n1": "up", "n2": "down"}, _ratio)
    head = "actual: r1\nvalue: actual - r2"
    return Subject("value", head, "", n("0.01"), {"r1": "up", "r2": "down"}, _gap, signed=True)


def _single(name: str, head: str, of: str, figure: str, unit: Decimal) -> Subject:
    return Subject(name, head, of, unit, {figure: "up"}, lambda x: {figure: x} if x >= 0 and x % unit == 0 else None)


def _ratio(x: Decimal) -> Figures | None:
    return {"n1": x * 100, "n2": n(10000)} if x >= 0 and (x * 100) % 1 == 0 else None


def _gap(x: Decimal) -> Figures | None:
    return {"r1": x + 2 * LARGE, "r2": 2 * LARGE}


def turned(ways: Ways, way: str) -> Ways:
    """How points that go this way with the number go with its figures."""
    if way in ("none", "same"):
        return dict.fromkeys(ways, "none")
    return {name: one if way == "up" else OPPOSITE[one] for name, one in ways.items()}


def course(points: list[Decimal]) -> str:
    """up, down, same or none, of points in the order of what they depend on."""
    if len(set(points)) == 1:
        return "same"
    return "up" if points == sorted(points) else "down" if points == sorted(points, reverse=True) else "none"


# --- what a rule looks at: a condition -----------------------------------------------------------------


@dataclass(frozen=True)
class Condition:
    """A condition with figures for which it holds and for which it does not."""

    text: str
    holds: Figures
    fails: Figures
    ways: Ways
    marks: dict[str, list[Value]]

    @property
    def quoted(self) -> str:
        return f'"{self.text}"'

    def reached(self, value: Value) -> Figures:
        return self.holds if value else self.fails


def condition(scene: Scene, single: bool = False) -> Condition:
    """`single`: of one figure only."""
    c, b, a = scene.one_of(*COUNTS), scene.one_of(*TRUTHS), scene.one_of(*AMOUNTS)
    k = n(scene.draw(st.integers(1, 9)))
    near: list[Value] = [Decimal(0), k - 1, k, k + 1, LARGE]
    yes_no: list[Value] = [False, True]
    plain = [
        Condition(f"{c} >= {k}", {c: k}, {c: k - 1}, {c: "up"}, {c: near}),
        Condition(f"{c} < {k}", {c: k - 1}, {c: k}, {c: "down"}, {c: near}),
        Condition(f"{c} = {k}", {c: k}, {c: k + 1}, {c: "none"}, {c: near}),
        Condition(f"{c} in ({k}, {k + 2})", {c: k}, {c: k + 1}, {c: "none"}, {c: near}),
        Condition(f"not {c} > {k}", {c: k}, {c: k + 1}, {c: "down"}, {c: near}),
        Condition(f"{a} > {k}.5", {a: k + 1}, {a: k}, {a: "up"}, {a: near}),
        Condition(f"{a} between {k} and {k + 1}", {a: k}, {a: k + 2}, {a: "none"}, {a: near}),
        Condition(b, {b: True}, {b: False}, {b: "up"}, {b: yes_no}),
        Condition(f"not {b}", {b: False}, {b: True}, {b: "down"}, {b: yes_no}),
        Condition(f"{b} = false", {b: False}, {b: True}, {b: "down"}, {b: yes_no}),
    ]
    both = [
        Condition(
            f"{b} and {c} >= {k}", {b: True, c: k}, {b: False, c: k - 1}, {b: "up", c: "up"}, {b: yes_no, c: near}
        ),
        Condition(
            f"{b} or {c} < {k}", {b: True, c: k - 1}, {b: False, c: k}, {b: "up", c: "down"}, {b: yes_no, c: near}
        ),
        Condition(f"{a} >= {k} * {c}", {a: k, c: n(1)}, {a: k - 1, c: n(1)}, {a: "up", c: "down"}, {a: near, c: near}),
        Condition(
            f"{a} / {c} >= {k}",
            {a: k, c: n(1)},
            {a: k - 1, c: n(1)},
            {a: "up", c: "down"},
            {a: near, c: [x for x in near if x]},
        ),
    ]
    found: Condition = scene.one_of(*plain) if single else scene.one_of(*plain, *both)
    return found


def joined(*ways: Ways) -> Ways:
    """Of several things that all move the points."""
    found: Ways = {}
    for one in ways:
        for name, way in one.items():
            found[name] = way if found.get(name, way) == way else "none"
    return found


def together(*marks: dict[str, list[Value]]) -> dict[str, list[Value]]:
    found: dict[str, dict[Value, None]] = {}
    for one in marks:
        for name, values in one.items():
            found.setdefault(name, {}).update(dict.fromkeys(values))
    return {name: sorted(values) for name, values in found.items()}


def reversed_ways(ways: Ways) -> Ways:
    return turned(ways, "down")
