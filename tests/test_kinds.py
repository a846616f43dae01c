"""Every kind of rule held to what it says of itself: bounds, directions, anchors; a missing figure; the order of rows.

Rules are drawn with their options and figures around their limits, and scored by the real engine. What an anchor must
give is reckoned from the numbers written in the rule, beside the draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scoring.expressions import parse
from scoring.rubric.rules import KINDS
from scoring.rubric.rules.kind import RuleKind
from tests.kinds import counted, limits
from tests.kinds.drawn import GROUPS, Drawn, Figures, Scene, Value
from tests.kinds.tried import Result, Trial, rubric_of

STRATEGIES: dict[str, Callable[[Scene], Drawn]] = {
    "deductions": counted.deductions,
    "awards": counted.awards,
    "piecewise": limits.piecewise,
    "steps": limits.steps,
    "bands": limits.bands,
    "checklist": counted.checklist,
    "timeliness": counted.timeliness,
    "formula": counted.formula,
    "judged": counted.judged,
}
EXAMPLES, TRIAL_EXAMPLES = 25, 1000
PHASES = (Phase.explicit, Phase.generate)  # a smaller example of the same is not worth minutes
LIMITED = ("deductions", "awards", "piecewise", "bands", "checklist", "timeliness")  # others take their limit from it
ABSENT = ("missing", "masked", "pending")


def code_of(kind: type[RuleKind]) -> str:
    return str(kind.model_fields["kind"].annotation.__args__[0])  # type: ignore[union-attr]


def test_every_kind_has_a_strategy() -> None:
    assert {code_of(kind) for kind in KINDS} == set(STRATEGIES)


@st.composite
def drawn_rules(draw: Callable[..., object], kind: str) -> tuple[Drawn, list[Figures]]:
    """A rule of the kind, and units with figures worth trying."""
    scene = Scene(draw, draw(st.sampled_from(GROUPS)), Decimal(draw(st.sampled_from(["1", "5", "10", "20", "12.5"]))))  # type: ignore[arg-type]
    drawn = replace(STRATEGIES[kind](scene), decimals=scene.one_of(2, 2, 3, 0 if scene.full % 1 == 0 else 1))
    if kind in LIMITED and scene.flag():  # the item may go above its full marks
        drawn = drawn.with_top(scene.one_of(None, drawn.full, drawn.full * 2))
    units = [{name: draw(st.sampled_from(values)) for name, values in drawn.marks.items()} for _ in range(4)]
    return drawn, units  # type: ignore[return-value]


@pytest.mark.parametrize("kind", STRATEGIES)
def test_a_kind_keeps_its_word(kind: str) -> None:
    held(kind, EXAMPLES, derandomize=True)


@pytest.mark.trial
@pytest.mark.parametrize("kind", STRATEGIES)
def test_a_kind_keeps_its_word_trial(kind: str, trial_size: Callable[[int, int], int]) -> None:
    held(kind, trial_size(TRIAL_EXAMPLES, TRIAL_EXAMPLES // 5), derandomize=False)


def held(kind: str, examples: int, derandomize: bool) -> None:
    @settings(
        max_examples=examples, deadline=None, derandomize=derandomize, database=None, phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(drawn_rules(kind))
    def one(case: tuple[Drawn, list[Figures]]) -> None:
        drawn, units = case
        _Held(drawn, units).all()

    one()


class _Held:
    """One drawn rule and the units tried on it."""

    def __init__(self, drawn: Drawn, units: list[Figures]) -> None:
        self.drawn, self.units = drawn, units
        self.trial = Trial(drawn, rubric_of(drawn))
        self.setting = self.trial.item.setting
        self.low, self.high = self.trial.rule.bounds(self.setting)

    def all(self) -> None:
        trial, drawn = self.trial, self.drawn
        chains = list(self._chains())
        absent = [(unit, chain, name, state, trial.add(_but(unit, name), {name: state}))
                  for unit, chain, name in chains for state in (*ABSENT, "not_applicable")]  # fmt: skip
        for unit, _, name in chains:
            if name in drawn.neutral:
                trial.add({**unit, name: drawn.neutral[name]})
        nothing = {state: trial.add({}, dict.fromkeys(drawn.marks, state)) for state in (*ABSENT, "not_applicable")}
        by_hand = [(trial.add(figures), points) for figures, points in drawn.anchors]
        declared = self._declared()
        trial.run()
        for _, chain, name in chains:
            self._in_bounds(chain)
            self._keeps_its_way(chain, name)
        for unit, points in [*by_hand, *((trial.add(figures), points) for figures, points in declared)]:
            self._gives(unit, points)
        for unit, chain, name, state, tried in absent:
            if state == "not_applicable":
                self._does_not_apply(unit, chain, name, trial.of(tried))
            else:
                self._is_open(chain, tried, state)
        self._knows_nothing(nothing)
        self._says_what_it_is()

    # --- figures ------------------------------------------------------------------------------------

    def _chains(self) -> Iterator[tuple[Figures, dict[Value, str], str]]:
        """Each unit with each figure taking every value worth trying, from the least on."""
        for unit in self.units:
            for name, values in self.drawn.marks.items():
                yield unit, {value: self.trial.add({**unit, name: value}) for value in values}, name

    def _known(self, chain: dict[Value, str]) -> dict[Value, Result]:
        found = {value: self.trial.of(unit) for value, unit in chain.items()}
        assert all(one.state in ("value", "zero_base") for one in found.values())
        return {value: one for value, one in found.items() if one.known}

    # --- bounds, direction, anchors ---------------------------------------------------------------------

    def _in_bounds(self, chain: dict[Value, str]) -> None:
        for one in self._known(chain).values():
            assert self.low is None or one.effect >= self.trial.limited(self.low)
            assert self.high is None or one.effect <= self.trial.limited(self.high)
            assert self.drawn.top is None or one.low <= self.drawn.top
            assert one.low >= 0

    def _keeps_its_way(self, chain: dict[Value, str], name: str) -> None:
        (found,) = [one for one in self.trial.rule.tendencies(self.setting) if one.figure == name]
        points = [one.effect for one in self._known(chain).values()]
        if found.direction == "none":
            assert found.reason
        else:
            assert points == sorted(points, reverse=found.direction == "down"), (name, found, points)

    def _gives(self, unit: str, points: Decimal) -> None:
        one = self.trial.of(unit)
        assert one.known
        assert one.effect == self.trial.limited(points), (one, points)

    def _declared(self) -> list[tuple[Figures, Decimal]]:
        """The anchors that the rule declares itself, with figures that bring them about."""
        said = self.trial.rule.anchors(self.setting)
        assert bool(said.found) != bool(said.reason)
        reached = {parse(text): figures for text, figures in self.drawn.reached.items()}
        found = []
        for anchor in said.found:
            assert anchor.note
            figures: Figures = {}
            for tree, value in anchor.at:
                own = reached[tree](value)
                if own is None:
                    break
                figures |= own
            else:
                self.trial.add(figures)
                found.append((figures, anchor.points))
        return found

    def _says_what_it_is(self) -> None:
        """Directions, and the span, as the draw knows them from the text."""
        said = {one.figure: one.direction for one in self.trial.rule.tendencies(self.setting)}
        assert said == self.drawn.ways
        if self.drawn.span is not None:
            assert (self.low, self.high) == self.drawn.span

    # --- absence ----------------------------------------------------------------------------------------

    def _is_open(self, chain: dict[Value, str], tried: str, state: str) -> None:
        """A figure that is not there: no points, and a range that holds whatever may still come out."""
        one = self.trial.of(tried)
        negative = self.drawn.counted
        ends = [end for value, end in self._known(chain).items() if not (negative and value < 0)]
        if one.known:  # the figure decides nothing here
            assert all(one == end for end in ends)
            return
        assert one.state == state
        for end in ends:
            assert one.low <= end.low and (one.high is None or end.low <= one.high), (one, end)
            assert (one.taken_low is None or one.taken_low <= end.taken_high) and end.taken_high <= one.taken_high
        twin = self.trial.of(tried, "y")
        if state == "missing":  # no points, never full marks; of what lands elsewhere the known part
            assert (twin.state, twin.low, twin.high) == ("missing", 0, 0)
        else:
            assert twin == one

    def _does_not_apply(self, unit: Figures, chain: dict[Value, str], name: str, one: Result) -> None:
        """Never taken for 0: the item does not apply or is open; or its part counts nothing."""
        if one.known:
            if name in self.drawn.neutral:
                alone = self.trial.of(self.trial.add({**unit, name: self.drawn.neutral[name]}))
                assert one == alone
            else:
                assert all(one == end for end in self._known(chain).values())

    def _knows_nothing(self, nothing: dict[str, str]) -> None:
        assert self.trial.of(nothing["not_applicable"]).state == "not_applicable"
        for state in ABSENT:
            one = self.trial.of(nothing[state])
            if one.known:  # only where there is nothing to give or take, whatever the figures
                assert self.low is not None and self.low == self.high
                assert one.effect == self.trial.limited(self.low)
                continue
            assert one.state == state
            if self.drawn.span is not None and not self.trial.lands:
                low, high = self.drawn.span
                assert one.low == self.trial.limited(low)
                assert one.high == (self.drawn.top if high is None else self.trial.limited(high))


def _but(figures: Figures, name: str) -> Figures:
    return {code: value for code, value in figures.items() if code != name}


# --- by hand --------------------------------------------------------------------------------------------

RATIO = "actual: n1\ntarget: n2\nvalue: 100 * actual / target\nmeasured_in: '%'"
WAYS = {
    "{kind: deductions, parts: [{measure: n1, each: 0.5}, {if: r1 < 60, points: 2}]}": {"n1": "down", "r1": "up"},
    "{kind: deductions, parts: [{measure: n1, each: 1, times: {when: b1, by: 2}}]}": {"n1": "down", "b1": "down"},
    "{kind: awards, parts: [{measure: n1, each: 1}], only_if: n2 >= 3}": {"n1": "up", "n2": "up"},
    "{kind: awards, parts: [{measure: s1, each: 1}], only_if: n2 >= 3}": {"s1": "up", "n2": "none"},
    "{kind: awards, parts: [{measure: n1 - n2, each: 1}]}": {"n1": "up", "n2": "down"},
    "{kind: awards, parts: [{measure: n1, each: 0}]}": {"n1": "none"},
    "{kind: piecewise, straight: [[60, 0], [100, full]]}": {"n1": "up", "n2": "down"},
    "{kind: piecewise, straight: [[0, full], [10, 0]]}": {"n1": "down", "n2": "up"},
    "{kind: piecewise, straight: [[60, 0], [100, full]], above: 5}": {"n1": "none", "n2": "none"},
    "{kind: bands, bands: [{at_most: 3, points: full}, {at_most: 9, points: 5}, {points: 0}]}": {"n1": "down", "n2": "up"},
    "{kind: bands, of: r1, bands: [{at_least: 9, points: 2}, {at_least: 3, points: 5}, {points: 0}]}": {"r1": "none"},
    "{kind: steps, start: 90, below: {each: 1, lose: 1}}": {"n1": "up", "n2": "down"},
    "{kind: steps, of: n1, start: n2, above: {each: 1, lose: 1}}": {"n1": "down", "n2": "up"},
    "{kind: steps, of: n3, start: 5, below: {each: 1, lose: 1}, above: {each: 1, lose: 1}}": {"n3": "none"},
    # 90 以下每点扣 1 分，扣到 10 分；再低的从 100 起按每点 0.1 分重算，90 处由扣 10 分变为扣 1 分
    "{kind: steps, of: r1, start: 100, below: [{each: 1, lose: 1, until: 90}, {each: 1, lose: 0.1, from_start: true}]}": {"r1": "none"},
    "{kind: steps, of: r1, start: 100, below: [{each: 1, lose: 0.1, until: 90}, {each: 1, lose: 1, from_start: true}]}": {"r1": "up"},
    "{kind: steps, of: place(r1), start: 1, above: {each: 1, lose: 1}}": {"r1": "up"},
    "{kind: checklist, need: all, items: [{if: b1}, {if: n3 = 2}, {if: n1 <= 4}]}": {"b1": "up", "n3": "none", "n1": "down"},
    "{kind: checklist, need: each, items: [{if: r1 >= mean(r1), points: 1}]}": {"r1": "none"},
    "{kind: timeliness, form: weekly, late: 1, missing: 2}": {"weekly.late": "down", "weekly.missing": "down"},
    "{kind: judged, only_if: b1}": {"x.judged": "up", "b1": "up"},
    "{kind: judged, as: loss, only_if: b1}": {"x.judged": "down", "b1": "down"},
    "{kind: formula, points: full * value / 100}": {"n1": "up", "n2": "down"},
    "{kind: formula, points: full * n3 / r1}": {"n3": "up", "r1": "down"},
    "{kind: formula, points: s1 * s1}": {"s1": "none"},
    "{kind: formula, points: full - r1 * s1}": {"r1": "none", "s1": "down"},
}  # fmt: skip
ANCHORS = {
    "{kind: deductions, parts: [{measure: n3, each: 0.5, cap: 3}, {if: b1, points: 2, title: 被通报的}]}": [
        ("10", "一项也没有的得 10 分"), ("9.5", "仅n3 为 1 的得 9.5 分"), ("8", "仅被通报的得 8 分")],
    "{kind: deductions, parts: [{measure: n3, each: 12}]}": [("10", "一项也没有的得 10 分"), ("-2", "n3 为 1 的不得分")],
    "{kind: awards, parts: [{measure: n3, each: 3, per: 2}], cap: 2}": [("0", "一项也没有的不得分"), ("2", "n3 为 2 的得 2 分")],
    "{kind: piecewise, straight: [[60, 0], [100, full]]}": [("0", "指标x为 60% 的不得分"), ("10", "指标x为 100% 的得 10 分")],
    "{kind: bands, of: n3, bands: [{at_least: 5, points: full}, {above: 2, points: 4}, {points: 0}]}": [
        ("10", "n3 为 5 的得 10 分"), ("4", "n3 为 4 的得 4 分"), ("10", "n3 为 6 的得 10 分"),
        ("0", "n3 为 2 的不得分"), ("0", "n3 为 1 的不得分"), ("4", "n3 为 3 的得 4 分")],
    "{kind: steps, of: n3, start: 8, below: {each: 2, lose: 1.5}}": [("10", "n3 为 8 的得 10 分"), ("8.5", "n3 为 6 的得 8.5 分")],
    "{kind: steps, of: r1, start: r2, above: {each: 2, lose: 3}, lands_on: total}": [("10", "r1 等于r2 的不扣分"), ("7", "r1 比r2 高 2 的从总分扣 3 分")],
    "{kind: checklist, need: all, items: [{if: b1, title: 有方案}, {if: b2, title: 有总结}]}": [
        ("0", "一项也不符合的不得分"), ("10", "全部符合的得 10 分"), ("0", "只差“有方案”一项的不得分"), ("0", "只差“有总结”一项的不得分")],
    "{kind: timeliness, form: weekly, late: 0.5, missing: 1}": [
        ("10", "一项也没有的得 10 分"), ("9.5", "仅迟报为 1 次的得 9.5 分"), ("9", "仅未报为 1 次的得 9 分")],
    "{kind: judged, as: loss, limit: 4}": [("10", "考核组扣 0 分的得 10 分"), ("6", "考核组扣 4 分的得 6 分")],
}  # fmt: skip
BOUNDS = {
    "{kind: deductions, parts: [{measure: n1, each: 0.5, cap: 3}, {if: b1, points: 2}]}": ("5", "10"),
    "{kind: deductions, parts: [{measure: n1, each: 0.5}]}": (None, "10"),
    "{kind: awards, parts: [{measure: n1, each: 3}]}": ("0", None),
    "{kind: awards, parts: [{measure: n1, each: 3, cap: 4}, {if: b1, points: 2}], cap: 5}": ("0", "5"),
    "{kind: checklist, need: each, items: [{if: n1 >= 9, points: 6}, {if: n1 < 9, points: 4}, {if: b1, points: 1}]}": ("0", "7"),
    "{kind: formula, points: n1, least: 2, only_if: b1}": ("0", "10"),
    "{kind: steps, of: n1, start: 5, points: 6, below: {each: 1, lose: 1}, above: {each: 1, gain: 1}, least: 1, most: 8}": ("1", "8"),
    "{kind: judged, limit: 4}": ("0", "4"),
}  # fmt: skip


def trial_of(rule: str, head: str = RATIO) -> Trial:
    drawn = Drawn(rule, Decimal(10), "county", head, Decimal(10))
    return Trial(drawn, rubric_of(drawn))


@pytest.mark.parametrize("rule", WAYS)
def test_directions(rule: str) -> None:
    trial = trial_of(rule)
    found = trial.rule.tendencies(trial.item.setting)
    assert {one.figure: one.direction for one in found} == WAYS[rule]
    assert all(bool(one.reason) == (one.direction == "none") for one in found)


@pytest.mark.parametrize("rule", ANCHORS)
def test_anchors(rule: str) -> None:
    trial = trial_of(rule)
    found = trial.rule.anchors(trial.item.setting)
    assert [(one.points, one.note) for one in found.found] == [
        (Decimal(points), note) for points, note in ANCHORS[rule]
    ]


@pytest.mark.parametrize("rule", BOUNDS)
def test_bounds(rule: str) -> None:
    trial = trial_of(rule)
    low, high = (None if end is None else Decimal(end) for end in BOUNDS[rule])
    assert trial.rule.bounds(trial.item.setting) == (low, high)


def scores(rule: str, head: str, **figures: str) -> Decimal:
    trial = trial_of(rule, head)
    unit = trial.add({name: Decimal(value) for name, value in figures.items()})
    trial.run()
    return trial.of(unit).low


def test_steps_give_no_more_than_their_most_where_a_slope_falls_again() -> None:
    """70 以上每 2 加 2 分，加到 80，再高的每 1 扣 1 分；满分 10 分，81 处算得 10 + 10 − 1 = 19 分，只得 10 分."""
    rule = "{kind: steps, start: 70, above: [{each: 2, gain: 2, until: 80}, {each: 1, lose: 1}]}"
    assert scores(rule, "actual: r1", r1="81") == 10
    assert scores(rule, "actual: r1", r1="92") == 8  # 10 + 10 − 12


def test_steps_give_no_less_than_their_least_where_a_slope_rises_again() -> None:
    """100 以下每 1 扣 2 分，到 90 共扣 20 分，再低的每 1 加 1 分：89 处算得 10 − 20 + 1 = −9 分，得 0 分."""
    rule = "{kind: steps, start: 100, below: [{each: 1, lose: 2, until: 90}, {each: 1, gain: 1}]}"
    assert scores(rule, "actual: r1", r1="89") == 0
    assert scores(rule, "actual: r1", r1="75") == 5  # 10 − 20 + 15


def test_steps_may_end_a_slope_at_a_third_of_a_point() -> None:
    """100 以下每 3 扣 1 分，到 90 共扣 10/3 分；再低的每 0.7 扣 0.3 分：89 处 10 − 10/3 − 3/7 = 6.238…."""
    rule = "{kind: steps, start: 100, below: [{each: 3, lose: 1, until: 90}, {each: 0.7, lose: 0.3}]}"
    assert scores(rule, "actual: r1", r1="89") == Decimal("6.24")


def test_steps_may_start_below_zero() -> None:
    """−10 起每高 1 扣 1 分，到 −5 为止共扣 5 分，再高的每 1 扣 2 分：−4 处 10 − 5 − 2 = 3 分."""
    rule = "{kind: steps, start: -10, above: [{each: 1, lose: 1, until: -5}, {each: 1, lose: 2}]}"
    assert scores(rule, "actual: s1", s1="-4") == 3


def test_points_at_the_threshold_stay_within_what_the_item_can_give() -> None:
    """界限处 12 分、满分 10 分：界限处和界限以上都只得 10 分."""
    rule = "{kind: steps, start: 100, points: 12, above: {each: 1, gain: 1}}"
    assert scores(rule, "actual: r1", r1="100") == 10
    assert scores(rule, "actual: r1", r1="101") == 10
