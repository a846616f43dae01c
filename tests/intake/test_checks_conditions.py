"""Conditions decide as the database does: the same expression over the same rows, there as SQL, here row by row."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest

from scoring.expressions.parse import parse
from scoring.expressions.rows import condition, workday_column
from scoring.intake.checks.conditions import truths
from scoring.intake.checks.rows import Rows
from scoring.store.database import FULL_MONTHS, WORKDAY_NO
from tests.intake.checking import CALENDAR, LEDGER, form

COLUMNS = """
- {code: ended_on, title: 结案日期, type: date}
- {code: amount, title: 案值, type: decimal, decimals: 2}
- {code: people, title: 人数, type: integer}
- {code: kind, title: 类别, type: choice, values: [行政, 刑事]}
- {code: secret, title: 不公开, type: boolean}
"""
FORM = form(LEDGER, COLUMNS, "")
EXPRESSIONS = (
    "kind = '行政'", "kind <> '行政'", "not kind = '行政'", "kind in ('行政', '刑事')", "kind not in ('行政')", "secret",
    "not secret", "secret = true", "secret is null or not secret", "amount >= 50", "amount between 10 and 20.5",
    "amount - people > 5.25", "amount * 2 <= 30", "-people < -3", "ended_on is null", "ended_on is not null",
    "ended_on >= filed_on", "ended_on < '2024-03-15'", "'2024-02-29' <= ended_on", "days(filed_on, ended_on) > 30",
    "workdays(filed_on, ended_on) > 20", "workdays('2024-02-01', filed_on) >= 10", "months(filed_on, ended_on) > 3",
    "3 <= months(filed_on, ended_on)", "months(filed_on, ended_on) + 1 > 2", "month(ended_on) = 2",
    "kind = '刑事' and amount > 10 or people = 3", "kind = '刑事' and (amount > 10 or people = 3)",
    "not (amount > 10 and people > 3)", "people in (1, 2, 3) and ended_on is null", "amount is null and people > 1",
    "ended_on in ('2024-03-15', '2024-03-18')", "not ended_on in ('2024-03-15')",
)  # fmt: skip


def drawn(count: int) -> dict[str, list[object]]:
    """Rows with a quarter of the cells blank, dates around ends of months."""
    draw = random.Random(20240315)
    filed: list[object] = [date(2024, 1, 1) + timedelta(draw.randrange(120)) for _ in range(count)]
    columns: dict[str, list[object]] = {
        "doc_no": [str(at) for at in range(count)],
        "filed_on": filed,
        "ended_on": [date(2024, 1, 28) + timedelta(draw.randrange(130)) for _ in range(count)],
        "amount": [Decimal(draw.randrange(6000)) / 100 for _ in range(count)],
        "people": [draw.randrange(6) for _ in range(count)],
        "kind": [draw.choice(("行政", "刑事")) for _ in range(count)],
        "secret": [draw.random() < 0.5 for _ in range(count)],
    }
    for code in ("ended_on", "amount", "people", "kind", "secret"):
        columns[code] = [value if draw.random() < 0.75 else None for value in columns[code]]
    return columns


VALUES = drawn(400)
ROWS = Rows(
    FORM, range(400), 400, VALUES,
    {code: ["blank" if value is None else "value" for value in column] for code, column in VALUES.items()},
)  # fmt: skip


@pytest.fixture(scope="module")
def cursor() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.execute("CREATE TABLE calendar_day (day DATE, works BOOLEAN, number BIGINT)")
    found.executemany("INSERT INTO calendar_day VALUES (?, ?, ?)", CALENDAR.rows())
    found.execute(WORKDAY_NO)
    found.execute(FULL_MONTHS)
    numbers = ", ".join(f"workday_no({code}) AS {workday_column(code)}" for code in ("filed_on", "ended_on"))
    found.execute(
        "CREATE TABLE plain (no INT, filed_on DATE, ended_on DATE, amount DECIMAL(18, 2), people BIGINT, kind VARCHAR, secret BOOLEAN)"
    )
    order = ("filed_on", "ended_on", "amount", "people", "kind", "secret")
    found.executemany(
        "INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?)",
        [[at, *(VALUES[code][at] for code in order)] for at in range(400)],
    )
    found.execute(f"CREATE TABLE r AS SELECT *, {numbers} FROM plain")
    return found


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_as_the_database_decides(text: str, cursor: duckdb.DuckDBPyConnection) -> None:
    tree = parse(text)
    sql = f"SELECT ({condition(tree, FORM.row_types)}) FROM r ORDER BY no"
    decided = [row[0] for row in cursor.execute(sql).fetchall()]
    assert truths(tree, ROWS, CALENDAR) == decided
    assert len(set(decided)) > 1
