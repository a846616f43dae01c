"""Opens DuckDB, makes the tables of the forms and locks the instance. Knows no rubric and no score.

Two rules measured to matter: one cursor per call (a connection shared between threads returned another
thread's rows), and everything fetched at once (execute streams, errors surface at fetch).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from scoring.expressions.rows import workday_column
from scoring.forms import Column, Form, Forms
from scoring.sql.exact import MACROS
from scoring.sql.text import identifier, literals

TYPES = {"integer": "BIGINT", "date": "DATE", "boolean": "BOOLEAN", "text": "VARCHAR"}
Cursor = duckdb.DuckDBPyConnection  # what `Store.cursor` gives: one piece of work, its own temporary tables
WORKDAY_NO = "CREATE OR REPLACE MACRO workday_no(d) AS (SELECT number FROM calendar_day WHERE day = d)"
# Whole months from one day to another: the day that corresponds, or the last of its month, makes a month full.
FULL_MONTHS = """CREATE OR REPLACE MACRO full_months(a, b) AS date_diff('month', a, b)
    - CASE WHEN b < a + to_months(date_diff('month', a, b)::INTEGER) THEN 1 ELSE 0 END"""
_LOCKS = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


def column_type(column: Column) -> str:
    """The SQL type of a column: exact decimals, never DOUBLE; a choice is an ENUM, compared as a small number."""
    if column.type == "choice":
        return f"ENUM({literals(column.values)})"
    return f"DECIMAL(18, {column.decimals})" if column.type == "decimal" else TYPES[column.type]


class Store:
    """One DuckDB instance holding the rows of a project. Make it with `Store.of`; read it through `cursor`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, version: str) -> None:
        self._connection = connection
        self.version = version

    @classmethod
    def of(
        cls,
        forms: Forms,
        rows: Mapping[str, pa.Table],
        facts: Mapping[str, pa.Table],
        version: str,
        threads: int | None = None,
    ) -> Store:
        """In memory. `rows`: good rows by form; `facts`: unit, reporter, due_period, submission, calendar_day."""
        settings: dict[str, str | bool | int | float | list[str]] = {"threads": threads} if threads else {}
        connection = duckdb.connect(":memory:", config=settings)
        for macro in MACROS:
            connection.execute(macro)
        for name, table in facts.items():
            _copy(connection, name, table, f"CREATE TABLE {identifier(name)} AS SELECT * FROM incoming_{name}")
        units = facts["unit"]["unit"].to_pylist()
        connection.execute(f"CREATE TYPE unit_code AS ENUM ({literals(units)})")
        connection.execute(WORKDAY_NO)
        connection.execute(FULL_MONTHS)
        connection.execute(RECEIPT)
        for form in forms.values():
            if form.derived is None:
                table = rows.get(form.code)
                connection.execute(create_table(form))
                if table is not None and table.num_rows:
                    select = received(form, f"incoming_{form.code}")
                    _copy(connection, form.code, table, f"INSERT INTO {identifier(form.code)} BY NAME {select}")
        for lock in _LOCKS:
            connection.execute(lock)
        return cls(connection, version)

    @classmethod
    def bare(cls, optimised: bool = True) -> Store:
        """Without rows and forms, for figures that are made up, or brought from elsewhere.

        Not `optimised`: a prepared statement is run as it was planned. (With its optimizer DuckDB 2.0 plans it anew each
        time, which over small tables takes longer than to run it.)
        """
        connection = duckdb.connect(":memory:", config={"threads": 1, "enable_optimizer": optimised})
        for statement in (*MACROS, *_LOCKS):
            connection.execute(statement)
        return cls(connection, "")

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        """A connection of one's own for one piece of work; its temporary tables go with it."""
        cursor = self.new_cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def new_cursor(self) -> Cursor:
        """The same for work that goes on: its temporary tables last as long as somebody holds it."""
        return self._connection.cursor()

    def fetch(self, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        """One statement, read whole."""
        with self.cursor() as cursor:
            return arrow(cursor, sql, parameters)

    def close(self) -> None:
        self._connection.close()


def arrow(cursor: Cursor, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
    """Run and read whole, as Arrow (decimals stay decimal128)."""
    return cursor.sql(sql, params=list(parameters)).to_arrow_table()


def create_table(form: Form) -> str:
    """The table of a form: system columns first, then its own; beside each date the number of its working day."""
    lines = [
        "row_id BIGINT",
        "row_unit unit_code",
        "source_file VARCHAR",
        "source_row BIGINT",
        "masked BIGINT",
        "inapplicable BIGINT",
        *(f"{identifier(column.code)} {column_type(column)}" for column in form.columns),
        *(f"{workday_column(code)} INTEGER" for code in dates(form)),
        "due_period VARCHAR",
        "received_on DATE",
    ]
    return f"CREATE OR REPLACE TABLE {identifier(form.code)} (\n    " + ",\n    ".join(lines) + "\n)"


def dates(form: Form) -> list[str]:
    """Columns that hold a date."""
    return [column.code for column in form.columns if column.type == "date"]


# The first submission of a due period that was not returned; a register closed by the office counts for all. What
# the office has not accepted yet was received, but nobody knows its rows.
RECEIPT = """CREATE OR REPLACE TABLE receipt AS
SELECT s.form, r.unit, s.period, min(s.received_at) AS received_at, bool_or(s.nil) AS nil,
    bool_or(s.outcome <> '待复核') AS accepted
FROM submission s JOIN reporter r ON r.form = s.form AND (s.unit = r.unit OR s.outcome = '已关账')
WHERE s.outcome <> '退回'
GROUP BY s.form, r.unit, s.period"""


def received(form: Form, source: str) -> str:
    """The rows with the due period they belong to and the day it was received; without a schedule: no day."""
    dated = identifier(form.dated_by)
    order = f"year(i.{dated}), i.row_unit, i.row_id"  # what one run reads lies together, unit by unit
    numbers = "".join(f", workday_no(i.{identifier(code)}) AS {workday_column(code)}" for code in dates(form))
    if not form.has_schedule:
        nothing = "NULL::VARCHAR AS due_period, NULL::DATE AS received_on"
        return f"SELECT i.*{numbers}, {nothing} FROM {source} i\nORDER BY {order}"
    # a late report that counts for nothing has brought no rows; that it came is told by the register
    received_on = "t.received_at::DATE"
    if form.late_rows != "count":
        received_on = f"CASE WHEN t.received_at <= p.deadline THEN {received_on} END"
    return f"""SELECT i.*{numbers}, p.period AS due_period, {received_on} AS received_on
FROM {source} i
LEFT JOIN due_period p ON p.form = '{form.code}' AND i.{dated} BETWEEN p.covers_from AND p.covers_to
LEFT JOIN receipt t ON t.form = p.form AND t.unit = i.row_unit AND t.period = p.period
QUALIFY row_number() OVER (PARTITION BY i.row_id ORDER BY p.deadline) = 1
ORDER BY {order}"""


def _copy(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table, statement: str) -> None:
    connection.register(f"incoming_{name}", table)
    connection.execute(statement)
    connection.unregister(f"incoming_{name}")


def table_of(names: Iterable[tuple[str, pa.DataType]], rows: Iterable[Sequence[object]]) -> pa.Table:
    """Rows of Python values as Arrow."""
    schema = pa.schema(list(names))
    listed = list(rows)
    arrays = [pa.array([row[i] for row in listed], type=field.type) for i, field in enumerate(schema)]
    return pa.Table.from_arrays(arrays, schema=schema)
