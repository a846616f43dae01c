"""Where the head of a form stands in a sheet, and what is written above it. Knows forms and grids; types no value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from unicodedata import normalize

from scoring.forms import Column, Form
from scoring.intake.grid import Grid
from scoring.intake.template_stamp import RESULT_TITLE

UNIT_NAMES = ("单位", "单位名称", "填报单位", "报送单位", "被考核单位", "unit")
_LOOKED_AT = 60  # lines from the top in which a head may stand
_DEEPEST = 3  # lines a head may have
_MARKS = re.compile(r"^[*※★☆◆●#]+|[*※★☆◆●#]+$|[(\[]?(?:必填|选填)[)\]]?$|[:：]$")
_BRACKET = re.compile(r"[(\[](?:计量单位|单位)?[:：]?([^()\[\]]*)[)\]]$")
_SLASH = re.compile(r"[/,，、]([^/,，、()\[\]]{1,4})$")
_SCALES = {"": 0, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8}
_SAME_UNITS = {"公斤": "千克", "kg": "千克", "人民币元": "元", "圆": "元", "百分比": "%", "百分数": "%", "％": "%"}
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_KEYS = {
    "unit": ("填报单位", "报送单位", "填表单位", "单位名称", "单位"),
    "period": ("报送期", "报告期", "填报期", "报表期", "统计期", "所属期", "期间"),
    "filled_by": ("填报人", "填表人", "经办人", "制表人"),
    "phone": ("联系电话", "电话", "手机"),
    "nil": ("零报告",),
    "measure": ("计量单位",),
}
_LABELS = {label: key for key, labels in _KEYS.items() for label in labels}
_PAIR = re.compile(
    "(" + "|".join(sorted(_LABELS, key=len, reverse=True)) + r")\s*[:：]\s*(.*?)(?=(?:\s*(?:"
    + "|".join(sorted(_LABELS, key=len, reverse=True)) + r")\s*[:：])|\s{2,}|$)"
)  # fmt: skip
Names = Mapping[str, str]  # as compared → code of the column, or `unit`


@dataclass
class Head:
    """The head of one form in one sheet."""

    form: Form
    first_line: int
    line: int  # its last line; the data begin below
    places: dict[str, int] = field(default_factory=dict)  # code → column number; `unit` for the 单位 column
    units: dict[str, str] = field(default_factory=dict)  # code → unit of measure said in the head
    unknown: dict[int, str] = field(default_factory=dict)  # column number → title that is no column of the form
    twice: dict[str, tuple[int, str]] = field(default_factory=dict)  # code → the second place, and its title
    titles: int = 0
    ours: set[int] = field(default_factory=set)  # columns that a marked copy added

    @property
    def fits(self) -> float:
        """1: all its titles are columns of the form, and all columns are there."""
        found = len([code for code in self.places if code != "unit"])
        titles = self.titles - ("unit" in self.places)
        return 2 * found / max(1, len(self.form.columns) + titles)


@dataclass
class Above:
    """What is said above the head: the text of each label, and the lines without labels."""

    said: dict[str, str] = field(default_factory=dict)  # unit, period, filled_by, phone, nil
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    measures: dict[int, str] = field(default_factory=dict)  # column number → unit of measure in a line of its own
    money: str = ""  # 单位：万元 for the whole sheet


@lru_cache(maxsize=20_000)
def squeezed(text: str) -> str:
    """As titles are compared: half width, no blanks, no marks of required columns, small letters."""
    plain = "".join(normalize("NFKC", text).split()).lower()
    while True:
        less = _MARKS.sub("", plain)
        if less == plain or not less:
            return plain
        plain = less


@lru_cache(maxsize=20_000)
def _forms_of(title: str) -> tuple[tuple[str, str], ...]:
    """What a title may stand for: itself, and without a unit of measure at its end."""
    whole = squeezed(title)
    out = [(whole, "")]
    for pattern in (_BRACKET, _SLASH):
        found = pattern.search(whole)
        if found and found.start():
            out.append((squeezed(whole[: found.start()]), found.group(1)))
    return tuple(out)


def names_of(form: Form, further: Mapping[str, str] | None = None) -> Names:
    """Every name a column goes by. `further`: titles of an older template → code. A name of two columns is nobody's."""
    names: dict[str, str] = {}
    shared = set[str]()
    for column in form.columns:
        for name in (column.title, *column.aliases, column.code):
            key = squeezed(name)
            if names.setdefault(key, column.code) != column.code:
                shared.add(key)
    for title, code in (further or {}).items():
        if code in form.by_code:
            names.setdefault(squeezed(title), code)
    for name in UNIT_NAMES:
        names.setdefault(squeezed(name), "unit")
    return {name: code for name, code in names.items() if name not in shared}


