"""A rubric typed from text with the forms and units of the demo city; no data, no database."""

from __future__ import annotations

from functools import cache

from scoring.forms import Forms, load_forms
from scoring.rubric import Rubric
from scoring.rubric.load import type_rubric
from scoring.source import loads
from scoring.units import Register, load_units
from tests.town import ROOT

DEMO = (ROOT / "config" / "scoring.yaml").read_bytes().decode()


@cache
def _around() -> tuple[Forms, Register]:
    forms, _ = load_forms(ROOT / "config" / "forms", "config/forms")
    register, _ = load_units(ROOT / "config" / "units.yaml", "config/units.yaml")
    assert forms is not None and register is not None
    return forms, register


@cache
def typed(text: str = DEMO) -> Rubric:
    document, issues = loads(text, "config/scoring.yaml")
    assert document is not None
    rubric, issues = type_rubric(document, issues, *_around())
    assert rubric is not None, "\n".join(map(str, issues))
    return rubric


HEAD = """\
rubric: 试验办法
edition: "2024"
document: {number: 试〔2024〕1号, in_force: 2024-01-01}
period: {every: year, starts: 01-01}
rounding: {rate: none, item: 2, section: none, total: 2, places_by: rounded}
places: {ties: 1-1-3, break_by: []}
missing: pending
groups:
  county: {title: 县区, units: {kinds: [county, zone]}, full_marks: %s}
  department: {title: 成员单位, units: {kinds: [department]}, full_marks: %s}
grades: [{title: 合格, at_least: 60}, {title: 不合格}]
measures:
  cases: {title: 立案数, unit: 件, form: case_ledger, value: count(*), where: "kind = '行政'"}
  crimes: {title: 刑事案件, unit: 件, form: case_ledger, value: count(*), where: "kind = '刑事'"}
sections:
"""


def small(sections: str, county: int = 100, department: int = 100) -> Rubric:
    """A rubric of few sections over the case ledger."""
    return typed(HEAD % (county, department) + sections)


def item(code: str, full: str, rules: str = "[{kind: piecewise, straight: [[0, 0], [10, full]]}]", more: str = "") -> str:
    """One indicator of a section, as a line."""
    return f"  - {{code: {code}, title: 指标{code}, clause: 第{code}条, full_marks: {full}, actual: cases, rules: {rules}{more}}}\n"


def section(code: str, full: str, *items: str, more: str = "") -> str:
    head = f"- {{code: {code}, title: 第{code}部分, full_marks: {full}{more}, indicators: [\n"
    return head + ",\n".join(one.strip().removeprefix("- ") for one in items) + "]}\n"
