"""The records (报送库): one DuckDB file, only ever added to, one writer at a time. Knows tables, not what they mean.

Reads take a cursor of their own and never wait for a writer. What a writer has committed is on disk: a process that
is killed loses nothing that was acknowledged, and of what was not, nothing is half there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import RLock
from time import monotonic, sleep
from typing import Any, BinaryIO, Self, TypeVar

import duckdb
import pyarrow as pa

from scoring.sql.text import identifier
from scoring.store import holder
from scoring.store.migrations import migrate
from scoring.store.problems import Damaged, Held, NoSpace, RecordsError

Row = dict[str, Any]
T = TypeVar("T")
_LOCKS = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
_FULL = ("No space left", "File too large", "Disk quota", "Could not write", "Failed to commit")
_PATIENCE = 5.0  # seconds that others may take to let go of a database that closed itself
_CLOSED = ("invalidated", "Connection already closed", "connection is busy", "No open result set")
_write_locks: defaultdict[Path, RLock] = defaultdict(RLock)  # one writer in a process, however often it was opened
_files: dict[tuple[int, int], BinaryIO] = {}  # by device and inode: see `_held_open`


class Writer:
    """What is done inside one transaction."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self.last_event = 0

    def event(self) -> int:
        """The next number in the order of everything that happened."""
        self.last_event = int(self.value("SELECT nextval('event_no')"))
        return self.last_event

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


class Reader:
    """What is read at one moment: nothing changes from one statement to the next."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """One statement, read whole."""
        return _rows(self._cursor, sql, parameters)

    def arrow(self, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        return self._cursor.sql(sql, params=list(parameters)).to_arrow_table()


class Records:
    """The open file. Make it with `Records.open`, one for a process."""

    def __init__(self, path: Path, program: str, clock: Callable[[], datetime]) -> None:
        self.path, self._program, self._clock = path, program, clock
        self._writing, self._opening = _write_locks[path.resolve()], RLock()
        self._connection: duckdb.DuckDBPyConnection | None = self._connect()

    @classmethod
    def open(cls, path: Path, program: str, clock: Callable[[], datetime]) -> Self:
        """Create or open, bring to the present layout, and lock. `program`: how this one is called in messages.

        Raises Held when another program writes to the file, Damaged when it is none of ours, NoSpace.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordsError(f"建不了报送库的文件夹“{path.parent.name}”", "请核对 database 的路径和权限") from error
        with told(path):
            return cls(path, program, clock)

    def _connect(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(str(self.path), config={"threads": 2})
        try:
            migrate(connection.execute, self._clock())
            if not connection.execute("SELECT current_setting('lock_configuration')").fetchall()[0][0]:
                for lock in _LOCKS:
                    connection.execute(lock)
        except BaseException:
            connection.close()
            raise
        holder.write_note(self.path, self._program, self._clock())
        return connection

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """One transaction: all of it is kept when the block ends, or nothing of it."""
        with self._writing, told(self.path):
            connection, cursor = self._begun("BEGIN TRANSACTION")
            try:
                writer = Writer(cursor)
                yield writer
                try:
                    cursor.execute("COMMIT")
                except duckdb.Error as error:
                    cursor.close()
                    if not self._kept_all_the_same(connection, writer, error):
                        raise
            finally:
                cursor.close()  # what was not committed is rolled back

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While nobody writes: for a copy of the file."""
        with self._writing:
            yield

    def file(self) -> BinaryIO:
        """The file to be read as it is. Never to be closed: a process that closes a file lets go of every lock it has
        on it (POSIX), DuckDB's among them, and a second program could write."""
        found = self.path.stat()
        key = (found.st_dev, found.st_ino)
        if key not in _files:
            _files[key] = self.path.open("rb")
        _files[key].seek(0)
        return _files[key]

    def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """One statement, read whole."""
        return self._again(lambda reader: reader.fetch(sql, parameters))

    def arrow(self, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        return self._again(lambda reader: reader.arrow(sql, parameters))

    def _again(self, read: Callable[[Reader], T]) -> T:
        """Once more where the database closed itself in between: to read twice does no harm."""
        with told(self.path):
            try:
                with self._moment() as reader:
                    return read(reader)
            except duckdb.Error as error:
                if not _is_closed(error):
                    raise
            with self._moment() as reader:
                return read(reader)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Statements that see the records as they were at one moment."""
        with told(self.path), self._moment() as reader:
            yield reader

    @contextmanager
    def _moment(self) -> Iterator[Reader]:
        _, cursor = self._begun("BEGIN TRANSACTION READ ONLY")
        try:
            yield Reader(cursor)
        finally:
            cursor.close()

    def _begun(self, begin: str) -> tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]:
        """A cursor that has begun, on a database that answers, and the connection it is of.

        DuckDB closes itself to everybody after a write that it could not finish; opening again replays its log. That
        takes all who still use the closed one to let go of it.
        """
        patient_until = monotonic() + _PATIENCE
        while True:
            connection = cursor = None
            try:
                with self._opening:
                    connection = self._connection = self._connection or self._connect()
                    cursor = connection.cursor()
                cursor.execute(begin)
                return connection, cursor
            except duckdb.Error as error:
                if cursor is not None:
                    cursor.close()
                if not _is_closed(error) or monotonic() > patient_until:
                    raise
                self._let_go(connection)
                sleep(0.02)

    def _let_go(self, connection: duckdb.DuckDBPyConnection | None) -> None:
        """Of this one, unless another was opened in the meantime."""
        with self._opening:
            if connection is not None and connection is self._connection:
                self._connection = None
                with suppress(duckdb.Error):  # busy: who still uses it lets go when its error was read
                    connection.close()

    def _kept_all_the_same(
        self, connection: duckdb.DuckDBPyConnection, writer: Writer, error: duckdb.Error
    ) -> bool:
        """A commit may be on disk although folding the log into the file failed after it: look at what is there."""
        if not isinstance(error, duckdb.FatalException):
            return False
        self._let_go(connection)
        return bool(writer.last_event) and bool(self.fetch(_HAPPENED, [writer.last_event] * 2))

    def close(self) -> None:
        self._let_go(self._connection)
        holder.remove_note(self.path)


_HAPPENED = "SELECT 1 FROM audit WHERE event = ? UNION ALL SELECT 1 FROM decision WHERE event = ? LIMIT 1"


def _is_closed(error: duckdb.Error) -> bool:
    """The database closed itself, or another thread is about to open it again."""
    return any(words in str(error) for words in _CLOSED)


def _rows(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object]) -> list[Row]:
    cursor.execute(sql, list(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What DuckDB says, as something to read; what is a mistake of ours goes on as it is."""
    try:
        yield
    except duckdb.Error as error:
        message = str(error)
        if "Could not set lock" in message or "Conflicting lock" in message:
            by = holder.told(path, message)
            raise Held(f"报送库正由{by}使用，别的程序不能同时写", "请在那里操作，或先关闭它") from error
        if _is_closed(error):
            raise RecordsError("磁盘写不进去，这一步没有完成；以前的数据都在", "请清理磁盘空间后重做这一步") from error
        if any(word in message for word in _FULL):
            problem = "磁盘写不进去，这次没有保存；以前的数据都在"
            raise NoSpace(problem, "请清理磁盘空间后重试") from error
        if isinstance(error, duckdb.IOException | duckdb.SerializationException) or "not a valid DuckDB" in message:
            raise Damaged("报送库的文件打不开，可能已损坏或不是报送库", "请用最近的备份恢复") from error
        raise
