"""Workbooks with a known truth, made at random: what stands in each cell, and what must become of it.

Knows how programs and people write; reads nothing. `plant` gives the bytes of a file and, by line, what its rows are.
"""

from __future__ import annotations

import io
import math
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlsxwriter
import xlwt

from scoring.forms import Column, Form, Forms
from scoring.intake.grid import letter
from scoring.units import Who
from tests.intake.submitted import csv_bytes, ods

State = Literal["value", "blank", "masked", "not_applicable", "refused"]
FORM = Form(
    "mixed", "混合台账", "unit", Who(kinds=("county",)), "on", ("no",), (),
    (
        Column(code="no", title="编号", type="text", required=True, aliases=("登记编号",)),
        Column(code="party", title="当事人", type="text"),
        Column(code="kind", title="案件类别", type="choice", values=("行政", "刑事（移送）", "其他")),
        Column(code="amount", title="案值", type="decimal", decimals=2, unit="万元", at_least=Decimal(0), aliases=("涉案金额",)),
        Column(code="people", title="当事人数", type="integer", unit="人", at_least=Decimal(0)),
        Column(code="rate", title="办结率", type="decimal", decimals=2, unit="%"),
        Column(code="on", title="立案日期", type="date", required=True),
        Column(code="until", title="办结日期", type="date"),
        Column(code="open", title="是否公开", type="boolean"),
    ),
    None, "forms/mixed.yaml",
)  # fmt: skip
FORMS = Forms({"mixed": FORM})
PLAIN, DAY, PERCENT, PERCENT_2, AS_TEXT, QUOTED, MOMENT = range(7)  # styles
_CODES = ["General", "yyyy-mm-dd", "0%", "0.00%", "@", '0"%"', "yyyy-mm-dd hh:mm"]
_ZERO = date(1899, 12, 30)


@dataclass(frozen=True)
class Cell:
    """What is written, and what must be read. `kind`: s text, n number (its digits), b truth, e error, f formula."""

    kind: Literal["", "s", "n", "b", "e", "f"]
    text: str
    state: State
    value: object = None
    style: int = PLAIN


@dataclass
class Planted:
    """A file and its truth by line."""

    data: bytes
    written_by: str
    rows: dict[int, dict[str, Cell]]  # line → column code → cell
    letters: dict[str, str]


def plant(random: Random) -> Planted:
    """One workbook."""
    writer = random.choices(list(WRITERS), weights=[8, 2, 2, 2, 2, 3])[0]
    top, left = random.choice([0, 0, 1, 4]), random.choice([0, 0, 1, 3])
    columns = list(FORM.columns)
    if random.random() < 0.6:
        random.shuffle(columns)
    titles: list[tuple[str, str]] = []  # code, title
    in_yuan = random.random() < 0.2
    for column in columns:
        if random.random() < 0.15:
            titles.append(("", random.choice(["备注", "联系人", "审核意见"]) + str(len(titles))))
        titles.append((column.code, _title(random, column, in_yuan)))
    rows: list[list[Cell]] = [[] for _ in range(top)]
    if random.random() < 0.4:
        rows.append([_text("甲县混合台账")])
        if random.random() < 0.5:
            rows.append([_text("填报人："), _text("某某")])
    rows.append([_text(title) for _, title in titles])
    truth: dict[int, dict[str, Cell]] = {}
    for number in range(random.randrange(1, 25)):
        if random.random() < 0.05:
            rows.append([])
        if random.random() < 0.03:
            rows.append([_text(random.choice(["小计", "合 计", "总计"]))] + [_number("1")] * 3)
        cells = {column.code: _cell(random, column, number, writer, in_yuan) for column in FORM.columns}
        extra = _text("附") if random.random() < 0.3 else Cell("", "", "blank")
        rows.append([cells[code] if code else extra for code, _ in titles])
        truth[len(rows)] = cells
    places = {code: letter(left + at) for at, (code, _) in enumerate(titles) if code}
    hidden = {line for line in truth if random.random() < 0.05}
    shifted = [[Cell("", "", "blank")] * left + row if row else [] for row in rows]
    data = WRITERS[writer](shifted, hidden, random)
    return Planted(data, writer, truth, places)


