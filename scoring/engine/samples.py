"""Runs the 标准样例 of a rubric: a rubric that fails its own examples is wrong, or they are, and scores nothing.

Imaginary units are scored by the same compiled states and points as real ones, over a table of facts made from what
the sample says; a figure it does not say is 暂缺. Units of one sample are each other's whole group. Real units are
scored on the data of the project (`real_sample_problems`), so that takes a store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scoring.engine.made_up import Figures, MadeUp, score
from scoring.engine.placed import Placed, placed
from scoring.engine.run import assess
from scoring.engine.sample_results import (
    Ends,
    Outcome,
    grade_problem,
    item_problem,
    order_problem,
    outcomes,
    place_problem,
    points_problem,
    total_problem,
    veto_problem,
)
from scoring.engine.spread import spread_items
from scoring.expressions import names
from scoring.issues import Issue
from scoring.rubric import Rubric
from scoring.rubric.model import Adjustment, Bonus, Veto
from scoring.rubric.parts import at_work
from scoring.rubric.samples import Expected, Sample, figures, group
from scoring.source import Loc
from scoring.store import Store

FIX = "请核对条款和样例，改正写错的一处"
UNSAID_FIX = "请在 figures 里补上；确实没有的写 未报送、脱敏、不适用 或 暂缺"
OF_THE_UNIT = ("total", "grade", "place")
LISTED = 8  # figures that one message names
_PROVED: set[str] = set()  # texts whose samples have come out right in this process


def sample_problems(rubric: Rubric) -> list[Issue]:
    """Every expectation of imaginary units that does not come out. Only for a rubric that compiles."""
    if not any(sample.period is None for sample in rubric.spec.samples):
        return []
    text = hashlib.sha256(repr((rubric.document.data, rubric.forms)).encode()).hexdigest()
    if text in _PROVED:
        return []
    period = rubric.period(str(rubric.spec.document.in_force.year))
    issues = [issue for one in _imaginary(at_work(rubric, period, period.end)) for issue in one.problems()]
    if not issues:
        _PROVED.add(text)
    return issues


def real_sample_problems(rubric: Rubric, store: Store) -> list[Issue]:
    """Every expectation of real units that does not come out on the data, as of the cut-off of their period."""
    issues: list[Issue] = []
    samples = [(at, one) for at, one in enumerate(rubric.spec.samples) if one.period is not None]
    for label in dict.fromkeys(sample.period for _, sample in samples):
        period = rubric.period(str(label))
        result = assess(store, rubric, period, period.cut_off)
        found = outcomes({name: result.rows(name) for name in
                          ("indicator_score", "landing", "node_score", "adjustment", "ranking")})  # fmt: skip
        for at, sample in samples:
            if sample.period == label:
                units = [rubric.register.find(unit.unit or "") for unit in sample.units]
                codes = [unit.code if unit is not None else "" for unit in units]
                groups = [rubric.group_of(code) or "" for code in codes]
                own = [found.get(code) for code in codes]
                issues += Run(at_work(rubric, period, period.cut_off), at, groups, own, None).problems()
    return issues


def _imaginary(rubric: Rubric) -> Iterator[Run]:
    """The samples with imaginary units, scored."""
    made_up = []
    for at, sample in enumerate(rubric.spec.samples):
        for index, unit in enumerate(sample.units if sample.period is None else ()):
            code = group(rubric.spec.samples, at, index, rubric.groups) or ""
            wanted = frozenset(unit.expect) | ({"place"} if sample.order else frozenset())
            said = figures(rubric.spec.samples, at, index)
            made_up.append(MadeUp(f"{at}/{index}", str(at), code, said, wanted))
    found = outcomes(score(rubric, made_up))
    by_name = {one.name: one for one in made_up}
    for at, sample in enumerate(rubric.spec.samples):
        if sample.period is None:
            own = [by_name[f"{at}/{index}"] for index in range(len(sample.units))]
            results = [found.get(one.name) for one in own]
            yield Run(rubric, at, [one.group for one in own], results, [one.figures for one in own])


@dataclass(frozen=True)
class Run:
    """One sample with what came out for its units. `said`: the figures of imaginary units."""

    rubric: Rubric
    at: int
    groups: Sequence[str]
    found: Sequence[Outcome | None]
    said: Sequence[Figures] | None

    @cached_property
    def sample(self) -> Sample:
        return self.rubric.spec.samples[self.at]

    def problems(self) -> list[Issue]:
        issues: list[Issue] = []
        for index, unit in enumerate(self.sample.units):
            for key, expected in unit.expect.items():
                loc: Loc = ("samples", self.at, "units", index, "expect", key)
                issues += self._told(loc, index, [key], expected.is_range, self._problem(index, key, expected))
        if self.sample.order:
            indexes = {unit.called: index for index, unit in enumerate(self.sample.units)}
            places = [indexes[name] for level in self.sample.order for name in level]
            problem = None
            if all(self.found[index] is not None for index in places):
                problem = order_problem(self.sample.order, {name: self.found[at] for name, at in indexes.items()})  # type: ignore[misc]
            loc = ("samples", self.at, "order")
            issues += self._told(loc, places[0], ["place"], False, problem, "")
        return issues

    def _told(
        self, loc: Loc, index: int, keys: list[str], is_range: bool, problem: str | None, head: str | None = None
    ) -> Iterator[Issue]:
        """What was not said; else what did not come out."""
        heading = self.sample.heading
        head = f"{self.sample.units[index].called}的" if head is None else head
        if self.found[index] is None:
            yield self.rubric.document.issue(loc, f"{heading}：{head.removesuffix('的')}这一年不在考核之列", FIX)
            return
        unsaid = list(self._unsaid(index, keys[0], is_range))
        for unit, codes in unsaid:
            listed = "、".join(f"“{self.rubric.measures[code].title}”（{code}）" for code in codes[:LISTED])
            more = f" 等 {len(codes)} 项" if len(codes) > LISTED else ""
            problem = f"{heading}：没有写{self.sample.units[unit].called}的{listed}{more}的数值"
            yield self.rubric.document.issue(loc, problem, UNSAID_FIX)
        if not unsaid and problem is not None:
            yield self.rubric.document.issue(loc, f"{heading}：{head}{problem}", FIX)

    # --- what did not come out --------------------------------------------------------------------------

    def _problem(self, index: int, key: str, expected: Expected) -> str | None:
        one = self.found[index]
        if one is None:
            return None
        if key == "total":
            return total_problem(expected, one)
        if key == "grade":
            return grade_problem(expected, one, self.groups.count(self.groups[index]))
        if key == "place":
            return place_problem(expected, one)
        if key in self.rubric.indicators:
            return item_problem(self.rubric.indicators[key].title, expected, one.items[key], self._landing_title)
        adjustment = self._adjustments.get(key)
        if adjustment is None:
            return points_problem(self._titles[key], expected, one.nodes[key])
        if expected.word is not None:
            return veto_problem(adjustment.title, expected, key in one.adjustments)
        withheld = one.withheld.get(key)
        return points_problem(adjustment.title, expected, one.adjustments.get(key, Ends()), withheld or Ends().low)  # type: ignore[arg-type]

    @cached_property
    def _adjustments(self) -> Mapping[str, Adjustment]:
        return {one.code: one for one in self.rubric.spec.adjustments}

    @cached_property
    def _titles(self) -> Mapping[str, str]:
        return {node.section.code: node.section.title for node in self.rubric.nodes()}

    def _landing_title(self, node: str) -> str:
        return self._titles.get(node, "总分")

    # --- what was not said ------------------------------------------------------------------------------

    def _unsaid(self, index: int, key: str, is_range: bool) -> Iterator[tuple[int, list[str]]]:
        """(unit, figures) without which the result is open for no better reason than that nobody wrote them."""
        if self.said is None:
            return
        peers = [at for at, code in enumerate(self.groups) if code == self.groups[index]]
        if key in self.rubric.indicators:
            one = self._placed(index)[key]
            own = [index] if self._open([one], index) else []
            wanted = peers if one.indicator.calls else own  # what it is compared with must be there for every unit
            needs = [*one.needs, *(code for other in spread_items(one) for code in other.needs)]
            looked_at = dict.fromkeys(wanted, needs)
        elif key not in OF_THE_UNIT:
            looked_at = {index: self._behind(index, key)}
        elif is_range:
            return
        else:
            settled = key == "total" or (key == "grade" and not self._outcome(index).row["quota_open"])
            looked_at = {at: self._behind_total(at, key) for at in ([index] if settled else peers)}
        for at, codes in looked_at.items():
            if missing := [code for code in dict.fromkeys(codes) if code not in self.said[at]]:
                yield at, missing

    def _outcome(self, index: int) -> Outcome:
        found = self.found[index]
        assert found is not None
        return found

    def _placed(self, index: int) -> dict[str, Placed]:
        return {one.indicator.code: one for one in placed(self.rubric, self.groups[index])}

    def _open(self, items: Sequence[Placed], index: int) -> list[str]:
        """The figures of those items that are open."""
        own = self._outcome(index).items
        return [code for one in items if own[one.indicator.code].is_open for code in one.needs]

    def _behind(self, index: int, key: str) -> list[str]:
        """The figures behind a section or an adjustment that is open."""
        one, items = self._outcome(index), list(self._placed(index).values())
        if key in self._titles:
            below = {
                indicator.code
                for node in self.rubric.nodes(self.groups[index])
                if key in [node.section.code, *(section.code for section in node.above)]
                for indicator in node.section.indicators
            }
            inside = [item for item in items if item.indicator.code in below]
            return [] if one.nodes[key].known else self._open(inside, index)
        adjustment = self._adjustments[key]
        if not isinstance(adjustment, Veto) and one.adjustments.get(key, Ends()).known:
            return []
        base = self._open(items, index) if isinstance(adjustment, Bonus) and adjustment.gate is not None else []
        return [*base, *self._looked_at(adjustment)]

    def _looked_at(self, one: Adjustment) -> list[str]:
        trees = [one.when.tree] if isinstance(one, Veto) else [
            tree for index, part in enumerate(one.parts) for _, tree in part.trees(("parts", index))
        ]  # fmt: skip
        trees += [one.gate.tree] if isinstance(one, Bonus) and one.gate is not None else []
        return [code for tree in trees for code in sorted(names(tree)) if code in self.rubric.measures]

    def _behind_total(self, index: int, key: str) -> list[str]:
        """The figures behind a total, a grade or a place that is open."""
        one = self._outcome(index)
        ungraded = key == "grade" and one.row["grade"] is None
        if one.state != "pending" and not ungraded:
            return []
        found = self._open(list(self._placed(index).values()), index)
        for adjustment in self.rubric.adjustments(self.groups[index]):
            found += self._looked_at(adjustment)
        conditions = [grade.only_if.tree for grade in self.rubric.spec.grades if grade.only_if is not None]
        return found + [code for tree in conditions for code in sorted(names(tree)) if code in self.rubric.measures]
