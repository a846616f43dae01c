"""What a marked copy says, and where: the 校验结果 column of each sheet and the list in front. Writes no file.

Both ways of writing (into the reporter's own workbook, or a fresh one) take it from here, so that they say the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow.compute as pc

from scoring.calendar import label_words
from scoring.intake.grid import Grid, column_number
from scoring.intake.reported import CheckLevel, Finding, ReportedSheet
from scoring.intake.template_look import LEVEL_WORDS, PASSED
from scoring.intake.template_stamp import RESULT_TITLE
from scoring.intake.written import height_of

LIST_AT_MOST = 5_000  # of one list; each row still carries its own
COLUMN_WIDTH = 60
NO_RESULT = "公式无结果"
FRONT_WIDTHS = (22, 8, 9, 16, 20, 9, 9, 46, 44)
FRONT_HEAD = ("工作表", "行", "单元格", "列名", "填的内容", "类别", "校验项", "问题", "怎样改")
_SUMMARY_HEAD = ("工作表", "行数", "不计入", "报送期", "报表", "强制", "需说明", "其余", "结论")
_MEANING: dict[CheckLevel, str] = {
    "A": "这一行先搁置，不计入；改正后重新上传",
    "B": "可以提交，须在填报页写情况说明",
    "C": "可以提交，须核实并写说明，不少于 6 个字",
    "D": "只作提醒，不必回复",
}
_TYPED_SHOWN = 200


@dataclass(frozen=True)
class Marking:
    """One sheet: where the column stands, what it says by line, and which cells are coloured."""

    grid: str  # name of the sheet in the file
    head_line: int
    column: int  # 0 is A
    others: tuple[int, ...]  # further columns of an earlier marking, to be emptied
    again: bool  # the file was marked before
    words: dict[int, tuple[str, CheckLevel | None]]
    cells: dict[tuple[int, int], CheckLevel]  # (line, column)


@dataclass(frozen=True)
class FrontRow:
    """One row of the sheet in front. The cell that names a class is coloured."""

    kind: Literal["title", "note", "section", "head", "row", "legend"]
    cells: tuple[str, ...]
    level: CheckLevel | None = None

    @property
    def coloured(self) -> int:
        """The place of that cell."""
        return 0 if self.kind == "legend" else FRONT_HEAD.index("类别")


_BLANK = FrontRow("note", ())


def row_height(row: FrontRow) -> float:
    """So that the longest of its cells can be read."""
    return max(height_of(text, width) for text, width in zip(row.cells, FRONT_WIDTHS, strict=False))


def marking(sheet: ReportedSheet, grid: Grid) -> Marking | None:
    """None where no head was found: then all there is to say stands in front."""
    if not 0 < sheet.head_line <= grid.height:
        return None
    head = grid.rows(sheet.head_line, sheet.head_line)[0]
    old = [at for at, title in enumerate(head) if title.strip() == RESULT_TITLE]
    column = old[0] if old else _beside(sheet, grid)
    by_line: dict[int, list[Finding]] = {line: [] for line in sheet.lines}
    cells: dict[tuple[int, int], CheckLevel] = {}
    for finding in sheet.findings:
        if finding.line is None:
            continue
        if finding.line > sheet.head_line:
            by_line.setdefault(finding.line, []).append(finding)
        if letters := finding.letter or sheet.letters.get(finding.column, ""):
            place = finding.line, column_number(letters)
            cells[place] = min(cells.get(place, "D"), finding.level)
    words = {line: row_words(sheet, found) for line, found in by_line.items()}
    return Marking(grid.name, sheet.head_line, column, tuple(old[1:]), bool(old), words, cells)


def _beside(sheet: ReportedSheet, grid: Grid) -> int:
    """The first column to the right of everything from the head on."""
    last = max((column_number(one) for one in sheet.letters.values() if one), default=-1)
    for at, column in enumerate(grid.columns):
        if grid.first + at > last and pc.any(pc.not_equal(column.slice(sheet.head_line - 1), "")).as_py():
            last = grid.first + at
    return last + 1


def row_words(sheet: ReportedSheet, findings: Sequence[Finding]) -> tuple[str, CheckLevel | None]:
    """What the column says of one row, worst first, and its class; 通过 where nothing was found."""
    if not findings:
        return PASSED, None
    ordered = sorted(findings, key=lambda one: one.level)
    return "\n".join(f"【{LEVEL_WORDS[one.level]}】{_told(sheet, one)}" for one in ordered), ordered[0].level


def _told(sheet: ReportedSheet, finding: Finding) -> str:
    title = column_title(sheet, finding)
    named = f"{title}：" if title and title not in finding.problem else ""
    return f"{named}{_sentence(finding.problem)}{_sentence(finding.fix)}"


def _sentence(text: str) -> str:
    return text if not text or text.endswith(("。", "？", "！", "…")) else text + "。"


def column_title(sheet: ReportedSheet, finding: Finding) -> str:
    """The title of the column a finding speaks of; empty where it speaks of none."""
    if finding.column == "unit":
        return "单位"
    column = sheet.form.by_code.get(finding.column)
    return column.title if column else ""


def front(name: str, sheets: Sequence[ReportedSheet], note: str, sample: bool) -> list[FrontRow]:
    """The sheet in front: how each sheet fared, what the classes mean, every finding."""
    rows = [FrontRow("title", (RESULT_TITLE + ("（示例）" if sample else ""),)), FrontRow("note", (f"原文件：{name}",))]
    rows += [FrontRow("note", (note,))] if note else []
    rows += [_BLANK, FrontRow("section", ("各表情况",)), FrontRow("head", _SUMMARY_HEAD)]
    rows += [FrontRow("row", _summary(sheet)) for sheet in sheets]
    rows += [_BLANK, FrontRow("section", ("类别是什么意思",))]
    rows += [FrontRow("legend", (LEVEL_WORDS[one], _MEANING[one]), one) for one in _MEANING]
    found = [(sheet, finding) for sheet in sheets for finding in _ordered(sheet.findings)]
    rows += [_BLANK, FrontRow("section", (f"全部校验结果（{len(found)} 条）",))]
    if found:
        rows.append(FrontRow("head", FRONT_HEAD))
        rows += [FrontRow("row", _line(sheet, finding), finding.level) for sheet, finding in found[:LIST_AT_MOST]]
    else:
        rows.append(FrontRow("note", ("没有发现问题。",)))
    if len(found) > LIST_AT_MOST:
        rows.append(FrontRow("note", (f"还有 {len(found) - LIST_AT_MOST} 条，见各表的“{RESULT_TITLE}”列。",)))
    return rows


def _ordered(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (one.line or 0, one.level, one.check))


def _summary(sheet: ReportedSheet) -> tuple[str, ...]:
    count = Counter(finding.level for finding in sheet.findings)
    rest = "，".join(f"{LEVEL_WORDS[one]} {count[one]} 处" for one in ("C", "D") if count[one])
    period = label_words(sheet.period) if sheet.period else "不分报送期"
    return (
        sheet.sheet or sheet.form.title, str(len(sheet)), str(sheet.set_aside), period, sheet.form.title,
        f"{count['A']} 处", f"{count['B']} 处", rest or "无", "".join(_verdict(sheet, count)),
    )  # fmt: skip


def _verdict(sheet: ReportedSheet, count: Counter[CheckLevel]) -> Iterator[str]:
    if sheet.refused:
        yield "整张表没有读入，改正后重新上传"
    elif count["A"]:
        yield "有错的行不计入，改正后重新上传"
    elif count["B"] or count["C"]:
        yield "可以提交，须写说明"
    else:
        yield "零报告，通过" if sheet.nil and not len(sheet) else PASSED


def _line(sheet: ReportedSheet, finding: Finding) -> tuple[str, ...]:
    letters = finding.letter or sheet.letters.get(finding.column, "")
    line = str(finding.line) if finding.line else "整张表"
    cell = f"{letters}{finding.line}" if letters and finding.line else ""
    typed = finding.typed if len(finding.typed) <= _TYPED_SHOWN else finding.typed[:_TYPED_SHOWN] + "…"
    return (
        sheet.sheet or sheet.form.title, line, cell, column_title(sheet, finding), typed,
        LEVEL_WORDS[finding.level], finding.check, _sentence(finding.problem), _sentence(finding.fix),
    )  # fmt: skip
