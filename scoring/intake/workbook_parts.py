"""What a .xlsx as a whole says: its sheets in order, which styles show a percentage. Knows OOXML; reads no cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Literal
from xml.etree import ElementTree

from scoring.intake.container import DAMAGED, Refused
from scoring.intake.grid import Marks

_PERCENT_BUILT_IN = {9, 10}
_SAID = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')  # text, escapes and conditions inside a number format


@dataclass(frozen=True)
class SheetPart:
    """A sheet as the workbook lists it."""

    name: str
    path: str
    hidden: Literal["", "hidden", "very"]


@dataclass(frozen=True)
class Book:
    """What the workbook as a whole says."""

    sheets: tuple[SheetPart, ...]
    old_days: bool
    percent_styles: frozenset[int]


@dataclass
class Scan:
    """One sheet: the rectangle that holds anything (lines from 1, columns from 0) and the marks of its cells."""

    first_column: int = 0
    last_column: int = 0
    last_line: int = 0  # 0: nothing in it
    marks: Marks = field(default_factory=Marks)
    booleans: bool = False
    problem: Refused | None = None
    numbers: dict[int, set[int]] | None = None  # column → lines with a number; None: to be looked for in the bytes


def read_book(parts: dict[str, bytes]) -> Book | Refused:
    """The list of sheets, and which styles show a percentage."""
    try:
        workbook = ElementTree.fromstring(parts["xl/workbook.xml"])
        links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
        styles = ElementTree.fromstring(parts["xl/styles.xml"]) if "xl/styles.xml" in parts else None
    except (KeyError, ElementTree.ParseError, ValueError, LookupError):
        return DAMAGED
    targets = {one.get("Id", ""): one.get("Target", "") for one in links.iter() if _local(one) == "Relationship"}
    kinds = {one.get("Id", ""): one.get("Type", "") for one in links.iter() if _local(one) == "Relationship"}
    for link, kind in kinds.items():
        if kind.rsplit("/", 1)[-1] in ("styles", "sharedStrings") and _path(targets[link]) not in parts:
            return DAMAGED  # without the styles a percentage would be taken for a plain number
    sheets = []
    for one in workbook.iter():
        if _local(one) != "sheet":
            continue
        link = next((value for key, value in one.attrib.items() if key.endswith("}id")), "")
        if kinds.get(link, "").rsplit("/", 1)[-1] != "worksheet":
            continue  # charts and macro sheets
        path = _path(targets[link])
        state = one.get("state", "")
        hidden: Literal["", "hidden", "very"] = {"hidden": "hidden", "veryHidden": "very"}.get(state, "")  # type: ignore[assignment]
        sheets.append(SheetPart(one.get("name", ""), path, hidden))
    names = [sheet.name for sheet in sheets]
    if not sheets or len(set(names)) < len(names) or len({sheet.path for sheet in sheets}) < len(names):
        return DAMAGED
    old = any(_local(one) == "workbookPr" and one.get("date1904") in ("1", "true") for one in workbook.iter())
    return Book(tuple(sheets), old, _percent_styles(styles) if styles is not None else frozenset())


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _local(node: ElementTree.Element) -> str:
    return node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""


def _percent_styles(styles: ElementTree.Element) -> frozenset[int]:
    own = {
        one.get("numFmtId", ""): "%" in _SAID.sub("", one.get("formatCode", ""))
        for one in styles.iter()
        if _local(one) == "numFmt"
    }
    found = set[int]()
    for group in styles.iter():
        if _local(group) == "cellXfs":
            for at, one in enumerate(child for child in group if _local(child) == "xf"):
                code = one.get("numFmtId", "0")
                if own.get(code, code.isdigit() and int(code) in _PERCENT_BUILT_IN):
                    found.add(at)
    return frozenset(found)


def span(first: bytes | str, last: bytes | str) -> set[int]:
    """Columns from … to …, as sheets write them."""
    if not (first.isdigit() and last.isdigit()):
        return set()
    return set(range(int(first) - 1, min(int(last), 16_384)))
