"""The order of rows never matters: not of rows in a file, not of units, not of measures, indicators or sections.

Days, documents and amounts repeat, so that `latest` meets two rows of one day, and `once_by` rows of one thing that differ.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.tiny import Tiny, item

UNITS = ["甲县", "乙县", "丙县", "丁县"]
LEDGER = """\
form: book
title: 台账
dated_by: seen_on
columns:
  - {code: seen_on, title: 日期, type: date, required: true}
  - {code: doc_no, title: 文号, type: text}
  - {code: kind, title: 类别, type: choice, values: [行政, 刑事]}
  - {code: amount, title: 金额, type: decimal, decimals: 2, at_least: 0}
  - {code: major, title: 大案, type: boolean}
"""
MEASURES = [
    "cases: {title: 案件数, unit: 件, form: book, value: count(*)}",
    "criminal: {title: 刑事案件数, unit: 件, form: book, value: count(*), where: kind = '刑事'}",
    "docs: {title: 文号数, form: book, value: count(distinct doc_no)}",
    "once: {title: 不重复金额, form: book, value: sum(amount), once_by: [doc_no]}",
    "weighed: {title: 折算件数, form: book, value: sum(weight), weights: {kind: {行政: 1, 刑事: 2.5}}, once_by: [doc_no]}",
    "money: {title: 金额, form: book, value: sum(amount)}",
    "mean_money: {title: 平均金额, form: book, value: avg(amount)}",
    "most_money: {title: 最大金额, form: book, value: max(amount)}",
    "last_money: {title: 最近金额, form: book, value: latest(amount)}",
    "big: {title: 大案数, form: book, value: count(*), where: major and amount >= 50}",
    "late: {title: 迟报, form: weekly, value: count(*)}",
]
WEEKLY = """\
form: weekly
title: 周报
dated_by: seen_on
due: {every: week, weekday: 5, from: 2024-01-12, to: 2024-02-09}
columns:
  - {code: seen_on, title: 日期, type: date, required: true}
