"""What changed from one version of a pack to the next: which cell of which result. Compares text, computes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoring.packs.tables import read_csv_rows, written
from scoring.units import Register

KEYS: dict[str, tuple[str, ...]] = {
    "ranking": ("group", "unit"),
    "unit_score": ("unit",),
    "indicator_score": ("unit", "indicator"),
    "node_score": ("unit", "section"),
    "shortfall": ("unit", "indicator"),
    "measure": ("unit", "measure"),
    "due": ("form", "unit", "due_period"),
}
SHOWN = {"total": "总分", "place": "名次", "grade": "等次", "state": "状态"}
HEADER = ["单位", "项目", "原来", "现在"]


def differences(before: bytes, after: bytes, keys: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """(row, column, before, after) of every cell that differs; rows are matched by `keys`, else by their position."""
    old, new = _by_key(before, keys), _by_key(after, keys)
    found = []
    for key in dict.fromkeys([*old, *new]):
        left, right = old.get(key), new.get(key)
        if left is None or right is None:
            found.append((key, "整行", "没有" if left is None else "有", "没有" if right is None else "有"))
            continue
        for column in dict.fromkeys([*left, *right]):
            if left.get(column) != right.get(column):
                found.append((key, column, left.get(column, "没有"), right.get(column, "没有")))
    return found


def _by_key(data: bytes, keys: Sequence[str]) -> dict[str, dict[str, str]]:
    head, *rows = read_csv_rows(data) or [[]]
    found: dict[str, dict[str, str]] = {}
    for at, row in enumerate(rows, 1):
        cells = dict(zip(head, row, strict=False))
        key = " ".join(cells.get(name, "") for name in keys) if keys else f"第 {at} 行"
        found[key if key not in found else f"{key}（第 {at} 行）"] = cells
    return found


def difference_csv(
    before: Mapping[str, bytes], after: Mapping[str, bytes], register: Register, indicators: Mapping[str, str]
) -> bytes:
    """Total, place and grade of each unit, and points of each indicator, as far as they changed. `indicators`: titles."""
    rows: list[list[str]] = []
    name = "results/ranking.csv"
    for key, column, old, new in differences(before.get(name, b""), after[name], ("unit",)):
        if column in SHOWN:
            rows.append([register.title(key), SHOWN[column], old or "暂缺", new or "暂缺"])
    name = "results/indicator_score.csv"
    for key, column, old, new in differences(before.get(name, b""), after[name], ("unit", "indicator")):
        if column == "points":
            unit, _, indicator = key.partition(" ")
            told = f"{indicators.get(indicator, indicator)}　得分"
            rows.append([register.title(unit), told, old or "暂缺", new or "暂缺"])
    return written(HEADER, rows)
