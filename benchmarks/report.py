"""Prints tables with Chinese and Latin text in line, and reads how much memory a program took. Linux only for memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scoring.reports.text_width import text_width

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """First column to the left, the others to the right."""
    widths = [max(text_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = []
        for column, text in enumerate(row):
            space = " " * (widths[column] - text_width(text))
            cells.append(text + space if column == 0 else space + text)
        print("  " + "  ".join(cells).rstrip())


def shown(megabytes: float | None) -> str:
    return f"{megabytes:,.0f} MB" if megabytes is not None and megabytes == megabytes else "—"


def memory_start() -> float:
    """Resident megabytes now; the peak is counted anew from here."""
    try:
        _CLEAR.write_text("5")
    except OSError:
        return float("nan")
    return _read("VmRSS")


def memory_peak() -> float:
    """Most resident megabytes since `memory_start`."""
    return _read("VmHWM")


def _read(name: str) -> float:
    try:
        lines = _STATUS.read_text().splitlines()
    except OSError:
        return float("nan")
    found = [line.split()[1] for line in lines if line.startswith(name)]
    return int(found[0]) / 1024 if found else float("nan")