def _text(text: str) -> Cell:
    return Cell("s", text, "value", text)


def _number(text: str) -> Cell:
    return Cell("n", text, "value")


def _title(random: Random, column: Column, in_yuan: bool) -> str:
    title = random.choice([column.title, column.title, *column.aliases])
    unit = "元" if in_yuan and column.code == "amount" else column.unit
    shapes = [title, title, f" {title[:1]} {title[1:]} ", f"*{title}", title[:2] + "\n" + title[2:]]
    if unit:
        shapes = [f"{title}（{unit}）", f"{title}({unit})", f"{title}\n（{unit}）"] + ([] if unit == "元" else shapes)
    return random.choice(shapes)


# --- one cell ----------------------------------------------------------------------------------


def _cell(random: Random, column: Column, number: int, writer: str, in_yuan: bool) -> Cell:
    chance = random.random()
    if column.code == "no" and chance < 0.9:
        text = f"示市监罚〔2024〕{number}号"
        return Cell("s", random.choice([text, text + " ", "　" + text]), "value", text)
    if chance < 0.04:
        refused = column.required
        return Cell(
            random.choice(["", "s"]) if writer != "ods" else "",
            "  " if writer != "ods" else "",
            "refused" if refused else "blank",
        )
    strict = column.code in ("no", "on")
    if chance < 0.07:
        return Cell("s", random.choice(["*", "**", "＊", "×", "……"]), "refused" if strict else "masked")
    if chance < 0.10:
        return Cell("s", random.choice(["/", "—", "不涉及", " - "]), "refused" if strict else "not_applicable")
    if chance < 0.12 and writer not in ("csv", "xls", "xlsxwriter"):
        return Cell("f", random.choice(["1+1", "SUM(A1:A2)", 'IF(A1>1,"是","否")', "A1&B1"]), "refused")
    if chance < 0.14:
        return Cell(
            "e" if writer not in ("csv", "xls") else "s", random.choice(["#N/A", "#REF!", "#DIV/0!"]), "refused"
        )
    found = _BY_TYPE[column.type](random, column, writer, number)
    if in_yuan and column.code == "amount" and found.state == "value":
        return _times_ten_thousand(found)
    return found


def _times_ten_thousand(cell: Cell) -> Cell:
    assert isinstance(cell.value, Decimal)
    return Cell("n", format((cell.value * 10000).normalize(), "f"), "value", cell.value)


def _plain_text(random: Random, column: Column, writer: str, number: int) -> Cell:
    if column.code == "no":  # a number of its own, or an error that belongs to nobody else
        return Cell("n", str(900000 + number), "value", str(900000 + number))
    texts = [
        "示例商贸有限公司",
        "甲&乙<丙>\"丁'",
        "X光设备厂",
        "*星号开头",
        "=1+1",
        "+86",
        "@某",
        "１２号店",
        "两\n行",
        "不涉及烟草的店",
        "N/A",
        "TRUE",
        "𠮷野家",
        "1,234",
    ]
    text = random.choice(texts)
    if writer in ("csv",) and any(sign in text for sign in '",\n'):
        text = "示例店"
    return Cell("s", text, "value", text)


def _choice(random: Random, column: Column, writer: str, number: int) -> Cell:
    text = random.choice([*column.values, "刑事(移送)", " 行政", "民事", "行政、刑事", "1"])
    value = {"刑事(移送)": "刑事（移送）", " 行政": "行政"}.get(text, text)
    return Cell("s", text, "value", value) if value in column.values else Cell("s", text, "refused")


