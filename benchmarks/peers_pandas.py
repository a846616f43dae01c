"""The same totals by pandas: masks computed once, one grouped sum for all of them. A faster way by bincount beside it.

Starts with its data in memory (`prepare` is not timed). `exact`: int64 throughout; otherwise float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.clauses import COUNTS, SUMS, needed
from benchmarks.frames import ADM, CRIM, FIELD, NEVER, Frames
from benchmarks.marks import Marks

NEEDED_COUNTS = tuple(code for code in COUNTS if code in needed())


@dataclass(frozen=True)
class Prepared:
    frames: Frames
    ledger: pd.DataFrame
    small: pd.DataFrame
    exact: bool


@dataclass(frozen=True)
class Result:
    """In register order: totals (hundredths if exact, else points) and places 1-1-3."""

    totals: np.ndarray
    places: np.ndarray


def prepare(frames: Frames, exact: bool) -> Prepared:
    money = frames.ledger["cents"] if exact else frames.ledger["cents"] / 100
    columns = {name: array for name, array in frames.ledger.items() if name != "cents"}
    return Prepared(frames, pd.DataFrame({**columns, "money": money}), pd.DataFrame(frames.small), exact)


def run(data: Prepared, bincount: bool = False) -> Result:
    frames, ledger = data.frames, data.ledger
    this_year = ledger[ledger["filed"].between(*frames.this_year)]
    last_year = ledger.loc[ledger["filed"].between(*frames.last_year), ["unit", "kind"]]
    found = masks(this_year, frames, 1 if data.exact else 100)
    summed = _by_bincount if bincount else _by_groupby
    size = len(frames.units)
    figures = summed(this_year, found, size)
    if not data.exact:
        figures |= {name: values * 100 for name, values in figures.items() if name.startswith("sum_")}
    cells = np.unique(this_year["unit"].to_numpy().astype(np.int32) * len(FIELD) + this_year["field"].to_numpy())
    figures["distinct_fields"] = np.bincount(cells // len(FIELD), minlength=size)
    units, adm = last_year["unit"].to_numpy(), (last_year["kind"] == ADM).to_numpy()
    figures["cases_before"] = np.bincount(units, minlength=size)
    figures["adm_before"] = np.bincount(units[adm], minlength=size)
    figures["crim_before"] = figures["cases_before"] - figures["adm_before"]
    figures |= {name: data.small[name].to_numpy() for name in data.small}
    totals = Marks(np.where, np.floor, data.exact).total(figures)
    places = pd.Series(totals).rank(method="min", ascending=False).to_numpy().astype(np.int64)
    return Result(totals, places)


by_bincount = partial(run, bincount=True)


def masks(rows: pd.DataFrame, frames: Frames, money_unit: int) -> dict[str, np.ndarray]:
    """Every condition once; `money_unit`: 1 where money is in cents, 100 where it is in 万元."""
    kind, field = rows["kind"].to_numpy(), rows["field"].to_numpy()
    money, transferred = rows["money"].to_numpy(), rows["transferred"].to_numpy()
    filed, entered, published = (rows[name].to_numpy() for name in ("filed", "entered", "published"))
    adm, crim = kind == ADM, kind == CRIM
    one_field = [field == code for code in FIELD.values()]
    health = one_field[FIELD["食品"]] | one_field[FIELD["药品"]] | one_field[FIELD["日化"]]
    brands = one_field[FIELD["商标"]] | one_field[FIELD["专利"]] | one_field[FIELD["版权"]]
    major, top = money >= 500 / money_unit, money >= 2000 / money_unit
    lag = entered - filed
    soon, late_14 = lag <= 7, lag > 14
    is_published = published != NEVER
    number = frames.workdays
    waited = number[np.where(is_published, published, filed)] - number[filed]
    found = {
        "adm": adm,
        "crim": crim,
        "health": health,
        "brands": brands,
        "major": major,
        "top": top,
        "adm_major": adm & major,
        "crim_major": crim & major,
        "entered_soon": soon,
        "adm_soon": adm & soon,
        "crim_soon": crim & soon,
        "entered_late": ~soon,
        "entered_very_late": lag > 30,
        "adm_late": adm & late_14,
        "crim_late": crim & late_14,
        "published": is_published,
        "unpublished": ~is_published,
        "adm_unpublished": adm & ~is_published,
        "adm_in_20_days": adm & (published - filed <= 20),
        "adm_in_20_workdays": adm & is_published & (waited <= 20),
        "late_publication": is_published & (waited > 40),
        "transferred": transferred,
        "major_transferred": transferred & major,
        "health_transferred": transferred & health,
        "brands_transferred": transferred & brands,
        "health_adm": adm & health,
        "brands_adm": adm & brands,
        "health_major": major & health,
        "brands_major": major & brands,
        "first_half": filed < frames.this_year[0] + 182,
    }
    return found | {f"field_{number}": one for number, one in enumerate(one_field, 1)}


def _by_groupby(rows: pd.DataFrame, found: dict[str, np.ndarray], size: int) -> dict[str, np.ndarray]:
    units, money = rows["unit"], rows["money"]
    counts = pd.DataFrame({code: found[code] for code in NEEDED_COUNTS}, copy=False).groupby(units.to_numpy()).sum()
    whole = range(size)
    figures = {code: counts[code].reindex(whole, fill_value=0).to_numpy().astype(np.int64) for code in counts}
    figures["cases"] = units.value_counts().reindex(whole, fill_value=0).to_numpy()
    figures["sum_all"] = money.groupby(units).sum().reindex(whole, fill_value=0).to_numpy()
    for code in SUMS:
        picked = money[found[code]].groupby(units[found[code]]).sum()
        figures[f"sum_{code}"] = picked.reindex(whole, fill_value=0).to_numpy()
    return figures


def _by_bincount(rows: pd.DataFrame, found: dict[str, np.ndarray], size: int) -> dict[str, np.ndarray]:
    """numpy in all but name. Its weighted sums are float64: whole cents stay exact below 2**53 (90 trillion)."""
    units, money = rows["unit"].to_numpy(), rows["money"].to_numpy()
    whole = money.dtype.type
    figures = {code: np.bincount(units[found[code]], minlength=size) for code in NEEDED_COUNTS}
    figures["cases"] = np.bincount(units, minlength=size)
    figures["sum_all"] = np.bincount(units, weights=money, minlength=size).astype(whole)
    for code in SUMS:
        mask = found[code]
        figures[f"sum_{code}"] = np.bincount(units[mask], weights=money[mask], minlength=size).astype(whole)
    return figures
