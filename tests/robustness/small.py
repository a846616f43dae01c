"""Tiny groups whose items are plain shares of their full marks: what the tests of the study work out by hand. No test here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from scoring.insight.robustness import Shares, shares_of
from tests.tiny import Scores, Tiny

NOT_ROUNDED = "{rate: none, item: none, section: none, total: none, places_by: exact}"


def scores(folder: Path, fulls: Sequence[int], percents: Mapping[str, Sequence[int]], **chosen: str) -> Scores:
    """Sections s1, s2 … of one item x1, x2 … each; every unit has so many percent of each."""
    sections = "".join(
        f"- code: s{k}\n  title: 部分{k}\n  full_marks: {full}\n  indicators:\n"
        f"    - {{code: x{k}, title: 指标{k}, clause: 第{k}条, full_marks: {full}, "
        f"rules: [{{kind: piecewise, of: m{k}, straight: [[0, 0], [100, full]]}}]}}\n"
        for k, full in enumerate(fulls, 1)
    )
    rows = [" ".join(["单位", *(f"m{k}" for k in range(1, len(fulls) + 1))])]
    rows += [" ".join([unit, *(str(one) for one in given)]) for unit, given in percents.items()]
    return Tiny(table="\n".join(rows), sections=sections, **chosen).score(folder)  # type: ignore[arg-type]


def small(folder: Path, fulls: Sequence[int], percents: Mapping[str, Sequence[int]], **chosen: str) -> Shares:
    return shares_of(scores(folder, fulls, percents, **chosen).assessment, "all")
