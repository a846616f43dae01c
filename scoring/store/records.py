"""The records (报送库): one DuckDB file, only ever added to, one writer at a time. Knows tables, not what they mean.

Reads take a cursor of their own and never wait for a writer. What a writer has committed is on disk: a process that
is killed loses nothing that was acknowledged, and of what was not, nothing is half there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any, Self

import duckdb
import pyarrow as pa

from scoring.sql.text import identifier
from scoring.store import holder
from scoring.store.migrations import migrate
from scoring.store.problems import Damaged, Held, NoSpace, RecordsError

Row = dict[str, Any]
_LOCKS = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
_FULL = ("No space left", "File too large", "Disk quota", "Could not write", "Failed to commit")


class Writer:
    """What is done inside one transaction."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def event(self) -> int:
        """The next number in the order of everything that happened."""
        return int(self.value("SELECT nextval('event_no')"))

    def number(self) -> int:
        """The next number of a submission."""
        return int(self.value("SELECT nextval('submission_no')"))

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        return self._cursor.execute(sql, list(parameters)).fetchall()[0][0]

    def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        return _rows(self._cursor, sql, parameters)

    def append(self, table: str, row: Mapping[str, object]) -> None:
        """One row, by column names."""
        names = ", ".join(identifier(name) for name in row)
        marks = ", ".join("?" for _ in row)
        self._cursor.execute(f"INSERT INTO {identifier(table)} ({names}) VALUES ({marks})", list(row.values()))

    def append_rows(self, table: str, rows: pa.Table, select: str = "*") -> None:
        """Many rows at once. `select`: expressions over the columns of `rows`, with the names of the table's."""
        self._cursor.register("incoming_rows", rows)
        self._cursor.execute(f"INSERT INTO {identifier(table)} BY NAME SELECT {select} FROM incoming_rows")
        self._cursor.unregister("incoming_rows")


class Records:
    """The open file. Make it with `Records.open`, one for a process."""

    def __init__(self, path: Path, program: str, clock: Callable[[], datetime]) -> None:
        self.path, self._program, self._clock = path, program, clock
        self._writing = RLock()
        self._connection = self._connect()

    @classmethod
    def open(cls, path: Path, program: str, clock: Callable[[], datetime]) -> Self:
        """Create or open, bring to the present layout, and lock. `program`: how this one is called in messages.

        Raises Held when another program writes to the file, Damaged when it is none of ours, NoSpace.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordsError(f"建不了报送库的文件夹“{path.parent.name}”", "请核对 database 的路径和权限") from error
        return cls(path, program, clock)

    def _connect(self) -> duckdb.DuckDBPyConnection:
        with told(self.path):
            connection = duckdb.connect(str(self.path), config={"threads": 2})
        try:
            with told(self.path):
                migrate(connection.execute, self._clock())
                for lock in _LOCKS:
                    connection.execute(lock)
        except RecordsError:
            connection.close()
            raise
        holder.write_note(self.path, self._program, self._clock())
        return connection

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """One transaction: all of it is kept when the block ends, or nothing of it."""
        with self._writing, told(self.path, self._revive):
            cursor = self._connection.cursor()
            try:
                cursor.execute("BEGIN TRANSACTION")
                yield Writer(cursor)
                cursor.execute("COMMIT")
            finally:
                cursor.close()  # what was not committed is rolled back

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While nobody writes: for a copy of the file."""
        with self._writing:
            yield

    def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """One statement, read whole."""
        with self._reading() as cursor:
            return _rows(cursor, sql, parameters)

    def arrow(self, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        with self._reading() as cursor:
            return cursor.sql(sql, params=list(parameters)).to_arrow_table()

    @contextmanager
    def _reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with told(self.path, self._revive):
            cursor = self._connection.cursor()
            try:
                yield cursor
            finally:
                cursor.close()

    def _revive(self) -> None:
        """DuckDB closes itself to everybody after a write that it could not finish; opening again replays its log."""
        self._connection.close()
        self._connection = self._connect()

    def close(self) -> None:
        self._connection.close()
        holder.remove_note(self.path)


def _rows(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object]) -> list[Row]:
    cursor.execute(sql, list(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def told(path: Path, revive: Callable[[], None] | None = None) -> Iterator[None]:
    """What DuckDB says, as something to read; what is a mistake of ours goes on as it is."""
    try:
        yield
    except duckdb.Error as error:
        message = str(error)
        if "Could not set lock" in message or "Conflicting lock" in message:
            by = holder.told(path, message)
            raise Held(f"报送库正由{by}使用，别的程序不能同时写", "请在那里操作，或先关闭它") from error
        if "invalidated" in message and revive is not None:
            revive()
            raise RecordsError("上一次写入没有完成，报送库已重新打开", "请核对后重做这一步；以前的数据都在") from error
        if any(word in message for word in _FULL):
            problem = "磁盘写不进去，这次没有保存；以前的数据都在"
            raise NoSpace(problem, "请清理磁盘空间后重试") from error
        if isinstance(error, duckdb.IOException | duckdb.SerializationException) or "not a valid DuckDB" in message:
            raise Damaged("报送库的文件打不开，可能已损坏或不是报送库", "请用最近的备份恢复") from error
        raise
