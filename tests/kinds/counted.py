"""Draws rules of things counted and conditions met: deductions, awards, checklist, timeliness, judged, formula."""

from __future__ import annotations

from decimal import Decimal

from tests.kinds.drawn import (
    AMOUNTS,
    COUNTS,
    LARGE,
    SIGNED,
    Condition,
    Drawn,
    Figures,
    Scene,
    Value,
    Ways,
    condition,
    joined,
    n,
    reversed_ways,
    together,
    written,
)

LATE = {"report": "late", "day": "days_late", "workday": "workdays_late", "month": "months_late"}


class Part:
    """One entry of `parts`: its text, and what nothing of it and the first of it are."""

    def __init__(self, scene: Scene, taken: set[str]) -> None:
        free = [name for name in (*COUNTS, *AMOUNTS, *SIGNED) if name not in taken]
        self.gate: Condition | None = None
        self.signed = False
        self.beyond: list[tuple[Figures, Decimal]] = []  # a bit more and a bit less than one step
        self.cap: Decimal | None = None
        if scene.one_of(True, True, False) and free:
            self._measured(scene, scene.one_of(*free))
        else:
            self._conditional(scene)

    def _measured(self, scene: Scene, figure: str) -> None:
        per = scene.one_of(n(1), n(1), n(2), n(5))
        text, self.price = scene.price("0.1", "3")
        parts = [f"measure: {figure}", f"each: {text}"]
        if per != 1:
            whole = scene.flag()
            parts += [f"per: {per}"] + (["whole_steps: true"] if whole else [])
            more = self.price if whole else self.price * (per + 1) / per
            self.beyond = [
                ({figure: per + 1}, more),
                ({figure: per - 1}, Decimal(0) if whole else self.price * (per - 1) / per),
            ]
        if scene.one_of(True, False, False):
            again = scene.price("0.1", "3")
            parts.append(f"again: {{from: {per * 2 + 1}, each: {again[0]}}}")
        if scene.flag():
            cap = scene.price("0.5", "8")
            self.cap = cap[1]
            parts.append(f"cap: {cap[0]}")
        self.tree, self.text = figure, parts
        self.nothing: Figures = {figure: Decimal(0)}
        self.first: Figures = {figure: per}
        self.ways: Ways = {figure: "up"}
        self.marks: dict[str, list[Value]] = {
            figure: [Decimal(0), n(1), per, per + 1, 2 * per, 2 * per + 1, 3 * per, LARGE]
        }
        self.signed = figure in SIGNED
        self.marks[figure] = sorted({*self.marks[figure], *([n(-1), -LARGE] if self.signed else [])})
        self.reached = {figure: lambda value: {figure: value}}
        if scene.one_of(True, False, False) and not self.signed:
            self._dearer(scene, figure)

    def _dearer(self, scene: Scene, figure: str) -> None:
        gate = condition(scene, single=True)
        if figure in gate.ways:
            return
        by = scene.one_of(n(2), n("0.5"), n(3))
        self.text.append(f"times: {{when: {gate.quoted}, by: {by}}}")
        self.gate, self.by = gate, by
        self.ways = joined(self.ways, gate.ways if by > 1 else reversed_ways(gate.ways))
        self.marks = together(self.marks, gate.marks)

    def _conditional(self, scene: Scene) -> None:
        gate = condition(scene, single=True)
        text, self.price = scene.price("0.1", "3")
        self.tree, self.text = gate.text, [f"if: {gate.quoted}", f"points: {text}"]
        self.nothing, self.first, self.ways, self.marks = gate.fails, gate.holds, gate.ways, gate.marks
        self.reached = {gate.text: gate.reached}

    @property
    def yaml(self) -> str:
        return f"{{{', '.join(self.text)}}}"

    def firsts(self) -> list[tuple[Figures, Decimal]]:
        """The first of it alone, and what it costs or brings."""

        def capped(points: Decimal) -> Decimal:
            return points if self.cap is None else min(points, self.cap)

        if self.gate is None:
            return [(figures, capped(points)) for figures, points in [(self.first, self.price), *self.beyond]]
        return [
            ({**self.first, **self.gate.fails}, capped(self.price)),
            ({**self.first, **self.gate.holds}, capped(self.price * self.by)),
        ]

    @property
    def most(self) -> Decimal | None:
        """What it costs or brings at most; None: no limit."""
        return self.price if self.text[0].startswith("if") else self.cap


