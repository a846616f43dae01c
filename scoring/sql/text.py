"""Literals, identifiers, comments and layout of the SQL we print. Knows no database and no rubric."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

Line = str | tuple[str, str]  # a column, possibly with the comment above it

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")
_QUOTED_OR_COMMENT = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|--[^\n]*""")
# Words that DuckDB would read as grammar where we use them as column or table names.
_RESERVED = frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "anti",
        "any",
        "array",
        "as",
        "asc",
        "asof",
        "asymmetric",
        "at",
        "authorization",
        "binary",
        "both",
        "by",
        "case",
        "cast",
        "check",
        "collate",
        "collation",
        "column",
        "concurrently",
        "constraint",
        "create",
        "cross",
        "default",
        "deferrable",
        "desc",
        "describe",
        "distinct",
        "do",
        "else",
        "end",
        "except",
        "false",
        "fetch",
        "for",
        "foreign",
        "freeze",
        "from",
        "full",
        "glob",
        "group",
        "having",
        "ilike",
        "in",
        "initially",
        "inner",
        "intersect",
        "into",
        "is",
        "isnull",
        "join",
        "lambda",
        "lateral",
        "leading",
        "left",
        "like",
        "limit",
        "natural",
        "not",
        "notnull",
        "null",
        "offset",
        "on",
        "only",
        "or",
        "order",
        "outer",
        "overlaps",
        "period",
        "pivot",
        "pivot_longer",
        "pivot_wider",
        "placing",
        "positional",
        "primary",
        "qualify",
        "references",
        "returning",
        "right",
        "select",
        "semi",
        "show",
        "similar",
        "some",
        "summarize",
        "symmetric",
        "table",
        "tablesample",
        "then",
        "to",
        "trailing",
        "true",
        "union",
        "unique",
        "unit",
        "unpack",
        "unpivot",
        "using",
        "variadic",
        "verbose",
        "when",
        "where",
        "window",
        "with",
    ]
) - {"unit", "period"}


@dataclass(frozen=True)
class Query:
    """One step of the calculation: the table it makes, what one row of it is, and its SELECT.

    `stage`: `measure` depends on data and measure definitions only; `score` also on points and thresholds;
    `detail` only explains. `about` names the indicators (codes) that the text speaks of.
    """

    name: str
    one_row_per: str
    select: str
    stage: str = "score"
    about: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """The statement as printed and run."""
        head = f"-- {self.name}：{comment(self.one_row_per)}\n"
        return f"{head}CREATE OR REPLACE TABLE {identifier(self.name)} AS\n{self.select}"

    @property
    def bare(self) -> str:
        """The SELECT without comments, which the parser would read byte by byte."""
        return _QUOTED_OR_COMMENT.sub(lambda found: found[1] or "", self.select)


@cache
def identifier(name: str) -> str:
    """A column or table name, quoted where it must be."""
    if _PLAIN.match(name) and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | int | Decimal | date | bool | None) -> str:
    """A value of the rubric as an SQL literal. Submitted values never come this way."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + value.replace("'", "''") + "'"


def literals(values: Iterable[str | int | Decimal | date | bool | None]) -> str:
    return ", ".join(literal(value) for value in values)


def comment(text: str) -> str:
    """Text made safe for a one-line comment."""
    return " ".join(text.split())


def indent(text: str, by: int = 4) -> str:
    pad = " " * by
    return "\n".join(pad + line if line else line for line in text.splitlines())


def columns(lines: Sequence[Line]) -> str:
    """A SELECT list, one column a line; an entry (sql, comment) prints its comment above it."""
    out: list[str] = []
    for position, line in enumerate(lines):
        sql, note = (line, "") if isinstance(line, str) else line
        out.extend(f"    -- {comment(part)}" for part in note.splitlines() if part.strip())
        out.append(indent(sql) + ("," if position < len(lines) - 1 else ""))
    return "\n".join(out)


def values_table(name: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """`SELECT * FROM (VALUES …) AS name(a, b)`; an empty table keeps its columns."""
    heads = ", ".join(identifier(n) for n in names)
    if not rows:
        nulls = ", ".join(f"NULL AS {identifier(n)}" for n in names)
        return f"SELECT {nulls} WHERE FALSE"
    body = ",\n".join("    (" + literals(row) + ")" for row in rows)  # type: ignore[arg-type]
    return f"SELECT * FROM (VALUES\n{body}\n) AS {identifier(name)}({heads})"