def _integer(random: Random, column: Column, writer: str, number: int) -> Cell:
    value = random.choice([0, 1, 7, 12, 999, 123456])
    good = [Cell("n", str(value), "value", value)] * 3 + [
        Cell("s", f"{value:,}", "value", value) if writer != "csv" else Cell("s", str(value), "value", value),
        Cell("s", str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９")), "value", value),
        Cell("s", f" {value}　", "value", value),
    ]
    if writer == "hand":
        good += [Cell("n", f"{value}E0", "value", value), Cell("n", f"{value}.0", "value", value)]
        if value:
            good += [Cell("n", repr(math.nextafter(value, math.inf)), "value", value)]
    texts = ["12件", "约5", "2.5", "-1", "1.2.3", "一百", "1e3", "5%", "０x1", "1000000000", "3人", "1，2，3", "12*"]
    bad = [Cell("s", text, "refused") for text in texts] + [Cell("n", "2.5", "refused"), Cell("n", "-3", "refused")]
    if writer in ("hand", "openpyxl", "xlsxwriter", "xls", "ods"):
        bad += [Cell("n", "0.05", "refused", style=PERCENT), Cell("b", "1", "refused")]
    if writer in ("hand", "openpyxl", "xlsxwriter", "xls"):
        bad += [Cell("n", "45476", "refused", style=DAY)]
    return random.choice(bad if random.random() < 0.15 else good)


def _decimal(random: Random, column: Column, writer: str, number: int) -> Cell:
    value = Decimal(random.choice([0, 5, 1250, 10502, 99999999, random.randrange(10**8)])).scaleb(-2)
    plain = format(value.normalize() + 0, "f")
    good = [Cell("n", plain, "value", value)] * 3 + [
        Cell("s", plain, "value", value),
        Cell("s", plain.translate(str.maketrans("0123456789.", "０１２３４５６７８９．")), "value", value),
        Cell("s", f"  {value}", "value", value),
    ]
    if writer != "csv":
        good += [Cell("s", f"{value:,}", "value", value)]
    if writer == "hand" and value:
        good += [
            Cell("n", repr(math.nextafter(float(value), random.choice([-math.inf, math.inf]))), "value", value)
        ] * 2
        good += [Cell("n", f"{value:E}", "value", value)]
    if column.unit == "%":
        good += [Cell("s", f"{plain}%", "value", value), Cell("s", f"{plain}％", "value", value)]
        if writer not in ("csv", "ods"):
            share = format((value / 100).normalize() + 0, "f")
            good += [Cell("n", share, "value", value, random.choice([PERCENT, PERCENT_2]))] * 2
    bad = [Cell("s", text, "refused") for text in ["12万元", "1.2.3", "0.125", "¥5", "3/4", "1.5-2", "大概"]]
    bad += [Cell("n", "0.125", "refused"), Cell("n", "99999999999999", "refused")]
    if column.unit != "%":
        bad += [Cell("s", "5%", "refused"), Cell("n", "-0.5", "refused")]
        if writer not in ("csv", "ods"):
            bad += [Cell("n", "0.05", "refused", style=PERCENT)]
    return random.choice(bad if random.random() < 0.12 else good)


def _day(random: Random, column: Column, writer: str, number: int) -> Cell:
    day = date(2024, 1, 1) + timedelta(random.randrange(366))
    serial = str((day - _ZERO).days)
    shapes = [f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}", day.isoformat(), f"{day:%Y%m%d}", f"{day} 00:00:00", f"{day} 9:30", f"{day.year}-{day.month}-{day.day}", serial, f" {day} "]  # fmt: skip
    good = [Cell("s", text, "value", day) for text in shapes]
    good += [
        Cell(
            "s",
            f"{day.year}．{day.month}．{day.day}".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
            "value",
            day,
        )
    ]
    good += [Cell("n", serial, "value", day), Cell("n", f"{day:%Y%m%d}", "value", day)]
    if writer != "csv":
        good += [Cell("n", serial, "value", day, DAY)] * 8
    if writer == "hand":
        good += [Cell("n", serial + ".354166666666667", "value", day, MOMENT)]
    bad = [
        "2024-02-30",
        "2024-13-01",
        "7月3日",
        "2024.7",
        "24.7.3",
        "今天",
        "1924-01-01",
        "2204-01-01",
        "2024年7月",
        "第三季度",
    ]
    return random.choice([Cell("s", random.choice(bad), "refused")] if random.random() < 0.12 else good)


def _truth(random: Random, column: Column, writer: str, number: int) -> Cell:
    good = [Cell("s", "是", "value", True), Cell("s", "否", "value", False), Cell("s", " 是", "value", True)]
    if writer != "csv":
        good += [Cell("b", "1", "value", True), Cell("b", "0", "value", False)]
    bad = [Cell("s", text, "refused") for text in ("Y", "有", "是否", "1", "未知")] + [Cell("n", "1", "refused")]
    return random.choice(bad if random.random() < 0.1 else good)


_BY_TYPE = {
    "text": _plain_text,
    "choice": _choice,
    "integer": _integer,
    "decimal": _decimal,
    "date": _day,
    "boolean": _truth,
}


# --- writers -----------------------------------------------------------------------------------

Rows = list[list[Cell]]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def parts_by_hand(rows: Rows, hidden: set[int], random: Random) -> dict[str, str]:
    """The parts of a .xlsx, in one of the many ways in which it may be written."""
    shared: list[str] = []
    p = random.choice(["", "", "", "x:"])
    quote = random.choice(["double", "double", "single"])
    unplaced = random.random() < 0.1
    blanks = random.choice(["", "", "\n", "  "])

    def attributes(told: dict[str, str]) -> str:
        items = list(told.items())
        if random.random() < 0.1:
            random.shuffle(items)
        texts = [f" {key}={quoteattr(value)}" for key, value in items]
        return "".join(text.replace('"', "'") if quote == "single" else text for text in texts)

    def cell(line: int, at: int, one: Cell) -> str:
        told = {} if unplaced else {"r": f"{letter(at)}{line}"}
        if one.style or random.random() < 0.1:
            told["s"] = str(one.style)
        if not one.kind:
            return f"<{p}c{attributes(told)}/>" if unplaced or random.random() < 0.3 else ""
        if one.kind == "s" and random.random() < 0.5:
            body = f'<{p}is><{p}t xml:space="preserve">{escape(one.text)}</{p}t></{p}is>'
            return f"<{p}c{attributes(told | {'t': 'inlineStr'})}>{body}</{p}c>"
        if one.kind == "s":
            shared.append(one.text)
            return f"<{p}c{attributes(told | {'t': 's'})}><{p}v>{len(shared) - 1}</{p}v></{p}c>"
        if one.kind == "f":
            value = random.choice(["", f"<{p}v/>", f"<{p}v></{p}v>"])
            return f"<{p}c{attributes(told)}><{p}f>{escape(one.text)}</{p}f>{value}</{p}c>"
        formula = f"<{p}f>A1</{p}f>" if one.kind == "n" and random.random() < 0.1 else ""
        kind = {"b": "b", "e": "e"}.get(one.kind, "")
        return (
            f"<{p}c{attributes(told | ({'t': kind} if kind else {}))}>{formula}<{p}v>{escape(one.text)}</{p}v></{p}c>"
        )

    lines = []
    for line, row in enumerate(rows, 1):
        told = {} if unplaced else {"r": str(line)}
        if line in hidden:
            told["hidden"] = "1"
        content = blanks.join(cell(line, at, one) for at, one in enumerate(row))
        if content or unplaced or random.random() < 0.3:
            lines.append(f"<{p}row{attributes(told)}>{content}</{p}row>")
    ns = f' xmlns:x="{_MAIN}"' if p else f' xmlns="{_MAIN}"'
    comment = '<!-- <c r="A1"><v>1</v></c> -->' if random.random() < 0.1 else ""
    numbers = "".join(f'<numFmt numFmtId="{170 + at}" formatCode={quoteattr(code)}/>' for at, code in enumerate(_CODES))
    formats = "".join(f'<xf numFmtId="{170 + at if at else 0}" xfId="0"/>' for at in range(len(_CODES)))
    texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared)
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets><sheet name="混合台账" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_LINKS}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{_LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts>{numbers}</numFmts><cellXfs>{formats}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{texts}</sst>',
        "xl/worksheets/sheet1.xml": f"<{p}worksheet{ns}><{p}sheetData>{comment}{blanks.join(lines)}</{p}sheetData></{p}worksheet>",
    }  # fmt: skip


