"""Immutable snapshots of the records: typed rows as Parquet, a file a form, named by their content.

A snapshot is a small manifest that names its files. It is written beside the others and renamed into place, so a
reader sees the old one or the new one. Only forms that changed are written anew; the last few snapshots are kept for
readers that are still at work. Readers need no database: they run while another process writes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scoring.forms import Column, Form, Forms
from scoring.sql.text import identifier, literal, literals
from scoring.store.problems import Damaged, NoSpace
from scoring.store.records import Records

KEPT = 5
LAYOUT = 1
_publishing = Lock()


@dataclass(frozen=True)
class Part:
    """One file of a snapshot."""

    file: str
    rows: int
    sha256: str
    event: str = ""  # the last thing that happened to it, with its time; nothing yet: empty
    fingerprint: str = ""  # of the form


@dataclass(frozen=True)
class Snapshot:
    """What the records said. `parts`: by form, and `submissions`, `aside` for the register and for rows
    that count for nothing."""

    folder: Path
    number: int
    published_at: str
    parts: Mapping[str, Part]

    @property
    def version(self) -> str:
        """The same for the same content."""
        told = "".join(f"{code}:{part.sha256};" for code, part in sorted(self.parts.items()))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def read(self, code: str) -> pa.Table:
        """The rows of a part. Raises Damaged where the file is not what was published."""
        part = self.parts[code]
        path = self.folder / part.file
        try:
            data = path.read_bytes()
        except OSError as error:
            raise Damaged(f"快照缺少文件“{part.file}”", "请启动看板重新发布快照") from error
        if hashlib.sha256(data).hexdigest() != part.sha256:
            raise Damaged(f"快照的文件“{part.file}”被改动过", "请启动看板重新发布快照")
        return pq.read_table(pa.BufferReader(data))


def folder_of(database: Path) -> Path:
    """Where the snapshots of a database lie: beside it."""
    return database.with_name(database.stem + ".snapshots")


def current(folder: Path) -> Snapshot | None:
    """The snapshot published last; None before the first. Raises Damaged."""
    path = folder / "current.json"
    if not path.exists():
        return None
    try:
        return _snapshot(folder, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged("快照的目录文件 current.json 读不懂", "请启动看板重新发布快照") from error


def _snapshot(folder: Path, told: Mapping[str, Any]) -> Snapshot:
    parts = {code: Part(**part) for code, part in told["parts"].items()}
    return Snapshot(folder, told["number"], told["published_at"], parts)


def publish(records: Records, forms: Forms, units: Sequence[str], now: datetime) -> Snapshot:
    """Bring the snapshot up to date with the records; nothing is written where nothing changed.

    `units`: codes of the register; rows of others count for nothing and are told. Raises NoSpace.
    """
    with _publishing:
        folder = folder_of(records.path)
        try:
            return _publish(records, forms, units, now, folder)
        except OSError as error:
            raise NoSpace("快照写不进磁盘；报送已经保存，计分暂按上一份快照", "请清理磁盘空间后重试") from error


def _publish(records: Records, forms: Forms, units: Sequence[str], now: datetime, folder: Path) -> Snapshot:
    folder.mkdir(parents=True, exist_ok=True)
    before = _readable(folder)
    events = last_events(records)
    parts: dict[str, Part] = {}
    for form in forms.values():
        if form.derived is None:
            own = events.get(form.code, "")
            known = before.parts.get(form.code) if before else None
            if (
                known
                and (known.event, known.fingerprint) == (own, _shape(form, units))
                and (folder / known.file).exists()
            ):
                parts[form.code] = known
            else:
                parts[form.code] = _write(folder, form.code, _rows(records, form, units), own, _shape(form, units))
    parts["submissions"] = _write(folder, "submissions", records.arrow(_SUBMISSIONS))
    parts["aside"] = _write(folder, "aside", _aside(records, forms, units))
    if before is not None and dict(before.parts) == parts:
        return before
    number = before.number + 1 if before else 1
    snapshot = Snapshot(folder, number, f"{now:%Y-%m-%d %H:%M:%S}", parts)
    _commit(folder, snapshot)
    return snapshot


def _readable(folder: Path) -> Snapshot | None:
    """The last snapshot; a damaged one is made anew."""
    try:
        return current(folder)
    except Damaged:
        return None


def _shape(form: Form, units: Sequence[str]) -> str:
    """What the typed rows depend on beside the records."""
    return f"{form.fingerprint}-{hashlib.sha256(','.join(units).encode()).hexdigest()[:8]}"


def fits(snapshot: Snapshot, form: Form, units: Sequence[str]) -> bool:
    """Whether the part was typed by the form as it is now."""
    return form.code in snapshot.parts and snapshot.parts[form.code].fingerprint == _shape(form, units)


def last_events(records: Records) -> dict[str, str]:
    """By form, the last thing that happened to what it counts. With its time: numbers come again after a restore."""
    found = records.fetch(
        """SELECT form, max(event) AS event, max_by(done_at, event) AS done_at FROM (
    SELECT s.form, d.event, d.done_at FROM decision d JOIN submission s ON s.no = d.submission
    UNION ALL SELECT form, event, done_at FROM register_closing
    UNION ALL SELECT form, event, done_at FROM row_withdrawal
) GROUP BY form"""
    )
    return {row["form"]: f"{row['event']}@{row['done_at'].isoformat()}" for row in found}


# The register as the engine knows it: when a report came, and whether its rows may be looked at.
_SUBMISSIONS = """WITH counted AS (SELECT no FROM counted_submission)
SELECT s.no, s.form, s.unit, s.period, s.received_at,
    CASE WHEN s.never_received THEN '退回' WHEN s.state = '通过' THEN '已收' ELSE '待复核' END AS outcome,
    s.nil AND s.no IN (FROM counted) AS nil, s.reason AS note, s.file_name AS source_file, s.head_line AS source_row
