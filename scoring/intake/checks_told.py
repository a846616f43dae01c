"""What the declared checks of a form ask, as sentences for those who fill it in. Checks nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from scoring.expressions.words import number, words
from scoring.forms import Form
from scoring.forms.checks import (
    AcrossUnitsCheck,
    CarryOverCheck,
    ChainCheck,
    Check,
    ClockCheck,
    CumulativeCheck,
    DictionaryCheck,
    GrowthCheck,
    JumpCheck,
    NeededWhenCheck,
    OrderCheck,
    RateCheck,
    SubsetCheck,
    SumCheck,
    UsualCheck,
)

Titles = Callable[[str], str]  # code → “title”


def told(check: Check, form: Form) -> str:
    """One check in words: what is looked at, for which rows, and what to say about an exception."""

    def title(code: str) -> str:
        return f"“{form.by_code[code].title}”"

    where = f"{words(check.where.tree, title)}的：" if check.where is not None else ""
    note = f"。{check.note}" if check.note else ""
    return where + _asked(check, form, title) + note


def _asked(check: Check, form: Form, title: Titles) -> str:
    if (figures := _of_figures(check, title)) or (history := _of_history(check, title)):
        return figures or history
    match check:
        case OrderCheck():
            return f"{_listed(check.dates, title)}依次先后"
        case ClockCheck():
            days = f"{check.days} 个工作日" if check.workdays else f"{check.days} 天"
            return f"从{title(check.from_)}到{title(check.to)}不超过 {days}"
        case NeededWhenCheck():
            return f"{words(check.when.tree, title)}的，{title(check.column)}要填"
        case AcrossUnitsCheck():
            return f"{_listed([one for one in form.key if one != form.dated_by], title)}与其他单位报的不重复"
        case DictionaryCheck():
            only = f"只填{'、'.join(check.words)}" if check.words else ""
            asked = f"填{'、'.join(check.ask)}的须说明" if check.ask else ""
            return title(check.column) + "，".join(one for one in (only, asked) if one)
    return check.title_zh


def _of_figures(check: Check, title: Titles) -> str:
    """Figures of one row against each other."""
    match check:
        case RateCheck():
            times = f" × {number(check.times)}" if check.times != 1 else ""
            return f"{title(check.column)}＝{title(check.part)}÷{title(check.of)}{times}"
        case CarryOverCheck(before=None):
            return f"{title(check.closed)}多于{title(check.filed)}的，须是上期结转"
        case CarryOverCheck(before=str(before), left=str(left)):
            return f"{title(before)}＋{title(check.filed)}－{title(check.closed)}＝{title(left)}"
        case ChainCheck():
            return f"{_listed(check.columns, title)}一环不多于前一环"
        case SubsetCheck():
            return f"{_listed(check.parts, title)}不大于{title(check.of)}"
        case SumCheck():
            within = f"，相差不超过 {number(Decimal(check.within))}" if check.within else ""
            return f"{'＋'.join(title(one) for one in check.parts)}＝{title(check.total)}{within}"
    return ""


def _of_history(check: Check, title: Titles) -> str:
    """Figures against those of earlier periods."""
    match check:
        case GrowthCheck():
            base = title(check.base) if check.base else "上年同期"
            return f"{title(check.column)}与{title(check.now)}、{base}算出来的一致"
        case CumulativeCheck():
            return f"{title(check.column)}是累计数，不少于上一期"
        case JumpCheck():
            return f"{_listed(check.columns, title)}与上一期相差 {number(check.times)} 倍以上的须说明"
        case UsualCheck():
            per = f"按{title(check.per)}平均" if check.per else "按行平均" if check.per_row else ""
            return f"{title(check.column)}{per}与以往相差 {number(check.times)} 倍以上的须说明"
    return ""


def _listed(codes: Sequence[str], title: Titles) -> str:
    return "、".join(title(code) for code in codes)
