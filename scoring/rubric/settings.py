"""What names mean inside an indicator: measures, actual, target, value, as figures with titles. No data, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property

from scoring.expressions import Expr, ExpressionError, names
from scoring.expressions.figures import Figure, column_figure, quantity
from scoring.expressions.parse import GROUP_FUNCTIONS, Arithmetic, Call, Name, walk
from scoring.expressions.rows import Aggregate, RowType, aggregate, dated
from scoring.expressions.words import words
from scoring.forms import Forms
from scoring.rubric.comparison import Comparison
from scoring.rubric.each import Span, inside
from scoring.rubric.model import Indicator, Measure
from scoring.rubric.rules.kind import Setting
from scoring.rubric.weighing import WEIGHT, checked
from scoring.sql.exact import Atom, Quantity, Term
from scoring.sql.text import identifier

SCHEDULE_HIGH = 10**6
OWN = "row_own"  # the column that says whether a row is the scored unit's own, where those of others count too


SOME_YEAR = (date(2024, 1, 1), date(2024, 12, 31))


def in_year(measure: Measure, forms: Forms, start: date) -> Measure:
    """The measure with the days it names without a year ('06-30') in the year from `start` on. Raises ExpressionError."""
    if not measure.without_year or measure.value is None:
        return measure
    types = forms[measure.form].row_types
    where = dated(measure.where, types, start) if measure.where is not None else None
    weighing = measure.weighing.dated(types, start) if measure.weighing is not None else None
    value = dated(measure.value, types, start)
    return replace(measure, value=value, where=where, weighing=weighing, without_year=False)


def aggregate_of(measure: Measure, forms: Forms, spans: Sequence[Span] | None = None) -> Aggregate:
    """The SQL aggregate of a measure. `spans`: the parts of the period, where it is taken part by part (any year's
    do while only its bounds are wanted, as for days without a year). Raises ExpressionError."""
    measure = in_year(measure, forms, SOME_YEAR[0])
    if measure.each is None:
        return _plain(measure, measure.where, forms)
    dated_by = forms[measure.form].dated_by
    spans = spans or measure.each.spans(*SOME_YEAR, SOME_YEAR[1])
    return measure.each.put_together([_plain(measure, inside(measure.where, dated_by, span), forms) for span in spans])


def row_types(measure: Measure, forms: Forms) -> dict[str, RowType]:
    """The columns that the measure can see: those of its form, and whose row it is where that is asked."""
    types = dict(forms[measure.form].row_types)
    return types | {OWN: RowType("boolean", title="本单位的行")} if measure.own_rows else types


def _plain(measure: Measure, where: Expr | None, forms: Forms) -> Aggregate:
    """The aggregate of the rows that satisfy a condition."""
    form, weighing = forms[measure.form], measure.weighing
    types = row_types(measure, forms)
    assert measure.value is not None
    if WEIGHT in names(measure.value) and WEIGHT not in types and (weighing is None or not weighing.weighs):
        raise ExpressionError("没有写 weights，不能用 weight", "请写明 weights，例如 weights: {列: {值: 权重}}")
    if weighing is None:
        return aggregate(measure.value, where, types, form.dated_by)
    types = checked(weighing, types)
    value, where = weighing.renamed(measure.value), weighing.where(where)
    found = aggregate(value, where, types, form.dated_by)
    seen = [column for column in found.value_columns if column in form.row_types]
    return replace(
        found, value_columns=tuple(dict.fromkeys([*seen, *weighing.columns])), judged_columns=weighing.judged,
        undecided=weighing.undecided_sql(form.row_types),
    )  # fmt: skip


def figure_of(measure: Measure, forms: Forms) -> Figure:
    """The measure as a column of the table of facts."""
    if measure.schedule_item is not None:
        return column_figure(identifier(measure.column), 0, SCHEDULE_HIGH)
    found = aggregate_of(measure, forms)
    if found.divisor is not None:
        num = Term.of(Atom(identifier(measure.column), found.low, found.high))
        rows = Term.of(Atom(identifier(f"{measure.column}__rows"), 0, 10**9))
        return Figure(Quantity(num, rows.scaled(found.scale), (rows,)))
    return column_figure(identifier(measure.column), found.low, found.high, found.scale, found.is_truth)


def _divides(tree: Expr) -> bool:
    return any(isinstance(node, Arithmetic) and node.operator == "/" for node in walk(tree))


@dataclass(frozen=True)
class Names:
    """Names inside one indicator of one group (or inside an adjustment, without an indicator)."""

    measures: dict[str, Measure]
    forms: Forms
    group: str
    indicator: Indicator | None = None
    rate_decimals: int | None = None
    extra: tuple[tuple[str, Figure, str], ...] = ()  # (name, figure, title): base, …

    @cached_property
    def _aliases(self) -> dict[str, str]:
        if self.indicator is None:
            return {}
        renamed = self.indicator.renamed
        pairs = {"actual": self.indicator.actual, "target": self.indicator.target}
        own = {name: renamed.get(code, code) for name, code in pairs.items() if code is not None}
        return {**renamed, **own} if renamed else own

    def figure(self, name: str | Call) -> Figure:
        """Raises ExpressionError for a name that may not be seen here."""
        if isinstance(name, Call):
            return Figure(self.comparison(name).quantity)
        for extra, figure, _ in self.extra:
            if extra == name:
                return figure
        if name == "value":
            return Figure(self.value)
        if name == "full" and self.indicator is not None and self.indicator.full(self.group) is not None:
            return Figure(Quantity.constant(self.indicator.full(self.group) or 0))
        code = self._aliases.get(name, name)
        if code in self.measures:
            return figure_of(self.measures[code], self.forms)
        raise self._unknown(name)

    @cached_property
    def value(self) -> Quantity:
        """The 指标值: `value`, or `actual`; a value with a division in it is a rate and rounded as the rubric says."""
        if self.indicator is None or (self.indicator.value is None and self.indicator.actual is None):
            raise ExpressionError("这个指标没有写 value 或 actual", "请写 value，或在规则里写 of")
        if self.indicator.value is None:
            return self.figure("actual").quantity
        if "value" in names(self.indicator.value.tree):
            raise ExpressionError("value 用到了它自己", "请改用数据项的代码")
        exact = quantity(self.indicator.value.tree, self.figure)
        if self.rate_decimals is None or not _divides(self.indicator.value.tree):
            return exact
        return exact.as_rounded(self.rate_decimals)

    def comparison(self, call: Call) -> Comparison:
        """A function over the group, by the column that holds it. Raises ExpressionError."""
        if self.indicator is None:
            fix = (
                "与本组其他单位比较只能写在指标里：按某项数据的名次加分、扣分，请另写一个不设满分的指标，"
                "例如 kind: awards，if: place(数据项) <= 3；按总分的名次，请写在 consequences"
            )
            raise ExpressionError(f"这里不能用 {call.function}", fix)
        if len(call.arguments) != 1:
            raise ExpressionError(f"{call.function} 要写一个数值", f"例如 {call.function}(数据项代码)")
        (tree,) = call.arguments
        if any(isinstance(node, Call) and node.function in GROUP_FUNCTIONS for node in walk(tree)):
            raise ExpressionError(f"{call.function} 里不能再与本组比较", "括号里只写数据项、数字和四则运算")
        figure = quantity(tree, self.figure)
        needs = tuple(dict.fromkeys(code for name in sorted(names(tree)) for code in self.measures_of(name)))
        if not needs:
            raise ExpressionError(f"{call.function} 里没有数据项", f"例如 {call.function}(数据项代码)")
        return Comparison(f"{self.indicator.code}__{call.function}{self._number(call)}", call.function, figure, needs)

    def _number(self, call: Call) -> str:
        """Tells apart two comparisons of one indicator by the same function: nothing for the first, then 2, 3 …"""
        assert self.indicator is not None
        found = dict.fromkeys(one for one in self.indicator.calls if one.function == call.function)
        position = list(found).index(call) if call in found else 0
        return str(position + 1) if position else ""

    def _unknown(self, name: str) -> ExpressionError:
        known = sorted([*self.measures, *self._aliases, *(extra[0] for extra in self.extra)])
        close = get_close_matches(name, known, n=1, cutoff=0.6)
        if name in ("actual", "target"):
            return ExpressionError(f"这个指标没有写 {name}", f"请写明 {name}: 数据项代码")
        fix = f"是不是“{close[0]}”？" if close else "请先在 measures 里定义这个数据项"
        if name in GROUP_FUNCTIONS and (own := [f"{extra}（{title}）" for extra, _, title in self.extra]):
            fix = f"这里用 {'、'.join(own)}"
        return ExpressionError(f"没有数据项“{name}”", fix)

    def title(self, name: str) -> str:
        """In Chinese, for sentences."""
        for extra, _, title in self.extra:
            if extra == name:
                return title
        if name == "full":
            return "满分"
        if name == "value" and self.indicator is not None:
            if self.indicator.measured_in or self.indicator.value is None:
                code = self.indicator.actual if self.indicator.value is None else None
                return self.title(code) if code else self.indicator.title
            return words(self.indicator.value.tree, self.title)
        code = self._aliases.get(name, name)
        if code in self.measures:
            return self.measures[code].title
        return self.forms[name].title if name in self.forms else name

    def thing(self, name: str) -> str:
        """Unit of measure: 件, 次, % …; empty when there is none."""
        if name == "value" and self.indicator is not None:
            if self.indicator.measured_in:
                return self.indicator.measured_in
            if self.indicator.value is None and self.indicator.actual:
                return self.thing(self.indicator.actual)
            return ""
        code = self._aliases.get(name, name)
        return self.measures[code].thing if code in self.measures else ""

    def measures_of(self, name: str) -> tuple[str, ...]:
        """The measures behind a name."""
        if name == "value" and self.indicator is not None:
            tree = self.indicator.value.tree if self.indicator.value else Name(self.indicator.actual or "")
            found: dict[str, None] = {}
            for inner in sorted(names(tree)):
                found.update(dict.fromkeys(self.measures_of(inner)))
            return tuple(found)
        code = self._aliases.get(name, name)
        return (code,) if code in self.measures else ()

    def meant(self, name: str) -> Expr | None:
        """What `value`, `actual` … stand for; None for a measure, or a number."""
        if name == "value" and self.indicator is not None:
            return self.indicator.value.tree if self.indicator.value is not None else Name("actual")
        code = self._aliases.get(name, name)
        return Name(code) if code != name else None

    def state(self, code: str) -> str:
        return identifier(f"{self.measures[code].column}__state")

    def column(self, code: str) -> str:
        return identifier(self.measures[code].column)

    def _top(self, full: Decimal | None) -> Decimal | None:
        """The most the item can give, of so many full marks."""
        if self.indicator is None:
            return full
        return self.indicator.top(self.group, (full or Decimal(0)) - (self.indicator.full(self.group) or Decimal(0)))

    def setting(self, full: Decimal | None) -> Setting:
        """For a rule of this indicator."""
        return Setting(
            group=self.group,
            full=full,
            indicator=self.indicator.origin if self.indicator else "",
            lookup=self.figure,
            title=self.title,
            thing=self.thing,
            state=self.state,
            measures_of=self.measures_of,
            column=self.column,
            meant=self.meant,
            top=self._top(full),
            value=one.value.tree if (one := self.indicator) and one.value is not None and not one.measured_in else None,
        )
