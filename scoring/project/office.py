"""config/office.yaml: who issues, where the data are, which periods are offered, the office's own holidays. Reads no data."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from scoring.issues import Issue
from scoring.source import DAY_PATTERN, Day, Spec, Text, load, misread, read, refusal


class Names(Spec):
    title: Text
    short: Text


def _holidays(value: Any) -> Any:
    if not isinstance(value, dict):
        raise refusal("须为一组“日期: 休或班”", "例如 2027-01-01: 休")
    table: dict[date, bool] = {}
    for day, word in value.items():
        try:
            table[date.fromisoformat(str(day))] = {"休": False, "班": True}[str(word)]
        except (ValueError, KeyError):
            raise refusal(f"“{day}: {word}”读不懂", "请写成 2027-01-01: 休，或 班") from None
    return table


def _year(value: Any) -> Any:
    text = str(value)
    if not (len(text) == 4 and text.isdigit() and text.isascii() and 1990 <= int(text) <= 2100):
        raise misread(value, "{0}不是年份", "请写成 2024 的样子")
    return text


PeriodLabel = Annotated[
    str,
    BeforeValidator(_year),
    WithJsonSchema(
        {"type": ["string", "integer"], "minimum": 1990, "maximum": 2100, "pattern": "^(199[0-9]|20[0-9]{2}|2100)$"}
    ),
]
Holidays = Annotated[
    dict[date, bool],
    BeforeValidator(_holidays),
    WithJsonSchema(
        {"type": "object", "propertyNames": {"pattern": DAY_PATTERN}, "additionalProperties": {"enum": ["休", "班"]}}
    ),
]


class Office(Spec):
    """config/office.yaml: who issues, where the data are, which periods are offered, the office's own holidays."""

    office: Names
    city: Text
    sample: bool = False
    data: Text = "data"
    database: Text | None = None
    today: Day | None = None  # of a demonstration whose data are of another year
    periods: tuple[PeriodLabel, ...] = ()
    holidays: Holidays = Field(default_factory=dict)
    note: Text | None = None


WITHOUT = ("无", "none")  # said in place of a path: no database, the prepared files


def database_of(folder: Path, office: Office | None, said: str | None) -> Path | None:
    """The records of a project: what was said (command line, environment) before what office.yaml names; None without."""
    if said:
        return None if said in WITHOUT else Path(said).resolve()
    if office is None or office.database is None:
        return None
    return (folder / office.database).resolve()


def load_office(path: Path) -> tuple[Office | None, list[Issue]]:
    """Read config/office.yaml."""
    document, issues = load(path, "config/office.yaml")
    if document is None:
        return None, issues
    office, found = read(Office, document)
    if office is not None and office.today is not None and not office.sample:
        problem = "只有示例可以写 today，正式使用时以当天为准"
        found.append(document.issue(("today",), problem, "请删去 today"))
    return office, issues + found


def clock_of(office: Office | None, now: datetime) -> datetime:
    """The time it is taken to be: now, or the same hour of the day of the demonstration."""
    return datetime.combine(office.today, now.time()) if office is not None and office.today is not None else now
