"""A workbook → the reports in it: which sheet is which form, period and unit, and what is wrong with it as a whole.

Knows forms, units and due periods; the rows of a sheet are read by `sheet_rows`. Nothing is decided about a submission.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from scoring.calendar import label_words
from scoring.forms import Form, Forms
from scoring.intake.grid import Grid, Workbook
from scoring.intake.heads import Head, find_head, names_of, nearest, read_above, squeezed
from scoring.intake.reported import CheckLevel, Finding, ReportedSheet
from scoring.intake.sheet_head import head_findings, powers_of
from scoring.intake.sheet_identity import AGAIN, Expected, World, period_of, refuse, unit_of, words
from scoring.intake.sheet_rows import read_rows
from scoring.intake.submissions import Dues
from scoring.intake.template_stamp import (
    INSTRUCTIONS,
    LISTS_SHEET,
    RESULT_TITLE,
    STAMP_SHEET,
    SheetStamp,
    Stamp,
    read_stamp,
)
from scoring.units import Register

_LEAST_FIT = 0.5  # how well a head must fit for a sheet without stamp and without a telling name


@dataclass
class Reading:
    """All reports of one file, and what concerns no single one of them (`Finding.line` is None)."""

    sheets: list[ReportedSheet] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    stamped: bool = False  # made from a template of ours
    passed_over: list[str] = field(default_factory=list)  # names of sheets that are no report

    def say(self, check: str, level: CheckLevel, problem: str, fix: str) -> None:
        self.findings.append(Finding(check, level, problem, fix))

    @property
    def refused(self) -> bool:
        """Nothing in the file can be taken."""
        return not [sheet for sheet in self.sheets if not sheet.refused]


def read_reports(
    workbook: Workbook,
    expected: Expected,
    forms: Forms,
    register: Register,
    dues: Dues,
    needed: Mapping[str, Collection[str]] | None = None,
) -> Reading:
    """Every report of the file. `needed`: by form the columns a 办法 looks at; a sheet without one of them is refused,
    as a column that is not there is not a column of empty cells."""
    world = World(expected, forms, register, dues, needed or {})
    out = Reading()
    stamp = _stamp_of(workbook)
    out.stamped = stamp is not None
    shown = [grid for grid in workbook.grids if _is_shown(grid, out)]
    stamps = _by_grid(shown, stamp)
    for grid in shown:
        if grid.problem is not None:
            name = f"工作表“{grid.name}”" if grid.name else "文件"
            out.say("表头", "A", f"{name}读不了：{grid.problem.problem}", grid.problem.fix)
            continue
        if grid.height:
            _sheet(grid, stamps.get(grid.name), world, out)
    _leftover(shown, stamps, stamp, world, out)
    _twice(out)
    _asked_for(world, out)
    if not out.sheets and not [finding for finding in out.findings if finding.level == "A"]:
        out.say("表头", "A", "文件里没有读到任何要报的数据", "请确认填在模板里；没有事项的请选“零报告”")
    return out


def _stamp_of(workbook: Workbook) -> Stamp | None:
    grid = workbook.grid(STAMP_SHEET)
    return read_stamp(grid.rows(1, grid.height)) if grid is not None and grid.height else None


def _is_shown(grid: Grid, out: Reading) -> bool:
    if grid.name in (STAMP_SHEET, LISTS_SHEET, INSTRUCTIONS, RESULT_TITLE):
        return False
    if not grid.hidden:
        return True
    if grid.hidden == "hidden" and grid.height:
        out.say("隐藏", "D", f"工作表“{grid.name}”是隐藏的，没有读入", "要报的请取消隐藏后再上传")
        out.passed_over.append(grid.name)
    return False


def _by_grid(shown: list[Grid], stamp: Stamp | None) -> dict[str, SheetStamp]:
    """The stamp of each sheet, by its name."""
    return {grid.name: stamp.sheets[grid.name] for grid in shown if stamp and grid.name in stamp.sheets}


# --- one sheet ---------------------------------------------------------------------------------


def _sheet(grid: Grid, stamp: SheetStamp | None, world: World, out: Reading) -> None:
    form, head = _form_of(grid, stamp, world, out)
    if form is None:
        return
    above = read_above(grid, head, world.is_unit)
    sheet = ReportedSheet(form, "", "", grid.name)
    sheet.filled_by, sheet.phone = above.said.get("filled_by", ""), above.said.get("phone", "")
    sheet.nil = above.said.get("nil", "") in ("是", "TRUE", "√", "零报告")
    sheet.unit = unit_of(sheet, grid, head, stamp, above, world)
    sheet.period = period_of(sheet, grid, stamp, above, world)
    if head is None:
        if stamp is not None and sheet.nil and not sheet.refused:
            out.sheets.append(sheet)
            return
        refuse(sheet, "表头", f"没有找到“{form.title}”的表头", "请不要改动模板的表头；" + AGAIN)
        out.sheets.append(sheet)
        return
    _older(sheet, stamp)
    guesses = _guesses(form, head)
    head_findings(sheet, head, world.needed.get(form.code, ()), guesses)
    if not sheet.refused or not [one for one in sheet.findings if one.check == "表头" and one.level == "A"]:
        then = stamp.columns if stamp else {}
        read_rows(sheet, grid, head, powers_of(sheet, head, above, then), world.register)
    else:
        sheet.head_line = head.line
    _nil(sheet, form, out)


def _form_of(grid: Grid, stamp: SheetStamp | None, world: World, out: Reading) -> tuple[Form | None, Head | None]:
    if stamp is not None:
        form = world.forms.get(stamp.form)
        if form is None or form.derived is not None:
            out.say("表头", "A", f"工作表“{grid.name}”是“{stamp.form}”的模板，这张表已经停用", AGAIN)
            return None, None
        titles = {title: code for code, (title, _) in stamp.columns.items()}
        return form, find_head(grid, form, names_of(form, titles))
    return _guessed(grid, world, out)


def _guessed(grid: Grid, world: World, out: Reading) -> tuple[Form | None, Head | None]:
    """Without a stamp: by its name or title, and by how well its head fits; what is expected decides between equals."""
    asked = world.expected.form
    known = {form.code for form in world.due_here()}
    best: tuple[float, Form, Head | None] | None = None
    for form in world.forms.values():
        if form.derived is not None:
            continue
        head = find_head(grid, form)
        named = _is_named(grid, form, head, world)
        score = (head.fits if head else 0.0) + 0.6 * named + 0.3 * (form.code == asked) + 0.1 * (form.code in known)
        enough = head is not None and (head.fits >= _LEAST_FIT or named or form.code == asked)
        if (enough or (named and grid.name == form.title)) and (best is None or score > best[0]):
            best = score, form, head
    if best is not None:
        return best[1], best[2]
    if asked is not None and asked in world.forms and not grid.name:
        return world.forms[asked], None
    what = f"工作表“{grid.name}”" if grid.name else "文件"
    out.say("表头", "D", f"{what}看不出是哪张报表，没有读入", "要报的请用模板填写，或把列名改成规定的列名")
    out.passed_over.append(grid.name)
    return None, None


def _is_named(grid: Grid, form: Form, head: Head | None, world: World) -> bool:
    """Whether the name of the sheet or a title above the head says the form."""
    name, title = squeezed(grid.name), squeezed(form.title)
    longer = [squeezed(one.title) for one in world.forms.values() if title in squeezed(one.title) and one is not form]

    def says(text: str) -> bool:
        return title in text and not any(one in text for one in longer)

    if says(name):
        return True
    above = read_above(grid, head, world.is_unit).titles if head else []
    return any(says(squeezed(text)) for text in above)


def _guesses(form: Form, head: Head) -> dict[str, str]:
    """By lacking column the unknown title that may be it, each title once."""
    unknown = list(head.unknown.values())
    out: dict[str, str] = {}
    for column in form.columns:
        if column.code not in head.places and (found := nearest(column, unknown)):
            out[column.code] = found
            unknown.remove(found)
    return out


def _older(sheet: ReportedSheet, stamp: SheetStamp | None) -> None:
    if stamp is None or stamp.fingerprint == sheet.form.fingerprint:
        return
    problem = "模板是旧的，报表的列后来改过；已按列名对应读入"
    sheet.findings.append(Finding("模板", "D", problem, "下次请下载新模板"))


def _nil(sheet: ReportedSheet, form: Form, out: Reading) -> None:
    """零报告 against rows; a sheet in which nothing was filled in is no report at all."""
    asks = any(due.nil_report == "required" for due in form.due)
    if not sheet.refused and form.key == (form.dated_by,) and len(form.columns) > 1 and _only_keys(sheet, form):
        _emptied(sheet)
    if sheet.refused or (sheet.nil and not len(sheet)):
        out.sheets.append(sheet)
    elif not len(sheet):
        name = f"“{form.title}”" + (f"（{label_words(sheet.period)}）" if sheet.period else "")
        fix = "没有事项的请选“零报告”" if asks else "要报的请填好再上传"
        out.say("空表", "D", f"{name}一行也没有填，这次没有读入", fix)
        out.passed_over.append(sheet.sheet)
    else:
        if sheet.nil:
            problem = f"“零报告”选了是，表里却填了 {len(sheet)} 行"
            refuse(sheet, "零报告", problem, "没有事项的请删去各行，有事项的请把“零报告”改为否")
        out.sheets.append(sheet)


def _only_keys(sheet: ReportedSheet, form: Form) -> bool:
    """Nothing but the date that the template fills in."""
    others = [code for code in sheet.typed if code not in (form.dated_by, *form.key)]
    return bool(len(sheet)) and not any(text.strip() for code in others for text in sheet.typed[code])


def _emptied(sheet: ReportedSheet) -> None:
    """The row with nothing but its date is as if it were not there."""
    lines = set(sheet.lines)
    sheet.findings = [finding for finding in sheet.findings if finding.line not in lines]
    sheet.lines, sheet.units, sheet.aside = [], [], []
    for columns in (sheet.typed, sheet.values, sheet.states):
        for code in columns:
            columns[code] = []


# --- the file as a whole -----------------------------------------------------------------------


def _leftover(
    shown: list[Grid], stamps: Mapping[str, SheetStamp], stamp: Stamp | None, world: World, out: Reading
) -> None:
    """Sheets of the template that are no longer there under their names."""
    if stamp is None:
        return
    there = {(sheet.form.code, sheet.period) for sheet in out.sheets}
    gone = [one for name, one in stamp.sheets.items() if name not in stamps and (one.form, one.period) not in there]
    for one in gone:
        form = world.forms.get(one.form)
        if form is not None:
            period = f"（{words(one.period)}）" if one.period else ""
            out.say("模板", "D", f"模板里的“{form.title}”{period}不在这个文件里", "要报的请补上，或另行上传")


def _asked_for(world: World, out: Reading) -> None:
    """The report that was asked for is not in the file."""
    form = world.forms.get(world.expected.form or "")
    if form is None or not out.sheets or any(sheet.form is form for sheet in out.sheets):
        return
    others = "、".join(dict.fromkeys(f"“{sheet.form.title}”" for sheet in out.sheets))
    out.say("表头", "A", f"文件里没有“{form.title}”，只有{others}", "请核对上传的文件，或换到那张表报送")


def _twice(out: Reading) -> None:
    """Two sheets for the same report: nobody knows which one counts."""
    seen: dict[tuple[str, str, str], ReportedSheet] = {}
    for sheet in out.sheets:
        if sheet.refused:
            continue
        first = seen.setdefault((sheet.form.code, sheet.period, sheet.unit), sheet)
        if first is not sheet:
            for one, other in ((first, sheet), (sheet, first)):
                problem = f"工作表“{one.sheet}”和“{other.sheet}”是同一张报表的同一期"
                refuse(one, "重复", problem, "请并到一张工作表里，删去另一张")
