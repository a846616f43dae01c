"""How a total comes about, line by line: items, losses that land elsewhere, adjustments. Adds up what is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scoring.engine.assessment import Assessment
from scoring.engine.printed import between, points
from scoring.expressions.figures import Figure
from scoring.expressions.words import words
from scoring.rubric import Rubric
from scoring.rubric.model import Adjustment, Bonus, Penalty, Veto
from scoring.rubric.settings import Names
from scoring.sql.exact import Quantity

KINDS = {
    "rescale": "合理缺项折算",
    "section_takes": "按汇总办法取值",
    "section_limit": "一级指标封顶、保底或舍入",
    "section_weight": "按权重计入上一级",
    "total_limit": "总分封顶或保底",
    "rounding": "总分四舍五入",
}
NOTHING = Figure(Quantity.constant(0))


@dataclass(frozen=True)
class SumLine:
    """One line of how a total comes about: what it adds at least and at most, or a word instead."""

    what: str
    low: Decimal | None
    high: Decimal | None
    loss: bool = False  # told without its sign, as what is taken off
    told: str = ""

    @property
    def amount(self) -> str:
        """0.40 分, 1.00 至 2.00 分, 待定, 不计：…"""
        if self.told:
            return self.told
        if self.loss:
            return _amount(None if self.high is None else -self.high, None if self.low is None else -self.low)
        return _amount(self.low, self.high)

    @property
    def signed(self) -> str:
        """The same for a column that is added up: a loss with its sign."""
        return self.amount if None in (self.low, self.high) else replace(self, loss=False).amount


def sum_lines(assessment: Assessment, unit: str) -> list[str]:
    """How the total comes about, line by line, in text."""
    return [f"{line.what} {line.amount}" for line in sum_rows(assessment, unit)]


def sum_rows(assessment: Assessment, unit: str) -> list[SumLine]:
    """Σ items + landings + adjustments = total, line by line; the amounts as printed add up."""
    rubric = assessment.rubric
    scores = assessment.rows("indicator_score", unit=unit)
    titles = {node.section.code: rubric.path(node.section.code) for node in rubric.nodes()}
    total = assessment.one("unit_score", unit=unit)
    assert total is not None
    lines = []
    for code, title in titles.items():
        inside = [row for row in scores if row["section"] == code]
        if inside:
            low, high = (_sum(row[f"points_{end}"] for row in inside) for end in ("low", "high"))
            lines.append(SumLine(f"{title}：各指标得分合计", low, high))
    for row in assessment.rows("landing", unit=unit):
        place = "总分" if row["node"] == "total" else titles[row["node"]]
        what = f"{rubric.indicators[row['indicator']].title}失分，从{place}扣减"
        lines.append(SumLine(what, row["points_low"], row["points_high"], loss=True))
    lines += [_adjustment_line(rubric, row, total) for row in assessment.rows("adjustment", unit=unit)]
    decimals = rubric.spec.rounding.total
    if decimals is not None:
        lines = _rounded_together(lines, max(2, decimals))
    return [*lines, SumLine("合计：总分", total["total_low"], total["total_high"])]


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known: list[Decimal] = []
    for amount_ in amounts:
        if amount_ is None:
            return None
        known.append(amount_)
    return sum(known, Decimal(0))


def _adjustment_line(rubric: Rubric, row: dict[str, Any], total: dict[str, Any]) -> SumLine:
    low, high = row["points_low"], row["points_high"]
    if row["kind"] in KINDS:
        what = KINDS[row["kind"]]
        if row["kind"] in ("section_takes", "section_limit", "section_weight"):
            what += f"（{rubric.path(row['adjustment'])}）"
        # what a limit takes off or gives back follows from the other lines: open with them, it has no end of its own
        return SumLine(what, low, high, told="待定" if None in (low, high) and row["kind"] != "rescale" else "")
    one = next(one for one in rubric.spec.adjustments if one.code == row["adjustment"])
    kind = "加分" if isinstance(one, Bonus) else "一票否决" if isinstance(one, Veto) else "扣分"
    return SumLine(
        f"{kind}·{one.clause} {one.title}", low, high, told=adjustment_told(rubric, one, row, total["state"])
    )


def adjustment_told(rubric: Rubric, one: Adjustment, row: dict[str, Any], state: str) -> str:
    """What is said of an adjustment instead of its points; "" where the points say it. `state`: of the total."""
    low, high = row["points_low"], row["points_high"]
    if isinstance(one, Veto):
        pending = state == "pending" and one.effect.touches_score
        held = f"成立：{one.effect.words}{'（总分暂缺）' if pending else ''}"
        if low == high == 0:
            return held if row["holds"] else "待定"
        return held if row["holds"] and low != high else ""
    if row["withheld"] and isinstance(one, Bonus) and one.gate is not None:
        names = Names(rubric.measures, rubric.forms, "", extra=(("base", NOTHING, "基础得分"),))
        return f"不计：须{words(one.gate.tree, names.title)}（本可加 {points(row['withheld'])} 分）"
    if isinstance(one, Penalty) and low is None and high:
        return f"待定，最少扣 {points(-high)} 分"
    return ""


def _rounded_together(lines: list[SumLine], decimals: int) -> list[SumLine]:
    """No long decimals: the rounding of the total told with the one line that has them, or one rest for several."""
    others = [line for line in lines if line.what != KINDS["rounding"]]
    longer = [line for line in others if line != _short(line, decimals)]
    if not longer:
        return lines
    rest = SumLine(KINDS["rounding"], Decimal(0), Decimal(0))
    for line in lines:
        if line.what == rest.what:
            rest = _plus(rest, replace(line, low=line.low or Decimal(0), high=line.high or Decimal(0)))
    if len(longer) == 1 and len(others) < len(lines):
        (one,) = longer
        joined = _plus(replace(one, what=f"{one.what}（含{rest.what}）"), rest)
        return [joined if line is one else line for line in others]
    rest = replace(rest, what=f"{rest.what}（含以上各行舍去的尾数）")
    for line in longer:
        short = _short(line, decimals)
        rest = _plus(rest, SumLine("", _cut(line.low, short.low), _cut(line.high, short.high)))
    out = [_short(line, decimals) for line in others]
    return [*out, rest] if rest.low or rest.high else out


def _cut(whole: Decimal | None, short: Decimal | None) -> Decimal:
    return Decimal(0) if whole is None or short is None else whole - short


def _short(line: SumLine, decimals: int) -> SumLine:
    step = Decimal(1).scaleb(-decimals)
    low, high = (None if end is None else end.quantize(step, ROUND_HALF_UP) for end in (line.low, line.high))
    return replace(line, low=low, high=high)


def _plus(line: SumLine, other: SumLine) -> SumLine:
    low, high = (_sum(ends) for ends in ((line.low, other.low), (line.high, other.high)))
    return replace(line, low=low, high=high)


def _amount(low: Decimal | None, high: Decimal | None) -> str:
    """An amount of a sum: an end without limit is 待定, with the other end where that says something."""
    if low is not None and high is not None:
        return f"{between(low, high)} 分"
    if low is not None and low > 0:
        return f"待定，最少 {points(low)} 分"
    return "待定"
