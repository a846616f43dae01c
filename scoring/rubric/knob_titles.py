"""What a figure inside a rule is called, in which unit and of which kind. Knows kinds of rule; changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from scoring.expressions import Expr
from scoring.expressions.parse import Name
from scoring.expressions.words import amount, number, run_on, stretch
from scoring.rubric.points import Points
from scoring.rubric.rules import (
    Awards,
    Bands,
    Checklist,
    Deductions,
    Formula,
    Judged,
    Piecewise,
    Rule,
    Steps,
    Timeliness,
)
from scoring.rubric.rules.checklist import Item
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.rules.kind import Setting
from scoring.rubric.rules.timeliness import LATE
from scoring.source import Loc


class What(StrEnum):
    """Kinds of figure that can be changed; the value is the word on the page."""

    FULL_MARKS = "满分"
    TOP = "最高得分"
    WEIGHT = "权重"
    THRESHOLD = "界限"
    POINTS = "分值"
    PRICE = "单价"
    CAP = "封顶"
    SHARE = "折算比例"
    POOL = "加分合计上限"
    PENALTY_CAP = "扣分合计上限"
    GATE = "加分条件"
    VETO = "否决限分"
    GRADE = "等次线"
    QUOTA = "名额"
    TOTAL = "总分上下限"


@dataclass(frozen=True)
class Told:
    """A figure in words. `below_zero`: whether it may be less than 0."""

    what: What
    words: str
    unit: str = "分"
    below_zero: bool = False


_BAND = {"at_least": "不低于", "above": "高于", "at_most": "不高于", "below": "低于"}
_TIME = {"late_cap": "迟报封顶", "missing_cap": "未报封顶", "missing": "未报每次扣", "early": "过早报送每次扣"}
_EACH_LATE = {"late": "次", "days_late": "天", "workdays_late": "个工作日", "months_late": "个月"}


def told(rule: Rule, loc: Loc, setting: Setting) -> Told | None:
    """`loc`: where in the rule the figure stands. None for one that is no knob."""
    match rule, loc:
        case (Deductions() | Awards(), ("parts", int(at), *rest)):
            return part_told(rule.parts[at], tuple(rest), setting, "扣" if isinstance(rule, Deductions) else "得")
        case Deductions(), ("base",):
            return Told(What.POINTS, "起扣分")
        case Awards(), ("cap",):
            return Told(What.CAP, "合计封顶")
        case Piecewise(), _:
            return _piecewise(rule, loc, setting)
        case Bands(), ("bands", int(at), str(key)):
            return _band(rule, at, key, setting)
        case Checklist(), ("items", int(at), "points"):
            return Told(What.POINTS, run_on(_item(rule.items[at], setting), "得分"))
        case Checklist(), ("points",):
            return Told(What.POINTS, "全部符合得分" if rule.need == "all" else "有一项符合得分")
        case Timeliness(), (str(key),):
            late = f"迟报每{_EACH_LATE[LATE[rule.late_each]]}扣"
            return Told(What.CAP if key.endswith("cap") else What.PRICE, _TIME.get(key, late))
        case Judged(), ("limit",):
            return Told(What.CAP, "扣分上限" if rule.is_loss else "评分上限")
        case (Formula() | Steps(), ("least" | "most" as key,)):
            return Told(What.CAP, "最低得分" if key == "least" else "最高得分")
        case Steps(), _:
            return _steps(rule, loc, setting)
    return None


def part_told(part: CountedPart, loc: Loc, setting: Setting, verb: str) -> Told | None:
    """A figure of a part that is counted, or decided, by itself."""
    name = part.told(setting)
    thing = part.thing(setting) or ("项" if part.if_ is None else "")
    step = amount(part.per, thing) if part.per != 1 else thing
    match loc:
        case ("each",):
            return Told(What.PRICE, run_on(name, "每", step, verb))
        case ("points",):
            return Told(What.PRICE, run_on(name, f"的{verb}" if name[-1:] != "的" else verb))
        case ("cap",):
            return Told(What.CAP, f"{name}封顶")
        case ("again", "each"):
            assert part.again is not None
            return Told(What.PRICE, run_on(name, "第", amount(part.again.from_, thing), "起每", step, verb))
    return None


def _subject(setting: Setting, tree: Expr) -> str:
    return setting.thing(tree.code) if isinstance(tree, Name) else ""


def _gives(points: Points | None, setting: Setting) -> str:
    """得满分, 得满分的 75%, 得 6 分, 不得分; 得分 where the group is not named."""
    if points is None:
        return "得分"
    if points.of_full and points.amount == 1:
        return "得满分"
    if points.of_full:
        return f"得满分的 {number(points.amount * 100)}%"
    return f"得 {number(points.amount)} 分" if points.amount else "不得分"


def _piecewise(rule: Piecewise, loc: Loc, setting: Setting) -> Told | None:
    thing, below = _subject(setting, rule.subject()), setting.sign(rule.subject()) < 1
    match loc:
        case ("straight", int(at), 0):
            return Told(
                What.THRESHOLD, f"{_gives(rule.straight[at][1].at(setting.group), setting)}的界限", thing, below
            )
        case ("straight", int(at), 1):
            x = amount(setting.figure_at(rule.straight[at][0]), thing)
            return Told(What.POINTS, run_on("指标值", x, "的得分"))
        case ("below",):
            return Told(What.POINTS, "低于最低界限的得分")
        case ("above",):
            return Told(What.POINTS, "高于最高界限的得分")
    return None


def _band(rule: Bands, at: int, key: str, setting: Setting) -> Told | None:
    band = rule.bands[at]
    name = f"第 {at + 1} 档" + (f"“{band.title}”" if band.title else "")
    if key == "points":
        return Told(What.POINTS, run_on(name, "的得分") if band.written else "其余情形的得分")
    if key not in _BAND:
        return None
    below = setting.sign(rule.subject()) < 1
    gives = _gives(band.points.at(setting.group), setting)
    return Told(What.THRESHOLD, f"{name}（{gives}）{_BAND[key]}", _subject(setting, rule.subject()), below)


def _item(item: Item, setting: Setting) -> str:
    return item.title or setting.words(item.if_.tree)


def _steps(rule: Steps, loc: Loc, setting: Setting) -> Told | None:
    thing, below_zero = rule.thing(setting), setting.sign(rule.subject()) < 1
    match loc:
        case ("start", *_):
            return Told(What.THRESHOLD, "起算的界限", thing, below_zero)
        case ("points",):
            return Told(What.POINTS, "达到界限的得分")
        case ("below" | "above" as side, int(at), str(key)):
            slope = getattr(rule, side)[at]
            where = (
                f"{'低' if side == 'below' else '高'}于界限{f'第 {at + 1} 段' if len(getattr(rule, side)) > 1 else ''}"
            )
            step = stretch(setting.figure_at(slope.each), thing)
            words: dict[str, Told] = {
                "lose": Told(What.PRICE, run_on(where, "每", step, "扣")),
                "gain": Told(What.PRICE, run_on(where, "每", step, "加")),
                "each": Told(What.THRESHOLD, f"{where}一档的大小", "个百分点" if thing == "%" else thing),
                "until": Told(What.THRESHOLD, f"{where}到此为止", thing, below_zero),
            }
            return words.get(key)
    return None


def decimal_of(written: Any) -> Decimal | None:
    """A number as the text has it; None for anything else."""
    return written if isinstance(written, Decimal) else None
