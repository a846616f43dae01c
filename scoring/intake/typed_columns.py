"""One column of texts → typed values and states, all rows at once. Knows columns; the meaning of a text is `read_cell`'s.

Plain cells are cast together; every other text goes to `read_cell`, each only once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from scoring.forms import Column
from scoring.intake.cells import Cell, CellState, read_cell

_SPACE = r"\s\p{Z}\x0b\x1c-\x1f\x{85}"
_BLANK = rf"^[{_SPACE}]*$"
# Texts that may be more than themselves: blank at the ends, control characters, signs of the other states, errors
_ODD = (
    rf"^[{_SPACE}]*$|^[{_SPACE}]|[{_SPACE}]$|[\x00-\x08\x0b-\x1f\x7f\x{{fffd}}]"
    r"|^[*＊Xx×✕…./／—－不#E-]"
)
_PLAIN_WHOLE = r"^-?[0-9]{1,9}$"
_PLAIN_DECIMAL = r"^-?[0-9]{1,9}(?:\.[0-9]{1,%d})?$"


@dataclass
class TypedColumn:
    """Row by row. `odd`: what `read_cell` has a problem or a note with, by row."""

    values: list[object]
    states: list[CellState]
    odd: dict[int, Cell] = field(default_factory=dict)


def blank_rows(column: pa.StringArray) -> pa.BooleanArray:
    """Where nothing but blanks stands."""
    return pc.match_substring_regex(column, _BLANK)


def typed_column(texts: pa.StringArray, column: Column, power: int = 0, serials: bool = True) -> TypedColumn:
    """The same as `read_cell` for every text, and as quick as the texts are plain."""
    if column.type in ("integer", "decimal") and not power:
        plain = _numbers(texts, column)
    elif column.type == "text":
        plain = pc.if_else(pc.match_substring_regex(texts, _ODD), None, texts)
    else:
        return _by_distinct(texts, column, power, serials)
    return _rest(texts, plain, column, power, serials)


def _numbers(texts: pa.StringArray, column: Column) -> pa.Array:
    """Cast where nothing is odd and the number is within its bounds; null elsewhere."""
    if column.type == "integer":
        kind, pattern = pa.int64(), _PLAIN_WHOLE
    else:
        kind = pa.decimal128(18, column.decimals)
        pattern = _PLAIN_DECIMAL % column.decimals if column.decimals else _PLAIN_WHOLE
    numbers = pc.if_else(pc.match_substring_regex(texts, pattern), texts, None).cast(kind)
    for bound, compare in ((column.at_least, pc.greater_equal), (column.at_most, pc.less_equal)):
        if bound is not None:
            inside = compare(numbers, _as_bound(bound))
            numbers = pc.if_else(inside, numbers, None)
    return numbers


def _as_bound(bound: Decimal) -> pa.Scalar:
    exponent = bound.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return pa.scalar(bound, pa.decimal128(30, decimals))


def _rest(texts: pa.StringArray, plain: pa.Array, column: Column, power: int, serials: bool) -> TypedColumn:
    out = TypedColumn(plain.to_pylist(), ["value"] * len(texts))
    rows = pc.indices_nonzero(pc.is_null(plain))
    if not len(rows):
        return out
    known: dict[str, Cell] = {}
    for row, text in zip(rows.to_pylist(), texts.take(rows).to_pylist(), strict=True):
        cell = known.get(text)
        if cell is None:
            cell = known[text] = read_cell(text, column, power, serials)
        out.values[row], out.states[row] = cell.value, cell.state
        if cell.problem or cell.note:
            out.odd[row] = cell
    return out


def _by_distinct(texts: pa.StringArray, column: Column, power: int, serials: bool) -> TypedColumn:
    coded = texts.dictionary_encode()
    cells = [read_cell(text, column, power, serials) for text in coded.dictionary.to_pylist()]
    values, states = [cell.value for cell in cells], [cell.state for cell in cells]
    codes = coded.indices.to_pylist()
    told = {code for code, cell in enumerate(cells) if cell.problem or cell.note}
    odd = {row: cells[code] for row, code in enumerate(codes) if code in told} if told else {}
    return TypedColumn([values[code] for code in codes], [states[code] for code in codes], odd)
