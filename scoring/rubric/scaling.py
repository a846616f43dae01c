"""One figure of a 办法 is changed: what becomes of the others, said beforehand and reckoned exactly. Scores nothing.

Full marks make a tree in each group: group, sections, indicators. Who is set or locked stays; what is missing or over at
a node is taken by all others below it in proportion to their full marks, rounded by the largest remainder, so that the
sums hold to the last decimal. Prices of an indicator follow its full marks, or stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from scoring.expressions.words import number
from scoring.rubric.knobs import Knob, What, knobs
from scoring.rubric.marks import Node, decimals_of, largest_remainder, tree
from scoring.rubric.model import Rubric
from scoring.rubric.rules import Judged
from scoring.rubric.scaled_prices import prices
from scoring.source import Loc

_ZERO = Decimal(0)


class NotScaled(Exception):
    """It cannot be done as asked: why, and what to do instead, in Chinese."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(f"{problem}。{fix}。")
        self.problem, self.fix = problem, fix


@dataclass(frozen=True)
class How:
    """What happens to the others.

    `total`: of the group; free: it changes with what is set; fixed: the others make up for it, `over` those of the same
    section (a section that is set: the other sections) or all of the group. `prices` of indicators whose full marks
    change. `locked`: places of full marks that stay. `decimals` of full marks (never more than scores are rounded to),
    `price_decimals` of prices.
    """

    total: Literal["free", "fixed"] = "fixed"
    over: Literal["section", "all"] = "section"
    prices: Literal["scale", "stay"] = "scale"
    locked: frozenset[Loc] = frozenset()
    decimals: int = 2
    price_decimals: int = 4


@dataclass(frozen=True)
class Scaled:
    """What is to be written, by place (ready for `rewritten`), and what whoever changes it should know."""

    changes: dict[Loc, str]
    warnings: tuple[str, ...] = ()


def scaled(rubric: Rubric, changes: Mapping[Loc, Decimal], how: How | None = None) -> dict[Loc, str]:
    """All scalars that differ from the text when these knobs take these values. Raises NotScaled."""
    return scaling(rubric, changes, how).changes


def scaling(rubric: Rubric, changes: Mapping[Loc, Decimal], how: How | None = None) -> Scaled:
    """The same, with warnings. `changes`: by place of a knob, its new value in the knob's unit. Raises NotScaled."""
    how, every = how or How(), {knob.loc: knob for knob in knobs(rubric)}
    _refuse_unfit(every, changes, how)
    finest = rubric.spec.rounding.item
    how = how if finest is None else replace(how, decimals=min(how.decimals, finest))
    _refuse_too_fine(every, changes, finest)
    marks = {loc: value for loc, value in changes.items() if every[loc].what is What.FULL_MARKS}
    trees = [tree(rubric, group) for group in rubric.groups]
    warnings: list[str] = []
    for one in trees if marks else []:
        _Shares(one, marks, how, warnings).share_out()
    values = {loc: value for loc, value in changes.items() if loc not in marks} | _agreed(trees, every)
    if how.prices == "scale":
        for loc, value in prices(trees, every, how.price_decimals, warnings).items():
            values.setdefault(loc, value)
    warnings += _odd(rubric, trees)
    texts = {loc: knob.text(values[loc]) for loc, knob in every.items() if loc in values and values[loc] != knob.value}
    return Scaled(texts, tuple(dict.fromkeys(warnings)))


def _refuse_unfit(every: Mapping[Loc, Knob], changes: Mapping[Loc, Decimal], how: How) -> None:
    for loc, value in changes.items():
        knob = every.get(loc)
        if knob is None:
            raise NotScaled("这一处不是可以调的数", "请刷新页面，从列出的各项里选")
        if not value.is_finite():
            raise NotScaled(f"“{knob.title}”的新值不是数", "请写半角数字")
        if value < 0 and knob.least >= 0:
            raise NotScaled(f"“{knob.title}”不能是负数", "请写 0 或大于 0 的数")
        if loc in how.locked:
            raise NotScaled(f"“{knob.title}”已经锁定，不能改", "请先解锁")


def _refuse_too_fine(every: Mapping[Loc, Knob], changes: Mapping[Loc, Decimal], finest: int | None) -> None:
    """Full marks that no score could reach, because scores are rounded to fewer decimals."""
    for loc, value in changes.items():
        if every[loc].what is What.FULL_MARKS and finest is not None and decimals_of(value) > finest:
            problem = f"“{every[loc].title}”写了 {decimals_of(value)} 位小数，而指标得分只取 {finest} 位"
            raise NotScaled(problem, f"请写到 {finest} 位小数")


