"""Building blocks of a printed document: A4, Chinese fonts, tables whose head comes again on every page, page numbers.

Knows python-docx and nothing of what is printed. Fonts are named, not embedded: where one is missing the reader's
system takes its own.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

BODY, HEADING, SONG = "仿宋", "黑体", "宋体"
LATIN = "Times New Roman"
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_HEAD_FILL, _ASIDE = "E7ECF3", RGBColor(0x59, 0x59, 0x59)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Column:
    """One column of a table: its head, its width in centimetres, and how its cells are set; never bold where `quiet`."""

    title: str
    width: float
    align: WD_ALIGN_PARAGRAPH = LEFT
    quiet: bool = False


def landscape() -> Paper:
    """An empty A4 sheet, landscape, with body text in 仿宋."""
    paper = Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(1.9)
    section.header_distance = section.footer_distance = Cm(1.1)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(12)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    style.paragraph_format.space_after = Pt(0)
    for language in paper.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # else punctuation may be set as in Japanese or Taiwan
    return paper


def write(paragraph: Paragraph, text: str, font: str = BODY, size: float = 12, bold: bool = False) -> Run:
    """Text at the end of a paragraph, Chinese in this font."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = LATIN, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def title(paper: Paper, text: str) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.space_after = Pt(10)
    write(paragraph, text, SONG, 20, bold=True)


def heading(paper: Paper, text: str) -> None:
    """It stays with what follows it."""
    paragraph = paper.add_paragraph(style="Heading 1")
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(12), Pt(5)
    paragraph.paragraph_format.keep_with_next = True
    write(paragraph, text, HEADING, 14).font.color.rgb = RGBColor(0, 0, 0)


def sentence(paper: Paper, text: str, size: float = 12) -> Paragraph:
    """A paragraph of body text, its first line indented by two characters."""
    paragraph = paper.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    paragraph.paragraph_format.line_spacing = 1.3
    write(paragraph, text, BODY, size)
    return paragraph


def table(
    paper: Paper,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    size: float = 10.5,
    strong: Sequence[bool] = (),
) -> Table:
    """Rows of text under a head that is repeated on every page; no row is torn apart. `strong`: rows in bold."""
    made = _grid(paper, columns)
    _row(made, [column.title for column in columns], columns, HEADING, size)
    made.rows[0]._tr.get_or_add_trPr().append(_flag("w:tblHeader"))
    for cell in made.rows[0].cells:
        _fill(cell)
        cell.paragraphs[0].alignment = CENTRE
    for at, texts in enumerate(rows):
        _row(made, texts, columns, BODY, size, at < len(strong) and strong[at])
    return made


def facts(paper: Paper, pairs: Sequence[tuple[str, str]], widths: tuple[float, float], size: float = 11) -> None:
    """What belongs to the whole, two columns: name and value."""
    columns = (Column("", widths[0], CENTRE), Column("", widths[1]))
    made = _grid(paper, columns)
    for pair in pairs:
        _row(made, pair, columns, BODY, size)
        _fill(made.rows[-1].cells[0])


def _grid(paper: Paper, columns: Sequence[Column]) -> Table:
    made = paper.add_table(rows=0, cols=len(columns))
    for own, column in zip(made.columns, columns, strict=True):
        own.width = Cm(column.width)
    made.style = paper.styles["Table Grid"]
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    return made


def _row(
    made: Table, texts: Sequence[str], columns: Sequence[Column], font: str, size: float, bold: bool = False
) -> None:
    row = made.add_row()  # type: ignore[no-untyped-call]
    row._tr.get_or_add_trPr().append(_flag("w:cantSplit"))
    for cell, text, column in zip(row.cells, texts, columns, strict=True):
        cell.width = Cm(column.width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        for index, line in enumerate(text.split("\n")):
            paragraph = cell.paragraphs[0] if not index else cell.add_paragraph()
            paragraph.alignment = column.align
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
            write(paragraph, line, font, size, bold and not column.quiet)


def _flag(name: str) -> BaseOxmlElement:
    flag = OxmlElement(name)
    flag.set(qn("w:val"), "true")
    return flag


def _fill(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", _HEAD_FILL)):
        shade.set(qn(key), value)
    cell._tc.get_or_add_tcPr().append(shade)


def running(paper: Paper, head: str, foot: str) -> None:
    """On every page: a line above, and below one with the page number."""
    section = paper.sections[0]
    above = section.header.paragraphs[0]
    above.alignment = RIGHT
    write(above, head, BODY, 9).font.color.rgb = _ASIDE
    below = section.footer.paragraphs[0]
    below.alignment = CENTRE
    for text, field in ((f"{foot}　第 ", "PAGE"), (" 页，共 ", "NUMPAGES"), (" 页", "")):
        write(below, text, BODY, 9).font.color.rgb = _ASIDE
        if field:
            _field(below, field)


def _field(paragraph: Paragraph, code: str) -> None:
    """A number that the reader's program fills in."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), (None, "1"), ("end", "")):
        run = write(paragraph, text if kind is None else "", BODY, 9)
        run.font.color.rgb = _ASIDE
        if kind is None:
            continue
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        run._element.append(mark)


def saved(paper: Paper, named: str, by: str, on: date) -> bytes:
    """The file; the same content gives the same bytes."""
    at = datetime(on.year, on.month, on.day)
    properties = paper.core_properties
    properties.title, properties.author, properties.last_modified_by = named, by, by
    properties.created = properties.modified = at
    properties.comments, properties.keywords, properties.language = "", "", "zh-CN"
    raw, whole = io.BytesIO(), io.BytesIO()
    paper.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _LONG_AGO), source.read(name), zipfile.ZIP_DEFLATED)
    return whole.getvalue()
