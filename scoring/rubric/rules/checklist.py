"""checklist 清单: points for each condition met, or for all of them, or for any (patterns CHECK, BINARY)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from scoring.expressions import Expr
from scoring.expressions.field import FormulaField
from scoring.expressions.ranges import shut_out
from scoring.expressions.trend import SAME, Trend
from scoring.expressions.words import clause_of, number, run_on
from scoring.rubric.points import PriceField
from scoring.rubric.rules.anchors import Anchor, Anchors, At, gets
from scoring.rubric.rules.kind import (
    Bounds,
    Branches,
    Findings,
    Part,
    RuleKind,
    Scored,
    Setting,
    above_top,
    constant,
    told,
)
from scoring.rubric.rules.piecewise import gives
from scoring.source import Loc, Spec, Text
from scoring.sql.exact import Quantity


class Item(Spec):
    """One condition; `points` only where each is counted by itself."""

    if_: FormulaField = Field(alias="if")
    points: PriceField | None = None
    title: Text | None = None


class Checklist(RuleKind):
    """Σ points of the conditions met (each), or `points` if all / any are met."""

    title_zh: ClassVar[str] = "清单"

    kind: Literal["checklist"]
    need: Literal["each", "all", "any"]
    items: tuple[Item, ...] = Field(min_length=1)
    points: PriceField | None = None

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        for index, item in enumerate(self.items):
            yield ("items", index, "if"), item.if_.tree

    def _points(self, setting: Setting) -> Decimal:
        return setting.price(self.points) if self.points is not None else setting.full or Decimal(0)

    def scored(self, setting: Setting) -> Scored:
        listed = [self._item(setting, item) for item in self.items]
        if self.need == "each":
            return Scored(Decimal(0), tuple(listed))
        word = " AND " if self.need == "all" else " OR "
        # an item that does not apply is undecided: it cannot spoil what another item decides
        tests = [f"({setting.sure(item.if_.tree)})" for item in self.items]
        joined = tests[0] if len(tests) == 1 else "(" + word.join(tests) + ")"
        points = self._points(setting)
        amount: Branches = ((joined, Quantity.constant(points)), (None, Quantity.constant(0)))
        needs = setting.needs(*(item.if_.tree for item in self.items))
        title = "全部符合" if self.need == "all" else "有一项符合"
        if len(self.items) == 1:
            title = "符合"
        whole = Part(title, amount, needs, f"{joined} IS NULL", Decimal(0), points)
        return Scored(Decimal(0), (whole, *listed))

    def _item(self, setting: Setting, item: Item) -> Part:
        test = setting.condition(item.if_.tree)
        needs = setting.needs(item.if_.tree)
        shown = told(test)
        title = item.title or setting.words(item.if_.tree)
        if self.need != "each" or item.points is None:
            unknown = f"({test}) IS NULL{_partly(setting, needs)}"
            return Part(title, constant(0), needs, unknown, Decimal(0), Decimal(0), shown)
        points = setting.price(item.points)
        amount: Branches = ((test, Quantity.constant(points)), (None, Quantity.constant(0)))
        unknown = f"({test}) IS NULL{_partly(setting, needs)}"
        return Part(title, amount, needs, unknown, Decimal(0), points, shown)

    def trend(self, setting: Setting, figure: str) -> Trend:
        earns, whole = SAME, self._points(setting)
        for item in self.items:
            if setting.price(item.points) if item.points is not None else whole:
                earns += setting.trend(item.if_.tree, figure)
        return earns

    def bounds(self, setting: Setting) -> Bounds:
        return Decimal(0), self.most(setting) if self.need == "each" else self._points(setting)

    def anchors(self, setting: Setting) -> Anchors:
        """None met, all met, one alone met (or alone not met, where all are needed)."""
        conditions = [item.if_.tree for item in self.items]
        worth = [setting.price(item.points) if item.points is not None else Decimal(0) for item in self.items]
        titles = [item.title or setting.words(item.if_.tree) for item in self.items]
        whole = sum(worth, Decimal(0)) if self.need == "each" else self._points(setting)

        def anchor(met: list[bool], points: Decimal, told: str) -> Anchor:
            at: tuple[At, ...] = tuple(zip(conditions, met, strict=True))
            return Anchor(at, points, told + gets(points, setting.top))

        count = len(conditions)
        found = [anchor([False] * count, Decimal(0), "一项也不符合的")]
        if not any(shut_out(one, other) for i, one in enumerate(conditions) for other in conditions[:i]):
            found.append(anchor([True] * count, whole, "全部符合的"))
        for at, title in enumerate(titles) if count > 1 else ():
            if self.need == "all":
                found.append(anchor([i != at for i in range(count)], Decimal(0), f"只差“{title}”一项的"))
            else:
                points = worth[at] if self.need == "each" else whole
                found.append(anchor([i == at for i in range(count)], points, f"只符合“{title}”一项的"))
        return Anchors(tuple(found))

    def check(self, setting: Setting, findings: Findings) -> None:
        for index, item in enumerate(self.items):
            if (item.points is None) == (self.need == "each"):
                self._misplaced(("items", index), findings)
        if self.need != "each" and self.points is None and setting.full is None:
            findings.error((), "没有满分，也没有写 points", "请写明全部符合时得几分")
        if self.need == "each" and setting.full is not None and setting.top is not None:
            total = self.most(setting)
            if total < setting.full:
                note = f"各项合计 {number(total)} 分，到不了满分 {number(setting.full)} 分"
                findings.warning(("items",), note, "请核对各项分值；由其他规则补足的可以不理")
            if (above := above_top(setting, total)) is not None:
                note = f"各项合计 {number(total)} 分，{above[0].replace('高于', '超过')}"
                findings.warning(("items",), note, "超出部分不计；请核对各项分值")

    def _misplaced(self, loc: Loc, findings: Findings) -> None:
        """Points are written at each item, or once for all of them."""
        if self.need == "each":
            findings.error(loc, "need: each 时每项要写 points", "请补上；合起来只得一次分的，改为 need: all 或 any")
        else:
            fix = "请把分值写在规则的 points；逐项得分的，改为 need: each"
            findings.error((*loc, "points"), f"need: {self.need} 时各项不写 points", fix)

    def most(self, setting: Setting) -> Decimal:
        """Points of what can hold together: of items that shut each other out the dearest alone counts."""
        apart: list[list[Item]] = []
        for item in self.items:
            trees = [[other.if_.tree for other in listed] for listed in apart]
            home = next((i for i, listed in enumerate(trees) if all(shut_out(item.if_.tree, one) for one in listed)), None)
            if home is None:
                apart.append([item])
            else:
                apart[home].append(item)
        worth = [[setting.price(item.points) for item in listed if item.points is not None] for listed in apart]
        return sum((max(points, default=Decimal(0)) for points in worth), Decimal(0))

    def words(self, setting: Setting) -> str:
        if self.need == "each":
            priced = [(item, item.points) for item in self.items if item.points is not None]
            return "；".join(run_on(_holds(item, setting), gives(setting.price(points))) for item, points in priced)
        points = gives(self._points(setting))
        if len(self.items) == 1:
            return run_on(_holds(self.items[0], setting), f"{points}，否则不得分")
        titles = "、".join(item.title or setting.words(item.if_.tree) for item in self.items)
        if self.need == "all":
            return f"{titles}，全部符合的{points}，缺一项不得分"
        return f"{titles}，有一项符合的即{points}"


def _holds(item: Item, setting: Setting) -> str:
    """What earns points."""
    return item.title or clause_of(setting.words(item.if_.tree), item.if_.tree)


def _partly(setting: Setting, needs: tuple[str, ...]) -> str:
    """A condition that rests on a figure that does not apply is undecided, not false."""
    return "".join(f" OR {setting.state(code)} = 'not_applicable'" for code in needs)