def packed(parts: dict[str, str] | dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _by_hand(rows: Rows, hidden: set[int], random: Random) -> bytes:
    return packed(parts_by_hand(rows, hidden, random))


def _openpyxl(rows: Rows, hidden: set[int], random: Random) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "混合台账"
    for line, row in enumerate(rows, 1):
        for at, one in enumerate(row, 1):
            if not one.kind:
                continue
            cell = sheet.cell(line, at)
            cell.value = _value(one) if one.kind != "f" else "=" + one.text
            if one.kind == "s":
                cell.data_type = "s"
            cell.number_format = _CODES[one.style]
    for line in hidden:
        sheet.row_dimensions[line].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _value(one: Cell) -> Any:
    if one.kind == "n":
        return float(one.text) if "." in one.text else int(one.text)
    return one.text == "1" if one.kind == "b" else one.text


def _xlsxwriter(rows: Rows, hidden: set[int], random: Random) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("混合台账")
        formats = [book.add_format({"num_format": code}) for code in _CODES]
        for line, row in enumerate(rows):
            for at, one in enumerate(row):
                if one.kind == "s":
                    sheet.write_string(line, at, one.text, formats[one.style])
                elif one.kind == "n":
                    sheet.write_number(line, at, _value(one), formats[one.style])
                elif one.kind == "b":
                    sheet.write_boolean(line, at, one.text == "1")
                elif one.kind == "e":
                    sheet.write_formula(line, at, "=NA()", None, one.text)
        for line in hidden:
            sheet.set_row(line - 1, None, None, {"hidden": True})
    return out.getvalue()


def _xlwt(rows: Rows, hidden: set[int], random: Random) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("混合台账")
    formats = [xlwt.easyxf(num_format_str=code) for code in _CODES]
    for line, row in enumerate(rows):
        for at, one in enumerate(row):
            if one.kind:
                sheet.write(line, at, _value(one), formats[one.style])
    for line in hidden:
        sheet.row(line - 1).hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _odf(rows: Rows, hidden: set[int], random: Random) -> bytes:
    def written(one: Cell) -> Any:
        if one.kind == "n" and one.style == DAY:
            return _ZERO + timedelta(int(one.text))
        if one.kind == "n" and one.style in (PERCENT, PERCENT_2):
            return {"valuetype": "percentage", "value": one.text}
        if one.kind == "n":
            return {"valuetype": "float", "value": one.text}
        if one.kind == "f":
            return {"formula": "of:=" + one.text}
        if one.kind == "e":
            return {"formula": "of:=NA()", "valuetype": "string", "text": one.text}
        if one.kind == "b":
            return one.text == "1"
        return one.text.replace("\n", " ") or None if one.kind else None

    return ods([[written(one) for one in row] for row in rows], "混合台账")


def _csv(rows: Rows, hidden: set[int], random: Random) -> bytes:
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if set(text) & set('",\n') else text

    return csv_bytes(
        [[quoted(one.text) for one in row] for row in rows], random.choice(["utf-8", "utf-8-sig", "gb18030"])
    )


WRITERS = {"hand": _by_hand, "openpyxl": _openpyxl, "xlsxwriter": _xlsxwriter, "xls": _xlwt, "ods": _odf, "csv": _csv}
