"""The rows below a head → a `ReportedSheet`: typed columns, states, and a finding for every cell that is not taken.

Knows one form, one grid and one head; decides no form, no period and no unit of a sheet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from scoring.expressions.rows import SUM_HIGH
from scoring.forms import Column, Form
from scoring.intake.cells import Cell
from scoring.intake.grid import Grid, letter
from scoring.intake.heads import Above, Head, power_between, squeezed
from scoring.intake.reported import CheckLevel, Finding, ReportedSheet
from scoring.intake.typed_columns import TypedColumn, blank_rows, typed_column
from scoring.units import Register, Unit

_TOTALS = {"合计", "小计", "总计", "本页小计", "本页合计", "累计"}
_TOTALS_LIKE = r"^\s*[（(]?\s*(?:合|小|总|累|本)\s*"
_NOTE = re.compile(
    r"(?:备?注|说明|填表说明|填报说明|填表人|填报人|经办人|制表人?|审核人?|审签人?|(?:单位)?负责人|联系电话|填报日期|报出日期)\s*\d*\s*[:：、.]"
)
_FEW = 20  # so many cells of one kind are told one by one, more together
_FORMULA_FIX = "请在表格软件里打开并保存一次再上传，或直接填写结果"


@dataclass
class Rows:
    """The rows of a sheet while they are read. Row `i` is line `lines[i]`."""

    sheet: ReportedSheet
    grid: Grid
    head: Head
    lines: list[int] = field(default_factory=list)
    place: dict[int, int] = field(default_factory=dict)  # line → row

    def say(self, check: str, level: CheckLevel, problem: str, fix: str, row: int | None, code: str, typed: str) -> None:
        """One finding; class A sets its row aside."""
        line = self.lines[row] if row is not None else None
        self.sheet.findings.append(
            Finding(check, level, problem, fix, line, code, self.sheet.letters.get(code, ""), typed)
        )
        if level == "A" and row is not None:
            self.sheet.aside[row] = True


def read_rows(sheet: ReportedSheet, grid: Grid, head: Head, powers: Mapping[str, int], register: Register) -> None:
    """Fills the sheet. `powers`: by column, the tens by which its figures must be multiplied (元 to 万元: -4)."""
    sheet.head_line = head.line
    sheet.letters = {code: letter(at) for code, at in head.places.items()}
    rows = Rows(sheet, grid, head)
    taken = _taken(rows)
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


# --- which rows --------------------------------------------------------------------------------


def _taken(rows: Rows) -> pa.Array:
    """Positions below the head that are rows: not blank, no totals, no notes under the table."""
    grid, head = rows.grid, rows.head
    height = max(0, grid.height - head.line)
    own = [_below(grid, at, head) for at in head.places.values()]
    filled = pa.array([False] * height, pa.bool_())
    for column in own:
        filled = pc.or_(filled, pc.invert(blank_rows(column)))
    _told_totals(rows, filled)
    _told_strangers(rows, filled)
    skipped = rows.place
    rows.place = {}
    taken = pc.indices_nonzero(filled)
    return taken if not skipped else pa.array([at for at in taken.to_pylist() if at not in skipped], pa.uint64())


def _below(grid: Grid, column: int, head: Head) -> pa.StringArray:
    found = grid.column(column)
    return found.slice(head.line) if found is not None else pa.array([], pa.string())


def _told_totals(rows: Rows, filled: pa.BooleanArray) -> None:
    """Rows of totals, and notes under the table, are told and not read. Collected in `place` for the caller."""
    grid, head, sheet = rows.grid, rows.head, rows.sheet
    maybe = set[int]()
    last = 0
    for column in range(grid.first, grid.width):
        texts = _below(grid, column, head)
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
    others = [_below(grid, at, head) for at in range(grid.first, grid.width) if at not in head.places.values()]
    stray = pa.array([False] * len(filled), pa.bool_())
    for column in others:
        stray = pc.or_(stray, pc.invert(blank_rows(column)))
    lines = [at + head.line + 1 for at in pc.indices_nonzero(pc.and_(stray, pc.invert(filled))).to_pylist()]
    lines = [line for line in lines if line - head.line - 1 not in rows.place]
    if lines:
        problem = f"{_listed(lines)}只在表外的列里有内容，没有作为数据读入"
        line = lines[0] if len(lines) == 1 else None
        rows.sheet.findings.append(Finding("表头", "D", problem, "请核对是不是填错了列", line))


def _listed(lines: Sequence[int]) -> str:
    """第 3、5–9 行."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    words = [str(first) if first == last else f"{first}–{last}" for first, last in spans[:8]]
    return f"第 {'、'.join(words)}{' 等' if len(spans) > 8 else ''} 行"


