"""Immutable snapshots of the records: typed rows as Parquet, a file a form, named by their content.

A snapshot is a small manifest that names its files. It is written beside the others and renamed into place, so a
reader sees the old one or the new one. Only forms that changed are written anew; the last few snapshots are kept for
readers that are still at work. Readers need no database: they run while another process writes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from scoring.forms import Column, Form, Forms
from scoring.sql.text import identifier, literal, literals
from scoring.store.problems import Damaged, NoSpace
from scoring.store.records import Reader, Records, Row

KEPT = 5
GRACE = 600  # seconds that a snapshot outlives the next ones, for readers that had just begun
LAYOUT = 1
_publishing = Lock()
_turns = count(1)  # in which publications are asked for
_served: dict[Path, tuple[int, list[str], Snapshot]] = {}  # up to which turn, by which forms, with what
_compared: dict[Path, tuple[int, int]] = {}  # files whose content was held against its digest: size and time then


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
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["layout"] != LAYOUT:
            raise Damaged("快照是另一个版本的程序发布的", "请用本程序启动看板，或运行 python -m scoring publish")
        return _snapshot(folder, told)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged("快照的目录文件 current.json 读不懂", "请启动看板重新发布快照") from error


def _snapshot(folder: Path, told: Mapping[str, Any]) -> Snapshot:
    parts = {code: Part(**part) for code, part in told["parts"].items()}
    if not {"submissions", "aside"} <= parts.keys():
        raise KeyError("parts")
    return Snapshot(folder, told["number"], told["published_at"], parts)


def publish(records: Records, forms: Forms, units: Sequence[str], now: datetime) -> Snapshot:
    """Bring the snapshot up to date with the records; nothing is written where nothing changed.

    `units`: codes of the register; rows of others count for nothing and are told. Raises NoSpace.
    """
    turn, folder = next(_turns), folder_of(records.path)  # what is to be published has been committed
    shapes = {form.code: _shape(form, units) for form in forms.values() if form.derived is None}
    with _publishing:
        served = _served.get(folder)
        if served is not None and served[0] > turn and served[1] == list(shapes.values()):
            return served[2]  # whoever had the turn before began after this was committed
        begun = next(_turns)
        try:
            snapshot = _publish(records, forms, units, shapes, now, folder)
        except OSError as error:
            raise NoSpace("快照写不进磁盘；报送已经保存，计分暂按上一份快照", "请清理磁盘空间后重试") from error
        _served[folder] = (begun, list(shapes.values()), snapshot)
        return snapshot


def _publish(
    records: Records, forms: Forms, units: Sequence[str], shapes: Mapping[str, str], now: datetime, folder: Path
) -> Snapshot:
    folder.mkdir(parents=True, exist_ok=True)
    before, aside_before = _readable(folder)
    known = before.parts if before is not None else {}
    with records.reading() as reader:  # all of one moment
        events = _counting_events(reader)
        parts = {code: known[code] for code in shapes if _same(folder, known.get(code), events.get(code), shapes[code])}
        aside = [aside_before.filter(pc.is_in(aside_before["form"], pa.array(parts, pa.string())))]
        for code in [code for code in shapes if code not in parts]:
            good, misfits = _rows(reader, forms[code], units)
            parts[code] = _write(folder, code, good, events.get(code, ""), shapes[code])
            aside += [misfits, reader.arrow(_SET_ASIDE, [code])]
        parts["submissions"] = _write(folder, "submissions", reader.arrow(_SUBMISSIONS))
        all_of_it = _digest([*events.items(), *shapes.items()])
        if _same(folder, known.get("aside"), all_of_it, ""):
            parts["aside"] = known["aside"]
        else:
            aside.append(reader.arrow(f"{_UNDEFINED} ({literals(list(shapes))})"))
            parts["aside"] = _write(folder, "aside", pa.concat_tables(aside).sort_by(_ASIDE_ORDER), all_of_it)
    if before is not None and dict(before.parts) == parts:
        return before
    number = before.number + 1 if before else 1
    snapshot = Snapshot(folder, number, f"{now:%Y-%m-%d %H:%M:%S}", parts)
    _commit(folder, snapshot)
    return snapshot


def _readable(folder: Path) -> tuple[Snapshot | None, pa.Table]:
    """The last snapshot with its rows that count for nothing; a damaged one is made anew."""
    try:
        found = current(folder)
        if found is not None:
            return found, found.read("aside").cast(_ASIDE)
    except (Damaged, pa.ArrowInvalid):
        pass
    return None, _ASIDE.empty_table()


def _same(folder: Path, part: Part | None, event: str | None, fingerprint: str) -> bool:
    """Whether a part is still what the records say, and its file what was written."""
    return part is not None and (part.event, part.fingerprint) == (event or "", fingerprint) and _intact(folder, part)


def _intact(folder: Path, part: Part) -> bool:
    path = folder / part.file
    try:
        stat = path.stat()
        if _compared.get(path) != (stat.st_size, stat.st_mtime_ns):
            if hashlib.sha256(path.read_bytes()).hexdigest() != part.sha256:
                return False
            _compared[path] = (stat.st_size, stat.st_mtime_ns)
    except OSError:
        return False
    return True


def _digest(told: Iterable[tuple[str, str]]) -> str:
    return hashlib.sha256("".join(f"{code}:{text};" for code, text in sorted(told)).encode()).hexdigest()[:16]


def _shape(form: Form, units: Sequence[str]) -> str:
    """What the typed rows depend on beside the records."""
    return f"{form.fingerprint}-{hashlib.sha256(','.join(units).encode()).hexdigest()[:8]}"


def fits(snapshot: Snapshot, form: Form, units: Sequence[str]) -> bool:
    """Whether the part was typed by the form as it is now."""
    return form.code in snapshot.parts and snapshot.parts[form.code].fingerprint == _shape(form, units)


def last_events(records: Records) -> dict[str, str]:
    """By form, the last thing that happened to what came and to what counts."""
    return _last(records.fetch(_LAST.format("TRUE")))


def _counting_events(reader: Reader) -> dict[str, str]:
    """By form, the last thing that changed which rows count; 0 where nothing counts yet of what came."""
    return _last(reader.fetch(_LAST.format("d.submission IN (SELECT submission FROM decision WHERE state = '通过')")))


# With the time of the event: numbers come again after a restore.
_LAST = """SELECT form, max(event) AS event, max_by(done_at, event) AS done_at FROM (
    SELECT s.form, d.event, d.done_at
    FROM decision d JOIN submission s ON s.no = d.submission
    WHERE {}
    UNION ALL SELECT form, event, done_at FROM register_closing
    UNION ALL SELECT form, event, done_at FROM row_withdrawal
    UNION ALL SELECT DISTINCT form, 0, NULL FROM submission
) GROUP BY form"""


def _last(found: list[Row]) -> dict[str, str]:
    return {row["form"]: f"{row['event']}@{row['done_at'].isoformat()}" if row["event"] else "0" for row in found}


# The register as the engine knows it: when a report came, and whether its rows may be looked at. A register of the office
# that was opened for a correction and closed again was complete when it was closed first, as a report that is corrected.
_SUBMISSIONS = """WITH counted AS (SELECT no FROM counted_submission)
SELECT s.no, s.form, s.unit, s.period, s.received_at,
    CASE WHEN s.never_received THEN '退回' WHEN s.state = '通过' THEN '已收' ELSE '待复核' END AS outcome,
    s.nil AND s.no IN (FROM counted) AS nil, s.reason AS note, s.file_name AS source_file, s.head_line AS source_row
