"""数据质量: who reported what and when, what lacks, what was set aside, masked or explained. Counts; computes no score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from scoring.desk.desk import Desk
from scoring.desk.reports import Report
from scoring.desk.states import ACCEPTED, RETURNED, VOID, WAITING
from scoring.forms import Form
from scoring.issues import Issue
from scoring.store.records import Row
from scoring.store.snapshots import SOURCE

Status = Literal["missing", "returned", "late", "on_time", "not_yet"]
STATUS_TITLES: dict[Status, str] = {
    "missing": "未报",
    "returned": "退回",
    "late": "迟报",
    "on_time": "按时",
    "not_yet": "未到期",
}
_LABELS = "SELECT unnest(?::VARCHAR[]) AS form, unnest(?::VARCHAR[]) AS period"
_UNEXPLAINED = """SELECT s.unit, s.form, s.period, count(*) AS n FROM finding f JOIN standing s ON s.no = f.submission
WHERE f.level = 'B' AND s.state IN (?, ?) AND NOT EXISTS (
    SELECT 1 FROM explanation e WHERE e.submission = f.submission AND e.check_id = f.check_id
        AND e.column_code = f.column_code AND e.line IS NOT DISTINCT FROM f.line
) GROUP BY ALL"""


def status_of(report: Report) -> Status:
    """How one report stands: given back and not handed in again comes before everything but never received."""
    if report.overdue:
        return "missing"
    if report.state == RETURNED:
        return "returned"
    if report.received_at is None:
        return "not_yet"
    return "late" if report.late else "on_time"


@dataclass(frozen=True)
class Cell:
    """One unit and one form: how many of the reports due by now came."""

    due: int  # 应收: those whose day has passed, and those that came before it
    received: int
    late: int
    returned: int
    not_yet: int
    missing: int

    @property
    def status(self) -> Status:
        """The worst there is."""
        counts: list[tuple[Status, int]] = [
            ("missing", self.missing),
            ("returned", self.returned),
            ("late", self.late),
            ("on_time", self.received),
        ]
        return next((status for status, count in counts if count), "not_yet")


def matrix(listed: Iterable[Report]) -> dict[tuple[str, str], Cell]:
    """(unit, form) → how many came. What a unit does not owe has no cell."""
    found: dict[tuple[str, str], list[Report]] = {}
    for report in listed:
        found.setdefault((report.unit.code, report.form.code), []).append(report)
    return {place: _cell(own) for place, own in found.items()}


def _cell(own: Sequence[Report]) -> Cell:
    standing = [status_of(one) for one in own]
    received = sum(one.received_at is not None for one in own)
    not_yet = standing.count("not_yet")
    late = sum(one.received_at is not None and one.late for one in own)
    return Cell(len(own) - not_yet, received, late, standing.count("returned"), not_yet, standing.count("missing"))


def whole(cells: Iterable[Cell]) -> Cell:
    """Several cells as one."""
    listed = list(cells)
    return Cell(
        *(
            sum(getattr(one, name) for one in listed)
            for name in ("due", "received", "late", "returned", "not_yet", "missing")
        )
    )


@dataclass(frozen=True)
class Aside:
    """A row that does not count, where it stands and why."""

    unit: str
    form: str
    period: str
    no: str
    state: str
    file: str
    line: int | None
    cell: str  # C7, as the spreadsheet names it
    column: str
    typed: str
    problem: str
    fix: str


def set_aside(desk: Desk, year: str, unit: str | None = None) -> list[Aside]:
    """Rows with a fault of class A in submissions that were not given up, and what the snapshot could not take.

    With no `unit` also rows whose unit is not known.
    """
    rows = desk.records.fetch(
        f"""SELECT coalesce(nullif(s.unit, ''), r.unit, '') AS unit, s.form, s.period, s.no, s.state, {SOURCE} AS file,
    f.line, f.letter, f.column_code, f.typed, f.problem, f.fix