FROM standing s
WHERE s.received_at IS NOT NULL AND s.whole
UNION ALL
SELECT '', form, unit, period, max_by(done_at, event), CASE WHEN unit = '' THEN '已关账' ELSE '已收' END, FALSE,
    max_by(reason, event), '关账登记', 0
FROM register_closing
GROUP BY form, unit, period
HAVING max_by(closed, event)
ORDER BY form, period, unit, received_at, no"""


def _typed(column: Column) -> str:
    """The column's value as SQL; NULL where the form as it is now cannot hold it."""
    text = f"value[{literal(column.code)}]"
    if column.type == "text":
        return text
    if column.type == "choice":
        return f"CASE WHEN {text} IN ({literals(column.values)}) THEN {text} END"
    kinds = {"integer": "BIGINT", "date": "DATE", "boolean": "BOOLEAN", "decimal": f"DECIMAL(18, {column.decimals})"}
    return f"TRY_CAST({text} AS {kinds[column.type]})"


def _bits(form: Form, state: str) -> str:
    pieces = (
        f"CASE WHEN absent[{literal(code)}] = {literal(state)} THEN {bit} ELSE 0 END" for code, bit in form.bit.items()
    )
    return f"({' + '.join(pieces)})::BIGINT"


def _misfit(form: Form) -> str:
    """Whether a row holds a value that the form as it is now cannot hold, or lacks a required one."""
    tests = [
        f"(value[{literal(c.code)}] IS NOT NULL AND {_typed(c)} IS NULL)" for c in form.columns if c.type != "text"
    ]
    dated = form.by_code[form.dated_by]
    return " OR ".join([*tests, f"{_typed(dated)} IS NULL"])


SOURCE = "CASE WHEN sheet = '' THEN file_name ELSE file_name || '›' || sheet END"


def _rows(records: Records, form: Form, units: Sequence[str]) -> pa.Table:
    columns = "".join(f",\n    {_typed(column)} AS {identifier(column.code)}" for column in form.columns)
    return records.arrow(f"""SELECT row_number() OVER (ORDER BY unit, period, submission, position) AS row_id,
    unit AS row_unit, {SOURCE} AS source_file, line AS source_row, submission,
    {_bits(form, "masked")} AS masked, {_bits(form, "not_applicable")} AS inapplicable{columns}
FROM counted_row
WHERE form = {literal(form.code)} AND unit IN ({literals(units)}) AND NOT coalesce({_misfit(form)}, FALSE)
ORDER BY row_id""")


def _aside(records: Records, forms: Forms, units: Sequence[str]) -> pa.Table:
    """Rows of what counts that count for nothing, with the reason: set aside when read, or no longer fitting."""
    misfits = "".join(
        f"""
UNION ALL
SELECT r.submission, r.form, r.unit, {SOURCE}, r.line, '报表定义', '', '',
    '这一行与现在的报表定义或单位登记不符，没有计入', '请核对报表定义和单位登记表的改动，或请单位重新报送', 'A'
FROM counted_row r
WHERE r.form = {literal(form.code)} AND (r.unit NOT IN ({literals(units)}) OR coalesce({_misfit(form)}, FALSE))"""
        for form in forms.values()
        if form.derived is None
    )
    known = [code for code, form in forms.by_code.items() if form.derived is None]
    return records.arrow(f"""SELECT s.no AS submission, s.form, coalesce(nullif(s.unit, ''), r.unit, '') AS unit,
    {SOURCE} AS source_file, f.line AS source_row, f.check_id, f.column_code, f.typed, f.problem, f.fix, f.level
FROM counted_submission s
JOIN finding f ON f.submission = s.no
LEFT JOIN ledger_row r ON r.submission = s.no AND r.line = f.line
WHERE f.level = 'A'{misfits}
UNION ALL
SELECT s.no, s.form, s.unit, {SOURCE}, 0, '报表定义', '', '', '没有这张报表的定义了，这份报送没有计入', '请核对报表定义', 'A'
FROM counted_submission s
WHERE s.form NOT IN ({literals(known)})
ORDER BY 2, 1, 5, 7""")


def _write(folder: Path, code: str, rows: pa.Table, event: str = "", fingerprint: str = "") -> Part:
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd")
    data = sink.getvalue().to_pybytes()
    digest = hashlib.sha256(data).hexdigest()
    name = f"{code}-{digest[:16]}.parquet"
    if not (folder / name).exists():
        _place(folder / name, data)
    return Part(name, rows.num_rows, digest, event, fingerprint)


def _place(path: Path, data: bytes) -> None:
    """Written aside, on disk, then renamed: never half there."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _commit(folder: Path, snapshot: Snapshot) -> None:
    told = {
        "layout": LAYOUT,
        "number": snapshot.number,
        "published_at": snapshot.published_at,
        "parts": {code: vars(part) for code, part in snapshot.parts.items()},
    }
    text = json.dumps(told, ensure_ascii=False, indent=1).encode()
    _place(folder / f"{snapshot.number:08d}.json", text)
    _place(folder / "current.json", text)
    _forget(folder)


def _forget(folder: Path) -> None:
    """Keep the last few snapshots and the files that they name."""
    manifests = sorted(folder.glob("[0-9]*.json"))
    for old in manifests[:-KEPT]:
        old.unlink(missing_ok=True)
    named = {"current.json"}
    for manifest in manifests[-KEPT:]:
        with suppress(OSError, ValueError, KeyError):
            named |= {part["file"] for part in json.loads(manifest.read_text(encoding="utf-8"))["parts"].values()}
    for file in folder.glob("*.parquet"):
        if file.name not in named:
            file.unlink(missing_ok=True)
