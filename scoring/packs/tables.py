"""Tables as CSV text and back: exact numbers, absence told apart. Knows no score."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from scoring.forms import Form
from scoring.intake.tables import Sheet
from scoring.units import Register


def text(value: object) -> str:
    """One cell: exact, the same everywhere; nothing is an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else str(value)


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """As UTF-8 with a mark, which spreadsheets need to show Chinese."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")


def result_csv(table: pa.Table, in_order: bool) -> bytes:
    """A result table; `in_order`: its own order means something, else the rows are sorted."""
    columns = [[text(value) for value in table[name].to_pylist()] for name in table.column_names]
    rows = zip(*columns, strict=True)
    return written(table.column_names, rows if in_order else sorted(rows))


def read_csv_rows(data: bytes) -> list[list[str]]:
    """The other way round, head included."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def sheet_csv(sheet: Sheet, register: Register) -> bytes:
    """The rows of a form as a prepared file is written: masked cells are *, 不涉及 is /."""
    form, values = sheet.form, sheet.values
    columns = [[register.title(str(unit)) for unit in values["row_unit"]]]
    for column in form.columns:
        bit = form.bit[column.code]
        states = zip(values[column.code], values["masked"], values["inapplicable"], strict=True)
        columns.append([_cell(value, int(m) & bit, int(n) & bit) for value, m, n in states])  # type: ignore[call-overload]
    return written(["单位", *(column.title for column in form.columns)], zip(*columns, strict=True))


def _cell(value: object, masked: int, inapplicable: int) -> str:
    return "*" if masked else "/" if inapplicable else text(value)


def sources_csv(sheets: Mapping[str, Sheet], forms: Mapping[str, Form]) -> bytes:
    """Where each row of the data files came from: form, line there, file and line here."""
    rows = []
    for code, sheet in sheets.items():
        places = zip(sheet.values["source_file"], sheet.values["source_row"], strict=True)
        rows += [[forms[code].title, str(at), str(file), str(line)] for at, (file, line) in enumerate(places, 2)]
    return written(["报表", "数据文件行号", "原始文件", "原始行号"], rows)