FROM standing s
WHERE s.received_at IS NOT NULL AND s.unit <> ''
UNION ALL
SELECT '', form, unit, period, min(CASE WHEN closed THEN done_at END), CASE WHEN unit = '' THEN '已关账' ELSE '已收' END, FALSE,
    max_by(reason, event), '关账登记', 0
FROM register_closing
GROUP BY form, unit, period
HAVING max_by(closed, event)
ORDER BY form, period, unit, received_at, no"""


SOURCE = "CASE WHEN sheet = '' THEN file_name ELSE file_name || '›' || sheet END"


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


def _rows(reader: Reader, form: Form, units: Sequence[str]) -> tuple[pa.Table, pa.Table]:
    """The rows that count, typed; and those that no longer fit the form or the register, as rows set aside."""
    columns = "".join(f",\n    {_typed(column)} AS {identifier(column.code)}" for column in form.columns)
    found = reader.arrow(f"""SELECT row_number() OVER (PARTITION BY misfit ORDER BY unit, period, submission, position) AS row_id,
    unit AS row_unit, {SOURCE} AS source_file, line AS source_row, submission,
    {_bits(form, "masked")} AS masked, {_bits(form, "not_applicable")} AS inapplicable{columns}, misfit
FROM (
    SELECT *, unit NOT IN ({literals(units)}) OR coalesce({_misfit(form)}, FALSE) AS misfit
    FROM counted_row
    WHERE form = {literal(form.code)}
)
ORDER BY row_id""")
    fits, misfits = found.filter(pc.invert(found["misfit"])), found.filter(found["misfit"])
    told = {**_MISFIT, "form": form.code}
    columns_of = {name: pa.array([text] * len(misfits), pa.string()) for name, text in told.items()}
    columns_of |= {name: misfits[name] for name in ("submission", "source_file", "source_row")}
    aside = pa.table({**columns_of, "unit": misfits["row_unit"]}).select(_ASIDE.names).cast(_ASIDE)
    return fits.drop_columns("misfit"), aside


# Rows of what counts that count for nothing, with the reason: set aside when read, or no longer fitting.
_ASIDE = pa.schema(
    [
        (name, pa.int64() if name == "source_row" else pa.string())
        for name in (
            "submission", "form", "unit", "source_file", "source_row", "check_id", "column_code", "typed", "problem",
            "fix", "level",
        )
    ]
)  # fmt: skip
_ASIDE_ORDER = [(name, "ascending") for name in ("form", "submission", "source_row", "check_id", "column_code")]
_MISFIT = {
    "check_id": "报表定义",
    "column_code": "",
    "typed": "",
    "problem": "这一行与现在的报表定义或单位登记不符，没有计入",
    "fix": "请核对报表定义和单位登记表的改动，或请单位重新报送",
    "level": "A",
}
_SET_ASIDE = f"""SELECT s.no AS submission, s.form, coalesce(nullif(s.unit, ''), r.unit, '') AS unit,
    {SOURCE} AS source_file, f.line AS source_row, f.check_id, f.column_code, f.typed, f.problem, f.fix, f.level
