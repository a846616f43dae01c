"""Templates: what stands in them, what they let be typed, by which they are recognised when they come back."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import pytest

from scoring.forms.checks import KINDS
from scoring.intake.checks_told import told
from scoring.intake.needed import needed_columns
from scoring.intake.template_stamp import (
    INSTRUCTIONS,
    LISTS_SHEET,
    STAMP_MARK,
    STAMP_SHEET,
    SheetStamp,
    Stamp,
    read_stamp,
    stamp_rows,
)
from scoring.intake.templates import Filled, Report, sheet_names, template
from tests.demo import demo
from tests.intake.workbooks import (
    COUNTY,
    LEDGER,
    OFFICE,
    OTHERS,
    REGISTER,
    WEEKLY,
    due,
    fill,
    form,
    formulas,
    ledger_template,
    opened,
    part,
    row,
    rule_of,
    saved,
    style_of,
)

# --- the stamp ---------------------------------------------------------------------------------


def stamp_of(data: bytes) -> Stamp | None:
    return read_stamp([list(cells) for cells in opened(data)[STAMP_SHEET].iter_rows(values_only=True)])


def test_what_the_stamp_says_is_read_back() -> None:
    one = SheetStamp(
        "台账", "ledger", "0123456789ab", "2024Q1", "c01", 5, {"amount": ("案值", "万元"), "no": ("文号", "")}
    )
    other = SheetStamp("表扬", "praise", "ffffffffffff", "", "", 5, {})
    assert read_stamp(stamp_rows([one, other])) == Stamp("1", {"台账": one, "表扬": other})


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[]],
        [["别的东西", "1"]],
        [[None, None], ["台账", "ledger"]],
        [[f"{STAMP_MARK} ", "1"][::-1]],
    ],
)
def test_what_is_no_stamp_is_none(rows: list[list[object]]) -> None:
    assert read_stamp(rows) is None


def test_a_damaged_stamp_says_what_is_left_of_it() -> None:
    rows: list[list[object]] = [
        [STAMP_MARK],  # the version was deleted
        ["台账", "ledger", "0123456789ab", "2024Q1", "c01", "五"],  # the line of the head was overwritten
        ["列", "台账", "amount"],  # title and unit of measure were deleted
        ["列", "没有这张表", "x", "某列", ""],
        ["列"],
        ["只剩名字"],
        [None, None, 3.5],
        ["台账", "other", "", "", "", "9"],  # a second row about the same sheet
        ["周报", "weekly", "", "2024-W02", "c01", 5.0],  # a number, as some programs make of text
    ]
    found = read_stamp(rows)
    assert found is not None
    assert found.layout == ""
    assert found.sheets["台账"] == SheetStamp(
        "台账", "ledger", "0123456789ab", "2024Q1", "c01", 0, {"amount": ("", "")}
    )
    assert found.sheets["周报"].head_line == 5
    assert set(found.sheets) == {"台账", "周报"}


def test_the_template_is_stamped_and_the_stamp_outlives_another_program() -> None:
    data = ledger_template()
    book = opened(data)
    assert book[STAMP_SHEET].sheet_state == "veryHidden"
    fill(book["台账"], 6, "示〔2024〕1号", "行政", 1.5, 2, None, date(2024, 1, 5))
    found = stamp_of(saved(book))
    assert found is not None
    one = found.sheets["台账"]
    assert (one.form, one.period, one.unit, one.head_line) == ("ledger", "2024Q1", "c01", 5)
    assert one.fingerprint == form(LEDGER).fingerprint
    assert one.columns["amount"] == ("案值", "万元")
    assert list(one.columns) == [column.code for column in form(LEDGER).columns]


# --- layout ------------------------------------------------------------------------------------


def test_the_rows_above_the_data() -> None:
    sheet = opened(ledger_template(), values=True)["台账"]
    assert str(sheet["A1"].value).startswith("台账（示例）　甲县　2024年第1季度")
    assert row(sheet, 2) == [
        "单位",
        "甲县",
        "报送期",
        "2024年第1季度",
        "填报人",
        None,
        "联系电话",
        None,
        "零报告",
        None,
    ]
    assert row(sheet, 3)[:6] == ["计量单位", None, "万元", "人", "%", None]
    assert row(sheet, 4)[:5] == ["合计（0 行）", None, 0, 0, None]  # a percentage has no sum
    assert row(sheet, 5)[:9] == [column.title for column in form(LEDGER).columns]
    assert sheet.freeze_panes == "A6"
    assert sheet.max_row == 5
    assert not sheet.merged_cells.ranges


def test_titles_stay_bare_while_their_marks_are_shown() -> None:
    """What is read is the title; ★ and ◆ stand in its number format."""
    sheet = opened(ledger_template(used=["kind", "amount"]))["台账"]
    shown = {sheet.cell(5, at).value: sheet.cell(5, at).number_format for at in range(1, 10)}
    assert shown["文号"] == '"★"@'
    assert shown["类别"] == '"★◆"@'
    assert shown["案值"] == '"◆"@'
    assert shown["备注"] == "@"
    assert "◆ 计分要用" in str(sheet["A1"].value)
    assert "◆" not in str(opened(ledger_template())["台账"]["A1"].value)  # nobody knows what counts


def test_only_what_is_to_be_filled_in_can_be_changed() -> None:
    data = ledger_template()
    sheet = opened(data)["台账"]
    assert sheet.protection.sheet
    locked = {cell.coordinate for cells in sheet["A1:J5"] for cell in cells if cell.protection.locked}
    assert {"A1", "B2", "D2", "C4", "A5", "I5"} <= locked
    assert not {"F2", "H2", "J2"} & locked
    assert all(not style_of(sheet, letter).protection.locked for letter in "ABCDEFGHI")
    allowed = sheet.protection
    assert not (allowed.insertRows or allowed.deleteRows or allowed.sort or allowed.autoFilter)  # False: not forbidden
    styles = part(data, "xl/styles.xml")  # beside the table nothing is locked: a row with a locked cell stays for ever
    assert re.search(rb'<cellXfs[^>]*><xf [^>]*><protection locked="0"/></xf>', styles)
    assert sheet["C4"].value == "=SUM(C5:C60005)"


def test_columns_have_the_format_of_their_type() -> None:
    sheet = opened(ledger_template())["台账"]
    formats = {letter: style_of(sheet, letter).number_format for letter in "ACDFGHI"}
    assert formats["A"] == formats["I"] == "@"  # 18 digits stay 18 digits
    assert formats["F"] == formats["G"] == "yyyy-mm-dd"
    assert formats["C"] == formats["D"] == "General"
    assert all(8 <= style_of(sheet, letter).width <= 41 for letter in "ABCDEFGHI")


def test_paper_is_a4_across_with_the_head_on_each_page() -> None:
    sheet = opened(ledger_template())["台账"]
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == "9"
    assert sheet.print_title_rows == "$5:$5"


def test_comments_at_the_head_say_what_a_column_holds() -> None:
    sheet = opened(ledger_template(used=["amount"]))["台账"]
    assert sheet["C5"].comment.text == "数字，最多 2 位小数，单位：万元\n计分要用"
    assert sheet["D5"].comment.text == "整数，单位：人\n不含协助人员"
    assert sheet["F5"].comment.text == "必填。日期\n须在2024年1月1日至2024年3月31日之间\n不能填 * 或 /"
    assert "也叫：说明" in sheet["I5"].comment.text


# --- what may be typed ---------------------------------------------------------------------------


def test_choices_have_drop_downs_that_leave_the_other_states_possible() -> None:
    sheet = opened(ledger_template())["台账"]
    assert rule_of(sheet, "B6").formula1 == '"行政,刑事,/,*"'
    assert rule_of(sheet, "H60005").formula1 == '"是,否,/,*"'
    assert rule_of(sheet, "J2").formula1 == '"是,否"'


def test_numbers_and_dates_are_held_by_a_formula_that_lets_the_other_states_pass() -> None:
    sheet = opened(ledger_template())["台账"]
    states = 'OR(SUBSTITUTE(C6,"*","")="",C6="/",C6="不涉及",C6="不适用")'
    assert rule_of(sheet, "C6").formula1 == f"IF(ISNUMBER(C6),AND(ROUND(C6,2)=C6,C6>=0),{states})"
    assert rule_of(sheet, "D6").formula1.startswith("IF(ISNUMBER(D6),AND(D6=INT(D6),D6>=0),OR(")
    day = "F6=INT(F6),F6>=DATE(2024,1,1),F6<=DATE(2024,3,31)"
    assert rule_of(sheet, "F6").formula1 == f"IF(ISNUMBER(F6),AND({day}),FALSE)"  # nobody's row without its date
    assert "G6<=DATE(2100,12,31)" in rule_of(sheet, "G6").formula1
    assert rule_of(sheet, "A6").formula1.startswith("NOT(OR(SUBSTITUTE(TRIM(A6)")


def test_messages_are_chinese_and_say_what_to_write() -> None:
    sheet = opened(ledger_template())["台账"]
    assert rule_of(sheet, "C6").error == (
        "“案值”须是数字，最多 2 位小数，不小于 0，单位“万元”不用写。没有填报的留空，脱敏的填 *，与本单位无关的填 /。"
    )
    assert rule_of(sheet, "F6").error.startswith("“立案日期”须是2024年1月1日至2024年3月31日之间的日期")
    assert rule_of(sheet, "D6").prompt == "单位：人，只填数字；不含协助人员"


def test_a_long_list_stands_on_a_hidden_sheet() -> None:
    """A rule holds 255 characters; so does one whose choices contain a comma."""
    values = [f"第{number}种相当长的选项名称" for number in range(40)]
    text = LEDGER.replace("[行政, 刑事]", f"[{', '.join(values)}]")
    book = opened(ledger_template(text=text))
    rule = rule_of(book["台账"], "B6")
    assert rule.formula1 == f"'{LISTS_SHEET}'!$A$1:$A$42"  # 40 and the two states
    assert book[LISTS_SHEET].sheet_state == "veryHidden"
    assert [book[LISTS_SHEET].cell(line, 1).value for line in (1, 40, 41, 42)] == [values[0], values[39], "/", "*"]


# --- rows that are there already ------------------------------------------------------------------


def test_a_form_of_one_row_comes_with_its_date() -> None:
    """The second Friday of 2024 is 12 January; the week it belongs to ends on the 14th."""
    weekly = form(WEEKLY)
    data = template(COUNTY, [Report(weekly, due(weekly, "2024-W02"))], OFFICE, False)
    sheet = opened(data)["周报"]
    assert sheet["A6"].value == datetime(2024, 1, 12)
    assert sheet["A1"].value == "周报　甲县　2024年第2周　　★ 必填"
    assert "2024年1月12日（星期五）15:00 前" in [cell.value for cell in opened(data)[INSTRUCTIONS]["E"]]
    assert [cell.value for cell in sheet[2]][8:] == []  # no 零报告


ODD: Mapping[str, object] = {
    "doc_no": "=cmd|' /C calc'!A0",
    "kind": "+行政",
    "amount": "-1+1",
    "people": "@1",
    "filed_on": date(2024, 2, 29),
    "closed_on": "2024.3.1",
    "secret": True,
    "remark": '=HYPERLINK("http://示例","x")',
}


def test_prefilled_cells_are_never_formulas() -> None:
    data = ledger_template(Filled([ODD], filled_by="=1+1", phone="+86"))
    sheet = opened(data)["台账"]
    cells = [sheet.cell(6, at) for at in range(1, 10)]
    assert [cell.data_type for cell in cells] == ["s", "s", "s", "s", "n", "d", "s", "s", "s"]
    assert [cells[at].value for at in (0, 1, 2, 3, 8)] == [
        ODD[c] for c in ("doc_no", "kind", "amount", "people", "remark")
    ]
    assert all(cells[at].quotePrefix for at in (0, 1, 2, 3, 8))
    assert not cells[6].quotePrefix
    assert (sheet["F2"].value, sheet["F2"].data_type) == ("=1+1", "s")
    assert {found[:2] for found in formulas(data)} == {b"<f"}
    assert len(formulas(data)) == 3  # the locked sums: rows, 案值, 人数


def test_prefilled_values_come_back_as_they_were() -> None:
    rows = [
        {
            "doc_no": "110101199003070012",
            "amount": Decimal("9.95"),
            "people": 0,
            "secret": False,
            "filed_on": "2024-01-05",
        },
        {"doc_no": "007", "amount": "*", "people": "/", "rate": "105.02", "filed_on": date(2024, 3, 31)},
        {"doc_no": "8", "amount": "1,200.50", "people": "１２", "rate": Decimal("123456789012345678.01")},
    ]
    sheet = opened(ledger_template(Filled(rows)), values=True)["台账"]
    assert row(sheet, 6)[:8] == ["110101199003070012", None, 9.95, 0, None, datetime(2024, 1, 5), None, "否"]
    assert row(sheet, 7)[:6] == ["007", None, "*", "/", 105.02, datetime(2024, 3, 31)]
    assert row(sheet, 8)[:5] == ["8", None, "1,200.50", "１２", "123456789012345678.01"]
    assert sheet["A4"].value == "合计（3 行）"
    assert (sheet["C4"].value, sheet["D4"].value) == (9.95, 0)  # of the numbers; text is not in a sum
    assert sheet["J2"].value == "否"


def test_nil_is_declared_in_the_second_row() -> None:
    sheet = opened(ledger_template(Filled(nil=True, filled_by="某甲")))["台账"]
    assert (sheet["F2"].value, sheet["J2"].value) == ("某甲", "是")


# --- several sheets ---------------------------------------------------------------------------------


def test_a_register_of_the_office_names_the_unit_of_each_row() -> None:
    """The form concerns counties: the department is not offered."""
    praise = form(REGISTER)
    data = template(None, [Report(praise)], OFFICE, True, units=OTHERS)
    sheet = opened(data)["表扬"]
    assert [sheet.cell(5, at).value for at in (1, 2, 3)] == ["单位", "文号", "日期"]
    assert rule_of(sheet, "A6").formula1 == '"甲县,乙县"'
    assert sheet["B2"].value == "见“单位”列"
    found = stamp_of(data)
    assert found is not None
    assert (found.sheets["表扬"].unit, found.sheets["表扬"].period) == ("", "")
    assert "unit" not in found.sheets["表扬"].columns


def test_names_of_sheets_are_what_a_spreadsheet_allows() -> None:
    weekly = form(WEEKLY)
    odd = form(LEDGER.replace("title: 台账", "title: 'a/b:c*[d]?e'").replace("form: ledger", "form: odd"))
    long = form(LEDGER.replace("title: 台账", f"title: {'长' * 40}").replace("form: ledger", "form: long"))
    guide = form(LEDGER.replace("title: 台账", "title: 填报说明").replace("form: ledger", "form: guide"))
    reports = [Report(weekly, due(weekly, label)) for label in ("2024-W02", "2024-W03")]
    names = sheet_names([*reports, Report(odd), Report(long), Report(long), Report(guide)])
    assert names[:3] == ["周报 2024年第2周", "周报 2024年第3周", "a_b_c__d__e"]
    assert names[3:] == ["长" * 31, "长" * 28 + "（2）", "填报说明（2）"]
    book = opened(template(COUNTY, [*reports, Report(odd), Report(long), Report(long), Report(guide)], OFFICE, False))
    assert book.sheetnames == [INSTRUCTIONS, *names, LISTS_SHEET, STAMP_SHEET]


def test_the_instructions_tell_what_is_in_the_workbook() -> None:
    ledger, weekly = form(LEDGER), form(WEEKLY)
    data = template(
        COUNTY, [Report(ledger, due(ledger, "2024Q1")), Report(weekly, due(weekly, "2024-W02"))], OFFICE, True,
        contact="示例电话",
    )  # fmt: skip
    sheet = opened(data)[INSTRUCTIONS]
    lines = ["｜".join(str(cell.value) for cell in cells if cell.value) for cells in sheet.iter_rows()]
    assert lines[0] == "填报说明（示例）"
    assert "报送对象：某市双打办（示例）" in lines
    assert "联系方式：示例电话" in lines
    assert (
        "台账｜台账｜2024年第1季度｜2024年1月1日至2024年3月31日｜2024年4月10日（星期三）24:00 前｜没有事项也要报：在第 2 行选“是”"
        in lines
    )
    text = "\n".join(lines)
    for word in (
        "确实为零",
        "没有填报",
        "脱敏",
        "与本单位无关",
        "强制",
        "需说明",
        "需核实",
        "提示",
        "不少于 6 个字",
        "★",
        "◆",
    ):
        assert word in text
    assert opened(data).active.title == INSTRUCTIONS


FIGURES = """\
form: figures
title: 统计
kept_by: unit
dated_by: until
key: [until]
due: {every: quarter, day: 10}
columns:
  - {code: until, title: 截止日, type: date, required: true}
  - {code: a, title: 甲, type: decimal, decimals: 2}
  - {code: b, title: 乙, type: decimal, decimals: 2}
  - {code: c, title: 丙, type: decimal, decimals: 2}
  - {code: d, title: 丁, type: decimal, decimals: 2}
