"""The same key reported twice: by the unit in another period, by another unit (V12). Knows accepted keys, no others.

Duplicates inside a sheet are seen when it is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from scoring.calendar import label_words
from scoring.forms.checks import AcrossUnitsCheck
from scoring.intake.checks.context import Context
from scoring.intake.checks.rows import Rows, shown
from scoring.intake.reported import Finding

Held = tuple[int, str, str, str]  # position, the key in words, unit that has reported it, label of its period


def across_periods(rows: Rows, context: Context) -> Iterator[Finding]:
    """The same key of the same unit, accepted in another period: the row would count twice."""
    own = context.due.label if context.due is not None else ""
    for at, key, unit, label in _held(rows, context):
        if unit == rows.units[at] and label != own:
            problem = f"{key} 已在{label_words(label) if label else '此前'}报过"
            fix = "请核对；更正以前报过的，请在那一期重报。改正以前这一行不计入"
            yield rows.told("V12", "A", at, rows.form.key[0], problem, fix)


def across_units(check: AcrossUnitsCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """The same key accepted from another unit: two may claim one case."""
    for at, key, unit, label in _held(rows, context):
        if rows.units[at] and unit != rows.units[at]:
            when = f"（{label_words(label)}）" if label else ""
            problem = f"{key} 已由{context.register.title(unit)}报过{when}"
            yield rows.finding(check, at, rows.form.key[0], problem, "请与该单位核对由谁登记；确须都登记的，请写明原因")


def _held(rows: Rows, context: Context) -> Iterator[Held]:
    """Rows whose key somebody has reported. A key that is only a date is a period, not a thing."""
    form, owners = rows.form, context.earlier.owners
    if not set(form.key) - {form.dated_by}:
        return
    columns = [rows.column(code) for code in form.key]
    for at in rows.chosen:
        key = tuple(column[at] for column in columns)
        if None in key:
            continue
        for unit, label in owners(form.code, key):
            yield at, "、".join(f"{rows.title(c)} {shown(v)}" for c, v in zip(form.key, key, strict=True)), unit, label