FROM finding f
JOIN standing s ON s.no = f.submission
LEFT JOIN ledger_row r ON r.submission = s.no AND r.line = f.line
WHERE f.level = 'A' AND s.state <> '{VOID}'
ORDER BY s.event, f.position"""
    )
    listed = [_aside(desk, row) for row in rows if in_year(desk, year, row["form"], row["period"])]
    known = {(one.file, one.line, one.problem) for one in listed}
    listed += [_of_issue(issue) for issue in desk.project.issues if issue.sets_row_aside]
    listed = [one for one in listed if one.no or (one.file, one.line, one.problem) not in known]
    return [one for one in listed if unit in (None, one.unit)]


def _aside(desk: Desk, row: Row) -> Aside:
    form = desk.forms.get(row["form"])
    column = form.by_code.get(row["column_code"]) if form is not None else None
    cell = f"{row['letter']}{row['line']}" if row["letter"] and row["line"] is not None else ""
    return Aside(
        row["unit"], row["form"], row["period"], row["no"], row["state"], row["file"], row["line"], cell,
        column.title if column is not None else "", row["typed"], row["problem"], row["fix"],
    )  # fmt: skip


def _of_issue(issue: Issue) -> Aside:
    """Of the snapshot, such as a row that no longer fits its form."""
    return Aside(
        issue.unit, "", "", "", "", issue.file, issue.line, "", issue.column, issue.value, issue.problem, issue.fix
    )


def in_year(desk: Desk, year: str, form: str, period: str) -> bool:
    """Whether a due period belongs to the assessment period; one that no schedule knows belongs to all of them."""
    known = desk.forms.get(form)
    if known is None or form not in desk.dues or period not in desk.dues[form]:
        return True
    return desk.year_of(known, period) == year


def periods_of(desk: Desk, year: str) -> list[tuple[str, str]]:
    """(form, due period) of everything that is due in an assessment period, registers of the office among it."""
    forms: list[Form] = [form for form in desk.forms.values() if form.derived is None]
    return [(form.code, label) for form in forms for label in desk.labels(form, year)]


def masked(desk: Desk, year: str, unit: str | None = None) -> list[Row]:
    """Rows that count with a masked cell, by unit and form: rows, masked rows, masked cells, which columns."""
    forms, periods = _unzipped(periods_of(desk, year))
    only = "AND c.unit = ?" if unit is not None else ""
    return desk.records.fetch(
        f"""WITH wanted AS ({_LABELS}), counted AS (
    SELECT c.unit, c.form, list_filter(map_entries(c.absent), lambda e: e.value = 'masked') AS hidden
    FROM counted_row c JOIN wanted w ON w.form = c.form AND w.period = c.period
    WHERE TRUE {only}
)
SELECT unit, form, count(*) AS rows, count_if(len(hidden) > 0)::BIGINT AS masked_rows,
    sum(len(hidden))::BIGINT AS masked_cells,
    list_sort(list_distinct(flatten(list(list_transform(hidden, lambda e: e.key))))) AS columns
FROM counted
GROUP BY unit, form
HAVING count_if(len(hidden) > 0) > 0
ORDER BY form, unit""",
        [forms, periods, *([unit] if unit is not None else [])],
    )


def explained(desk: Desk, year: str, unit: str | None = None) -> list[Row]:
    """Explanations given to findings of class B and C, the newest first."""
    rows = desk.records.fetch(
        """SELECT s.unit, s.form, s.period, s.no, s.state, e.line, e.column_code, e.text, e.done_at, e.actor,
    f.level, f.problem, f.typed
FROM explanation e
JOIN standing s ON s.no = e.submission
LEFT JOIN finding f ON f.submission = e.submission AND f.check_id = e.check_id
    AND f.line IS NOT DISTINCT FROM e.line AND f.column_code = e.column_code
QUALIFY row_number() OVER (PARTITION BY e.event ORDER BY f.position) = 1
ORDER BY e.event DESC"""
    )
    return [row for row in rows if unit in (None, row["unit"]) and in_year(desk, year, row["form"], row["period"])]


def unexplained(desk: Desk, year: str) -> list[Row]:
    """Findings of class B in what counts or waits, without a word of the unit: unit, form, period and their number `n`."""
    rows = desk.records.fetch(_UNEXPLAINED, [WAITING, ACCEPTED])
    return [row for row in rows if in_year(desk, year, row["form"], row["period"])]


def last_changes(desk: Desk, year: str) -> dict[str, Row]:
    """By unit: the last thing that happened to one of its reports of the assessment period: when, what, by whom."""
    forms, periods = _unzipped(periods_of(desk, year))
    rows = desk.records.fetch(
        f"""WITH wanted AS ({_LABELS})
SELECT s.unit, max_by(d.done_at, d.event) AS done_at, max_by(d.state, d.event) AS state, max_by(d.actor, d.event) AS actor,
    max_by(s.form, d.event) AS form, max_by(s.period, d.event) AS period
FROM decision d JOIN submission s ON s.no = d.submission JOIN wanted w ON w.form = s.form AND w.period = s.period
WHERE s.unit <> ''
GROUP BY s.unit""",
        [forms, periods],
    )
    return {row["unit"]: row for row in rows}


def _unzipped(pairs: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [form for form, _ in pairs], [period for _, period in pairs]
