"""Which lines below a head are rows of the report: not blank ones, no totals, no notes under the table.

Knows one sheet while it is read; types no value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from scoring.intake.grid import Grid
from scoring.intake.heads import Head, squeezed
from scoring.intake.reported import CheckLevel, Finding, ReportedSheet
from scoring.intake.typed_columns import blank_rows

_TOTALS = {"合计", "小计", "总计", "本页小计", "本页合计", "累计"}
_TOTALS_LIKE = r"^\s*[（(]?\s*(?:合|小|总|累|本)\s*"
_NOTE = re.compile(
    r"(?:备?注|说明|填表说明|填报说明|填表人|填报人|经办人|制表人?|审核人?|审签人?|(?:单位)?负责人|联系电话|填报日期|报出日期)\s*\d*\s*[:：、.]"
)


@dataclass
class Rows:
    """The rows of a sheet while they are read. Row `i` is line `lines[i]`."""

    sheet: ReportedSheet
    grid: Grid
    head: Head
    lines: list[int] = field(default_factory=list)
    place: dict[int, int] = field(default_factory=dict)  # line → row

    def say(
        self, check: str, level: CheckLevel, problem: str, fix: str, row: int | None, code: str, typed: str
    ) -> None:
        """One finding; class A sets its row aside."""
        line = self.lines[row] if row is not None else None
        self.sheet.findings.append(
            Finding(check, level, problem, fix, line, code, self.sheet.letters.get(code, ""), typed)
        )
        if level == "A" and row is not None:
            self.sheet.aside[row] = True


def taken_rows(rows: Rows) -> pa.Array:
    """Positions below the head that are rows: not blank, no totals, no notes under the table."""
    grid, head = rows.grid, rows.head
    height = max(0, grid.height - head.line)
    own = [below(grid, at, head) for at in head.places.values()]
    filled = pa.array([False] * height, pa.bool_())
    for column in own:
        filled = pc.or_(filled, pc.invert(blank_rows(column)))
    _told_totals(rows, filled)
    _told_strangers(rows, filled)
    skipped = rows.place
    rows.place = {}
    taken = pc.indices_nonzero(filled)
    return taken if not skipped else pa.array([at for at in taken.to_pylist() if at not in skipped], pa.uint64())


def below(grid: Grid, column: int, head: Head) -> pa.StringArray:
    """A column under its title."""
    found = grid.column(column)
    return found.slice(head.line) if found is not None else pa.array([], pa.string())


def _told_totals(rows: Rows, filled: pa.BooleanArray) -> None:
    """Rows of totals, and notes under the table, are told and not read. Collected in `place` for the caller."""
    grid, head, sheet = rows.grid, rows.head, rows.sheet
    maybe = set[int]()
    last = 0
    for column in range(grid.first, grid.width):
        texts = below(grid, column, head)
        like = pc.indices_nonzero(pc.match_substring_regex(texts, _TOTALS_LIKE)).to_pylist()
        maybe.update(like)
    indices = pc.indices_nonzero(filled)
    last = indices[-1].as_py() if len(indices) else -1
    maybe.update(range(max(0, last - 8), last + 1))
    notes_end = last
    for at in sorted(maybe, reverse=True):
        line = at + head.line + 1
        cells = [cell.strip() for cell in grid.rows(line, line)[0]]
        told = [cell for cell in cells if cell]
        if not told:
            notes_end = at - 1 if at == notes_end else notes_end
        elif squeezed(told[0]).strip("()") in _TOTALS or re.match(r"合计[(（]\d+行[)）]", squeezed(told[0])):
            rows.place[at] = line
            notes_end = at - 1 if at == notes_end else notes_end
            sheet.findings.append(
                Finding("合计", "D", f"第 {line} 行是“{told[0]}”，没有作为一行数据读入", "合计由系统计算，不用填", line)
            )
        elif at == notes_end and _NOTE.match(told[0]):
            rows.place[at] = line
            notes_end = at - 1
            problem = f"第 {line} 行像是表下的说明，没有读入：“{told[0][:30]}”"
            sheet.findings.append(Finding("说明行", "D", problem, "这一行若是数据，请补齐各列", line))


def _told_strangers(rows: Rows, filled: pa.BooleanArray) -> None:
    """Rows with something in columns that are none of the form's, and nothing else."""
    grid, head = rows.grid, rows.head
    known = {*head.places.values(), *head.ours}
    others = [below(grid, at, head) for at in range(grid.first, grid.width) if at not in known]
    stray = pa.array([False] * len(filled), pa.bool_())
    for column in others:
        stray = pc.or_(stray, pc.invert(blank_rows(column)))
    lines = [at + head.line + 1 for at in pc.indices_nonzero(pc.and_(stray, pc.invert(filled))).to_pylist()]
    lines = [line for line in lines if line - head.line - 1 not in rows.place]
    if lines:
        problem = f"{listed(lines)}只在表外的列里有内容，没有作为数据读入"
        line = lines[0] if len(lines) == 1 else None
        rows.sheet.findings.append(Finding("表头", "D", problem, "请核对是不是填错了列", line))


def listed(lines: Sequence[int]) -> str:
    """第 3、5–9 行."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    words = [str(first) if first == last else f"{first}–{last}" for first, last in spans[:8]]
    return f"第 {'、'.join(words)}{' 等' if len(spans) > 8 else ''} 行"
