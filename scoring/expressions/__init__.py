"""What an analyst may write in value / where / when: parsed against a list, typed, turned into exact SQL."""

from scoring.expressions.parse import Expr, ExpressionError, names, parse

__all__ = ["Expr", "ExpressionError", "names", "parse"]
