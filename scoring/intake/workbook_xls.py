"""The records of an old .xls workbook, for what the fast reader does not tell. Knows OLE and BIFF8; knows no form.

Password, hidden sheets and rows, percent formats, error values, formulas without a result, and which rectangle holds
anything. The container is walked with every length checked: it comes from outside.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from scoring.intake.container import AS_WORKBOOK, DAMAGED, ENCRYPTED, NOT_A_WORKBOOK, Refused
from scoring.intake.grid import MAX_SHEETS, Marks, too_large

_END = 0xFFFFFFFE
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_SAID = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BOF, _FILEPASS, _DATEMODE, _BOUNDSHEET, _FORMAT, _XF = 0x0809, 0x002F, 0x0022, 0x0085, 0x041E, 0x00E0
_FORMULA, _STRING, _BOOLERR, _ROW, _COLINFO, _EOF = 0x0006, 0x0207, 0x0205, 0x0208, 0x007D, 0x000A
_NUMBERS = {0x0203, 0x027E}  # NUMBER, RK
_TEXTS = {0x00FD, 0x0204, 0x00D6}  # LABELSST, LABEL, RSTRING
_MULRK, _MERGED = 0x00BD, 0x00E5
Record = tuple[int, bytes]


@dataclass
class SheetRecords:
    """One sheet as its records tell it."""

    name: str
    hidden: Literal["", "hidden", "very"]
    first_column: int = 0
    last_column: int = 0
    last_line: int = 0
    marks: Marks = field(default_factory=Marks)
    problem: Refused | None = None
    numbers: dict[int, set[int]] = field(default_factory=dict)

    def is_number(self, column: int) -> set[int]:
        """Lines of a column that hold a number."""
        return self.numbers.get(column, set())


def scan(data: bytes) -> list[SheetRecords] | Refused:
    """All sheets of the workbook inside the container."""
    try:
        streams = _streams(data)
        if "EncryptedPackage" in streams or "EncryptionInfo" in streams:
            return ENCRYPTED
        name = next((one for one in ("Workbook", "Book") if one in streams), "")
        if not name:
            what = "Word 文档" if "WordDocument" in streams else "别的文件"
            return Refused(f"这是{what}，不是工作簿", NOT_A_WORKBOOK)
        return _sheets(_stream(data, *streams[name]))
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return DAMAGED


# --- the container -----------------------------------------------------------------------------


def _streams(data: bytes) -> dict[str, tuple[int, int]]:
    """Name → first sector and size."""
    directory = _chain(data, struct.unpack_from("<I", data, 48)[0])
    if not directory or len(directory) % 128:
        raise ValueError("the directory is cut off")
    out = {}
    for at in range(0, len(directory), 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        kind = directory[at + 66]
        if kind == 2 and 2 <= length <= 64:
            name = directory[at : at + length - 2].decode("utf-16-le")
            out[name] = struct.unpack_from("<II", directory, at + 116)
        elif kind == 5:
            out[""] = struct.unpack_from("<II", directory, at + 116)
    return out


def _layout(data: bytes) -> tuple[list[int], int]:
    """The table of sectors and their size."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError("sector size")
    size = 1 << shift
    tables = [one for one in struct.unpack_from("<109I", data, 76) if one < _END]
    more, guard = struct.unpack_from("<I", data, 68)[0], 0
    while more < _END and guard < len(data) // size:
        block = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        tables += [one for one in block[:-1] if one < _END]
        more, guard = block[-1], guard + 1
    table: list[int] = []
    for one in tables:
        table += struct.unpack_from(f"<{size // 4}I", data, (one + 1) * size)
    return table, size


def _chain(data: bytes, sector: int) -> bytes:
    table, size = _layout(data)
    return b"".join(data[(one + 1) * size : (one + 2) * size] for one in _sectors(table, sector))


def _sectors(table: list[int], sector: int) -> Iterator[int]:
    seen = 0
    while sector < _END:
        if seen > len(table):
            raise ValueError("the chain of sectors runs in a circle")
        yield sector
        sector = table[sector]
        seen += 1


def _stream(data: bytes, first: int, length: int) -> bytes:
    if length >= struct.unpack_from("<I", data, 56)[0]:
        return _chain(data, first)[:length]
    small = _chain(data, _streams(data)[""][0])  # short streams lie in one of their own
    block = _chain(data, struct.unpack_from("<I", data, 60)[0])
    table = list(struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4]))
    return b"".join(small[one * 64 : one * 64 + 64] for one in _sectors(table, first))[:length]


# --- the records -------------------------------------------------------------------------------