def _parts(scene: Scene) -> list[Part]:
    taken: set[str] = set()
    found = []
    for _ in range(scene.one_of(1, 1, 2, 3)):
        part = Part(scene, taken)
        if taken.isdisjoint(part.ways):  # a figure of two parts is not n/a for one alone
            found.append(part)
            taken |= set(part.ways)
    return found or [Part(scene, set())]


def _one_by_one(parts: list[Part]) -> list[tuple[Figures, Decimal]]:
    """(figures, what they cost or bring): nothing of any part, the first of each alone."""
    nothing: Figures = {}
    for part in parts:
        nothing |= part.nothing | (part.gate.fails if part.gate is not None else {})
    return [
        (nothing, Decimal(0)),
        *(({**nothing, **figures}, cost) for part in parts for figures, cost in part.firsts()),
    ]


def _neutral(parts: list[Part]) -> Figures:
    return {name: value for part in parts for name, value in part.nothing.items()}


def _reached(parts: list[Part]) -> dict[str, object]:
    found: dict[str, object] = {}
    for part in parts:
        found |= part.reached | ({part.gate.text: part.gate.reached} if part.gate is not None else {})
    return found


def deductions(scene: Scene) -> Drawn:
    parts = _parts(scene)
    lands = scene.one_of("item", "item", "item", "section", "block", "total")
    base, text = scene.full, ""
    if lands == "item" and scene.flag():
        written_, base = scene.price("1", "9", by_group=False)
        text = f", base: {written_}"
    text += "" if lands == "item" else f", lands_on: {lands}"
    anchors = [(figures, base - cost) for figures, cost in _one_by_one(parts)]
    caps = [part.most for part in parts]
    known = not any(part.gate or part.signed for part in parts) and None not in caps
    return Drawn(
        f"{{kind: deductions, parts: [{', '.join(part.yaml for part in parts)}]{text}}}", scene.full, scene.group, "", scene.full,
        together(*(part.marks for part in parts)), anchors, _reached(parts),  # type: ignore[arg-type]
        reversed_ways(joined(*(part.ways for part in parts))), _neutral(parts),
        (base - sum(cap for cap in caps if cap is not None), base) if known else None, counted=True,
    )  # fmt: skip


def awards(scene: Scene) -> Drawn:
    parts = _parts(scene)
    ways = joined(*(part.ways for part in parts))
    cap: Decimal | None = None
    text = ""
    if scene.flag():
        written_, cap = scene.price("1", "9")
        text += f", cap: {written_}"
    found = [(figures, brought if cap is None else min(brought, cap)) for figures, brought in _one_by_one(parts)]
    marks, reached, neutral = together(*(part.marks for part in parts)), _reached(parts), _neutral(parts)
    gate = condition(scene) if scene.one_of(True, False, False) else None
    if gate is not None and set(gate.ways).isdisjoint(ways):
        text += f", only_if: {gate.quoted}"
        signed = any(part.signed for part in parts)
        ways = joined(ways, dict.fromkeys(gate.ways, "none") if signed else gate.ways)
        found = [({**figures, **gate.holds}, points) for figures, points in found] + [
            ({**figures, **gate.fails}, Decimal(0)) for figures, _ in found]  # fmt: skip
        marks, reached = together(marks, gate.marks), {**reached, gate.text: gate.reached}
    return Drawn(
        f"{{kind: awards, parts: [{', '.join(part.yaml for part in parts)}]{text}}}", scene.full, scene.group, "", scene.full,
        marks, found, reached, ways, neutral, (Decimal(0), cap) if cap is not None and not any(p.signed for p in parts) and
        all(p.most is None or p.most >= cap for p in parts) else None, counted=True,
    )  # fmt: skip


