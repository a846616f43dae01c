"""Points per thing or per condition: the parts that deductions, awards and adjustments share.

The n-th thing on may cost more (`again`, pattern ESC), and the whole part may be dearer for some units (`times`).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pydantic import Field

from scoring.expressions import Expr, ExpressionError, names
from scoring.expressions.field import FormulaField
from scoring.expressions.parse import Arithmetic, Name, walk
from scoring.expressions.trend import SAME, Trend
from scoring.expressions.words import amount, clause_of, each_of, number, run_on
from scoring.rubric.points import Grouped, PriceField
from scoring.rubric.rules.kind import Branches, Findings, Part, Setting
from scoring.rubric.rules.tendency import gated
from scoring.source import Exact, Loc, Spec, Text, Whole
from scoring.sql.exact import Atom, Quantity, Term, greatest, least


class Again(Spec):
    """Another price from the n-th thing on (D35.2, D80.3); the ones before keep theirs."""

    from_: Whole = Field(alias="from")
    each: PriceField


class Times(Spec):
    """The price times so many where a condition holds of the unit (D06.9). The cap stays."""

    when: FormulaField
    by: Exact


class CountedPart(Spec):
    """`measure` × `each` per `per` things, at most `cap`; or `points` once if a condition holds."""

    measure: FormulaField | None = None
    if_: FormulaField | None = Field(default=None, alias="if")
    each: PriceField | None = None
    points: PriceField | None = None
    cap: PriceField | None = None
    per: Exact = Decimal(1)
    whole_steps: bool = False
    again: Again | None = None
    times: Times | None = None
    title: Text | None = None

    @property
    def code(self) -> str:
        """The name of what is counted; empty where it is a formula or a condition."""
        tree = self.measure.tree if self.measure is not None else None
        return tree.code if isinstance(tree, Name) else ""

    @property
    def prices(self) -> tuple[Grouped, ...]:
        """Every number of points it names, its cap apart."""
        named = (self.each, self.points, self.again.each if self.again is not None else None)
        return tuple(price for price in named if price is not None)

    def trees(self, loc: Loc) -> Iterator[tuple[Loc, Expr]]:
        if self.measure is not None:
            yield (*loc, "measure"), self.measure.tree
        if self.if_ is not None:
            yield (*loc, "if"), self.if_.tree
        if self.times is not None:
            yield (*loc, "times", "when"), self.times.when.tree

    def check(self, loc: Loc, setting: Setting, findings: Findings) -> bool:
        """Whether the part can be used."""
        counts = self.measure is not None and self.each is not None and self.points is None and self.if_ is None
        decides = self.if_ is not None and self.points is not None and self.each is None and self.measure is None
        if not counts and not decides:
            findings.error(loc, "每一项要么写 measure 和 each，要么写 if 和 points", "请写全其中一对，另一对不写")
            return False
        if decides and (self.cap is not None or self.whole_steps or self.again is not None):
            findings.error(loc, "if 一项只计一次，不写 cap、whole_steps 和 again", "请删去")
        if self.measure is not None and not names(self.measure.tree):
            findings.error((*loc, "measure"), "measure 里没有数据项", "请写数据项的代码，或几个数据项的算式")
        if self.per <= 0:
            findings.error((*loc, "per"), "per 须大于 0", "例如每 2 件写 per: 2")
            return False
        self._check_dearer(loc, setting, findings)
        return True

    def _check_dearer(self, loc: Loc, setting: Setting, findings: Findings) -> None:
        again, times = self.again, self.times
        if again is not None and again.from_ < 2:
            findings.error((*loc, "again", "from"), "again 的 from 至少是 2", "第一件起就是这个分值的，直接写 each")
        elif again is not None and self.whole_steps and (again.from_ - 1) % self.per:
            problem = f"前 {again.from_ - 1} 件分不成整的 {number(self.per)} 件一档"
            findings.error((*loc, "again", "from"), problem, "请让 from 减 1 是 per 的整数倍")
        if again is not None and self.each is not None and setting.price(again.each) == setting.price(self.each):
            findings.warning((*loc, "again", "each"), "again 的分值与 each 相同，不起作用", "请核对分值，或删去 again")
        if times is not None and times.by <= 0:
            findings.error((*loc, "times", "by"), "times 的 by 须大于 0", "加倍写 by: 2")

    def part(self, setting: Setting, sign: int, lands_on: str = "item") -> Part:
        """This part with its sign: −1 deducts, +1 awards."""
        if self.if_ is not None and self.points is not None:
            return self._once(setting, sign, lands_on)
        assert self.measure is not None
        things = setting.quantity(self.measure.tree)
        loss = self._points_of(things, setting) * Quantity.constant(sign)
        cap = setting.price(self.cap) if self.cap is not None else None
        needs = setting.needs(self.measure.tree)
        unknown = setting.unknown(needs, things.guards)
        amount = _capped(loss, cap, sign)
        if self.times is not None:
            dear = _capped(loss * Quantity.constant(self.times.by), cap, sign)
            amount = self._either(setting, dear, amount)
            unknown = f"{unknown} OR {self._undecided(setting, f'{things.num.sql()} <> 0')}"
        bound = cap * sign if cap is not None else None
        least, most = (bound, Decimal(0)) if sign < 0 else (Decimal(0), bound)
        return Part(
            self.told(setting),
            amount,
            self._needs(setting),
            unknown,
            least,
            most,
            things,
            self.thing(setting),
            whole=bool(things.guards) or len(needs) > 1,
            lands_on=lands_on,
            signed=things.num.low < 0,
        )

    def _points_of(self, things: Quantity, setting: Setting) -> Quantity:
        """Σ price · steps, before cap and sign."""
        assert self.each is not None
        price = Quantity.constant(setting.price(self.each))
        if self.again is None:
            return self._steps(things) * price
        if not things.den.is_constant:
            raise ExpressionError("比率和平均数不分第几件，不能写 again", "请改用计数的数据项")
        dearer, before = Quantity.constant(setting.price(self.again.each)), Quantity.constant(self.again.from_ - 1)
        first, further = least([things, before]), greatest([things - before, Quantity.constant(0)])
        return self._steps(first) * price + self._steps(further) * dearer

    def _steps(self, things: Quantity) -> Quantity:
        steps = things / Quantity.constant(self.per)
        return whole_steps(steps) if self.whole_steps else steps

    def _needs(self, setting: Setting) -> tuple[str, ...]:
        return setting.needs(*(tree for _, tree in self.trees(())))

    def told(self, setting: Setting) -> str:
        """What it counts, or its condition, in words."""
        if self.title is not None:
            return self.title
        if self.code:
            return setting.title(self.code)
        tree = self.if_.tree if self.if_ is not None else self.measure.tree if self.measure is not None else None
        return setting.words(tree) if tree is not None else ""

    def thing(self, setting: Setting) -> str:
        """The unit of measure; of a formula that of all its figures, where none is multiplied."""
        if self.code or self.measure is None:
            return setting.thing(self.code)
        nodes = list(walk(self.measure.tree))
        things = {setting.thing(node.code) for node in nodes if isinstance(node, Name)}
        scaled = any(isinstance(node, Arithmetic) and node.operator in "*/" for node in nodes)
        return things.pop() if len(things) == 1 and not scaled else ""

    # --- what it says of itself -------------------------------------------------------------------------

    def signed(self, setting: Setting) -> bool:
        """Whether what it counts may be negative."""
        return self.measure is not None and setting.sign(self.measure.tree) < 1

    def trend(self, setting: Setting, figure: str) -> Trend:
        """How what it costs or brings moves with a measure."""
        if not any(setting.price(price) for price in self.prices):
            return SAME
        subject = self.measure if self.measure is not None else self.if_
        assert subject is not None
        amount = setting.trend(subject.tree, figure)
        if self.times is None or self.times.by == 1:
            return amount
        dearer = setting.trend(self.times.when.tree, figure)
        return gated(amount, dearer if self.times.by > 1 else -dearer, never_negative=not self.signed(setting))

    # --- dearer for some units --------------------------------------------------------------------------

    def _either(self, setting: Setting, dear: Branches, plain: Branches) -> Branches:
        """One price where the condition holds, the other where it does not; of both the last branch has no test."""
        assert self.times is not None
        holds = f"({setting.sure(self.times.when.tree)})"
        first = tuple((holds if test is None else f"{holds} AND ({test})", amount) for test, amount in dear)
        return (*first, *plain)

    def _undecided(self, setting: Setting, something: str) -> str:
        """SQL: there is something to multiply, and it cannot be said whether it is."""
        assert self.times is not None
        return f"{something} AND ({setting.sure(self.times.when.tree)}) IS NULL"

    def _once(self, setting: Setting, sign: int, lands_on: str) -> Part:
        assert self.if_ is not None and self.points is not None
        test = setting.condition(self.if_.tree)
        points = setting.price(self.points) * sign
        needs = setting.needs(self.if_.tree)
        partly = setting.partly(needs)  # then there is nothing to deduct or to award
        amount: Branches = ((test, Quantity.constant(points)), (None, Quantity.constant(0)))
        unknown = f"NOT ({partly}) AND ({test}) IS NULL"
        if self.times is not None:
            dear = ((test, Quantity.constant(points * self.times.by)), (None, Quantity.constant(0)))
            amount = self._either(setting, dear, amount)
            unknown = f"NOT ({partly}) AND (({test}) IS NULL OR {self._undecided(setting, f'({test})')})"
            points = max(points, points * self.times.by, key=abs)
        shown = Quantity(Term.of(Atom(f"CASE WHEN {test} THEN 1 ELSE 0 END", 0, 1, 32)), Term.of(1))
        low, high = min(points, Decimal(0)), max(points, Decimal(0))
        amount = ((partly, Quantity.constant(0)), *amount)
        return Part(self.told(setting), amount, self._needs(setting), unknown, low, high, shown, "", lands_on=lands_on)

    def words(self, setting: Setting, verb: str) -> str:
        if self.if_ is not None and self.points is not None:
            told = self.title or clause_of(setting.words(self.if_.tree), self.if_.tree)
            return run_on(told, verb, setting.points_words(self.points)) + self._times_words(setting)
        assert self.measure is not None and self.each is not None
        thing = self.thing(setting)
        step = each_of(self.per, thing, setting.quantity(self.measure.tree).den == Term.of(1))
        text = run_on(self.told(setting), "每", step, verb, setting.points_words(self.each))
        if self.again is not None:
            nth = amount(self.again.from_, "个百分点" if thing == "%" else thing or "个")
            text += run_on(f"，第 {nth}起每", step, verb, setting.points_words(self.again.each))
        if self.per != 1:
            text += "（不足一档不计）" if self.whole_steps else "（按比例计）"
        text += self._times_words(setting)
        if self.cap is not None:
            text += f"，最多{verb} {setting.points_words(self.cap)}"
        return text

    def _times_words(self, setting: Setting) -> str:
        if self.times is None:
            return ""
        how = "的加倍" if self.times.by == 2 else f"的按 {number(self.times.by)} 倍计"
        return run_on("，", setting.words(self.times.when.tree), how)


def whole_steps(steps: Quantity) -> Quantity:
    """Whole steps only; counts are not negative."""
    sql = f"(({steps.num.sql()}) // ({steps.den.sql()}))"
    atom = Atom(sql, min(steps.num.low, 0), max(steps.num.high, 0), max(steps.num.bits, steps.den.bits, 64))
    return Quantity(Term.of(atom), Term.of(1), steps.guards)


def _capped(amount: Quantity, cap: Decimal | None, sign: int) -> Branches:
    if cap is None:
        return ((None, amount),)
    limit = Quantity.constant(cap * sign)
    if amount.den.is_constant:
        positive = least([-amount, -limit] if sign < 0 else [amount, limit])
        return ((None, -positive if sign < 0 else positive),)
    test = amount.compare("<=" if sign < 0 else ">=", limit)
    return ((test, limit), (None, amount))