FROM counted_submission s
JOIN finding f ON f.submission = s.no
LEFT JOIN ledger_row r ON r.submission = s.no AND r.line = f.line
WHERE f.level = 'A' AND s.form = ?"""
_UNDEFINED = f"""SELECT s.no AS submission, s.form, s.unit, {SOURCE} AS source_file, 0::BIGINT AS source_row,
    '报表定义' AS check_id, '' AS column_code, '' AS typed, '没有这张报表的定义了，这份报送没有计入' AS problem,
    '请核对报表定义' AS fix, 'A' AS level
FROM counted_submission s
WHERE s.form NOT IN"""


def _write(folder: Path, code: str, rows: pa.Table, event: str = "", fingerprint: str = "") -> Part:
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd")
    data = sink.getvalue().to_pybytes()
    digest = hashlib.sha256(data).hexdigest()
    name = f"{code}-{digest[:16]}.parquet"
    part = Part(name, rows.num_rows, digest, event, fingerprint)
    if not _intact(folder, part):
        _place(folder / name, data)
    return part


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
    """Keep the last few snapshots, those that were the last a moment ago, and the files that they name."""
    manifests = sorted(folder.glob("[0-9]*.json"))
    begun = manifests[-1].stat().st_mtime - GRACE
    kept = [one for at, one in enumerate(manifests, 1) if at > len(manifests) - KEPT or one.stat().st_mtime >= begun]
    named = {one.name for one in kept} | {"current.json"}
    for manifest in kept:
        with suppress(OSError, ValueError, KeyError, TypeError):
            named |= {part["file"] for part in json.loads(manifest.read_text(encoding="utf-8"))["parts"].values()}
    for file in [*manifests, *folder.glob("*.parquet"), *folder.glob("*.tmp")]:
        if file.name not in named:
            file.unlink(missing_ok=True)  # what was written aside as well, and left behind by a process that was killed
            _compared.pop(file, None)