def _records(stream: bytes, at: int) -> Iterator[Record]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _sheets(stream: bytes) -> list[SheetRecords] | Refused:
    kind = struct.unpack_from("<H", stream, 0)[0]
    if kind != _BOF or struct.unpack_from("<H", stream, 4)[0] != 0x0600:
        return Refused("这是很早版本的 Excel 文件，读不了", AS_WORKBOOK)
    sheets: list[tuple[SheetRecords, int]] = []
    formats: dict[int, str] = {}
    styles: list[int] = []
    old_days = False
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            return ENCRYPTED
        if kind == _EOF:
            break
        if kind == _DATEMODE:
            old_days = struct.unpack_from("<H", body)[0] == 1
        elif kind == _FORMAT:
            formats[struct.unpack_from("<H", body)[0]] = _name(body, 2, 2)
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _BOUNDSHEET and body[5] == 0:
            states: tuple[Literal["", "hidden", "very"], ...] = ("", "hidden", "very")
            state = states[body[4] & 3] if body[4] & 3 < 3 else "very"
            sheets.append((SheetRecords(_name(body, 6, 1), state), struct.unpack_from("<I", body)[0]))
    if len(sheets) > MAX_SHEETS:
        return Refused(f"工作簿里有 {len(sheets)} 张工作表，最多 {MAX_SHEETS} 张", "请只留要报的表再上传")
    percent = {at for at, one in enumerate(styles) if one in (9, 10) or "%" in _SAID.sub("", formats.get(one, ""))}
    for sheet, at in sheets:
        _scan(sheet, stream, at, percent)
        sheet.marks.old_days = old_days
    return [sheet for sheet, _ in sheets]


def _name(body: bytes, at: int, width: int) -> str:
    """A text with its length and whether it takes two bytes a letter."""
    count = body[at] if width == 1 else struct.unpack_from("<H", body, at)[0]
    start = at + width + 1
    if body[at + width] & 1:
        return body[start : start + 2 * count].decode("utf-16-le")
    return body[start : start + count].decode("latin-1")


def _scan(sheet: SheetRecords, stream: bytes, at: int, percent: set[int]) -> None:
    cells = _Cells(sheet, percent)
    depth = 0
    for kind, body in _records(stream, at):
        if kind == _BOF:
            depth += 1  # a chart inside the sheet has records of its own
        elif kind == _EOF:
            depth -= 1
            if depth == 0:
                break
        elif depth == 1:
            cells.take(kind, body)
    cells.close()


class _Cells:
    """Takes the records of one sheet, one by one."""

    def __init__(self, sheet: SheetRecords, percent: set[int]) -> None:
        self.sheet, self.marks, self.percent = sheet, sheet.marks, percent
        self.columns: set[int] = set()
        self.lines: set[int] = set()
        self.waiting: tuple[int, int] | None = None  # a formula whose text may follow
        self.hidden_lines: set[int] = set()
        self.hidden_columns: set[int] = set()

    def take(self, kind: int, body: bytes) -> None:
        if kind in _NUMBERS or kind in _TEXTS or kind in (_FORMULA, _BOOLERR):
            self._cell(kind, body)
        elif kind == _STRING and self.waiting is not None:
            self.marks.no_result.pop(self.waiting, None)
        elif kind == _MULRK:
            row, column = struct.unpack_from("<HH", body)
            for step in range((len(body) - 6) // 6):
                self._number(row, column + step, struct.unpack_from("<H", body, 4 + 6 * step)[0])
        elif kind == _MERGED:
            for step in range(struct.unpack_from("<H", body)[0]):
                first, last, left, right = struct.unpack_from("<4H", body, 2 + 8 * step)
                self.marks.merged += ((first + 1, left, last + 1, right),)
        elif kind == _ROW and body[12] & 0x20:
            self.hidden_lines.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COLINFO and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            self.hidden_columns |= set(range(first, min(last, 255) + 1))

    def _cell(self, kind: int, body: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", body)
        self.columns.add(column)
        self.lines.add(row + 1)
        if kind == _BOOLERR and body[7]:
            self.marks.errors[row + 1, column] = _ERRORS.get(body[6], "#错误")
        elif kind == _FORMULA:
            self.waiting = row + 1, column
            if _formula(self.sheet, body, self.waiting):
                self._number(row, column, style)
        elif kind in _NUMBERS:
            self._number(row, column, style)

    def _number(self, row: int, column: int, style: int) -> None:
        self.columns.add(column)
        self.lines.add(row + 1)
        self.sheet.numbers.setdefault(column, set()).add(row + 1)
        if style in self.percent:
            self.marks.percent.add((row + 1, column))

    def close(self) -> None:
        """The rectangle that holds anything."""
        self.marks.knows_formats = True
        if self.columns:
            sheet = self.sheet
            sheet.first_column, sheet.last_column, sheet.last_line = (
                min(self.columns),
                max(self.columns),
                max(self.lines),
            )
            sheet.problem = too_large(len(self.lines), sheet.last_line, sheet.last_column + 1)
            self.marks.hidden_lines = frozenset(line for line in self.hidden_lines if line <= sheet.last_line)
            self.marks.hidden_columns = frozenset(self.hidden_columns)


def _formula(sheet: SheetRecords, body: bytes, place: tuple[int, int]) -> bool:
    """Whether its result is a number; a text that never follows, and an error, are marked."""
    result = body[6:14]
    if result[6:8] != b"\xff\xff":
        return True
    if result[0] == 2:
        sheet.marks.errors[place] = _ERRORS.get(result[2], "#错误")
    elif result[0] in (0, 3):  # 3: an empty text, and also what programs write that do not reckon
        sheet.marks.no_result[place] = "=（公式）"  # taken back when its text follows
    return False
