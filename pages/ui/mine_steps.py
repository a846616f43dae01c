"""我的得分: the cheapest way to one place more and to the next grade, as 差距与路径 finds them. Text only; searches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from pages.ui import drawn, still_told
from pages.ui.still_told import whole
from scoring.engine import Assessment
from scoring.expressions.words import number
from scoring.insight.path import NoPath, Path
from scoring.insight.path.told import change
from scoring.insight.still import Still
from scoring.rubric.actions import EFFORT_UNIT

LISTED = 3
OTHER_DAY = "把日期改到年内，可以看那时还有哪些路径。"


def ways(result: Assessment, found: Still, paths: Mapping[str, Path | NoPath]) -> str:
    """HTML: side by side, each with a way to the whole page; one sentence where nothing at all can be done."""
    shown = {aim: one for aim, one in paths.items() if aim == still_told.NEXT[0] or result.rubric.spec.grades}
    if not found.doings and all(isinstance(one, NoPath) and one.nearest is None and not settled(one) for one in shown.values()):
        over, reasons = found.day > result.period.end, {one.reason for one in shown.values() if isinstance(one, NoPath)}
        why = f"：{whole(reasons.pop())}" if len(reasons) == 1 and not over else ""
        waiting = "（补报不在其内）" if found.to_hand_in else ""
        return f"<p>{'、'.join(shown)}，都没有可行的路径{waiting}{why}。{OTHER_DAY if over else ''}</p>"
    return f'<div class="now-ways">{"".join(_way(found, aim, one) for aim, one in shown.items())}</div>'


def settled(one: NoPath) -> bool:
    """Nothing had to be looked for: it is the first, or the total is not known yet."""
    return not one.not_offered


def _way(found: Still, aim: str, one: Path | NoPath) -> str:
    query = {"view": "路径", "unit": found.unit, "aim": aim, "day": f"{found.day:%Y-%m-%d}"}
    more = "" if isinstance(one, NoPath) and one.before is None else (
        f'<p><a href="{drawn.address("gap", query)}">看整条路径和没有列入的事</a></p>'
    )
    return f"<section><h3>{escape(aim)}</h3><p>{whole(told(one))}{_waiting(found, one)}</p>{more}</section>"


def _waiting(found: Still, one: Path | NoPath) -> str:
    """Of handing in nobody can say what it brings."""
    return "补报不在其内。" if found.to_hand_in and (isinstance(one, Path) or one.not_offered) else ""


def told(one: Path | NoPath) -> str:
    """What it takes, or why there is none and what comes nearest; a long list of things by its first two."""
    if isinstance(one, Path):
        return f"{_done(one)}。"
    if "已经是" in one.reason:
        return f"{one.reason}。"
    text = f"没有可行的路径：{one.reason}。"
    if one.nearest is None or (one.nearest.after.place or 0) >= (one.nearest.before.place or 0):
        return text
    return f"{text}能做到的最好名次：{_done(one.nearest)}。"


def _done(path: Path) -> str:
    if len(path.steps) <= LISTED:
        listed = "，".join(f"{one.action.title} × {one.times}" for one in path.steps)
    else:
        listed = f"{'、'.join(one.action.title for one in path.steps[:2])}等 {len(path.steps)} 件事"
    return f"{listed}，共 {number(path.effort)} {EFFORT_UNIT}，{change(path.before, path.after, path.aim)}"
