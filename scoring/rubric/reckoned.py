"""What a rule or an adjustment reckons, as a text that is the same for the same reckoning. For comparing, not for reading.

The text is the SQL of its parts without their titles, each 数据项 called by its definition instead of its code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace

from scoring.rubric import words
from scoring.rubric.model import Bonus, Indicator, Penalty, Rubric, Veto
from scoring.rubric.pairing import measures_behind
from scoring.rubric.rules import together
from scoring.rubric.rules.kind import Part


def rules(rubric: Rubric, group: str, one: Indicator) -> str:
    """The rules of an indicator."""
    setting = words.names_in(rubric, group, one).setting(one.full(group))
    told = [_text(replace(each, parts=_bare(each.parts))) for each in together.scored(one.rules, setting)]
    return _named(rubric, "；".join(told), measures_behind(rubric, one, one.rules), one.code)


def adjustment(rubric: Rubric, group: str, one: Bonus | Penalty | Veto) -> str:
    """Its parts with their limit and gate, or condition and effect."""
    setting = words.names_in(rubric, group).setting(rubric.groups[group].full_marks)
    if isinstance(one, Veto):
        told = f"{setting.condition(one.when.tree)}；{one.effect!r}"
    else:
        limit, gate = (one.pool, one.gate) if isinstance(one, Bonus) else (one.cap, None)
        price = setting.cap(limit)
        test = words.formula(rubric, group, gate.tree) if gate is not None else ""
        told = f"{_text(_bare(part.part(setting, 1) for part in one.parts))}；{price}；{test}"
    return _named(rubric, told, measures_behind(rubric, None, one))


def _bare(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(replace(part, title="") for part in parts)


def _text(node: object) -> str:
    """The values of it, without the names of their fields."""
    if is_dataclass(node) and not isinstance(node, type):
        return _text(tuple(getattr(node, one.name) for one in fields(node)))
    if isinstance(node, tuple):
        return f"({', '.join(_text(item) for item in node)})"
    return str(node)


def _named(rubric: Rubric, text: str, codes: Iterable[str], own: str = "") -> str:
    columns = {rubric.measures[code].column: words.measure(rubric, code) for code in codes}
    columns |= {code: words.measure(rubric, code) for code in codes} | ({own: "本项"} if own else {})
    if not columns:
        return text
    listed = "|".join(map(re.escape, sorted(columns, key=len, reverse=True)))
    return re.sub(rf"\b({listed})(?=__|\b)", lambda found: f"〔{columns[found.group()]}〕", text)
