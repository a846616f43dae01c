"""Days as a rubric writes them: 06-30, a day that every year has, and +10d, so many days after the period."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from scoring.source import misread

# Every day that every year has.
_DAY = "((0?[1-9]|1[0-2])-(0?[1-9]|1[0-9]|2[0-8])|(0?[13-9]|1[0-2])-(29|30)|(0?[13578]|1[02])-31)"
_AFTER = "[+][0-9]+d"


def read_month_day(value: Any) -> tuple[int, int] | None:
    """Month and day; None where it is no such day."""
    try:
        month, day = str(value).split("-")
        date(2023, int(month), int(day))
        return (int(month), int(day))
    except ValueError:
        return None


def read_days_after(value: Any) -> int | None:
    """The number of days; None where it is not written so."""
    text = str(value)
    return int(text[1:-1]) if text.startswith("+") and text.endswith("d") and text[1:-1].isdigit() else None


def _month_day(value: Any) -> Any:
    found = value if isinstance(value, tuple) else read_month_day(value)
    if found is None:
        raise misread(value, "{0}不是每年都有的一天", "请写成 01-01 的样子，先月后日")
    return found


def _days_after(value: Any) -> Any:
    found = read_days_after(value)
    if found is None:
        raise misread(value, "截止{0}读不懂", "请写成 +10d，表示考核期结束后 10 天")
    return found


MonthDay = Annotated[
    tuple[int, int], BeforeValidator(_month_day), WithJsonSchema({"type": "string", "pattern": f"^{_DAY}$"})
]
DaysAfter = Annotated[
    int, BeforeValidator(_days_after), WithJsonSchema({"type": "string", "pattern": f"^{_AFTER}$"})
]
DAY_OR_AFTER = f"^({_DAY}|{_AFTER})$"
