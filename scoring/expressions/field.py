"""An expression as a field of a specification: its text and its tree. Knows pydantic and the grammar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from scoring.expressions.parse import Expr, ExpressionError, parse
from scoring.source import misread, refusal


@dataclass(frozen=True)
class Formula:
    """An expression as written, with its tree."""

    text: str
    tree: Expr


def formula(value: Any) -> Formula:
    """What is written, parsed. Raises a refusal."""
    if isinstance(value, Formula):
        return value
    if value is None:
        raise refusal("表达式是空的", "请写表达式，或删去这个键")
    if isinstance(value, (dict, list)):
        raise misread(value, "须为表达式，现为{0}", "请写一个表达式，例如 value < 100")
    try:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return Formula(text, parse(text))
    except ExpressionError as error:
        raise refusal(error.problem, error.fix, slip=error.slip) from None


WRITTEN = {"type": ["string", "number", "boolean"], "pattern": "\\S"}  # for the JSON Schema that editors read
FormulaField = Annotated[Formula, BeforeValidator(formula), WithJsonSchema(WRITTEN)]
