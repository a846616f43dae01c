"""How a changeable figure is written (8, full, 50% of full, 30%, base >= 80), and how far a slider goes. Knows no rule."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Literal

from scoring.rubric.knob_titles import Told, What
from scoring.source import Document, Loc, written

Form = Literal["number", "of_full", "percent", "fraction", "formula"]
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_OF_FULL = re.compile(r"(\d+(?:\.\d+)?)\s*%\s*of\s+full\Z")
_PERCENT = re.compile(r"\d+(?:\.\d+)?\s*%")
_HUNDRED, _ZERO = Decimal(100), Decimal(0)
_UP_TO_THE_TOP = (What.FULL_MARKS, What.GRADE, What.VETO, What.GATE)
_STEPS = {
    What.FULL_MARKS: ("0.5", "0.1"),
    What.THRESHOLD: ("1", "0.5", "0.1"),
    What.PRICE: ("0.1", "0.05"),
    What.GRADE: ("1", "0.5"),
    What.VETO: ("1", "0.5"),
}


def plain(value: Decimal) -> str:
    """12.5, 100, -3: without exponent and needless zeros."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def write(form: Form, value: Decimal, instead_of: str) -> str:
    """The value in the form that stands there now."""
    match form:
        case "of_full":
            return "full" if value == _HUNDRED else f"{plain(value)}% of full"
        case "percent":
            return f"{plain(value)}%"
        case "fraction":
            return plain(value / _HUNDRED)
        case "formula":
            *_, last = _NUMBER.finditer(instead_of)
            return instead_of[: last.start()] + plain(value) + instead_of[last.end() :]
    return plain(value)


def written_at(document: Document, loc: Loc) -> tuple[Loc, str] | None:
    """The place as it is in the file, where one of a list may stand without the list; None where nothing is written."""
    node: Any = document.data
    found: Loc = ()
    for key in loc:
        if isinstance(key, int) and isinstance(node, dict):
            continue  # one slope, written without a list
        inside = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        if key not in inside:
            return None
        node, found = node[key], (*found, key)
    return None if isinstance(node, (dict, list)) or node is None else (found, _text(node))


def _text(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else written(value)


def read(text: str, one: Told) -> tuple[Form, Decimal] | None:
    """How a figure is written, and the figure; a share may be 30% or 0.3."""
    text = text.strip()
    if text == "full":
        return "of_full", _HUNDRED
    if (found := _OF_FULL.match(text)) is not None:
        return "of_full", Decimal(found.group(1))
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1].strip()):
        return "percent", Decimal(text[:-1].strip())
    if _NUMBER.fullmatch(text):
        is_share = one.unit == "%" and one.what is not What.THRESHOLD
        return ("fraction", Decimal(text) * _HUNDRED) if is_share else ("number", Decimal(text))
    if text.startswith("base") and (numbers := _NUMBER.findall(text)):
        return "formula", Decimal(numbers[-1])
    return None


def value_of(form: Form, text: str) -> Decimal:
    """What `write` wrote: the figure in the unit of its knob. Raises ValueError for a text of another form."""
    match form:
        case "of_full" if text == "full":
            return _HUNDRED
        case "of_full" if (share := _OF_FULL.match(text)) is not None:
            return Decimal(share.group(1))
        case "percent" if text.endswith("%") and _NUMBER.fullmatch(text[:-1].strip()):
            return Decimal(text[:-1].strip())
        case "fraction" if _NUMBER.fullmatch(text):
            return Decimal(text) * _HUNDRED
        case "formula" if numbers := _NUMBER.findall(text):
            return Decimal(numbers[-1])
        case "number" if _NUMBER.fullmatch(text):
            return Decimal(text)
    raise ValueError(text)


def is_share(text: str) -> bool:
    """full, 50% of full, 30%: a figure, though it is no number."""
    text = text.strip()
    return text == "full" or _OF_FULL.match(text) is not None or _PERCENT.fullmatch(text) is not None


def reach(one: Told, value: Decimal, top: Decimal | None, unit: str) -> tuple[Decimal, Decimal, Decimal]:
    """Least, most and step of a slider: the value lies on a step and never outside. `top`: as far as points may go."""
    steps = (
        ("5", "1") if unit == "%" and one.what is not What.THRESHOLD else _STEPS.get(one.what, ("0.5", "0.1", "0.05"))
    )
    finest = Decimal(1).scaleb(-_decimals(value))
    step = next((Decimal(one) for one in steps if value % Decimal(one) == 0), finest)
    if unit == "%" or (one.what is What.THRESHOLD and unit == "分"):
        most = _HUNDRED if value < _HUNDRED or one.what is not What.THRESHOLD else value * Decimal("1.5")
    elif one.what in _UP_TO_THE_TOP and top is not None:
        most = top
    else:
        most = max(top if top is not None and one.what is not What.THRESHOLD else Decimal(10), 2 * value)
    most = Decimal(plain(-(-max(most, value) // step) * step))
    least = -max(most, -2 * value) if one.below_zero else min(_ZERO, value)
    return Decimal(plain(least)), most, step


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
