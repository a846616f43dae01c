"""One column at once gives what `read_cell` gives cell by cell; and what `read_cell` gives for what people type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.forms import Column
from scoring.intake.cells import Cell, read_cell
from scoring.intake.typed_columns import typed_column

KINDS = ("integer", "decimal", "date", "boolean", "text", "choice")
COLUMNS = [
    Column(
        code="a",
        title="甲",
        type=kind,
        values=("是的", "商标（一）") if kind == "choice" else (),
        decimals=decimals,
        at_least=None if high is None else Decimal(0),
        at_most=high,
        unit=unit,
        required=required,
    )
    for kind in KINDS
    for decimals in (0, 2)
    for high in (None, Decimal("99.5"))
    for unit in (None, "%")
    for required in (False, True)
]
SIGNS = "0123456789０１．,，.-+－%％*×Xx/年月日 　\t\n\x0b\x1c\x85\xa0#是否不涉及TRUEe…—商标（一）(): T"
TEXTS = st.lists(
    st.text(alphabet=SIGNS, max_size=14)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
    | st.integers(-(10**12), 10**12).map(str)
    | st.decimals(-(10**12), 10**12, places=3).map(lambda number: format(number, "f"))
    | st.dates(date(1985, 1, 1), date(2105, 1, 1)).map(str),
    max_size=8,
)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(COLUMNS), st.sampled_from([0, -4, 2]), st.booleans())
def test_a_whole_column_is_read_as_its_cells_are(texts: list[str], column: Column, power: int, serials: bool) -> None:
    found = typed_column(pa.array(texts, pa.string()), column, power, serials)
    for row, text in enumerate(texts):
        cell = read_cell(text, column, power, serials)
        assert (found.values[row], found.states[row]) == (cell.value, cell.state)
        assert type(found.values[row]) is type(cell.value)
        assert found.odd.get(row, Cell(cell.value, cell.state)) == cell


def column(kind: str, **more: object) -> Column:
    return Column.model_validate({"code": "a", "title": "甲", "type": kind, **more})


@pytest.mark.parametrize(
    "text, kind, value",
    [
        ("１２", "integer", 12),
        ("1,234", "integer", 1234),
        ("１，２３４．５", "decimal", Decimal("1234.5")),
        ("－３", "integer", -3),
        (" 　7 ", "integer", 7),
        ("12.0", "integer", 12),
        ("2024.3.1", "date", date(2024, 3, 1)),
        ("2024年3月1日", "date", date(2024, 3, 1)),
        ("2024/3/1", "date", date(2024, 3, 1)),
        ("20240301", "date", date(2024, 3, 1)),
        ("２０２４．３．１", "date", date(2024, 3, 1)),
        ("2024-03-01 00:00:00", "date", date(2024, 3, 1)),
        ("2024-03-01 08:30", "date", date(2024, 3, 1)),
        ("45352", "date", date(2024, 3, 1)),  # 45292 is 2024-01-01; 31 + 29 days later
        ("45352.75", "date", date(2024, 3, 1)),
        ("TRUE", "boolean", True),
        ("否", "boolean", False),
    ],
)
def test_what_people_type(text: str, kind: str, value: object) -> None:
    found = read_cell(text, column(kind))
    assert (found.value, found.state, found.problem) == (value, "value", "")


@pytest.mark.parametrize("text", ["2024.3", "24.3.1", "2024年3月", "99999", "1234", "2024-02-30", "2024-13-01", "今天", "2024-03-01 25:00"])  # fmt: skip
def test_what_is_no_day(text: str) -> None:
    assert read_cell(text, column("date")).problem


@pytest.mark.parametrize("text", ["12件", "约12", "1.2.3", "1e5", "１２a", "--3", "12,34", "0x1F", "½", "一百", "5%", "inf", "9" * 40])  # fmt: skip
def test_what_is_no_number(text: str) -> None:
    assert read_cell(text, column("decimal")).problem


def test_a_percentage_only_where_the_column_is_one() -> None:
    assert read_cell("105.02%", column("decimal", unit="%")).value == Decimal("105.02")
    assert read_cell("１０５．０２％", column("decimal", unit="%")).value == Decimal("105.02")
    assert read_cell("5%", column("decimal", unit="万元")).problem == "“甲”不是百分比，现为“5%”"


def test_digits_that_Decimal_would_round_away_are_seen() -> None:
    """Thirty decimals: rounded to 28 digits they look like a plain 1."""
    assert read_cell("1." + "0" * 28 + "1", column("decimal")).problem


@pytest.mark.parametrize(
    "text, power, decimals, value",
    [
        ("12500", -4, 2, Decimal("1.25")),  # 元 to 万元
        ("12345", -4, 2, None),  # 1.2345 has more decimals than may be: never rounded
        ("1.5", 4, 0, Decimal(15000)),  # 亿元 to 万元
        ("0.00012", 4, 2, Decimal("1.2")),
    ],
)
def test_another_unit_of_measure(text: str, power: int, decimals: int, value: Decimal | None) -> None:
    found = read_cell(text, column("decimal", decimals=decimals, unit="万元"), power)
    assert (found.value, bool(found.problem)) == (value, value is None)


def test_a_day_counted_from_1904_is_not_guessed() -> None:
    assert read_cell("45352", column("date"), serials=False).problem


def test_an_option_in_other_brackets() -> None:
    found = read_cell("刑事(移送)", column("choice", values=["刑事（移送）"]))
    assert (found.value, found.note) == ("刑事（移送）", "“刑事(移送)”按选项“刑事（移送）”读入")


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_an_error_of_a_formula_is_no_text(text: str) -> None:
    assert read_cell(text, column("text")).problem == f"“甲”的公式出错：{text}"