# --- columns -----------------------------------------------------------------------------------


def _column(rows: Rows, column: Column, taken: pa.Array, power: int) -> None:
    sheet, grid, code = rows.sheet, rows.grid, column.code
    at = rows.head.places.get(code)
    if at is None:
        sheet.typed[code] = [""] * len(rows.lines)
        sheet.values[code] = [None] * len(rows.lines)
        sheet.states[code] = ["blank"] * len(rows.lines)
        return
    texts = _below(grid, at, rows.head).take(taken)
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
    found = pc.indices_nonzero(pc.match_substring_regex(texts, r"^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2})?$")).to_pylist()
    if 0 < len(found) <= _FEW:
        for row in found:
            problem = f"“{column.title}”里像是日期：“{rows.sheet.typed[column.code][row]}”，可能是表格软件自动改的"
            rows.say("写法", "D", problem, "请核对；改成文本格式再填", row, column.code, rows.sheet.typed[column.code][row])
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
    coded = _below(rows.grid, at, rows.head).take(taken).dictionary_encode()
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
        problem = f"{_listed(lines)}是隐藏行（共 {len(lines)} 行），也已读入"
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


def powers_of(
    sheet: ReportedSheet, head: Head, above: Above, then: Mapping[str, tuple[str, str]]
) -> dict[str, int]:
    """By column the tens between the unit of measure that is said and the one declared. Said by the title of the
    column, a line of units, the whole sheet (单位：元), or the template of then."""
    powers: dict[str, int] = {}
    for column in sheet.form.columns:
        at = head.places.get(column.code)
        if column.type not in ("integer", "decimal") or at is None or not column.unit:
            continue
        money = above.money if column.unit.endswith("元") else ""
        said = head.units.get(column.code) or above.measures.get(at) or money or then.get(column.code, ("", ""))[1]
        power = power_between(said, column.unit) if said else 0
        if power:
            powers[column.code] = power
            problem = f"“{column.title}”写的计量单位是“{said}”，已换算成“{column.unit}”读入"
            sheet.findings.append(Finding("V07", "D", problem, "请核对", None, column.code, letter(at), said))
        elif power is None:
            problem = f"“{column.title}”写的计量单位是“{said}”，应为“{column.unit}”；数字按原样读入"
            fix = "计量单位确有不同的，请换算后重填；相同的请说明"
            sheet.findings.append(Finding("V07", "B", problem, fix, None, column.code, letter(at), said))
    return powers


def head_findings(sheet: ReportedSheet, head: Head, needed: Collection[str], nearest: Mapping[str, str]) -> None:
    """Titles that are no column, columns that are there twice, and columns that are not there."""
    form, findings = sheet.form, sheet.findings
    for code, (at, title) in head.twice.items():
        problem = f"“{title}”出现了两次（{letter(head.places[code])} 列和 {letter(at)} 列）"
        findings.append(Finding("表头", "A", problem, "请只留一列；整张表暂未计入", None, code, letter(at), title))
        sheet.refused = True
    lacking = [column for column in form.columns if column.code not in head.places]
    strict = {form.dated_by, *form.key, *needed}
    for column in lacking:
        guess = nearest.get(column.code, "")
        asked = f"“{guess}”是不是“{column.title}”？" if guess else ""
        if column.required or column.code in strict or guess:
            sheet.refused = True
            what = "必填的列" if column.required else "计分要用的列" if column.code in strict else "一列"
            fix = (f"{asked}是的话请改成规定的列名" if asked else "请补上这一列") + "；整张表暂未计入"
            findings.append(Finding("表头", "A", f"缺少{what}“{column.title}”", fix, None, column.code))
        else:
            level: CheckLevel = "B" if head.unknown else "D"  # it may be there under a name nobody can guess
            fix = "没有要报的请说明；要报的请补上这一列" if head.unknown else "要报的请补上这一列"
            problem = f"没有“{column.title}”这一列，各行按没有填计"
            findings.append(Finding("表头", level, problem, fix, None, column.code))
    told = set(nearest.values())
    for at, title in head.unknown.items():
        if title not in told:
            problem = f"“{form.title}”里没有“{title}”这一列，没有读入"
            findings.append(Finding("表头", "D", problem, "不用报的不用管", None, "", letter(at), title))
