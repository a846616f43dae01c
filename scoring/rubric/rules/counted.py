"""Points per thing or per condition: the parts that deductions, awards and adjustments share."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pydantic import Field

from scoring.expressions import Expr
from scoring.expressions.field import FormulaField
from scoring.expressions.parse import Name
from scoring.expressions.words import amount, run_on
from scoring.rubric.points import PriceField
from scoring.rubric.rules.kind import Branches, Findings, Part, Setting
from scoring.source import Exact, Loc, Spec, Text
from scoring.sql.exact import Atom, Quantity, Term, least


class CountedPart(Spec):
    """`measure` × `each` per `per` things, at most `cap`; or `points` once if a condition holds."""

    measure: Text | None = None
    if_: FormulaField | None = Field(default=None, alias="if")
    each: PriceField | None = None
    points: PriceField | None = None
    cap: PriceField | None = None
    per: Exact = Decimal(1)
    whole_steps: bool = False
    title: Text | None = None

    def trees(self, loc: Loc) -> Iterator[tuple[Loc, Expr]]:
        if self.measure is not None:
            yield (*loc, "measure"), Name(self.measure)
        if self.if_ is not None:
            yield (*loc, "if"), self.if_.tree

    def check(self, loc: Loc, setting: Setting, findings: Findings) -> bool:
        """Whether the part can be used."""
        counts = self.measure is not None and self.each is not None and self.points is None and self.if_ is None
        decides = self.if_ is not None and self.points is not None and self.each is None and self.measure is None
        if not counts and not decides:
            findings.error(loc, "每一项要么写 measure 和 each，要么写 if 和 points", "请只留其中一对")
            return False
        if decides and (self.cap is not None or self.whole_steps):
            findings.error(loc, "if 一项只计一次，不写 cap 和 whole_steps", "请删去")
        if self.per <= 0:
            findings.error((*loc, "per"), "per 须大于 0", "例如每 2 件写 per: 2")
            return False
        return True

    def part(self, setting: Setting, sign: int, lands_on: str = "item") -> Part:
        """This part with its sign: −1 deducts, +1 awards."""
        if self.if_ is not None and self.points is not None:
            return self._once(setting, sign, lands_on)
        assert self.measure is not None and self.each is not None
        name = Name(self.measure)
        things = setting.quantity(name)
        price = Quantity.constant(setting.price(self.each) * sign)
        steps = things / Quantity.constant(self.per)
        if self.whole_steps:
            steps = whole_steps(steps)
        cap = setting.price(self.cap) if self.cap is not None else None
        needs = setting.needs(name)
        unknown = setting.unknown(needs, things.guards)
        bound = cap * sign if cap is not None else None
        least, most = (bound, Decimal(0)) if sign < 0 else (Decimal(0), bound)
        return Part(
            self.title or setting.title(self.measure),
            _capped(steps * price, cap, sign),
            needs,
            unknown,
            least,
            most,
            things,
            setting.thing(self.measure),
            whole=bool(things.guards) or len(needs) > 1,
            lands_on=lands_on,
            signed=things.num.low < 0,
        )

    def _once(self, setting: Setting, sign: int, lands_on: str) -> Part:
        assert self.if_ is not None and self.points is not None
        test = setting.condition(self.if_.tree)
        points = setting.price(self.points) * sign
        needs = setting.needs(self.if_.tree)
        partly = setting.partly(needs)  # then there is nothing to deduct or to award
        amount = ((partly, Quantity.constant(0)), (test, Quantity.constant(points)), (None, Quantity.constant(0)))
        shown = Quantity(Term.of(Atom(f"CASE WHEN {test} THEN 1 ELSE 0 END", 0, 1, 32)), Term.of(1))
        title = self.title or setting.words(self.if_.tree)
        low, high = min(points, Decimal(0)), max(points, Decimal(0))
        unknown = f"NOT ({partly}) AND ({test}) IS NULL"
        return Part(title, amount, needs, unknown, low, high, shown, "", lands_on=lands_on)

    def words(self, setting: Setting, verb: str) -> str:
        if self.if_ is not None and self.points is not None:
            told = self.title or setting.words(self.if_.tree)
            return run_on(told, verb, setting.points_words(self.points))
        assert self.measure is not None and self.each is not None
        thing = setting.thing(self.measure)
        step = thing if self.per == 1 and thing not in ("", "%") else amount(self.per, thing)
        told = run_on(self.title or setting.title(self.measure), "每", step, verb, setting.points_words(self.each))
        if self.per != 1:
            told += "（不足一档不计）" if self.whole_steps else "（按比例计）"
        if self.cap is not None:
            told += f"，最多{verb} {setting.points_words(self.cap)}"
        return told


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
