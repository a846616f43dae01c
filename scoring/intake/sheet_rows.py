"""The rows below a head → a `ReportedSheet`: typed columns, states, and a finding for every cell that is not taken.

Knows one form, one grid and one head; decides no form, no period and no unit of a sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from scoring.expressions.rows import SUM_HIGH
from scoring.forms import Column, Form
from scoring.intake.cells import Cell
from scoring.intake.grid import Grid, letter
from scoring.intake.heads import Head
from scoring.intake.reported import Finding, ReportedSheet
from scoring.intake.typed_columns import TypedColumn, typed_column
from scoring.intake.which_rows import Rows, below, listed, taken_rows
from scoring.units import Register, Unit

_FEW = 20  # so many cells of one kind are told one by one, more together
_FORMULA_FIX = "请在表格软件里打开并保存一次再上传，或直接填写结果"


def read_rows(sheet: ReportedSheet, grid: Grid, head: Head, powers: Mapping[str, int], register: Register) -> None:
    """Fills the sheet. `powers`: by column, the tens by which its figures must be multiplied (元 to 万元: -4)."""
    sheet.head_line = head.line
    sheet.letters = {code: letter(at) for code, at in head.places.items()}
    rows = Rows(sheet, grid, head)
    taken = taken_rows(rows)
    rows.lines = [at + head.line + 1 for at in taken.to_pylist()]
    rows.place = {line: row for row, line in enumerate(rows.lines)}
    sheet.lines, sheet.aside = rows.lines, [False] * len(rows.lines)
    for column in sheet.form.columns:
        _column(rows, column, taken, powers.get(column.code, 0))
    _units(rows, taken, register)
    _strict(rows)
    _keys(rows)
    _hidden(rows)
    _huge_sums(rows)


# --- columns -----------------------------------------------------------------------------------


def _column(rows: Rows, column: Column, taken: pa.Array, power: int) -> None:
    sheet, grid, code = rows.sheet, rows.grid, column.code
    at = rows.head.places.get(code)
    if at is None:
        sheet.typed[code] = [""] * len(rows.lines)
        sheet.values[code] = [None] * len(rows.lines)
        sheet.states[code] = ["blank"] * len(rows.lines)
        return
    texts = below(grid, at, rows.head).take(taken)
    found = typed_column(texts, column, power, not grid.marks.old_days)
    sheet.typed[code] = texts.to_pylist()
    sheet.values[code], sheet.states[code] = found.values, found.states
    _no_results(rows, column, at, found)
    _odd_cells(rows, column, found)
    _percentages(rows, column, at)
    _lost_digits(rows, column, at)
    _text_dates(rows, column, texts)


def _no_results(rows: Rows, column: Column, at: int, found: TypedColumn) -> None:
    """A formula that was never reckoned is neither blank nor what its letters say."""
    for (line, place), formula in rows.grid.marks.no_result.items():
        row = rows.place.get(line) if place == at else None
        if row is not None:
            rows.sheet.values[column.code][row] = None
            found.odd.pop(row, None)
            rows.say("公式", "A", f"“{column.title}”的公式无结果", _FORMULA_FIX, row, column.code, formula)


def _odd_cells(rows: Rows, column: Column, found: TypedColumn) -> None:
    typed = rows.sheet.typed[column.code]
    notes: list[tuple[int, Cell]] = []
    for row, cell in found.odd.items():
        if cell.problem:
            check = "必填" if not typed[row].strip() else "公式" if "公式出错" in cell.problem else "类型"
            rows.say(check, "A", cell.problem, cell.fix, row, column.code, typed[row])
        else:
            notes.append((row, cell))
    if len(notes) <= _FEW:
        for row, cell in notes:
            rows.say("写法", "D", cell.note, "请核对", row, column.code, typed[row])
    else:
        row, cell = notes[0]
        problem = f"“{column.title}”有 {len(notes)} 格换了写法读入，例如第 {rows.lines[row]} 行：{cell.note}"
        rows.say("写法", "D", problem, "请核对", None, column.code, "")


def _percentages(rows: Rows, column: Column, at: int) -> None:
    shown = [rows.place[line] for line, place in rows.grid.marks.percent if place == at and line in rows.place]
    if not shown:
        if column.unit == "%" and not rows.grid.marks.knows_formats:
            _small_shares(rows, column)
        return
    if column.unit == "%":
        first = rows.sheet.typed[column.code][min(shown)]
        problem = f"“{column.title}”有 {len(shown)} 格是百分比格式，按显示的百分数读入，例如 {first}"
        rows.say("百分比格式", "D", problem, "请核对", None, column.code, "")
    elif column.type == "text":
        for row in sorted(shown):
            typed = rows.sheet.typed[column.code][row]
            rows.say("百分比格式", "A", f"“{column.title}”是文本，单元格却是百分比格式", "请改为文本格式重填", row, column.code, typed)  # fmt: skip


def _small_shares(rows: Rows, column: Column) -> None:
    """The file does not tell formats: where no percentage is above 1, all of them may be shares (0.05 for 5 %)."""
    values = [value for value in rows.sheet.values[column.code] if isinstance(value, (int, Decimal)) and value]
    if values and all(abs(Decimal(value)) <= 1 for value in values):
        problem = f"“{column.title}”的数都不超过 1，可能是按小数写的百分比"
        fix = f"这一列的计量单位是 %，百分之五请填 5，不填 0.05；无误的请说明（现按 {values[0]}% 读入）"
        rows.say("百分比格式", "C", problem, fix, None, column.code, str(values[0]))


def _lost_digits(rows: Rows, column: Column, at: int) -> None:
    if column.type != "text":
        return
    for line, place in sorted(rows.grid.marks.lost):
        row = rows.place.get(line) if place == at else None
        if row is not None:
            problem = f"“{column.title}”超过 15 位，又是数字格式，末几位可能已被表格软件改动"
            fix = "请把单元格设为文本格式后重填；核对无误的请说明"
            rows.say("位数", "C", problem, fix, row, column.code, rows.sheet.typed[column.code][row])


def _text_dates(rows: Rows, column: Column, texts: pa.StringArray) -> None:
    """3-1 typed as a number is made a date by spreadsheets; in a column of texts nobody sees what it was."""
    if column.type != "text" or not rows.grid.marks.knows_formats:
        return
    found = pc.indices_nonzero(
        pc.match_substring_regex(texts, r"^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2})?$")
    ).to_pylist()
    if 0 < len(found) <= _FEW:
        for row in found:
            problem = f"“{column.title}”里像是日期：“{rows.sheet.typed[column.code][row]}”，可能是表格软件自动改的"
            rows.say(
                "写法", "D", problem, "请核对；改成文本格式再填", row, column.code, rows.sheet.typed[column.code][row]
            )
    elif found:
        problem = f"“{column.title}”有 {len(found)} 格像是日期，可能是表格软件自动改的"
        rows.say("写法", "D", problem, "请核对；改成文本格式再填", None, column.code, "")


# --- units, keys, the rest ---------------------------------------------------------------------


def _units(rows: Rows, taken: pa.Array, register: Register) -> None:
    """Whose row it is: of the one who reports, or named in the row."""
    sheet, form = rows.sheet, rows.sheet.form
    at = rows.head.places.get("unit")
    if at is None:
        sheet.units = [sheet.unit] * len(rows.lines)
        return
    coded = below(rows.grid, at, rows.head).take(taken).dictionary_encode()
    names = [(name or "").strip() for name in coded.dictionary.to_pylist()]
    found = [register.find(name) if name else None for name in names]
    told = [_unit_problem(name, unit, form, sheet.unit, register) for name, unit in zip(names, found, strict=True)]
    for row, code in enumerate(coded.indices.to_pylist()):
        unit = found[code]
        own = sheet.unit if not names[code] and sheet.unit else unit.code if unit else ""
        sheet.units.append(own)
        problem = told[code]
        if problem is not None:
            rows.say("单位", "A", problem[0], problem[1], row, "unit", names[code])


def _unit_problem(name: str, known: Unit | None, form: Form, own: str, register: Register) -> tuple[str, str] | None:
    if not name:
        return None if own else ("没有填单位", "请填写单位全称")
    if known is None:
        close = register.nearest(name)
        return f"单位“{name}”不在登记表里", f"是不是“{close}”？" if close else "请按单位登记表填写全称，或登记别名"
    if own and known.code != own:
        return f"这一行写的是“{known.title}”，这张表是“{register.title(own)}”的", "别的单位的行请删去，由该单位自己报"
    if not form.reported_by.includes(known):
        return f"“{known.title}”不用报“{form.title}”", "请核对单位"
    return None


def _strict(rows: Rows) -> None:
    """The key and the date of a row decide whose it is and of when: they cannot be blank, masked or not applicable."""
    sheet, form = rows.sheet, rows.sheet.form
    known = {(finding.line, finding.column) for finding in sheet.findings if finding.level == "A"}
    for code in dict.fromkeys((form.dated_by, *form.key)):
        states = sheet.states.get(code)
        if states is None or states.count("value") == len(states):
            continue
        for row, state in enumerate(states):
            if state != "value" and (rows.lines[row], code) not in known:
                typed = sheet.typed[code][row].strip()
                problem = f"“{form.by_code[code].title}”不能是“{typed or '空白'}”"
                rows.say("必填", "A", problem, "这一列决定该行归谁、归哪一期，须如实填写", row, code, typed)


def _keys(rows: Rows) -> None:
    """The same matter twice in one sheet: the first row counts."""
    sheet, form = rows.sheet, rows.sheet.form
    if not form.key:
        return
    seen: dict[tuple[object, ...], int] = {}
    columns = [sheet.units, *(sheet.values[code] for code in form.key)]
    for row, key in enumerate(zip(*columns, strict=True)):
        if sheet.aside[row]:
            continue
        first = seen.setdefault(key, row)
        if first != row:
            titles = "、".join(form.by_code[code].title for code in form.key)
            shown = "、".join(str(value) for value in key[1:])
            problem = f"“{titles}”与第 {rows.lines[first]} 行重复：{shown}"
            rows.say("重复", "A", problem, "同一事项只报一行，请删去重复行或更正编号", row, form.key[0], shown)


def _hidden(rows: Rows) -> None:
    """Hidden rows and columns are read like others; who reports may not know of them."""
    sheet, marks = rows.sheet, rows.grid.marks
    lines = sorted(line for line in marks.hidden_lines if line in rows.place)
    if len(lines) <= _FEW:
        for line in lines:
            sheet.findings.append(Finding("隐藏", "D", f"第 {line} 行是隐藏行，也已读入", "请核对；不报的请删去", line))
    else:
        problem = f"{listed(lines)}是隐藏行（共 {len(lines)} 行），也已读入"
        sheet.findings.append(Finding("隐藏", "D", problem, "请核对；不报的请删去"))
    for code, at in rows.head.places.items():
        if at in marks.hidden_columns and code != "unit":
            rows.say("隐藏", "D", f"“{sheet.form.by_code[code].title}”是隐藏列，也已读入", "请核对", None, code, "")


def _huge_sums(rows: Rows) -> None:
    """Sums beyond what the compiler proves exact would stop scoring; such a sheet is refused as a whole."""
    sheet = rows.sheet
    for column in sheet.form.columns:
        if column.type not in ("integer", "decimal") or len(rows.lines) < 100:
            continue
        total = Decimal(0)
        for value in sheet.values[column.code]:
            if isinstance(value, (int, Decimal)):
                total += abs(Decimal(value))
        decimals = column.decimals if column.type == "decimal" else 0
        if total * 10**decimals > SUM_HIGH:
            rows.say("类型", "A", f"“{column.title}”的合计过大，无法保证精确", "请核对计量单位；整张表暂未计入", None, column.code, "")  # fmt: skip
            sheet.refused = True
