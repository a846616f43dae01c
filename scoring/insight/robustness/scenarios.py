"""Draws that are no weights: thresholds a little higher or lower, each draft scored by the exact engine.

Knows drafts and rows of `ranking`; how a draft is scored is handed in (`keep(…).ranking` of the engine is one way).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from scoring.expressions.field import Formula
from scoring.expressions.parse import Negative, Number
from scoring.expressions.words import number
from scoring.insight.robustness.model import NotStudied
from scoring.insight.robustness.places import MOST_UNITS, tails_of
from scoring.insight.robustness.ranks import MOST_CELLS, Placings
from scoring.rubric import Indicator, Rubric, Section
from scoring.rubric.points import ByGroup
from scoring.rubric.rules import Rule
from scoring.rubric.rules.bands import Band, Bands
from scoring.rubric.rules.piecewise import Piecewise
from scoring.rubric.rules.steps import Slope, Steps

Row = Mapping[str, Any]
Score = Callable[[Rubric], Iterable[Row]]
Factor = Callable[[], Decimal]
_LIMITS = ("at_least", "above", "at_most", "below")


def threshold_draws(
    rubric: Rubric, group: str, score: Score, percent: Decimal, number_of: int, seed: int, only: Sequence[str] = ()
) -> Placings:
    """Places of a group when the thresholds of every rule stand a little higher or lower, all of one rule together.

    `score`: rows of `ranking` of a draft. `only`: codes of indicators, else all. Raises NotStudied where nothing varies.
    """
    if not 0 < percent < 100:
        raise NotStudied(f"门槛上下浮动 {number(percent)}% 不行", "请写大于 0、小于 100 的百分数")
    draw = np.random.default_rng(seed)
    wanted = [code for code, one in rubric.indicators.items() if (not only or code in only) and one.in_group(group)]
    if unknown := [code for code in only if code not in wanted]:
        raise NotStudied(f"“{rubric.groups[group].title}”没有指标“{'、'.join(unknown)}”", "请写指标的代码")
    if not any(_rule(rule, lambda: Decimal(2)) != rule for code in wanted for rule in rubric.indicators[code].rules):
        raise NotStudied("所选指标的计分规则里没有可以浮动的门槛", "折线、分档、增减这几种规则才有门槛")

    def factor() -> Decimal:
        return 1 + percent / 100 * Decimal(int(draw.integers(-1000, 1001))) / 1000

    drafts = (with_thresholds(rubric, factor, wanted) for _ in range(number_of))
    words = f"把{'各指标' if not only else f'{len(wanted)} 项指标'}的门槛上下浮动 {number(percent)}%"
    note = "写在条件里的数（如“不少于 2 次”）没有浮动"
    return scenario_draws(rubric, group, score, drafts, number_of, words, seed, (note,))


def scenario_draws(
    rubric: Rubric, group: str, score: Score, drafts: Iterable[Rubric], number_of: int, words: str, seed: int,
    notes: tuple[str, ...] = (),
) -> Placings:  # fmt: skip
    """Places of a group in every draft, the exact run of `rubric` beside them. Raises NotStudied for an empty group."""
    nominal = [row for row in score(rubric) if row["group"] == group]
    order = {unit.code: number for number, unit in enumerate(rubric.register.units)}
    nominal.sort(key=lambda row: order[row["unit"]])
    if not nominal:
        raise NotStudied(f"“{rubric.groups[group].title}”没有被考核单位", "请核对分组和单位名册")
    if number_of < 1 or number_of * len(nominal) > MOST_CELLS or len(nominal) > MOST_UNITS:
        raise NotStudied(f"试 {number_of} 次不行", "请写大于 0 的次数，一般 200 次以内")
    units = [row["unit"] for row in nominal]
    places = np.zeros((number_of, len(units)), dtype=np.int16)
    best = rubric.spec.grades[0].title if rubric.spec.grades else ""
    had = np.zeros(len(units), dtype=np.int64)
    for row_of, draft in enumerate(drafts):
        found = {row["unit"]: row for row in score(draft)}
        places[row_of] = [found[unit]["place"] or 0 for unit in units]
        had += [bool(best) and found[unit]["grade"] == best for unit in units]
    title = rubric.register.title
    is_open = any(row["place"] is None and row["state"] == "pending" for row in nominal)
    notes += (f"有单位总分未定，“{best}”只看总分，没有扣除名额",) if best and is_open else ()
    return Placings(
        rubric.groups[group].title, tuple(units), tuple(title(unit) for unit in units), tuple(row["place"] for row in nominal),
        places, tails_of(places), words, seed, had if best else None, best, notes=notes,
    )  # fmt: skip


# --- drafts ---------------------------------------------------------------------------------------------


def with_thresholds(rubric: Rubric, factor: Factor, only: Iterable[str]) -> Rubric:
    """A draft: thresholds of these indicators times `factor`, asked once for each rule."""
    wanted = frozenset(only)
    sections = tuple(_section(section, factor, wanted) for section in rubric.spec.sections)
    spec = rubric.spec.model_copy(update={"sections": sections})
    return Rubric(spec, rubric.document, rubric.forms, rubric.register, rubric.measures, rubric.warnings)


def _section(section: Section, factor: Factor, wanted: frozenset[str]) -> Section:
    own = tuple(_indicator(one, factor) if one.code in wanted else one for one in section.indicators)
    below = tuple(_section(one, factor, wanted) for one in section.sections)
    return section.model_copy(update={"indicators": own, "sections": below})


def _indicator(one: Indicator, factor: Factor) -> Indicator:
    return one.model_copy(update={"rules": tuple(_rule(rule, factor) for rule in one.rules)})


def _rule(rule: Rule, factor: Factor) -> Rule:
    """The rule with its thresholds moved; itself where two of them would meet, or it has none."""
    if not isinstance(rule, (Bands, Piecewise, Steps)):
        return rule
    share = factor()
    before, after = _Limits(), _Limits()
    moved = _moved(rule, share, before, after)
    return moved if len(set(before)) == len(set(after)) else rule


class _Limits(list[Decimal]):
    """Every threshold met, in order."""


def _moved(rule: Bands | Piecewise | Steps, share: Decimal, before: _Limits, after: _Limits) -> Rule:
    def figure(value: Decimal) -> Decimal:
        """As many decimals as the text has, so that nobody is asked for 2.14 件."""
        step = Decimal(1).scaleb(min(0, int(value.as_tuple().exponent)))
        found = (value * share).quantize(step, ROUND_HALF_UP)
        before.append(value)
        after.append(found)
        return found

    def limit(written: Any) -> Any:
        return _each(written, figure)

    if isinstance(rule, Piecewise):
        return rule.model_copy(update={"straight": tuple((limit(x), points) for x, points in rule.straight)})
    if isinstance(rule, Bands):
        return rule.model_copy(update={"bands": tuple(_band(band, limit) for band in rule.bands)})
    slopes = {side: tuple(_slope(one, limit) for one in getattr(rule, side)) for side in ("below", "above")}
    return rule.model_copy(update={"start": _each(rule.start, lambda start: _start(start, figure)), **slopes})


def _band(band: Band, limit: Callable[[Any], Any]) -> Band:
    return band.model_copy(update={key: limit(getattr(band, key)) for key in _LIMITS if getattr(band, key) is not None})


def _slope(slope: Slope, limit: Callable[[Any], Any]) -> Slope:
    return slope if slope.until is None else slope.model_copy(update={"until": limit(slope.until)})


def _start(start: Formula, figure: Callable[[Decimal], Decimal]) -> Formula:
    """Where counting starts, if it is a number."""
    match start.tree:
        case Number(value):
            moved = figure(value)
            return Formula(str(moved), Number(moved))
        case Negative(Number(value)):
            moved = figure(value)
            return Formula(f"-{moved}", Negative(Number(moved)))
    return start


def _each(written: ByGroup[Any], change: Callable[[Any], Any]) -> ByGroup[Any]:
    """Once, or group by group."""
    default = None if written.default is None else change(written.default)
    return type(written)(default, tuple((group, change(value)) for group, value in written.by_group))