def find_head(grid: Grid, form: Form, names: Names | None = None) -> Head | None:
    """The lines that match most columns of the form; the flattest and uppermost of those that match as many."""
    names = names or names_of(form)
    rows = _filled(grid)
    hit = [any(_named([cell], names)[0] for cell in row if cell.strip()) for row in rows]
    best: Head | None = None
    for depth in range(1, _DEEPEST + 1):
        for last in range(depth, len(rows) + 1):
            if not any(hit[last - depth : last]) or not any(cell.strip() for cell in rows[last - 1]):
                continue  # no line of it names a column
            head = _read(grid, rows, last - depth + 1, last, form, names)
            if head is not None and (best is None or len(head.places) > len(best.places)):
                best = head
        if best is not None and len(best.places) - ("unit" in best.places) == len(form.columns):
            break
    if best is None or len(best.places) - ("unit" in best.places) < min(2, len(form.columns)):
        return None
    _below(rows, best)
    return best


def _below(rows: list[list[str]], head: Head) -> None:
    """Lines right below the titles that still belong to the head: units of measure, and numbers of the columns."""
    for _ in range(2):
        row = rows[head.line] if head.line < len(rows) else []
        told = {at: squeezed(cell) for at, cell in enumerate(row) if cell.strip()}
        if not told:
            return
        by_place = {column: code for code, column in head.places.items() if code != "unit"}
        declared = {one.unit for one in head.form.columns if one.unit}
        plain = {at: text.strip("()[]") for at, text in told.items()}
        if all(any(power_between(text, unit) is not None for unit in declared) for text in plain.values()):
            head.units |= {by_place[at]: text for at, text in plain.items() if at in by_place}
        elif len(told) < 3 or not _counts_up(list(told.values())):
            return
        head.line += 1


def _counts_up(texts: Sequence[str]) -> bool:
    """甲 乙 1 2 3: the numbers of the columns."""
    letters = [text for text in texts if text in _STEMS]
    numbers = [int(text) for text in texts[len(letters) :] if text.isascii() and text.isdigit() and len(text) < 4]
    in_order = letters == list(_STEMS[: len(letters)]) and numbers == list(range(1, len(numbers) + 1))
    return in_order and len(letters) + len(numbers) == len(texts)


def _filled(grid: Grid) -> list[list[str]]:
    """The upper lines, with merged cells filled."""
    rows = grid.rows(1, min(_LOOKED_AT, grid.height))
    for line, column, last_line, last_column in grid.marks.merged:
        if line > len(rows) or column >= grid.width:
            continue
        text = rows[line - 1][column]
        for at in range(line, min(last_line, len(rows)) + 1):
            for place in range(column, min(last_column, grid.width - 1) + 1):
                rows[at - 1][place] = text
    return rows


def _read(grid: Grid, rows: list[list[str]], first: int, last: int, form: Form, names: Names) -> Head | None:
    head = Head(form, first, last)
    parents = [_carried(rows[at - 1], rows[at]) for at in range(first, last)]
    for column in range(grid.first, grid.width):
        pieces = [row[column] for row in (*parents, rows[last - 1])]
        told = list(dict.fromkeys(piece for piece in pieces if piece.strip()))
        if not told:
            continue
        if squeezed(told[-1]) == RESULT_TITLE:
            head.ours.add(column)
            continue
        head.titles += 1
        code, unit = _named(told, names)
        if not code:
            head.unknown[column] = " ".join("".join(told).split())
        elif code in head.places:
            head.twice[code] = column, "".join(told).strip()
        else:
            head.places[code] = column
            if unit:
                head.units[code] = unit
    return head if len(head.places) > 0 else None


