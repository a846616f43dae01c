"""Draws rules that compare one number with limits: piecewise, bands, steps. What they must give is written beside them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tests.kinds.drawn import (
    OPPOSITE,
    Drawn,
    Figures,
    Scene,
    Subject,
    Ways,
    course,
    joined,
    n,
    subject,
    turned,
    written,
)


def increasing(scene: Scene, about: Subject, count: int) -> list[Decimal]:
    """Figures on the grid of the subject, each above the one before."""
    steps = [scene.one_of(1, 2, 5, 10, 20) for _ in range(count)]
    x = n(scene.one_of(0, 1, 5, 50) if not about.signed else scene.one_of(-30, -5, 0, 50))
    if about.unit < 1 and scene.flag():
        x += n("0.25")
    found = []
    for step in steps:
        found.append(x)
        x += step
    return found


def prices(scene: Scene, count: int) -> tuple[list[str], list[Decimal]]:
    """Points in any order, or rising, or falling."""
    found = [scene.price() for _ in range(count)]
    order = scene.one_of("any", "up", "down")
    if order != "any":
        found.sort(key=lambda one: one[1], reverse=order == "down")
    return [text for text, _ in found], [value for _, value in found]


def at(about: Subject, x: Decimal, points: Decimal) -> list[tuple[Figures, Decimal]]:
    figures = about.at(x)
    return [] if figures is None else [(figures, points)]


def piecewise(scene: Scene) -> Drawn:
    about = subject(scene)
    count = scene.one_of(2, 3, 4)
    xs = increasing(scene, about, count)
    if count > 2 and scene.flag():
        xs[1] = xs[2]  # a jump: from there on the second holds
    texts, ys = prices(scene, count + 2)
    below, above = scene.flag(), scene.flag()
    corners = ", ".join(f"[{x}, {y}]" for x, y in zip(scene.limits(xs), texts[1:-1], strict=True))
    ends = (f", below: {texts[0]}" if below else "") + (f", above: {texts[-1]}" if above else "")
    inner = ys[1:-1]
    low, high = ys[0] if below else inner[0], ys[-1] if above else inner[-1]
    anchors = []
    for x, y in dict(zip(xs, inner, strict=True)).items():
        anchors += at(about, x, y)
    anchors += at(about, xs[0] - about.unit, low) + at(about, xs[-1] + about.unit, high)
    if xs[0] != xs[1]:  # halfway between two corners half of the way
        anchors += at(about, (xs[0] + xs[1]) / 2, (inner[0] + inner[1]) / 2)
    everything = [low, *inner, high]
    return Drawn(
        f"{{kind: piecewise, {about.of}straight: [{corners}]{ends}}}", scene.full, scene.group, about.head, scene.full,
        about.marks(xs), anchors, {about.name: about.at}, turned(about.ways, course(everything)),
        span=(min(everything), max(everything)),
    )  # fmt: skip


def bands(scene: Scene) -> Drawn:
    about = subject(scene)
    xs = increasing(scene, about, scene.one_of(1, 2, 3))
    upward = scene.flag()
    if upward:
        xs.reverse()
    keys = [scene.one_of("at_least", "above") if upward else scene.one_of("at_most", "below") for _ in xs]
    if scene.flag() and keys[0] in ("above", "below"):  # 90 itself has a band of its own
        xs.insert(1, xs[0])
        keys.insert(1, {"above": "at_least", "below": "at_most"}[keys[0]])
    texts, ys = prices(scene, len(xs) + 1)
    listed = [f"{{{key}: {x}, points: {y}}}" for key, x, y in zip(keys, scene.limits(xs), texts, strict=False)]
    rule = f"{{kind: bands, {about.of}bands: [{', '.join([*listed, f'{{points: {texts[-1]}}}'])}]}}"

    def points(x: Decimal) -> Decimal:
        for key, limit, y in zip(keys, xs, ys, strict=False):
            if {"above": x > limit, "below": x < limit, "at_least": x >= limit, "at_most": x <= limit}[key]:
                return y
        return ys[-1]

    anchors = []
    for x in xs:
        for near in (x - about.unit, x, x + about.unit):
            anchors += at(about, near, points(near))
    way = course(ys[::-1] if upward else ys)
    return Drawn(
        rule, scene.full, scene.group, about.head, scene.full, about.marks(xs), anchors, {about.name: about.at},
        turned(about.ways, way), span=(min(ys), max(ys)),
    )  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One or two slopes on one side of the threshold. `known`: (distance, what it gives there) by hand."""

    text: str
    limits: list[Decimal]
    way: str  # with the distance
    known: list[tuple[Decimal, Decimal]]
    rises: bool


