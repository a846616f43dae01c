"""三录核对 case by case: the status that the engine gave, and what it was given for. Decides no status of its own.

The step that makes the derived form is run as the assessment ran it; beside its rows stand those of the other side,
found by the row that the step itself has joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from scoring.engine.assessment import Assessment
from scoring.engine.measures import Pass, derived_query
from scoring.expressions.rows import workday_column
from scoring.forms import Form
from scoring.forms.model import STATUSES
from scoring.rubric import Rubric
from scoring.sql.text import identifier, literal, literals
from scoring.store import Store
from scoring.store.database import Cursor

MATCHED, NOT_ENTERED, LEFT_OUT, WRONG, LATE = STATUSES
UNDECIDED = "无法核对"  # a cell that is compared is masked
OPEN_STATUSES = (NOT_ENTERED, LEFT_OUT, WRONG, LATE, UNDECIDED)


@dataclass(frozen=True)
class Difference:
    """One column in which the two sides are not the same."""

    title: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Entry:
    """One row of the register, with its entry on the other side where there is one."""

    unit: str
    key: str
    dated: date
    status: str
    file: str
    line: int
    other_file: str = ""
    other_line: int | None = None
    differences: tuple[Difference, ...] = ()
    days: int | None = None  # from the day it had to be entered to the day it was


@dataclass(frozen=True)
class Extra:
    """An entry of the other side without a row in the register of its unit."""

    unit: str
    key: str
    dated: date
    file: str
    line: int
    outside: bool  # the register has it, but it is none of those compared
    elsewhere: str  # code of another unit whose register has it


@dataclass(frozen=True)
class Counts:
    """How many cases of each status."""

    by_status: Mapping[str, int]

    @property
    def cases(self) -> int:
        return sum(self.by_status.values())

    @property
    def decided(self) -> int:
        """Those that could be compared: the denominator of every rate."""
        return self.cases - self.by_status.get(UNDECIDED, 0)

    def count(self, status: str) -> int:
        return self.by_status.get(status, 0)

    def rate(self, status: str) -> Decimal | None:
        """Percent of those that could be compared, two decimals half away from zero; nothing of none."""
        if not self.decided:
            return None
        return Decimal((self.count(status) * 20000 + self.decided) // (2 * self.decided)) / 100


@dataclass(frozen=True)
class EntryCheck:
    """One derived form in one assessment."""

    form: Form
    left: Form
    right: Form
    units: tuple[str, ...]  # who keeps the register, in the order of the list of units
    entries: tuple[Entry, ...]
    extras: tuple[Extra, ...]
    pending: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)  # unit → (form, due period)

    @property
    def limit(self) -> str:
        """7 个工作日; empty where nothing is late."""
        after = self.form.derived.late_after if self.form.derived is not None else None
        return f"{after.days} 个工作日" if after and after.workdays else f"{after.days} 天" if after else ""

    def counts(self, unit: str | None = None) -> Counts:
        """Of one unit, or of all."""
        return self.counts_of([unit] if unit is not None else [one.unit for one in self.entries])

    def counts_of(self, units: Iterable[str]) -> Counts:
        """Of several units together."""
        chosen = set(units)
        own = [one.status for one in self.entries if one.unit in chosen]
        return Counts({status: own.count(status) for status in (*STATUSES, UNDECIDED)})

    def span(self, days: int) -> str:
        """9 个工作日."""
        return self.limit.replace(self.limit.split(" ")[0], str(days), 1)

    def to_do(self, one: Entry) -> str:
        """What to correct."""
        if one.status in (NOT_ENTERED, LEFT_OUT):
            return f"请补录；“{self.left.title}”登记有误的，请更正登记"
        if one.status == WRONG:
            columns = "、".join(f"“{each.title}”" for each in one.differences)
            return f"请核对{columns}，哪一边错改哪一边"
        if one.status == LATE:
            return f"已录入，不用改；今后请在 {self.limit}内录入"
        if one.status == UNDECIDED:
            return "有脱敏的格子，比对不了；请改报未脱敏的数据"
        return ""


def derived_forms(rubric: Rubric) -> list[Form]:
    """Forms the engine makes by comparing two others."""
    return [form for form in rubric.forms.values() if form.derived is not None]


def compared_entries(store: Store, assessment: Assessment, form: Form) -> EntryCheck:
    """Every case of the period beside its entry, with the status of the run."""
    assert form.derived is not None
    rubric, period = assessment.rubric, assessment.period
    left, right = rubric.forms[form.derived.left], rubric.forms[form.derived.right]
    chosen = rubric.register.chosen(left.reported_by, period.start, period.end)
    with store.cursor() as cursor:
        _run_step(cursor, assessment, form)
        entries = tuple(_entries(cursor, assessment, form, left, right))
        extras = tuple(_extras(cursor, assessment, form, left, right))
        pending = _pending(cursor, assessment, (left, right))
    return EntryCheck(form, left, right, tuple(unit.code for unit in chosen), entries, extras, pending)


def _run_step(cursor: Cursor, assessment: Assessment, form: Form) -> None:
    """The step of the run, keeping besides which row of the other side it has joined."""
    own = (query for query in assessment.plan.measures if query.name == form.code)
    query = next(own, None) or derived_query(form, assessment.rubric, assessment.period, assessment.as_of)
    text = query.bare.replace("SELECT row_id, row_unit,", "SELECT other_row, row_id, row_unit,", 1)
    assert text != query.bare, form.code
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {identifier(form.code)} AS\n{text}")


def _rows(assessment: Assessment, form: Form) -> str:
    """Which rows of a form count in the period, as for every measure."""
    return Pass.of(assessment.rubric, assessment.period, assessment.as_of, form.code, "this", ()).rows


def _entries(cursor: Cursor, assessment: Assessment, form: Form, left: Form, right: Form) -> Iterable[Entry]:
    derived = form.derived
    assert derived is not None
    on, dated = identifier(derived.on), identifier(left.dated_by)
    ours = "".join(f", d.{identifier(code)}" for code in derived.compare)
    theirs = "".join(f", r.{identifier(code)}" for code in derived.compare)
    found = cursor.execute(f"""SELECT d.row_unit::VARCHAR, d.{on}, d.{dated}, d.status::VARCHAR, d.source_file, d.source_row,
    r.source_file, r.source_row, {_span(form)}, d.masked, r.masked, d.inapplicable, r.inapplicable{ours}{theirs}
