"""A rule of steps as a sentence: at a threshold so many points, for each step from it so many less or more. Reckons nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from scoring.expressions import Expr
from scoring.expressions.parse import Call, Number
from scoring.expressions.words import amount, number, run_on, short_and_over, stretch
from scoring.rubric.rules.deductions import LANDS
from scoring.rubric.rules.kind import Setting

if TYPE_CHECKING:
    from scoring.rubric.rules.steps import Slope, Steps

SIDES = ("below", "above")


def told(rule: Steps, setting: Setting, shift: bool = False) -> str:
    """`shift`: only what is taken or added, where the points at the threshold are told by another rule."""
    return _Teller(rule, setting, shift or rule.lands_on != "item").told()


@dataclass(frozen=True)
class _Teller:
    rule: Steps
    setting: Setting
    shift: bool

    @property
    def subject(self) -> Expr:
        return self.setting.plain(self.rule.subject())

    @property
    def place(self) -> Call | None:
        """The place in the group that is counted from, if it is one: a lower place is a larger number."""
        node = self.subject
        return node if isinstance(node, Call) and node.function in ("place", "place_from_last") else None

    def told(self) -> str:
        rule, setting = self.rule, self.setting
        slopes = [slope for side in SIDES for slope in getattr(rule, side)]
        gains, loses = (any(getattr(slope, key) is not None for slope in slopes) for key in ("gain", "lose"))
        bare = self.shift or not rule.base(setting)  # nothing is given at the threshold itself
        sides = [self._side(side, bare) for side in SIDES if getattr(rule, side)]
        text = "；".join(sides) if bare else "，".join([self._at_the_threshold(), *sides])
        return text + self._limits(gains, loses)

    def _limits(self, gains: bool, loses: bool) -> str:
        rule, setting = self.rule, self.setting
        low, high = rule.limits(setting)
        text = ""
        if rule.lands_on != "item":
            text += f"，最多扣 {number(rule.base(setting) - low)} 分" if low is not None else ""
            text += f"，从{LANDS[rule.lands_on]}中扣减"
        elif loses and low is not None and not (low == rule.base(setting) == 0):
            text += "，扣完为止" if low == 0 else f"，最低得 {number(low)} 分"
        if gains and high is None and (rule.most is not None or setting.full is not None):
            text += "，不封顶"
        elif gains and high is not None:
            text += f"，最高得 {number(high)} 分"
        return text

    def _at_the_threshold(self) -> str:
        points = f"{number(self.rule.base(self.setting))} 分"
        if self.place is not None:
            first = self.place.function == "place"
            start = self._at(self._start())
            many = isinstance(self._start(), Number) and self._start() != Number(Decimal(1)) and not self.rule.below
            if many:
                start = run_on("前" if first else "后", self.setting.words(self._start()), "名")
            name = self.setting.words(self.place.arguments[0])
            return run_on("按", name, f"在本组的名次，{start}得", points)
        verb = "达到" if self.rule.below else "不高于"
        return run_on(self.setting.words(self.subject), verb, self._at(self._start()), "得", points)

    def _side(self, side: str, bare: bool) -> str:
        text, before = "", self._start()
        for index, slope in enumerate(getattr(self.rule, side)):
            piece = self._slope(slope, side)
            if index and slope.from_start:
                first = self._at(self._start())
                piece = run_on(f"；{self._beyond(side, before)}", "时，从", first, f"起全部按{piece}计")
            elif index:
                piece = run_on(f"；{self._beyond(side, before)}", f"的部分，{piece}")
            elif bare:
                piece = run_on(self._whose(), self._beyond(side, before), f"的，{piece}")
            text += piece
            if slope.until is not None:
                before = Number(self.setting.figure_at(slope.until))
        slopes = getattr(self.rule, side)
        return run_on(text, "，到", self._at(before), "为止") if slopes[-1].until is not None else text

    def _slope(self, slope: Slope, side: str) -> str:
        price = slope.gain if slope.gain is not None else slope.lose
        assert price is not None
        each = self.setting.figure_at(slope.each)
        less, more = short_and_over(self._thing())
        step = stretch(each, self._thing())
        if self.place is not None:
            step = "一个名次" if each == 1 else f"{number(each)} 个名次"
            less, more = ("高", "低") if self.place.function == "place" else ("低", "高")
        verb = "加" if slope.gain is not None else "扣"
        text = run_on(f"每{less if side == 'below' else more}", step, verb, self.setting.points_words(price))
        if self._falls_between(each):
            text += run_on("（不足", step, "的不计）") if slope.whole_steps else "（按比例计）"
        return text

    def _falls_between(self, each: Decimal) -> bool:
        """Whether the distance can be something else than whole steps."""
        distance = self.setting.quantity(self.rule.subject()) - self.setting.quantity(self._start())
        return not distance.den.is_constant or Fraction(1, distance.den.constant) % Fraction(each) != 0

    def _beyond(self, side: str, limit: Expr) -> str:
        """低于 90%, 第 3 名之后."""
        at = self._at(limit)
        if self.place is None:
            return run_on("低于" if side == "below" else "高于", at)
        after = (side == "above") == (self.place.function == "place")
        return f"{at}{'之后' if after else '之前'}"

    def _whose(self) -> str:
        if self.place is None:
            return self.setting.words(self.subject)
        return f"{self.setting.words(self.place.arguments[0])}排在本组"

    def _at(self, limit: Expr) -> str:
        if self.place is not None:
            head = "第" if self.place.function == "place" else "倒数第"
            return f"{head} {self.setting.words(limit)} 名"
        return amount(limit.value, self._thing()) if isinstance(limit, Number) else self.setting.words(limit)

    def _start(self) -> Expr:
        return self.rule.start_at(self.setting)

    def _thing(self) -> str:
        return self.rule.thing(self.setting)
