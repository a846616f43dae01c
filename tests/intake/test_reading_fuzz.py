"""2,000 mutated workbooks: no traceback, every refused cell has its place, nothing wrong is accepted.

Half of them are written at random over a known truth, cell by cell; the other half are such files with bytes of the
archive, or of the XML inside, damaged. A small number runs with the other tests.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from scoring.intake.container import Refused
from scoring.intake.reading import Expected, Reading, read_reports
from scoring.intake.reported import ReportedSheet
from scoring.intake.workbook import read_workbook
from tests.intake.planted import FORMS, Planted, packed, plant
from tests.intake.submitted import REGISTER

SEED = 20241
WHO = Expected("c1", "mixed")


def read(data: bytes) -> Reading | Refused:
    book = read_workbook(data, "随便.xlsx")
    if isinstance(book, Refused):
        assert book.problem
        assert book.fix
        return book
    return read_reports(book, WHO, FORMS, REGISTER, {})


def compare(planted: Planted, sheet: ReportedSheet, which: str) -> int:
    """Every row is there; every cell has its truth or is refused where it stands. Returns how many cells were."""
    assert not sheet.refused, (which, sheet.findings)
    rows = dict(zip(sheet.lines, range(len(sheet)), strict=True))
    told = {(one.line, one.column): one for one in sheet.findings if one.level == "A"}
    refused = 0
    for line, cells in planted.rows.items():
        filled = [code for code, cell in cells.items() if cell.kind and cell.text.strip()]
        if not filled:
            assert line not in rows, (which, line)
            continue
        row = rows[line]
        for code, cell in cells.items():
            got = sheet.values[code][row], sheet.states[code][row]
            place = (which, planted.written_by, line, code, cell, got)
            if cell.state == "refused":
                finding = told.get((line, code))
                assert finding is not None, place
                assert finding.letter == planted.letters[code], place
                assert finding.problem and finding.fix, place
                assert sheet.aside[row], place
                refused += 1
            elif cell.state == "value":
                value = (
                    cell.value.replace("\n", " ")
                    if planted.written_by == "ods" and isinstance(cell.value, str)
                    else cell.value
                )
                assert got == (value, "value"), place
                assert type(got[0]) is type(value), place
            else:
                assert got == (None, cell.state), place
        wrong = any(cell.state == "refused" for cell in cells.values())
        assert sheet.aside[row] == wrong, (which, line, [one for one in sheet.findings if one.line == line])
    assert set(rows) <= set(planted.rows), (which, set(rows) - set(planted.rows))
    return refused


def planted_cells(number: int) -> int:
    """One workbook over a known truth."""
    planted = plant(Random(SEED * 100_000 + number))
    found = read(planted.data)
    assert isinstance(found, Reading), (number, found)
    if not any(cell.kind and cell.text.strip() for cells in planted.rows.values() for cell in cells.values()):
        return 0
    assert len(found.sheets) == 1, (number, found.findings)
    return compare(planted, found.sheets[0], str(number))


def damaged(number: int) -> str:
    """One workbook with something broken in it. What is read all the same must be located, and true where the
    archive itself was hit (its check sums see that)."""
    random = Random(SEED * 200_000 + number)
    planted = plant(random)
    in_archive = random.random() < 0.5 or not planted.data.startswith(b"PK")
    data = _hit_bytes(planted.data, random) if in_archive else _hit_xml(planted.data, random)
    found = read(data)
    if isinstance(found, Refused):
        return "refused"
    for sheet in found.sheets:
        for one in sheet.findings:
            assert one.problem and one.fix
            if one.line is not None:
                assert one.level == "D" or (one.letter and one.column), one
        assert all(len(values) == len(sheet) for values in sheet.values.values())
        assert len(sheet.aside) == len(sheet.units) == len(sheet.lines) == len(sheet)
        if in_archive and planted.data.startswith(b"PK") and not sheet.refused:
            compare(planted, sheet, f"damaged {number}")
    return "read"


def _hit_bytes(data: bytes, random: Random) -> bytes:
    out = bytearray(data)
    for _ in range(random.choice([1, 1, 2, 8])):
        at = random.randrange(len(out))
        what = random.randrange(5)
        if what == 0:
            out[at] ^= 1 << random.randrange(8)
        elif what == 1:
            out[at] = random.randrange(256)
        elif what == 2:
            del out[at : at + random.randrange(1, 200)]
        elif what == 3:
            out[at:at] = bytes(random.randrange(256) for _ in range(random.randrange(1, 40)))
        else:
            out[at:] = b"" if random.random() < 0.3 else out[at:]
        if not out:
            return b""
    return bytes(out)


def _hit_xml(data: bytes, random: Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    for _ in range(random.choice([1, 1, 3])):
        name = (
            random.choice([one for one in names if "sheet" in one or "content" in one] or names)
            if random.random() < 0.6
            else random.choice(names)
        )
        parts[name] = _hit_text(parts[name], random)
        if random.random() < 0.05:
            del parts[name]
            names.remove(name)
    return packed(parts)


def _hit_text(text: bytes, random: Random) -> bytes:
    if not text:
        return text
    tags = [at for at in range(len(text)) if text[at : at + 1] == b"<"] or [0]
    at = random.choice(tags)
    end = text.find(b">", at) + 1 or len(text)
    what = random.randrange(9)
    if what == 0:
        return text[:at] + text[end:]  # a tag less
    if what == 1:
        return text[:end] + text[at:end] + text[end:]  # a tag twice
    if what == 2:
        digits = [place for place in range(len(text)) if text[place : place + 1].isdigit()] or [0]
        place = random.choice(digits)
        return text[:place] + random.choice([b"9", b"-", b"99999999999", b"x", b""]) + text[place + 1 :]
    if what == 3:
        return text.replace(b' r="', b' q="', random.choice([1, 10**6]))
    if what == 4:
        return text.replace(
            random.choice([b"A", b"B", b"C"]), random.choice([b"XFD", b"ZZZZ", b"\xe7\x94\xb2", b""]), 1
        )
    if what == 5:
        return text[: random.randrange(len(text))]
    if what == 6:
        return (
            text[:at]
            + random.choice(
                [b"<![CDATA[1]]>", b"<!-- -->", b"&amp;", b"&#0;", b"&x;", b"<?pi?>", b"<a><b/></a>", b"\xff"]
            )
            + text[at:]
        )
    if what == 7:
        return text.replace(
            b"<v>", b"<v>" + random.choice([b"1e999", b"-", b" ", b"NaN", b"9" * 400, b"1_0"]), random.choice([1, 5])
        )
    return text.replace(
        b't="s"', random.choice([b't="b"', b't="e"', b't="d"', b't="str"', b't="z"']), random.choice([1, 10**6])
    )


@pytest.mark.parametrize("number", range(60))
def test_a_few_over_a_known_truth(number: int) -> None:
    planted_cells(number)


@pytest.mark.parametrize("number", range(60))
def test_a_few_damaged(number: int) -> None:
    damaged(number)


@pytest.mark.trial
def test_two_thousand_mutated_workbooks(trial_size: Callable[[int, int], int]) -> None:
    size = trial_size(1000, 200)
    refused_cells = sum(planted_cells(number) for number in range(1000, 1000 + size))
    ends = [damaged(number) for number in range(1000, 1000 + size)]
    told = f"{2 * size} files, {refused_cells} cells refused in their place, {Counter(ends)}"
    assert refused_cells > 5 * size, told
    assert Counter(ends)["refused"] > size / 10, told
    assert Counter(ends)["read"] > size / 20, told
