"""The manual's examples of `checks:` hold: each row of a table that ends with 校验结果 is checked by the form above it.

A table with a column 报送期 is one unit's history: every row is a period, those above it accepted. The results are the
manual's own; 算式 and 说明 are text for people.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from scoring.forms import Form, load_forms
from scoring.forms.checks import KINDS
from scoring.intake.checks import ALWAYS, Context, Earlier, run
from tests import manual
from tests.intake.checking import CALENDAR, REGISTER, reported

RESULT = "校验结果"
FOR_PEOPLE = ("算式", "说明")
TABLES = [table for table in manual.every(manual.Table) if table.head[-1] == RESULT]


def fence_above(table: manual.Table) -> manual.Fence:
    return max(
        (one for one in manual.every(manual.Fence) if manual.is_form(one) and one.line < table.line),
        key=lambda one: one.line,
    )


def form_of(table: manual.Table, folder: Path) -> Form:
    (folder / "form.yaml").write_text(fence_above(table).text, encoding="utf-8")
    forms, issues = load_forms(folder, "config/forms")
    assert forms is not None, [str(issue) for issue in issues]
    return next(iter(forms.values()))


@pytest.mark.parametrize("position", range(len(TABLES)), ids=lambda at: f"第 {TABLES[at].line} 行")
def test_each_row_is_told_so(position: int, tmp_path: Path) -> None:
    table = TABLES[position]
    form = form_of(table, tmp_path)
    dues = {due.label: due for due in form.due_periods(date(2022, 1, 1), date(2025, 6, 30), CALENDAR)}
    accepted: dict[str, dict[str, list[object]]] = {}
    for row in table.rows:
        cells = dict(zip(table.head, row, strict=True))
        label = cells.pop("报送期", "2024Q3")
        expected = cells.pop(RESULT)
        for head in FOR_PEOPLE:
            cells.pop(head, None)
        typed = {form.by_title[title].code: text or "_" for title, text in cells.items()}
        typed.setdefault(form.dated_by, dues[label].covers_to.isoformat())
        sheet = reported(form, " ".join(typed) + "\n" + " ".join(typed.values()), label)
        found = run(
            sheet, Context("c01", dues[label], CALENDAR, REGISTER, Earlier(dict(accepted)), dues[label].covers_to)
        )
        told = "；".join(f"{one.level}：{one.problem}" for one in found)
        assert told == ("" if expected == "—" else expected), row
        accepted |= {label: sheet.values} if "报送期" in table.head else {}


def test_every_kind_has_its_examples() -> None:
    written = "".join(fence_above(table).text for table in TABLES)
    assert {kind.model_fields["kind"].annotation.__args__[0] for kind in KINDS} == set(
        re.findall(r"kind: (\w+)", written)
    )  # type: ignore[union-attr]


def test_every_number_is_placed() -> None:
    """V01 to V25, each once, in the table that says where it is checked."""
    table = next(
        table for table in manual.every(manual.Table) if table.head[0] == "编号" and table.head[-1] == "在哪里"
    )
    numbers = [number for row in table.rows for number in row[0].split()]
    assert numbers == [f"V{at:02d}" for at in range(1, 26)]
    places = {number: row[2] for row in table.rows for number in row[0].split()}
    for kind in KINDS:
        if kind.number in places:
            assert f"`{kind.model_fields['kind'].annotation.__args__[0]}`" in places[kind.number]  # type: ignore[union-attr]
    assert len(ALWAYS) == 4


def test_the_usual_class_is_the_one_in_the_manual() -> None:
    told = dict(manual.key_tables())
    for kind in KINDS:
        row = next(row for row in told[kind.__name__].rows if "`level`" in row[0])
        assert row[2] == kind.usual_level
