"""Chinese titles written in expressions where their codes belong. Knows what a rubric is called, not what it means."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from scoring.expressions.slips import Slip
from scoring.forms import Forms
from scoring.rubric.model import CONSEQUENCE_TYPES
from scoring.source import Document, Loc, Meant

_OWN = {"指标值": "value", "满分": "full", "实际": "actual", "目标": "target"}
_BASE = dict.fromkeys(("基础得分", "基础分", "总分", "得分"), "base")


def titles_meant(document: Document, forms: Forms) -> Meant:
    """Problem and fix of a name in Chinese: its code where something is called so; None for a value without quotes."""

    def told(loc: Loc, slip: Any) -> tuple[str, str] | None:
        if not isinstance(slip, Slip) or not slip.word:
            return None
        rows = _of_rows(document, forms, loc)
        if rows is not None and (slip.is_value or not rows):
            return None
        codes = rows if rows is not None else _of_figures(document, loc)
        problem = f"表达式里写了名称“{slip.word}”"
        if slip.word in codes:
            return problem, f"它的代码是 {codes[slip.word]}，请写代码"
        if close := get_close_matches(slip.word, sorted(codes), n=1, cutoff=0.6):
            return problem, f"请写代码；是不是“{close[0]}”？它的代码是 {codes[close[0]]}"
        what = "数据项" if rows is None else "列"
        return problem, f"请写{what}的代码；没有叫这个名称的{what}"

    return told


def _of_rows(document: Document, forms: Forms, loc: Loc) -> dict[str, str] | None:
    """Code by title of what a condition over rows sees; None for an expression over figures."""
    if loc[:1] == ("measures",) and len(loc) > 2:
        form = document.at(loc[:2]).get("form")
        columns = forms[form].row_types if isinstance(form, str) and form in forms else {}
        return {column.title: code for code, column in columns.items()}
    if loc[:1] == ("consequences",) and len(loc) == 3:
        return {column.title: code for code, column in CONSEQUENCE_TYPES.items()}
    return None


def _of_figures(document: Document, loc: Loc) -> dict[str, str]:
    written = document.data.get("measures") if isinstance(document.data, dict) else None
    found = dict(_BASE) if loc[-1] == "gate" else dict(_OWN) if loc[0] == "sections" else {}
    for code, measure in written.items() if isinstance(written, dict) else ():
        if isinstance(measure, dict) and isinstance(measure.get("title"), str):
            found[measure["title"]] = code
    return found
