"""Issue: one thing that is wrong or odd, where it is, and how to mend it. Knows no other module."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "notice", "A", "B", "C", "D"]

LEVEL_TITLES: dict[Level, str] = {
    "error": "错误",
    "warning": "提醒",
    "notice": "认定",
    "A": "强制（不计入）",
    "B": "需说明",
    "C": "需核实",
    "D": "提示",
}


@dataclass(frozen=True)
class Issue:
    """A problem as a value: collected and shown together, never raised one by one.

    `error` and `warning` concern configuration: an error stops scoring, a warning never does. A `notice` tells a
    choice the author of the rubric made; nothing is wrong with it.
    `A`–`D` concern submitted rows and are graded as the national statistics platform does it
    (A 强制, B 准强制, C 核实, D 提示): a row with an `A` is set aside, everything else is kept.
    """

    problem: str
    fix: str = ""
    file: str = ""
    line: int | None = None
    path: str = ""
    level: Level = "error"
    column: str = ""
    value: str = ""
    unit: str = ""

    def __str__(self) -> str:
        """`file:line: path: problem。fix。`, the one form in which every issue is shown."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        subject = self.path or self.column
        head = ": ".join(part for part in (place, subject) if part)
        body = _sentence(self.problem) + _sentence(self.fix)
        return f"{head}: {body}" if head else body

    @property
    def stops_scoring(self) -> bool:
        return self.level == "error"

    @property
    def sets_row_aside(self) -> bool:
        return self.level == "A"


def errors(issues: Iterable[Issue]) -> list[Issue]:
    """Those that stop scoring."""
    return [issue for issue in issues if issue.stops_scoring]


def set_aside(issues: Iterable[Issue]) -> list[Issue]:
    """Those that set a submitted row aside."""
    return [issue for issue in issues if issue.sets_row_aside]


def _sentence(text: str) -> str:
    if not text:
        return ""
    return text if text.endswith(("。", "？", "！", "…")) else text + "。"
