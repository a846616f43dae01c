"""The same totals by polars: one lazy plan from the frame in memory to the figures, streaming engine; then marks.

Starts with its data in memory (`prepare` is not timed). `exact`: Int64 throughout; otherwise Float64.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.clauses import COUNTS, SUMS, needed
from benchmarks.frames import ADM, CRIM, FIELD, NEVER, Frames
from benchmarks.marks import Marks
from benchmarks.peers_pandas import Result

NEEDED_COUNTS = tuple(code for code in COUNTS if code in needed())


@dataclass(frozen=True)
class Prepared:
    frames: Frames
    ledger: pl.DataFrame
    small: pl.DataFrame
    exact: bool


def prepare(frames: Frames, exact: bool) -> Prepared:
    money = frames.ledger["cents"] if exact else frames.ledger["cents"] / 100
    columns = {name: array for name, array in frames.ledger.items() if name != "cents"}
    units = pl.Series("unit", range(len(frames.units)), dtype=pl.Int16)
    return Prepared(frames, pl.DataFrame({**columns, "money": money}), pl.DataFrame([units, *_small(frames)]), exact)


def _small(frames: Frames) -> list[pl.Series]:
    return [pl.Series(name, values) for name, values in frames.small.items()]


def run(data: Prepared) -> Result:
    table = plan(data).collect(engine="streaming")
    kind = np.int64 if data.exact else np.float64
    figures = {name: table[name].to_numpy().astype(kind) for name in table.columns}
    totals = Marks(np.where, np.floor, data.exact).total(figures)
    places = pl.Series(totals).rank("min", descending=True).to_numpy().astype(np.int64)
    return Result(totals, places)


def plan(data: Prepared) -> pl.LazyFrame:
    """Figures of each unit. The sixty marks on so few rows are quicker in arrays than in another lazy plan."""
    frames, money = data.frames, pl.col("money")
    ledger = data.ledger.lazy()
    this_year = ledger.filter(pl.col("filed").is_between(*frames.this_year))
    spans = this_year.with_columns(_waited(frames), (pl.col("entered") - pl.col("filed")).alias("lag"))
    found = masks(frames, 1 if data.exact else 100)
    scale = 1 if data.exact else 100
    figures = spans.group_by("unit").agg(
        pl.len().alias("cases"),
        *[found[code].sum().alias(code) for code in NEEDED_COUNTS],
        (money.sum() * scale).alias("sum_all"),
        *[(pl.when(found[code]).then(money).otherwise(0).sum() * scale).alias(f"sum_{code}") for code in SUMS],
    )
    fields = this_year.select("unit", "field").unique().group_by("unit").agg(pl.len().alias("distinct_fields"))
    before = (
        ledger.filter(pl.col("filed").is_between(*frames.last_year))
        .group_by("unit")
        .agg(
            pl.len().alias("cases_before"),
            (pl.col("kind") == ADM).sum().alias("adm_before"),
            (pl.col("kind") == CRIM).sum().alias("crim_before"),
        )
    )
    wide = data.small.lazy()
    for part in (figures, fields, before):
        wide = wide.join(part, on="unit", how="left", maintain_order="left")
    return wide.fill_null(0)


def _waited(frames: Frames) -> pl.Expr:
    """Working days until publication; 0 where nothing is published."""
    number = pl.lit(pl.Series(frames.workdays))
    shown = pl.when(pl.col("published") != NEVER).then(pl.col("published")).otherwise(pl.col("filed"))
    return (number.gather(shown) - number.gather(pl.col("filed"))).alias("waited")


def masks(frames: Frames, money_unit: int) -> dict[str, pl.Expr]:
    """Every condition; polars itself computes what they share once."""
    col = pl.col
    adm, crim = col("kind") == ADM, col("kind") == CRIM
    one_field = {title: col("field") == code for title, code in FIELD.items()}
    health = one_field["食品"] | one_field["药品"] | one_field["日化"]
    brands = one_field["商标"] | one_field["专利"] | one_field["版权"]
    major, top = col("money") >= 500 / money_unit, col("money") >= 2000 / money_unit
    lag = col("lag")
    soon, late_14 = lag <= 7, lag > 14
    published, transferred = col("published") != NEVER, col("transferred")
    waited = col("waited")
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
        "published": published,
        "unpublished": ~published,
        "adm_unpublished": adm & ~published,
        "adm_in_20_days": adm & (col("published") - col("filed") <= 20),
        "adm_in_20_workdays": adm & published & (waited <= 20),
        "late_publication": published & (waited > 40),
        "transferred": transferred,
        "major_transferred": transferred & major,
        "health_transferred": transferred & health,
        "brands_transferred": transferred & brands,
        "health_adm": adm & health,
        "brands_adm": adm & brands,
        "health_major": major & health,
        "brands_major": major & brands,
        "first_half": col("filed") < frames.this_year[0] + 182,
    }
    return found | {f"field_{number}": test for number, test in enumerate(one_field.values(), 1)}
