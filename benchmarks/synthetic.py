"""A synthetic project in memory: units, two forms, a ledger of any size, the 办法. The same seed, the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa

from benchmarks.clauses import FIELDS, FLAGS, rubric_text
from scoring.calendar import WorkCalendar
from scoring.forms import Column, Form, Forms
from scoring.issues import errors
from scoring.project import reporting_facts  # the register of what is due, as the product makes it
from scoring.rubric import Rubric
from scoring.rubric.load import type_rubric
from scoring.source import loads
from scoring.store import Store
from scoring.units import Register, Unit, Who

FIRST, LAST = date(2022, 1, 1), date(2024, 12, 31)
PERIOD = "2024"
_DAYS = (LAST - FIRST).days + 1
_YEAR_STARTS = tuple((date(year, 1, 1) - FIRST).days for year in (2022, 2023, 2024))


@dataclass(frozen=True)
class Synthetic:
    """What a run needs: the store with its rows, and the parts to read other editions of the 办法."""

    forms: Forms
    register: Register
    calendar: WorkCalendar
    store: Store

    def rubric(self, weights: dict[str, int] | None = None) -> Rubric:
        """The 办法, read and checked by the product's own reader."""
        document, issues = loads(rubric_text(weights), "scoring.yaml")
        assert document is not None, issues
        rubric, issues = type_rubric(document, issues, self.forms, self.register)
        assert rubric is not None, [str(issue) for issue in errors(issues)]
        return rubric


def make(
    rows: int, units: int = 3000, threads: int | None = None, seed: int = 20240101, one_year: bool = False
) -> Synthetic:
    """`one_year`: every row lies in the period (else three years, of which the run looks at two)."""
    draw = np.random.default_rng(seed)
    register = Register(
        {"county": "县区"}, tuple(Unit(code=_code(n), title=f"单位{n}", kind="county") for n in range(units))
    )
    forms = Forms({form.code: form for form in (_ledger_form(), _targets_form())})
    calendar = WorkCalendar(date(2021, 12, 1), date(2025, 6, 30), {})
    columns = _ledger(draw, rows, units, one_year)
    tables = {"case_ledger": _ledger_table(columns, units), "targets": _targets_table(draw, columns, units)}
    facts = reporting_facts(forms, register, [], calendar)
    store = Store.of(forms, tables, facts, f"synthetic-{rows}-{units}-{seed}", threads)
    return Synthetic(forms, register, calendar, store)


def _code(number: int) -> str:
    return f"u{number:05d}"


def _ledger_form() -> Form:
    columns = (
        Column(code="filed_on", title="立案日期", type="date", required=True),
        Column(code="kind", title="案件类别", type="choice", required=True, values=("行政", "刑事")),
        Column(code="field", title="领域", type="choice", required=True, values=FIELDS),
        Column(
            code="amount",
            title="案值",
            type="decimal",
            decimals=2,
            unit="万元",
            required=True,
            at_least=Decimal(0),
        ),
        Column(code="transferred", title="已移送", type="boolean", required=True),
        Column(code="entered_on", title="录入日期", type="date", required=True),
        Column(code="published_on", title="公开日期", type="date"),
    )
    return Form("case_ledger", "案件台账", "unit", Who(), "filed_on", (), (), columns, None, "case_ledger.yaml")


def _targets_form() -> Form:
    columns = (
        Column(code="issued_on", title="下达日期", type="date", required=True),
        *(Column(code=f"target_{n}", title=f"任务{n}", type="integer", at_least=Decimal(0)) for n in range(1, 13)),
        *(Column(code=flag, title=flag, type="boolean") for flag in FLAGS),
        Column(code="score_1", title="得分一", type="decimal", decimals=1, at_least=Decimal(0)),
    )
    return Form("targets", "任务", "office", Who(), "issued_on", (), (), columns, None, "targets.yaml")


@dataclass(frozen=True)
class _Ledger:
    unit: np.ndarray
    filed: np.ndarray  # days since FIRST
    crime: np.ndarray
    field: np.ndarray
    cents: np.ndarray
    transferred: np.ndarray
    entered: np.ndarray
    published: np.ndarray
    blank: np.ndarray


