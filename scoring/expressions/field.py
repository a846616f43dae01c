"""An expression as a field of a specification: its text and its tree. Knows pydantic and the grammar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

from scoring.expressions.parse import Expr, ExpressionError, parse
from scoring.source import refusal


@dataclass(frozen=True)
class Formula:
    """An expression as written, with its tree."""

    text: str
    tree: Expr


def _formula(value: Any) -> Any:
    if isinstance(value, Formula):
        return value
    if value is None:
        raise refusal("表达式是空的", "请写表达式，或删去这个键")
    try:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return Formula(text, parse(text))
    except ExpressionError as error:
        raise refusal(error.problem, error.fix) from None


FormulaField = Annotated[Formula, BeforeValidator(_formula)]
