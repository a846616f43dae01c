"""What there is at all of a form in a period: rows, receipts, filled columns. Knows the store; no rubric, no score."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.forms import Form
from scoring.rubric.model import Period
from scoring.sql.text import identifier
from scoring.store import Store


@dataclass(frozen=True)
class Presence:
    """`rows` dated in the period; `receipts`: reports for it that came in, a declared 零报告 and a closed register among
    them; `filled`: columns of which any cell says something, be it masked or 不涉及."""

    rows: int
    receipts: int
    filled: frozenset[str]

    @property
    def is_nothing(self) -> bool:
        return not self.rows and not self.receipts


def presence(store: Store, form: Form, period: Period) -> Presence:
    """Of all units together. A form with a schedule or not; not one that is derived."""
    said = [
        f"count_if({identifier(one.code)} IS NOT NULL OR (masked | inapplicable) & {form.bit.get(one.code, 0)} <> 0)::BIGINT"
        for one in form.columns
    ]
    dated = identifier(form.dated_by)
    sql = f"SELECT {', '.join(['count(*)::BIGINT', *said])} FROM {identifier(form.code)} WHERE {dated} BETWEEN ? AND ?"
    received = """SELECT count(*)::BIGINT FROM receipt r JOIN due_period p ON p.form = r.form AND p.period = r.period
    WHERE r.form = ? AND p.covers_from >= ? AND p.covers_to <= ?"""
    with store.cursor() as cursor:
        found = cursor.execute(sql, [period.start, period.end]).fetchall()[0]
        receipts = cursor.execute(received, [form.code, period.start, period.end]).fetchall()[0][0]
    filled = frozenset(one.code for one, cells in zip(form.columns, found[1:], strict=True) if cells)
    return Presence(found[0], receipts, filled)
