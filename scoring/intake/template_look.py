"""How the workbooks we write look: colours, borders, widths. Knows XlsxWriter's formats; knows no form.

Colour never says anything alone: what is required carries ★, what counts for points ◆, each class its Chinese word.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from scoring.intake.reported import CheckLevel

FONT = "微软雅黑"
LEVEL_WORDS: dict[CheckLevel, str] = {"A": "强制", "B": "需说明", "C": "需核实", "D": "提示"}
LEVEL_COLOURS: dict[CheckLevel, str] = {"A": "FFC7CE", "B": "FFD8A8", "C": "FFF2B3", "D": "E3E3E3"}
PASSED = "通过"
PASSED_COLOUR = "E2F0D9"
REQUIRED_MARK, USED_MARK = "★", "◆"
_LINE = "BFBFBF"
_PLAIN: dict[str, Any] = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
_NAMED: dict[str, dict[str, Any]] = {
    "title": {"font_size": 15, "bold": True, "font_color": "1F3864"},
    "aside": {"font_size": 9, "font_color": "7F7F7F"},
    "plain": {"text_wrap": True},
    "note": {},
    "section": {"font_size": 12, "bold": True, "font_color": "1F3864"},
    "label": {"bg_color": "F2F2F2", "font_color": "404040", "align": "center", "border": 1, "border_color": _LINE},
    "fixed": {"bg_color": "FAFAFA", "text_wrap": True, "border": 1, "border_color": _LINE},
    "asked": {"locked": False, "num_format": "@", "text_wrap": True, "border": 1, "border_color": _LINE},
    "measure": {"font_size": 9, "font_color": "7F7F7F", "align": "center", "border": 1, "border_color": _LINE},
    "sum": {"bg_color": "F2F2F2", "align": "right", "border": 1, "border_color": _LINE},
    "sum_words": {"bg_color": "F2F2F2", "align": "center", "border": 1, "border_color": _LINE},
    "cell": {"text_wrap": True, "indent": 1, "border": 1, "border_color": _LINE},
    "centred": {"text_wrap": True, "align": "center", "border": 1, "border_color": _LINE},
    "table_head": {"bold": True, "bg_color": "1F4E79", "font_color": "FFFFFF", "align": "center", "border": 1,
                   "border_color": _LINE, "text_wrap": True},
    "missing": {"bg_color": LEVEL_COLOURS["A"]},
    "band": {"font_size": 11, "font_color": "FFFFFF", "bg_color": "1F4E79", "bold": True},
}  # fmt: skip
_COLUMNS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@"},
    "choice": {"num_format": "@", "align": "center"},
    "boolean": {"num_format": "@", "align": "center"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
    "integer": {"align": "right"},
    "decimal": {"align": "right"},
}


class Look:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[object, Format] = {}
        book.formats[0].set_locked(False)  # beside the table: only rows without a locked cell can be deleted and sorted

    def __getitem__(self, name: str) -> Format:
        return self._of(name, _NAMED[name])

    def data(self, kind: str, quoted: bool = False) -> Format:
        """A cell to be filled in; `quoted`: holds text that must never become a formula."""
        shape = {"locked": False, "text_wrap": True, "border": 1, "border_color": _LINE, **_COLUMNS[kind]}
        return self._of((kind, quoted), {**shape, "quote_prefix": quoted})

    def head(self, required: bool, used: bool) -> Format:
        """Marks stand in the number format: the cell itself holds the bare title, which is what is read."""
        marks = (REQUIRED_MARK if required else "") + (USED_MARK if used else "")
        colours = {"bg_color": "1F4E79", "font_color": "FFFFFF"} if required else {"bg_color": "DDEBF7"}
        shape = {"bold": True, "align": "center", "text_wrap": True, "border": 1, "border_color": _LINE, **colours}
        return self._of(("head", required, used), {**shape, "num_format": f'"{marks}"@' if marks else "@"})

    @property
    def quoted(self) -> Format:
        """A cell of a list, holding text that must never become a formula."""
        return self._of("quoted", {**_NAMED["cell"], "quote_prefix": True})

    @property
    def quoted_note(self) -> Format:
        """The same outside any table."""
        return self._of("quoted note", {"quote_prefix": True})

    def level(self, level: CheckLevel | None, centred: bool = False, quoted: bool = False, kind: str = "") -> Format:
        """A cell in the colour of a class; None: nothing was found."""
        shape = {**_NAMED["cell"], "bg_color": LEVEL_COLOURS[level] if level else PASSED_COLOUR, "quote_prefix": quoted}
        shape |= {"indent": 0} | ({"align": "center"} if centred else {})
        return self._of(("level", level, centred, quoted, kind), shape | _COLUMNS.get(kind, {}))

    def _of(self, name: object, shape: dict[str, Any]) -> Format:
        if name not in self._made:
            self._made[name] = self._book.add_format({**_PLAIN, **shape})
        return self._made[name]
