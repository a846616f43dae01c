"""A reported sheet → rows of the records, and back. Knows how cells are written down; decides nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from scoring.access import Actor
from scoring.forms import Column, Form
from scoring.intake.reported import Finding, ReportedSheet
from scoring.store.records import Records, Row, Writer

_ABSENT = ("masked", "not_applicable")


def canonical(value: object) -> str | None:
    """A typed value as text that is read back without loss: 12, 3.50, 2024-03-01, true."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def typed(text: str | None, column: Column) -> object:
    """The other way round."""
    if text is None:
        return None
    if column.type == "integer":
        return int(text)
    if column.type == "decimal":
        return Decimal(text)
    if column.type == "date":
        return date.fromisoformat(text)
    return text == "true" if column.type == "boolean" else text


def row_key(values: Sequence[object]) -> str:
    """The form's key as one text; '' where a part of it is not known."""
    if not values or any(value is None for value in values):
        return ""
    return json.dumps([canonical(value) for value in values], ensure_ascii=False)


def keep_submission(
    writer: Writer,
    no: str,
    sheet: ReportedSheet,
    *,
    source: str,
    file_name: str,
    sha256: str,
    whole: bool,
    actor: Actor,
    now: datetime,
) -> int:
    """Write a sheet down with its rows and findings. Returns its event."""
    event = writer.event()
    writer.append(
        "submission",
        {
            "no": no, "event": event, "form": sheet.form.code, "unit": sheet.unit, "period": sheet.period,
            "source": source, "file_name": file_name, "sha256": sha256, "sheet": sheet.sheet,
            "fingerprint": sheet.form.fingerprint, "head_line": sheet.head_line, "letters": dict(sheet.letters),
            "whole": whole, "nil": sheet.nil, "filled_by": sheet.filled_by, "phone": sheet.phone,
            "row_count": len(sheet), "aside_count": sheet.set_aside, "done_at": now, "actor": actor.name,
            "role": actor.role,
        },
    )  # fmt: skip
    if len(sheet):
        keep_rows(writer, [(no, sheet)])
    keep_findings(writer, [(no, sheet.findings)])
    return event


def keep_rows(writer: Writer, sheets: Sequence[tuple[str, ReportedSheet]]) -> None:
    """All rows of submissions of one form at once, those set aside among them."""
    form = sheets[0][1].form
    codes = [column.code for column in form.columns]
    arrays: dict[str, pa.Array] = {
        "submission": pa.array([no for no, sheet in sheets for _ in sheet.lines], pa.string()),
        "position": pa.array([at for _, sheet in sheets for at in range(len(sheet))], pa.int64()),
        "line": pa.array([line for _, sheet in sheets for line in sheet.lines], pa.int64()),
        "unit": pa.array([unit for _, sheet in sheets for unit in sheet.units], pa.string()),
        "row_key": pa.array([key for _, sheet in sheets for key in keys_of(sheet)], pa.string()),
        "aside": pa.array([aside for _, sheet in sheets for aside in sheet.aside], pa.bool_()),
    }
    for at, code in enumerate(codes):
        typed_ = [text or None for _, sheet in sheets for text in sheet.typed[code]]
        values = [canonical(value) for _, sheet in sheets for value in sheet.values[code]]
        absent = [state if state in _ABSENT else None for _, sheet in sheets for state in sheet.states[code]]
        for letter, column in (("t", typed_), ("v", values), ("a", absent)):
            arrays[f"{letter}{at}"] = pa.array(column, pa.string())
    select = "submission, position, line, unit, row_key, aside"
    for letter, name in (("t", "typed"), ("v", "value"), ("a", "absent")):
        select += f",\n    {_map(codes, letter)} AS {name}"
    writer.append_rows("ledger_row", pa.table(arrays), select)


def keys_of(sheet: ReportedSheet) -> list[str]:
    """The key of each row, as the records hold it."""
    columns = [sheet.values[code] for code in sheet.form.key]
    return [row_key(key) for key in zip(*columns, strict=True)] if columns else [""] * len(sheet)


def _map(codes: Sequence[str], letter: str) -> str:
    """Columns into one map without the empty ones. Codes are of the form's own alphabet (a–z, digits, _)."""
    entries = ", ".join(f"{{k: '{code}', v: {letter}{at}}}" for at, code in enumerate(codes))
    return f"map_from_entries(list_filter([{entries}], lambda e: e.v IS NOT NULL))"


def keep_findings(writer: Writer, found: Sequence[tuple[str, Sequence[Finding]]]) -> None:
    """Findings by submission."""
    rows = [
        {
            "submission": no, "position": at, "check_id": one.check, "level": one.level, "problem": one.problem,
            "fix": one.fix, "line": one.line, "column_code": one.column, "letter": one.letter, "typed": one.typed,
        }
        for no, findings in found
        for at, one in enumerate(findings)
    ]  # fmt: skip
    if rows:
        whole = {"position": pa.int64(), "line": pa.int64()}
        schema = pa.schema([(name, whole.get(name, pa.string())) for name in rows[0]])
        writer.append_rows("finding", pa.Table.from_pylist(rows, schema))


def kept_sheet(records: Records, no: str, form: Form, cells: bool = True) -> ReportedSheet:
    """A submission as it was read, from the records. `cells` false: its lines and findings, which is fast."""
    (head,) = records.fetch("SELECT * FROM submission WHERE no = ?", [no])
    what = "*" if cells else "line, unit, aside"
    rows = records.fetch(f"SELECT {what} FROM ledger_row WHERE submission = ? ORDER BY position", [no])
    found = records.fetch("SELECT * FROM finding WHERE submission = ? ORDER BY position", [no])
    sheet = ReportedSheet(
        form, head["period"], head["unit"], head["sheet"], head["nil"], head["filled_by"], head["phone"],
        head["head_line"], dict(head["letters"]),
    )  # fmt: skip
    sheet.lines = [row["line"] for row in rows]
    sheet.units = [row["unit"] for row in rows]
    sheet.aside = [row["aside"] for row in rows]
    for column in form.columns if cells else ():
        sheet.typed[column.code] = [row["typed"].get(column.code, "") for row in rows]
        sheet.values[column.code] = [typed(row["value"].get(column.code), column) for row in rows]
        sheet.states[column.code] = [_state(row, column.code) for row in rows]
    sheet.findings = [
        Finding(
            one["check_id"], one["level"], one["problem"], one["fix"], one["line"], one["column_code"], one["letter"],
            one["typed"],
        )
        for one in found
    ]  # fmt: skip
    return sheet


def _state(row: Mapping[str, Mapping[str, str]], code: str):  # type: ignore[no-untyped-def]
    if code in row["value"]:
        return "value"
    return row["absent"].get(code, "blank")


def counted_columns(records: Records, form: Form, unit: str) -> dict[str, dict[str, list[object]]]:
    """Accepted rows that a unit reported, by due period, column by column."""
    rows: list[Row] = records.fetch(
        """SELECT s.period, r.value FROM ledger_row r JOIN counted_submission s ON s.no = r.submission
WHERE s.form = ? AND s.unit = ? AND NOT r.aside ORDER BY s.period, r.position""",
        [form.code, unit],
    )
    found: dict[str, dict[str, list[object]]] = {}
    for row in rows:
        columns = found.setdefault(row["period"], {column.code: [] for column in form.columns})
        for column in form.columns:
            columns[column.code].append(typed(row["value"].get(column.code), column))
    return found
