"""What a submission would change against the one that counts now: rows added, gone, altered. Compares text, scores nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass

from scoring.desk.desk import Desk
from scoring.store.records import Row


@dataclass(frozen=True)
class Changes:
    """`rows`: one for each cell that differs, as a page shows it; `other`: the submission compared with."""

    other: str
    added: int
    gone: int
    altered: int
    rows: tuple[dict[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.altered)

    @property
    def words(self) -> str:
        if not self:
            return f"与 {self.other} 各行相同"
        told = [(self.added, "新增"), (self.gone, "减少"), (self.altered, "改动")]
        return f"（{self.other}）" + "，".join(f"{word} {count} 行" for count, word in told if count)


def changes(desk: Desk, no: str) -> Changes | None:
    """Against the submission that counts now for the same report; None where there is none, or for a register."""
    found = desk.records.fetch("SELECT form, unit, period, whole FROM submission WHERE no = ?", [no])
    if not found or not found[0]["whole"]:
        return None
    one = found[0]
    counted = desk.records.fetch(
        "SELECT no FROM counted_submission WHERE form = ? AND unit = ? AND period = ? AND whole",
        [one["form"], one["unit"], one["period"]],
    )
    if not counted or counted[0]["no"] == no:
        return None
    return _compared(desk, one["form"], counted[0]["no"], no)


def _compared(desk: Desk, form_code: str, before: str, after: str) -> Changes:
    form = desk.forms[form_code]
    old, new = _rows(desk, before), _rows(desk, after)
    rows: list[dict[str, str]] = []
    altered = 0
    for key in dict.fromkeys([*old, *new]):
        left, right = old.get(key), new.get(key)
        if left is None or right is None:
            shown = "，".join(text for text in (right or left or {}).values() if text)
            rows.append(
                {"行": key, "列": "整行", "原来": shown if left else "没有", "现在": shown if right else "没有"}
            )
            continue
        differing = [c for c in form.columns if left.get(c.code, "") != right.get(c.code, "")]
        altered += bool(differing)
        rows += [
            {"行": key, "列": c.title, "原来": left.get(c.code, "") or "空白", "现在": right.get(c.code, "") or "空白"}
            for c in differing
        ]
    added = sum(key not in old for key in new)
    return Changes(before, added, sum(key not in new for key in old), altered, tuple(rows[:200]))


def _rows(desk: Desk, no: str) -> dict[str, dict[str, str]]:
    """Rows that count by their key (by their place where a form has none): values, and marks of absence as typed."""
    found: list[Row] = desk.records.fetch(
        "SELECT row_key, position, typed, value FROM ledger_row WHERE submission = ? AND NOT aside ORDER BY position",
        [no],
    )
    return {
        "，".join(_key(row["row_key"])) or f"第 {row['position'] + 1} 行": {**row["typed"], **row["value"]}
        for row in found
    }


def _key(text: str) -> list[str]:
    return [str(part) for part in json.loads(text)] if text else []