def checklist(scene: Scene) -> Drawn:
    need = scene.one_of("each", "each", "all", "any")
    items: list[Condition] = []
    for _ in range(scene.one_of(1, 2, 3)):
        one = condition(scene)
        if all(set(one.ways).isdisjoint(other.ways) for other in items):  # so that each can be met alone
            items.append(one)
    priced = [scene.price() for _ in items]
    whole_text, whole = scene.price() if scene.flag() else ("", scene.full)
    listed = [
        f"{{if: {one.quoted}" + (f", points: {text}}}" if need == "each" else "}")
        for one, (text, _) in zip(items, priced, strict=True)
    ]
    rule = f"{{kind: checklist, need: {need}, items: [{', '.join(listed)}]" + (
        f", points: {whole_text}}}" if whole_text and need != "each" else "}"
    )

    def points(met: list[bool]) -> Decimal:
        if need == "each":
            return sum((value for (_, value), holds in zip(priced, met, strict=True) if holds), Decimal(0))
        return whole if (all(met) if need == "all" else any(met)) else Decimal(0)

    count = len(items)
    mets = [
        [False] * count,
        [True] * count,
        *([i == k for i in range(count)] for k in range(count)),
        *([i != k for i in range(count)] for k in range(count)),
    ]
    anchors = []
    for met in mets:
        figures: Figures = {}
        for one, holds in zip(items, met, strict=True):
            figures |= one.holds if holds else one.fails
        anchors.append((figures, points(met)))
    most = sum((value for _, value in priced), Decimal(0)) if need == "each" else whole
    return Drawn(
        rule, scene.full, scene.group, "", scene.full, together(*(one.marks for one in items)), anchors,
        {one.text: one.reached for one in items}, joined(*(one.ways for one in items)), span=(Decimal(0), most),
    )  # fmt: skip


def timeliness(scene: Scene) -> Drawn:
    each = scene.one_of("report", *LATE)
    prices = {"late": scene.price("0.1", "2"), "missing": scene.price("0.1", "4")}
    codes = {"late": f"weekly.{LATE[each]}", "missing": "weekly.missing"}
    if scene.flag():
        prices["early"], codes["early"] = scene.price("0.1", "2"), "weekly.early"
    text = "".join(f", {key}: {price[0]}" for key, price in prices.items())
    text += f", late_each: {each}" if each != "report" else ""
    caps: dict[str, Decimal] = {}
    for key in ("late", "missing"):
        if scene.flag():
            cap = scene.price("0.5", "6")
            caps[key], text = cap[1], f"{text}, {key}_cap: {cap[0]}"
    nothing: Figures = dict.fromkeys(codes.values(), Decimal(0))
    anchors = [(nothing, scene.full)]
    for key, code in codes.items():
        cost = min(prices[key][1], caps.get(key, LARGE))
        anchors.append(({**nothing, code: n(1)}, scene.full - cost))
    known = set(caps) == set(codes)
    return Drawn(
        f"{{kind: timeliness, form: weekly{text}}}", scene.full, scene.group, "", scene.full,
        {code: [Decimal(0), n(1), n(2), n(7), n(300)] for code in codes.values()}, anchors,
        {code: (lambda value, code=code: {code: value}) for code in codes.values()},  # type: ignore[misc]
        dict.fromkeys(codes.values(), "down"), nothing, (scene.full - sum(caps.values()), scene.full) if known else None,
    )  # fmt: skip


