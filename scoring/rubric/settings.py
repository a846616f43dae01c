"""What names mean inside an indicator: measures, actual, target, value, as figures with titles. No data, no database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property

from scoring.expressions import Expr, ExpressionError, names
from scoring.expressions.figures import Figure, column_figure, quantity
from scoring.expressions.parse import Arithmetic, Name, walk
from scoring.expressions.rows import Aggregate, aggregate
from scoring.expressions.words import words
from scoring.forms import Forms
from scoring.rubric.model import Indicator, Measure
from scoring.rubric.rules.kind import Setting
from scoring.sql.exact import Atom, Quantity, Term
from scoring.sql.text import identifier

SCHEDULE_HIGH = 10**6


def aggregate_of(measure: Measure, forms: Forms) -> Aggregate:
    """The SQL aggregate of a measure. Raises ExpressionError."""
    form = forms[measure.form]
    assert measure.value is not None
    return aggregate(measure.value, measure.where, form.row_types, form.dated_by)


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
        pairs = {"actual": self.indicator.actual, "target": self.indicator.target}
        return {name: code for name, code in pairs.items() if code is not None}

    def figure(self, name: str) -> Figure:
        """Raises ExpressionError for a name that may not be seen here."""
        for extra, figure, _ in self.extra:
            if extra == name:
                return figure
        if name == "value":
            return Figure(self.value)
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

    def _unknown(self, name: str) -> ExpressionError:
        known = sorted([*self.measures, *self._aliases, *(extra[0] for extra in self.extra)])
        close = get_close_matches(name, known, n=1, cutoff=0.6)
        if name in ("actual", "target"):
            return ExpressionError(f"这个指标没有写 {name}", f"请写明 {name}: 数据项代码")
        fix = f"是不是“{close[0]}”？" if close else "请先在 measures 里定义这个数据项"
        return ExpressionError(f"没有数据项“{name}”", fix)

    def title(self, name: str) -> str:
        """In Chinese, for sentences."""
        for extra, _, title in self.extra:
            if extra == name:
                return title
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

    def state(self, code: str) -> str:
        return identifier(f"{self.measures[code].column}__state")

    def column(self, code: str) -> str:
        return identifier(self.measures[code].column)

    def setting(self, full: Decimal | None) -> Setting:
        """For a rule of this indicator."""
        return Setting(
            group=self.group,
            full=full,
            indicator=self.indicator.code if self.indicator else "",
            lookup=self.figure,
            title=self.title,
            thing=self.thing,
            state=self.state,
            measures_of=self.measures_of,
            column=self.column,
        )