# --- who makes up for what ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shares:
    """One group, and what is set in it."""

    root: Node
    given: Mapping[Loc, Decimal]
    how: How
    warnings: list[str]

    def share_out(self) -> None:
        """New full marks for every node. Raises NotScaled."""
        self._settle(self.root, self._wanted(self.root))

    def _is_given(self, node: Node) -> bool:
        return node.loc is not None and node.loc in self.given

    def _holds(self, node: Node) -> bool:
        """Whether it keeps its full marks whatever happens around it."""
        return self._is_given(node) or (node.loc is not None and node.loc in self.how.locked)

    def _wanted(self, node: Node) -> Decimal:
        """What it comes to before anything is made up for."""
        if node.loc is not None and node.loc in self.given:
            return self.given[node.loc]
        held = self.how.total == "fixed" and (node is self.root or self.how.over == "section")
        if not node.below or held or self._holds(node) or not node.adds_up:
            return node.value
        return node.value + sum((self._wanted(one) - one.value for one in node.below), _ZERO)

    def _movable(self, node: Node) -> Iterator[Node]:
        """Indicators below it (or itself) that can be scaled."""
        if self._holds(node) or (node.below and not node.adds_up):
            return
        if not node.below:
            yield node
        for one in node.below:
            yield from self._movable(one)

    def _able(self, node: Node) -> Decimal:
        """So many full marks below it can be scaled."""
        return sum((one.value for one in self._movable(node)), _ZERO)

    def _settle(self, node: Node, target: Decimal) -> None:
        node.new = target
        if not node.below:
            return
        wanted = [self._wanted(one) for one in node.below]
        if not node.adds_up:
            self._settle_apart(node, target, wanted)
            return
        over = target - node.difference - sum(wanted, _ZERO)
        if over:
            able = [self._able(one) for one in node.below]
            self._refuse_impossible(node, over, able)
            parts = largest_remainder(able, sum(able, _ZERO) + over, self.how.decimals)
            wanted = [want - own + part for want, own, part in zip(wanted, able, parts, strict=True)]
        for one, value in zip(node.below, wanted, strict=True):
            self._settle(one, value)

    def _settle_apart(self, node: Node, target: Decimal, wanted: Sequence[Decimal]) -> None:
        """Below it nothing adds up: each takes what was set, and nothing can be made up for."""
        moved = target != node.value or any(want != one.value for one, want in zip(node.below, wanted, strict=True))
        if moved and self.how.total == "fixed":
            problem = f"“{node.title}”下面的各项不是简单相加（取最低、最高、平均，或按权重计入），不能自动折算"
            raise NotScaled(problem, "请选择总分可变，逐项改")
        if moved:
            self.warnings.append(f"“{node.title}”下面的各项不是简单相加，它的满分没有随之改变，请自行核对")
        for one, value in zip(node.below, wanted, strict=True):
            self._settle(one, value)

    def _refuse_impossible(self, node: Node, over: Decimal, able: Sequence[Decimal]) -> None:
        rest = sum(able, _ZERO)
        where = f"“{node.title}”" if node is not self.root else f"“{node.title}”组"
        inside = self.how.over == "section" and node is not self.root
        elsewhere = "请解锁一些指标，或改为在全部指标间折算" if inside else "请解锁一些指标"
        elsewhere += "，或选择总分可变" if self.how.total == "fixed" else ""
        if not rest:
            others = [leaf for one in node.below for leaf in self._movable(one)]
            told = "其余各项的满分都是 0，无从按比例分" if others else "没有别的指标可以相应增减（其余都已锁定或设定）"
            raise NotScaled(f"{where}{told}", elsewhere)
        if rest + over < 0:
            problem = f"{where}还要减 {number(-over)} 分，而可以减的各项合计只有 {number(rest)} 分"
            raise NotScaled(problem, f"请少改一些；{elsewhere}")


def _agreed(trees: Sequence[Node], every: Mapping[Loc, Knob]) -> dict[Loc, Decimal]:
    """New full marks by place. What is written once for several groups must come out alike in all of them."""
    found: dict[Loc, Decimal] = {}

    def collect(node: Node) -> None:
        if node.loc is not None and (other := found.setdefault(node.loc, node.new)) != node.new:
            told = f"“{every[node.loc].title}”各组写在一起，而各组折算出的分值不同"
            fix = "请先在办法文件里按组分开写，或锁定这一项"
            raise NotScaled(f"{told}（{number(other)} 和 {number(node.new)}）", fix)
        for one in node.below:
            collect(one)

    for one in trees:
        collect(one)
    return {loc: value for loc, value in found.items() if value != every[loc].value}


# --- what is odd about it -------------------------------------------------------------------------------


def _odd(rubric: Rubric, trees: Sequence[Node]) -> Iterator[str]:
    judged = [leaf.title for top in trees for leaf in top.leaves() if leaf.new != leaf.value and _is_judged(leaf)]
    if judged:
        told = "、".join(f"“{title}”" for title in dict.fromkeys(judged))
        yield f"{told}由考核组评分：已经评的分是按原来的满分评的，不会随满分折算，超过新满分的只计到新满分"
    for top in trees:
        leaves = list(top.leaves())
        if all(leaf.new == leaf.value for leaf in leaves) and top.new == top.value:
            continue
        worth_something = [leaf for leaf in leaves if leaf.new]
        if len(worth_something) == 1 and len(leaves) > 1:
            yield f"“{top.title}”组的分全在“{worth_something[0].title}”一项上，其他指标不再起作用"
        else:
            gone = [leaf.title for leaf in leaves if leaf.value and not leaf.new]
            if gone:
                yield f"“{top.title}”组有指标的满分成了 0，不再起作用：{'、'.join(gone)}"
        if top.new != top.value:
            told = f"“{top.title}”组的满分由 {number(top.value)} 分变为 {number(top.new)} 分"
            yield told + ("，等次的分数线没有随之改变" if rubric.spec.grades else "")
        below = sum((one.new for one in top.below), _ZERO)
        if top.adds_up and below != top.new:
            yield f"“{top.title}”组各一级指标合计 {number(below)} 分，与分组满分 {number(top.new)} 分不符（原来就不符）"


def _is_judged(leaf: Node) -> bool:
    """Whether the assessors enter its points, rather than what is taken off."""
    rules = leaf.indicator.rules if leaf.indicator is not None else ()
    return any(isinstance(rule, Judged) and not rule.is_loss for rule in rules)