def judged(scene: Scene) -> Drawn:
    loss, named = scene.flag(), scene.flag()
    text = ", as: loss" if loss else ""
    limit = scene.full
    if scene.flag():
        written_, limit = scene.price("1", "9")
        if limit * 100 % 1 == 0:  # an entry has two decimals
            text += f", limit: {written_}"
        else:
            limit = scene.full
    entry = scene.one_of("r1", "s1") if named else "x.judged"
    text += f", measure: {entry}" if named else ""
    start, sign = (scene.full, -1) if loss else (Decimal(0), 1)
    anchors: list[tuple[Figures, Decimal]] = [({entry: given}, start + sign * given) for given in (Decimal(0), limit)]
    anchors.append(({entry: limit + 1}, start + sign * limit))  # above the limit the limit
    ways: Ways = {entry: "up"}
    near: list[Value] = [Decimal(0), n("0.01"), limit - n("0.01"), limit, limit + n("0.01"), n(500)]
    marks = {entry: sorted({*near, *([n(-3)] if entry == "s1" else [])})}
    reached: dict[str, object] = {entry: lambda value: {entry: value}}
    gate = condition(scene) if scene.one_of(True, False, False) else None
    if gate is not None and entry not in gate.ways:
        text += f", only_if: {gate.quoted}"
        anchors = [({**figures, **gate.holds}, points) for figures, points in anchors] + [
            ({**figures, **gate.fails}, start) for figures, _ in anchors]  # fmt: skip
        ways, marks, reached = (
            joined(ways, gate.ways),
            together(marks, gate.marks),
            {**reached, gate.text: gate.reached},
        )
    return Drawn(
        f"{{kind: judged{text}}}", scene.full, scene.group, "", scene.full, marks, anchors, reached,  # type: ignore[arg-type]
        reversed_ways(ways) if loss else ways, span=(start - limit, start) if loss else (start, limit),
    )  # fmt: skip


def formula(scene: Scene) -> Drawn:
    """What a formula gives is reckoned, so nothing but its limits and its direction is said beforehand."""
    k = scene.one_of(n(2), n("0.5"), n(10))
    points, ways = scene.one_of(
        (f"full * n1 / {k * 10}", {"n1": "up"}),
        (f"full - {k} * n1", {"n1": "down"}),
        (f"{k} * n1 - n2 * 0.3 + r1", {"n1": "up", "n2": "down", "r1": "up"}),
        ("full * n1 / n2", {"n1": "up", "n2": "down"}),
        (f"full * n1 / (n1 + {k})", {"n1": "none"}),
        (f"n1 * s1 / {k}", {"n1": "none", "s1": "up"}),
        (f"-{k} * s1", {"s1": "down"}),
        (f"least(n1, {k}) + greatest(r1, 3)", {"n1": "up", "r1": "up"}),
        (f"(n1 - {k}) * r1", {"n1": "up", "r1": "none"}),
        (f"{k} / n1", {"n1": "down"}),
        ("r1 / s1", {"r1": "none", "s1": "none"}),
    )
    low, high = Decimal(0), scene.full
    text = f'points: "{points}"'
    if scene.flag():
        low = scene.full * scene.one_of(10, 20) / 100
        text += f", least: {written(low)}"
    if scene.flag():
        written_, more = scene.price("5", "12")
        high = max(more, low)
        text += f", most: {written_ if high == more else written(high)}"
    near: list[Value] = [Decimal(0), n(1), n(3), n(20), LARGE]
    marks: dict[str, list[Value]] = {name: near if name != "s1" else [-LARGE, n(-2), *near] for name in ways}
    span = (low, high)
    gate = condition(scene) if scene.one_of(True, False, False) else None
    if gate is not None and set(gate.ways).isdisjoint(ways):
        text += f", only_if: {gate.quoted}"
        ways, marks, span = joined(ways, gate.ways), together(marks, gate.marks), (Decimal(0), high)
    return Drawn(
        f"{{kind: formula, {text}}}", scene.full, scene.group, "", scene.full, marks, ways=ways, span=span,
    )  # fmt: skip
