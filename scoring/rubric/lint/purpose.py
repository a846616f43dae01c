"""What is asked for without any points: demands that give and take nothing, reports that are due and never looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from scoring.expressions import Expr, names
from scoring.forms import Form
from scoring.forms.model import Due
from scoring.rubric.lint.reading import Doubt, Doubts, Item, Reading, points
from scoring.rubric.model import Bonus, Veto
from scoring.rubric.rules import (
    Awards,
    Bands,
    Checklist,
    Deductions,
    Formula,
    Judged,
    Piecewise,
    Rule,
    Steps,
    Timeliness,
)


def demands_without_points(reading: Reading) -> Doubts:
    """A demand that only shows as a 短板, as D01.21 (discovery rate of 90 %), or rules that come to the same for everybody."""
    for items in reading.items():
        first = items[0]
        if any(_moves(rule, item) for item in items for rule in item.one.rules):
            continue
        if first.one.flag is not None and not first.said("不计分"):
            unsaid = f"{first.head}：有短板标准，而计分规则不得分也不扣分，没有写明计不计分"
            wording = "建议写明“只列为短板，不计分”（写在 note 里）；现只列为短板"
            yield Doubt((*first.loc, "flag"), unsaid, wording)
        elif first.one.flag is None and any(item.full for item in items):
            full = points(max(item.full or Decimal(0) for item in items))
            unsaid = f"{first.head}：规则不得分也不扣分，满分 {full}怎么得没有写明"
            yield Doubt((*first.loc, "rules"), unsaid, "建议写明每项扣几分、得几分；现各单位得分都一样")


def _moves(rule: Rule, item: Item) -> bool:
    """Whether the rule can make a difference between two units."""
    price = item.setting.price
    if item.full == 0 and not (isinstance(rule, Deductions) and rule.lands_on != "item"):
        return False
    match rule:
        case Deductions() | Awards():
            return any(price(worth) > 0 for part in rule.parts for worth in part.prices)
        case Piecewise():
            ends = [end for end in (rule.below, rule.above) if end is not None]
            return len({price(worth) for worth in (*ends, *(worth for _, worth in rule.straight))}) > 1
        case Bands():
            return len({price(band.points) for band in rule.bands}) > 1
        case Steps():
            prices = [slope.gain or slope.lose for slope in (*rule.below, *rule.above)]
            return any(price(worth) > 0 for worth in prices if worth is not None)
        case Checklist():
            given = [one.points for one in rule.items] if rule.need == "each" else [rule.points]
            return any(worth is None or price(worth) > 0 for worth in given)
        case Timeliness():
            return price(rule.late) > 0 or price(rule.missing) > 0
        case Judged():
            return rule.limit is None or price(rule.limit) > 0
        case Formula():
            return True


def reports_nobody_looks_at(reading: Reading) -> Doubts:
    """A form the assessed units must hand in by a day, of which the rubric takes neither a figure nor the lateness."""
    looked_at = set(_forms_looked_at(reading))
    assessed = [
        unit for unit in reading.register.units if any(one.units.includes(unit) for one in reading.spec.groups.values())
    ]
    for form in reading.forms.values():
        own = form.kept_by == "unit" and form.derived is None and any(_asked_for(due, reading) for due in form.due)
        if own and form.code not in looked_at and any(form.reported_by.includes(unit) for unit in assessed):
            unsaid = f"报表“{form.title}”有报送期限，办法没有一项用到它，迟报、不报有什么后果没有写明"
            wording = f"建议写明“{form.title}迟报一次扣 N 分、未报一次扣 N 分”（timeliness）；现迟报、不报都不影响得分"
            yield Doubt(("measures",), unsaid, wording)


def _asked_for(due: Due, reading: Reading) -> bool:
    """Whether a report can fall due in the first year of the edition."""
    start = reading.spec.document.in_force
    end = start + timedelta(366)
    begun, over = due.from_ is None or due.from_ < end, due.to is not None and due.to < start
    return begun and not over and (not due.dates or any(start <= day < end for day in due.dates))


def _forms_looked_at(reading: Reading) -> Iterator[str]:
    used = [measure.form for code, measure in reading.measures.items() if code in reading.spec.measures]
    for _, _, one in reading.indicators():
        used += [form for rule in one.rules for _, form in rule.forms()]
    trees = list(_trees(reading))
    named = {name for tree in trees for name in names(tree)}
    named |= {code for _, _, one in reading.indicators() for code in (one.actual, one.target) if code is not None}
    used += [reading.measures[name].form for name in named if name in reading.measures]
    for code in dict.fromkeys(used):
        form = reading.forms.get(code)
        if isinstance(form, Form):
            yield from (source.code for source in reading.forms.sources(form))


def _trees(reading: Reading) -> Iterator[Expr]:
    for _, _, one in reading.indicators():
        formulas = [one.value]
        formulas += [one.not_applicable.when] if one.not_applicable is not None else []
        formulas += [one.void.when] if one.void is not None else []
        formulas += [one.flag.when, one.flag.gap] if one.flag is not None else []
        yield from (formula.tree for formula in formulas if formula is not None)
        yield from (tree for rule in one.rules for _, tree in rule.trees())
    yield from (one.leave_out.when.tree for one in reading.spec.consequences if one.leave_out is not None)
    for adjustment in reading.spec.adjustments:
        if isinstance(adjustment, Veto):
            yield adjustment.when.tree
        else:
            yield from (tree for index, part in enumerate(adjustment.parts) for _, tree in part.trees((index,)))
            if isinstance(adjustment, Bonus) and adjustment.gate is not None:
                yield adjustment.gate.tree


OF_THE_WHOLE = (demands_without_points, reports_nobody_looks_at)
