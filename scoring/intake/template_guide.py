"""The sheet 填报说明 of a template: what is in the workbook, how to fill it in, what the checks mean. Writes no data sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time

from xlsxwriter.worksheet import Worksheet

from scoring.calendar import DuePeriod
from scoring.intake.checks_told import told
from scoring.intake.reported import LEAST_EXPLANATION, CheckLevel
from scoring.intake.template_look import LEVEL_WORDS, REQUIRED_MARK, USED_MARK, Look
from scoring.intake.template_rules import day_words
from scoring.intake.template_sheet import SheetPlan
from scoring.intake.written import lines_of
from scoring.units import Unit

_WIDTHS = (30.0, 20.0, 18.0, 34.0, 36.0, 36.0)
_ONE_PAGE = 4  # reports in the list, up to which the sheet is left on as few pages as it takes
_THREE = ((0, 0), (1, 3), (4, 5))
_LONG_LAST = ((0, 0), (1, 1), (2, 5))
_WEEKDAYS = "一二三四五六日"
_END_OF_DAY = time(23, 59, 59)

_STATES = (
    ("0", "确实为零", "查过了，一件也没有。零也是数字，会照实计入"),
    ("空白", "没有填报", "还不知道，或者漏填。空白不当作零，可能影响得分"),
    ("*", "脱敏", "有数字，按规定不公开。不当作零"),
    ("/ 或 不涉及", "与本单位无关", "本单位没有这项职责。不参加计算，也不扣分"),
)
_LEVELS: tuple[tuple[CheckLevel, str, str], ...] = (
    ("A", "不改正就不计入：有错的那一行先搁置，其余各行照常", "按“怎样改”改正后重新上传"),
    ("B", "允许提交，须写明情况", "在填报页上写情况说明"),
    ("C", "允许提交，须核实", f"在填报页上写说明，不少于 {LEAST_EXPLANATION['C']} 个字"),
    ("D", "只作提醒", "看一眼，不必回复"),
)
_HOW = (
    "每张工作表是一张报表的一期，第 1 至 5 行不要改；从第 6 行起填，一件一行，中间不要留空行。",
    f"列名前有 {REQUIRED_MARK}（深色）的必填，有 {USED_MARK} 的计分要用，其余供核对和留存。鼠标停在列名上可以看到说明。",
    "有下拉框的请从下拉框里选；日期写成 2024-03-01 的样子；数字只填数，计量单位见第 3 行，不要写在格子里。",
    "文号、编号、身份证号等已设为文本，不会变成科学计数，可以直接粘贴。粘贴请用“只粘贴值”，以免冲掉下拉框。",
    "可以插入、删除、排序、筛选各行，可以调整列宽。第 4 行的合计和行数自动计算，不用填。工作表保护没有密码。",
    "不要合并单元格，不要改工作表里的报送期和单位；隐藏的版本信息用来认出这份模板，请不要删除。",
)
_SUBMIT = (
    "填好后存盘，在看板的“填报”页上传本文件，几张表一次上传即可，也可以分次。",
    "上传后逐行显示校验结果，可以下载带“校验结果”列的原表，改好后直接再传那一份。",
    "校验通过或写明情况后提交，得到回执（编号和时间）。被退回的，按退回原因改正后重新提交。",
    "整张没有填、也没有选零报告的工作表，视为还没有报送。",
)


def write_guide(
    sheet: Worksheet, plans: Sequence[SheetPlan], unit: Unit | None, office: str, contact: str, sample: bool, look: Look
) -> None:
    """The first sheet."""
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    line = _title(sheet, unit, office, contact, sample, look)
    line = _table(sheet, line, "本工作簿里有什么", _CONTENT_HEAD, list(_contents(plans)), look)
    line = _list(sheet, line, "怎样填", _HOW, look)
    if len(plans) > _ONE_PAGE:
        sheet.set_h_pagebreaks([line])
    line = _table(sheet, line, "四种写法，各是各的意思", ("格子里写", "意思", "说明"), _STATES, look)
    levels = [(LEVEL_WORDS[level], what, todo) for level, what, todo in _LEVELS]
    line = _table(sheet, line, "校验结果分四类", ("类别", "意思", "怎样办"), levels, look)
    if checks := list(_checks(plans)):
        line = _table(sheet, line, "各表还要核对什么", ("报表", "类别", "核对内容"), checks, look, _LONG_LAST)
    _list(sheet, line, "怎样报", _SUBMIT, look)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&R第 &P 页，共 &N 页")
    sheet.hide_gridlines(2)
    sheet.protect("", {"format_columns": True, "format_rows": True})


_CONTENT_HEAD = ("工作表", "报表", "报送期", "本期的日期", "截止时间", "零报告")


def _title(sheet: Worksheet, unit: Unit | None, office: str, contact: str, sample: bool, look: Look) -> int:
    """Heading; the line below it."""
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, "填报说明" + ("（示例）" if sample else ""), look["title"])
    lines = [f"填报单位：{unit.title if unit else '由本办登记，各行写明单位'}", f"报送对象：{office}"]
    lines += [f"联系方式：{contact}"] if contact else []
    lines += ["示例：单位、数据均为虚构，只供试用。"] if sample else []
    for at, text in enumerate(lines):
        sheet.write_string(1 + at, 0, text, look["aside"])
    return len(lines) + 2


def _contents(plans: Sequence[SheetPlan]) -> Iterator[tuple[str, ...]]:
    for plan in plans:
        days = f"{day_words(plan.span[0])}至{day_words(plan.span[1])}" if plan.span else "不限"
        until = deadline_words(plan.due) if plan.due else "随时登记"
        nil = "没有事项也要报：在第 2 行选“是”" if plan.asks_nil else "不需要"
        yield plan.name, plan.form.title, plan.period_words, days, until, nil


def deadline_words(due: DuePeriod) -> str:
    """2024年4月10日（星期三）24:00 前."""
    moment = due.deadline
    clock = "24:00" if moment.time() == _END_OF_DAY else moment.strftime("%H:%M")
    words = f"{day_words(moment.date())}（星期{_WEEKDAYS[moment.weekday()]}）{clock} 前"
    if due.due_on != due.nominal:
        words += f"\n（{day_words(due.nominal)}是休息日，{'顺延' if due.due_on > due.nominal else '提前'}）"
    if due.opens_on is not None:
        words += f"\n（{day_words(due.opens_on)}起可以报）"
    return words


def _checks(plans: Sequence[SheetPlan]) -> Iterator[tuple[str, ...]]:
    """What the forms declare, once a form."""
    seen: set[str] = set()
    for plan in plans:
        if plan.form.code not in seen:
            seen.add(plan.form.code)
            for check in plan.form.checks:
                yield plan.form.title, LEVEL_WORDS[check.graded], told(check, plan.form)


def _list(sheet: Worksheet, line: int, title: str, lines: Sequence[str], look: Look) -> int:
    sheet.set_row(line, 24)
    sheet.write_string(line, 0, title, look["section"])
    for at, text in enumerate(lines, 1):
        sheet.set_row(line + at, 18)
        sheet.write_string(line + at, 0, f"{at}. {text}", look["note"])
    return line + len(lines) + 2


def _table(
    sheet: Worksheet,
    line: int,
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    look: Look,
    places: Sequence[tuple[int, int]] = _THREE,
) -> int:
    """A titled table. `places`: which columns of the sheet each of its columns takes."""
    places = places if len(head) == len(places) else [(at, at) for at in range(len(head))]
    widths = [sum(_WIDTHS[first : end + 1]) for first, end in places]
    sheet.set_row(line, 24)
    sheet.write_string(line, 0, title, look["section"])
    for below, cells in enumerate((head, *rows), 1):
        height = max(lines_of(cell, width - 3) for cell, width in zip(cells, widths, strict=True))
        sheet.set_row(line + below, 6 + 14 * height)
        for (first, end), cell in zip(places, cells, strict=True):
            style = look["table_head"] if below == 1 else look["cell"]
            if end > first:
                sheet.merge_range(line + below, first, line + below, end, cell, style)
            else:
                sheet.write_string(line + below, first, cell, style)
    return line + len(rows) + 3
