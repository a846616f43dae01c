"""Bytes → grids: what is no workbook is told in Chinese, and every cell keeps its line, its letter and its digits."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.utils import get_column_letter

from scoring.intake import container
from scoring.intake.grid import Grid, column_number, letter
from tests.intake.submitted import HEAD, ROW, book, changed, csv_bytes, ods, refused, saved, xls, xlsx

SHEET = "xl/worksheets/sheet1.xml"


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def grid(data: bytes) -> Grid:
    return book(data).grids[0]


# --- what is no workbook -----------------------------------------------------------------------


def test_letters_are_those_of_a_spreadsheet() -> None:
    assert [letter(at) for at in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    for at in range(1000):
        assert letter(at) == get_column_letter(at + 1)
        assert column_number(letter(at)) == at


@pytest.mark.parametrize(
    "data, problem",
    [
        (b"", "文件是空的"),
        (b"%PDF-1.7\n%\xe2\xe3", "这是PDF 文件，不是工作簿"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "这是图片，不是工作簿"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "这是图片，不是工作簿"),
        (b"BM" + b"\x00" * 50, "这是图片，不是工作簿"),
        (b"Rar!\x1a\x07\x00", "这是压缩包，不是工作簿"),
        (b"<html><body><table><tr><td>1</td></tr></table>", "这是网页（或网页格式的表），不是工作簿"),
        ("\ufeff<!DOCTYPE html><html>".encode(), "这是网页（或网页格式的表），不是工作簿"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "这是网页（或网页格式的表），不是工作簿"),
        (bytes(range(256)) * 40, "这不是工作簿，也不是能认出编码的 CSV"),
        ("文号\t案值\n示1\t2\n".encode(), "列与列之间是制表符，不是逗号"),
        ("文号\t案值\n示1\t2\n".encode("utf-16"), "列与列之间是制表符，不是逗号"),
        ("文号；案值\n示1；2\n".encode(), "列与列之间是全角分号，不是逗号"),
        (b"\n , \n\n", "文件里没有任何内容"),
        (zipped(word__document_dot_xml=b"<w/>"), "这是Word 文档，不是工作簿"),
        (zipped(ppt__presentation_dot_xml=b"<p/>"), "这是演示文稿，不是工作簿"),
        (zipped(xl__workbook_dot_bin=b"1"), "这是二进制工作簿（.xlsb），读不了"),
        (zipped(a_dot_txt=b"1"), "这是压缩包，不是工作簿"),
        (zipped(inner_dot_zip=zipped(a=b"1")), "这是压缩包，不是工作簿"),
        (b"PK\x03\x04" + b"\x00" * 100, "文件已损坏，打不开"),
        (xlsx([HEAD, ROW])[:-400], "文件已损坏，打不开"),
        (xlsx([[]]), "工作簿里没有任何内容"),
    ],
)
def test_what_is_no_workbook(data: bytes, problem: str) -> None:
    found = refused(data)
    assert found.problem == problem
    assert found.fix


def test_more_than_20_mb() -> None:
    assert refused(b"a" * (20 * 1024 * 1024 + 1)).problem == "文件有 20.0 MB，超过 20 MB"


def compound(*names: str) -> bytes:
    """An OLE container of our own with streams of that name: head, table of sectors, directory."""
    head = bytearray(512)
    head[:8] = container.OLE
    struct.pack_into("<HHHH", head, 24, 0x3E, 3, 0xFFFE, 9)
    struct.pack_into("<II", head, 44, 1, 1)  # one table of sectors; the directory is in sector 1
    struct.pack_into("<IIII", head, 56, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE)
    head[76:512] = struct.pack("<I", 0) + b"\xff" * 432
    table = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
    directory = b""
    for kind, name in [(5, "Root Entry"), *((2, name) for name in names)]:
        text = name.encode("utf-16-le") + b"\x00\x00"
        entry = bytearray(128)
        entry[: len(text)] = text
        struct.pack_into("<HB", entry, 64, len(text), kind)
        struct.pack_into("<II", entry, 116, 0xFFFFFFFE, 0)
        directory += bytes(entry)
    return bytes(head) + table + directory.ljust(512, b"\x00")


def test_a_password_on_a_xlsx() -> None:
    """Such a file is an OLE container with the real workbook encrypted inside."""
    found = refused(compound("EncryptionInfo", "EncryptedPackage"))
    assert found.problem == "工作簿设了打开密码，读不了"
    assert "去掉密码" in found.fix


def test_an_old_word_document() -> None:
    assert refused(compound("WordDocument")).problem == "这是Word 文档，不是工作簿"


def test_a_password_on_a_xls() -> None:
    """FILEPASS is the record after the first BOF: here the record after it is renamed (0x00E1, INTERFACEHDR)."""
    data = xls([HEAD, ROW])
    at = data.index(struct.pack("<HHHH", 0x0809, 16, 0x0600, 5))
    follows = at + 20
    data = data[:follows] + struct.pack("<H", 0x002F) + data[follows + 2 :]
    assert refused(data).problem == "工作簿设了打开密码，读不了"


def test_a_password_on_an_ods() -> None:
    data = changed(
        ods([HEAD]), "META-INF/manifest.xml", "</manifest:manifest>", "<manifest:encryption-data/></manifest:manifest>"
    )
    assert refused(data).problem == "工作簿设了打开密码，读不了"


def bomb(size: int) -> bytes:
    book_zip = xlsx([HEAD, ROW])
    out = io.BytesIO(book_zip)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.xml", b"0" * size)
    return out.getvalue()


def test_a_zip_bomb_by_its_ratio() -> None:
    """64 MB of zeros pack to 64 kB: a thousand to one."""
    assert refused(bomb(64 * 1024 * 1024)).problem == "文件展开后过大，不像正常的工作簿"


def test_a_zip_bomb_that_lies_about_its_size() -> None:
    """The directory says 10 bytes; what is inside is measured all the same."""
    data = bytearray(bomb(32 * 1024 * 1024))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    assert refused(bytes(data)).problem == "文件展开后过大，不像正常的工作簿"


def test_a_part_cut_off_and_a_part_with_a_flipped_bit() -> None:
    data = xlsx([HEAD, *([ROW] * 50)])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo(SHEET)
    spot = entry.header_offset + 30 + len(SHEET) + entry.compress_size // 2
    flipped = data[:spot] + bytes([data[spot] ^ 0x10]) + data[spot + 1 :]
    assert refused(flipped).problem == "文件已损坏，打不开"


def test_too_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_PARTS", 5)
    assert refused(xlsx([HEAD, ROW])).problem == "文件展开后过大，不像正常的工作簿"


def test_two_parts_of_one_name() -> None:
    """Two readers may take different ones."""
    out = io.BytesIO(xlsx([HEAD, ROW]))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, b"<worksheet><sheetData/></worksheet>")
    assert refused(out.getvalue()).problem == "文件已损坏，打不开"


@pytest.mark.parametrize("text", ['<!DOCTYPE a [<!ENTITY b "bbbb">]>', "<!doctype a>"])
def test_entities_are_refused(text: str) -> None:
    data = xlsx([HEAD, ROW])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.read(SHEET).decode()[:11]
    found = refused(changed(data, SHEET, start, text + start))
    assert "有不该有的内容" in found.problem


def test_xml_in_an_encoding_in_which_entities_would_not_be_seen() -> None:
    data = xlsx([HEAD, ROW])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, content.decode().encode("utf-16") if entry.filename == SHEET else content)
    assert "有不该有的内容" in refused(out.getvalue()).problem


def test_a_hundred_thousand_rows() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as made:
        sheet = made.add_worksheet("案件台账")
        for line in range(100_001):
            sheet.write_number(line, 0, line)
    found = grid(out.getvalue())
    assert found.problem is not None
    assert found.problem.problem == "表里有 100,001 行，一张表最多 60,000 行"


def test_a_hundred_thousand_rows_as_csv() -> None:
    found = grid(b"a,b\n" + b"1,2\n" * 100_000)
    assert found.problem is not None
    assert "100,001 行" in found.problem.problem


def test_a_million_formatted_blank_rows_are_no_rows() -> None:
    """What someone gets who draws borders to the end of the sheet."""
    cells = "".join(
        f'<row r="{line}"><c r="A{line}" s="1"/><c r="F{line}" s="1"/></row>' for line in range(3, 1_048_577)
    )
    data = changed(xlsx([HEAD, ROW]), SHEET, "</sheetData>", cells + "</sheetData>")
    assert grid(data).height == 2


def test_one_stray_cell_at_the_end_of_the_sheet() -> None:
    """The rectangle would be a million lines high."""
    data = changed(
        xlsx([HEAD, ROW]), SHEET, "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    found = grid(data)
    assert found.problem is not None
    assert found.problem.problem == "表里有 16,384 列，一张表最多 256 列"
    data = changed(
        xlsx([HEAD, ROW]), SHEET, "</sheetData>", '<row r="1048576"><c r="B1048576"><v>1</v></c></row></sheetData>'
    )
    found = grid(data)
    assert found.problem is not None
    assert found.problem.problem == "第 1,048,576 行还有内容，中间却是空的"


def test_a_stray_cell_whose_row_lies_about_its_line() -> None:
    data = changed(
        xlsx([HEAD, ROW]), SHEET, "</sheetData>", '<row r="3"><c r="B1048576"><v>1</v></c></row></sheetData>'
    )
    assert grid(data).problem is not None


def test_an_ods_whose_cells_repeat_over_the_whole_sheet() -> None:
    data = ods([HEAD, [{"valuetype": "float", "value": "1", "numbercolumnsrepeated": "16384"}]])
    assert refused(data).problem == "文件展开后过大，不像正常的工作簿"


def test_an_ods_with_a_million_repeated_blank_lines() -> None:
    data = changed(
        ods([HEAD, ROW]), "content.xml", "</table:table>",
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table>",
    )  # fmt: skip
    assert grid(data).height == 2


# --- places and texts --------------------------------------------------------------------------


@pytest.mark.parametrize("write", [xlsx, xls, ods, csv_bytes])
def test_blank_lines_and_columns_before_the_table_do_not_move_it(write: Callable[..., bytes]) -> None:
    rows = [[], [None], [None, None, "头", "数"], [], [None, None, "甲", 5]]
    found = grid(write(rows))
    assert [found.text(line, at) for line, at in ((3, 2), (3, 3), (5, 2), (5, 3))] == ["头", "数", "甲", "5"]
    assert [found.text(line, at) for line, at in ((3, 0), (1, 2), (4, 2), (6, 2), (3, 4))] == [""] * 5


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_texts_of_values(write: Callable[..., bytes]) -> None:
    values = [
        12,
        12.5,
        0.1,
        100.0,
        1e-7,
        1234567.25,
        -3,
        date(2024, 3, 1),
        True,
        False,
        "文本 ",
        "１２",
        "007",
        "1,234",
    ]
    found = grid(write([["列"], *([value] for value in values)]))
    shown = ["12", "12.5", "0.1", "100", "0.0000001", "1234567.25", "-3", "2024-03-01", "TRUE", "FALSE"]
    assert [found.text(line, 0) for line in range(2, 16)] == [*shown, "文本 ", "１２", "007", "1,234"]


def raw(value: str, attributes: str = "", extra: str = "") -> Grid:
    """A .xlsx with one number as a program may write it, in A2."""
    data = changed(
        xlsx([["列"], [1]]), SHEET, '<c r="A2" t="n"><v>1</v></c>', f'<c r="A2"{attributes}>{extra}<v>{value}</v></c>'
    )
    return grid(data)


@pytest.mark.parametrize(
    "written, shown",
    [
        ("0.30000000000000004", "0.3"),  # 0.1 + 0.2
        ("2.9999999999999996", "3"),
        ("1.1000000000000001", "1.1"),
        ("105.01999999999999", "105.02"),  # 393 digits of binary; the spreadsheet shows 105.02
        ("1E-3", "0.001"),
        ("1.5E+6", "1500000"),
        ("-0", "0"),
        ("123456789.123456", "123456789.123456"),  # 15 digits: as it is
    ],
)
def test_number_cells_are_what_the_spreadsheet_shows(written: str, shown: str) -> None:
    assert raw(written).text(2, 0) == shown


def test_the_same_digits_as_text_stay() -> None:
    assert grid(xlsx([["列"], ["0.30000000000000004"]])).text(2, 0) == "0.30000000000000004"


def test_eighteen_digits_typed_as_a_number_are_told() -> None:
    """330102199001011234 cannot be kept; which digits were typed nobody knows."""
    found = raw("330102199001011234")
    assert found.marks.lost == {(2, 0)}
    assert not grid(xlsx([["列"], ["330102199001011234"]])).marks.lost


def test_percent_formats() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    for line, (value, shown) in enumerate(
        [(0.05, "0%"), (1.0502, "0.00%"), (0.05, "0.00"), (3, '0"%"'), ("5%", "0%")], 1
    ):
        sheet.cell(line, 1, value).number_format = shown
    found = grid(saved(made))
    assert [found.text(line, 0) for line in range(1, 6)] == ["5%", "105.02%", "0.05", "3", "5%"]
    assert found.marks.percent == {(1, 0), (2, 0)}


def test_percent_formats_of_an_xls() -> None:
    found = grid(xls([[0.05], [1.0502], [5]], styles={(0, 0): "0%", (1, 0): "0.00%"}))
    assert [found.text(line, 0) for line in (1, 2, 3)] == ["5%", "105.02%", "5"]


def test_percent_formats_of_an_ods() -> None:
    found = grid(ods([[{"valuetype": "percentage", "value": "1.0502", "text": "105.02%"}]]))
    assert found.text(1, 0) == "105.02%"


def test_errors_and_formulas_without_a_result() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet["A1"], sheet["B2"], sheet["C3"] = "头", "=1+1", "#N/A"
    found = grid(saved(made))
    assert found.marks.no_result == {(2, 1): "=1+1"}
    assert found.marks.errors == {(3, 2): "#N/A"}
    assert (found.text(2, 1), found.text(3, 2)) == ("=1+1", "#N/A")


@pytest.mark.parametrize(
    "formula, no_result",
    [
        ("<f>1+1</f>", True),
        ("<f>1+1</f><v/>", True),
        ("<f>1+1</f><v></v>", True),
        ('<f t="shared" si="0"/>', True),
        ('<f t="array" ref="A2">1+1</f>', True),
        ("<f>1+1</f><v>2</v>", False),
        ('<f t="shared" ref="A2:A3" si="0">1+1</f><v>2</v>', False),
        ("<f>IF(1&lt;2,3)</f><v>3</v>", False),
    ],
)
def test_which_formulas_have_a_result(formula: str, no_result: bool) -> None:
    data = changed(xlsx([["列"], [1]]), SHEET, '<c r="A2" t="n"><v>1</v></c>', f'<c r="A2">{formula}</c>')
    assert bool(grid(data).marks.no_result) == no_result


def test_a_formula_that_gives_an_empty_text_has_one() -> None:
    data = changed(xlsx([["列"], [1]]), SHEET, '<c r="A2" t="n"><v>1</v></c>', '<c r="A2" t="str"><f>""</f><v></v></c>')
    found = grid(data)
    assert not found.marks.no_result
    assert found.text(2, 0) == ""


def test_errors_and_formulas_of_an_xls() -> None:
    """xlwt reckons nothing: its formulas have no result."""
    made = xlwt.Workbook()
    sheet = made.add_sheet("表")
    sheet.write(0, 0, "头")
    sheet.write(1, 1, xlwt.Formula("1+1"))
    out = io.BytesIO()
    made.save(out)
    assert list(grid(out.getvalue()).marks.no_result) == [(2, 1)]


def test_errors_and_formulas_of_an_ods() -> None:
    found = grid(
        ods([["头"], [{"formula": "of:=1+1"}, {"formula": "of:=NA()", "valuetype": "string", "text": "#N/A"}]])
    )
    assert found.marks.no_result == {(2, 0): "=1+1"}
    assert found.marks.errors == {(2, 1): "#N/A"}


def test_hidden_lines_columns_and_sheets() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    for line in (1, 2, 3):
        sheet.cell(line, 1, line)
        sheet.cell(line, 3, line)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    made.create_sheet("藏").sheet_state = "hidden"
    made.create_sheet("深藏").sheet_state = "veryHidden"
    found = book(saved(made))
    assert [one.hidden for one in found.grids] == ["", "hidden", "very"]
    assert found.grids[0].marks.hidden_lines == {2}
    assert found.grids[0].marks.hidden_columns == {2}


def test_hidden_lines_of_an_xls() -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("表")
    for line in range(3):
        sheet.write(line, 0, line)
    sheet.row(1).hidden = True
    sheet.col(0).hidden = True
    made.add_sheet("藏").visibility = 1
    out = io.BytesIO()
    made.save(out)
    found = book(out.getvalue())
    assert found.grids[0].marks.hidden_lines == {2}
    assert found.grids[0].marks.hidden_columns == {0}
    assert found.grids[1].hidden == "hidden"


def test_days_counted_from_1904() -> None:
    """Excel for the Mac once did. A formatted day is right all the same; a bare number is not guessed."""
    made = openpyxl.Workbook()
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    made.active["A1"] = date(2024, 3, 1)
    found = grid(saved(made))
    assert found.marks.old_days
    assert found.text(1, 0) == "2024-03-01"


def test_a_moment_and_line_breaks() -> None:
    found = grid(xlsx([[datetime(2024, 3, 1, 8, 30), "两\r\n行"]]))
    assert found.text(1, 0) == "2024-03-01 08:30:00"
    assert found.text(1, 1) == "两\n行"


WORKBOOK = """<?xml version="1.0" encoding="UTF-8"?>
<x:workbook xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:q="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><x:sheets><x:sheet name="案件台账" sheetId="1" q:id="rId1"/></x:sheets></x:workbook>"""
LINKS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"""
STRINGS = """<?xml version="1.0"?><x:sst xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:si><x:r><x:t>案</x:t></x:r><x:r><x:rPr><x:b/></x:rPr><x:t xml:space="preserve">值 </x:t></x:r><x:rPh sb="0" eb="1"><x:t>anzhi</x:t></x:rPh></x:si></x:sst>"""
PREFIXED = """<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:cols><x:col min="3" max="3" hidden="1"/></x:cols><x:sheetData>
<x:row r="2" hidden="true"><x:c r="B2" t="s"><x:v>0</x:v></x:c><x:c r="C2" t="inlineStr"><x:is><x:r><x:t>行</x:t></x:r><x:r><x:t>内</x:t></x:r></x:is></x:c></x:row>
<x:row r="3"><x:c r="B3"><x:v>0.30000000000000004</x:v></x:c><x:c r="C3" t="e"><x:v>#REF!</x:v></x:c><x:c r="D3"><x:f>B3*2</x:f></x:c><x:c r="E3" t="b"><x:v>1</x:v></x:c></x:row>
<!-- <c r="A1"><v>9</v></c> --></x:sheetData><x:mergeCells><x:mergeCell ref="B2:B3"/></x:mergeCells></x:worksheet>"""


def test_another_program_with_prefixes_inline_and_rich_texts() -> None:
    """As some programs write it: names with a prefix, absolute targets, phonetic texts, a comment."""
    data = zipped(
        **{
            "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "xl/workbook.xml": WORKBOOK.encode(),
            "xl/_rels/workbook.xml.rels": LINKS.encode(),
            "xl/sharedStrings.xml": STRINGS.encode(),
            SHEET: PREFIXED.encode(),
        }
    )
    found = grid(data)
    assert (found.text(2, 1), found.text(2, 2)) == ("案值 ", "行内")
    assert (found.text(3, 1), found.text(3, 2), found.text(3, 4)) == ("0.3", "#REF!", "TRUE")
    assert found.marks.no_result == {(3, 3): "=B3*2"}
    assert found.marks.hidden_lines == {2}
    assert found.marks.hidden_columns == {2}
    assert found.marks.merged == ((2, 1, 3, 1),)


def test_cells_without_their_place() -> None:
    """The place may be left out: then cells follow one another."""
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c/><c t="e"><v>#N/A</v></c></row></sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx([HEAD]))) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, sheet if entry.filename == SHEET else old.read(entry))
    found = grid(out.getvalue())
    assert [found.text(1, 0), found.text(1, 1), found.text(2, 1)] == ["1", "2", "#N/A"]


@pytest.mark.parametrize("place", ["ZZZZ2", "A0", "a2", "A99999999", "甲2", "A٢"])
def test_a_place_that_no_sheet_has(place: str) -> None:
    """The reader behind would take ZZZZ for column 475,254 and reckon for minutes."""
    data = changed(xlsx([["列"], [1]]), SHEET, 'r="A2"', f'r="{place}"')
    assert refused(data).problem == "文件已损坏，打不开"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_three_encodings(encoding: str) -> None:
    found = grid(csv_bytes([HEAD, ["示〔2024〕㊣1号", "行政", "𠮷", 3]], encoding))
    assert found.text(2, 0) == "示〔2024〕㊣1号"
    assert found.text(2, 2) == "𠮷"


def test_csv_lines_are_those_of_the_spreadsheet() -> None:
    """A cell over two lines is one row; a blank line is one too; a quote that never closes costs its own row only."""
    found = grid('a,b\n1,"两\n行"\n\n2,"开\n3,4\n'.encode())
    assert [found.rows(line, line)[0] for line in range(1, 6)] == [
        ["a", "b"],
        ["1", "两\n行"],
        ["", ""],
        ["2", '"开'],
        ["3", "4"],
    ]


def test_a_truncated_stream_of_zeros_is_no_hang() -> None:
    packed = zlib.compress(b"\x00" * 1000)[2:-4]
    data = bytearray(zipped(**{"xl/workbook.xml": b"\x00" * 1000}))
    at = bytes(data).index(packed[:4])
    data[at : at + 4] = b"\x00\x00\x00\x00"
    assert refused(bytes(data)).problem in ("文件已损坏，打不开", "文件展开后过大，不像正常的工作簿")
