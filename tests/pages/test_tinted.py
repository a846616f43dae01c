"""Tinted tables against pandas' own Styler, both as Streamlit sends them to the browser."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa
import pytest
from pandas.io.formats.style import Styler
from streamlit.elements.lib.pandas_styler_utils import marshall_styler
from streamlit.proto.ArrowData_pb2 import ArrowData

from pages.ui.tinted import tinted

FRAME = pd.DataFrame({"名次": ["1", " 2", "暂缺"], "单位": ["甲县", "乙县", "丙县"], "迟报": [0, 3, 0], "等次": [["优秀"], ["良好"], ["暂缺"]]})


def red(value: object) -> str:
    return "color: #b42318" if value == "暂缺" or value == 3 else ""


def spaced(text: str) -> str:
    return text.replace(" ", "\u2007")


def sent(styler: Styler) -> tuple[dict[str, set[str]], pd.DataFrame]:
    """Declarations by cell, and the texts shown."""
    proto = ArrowData()
    styler.uuid = None  # type: ignore[assignment]
    marshall_styler(proto, styler, "one")
    cells: dict[str, set[str]] = {}
    for selectors, told in re.findall(r"([^{}]+)\{([^{}]+)\}", proto.styler.styles):
        for selector in selectors.split(","):
            cells.setdefault(selector.strip(), set()).update(one.strip() for one in told.split(";") if one.strip())
    return cells, pa.ipc.open_stream(proto.styler.display_values).read_pandas()


def same(ours: Styler, theirs: Styler) -> None:
    (our_cells, our_texts), (their_cells, their_texts) = sent(ours), sent(theirs)
    assert our_cells == their_cells
    pd.testing.assert_frame_equal(our_texts, their_texts, check_column_type=False)


def test_colours_of_cells() -> None:
    found, _ = sent(tinted(FRAME, {"名次": red, "迟报": red}))
    assert found == {"#T_one_row2_col0": {"color: #b42318"}, "#T_one_row1_col2": {"color: #b42318"}}
    same(tinted(FRAME, {"名次": red, "迟报": red}), FRAME.style.map(red, subset=["名次", "迟报"]))


def test_a_row_set_off_keeps_its_colours() -> None:
    mark = "background-color: rgba(69, 127, 177, 0.18)"
    theirs = FRAME.style.map(red, subset=["名次"]).apply(lambda row: [mark if row.name == 2 else ""] * len(row), axis=1)
    same(tinted(FRAME, {"名次": red}, row=mark, at=2), theirs)


def test_other_texts() -> None:
    _, texts = sent(tinted(FRAME, texts={"名次": spaced, "迟报": lambda count: str(count) if count else "—"}))
    assert list(texts["名次"]) == ["1", "\u20072", "暂缺"]
    assert list(texts["迟报"]) == ["—", "3", "—"]
    assert list(texts["单位"]) == ["甲县", "乙县", "丙县"]
    same(tinted(FRAME, texts={"名次": spaced}), FRAME.style.format({"名次": spaced}))


def test_the_same_table_is_the_same_message() -> None:
    """Otherwise it is sent again at every rerun."""
    first, again = ArrowData(), ArrowData()
    marshall_styler(first, tinted(FRAME, {"名次": red}), "one")
    marshall_styler(again, tinted(FRAME, {"名次": red}), "one")
    assert first == again


@pytest.mark.parametrize("rows", [0, 1])
def test_small_tables(rows: int) -> None:
    frame = FRAME.head(rows)
    same(tinted(frame, {"名次": red}, {"名次": spaced}, "color: red", 7), frame.style.map(red, subset=["名次"]).format({"名次": spaced}))
