"""The ledger and the small table, exported once from the store, as the peers like them best: whole numbers.

Units, kinds and fields become codes, dates become days, money becomes cents (and float64 beside it). None of
this is timed: the peers start with their data in memory and in the form that is fastest for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.clauses import FIELDS, FLAGS, SCORES
from benchmarks.synthetic import PERIOD, Synthetic
from scoring.store.database import arrow

ADM, CRIM = 0, 1
FIELD = {title: code for code, title in enumerate(FIELDS)}
NEVER = 10**6  # a day after all days: blank dates satisfy no "within so many days"
_COLUMNS = "row_unit, filed_on, kind, field, amount, transferred, entered_on, published_on"


@dataclass(frozen=True)
class Frames:
    """Arrays of one length each; `small` has one row per unit in register order."""

    units: tuple[str, ...]
    ledger: dict[str, np.ndarray]
    small: dict[str, np.ndarray]
    workdays: np.ndarray  # number of the working day, by day
    this_year: tuple[int, int]
    last_year: tuple[int, int]


def export(synthetic: Synthetic, order: str = "") -> Frames:
    """One export to Arrow; days are counted from the first day of the calendar.

    The store keeps rows year by year and unit by unit, and so do the arrays, unless another `order` is asked for.
    """
    units = tuple(unit.code for unit in synthetic.register.units)
    calendar = synthetic.calendar
    with synthetic.store.cursor() as cursor:
        table = arrow(cursor, f"SELECT {_COLUMNS} FROM case_ledger" + (f" ORDER BY {order}" if order else ""))
        rest = arrow(cursor, "SELECT * FROM targets")
    ledger = {
        "unit": _codes(table["row_unit"], units).astype(np.int16),
        "kind": _codes(table["kind"], ("行政", "刑事")).astype(np.int8),
        "field": _codes(table["field"], FIELDS).astype(np.int8),
        "cents": _whole(table["amount"], 2),
        "transferred": table["transferred"].to_numpy(),
        "filed": _days(table["filed_on"], calendar.first),
        "entered": _days(table["entered_on"], calendar.first),
        "published": _days(table["published_on"], calendar.first),
    }
    order = np.argsort(_codes(rest["row_unit"], units))
    small = {f"target_{n}": rest[f"target_{n}"].to_numpy()[order] for n in range(1, 13)}
    small |= {flag: rest[flag].to_numpy()[order].astype(np.int64) for flag in FLAGS}
    small |= {score: _whole(rest[score], 1)[order] for score in SCORES}
    workdays = np.array([number for _, _, number in calendar.rows()], dtype=np.int32)
    year = int(PERIOD)
    return Frames(units, ledger, small, workdays, _year(year, calendar.first), _year(year - 1, calendar.first))


def _year(year: int, first: date) -> tuple[int, int]:
    return (date(year, 1, 1) - first).days, (date(year, 12, 31) - first).days


def _codes(column: pa.ChunkedArray, words: tuple[str, ...]) -> np.ndarray:
    return pc.index_in(column, value_set=pa.array(words)).to_numpy()


def _whole(column: pa.ChunkedArray, decimals: int) -> np.ndarray:
    """decimal128 as whole numbers of its smallest unit."""
    scaled = pc.multiply(column.cast(pa.decimal128(28, decimals)), pa.scalar(10**decimals, pa.decimal128(4, 0)))
    return scaled.cast(pa.int64()).to_numpy()


def _days(column: pa.ChunkedArray, first: date) -> np.ndarray:
    start = (first - date(1970, 1, 1)).days
    return pc.fill_null(pc.subtract(column.cast(pa.int32()), start), NEVER).to_numpy()