FROM (SELECT * FROM {identifier(form.code)} WHERE {_rows(assessment, form)}) d
LEFT JOIN {identifier(right.code)} r ON r.row_id = d.other_row
JOIN unit u ON u.unit = d.row_unit
ORDER BY u.position, d.{dated}, d.source_file, d.source_row, r.row_id""").fetchall()
    width = len(derived.compare)
    for row in found:
        unit, key, day, status, file, line, other_file, other_line, days, *rest = row
        hidden, cells = rest[:4], rest[4:]
        differences = []
        for code, mine, other in zip(derived.compare, cells[:width], cells[width:], strict=True):
            bits = left.bit[code], right.bit[code]
            masked = hidden[0] & bits[0] or (hidden[1] or 0) & bits[1]
            if other_line is not None and mine != other and not masked:
                told = _cell(mine, hidden[2] & bits[0]), _cell(other, hidden[3] & bits[1])
                differences.append(Difference(left.by_code[code].title, *told))
        yield Entry(
            unit, _cell(key), day, status or UNDECIDED, file, line, other_file or "", other_line, tuple(differences), days
        )  # fmt: skip


def _span(form: Form) -> str:
    """Days from the one date to the other, working days where the form says so."""
    after = form.derived.late_after if form.derived is not None else None
    if after is None:
        return "NULL"
    if after.workdays:
        return f"r.{workday_column(after.to)} - d.{workday_column(after.from_)}"
    return f"r.{identifier(after.to)} - d.{identifier(after.from_)}"


def _extras(cursor: Cursor, assessment: Assessment, form: Form, left: Form, right: Form) -> Iterable[Extra]:
    """Entries of the period that no case was compared with."""
    assert form.derived is not None
    on, dated = identifier(form.derived.on), identifier(right.dated_by)
    same = f"l.row_unit = r.row_unit AND l.{on} = r.{on}"
    found = cursor.execute(f"""SELECT r.row_unit::VARCHAR, r.{on}, r.{dated}, r.source_file, r.source_row,
    EXISTS (SELECT 1 FROM {identifier(left.code)} l WHERE {same}),
    (SELECT min(l.row_unit::VARCHAR) FROM {identifier(left.code)} l WHERE l.row_unit <> r.row_unit AND l.{on} = r.{on})
FROM (SELECT * FROM {identifier(right.code)} WHERE {_rows(assessment, right)}) r
JOIN unit u ON u.unit = r.row_unit
WHERE NOT EXISTS (SELECT 1 FROM {identifier(form.code)} l WHERE {same})
ORDER BY u.position, r.{dated}, r.source_file, r.source_row""").fetchall()
    return [
        Extra(unit, _cell(key), day, file, line, outside, elsewhere or "")
        for unit, key, day, file, line, outside, elsewhere in found
    ]


def _pending(
    cursor: Cursor, assessment: Assessment, forms: tuple[Form, Form]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Due periods that have begun and whose rows are not all there: what is found for them may still change."""
    period = assessment.period
    limit = literal(min(period.cut_off, assessment.as_of))
    found = cursor.execute(f"""SELECT r.unit, p.form, p.period
FROM due_period p
JOIN reporter r ON r.form = p.form
LEFT JOIN receipt t ON t.form = p.form AND t.unit = r.unit AND t.period = p.period
    AND t.received_at::DATE <= {limit} AND t.accepted
WHERE p.form IN ({literals([form.code for form in forms])}) AND p.covers_from <= {literal(assessment.as_of)}
    AND p.belongs_on BETWEEN {literal(period.start)} AND {literal(period.end)} AND t.form IS NULL
ORDER BY p.form = {literal(forms[1].code)}, p.deadline""").fetchall()
    open_: dict[str, list[tuple[str, str]]] = {}
    for unit, form, label in found:
        open_.setdefault(unit, []).append((form, label))
    return {unit: tuple(places) for unit, places in open_.items()}


def _cell(value: object, inapplicable: int | None = 0) -> str:
    """A value as it is written down."""
    if inapplicable:
        return "不涉及"
    if value is None:
        return "空白"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)