def _side(scene: Scene, start: Decimal, below: bool, constant: bool, loses: bool | None) -> Side:
    sign = -1 if below else 1
    lose = scene.flag() if loses is None else loses
    each, (price_text, price), whole = scene.one_of(n(1), n(2), n("0.5"), n(3)), scene.price("0.1", "3"), scene.flag()
    first = f"each: {written(each)}, {_verb(lose)}: {price_text}" + (", whole_steps: true" if whole else "")
    known = [(each, -price if lose else price)]
    if not constant or scene.flag():
        return Side(f"{{{first}}}", [], "down" if lose else "up", known, not lose)
    reach = scene.one_of(n(4), n(6), n(10), n(12))
    until = start + sign * reach
    texts = [f"{{{first}, until: {written(until)}}}"]
    steps_ = reach // each if whole else reach / each
    if whole or reach % each == 0:  # else a fraction that no decimal can write
        known.append((reach, (-price if lose else price) * steps_))
    way, rises = "down" if lose else "up", not lose
    if scene.flag():
        lose2 = lose if loses is not None or scene.flag() else not lose
        price2_text, price2 = scene.price("0.1", "3")
        anew = scene.flag()  # the whole distance from the threshold, at the second price
        texts.append(f"{{each: 1, {_verb(lose2)}: {price2_text}{', from_start: true' if anew else ''}}}")
        rises = rises or not lose2
        jump = (-price2 if lose2 else price2) * reach - (-price if lose else price) * steps_ if anew else Decimal(0)
        ways = {way, "down" if lose2 else "up"} | ({"up" if jump > 0 else "down"} if jump else set())
        way = way if len(ways) == 1 else "none"
    return Side(f"[{', '.join(texts)}]", [until], way, known, rises)


def _verb(lose: bool) -> str:
    return "lose" if lose else "gain"


def steps(scene: Scene) -> Drawn:
    about = subject(scene)
    (start,) = increasing(scene, about, 1)
    start += 20
    constant = about.name != "value" or scene.one_of(True, True, False)
    start = start if constant else max(n(1), Decimal(int(start)))
    lands = scene.one_of("item", "item", "item", "section", "total")
    full = scene.one_of(True, False)
    base_text, base = ("full", scene.full) if full else scene.price("0", "9", by_group=False)
    if lands != "item":  # what is taken elsewhere is taken from points that the item can give
        full, base = True, scene.full
    sides = {key: _side(scene, start, key == "below", constant, True if lands != "item" else None)
             for key in scene.one_of(("below",), ("above",), ("below", "above"))}  # fmt: skip
    rises = any(side.rises for side in sides.values())
    text = f"start: {written(start) if constant else 'n3'}"
    text += "" if full else f", points: {base_text}"
    text += "".join(f", {key}: {side.text}" for key, side in sides.items())
    low = Decimal(0) if lands == "item" else None
    open_end = scene.one_of(True, False, False)  # the item may have any number of points
    high: Decimal | None = base if not rises else None if open_end else scene.full
    if scene.flag():
        low = base * scene.one_of(0, 50) / 100
        text += f", least: {written(low)}"
    if rises and scene.flag():
        high = scene.one_of(None, base + 5)
        text += ", most: none" if high is None else f", most: {written(high)}"
    rule = f"{{kind: steps, {about.of}{text}{'' if lands == 'item' else f', lands_on: {lands}'}}}"
    return _steps(scene, about, rule, start, base, (low, high), sides, constant, open_end)


def _steps(
    scene: Scene, about: Subject, rule: str, start: Decimal, base: Decimal,
    limits: tuple[Decimal | None, Decimal | None], sides: dict[str, Side], constant: bool, open_end: bool,
) -> Drawn:  # fmt: skip
    low, high = limits
    at_start = [(Decimal(0), base)]
    for key, side in sides.items():
        for distance, given in side.known:
            points = base + given
            points = max(points, low) if low is not None and given < 0 else points
            points = min(points, high) if high is not None and given > 0 else points
            at_start.append((-distance if key == "below" else distance, points))
    within = high is None or base <= high
    course_ = joined(*({"x": side.way if key == "above" else OPPOSITE[side.way]}
                       for key, side in sides.items()))["x"] if within else "none"  # fmt: skip
    ways: Ways = turned(about.ways, course_)
    marks = about.marks([start, *(limit for side in sides.values() for limit in side.limits)])
    tail = "\nat_most: none" if open_end else ""
    reached = {about.name: about.at}
    anchors = []
    if constant:
        for off, points in at_start:
            anchors += at(about, start + off, points)
    else:  # the threshold is a figure of its own

        def apart(off: Decimal) -> Figures | None:
            figures = about.at(start + off)
            return None if figures is None else {**figures, "n3": start}

        reached = {f"{about.name} - n3": apart}  # type: ignore[dict-item]
        anchors = [(figures, points) for off, points in at_start if (figures := apart(off)) is not None]
        ways = joined(ways, turned({"n3": "up"}, OPPOSITE[course_]))
        marks |= {"n3": [max(Decimal(0), start - 1), start, start + 1, start + 30]}
    least = None if low is None else min(low, base)
    return Drawn(
        rule, scene.full, scene.group, about.head + tail, None if tail else scene.full, marks, anchors, reached, ways,
        span=None if least is None or any(side.limits for side in sides.values()) else (least, None if high is None else max(high, base)),
    )  # fmt: skip
