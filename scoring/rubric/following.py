"""Consequences (结果运用) in Chinese: whom a clause takes hold of, what follows, who is left out. Knows no data.

Every function tells one part as a phrase without full stop.
"""

from __future__ import annotations

from decimal import Decimal

from scoring.expressions import Expr, names
from scoring.expressions.parse import Compare, Logic, Name, Negative, Number
from scoring.expressions.words import run_on, words
from scoring.rubric.model import CONSEQUENCE_TYPES, Consequence, Rubric
from scoring.rubric.words import formula

OPEN = "待定"
_THINGS = {"total": "分"}


def consequence(rubric: Rubric, one: Consequence) -> str:
    """最后 3 名（同名次的都算）的，约谈；…."""
    told = [f"{who(one)}的", *([of_groups(rubric, one)] if one.groups else []), measure(one)]
    return "；".join(["，".join(told), *left_out(rubric, one)])


def who(one: Consequence) -> str:
    """The condition, with what becomes of units that share the place at the edge."""
    told = _told(one.when.tree)
    if "place_from_last" in names(one.when.tree):
        told += "（同名次的都算）" if one.edge == "in" else "（同名次的都不算）"
    return told


def measure(one: Consequence) -> str:
    """约谈; 书面整改，30 日内."""
    return f"{one.action}，{one.within_days} 日内" if one.within_days is not None else one.action


def of_groups(rubric: Rubric, one: Consequence) -> str:
    """The groups it holds for."""
    return "、".join(group.title for code, group in rubric.groups.items() if one.in_group(code))


def left_out(rubric: Rubric, one: Consequence) -> list[str]:
    """Who is not in the list; nothing where everybody is."""
    if one.leave_out is None:
        return []
    group = next(code for code in rubric.groups if one.in_group(code))
    test = formula(rubric, group, one.leave_out.when.tree)
    return [run_on(f"{one.leave_out.reason}（{test}）的不列入，名次在其余单位中另排")]


def _told(tree: Expr) -> str:
    match tree:
        case Logic(operator, left, right):
            return run_on(_inside(left, operator), "且" if operator == "and" else "或", _inside(right, operator))
        case Compare(operator, Name(code), Number(value)) if _whole(value) and (
            text := _place(code, operator, int(value))
        ):
            return text
        case Compare(operator, Name("change_of_place"), right):
            if (changed := _change(operator, right)) is not None:
                return changed
    return words(tree, lambda name: CONSEQUENCE_TYPES[name].title, lambda name: _THINGS.get(name, ""))


def _inside(tree: Expr, operator: str) -> str:
    text = _told(tree)
    return f"（{text}）" if isinstance(tree, Logic) and tree.operator != operator else text


def _whole(value: Decimal) -> bool:
    return value == int(value)


def _place(code: str, operator: str, value: int) -> str:
    """前 3 名, 最后 3 名, 第 1 名; empty where the comparison is no such phrase."""
    first, last = code == "place", code == "place_from_last"
    upto = {"<=": value, "<": value - 1}.get(operator)
    if upto is not None and (first or last):
        return f"{'前' if first else '最后'} {upto} 名" if upto > 1 else "第 1 名" if first else "最后 1 名"
    if operator == "=" and (first or last):
        return f"{'' if first else '倒数'}第 {value} 名"
    return f"第 {value if operator == '>=' else value + 1} 名及以后" if first and operator in (">=", ">") else ""


def _change(operator: str, right: Expr) -> str | None:
    match right:
        case Number(value) if operator in (">", ">=") and value >= 0 and _whole(value):
            least = int(value) + (operator == ">")
            return "名次比上年上升" if least == 1 else f"名次比上年上升 {least} 位以上" if least else None
        case Negative(Number(value)) if operator in ("<", "<=") and _whole(value):
            least = int(value) + (operator == "<")
            return "名次比上年下降" if least == 1 else f"名次比上年下降 {least} 位以上"
        case Number(value) if operator == "<" and value == 0:
            return "名次比上年下降"
    return None
