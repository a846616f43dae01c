"""Words for a due period as reporters write them: 2024Q3, 2024年第3季度, 2024 年三季度 … Knows labels only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from unicodedata import normalize

from scoring.calendar import label_words

_QUARTERS = "一二三四"


def _plain(text: str) -> str:
    return "".join(normalize("NFKC", text).split()).upper()


@cache
def words_of(label: str) -> tuple[str, ...]:
    """All the ways a label may be written, as compared."""
    year, rest = label[:4], label[4:]
    out = [label, label_words(label)]
    if len(label) == 10:
        day = [int(part) for part in label.split("-")]
        out += [f"{day[0]}年{day[1]:02d}月{day[2]:02d}日", f"{day[0]}.{day[1]}.{day[2]}", f"{day[0]}/{day[1]}/{day[2]}"]
        out += [f"{day[0]}-{day[1]}-{day[2]}", label.replace("-", "")]
    elif "Q" in label:
        number = _QUARTERS[int(label[-1]) - 1]
        out += [f"{year}年{label[-1]}季度", f"{year}年第{number}季度", f"{year}年{number}季度"]
        out += [f"{year}年度第{number}季度", f"{year}年度{number}季度"]
    elif "H" in label:
        half = "上" if label[-1] == "1" else "下"
        out += [f"{year}年度{half}半年", f"{year}{half}半年"]
    elif "W" in label:
        out += [f"{year}年第{rest[2:]}周", f"{year}年{int(rest[2:])}周"]
    elif rest:
        month = int(rest[1:])
        out += [
            f"{year}年{month:02d}月",
            f"{year}-{month}",
            f"{year}.{month}",
            f"{year}.{month:02d}",
            f"{year}/{month}",
        ]
        out += [f"{year}年{month}月份"]
    else:
        out += [f"{year}年度"]
    return tuple(dict.fromkeys(_plain(one) for one in out))


def period_said(text: str, labels: Iterable[str]) -> str:
    """The label that the text is; empty where it is none."""
    plain = _plain(text)
    return next((label for label in labels if plain in words_of(label)), "")


def period_in(text: str, labels: Iterable[str]) -> str:
    """The label named somewhere in the text: the longest of its words, and no year where a part of it is named."""
    plain = _plain(text)
    best = ("", "")
    for label in labels:
        if len(label) == 4 and re.search(r"季度|半年|月|第\d+周", plain):
            continue
        for words in words_of(label):
            if words in plain and len(words) > len(best[0]) and re.search(rf"(?<!\d){re.escape(words)}(?!\d)", plain):
                best = words, label
    return best[1]
