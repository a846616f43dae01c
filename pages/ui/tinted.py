"""Colours and other texts for the cells of a table, worked out here and not by pandas. Knows no score and no page.

pandas' Styler prepares a whole HTML page of which Streamlit takes colours and texts: 7 ms of the interpreter for 12 rows,
27 for 112, at every rerun of every visitor. Streamlit wants a Styler, and gets one that has its answer ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd
from pandas.io.formats.style import Styler

Tones = Mapping[str, Callable[[Any], str]]
Texts = Mapping[str, Callable[[Any], str]]


def tinted(frame: pd.DataFrame, tones: Tones | None = None, texts: Texts | None = None, row: str = "", at: int | None = None) -> Styler:
    """`tones`: by column, a value's declarations ("color: #b42318", or ""); `texts`: by column, what is printed for it.
    `row`: declarations of the one row that stands `at`, counted from 0."""
    places = {name: place for place, name in enumerate(frame)}
    styles: dict[str, list[str]] = {}
    if row and at is not None and 0 <= at < len(frame):
        styles[row] = [f"row{at}_col{place}" for place in places.values()]
    for name, tone in (tones or {}).items():
        for number, value in enumerate(frame[name].tolist()):
            if told := tone(value):
                styles.setdefault(told, []).append(f"row{number}_col{places[name]}")
    cells = [cell for name, told in (texts or {}).items() for cell in _changed(frame[name].tolist(), places[name], told)]
    answer = {
        "cellstyle": [{"props": [*_declarations(told)], "selectors": selectors} for told, selectors in styles.items()],
        "body": [cells],
    }
    styler = frame.style
    styler.uuid = None  # pandas' is another one each time: the same table would be sent again at every rerun
    styler._compute = lambda: styler  # type: ignore[method-assign]
    styler._translate = lambda *_: answer  # type: ignore[method-assign]
    return styler


def _changed(values: list[Any], column: int, told: Callable[[Any], str]) -> Iterator[dict[str, str]]:
    """Where the text is what stands there anyway, nothing has to be said."""
    for number, value in enumerate(values):
        if (text := told(value)) != str(value):
            yield {"id": f"row{number}_col{column}", "display_value": text}


def _declarations(told: str) -> Iterator[tuple[str, str]]:
    for one in told.split(";"):
        if one.strip():
            name, _, value = one.partition(":")
            yield name.strip(), value.strip()
