"""Years that a text names (V14): two of them in one row, or another than that of the report, are asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from scoring.intake.reported import Finding

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年(?!代)")


def years_named(text: str) -> list[int]:
    """In the order of the text, each once."""
    return list(dict.fromkeys(int(year) for year in _YEAR.findall(text)))


def conflicting_years(
    rows: Iterable[tuple[int | None, Sequence[str]]], expected: int | None = None, column: str = ""
) -> list[Finding]:
    """V14: of each row (line, its texts: title, body …) the years named, and the year it is reported for."""
    found = []
    for line, texts in rows:
        named = list(dict.fromkeys(year for text in texts for year in years_named(text)))
        told = "、".join(f"{year}年" for year in named)
        if len(named) > 1:
            problem = f"同一份材料里写了不同的年份：{told}"
        elif expected is not None and named and named != [expected]:
            problem = f"材料里写的是{told}，报的是 {expected} 年"
        else:
            continue
        found.append(Finding("V14", "B", problem, "请核对；确实如此的，请写明原因", line, column))
    return found