def _carried(row: Sequence[str], below: Sequence[str]) -> list[str]:
    """An upper line of a head: its texts reach to the right as long as something stands below them."""
    out, text = [], ""
    for cell, under in zip(row, below, strict=True):
        text = cell if cell.strip() else (text if under.strip() else "")
        out.append(text)
    return out


def _named(told: Sequence[str], names: Names) -> tuple[str, str]:
    """The column that the lines of a head name together, or the lowest alone; and the unit of measure said."""
    for text in dict.fromkeys(("".join(told), "".join(told[-2:]), told[-1])):
        for name, unit in _forms_of(text):
            if name in names:
                return names[name], unit
    return "", ""


def nearest(column: Column, unknown: Sequence[str]) -> str:
    """The unknown title that may be this column; empty where there is none."""
    plain = {squeezed(title): title for title in unknown}
    for name in (column.title, *column.aliases):
        found = get_close_matches(squeezed(name), plain, n=1, cutoff=0.5)
        if found:
            return plain[found[0]]
    return ""


def read_above(grid: Grid, head: Head | None, is_unit: Callable[[str], bool]) -> Above:
    """Unit, period, reporter, phone, 零报告 and units of measure in the lines above the head."""
    out = Above()
    end = head.first_line - 1 if head else min(5, grid.height)
    for line, row in enumerate(grid.rows(1, min(end, _LOOKED_AT)), 1):
        cells = [(at, cell.strip()) for at, cell in enumerate(row) if cell.strip()]
        labelled = False
        for place, (at, text) in enumerate(cells):
            label = _LABELS.get(squeezed(text), "")
            after = cells[place + 1] if place + 1 < len(cells) else None
            if label == "measure":
                out.measures = {column: cell for column, cell in cells if column != at}
                labelled = True
            elif label:
                labelled = True
                if after is not None and squeezed(after[1]) not in _LABELS:
                    _say(out, label, after[1], (line, after[0]), is_unit)
            else:
                for found in _PAIR.finditer(text):
                    labelled = True
                    _say(out, _LABELS[found.group(1)], found.group(2).strip(), (line, at), is_unit)
        if cells and not labelled:
            out.titles += [text for _, text in cells[:3]]
    if head is not None:
        _measures_in_line(grid, head, out)
    return out


def _say(out: Above, label: str, text: str, place: tuple[int, int], is_unit: Callable[[str], bool]) -> None:
    if label in ("unit", "measure") and not is_unit(text):
        words = [word for word in re.split(r"[、,，/;；\s]+", text) if word]
        money = [word for word in words if word.endswith("元")]
        if money and all(len(word) <= 3 for word in words):
            out.money = money[0] if len(money) == 1 else ""
            return
        if label == "measure":
            return
    if text and label not in out.said:
        out.said[label], out.places[label] = text, place


def _measures_in_line(grid: Grid, head: Head, out: Above) -> None:
    """A line of units of measure right above the head need not be called so."""
    if out.measures:
        return
    line = head.first_line - 1
    row = grid.rows(line, line)[0] if line >= 1 else []
    told = {column: row[column].strip() for column in head.places.values() if column < len(row) and row[column].strip()}
    declared = {column.unit for column in head.form.columns if column.unit}
    if told and all(any(power_between(word, unit) is not None for unit in declared) for word in told.values()):
        out.measures = told


def power_between(said: str, declared: str) -> int | None:
    """Tens that turn a figure in the unit said into the unit declared: 元 to 万元 is -4. None: not the same thing."""
    pairs = []
    for text in (said, declared):
        plain = squeezed(text)
        plain = _SAME_UNITS.get(plain, plain)
        if plain == "吨":
            pairs.append({"克": 6})
            continue
        pairs.append({plain[len(scale) :]: power for scale, power in _SCALES.items() if plain.startswith(scale)})
    same = [pairs[0][base] - pairs[1][base] for base in pairs[0] if base and base in pairs[1]]
    return same[0] if same else None
