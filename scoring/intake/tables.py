"""A prepared CSV file → typed columns of one form, row by row; a bad row stops only itself. Opens no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa

from scoring.expressions.rows import SUM_HIGH
from scoring.forms import Column, Form
from scoring.intake.cells import Cell, read_cell
from scoring.intake.csvfile import read_csv
from scoring.issues import Issue
from scoring.units import Register

UNIT_TITLES = ("单位", "unit")
ARROW: dict[str, pa.DataType] = {
    "integer": pa.int64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "text": pa.string(),
    "choice": pa.string(),
}
SYSTEM = {
    "row_id": pa.int64(),
    "row_unit": pa.string(),
    "source_file": pa.string(),
    "source_row": pa.int64(),
    "masked": pa.int64(),
    "inapplicable": pa.int64(),
}


@dataclass
class Sheet:
    """The good rows of one file, column by column."""

    form: Form
    values: dict[str, list[object]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    set_aside: int = 0
    refused: bool = False  # the file as a whole could not be read: nothing is known of anybody's rows
    absent: tuple[str, ...] = ()  # declared columns that the header does not have: what is in them nobody knows

    def __post_init__(self) -> None:
        for name in (*SYSTEM, *(column.code for column in self.form.columns)):
            self.values.setdefault(name, [])

    @classmethod
    def of(cls, form: Form, rows: pa.Table) -> Sheet:
        """From rows that were typed before."""
        names = (*SYSTEM, *(column.code for column in form.columns))
        return cls(form, {name: rows[name].to_pylist() for name in names})

    def __len__(self) -> int:
        return len(self.values["row_id"])

    def arrow(self) -> pa.Table:
        """As Arrow: decimals as decimal128, never floats."""
        fields = [pa.field(name, kind) for name, kind in SYSTEM.items()]
        fields += [pa.field(column.code, arrow_type(column)) for column in self.form.columns]
        schema = pa.schema(fields)
        arrays = [pa.array(self.values[f.name], type=f.type) for f in schema]
        return pa.Table.from_arrays(arrays, schema=schema)


def arrow_type(column: Column) -> pa.DataType:
    return pa.decimal128(18, column.decimals) if column.type == "decimal" else ARROW[column.type]


def read_sheet(
    path: Path, shown_as: str, form: Form, register: Register, needed: Collection[str] | None = None
) -> Sheet:
    """Every row of the file: good rows typed, bad rows as class-A issues with row, column, value and reason.

    `needed`: the columns that some rubric looks at; a file without one of them is refused, as a column that is not
    there is not a column of empty cells. None: no rubric can be read, so nobody knows which they are.
    """
    sheet = Sheet(form)
    found, issue = read_csv(path, shown_as)
    if found is None:
        assert issue is not None
        sheet.issues.append(issue)
        sheet.refused = True
        return sheet
    places = _header(found.header, found.header_line, sheet, shown_as, needed)
    if places is None:
        sheet.refused = True
        sheet.set_aside = found.row_count
        return sheet
    keys: dict[tuple[object, ...], int] = {}
    for line, cells in found.rows():
        if cells is None:
            sheet.issues.append(Issue("这一行的引号不成对，读不下去", "请补上或删去引号", shown_as, line, level="A"))
            sheet.set_aside += 1
        else:
            _row(cells, line, places, len(found.header), sheet, register, shown_as, keys)
    _refuse_huge_sums(sheet, shown_as)
    return sheet


def _refuse_huge_sums(sheet: Sheet, shown: str) -> None:
    """Sums beyond what the compiler proves exact would stop scoring; such a file is set aside as a whole."""
    for column in sheet.form.columns:
        if column.type not in ("integer", "decimal"):
            continue
        sums: dict[object, Decimal] = {}
        for unit, value in zip(sheet.values["row_unit"], sheet.values[column.code], strict=True):
            if value is not None:
                sums[unit] = sums.get(unit, Decimal(0)) + abs(Decimal(str(value)))
        decimals = column.decimals if column.type == "decimal" else 0
        if any(total * 10**decimals > SUM_HIGH for total in sums.values()):
            problem = f"“{column.title}”的合计过大，无法保证精确"
            fix = "请改用较大的计量单位；整个文件暂未计入"
            sheet.issues.append(Issue(problem, fix, shown, None, column=column.title, level="A"))
            sheet.set_aside += len(sheet)
            sheet.refused = True
            sheet.values = {name: [] for name in sheet.values}
            return


def _header(
    header: list[str], line: int, sheet: Sheet, shown: str, needed: Collection[str] | None
) -> dict[str, int] | None:
    """The place of each column; None where the file is refused."""
    form, places = sheet.form, dict[str, int]()
    unknown: list[str] = []
    for position, raw in enumerate(header):
        title = raw.strip()
        code = "unit" if title in UNIT_TITLES else form.by_title[title].code if title in form.by_title else None
        if code is None:
            unknown += [title] if title else []
        elif code in places:
            problem = f"“{title}”出现了两次"
            fix = "请只留一列；整个文件暂未计入"
            sheet.issues += _strangers(unknown, form, shown, line)
            sheet.issues.append(Issue(problem, fix, shown, line, column=title, level="A"))
            return None
        else:
            places[code] = position
    issues = _lacking(sheet, places, unknown, needed, shown, line)
    sheet.issues += issues
    return None if any(issue.sets_row_aside for issue in issues) else places


def _lacking(
    sheet: Sheet,
    places: Mapping[str, int],
    unknown: Sequence[str],
    needed: Collection[str] | None,
    shown: str,
    line: int,
) -> list[Issue]:
    """Headers that are no column, and columns that have no header: required, looked at by a rubric or the key, idle."""
    form = sheet.form
    lacking = [column for column in form.columns if column.code not in places]
    sheet.absent = tuple(column.code for column in lacking)
    required = ([] if "unit" in places else ["单位"]) + [column.title for column in lacking if column.required]
    asked = {*(needed or ()), *form.key}
    used = [column for column in lacking if not column.required and column.code in asked]
    idle = [column for column in lacking if not column.required and column.code not in asked]
    guesses = {column.code: close for column in lacking if (close := _nearest(column, unknown))}
    told = {guesses.get(column.code) for column in used}
    issues = _strangers([title for title in unknown if title not in told], form, shown, line)
    if required:
        problem = "缺少必填的列：" + "、".join(required)
        issues.append(Issue(problem, "请补上这些列；整个文件暂未计入", shown, line, level="A"))
    if used:
        issues.append(_used_absent(used, guesses, shown, line))
    if needed is not None and (silent := [column.title for column in idle if column.code not in guesses]):
        problem = f"没有“{'、'.join(silent)}”这{'一' if len(silent) == 1 else '几'}列，各行按没有填计"
        issues.append(Issue(problem, "计分用不到，不影响得分；要留存的请补上", shown, line, level="D"))
    return issues


def _strangers(titles: Sequence[str], form: Form, shown: str, line: int) -> list[Issue]:
    """Headers that are no column of the form."""
    found = []
    for title in titles:
        problem = f"“{form.title}”里没有“{title}”这一列，已略过"
        close = get_close_matches(title, form.by_title, n=1, cutoff=0.5)
        fix = f"是不是“{close[0]}”？" if close else "请核对列名，或在报表定义里补上"
        found.append(Issue(problem, fix, shown, line, column=title, level="D"))
    return found


def _used_absent(columns: Sequence[Column], guesses: Mapping[str, str], shown: str, line: int) -> Issue:
    """Columns a rubric or the key looks at, and the unknown headers that may stand in their place."""
    problem = "缺少计分要用的列：" + "、".join(column.title for column in columns) + "。"
    problem += "".join(
        f"“{guesses[column.code]}”是不是“{column.title}”？" for column in columns if column.code in guesses
    )
    which = "这一列" if len(columns) == 1 else "这些列"
    return Issue(problem, f"请补上{which}，没有内容的留空；整个文件暂未计入", shown, line, level="A")


def _nearest(column: Column, unknown: Sequence[str]) -> str:
    """The unknown header that may be this column; empty where there is none."""
    close = (get_close_matches(name, unknown, n=1, cutoff=0.5) for name in (column.title, *column.aliases))
    return next((found[0] for found in close if found), "")


def _row(
    cells: list[str],
    line: int,
    places: dict[str, int],
    width: int,
    sheet: Sheet,
    register: Register,
    shown: str,
    keys: dict[tuple[object, ...], int],
) -> None:
    form = sheet.form
    issues: list[Issue] = []
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        problem = f"这一行有 {len(cells)} 格，表头只有 {width} 列"
        issues.append(Issue(problem, "请检查是否多了逗号", shown, line, level="A"))
    cells = cells + [""] * (width - len(cells))
    name = cells[places["unit"]].strip()
    unit = register.find(name) if name else None
    if unit is None:
        issues.append(_unknown_unit(name, register, shown, line))
    elif not form.reported_by.includes(unit):
        problem, fix = (
            f"“{unit.title}”不用报“{form.title}”",
            "请核对单位；确须报送的，请改报表定义里的 reported_by",
        )
        issues.append(Issue(problem, fix, shown, line, "", "A", "单位", name, unit.code))
    typed: dict[str, Cell] = {}
    for column in form.columns:
        text = cells[places[column.code]] if column.code in places else ""
        cell = read_cell(text, column)
        typed[column.code] = cell
        owner = unit.code if unit else ""
        problem, fix = cell.problem, cell.fix
        if not problem and cell.state != "value" and column.code in (form.dated_by, *form.key):
            problem, fix = (
                f"“{column.title}”不能是“{text.strip() or '空白'}”",
                "这一列决定该行归谁、归哪一期，须如实填写",
            )
        if problem:
            issues.append(Issue(problem, fix, shown, line, "", "A", column.title, text.strip(), owner))
        elif cell.note:
            sheet.issues.append(Issue(cell.note, "请核对", shown, line, "", "D", column.title, text.strip(), owner))
    if not issues and form.key and unit is not None:
        key = (unit.code, *(typed[code].value for code in form.key))
        if key in keys:
            titles = "、".join(form.by_code[code].title for code in form.key)
            shown_key = "、".join(str(typed[code].value) for code in form.key)
            problem = f"“{titles}”与第 {keys[key]} 行重复：{shown_key}"
            fix = "同一事项只报一行，请删去重复行或更正编号"
            issues.append(Issue(problem, fix, shown, line, "", "A", titles, shown_key, unit.code))
        else:
            keys[key] = line
    if issues or unit is None:
        sheet.issues += issues
        sheet.set_aside += 1
        return
    _keep(sheet, unit.code, line, shown, typed)


def _keep(sheet: Sheet, unit: str, line: int, shown: str, typed: dict[str, Cell]) -> None:
    bits = sheet.form.bit
    masked = sum(bits[code] for code, cell in typed.items() if cell.state == "masked")
    inapplicable = sum(bits[code] for code, cell in typed.items() if cell.state == "not_applicable")
    own = {
        "row_id": len(sheet) + 1,
        "row_unit": unit,
        "source_file": shown,
        "source_row": line,
        "masked": masked,
        "inapplicable": inapplicable,
    }
    for name, value in own.items():
        sheet.values[name].append(value)
    for code, cell in typed.items():
        sheet.values[code].append(cell.value)


def _unknown_unit(name: str, register: Register, shown: str, line: int) -> Issue:
    if not name:
        return Issue("没有填单位", "请填写单位全称", shown, line, "", "A", "单位", "")
    close = register.nearest(name)
    fix = f"是不是“{close}”？" if close else "请按单位登记表填写全称，或登记别名"
    return Issue(f"单位“{name}”不在登记表里", fix, shown, line, "", "A", "单位", name)