"""
ITEMS = [
    item("actual: cases\nrules: [{kind: bands, bands: [{at_least: 5, points: full}, {at_least: 2, points: 6}, {points: 0}]}]", "a"),
    item("actual: criminal\ntarget: cases\nvalue: 100 * actual / target\nbase_zero: {then: no_points}\nrules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]", "b"),
    item("rules: [{kind: deductions, parts: [{measure: big, each: 0.5, cap: 3}, {if: last_money < 40, points: 1}]}]", "c"),
    item("actual: money\nrules: [{kind: formula, points: full * value / highest(value)}]", "d"),
    item("actual: mean_money\nrules: [{kind: steps, of: place(value), start: 1, above: {each: 1, lose: 1.5}}]", "e"),
    item("rules: [{kind: awards, parts: [{measure: docs, each: 0.3}, {measure: weighed, each: 0.2}], cap: full}]", "f"),
    item("rules: [{kind: checklist, need: each, items: [{if: most_money > 60, points: 4}, {if: once > 200, points: 6}]}]", "g"),
    item("rules: [{kind: timeliness, form: weekly, late: 0.5, missing: 1}]", "h"),
]  # fmt: skip
EXAMPLES, TRIAL_EXAMPLES = 4, 200
Tables = dict[str, list[Any]]


@st.composite
def books(draw: Callable[..., Any]) -> list[str]:
    """Rows of the ledger: days repeat, some cells are empty, rows of one document differ in kind and amount."""
    rows = []
    for day in draw(st.lists(st.integers(0, 40).map(lambda n: 7 * n), min_size=3, max_size=24)):
        unit, document = draw(st.sampled_from(UNITS)), draw(st.integers(1, 6))
        major, kind = draw(st.sampled_from(["是", "否", "_"])), draw(st.sampled_from(["行政", "刑事"]))
        amount = draw(st.sampled_from(["_", "17.50", "51.00", "102.00"]))
        rows.append(f"{unit} 2024-{day // 28 + 1:02d}-{day % 28 + 1:02d} 示{document}号 {kind} {amount} {major}")
    return rows


@st.composite
def submitted(draw: Callable[..., Any]) -> list[str]:
    """What is written in the register of submissions."""
    weeks = {"2024-W02": "2024-01-12", "2024-W03": "2024-01-22", "2024-W04": "2024-01-26", "2024-W05": "2024-02-08"}
    return [
        f"weekly {unit} {week} {day} 已收 否" for unit in UNITS for week, day in weeks.items() if draw(st.booleans())
    ]


def tiny(rows: list[str], register: list[str], items: list[str], measures: list[str], units: list[str]) -> Tiny:
    return Tiny(
        indicators="".join(items), measures="\n".join(measures), forms={"book": LEDGER, "weekly": WEEKLY}, units=units,
        data={
            "book": "\n".join(["单位 seen_on doc_no kind amount major", *rows]),
            "submissions": "\n".join(["报表 单位 报送期 收到时间 结果 零报告", *register]),
            "weekly": "单位 seen_on\n甲县 2024-01-12",
        },
        adjustments="- {kind: bonus, code: more, title: 加分, clause: 加分条, parts: [{measure: big, each: 1}], pool: 3}\n"
        "- {kind: penalty, code: less, title: 扣分, clause: 扣分条, parts: [{measure: late, each: 0.5}]}",
        grades="[{title: 优秀, at_least: 40, quota: {share: 40%, round: half_up, tie: out}}, {title: 合格}]",
    )  # fmt: skip


def tables(project: Tiny, *names: str) -> Tables:
    """The result tables as sets of rows."""
    with tempfile.TemporaryDirectory() as folder:
        scores = project.score(Path(folder))
        found = {name: scores.assessment.rows(name) for name in names or scores.assessment.tables}
        scores.project.store.close()
    return {name: sorted(repr(sorted(row.items())) for row in rows) for name, rows in found.items()}


def _rows(rows: list[str], register: list[str], rng: Any) -> None:
    project = tiny(rows, register, ITEMS, MEASURES, UNITS)
    shuffled = replace(project, data={**project.data, **{
        code: "\n".join([head, *rng.sample(body, len(body))])
        for code, (head, *body) in ((code, text.split("\n")) for code, text in project.data.items())
    }})  # fmt: skip
    assert tables(project) == tables(shuffled)


def _listed(rows: list[str], register: list[str], units: list[str], items: list[str], measures: list[str]) -> None:
    codes = "\n".join(f"- {{code: c{UNITS.index(unit)}, title: {unit}, kind: county}}" for unit in units)
    first = "\n".join(f"- {{code: c{at}, title: {unit}, kind: county}}" for at, unit in enumerate(UNITS))
    one = replace(tiny(rows, register, ITEMS, MEASURES, []), register=first)
    other = replace(tiny(rows, register, items, measures, []), register=codes)
    names = ("measure", "indicator_score", "node_score", "unit_score", "ranking", "rule_part")
    assert tables(one, *names) == tables(other, *names)


def _held(check: Callable[..., None], examples: int, derandomize: bool, *strategies: Any) -> None:
    wrapped = given(books(), submitted(), *strategies)(check)
    settings(
        max_examples=examples, deadline=None, derandomize=derandomize, database=None, phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )(wrapped)()  # fmt: skip


ORDERS = (st.permutations(UNITS), st.permutations(ITEMS), st.permutations(MEASURES))


def test_rows_in_any_order() -> None:
    """Whole tables are the same, whichever row stands first in its file."""
    _held(_rows, EXAMPLES, True, st.randoms(use_true_random=False))


def test_units_items_and_measures_in_any_order() -> None:
    """Points, totals and places are the same, however the register and the rubric list what they hold."""
    _held(_listed, EXAMPLES, True, *ORDERS)


@pytest.mark.trial
def test_in_any_order_trial(trial_size: Callable[[int, int], int]) -> None:
    examples = trial_size(TRIAL_EXAMPLES, TRIAL_EXAMPLES // 5)
    _held(_rows, examples, False, st.randoms(use_true_random=False))
    _held(_listed, examples, False, *ORDERS)
