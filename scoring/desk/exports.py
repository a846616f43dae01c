"""A list as a file to take away: what it is, whether it is 示例, how far its data go. Knows text, not its meaning."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from scoring.reports.study import SAMPLE

_RISKY = "=+-@\t\r"


def about(cut_off: date | datetime, sample: bool) -> str:
    """What stands on everything that is taken away."""
    return f"数据截至 {moment(cut_off)}" + (f"　{SAMPLE}" if sample else "")


def csv_file(
    title: str, cut_off: date | datetime, head: Sequence[str], rows: Iterable[Sequence[object]], sample: bool
) -> bytes:
    """UTF-8 with a mark, as spreadsheets want it: two lines about the list, the head, the rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([title, *([SAMPLE] if sample else [])])
    writer.writerow([f"数据截至 {moment(cut_off)}"])
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(value: object) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in _RISKY and text else text


def moment(value: date | datetime) -> str:
    """To the minute, or the day."""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value.isoformat()


def file_name(title: str, cut_off: date | datetime, kind: str = "csv") -> str:
    """催报清单_截至20250109.csv."""
    return f"{title}_截至{cut_off:%Y%m%d}.{kind}"