"""
TOLD = {
    "{kind: rate, column: a, part: b, of: c}": "“甲”＝“乙”÷“丙” × 100",
    "{kind: rate, column: a, part: b, of: c, times: 1, note: 约数}": "“甲”＝“乙”÷“丙”。约数",
    "{kind: growth, column: a, now: b}": "“甲”与“乙”、上年同期算出来的一致",
    "{kind: carry_over, filed: a, closed: b}": "“乙”多于“甲”的，须是上期结转",
    "{kind: carry_over, filed: a, closed: b, before: c, left: d}": "“丙”＋“甲”－“乙”＝“丁”",
    "{kind: chain, columns: [a, b, c]}": "“甲”、“乙”、“丙”一环不多于前一环",
    "{kind: subset, parts: [a, b], of: c}": "“甲”、“乙”不大于“丙”",
    "{kind: sum, parts: [a, b], total: c}": "“甲”＋“乙”＝“丙”",
    "{kind: sum, parts: [a, b], total: c, within: 0.05}": "“甲”＋“乙”＝“丙”，相差不超过 0.05",
    "{kind: cumulative, column: a}": "“甲”是累计数，不少于上一期",
    "{kind: jump, columns: [a], times: 10}": "“甲”与上一期相差 10 倍以上的须说明",
    "{kind: usual, column: a, per: b}": "“甲”按“乙”平均与以往相差 3 倍以上的须说明",
    "{kind: needed_when, column: a, when: b > 0}": "“乙”大于 0的，“甲”要填",
}


@pytest.mark.parametrize("declared", TOLD)
def test_checks_of_figures_are_told_in_words(declared: str) -> None:
    one = form(FIGURES + f"checks:\n  - {declared}\n")
    assert [told(check, one) for check in one.checks] == [TOLD[declared]]


OF_ROWS = {
    "{kind: order, dates: [filed_on, closed_on], note: 倒填的须说明}": "“立案日期”、“办结日期”依次先后。倒填的须说明",
    "{kind: clock, from: filed_on, to: closed_on, days: 7, where: kind = '行政'}": (
        "“类别”为“行政”的：从“立案日期”到“办结日期”不超过 7 个工作日"
    ),
    "{kind: clock, from: filed_on, to: closed_on, days: 4, workdays: false}": "从“立案日期”到“办结日期”不超过 4 天",
    "{kind: across_units}": "“文号”与其他单位报的不重复",
    "{kind: dictionary, column: kind, ask: [刑事]}": "“类别”填刑事的须说明",
    "{kind: dictionary, column: remark, words: [正常, 异常], ask: [异常]}": "“备注”只填正常、异常，填异常的须说明",
}


@pytest.mark.parametrize("declared", OF_ROWS)
def test_declared_checks_stand_in_the_instructions(declared: str) -> None:
    sheet = opened(ledger_template(text=LEDGER + f"checks:\n  - {declared}\n"))[INSTRUCTIONS]
    assert OF_ROWS[declared] in [cell.value for cell in sheet["C"]]


def test_every_kind_of_check_has_its_words() -> None:
    written = {re.findall(r"kind: (\w+)", one)[0] for one in (*TOLD, *OF_ROWS)}
    assert written == {kind.model_fields["kind"].annotation.__args__[0] for kind in KINDS}  # type: ignore[union-attr]


# --- constant, changing, fast ---------------------------------------------------------------------


def test_the_same_template_has_the_same_bytes() -> None:
    first = ledger_template(Filled([ODD]))
    time.sleep(1.1)  # beyond the resolution of the times in a file
    assert first == ledger_template(Filled([ODD]))


def test_change_a_form_and_the_template_changes() -> None:
    changed = LEDGER.replace("title: 备注, type: text", "title: 备注, type: date").replace(
        "[行政, 刑事]", "[行政, 刑事, 其他]"
    )
    before, after = ledger_template(), ledger_template(text=changed)
    assert before != after
    sheet = opened(after)["台账"]
    assert rule_of(sheet, "B6").formula1 == '"行政,刑事,其他,/,*"'
    assert style_of(sheet, "I").number_format == "yyyy-mm-dd"
    was, now = stamp_of(before), stamp_of(after)
    assert was is not None and now is not None
    assert was.sheets["台账"].fingerprint != now.sheets["台账"].fingerprint


def test_a_template_for_every_unit_of_the_demo_city() -> None:
    """Every report a unit owes in 2024; 10 ms of the processor a sheet is the aim (3.5 ms measured), 30 on a slow machine.
    What others take of the machine does not count."""
    project = demo()
    assert project.register and project.forms and project.calendar
    used = needed_columns(project.editions.all, project.forms)
    sheets, start = 0, time.process_time()
    for unit in project.register.units:
        owed = [
            Report(one, period)
            for one in project.forms.values()
            if one.derived is None and one.kept_by == "unit" and one.reported_by.includes(unit)
            for period in one.due_periods(date(2024, 1, 1), date(2024, 12, 31), project.calendar)
        ]
        data = template(unit, owed, OFFICE, True, used=used)
        found = stamp_of(data) if unit is project.register.units[0] else None
        assert data[:2] == b"PK"
        assert found is None or {(s.form, s.period) for s in found.sheets.values()} == {
            (one.form.code, one.due.label) for one in owed if one.due
        }
        sheets += len(owed)
    assert (time.process_time() - start) / sheets < 0.03