def _ledger(draw: np.random.Generator, rows: int, units: int, one_year: bool) -> _Ledger:
    """Units of very different size, dates roughly in order, at least one row of each unit in each year."""
    size = draw.lognormal(0, 1, units)
    unit = draw.choice(units, rows, p=size / size.sum()).astype(np.int16)
    first = _YEAR_STARTS[2] if one_year else 0
    filed = np.sort(draw.integers(first, _DAYS, rows)) + draw.integers(-10, 11, rows)
    filed = np.clip(filed, first, _DAYS - 1).astype(np.int32)
    for number, start in enumerate(_YEAR_STARTS):
        part = slice(number * units, (number + 1) * units)
        unit[part] = np.arange(units)
        filed[part] = start + draw.integers(0, 60, units)
    cents = np.round(draw.lognormal(1, 1.2, rows) * 100).astype(np.int64)
    return _Ledger(
        unit, filed, draw.random(rows) < 0.2, draw.choice(12, rows, p=_shares()).astype(np.int8), cents,
        draw.random(rows) < 0.3, filed + draw.geometric(0.2, rows).astype(np.int32) - 1,
        filed + draw.integers(1, 60, rows).astype(np.int32), draw.random(rows) < 0.15,
    )  # fmt: skip


def _shares() -> np.ndarray:
    weights = np.arange(18, 6, -1, dtype=float)
    return weights / weights.sum()


def _ledger_table(rows: _Ledger, units: int) -> pa.Table:
    count = len(rows.unit)
    numbers = np.arange(1, count + 1)
    nothing = np.zeros(count, dtype=np.int8)
    same = pa.DictionaryArray.from_arrays(pa.array(nothing), pa.array(["case_ledger.csv"]))
    wide = np.zeros((count, 2), dtype=np.int64)  # decimal128: low and high half
    wide[:, 0] = rows.cents
    return pa.table(
        {
            "row_id": numbers,
            "row_unit": _words(rows.unit, [_code(n) for n in range(units)]),
            "source_file": same,
            "source_row": numbers,
            "masked": nothing,
            "inapplicable": nothing,
            "filed_on": _dates(rows.filed),
            "kind": _words(rows.crime.astype(np.int8), ["行政", "刑事"]),
            "field": _words(rows.field, list(FIELDS)),
            "amount": pa.Array.from_buffers(pa.decimal128(18, 2), count, [None, pa.py_buffer(wide)]),
            "transferred": pa.array(rows.transferred),
            "entered_on": _dates(rows.entered),
            "published_on": _dates(rows.published, rows.blank),
        }
    )


def _words(codes: np.ndarray, words: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words))


def _dates(days: np.ndarray, blank: np.ndarray | None = None) -> pa.Array:
    start = (FIRST - date(1970, 1, 1)).days
    return pa.array((days + start).astype(np.int32), mask=blank).cast(pa.date32())


def _targets_table(draw: np.random.Generator, rows: _Ledger, units: int) -> pa.Table:
    """One row a unit; targets lie around what was done, so that many are nearly met."""
    this_year = rows.filed >= _YEAR_STARTS[2]
    cells = np.bincount(rows.unit[this_year].astype(np.int64) * 12 + rows.field[this_year], minlength=units * 12)
    done = cells.reshape(units, 12)
    targets = np.maximum(1, np.round(done * draw.uniform(0.8, 1.6, done.shape))).astype(np.int64)
    numbers = np.arange(1, units + 1)
    nothing = np.zeros(units, dtype=np.int8)
    columns: dict[str, object] = {
        "row_id": numbers,
        "row_unit": [_code(n) for n in range(units)],
        "source_file": ["targets.csv"] * units,
        "source_row": numbers,
        "masked": nothing,
        "inapplicable": nothing,
        "issued_on": _dates(np.full(units, _YEAR_STARTS[2] + 10)),
    }
    columns |= {f"target_{n}": targets[:, n - 1] for n in range(1, 13)}
    columns |= {flag: draw.random(units) < 0.9 for flag in FLAGS}
    tenths = [Decimal(int(value)) / 10 for value in draw.integers(300, 1001, units)]
    columns["score_1"] = pa.array(tenths, pa.decimal128(18, 1))
    return pa.table(columns)
