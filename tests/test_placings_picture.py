"""Pictures of the study as SVG: where bars begin and end, what they say, both themes, odd names; and as PNG."""

from __future__ import annotations

import struct
from xml.etree import ElementTree

import pytest

from scoring.insight.robustness import Placings, certainty
from scoring.reports.bars_picture import Bar, bars
from scoring.reports.pictures import png
from scoring.reports.placings_picture import LEFT, RIGHT, WIDTH, placings_picture
from tests.robustness.test_certainty import by_hand

SVG = "{http://www.w3.org/2000/svg}"


def found() -> Placings:
    """20 draws of four units; 丁 has no place yet. 甲: 18 × 1, 2 × 2. 乙: 18 × 2, 2 × 1. 丙: always 3. 丁: always 4."""
    return by_hand([[1, 2, 3, 4]] * 18 + [[2, 1, 3, 4]] * 2, (1, 2, 3, None))


def rows(svg: str) -> dict[str, ElementTree.Element]:
    """The drawing of each unit, by its name."""
    root = ElementTree.fromstring(svg)
    drawn = [one for one in root.findall(f"{SVG}g") if one.find(f"{SVG}title") is not None]
    return {(one.find(f"{SVG}text").text or ""): one for one in drawn}  # type: ignore[union-attr]


def test_where_the_bars_stand() -> None:
    """Four places in 900 − 178 − 150 = 572 pixels: 143 each, the middle of the first at 178 + 71.5 = 249.5. A bar reaches 14
    beyond the middle of its places. 甲 in 19 of 20 draws up to 2: from 1 to 2."""
    assert WIDTH - LEFT - RIGHT == 572
    drawn = rows(placings_picture(certainty(found()), "light"))
    assert list(drawn) == ["甲县", "乙县", "丙县", "丁县"]
    bar = drawn["甲县"].findall(f"{SVG}rect")[1]
    assert (float(bar.get("x")), float(bar.get("width"))) == (249.5 - 14, 143 + 28)
    assert float(drawn["乙县"].find(f"{SVG}circle").get("cx")) == 249.5 + 143
    assert drawn["丁县"].find(f"{SVG}circle") is None, "no place yet: no mark for it"
    assert [one.findall(f"{SVG}text")[-1].text for one in drawn.values()] == ["第 1–2 名", "第 1–2 名", "第 3 名", "第 4 名"]


def test_what_a_bar_says() -> None:
    drawn = rows(placings_picture(certainty(found()), "light"))
    told = "甲县：现为第 1 名，90%的次数不变；十次有九次在第 1–2 名，居中第 1 名；最好第 1 名，最差第 2 名"
    assert drawn["甲县"].find(f"{SVG}title").text == told
    assert drawn["丁县"].find(f"{SVG}title").text.startswith("丁县：现在还没有名次；十次有九次在第 4 名")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_and_odd_names(theme: str) -> None:
    odd = found()
    odd = Placings(odd.group, odd.units, ('甲<b>&"县', *odd.titles[1:]), odd.nominal, odd.places, odd.tails, '把"<一>"变动', 1)
    svg = placings_picture(certainty(odd), theme)
    assert '甲<b>&"县' in rows(svg)
    assert ("#ffffff" in svg) is (theme == "light")


def test_hundreds_of_places_have_few_figures() -> None:
    """300 units: figures at the first and each twentieth place, 16 of them."""
    count = 300
    nominal = tuple(range(1, count + 1))
    places = by_hand([[1]], (1,)).places.repeat(count, axis=1)
    places[0] = nominal
    from scoring.insight.robustness.places import tails_of

    many = Placings("县区", tuple(f"c{n}" for n in nominal), ("县",) * count, nominal, places, tails_of(places), "", 1)
    root = ElementTree.fromstring(placings_picture(certainty(many), "light"))
    figures = [one.text for one in root.findall(f"{SVG}text")]
    assert figures[:-1] == ["1", *(str(n) for n in range(20, 301, 20))]


def test_nobody_has_a_place() -> None:
    assert placings_picture(certainty(by_hand([[0, 0]] * 3, (1, 2))), "light") == ""


def test_as_png() -> None:
    """Signature, and the width that was asked for, in the header."""
    data = png(placings_picture(certainty(found()), "light"), 800)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", data[16:20]) == (800,)


def test_two_bars() -> None:
    """The longest share, 0.4, is 900 − 236 − 190 = 474 pixels; 0.1 is 118.5; nothing is drawn below 0."""
    svg = bars([Bar("甲", 0.1, 0.4, "1", "一"), Bar("乙", 0.2, -0.1, "2", "二")], ("浅", "深"), "light")
    drawn = rows(svg)
    widths = {name: [float(one.get("width")) for one in row.findall(f"{SVG}rect")[1:]] for name, row in drawn.items()}
    assert widths == {"甲": [118.5, 474.0], "乙": [237.0, 0.0]}
    assert bars([], ("浅", "深"), "dark") == ""
