"""Rule or work in Chinese sentences, with figures. Chooses words; reckons only means over units, for the sentences."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.engine.printed import points
from scoring.expressions.words import number
from scoring.insight.replay import Opened, Redone, Replay, Split
from scoring.sql.exact import half_up

LISTED = 6


def unit_sentence(found: Replay, one: Redone) -> str:
    """乙县总分由 82.10 升到 86.30（+4.20）：工作变化 +3.10，办法变化 +1.10。"""
    then, now = one.four.then, one.four.now
    if one.total is None or then is None or now is None:
        return f"{one.title}：{_why_not(found, one)}，分不开工作和办法。"
    way = "升到" if one.total.whole > 0 else "降到" if one.total.whole < 0 else "到"
    more = f"（{signed(one.total.whole)}）" if one.total.whole else "（没有变）"
    told = f"{one.title}总分由 {points(then['total'])} {way} {points(now['total'])}{more}：{_parts(one.total)}"
    if one.place is not None and one.place.whole:
        told += f"；名次由第 {then['place']} 到第 {now['place']}（{_places(one.place)}）"
    elif one.place is not None:
        told += f"；名次没有变，仍是第 {now['place']} 名" + ("" if not one.place.rule else f"（{_places(one.place)}）")
    return f"{told}。"


def group_sentence(found: Replay, group: str) -> str:
    """How the group fared on the whole, and whom the rule moved most."""
    units, title = found.of_group(group), found.now.rubric.groups[group].title
    known = [(one, one.total) for one in units if one.total is not None]
    years = f"{found.then.period.label} 年到 {found.now.period.label} 年"
    if not units:
        return f"{title}：没有两年都在这一组的单位。"
    if not known:
        return f"{title}：{len(units)} 个单位里没有一个四种算法都有总分，分不开工作和办法。"
    whole, rule = (_mean([getattr(one, name) for _, one in known]) for name in ("whole", "rule"))
    told = f"{title}，{years}，{len(known)} 个单位算得出：总分平均变化 {signed(whole)} 分"
    told += f"，其中工作变化 {signed(whole - rule)} 分，办法变化 {signed(rule)} 分"
    if found.same_rubric:
        return f"{told}（两年用同一版办法，变化全是工作）。"
    most = max(known, key=lambda one: abs(one[1].rule))
    if most[1].rule:
        told += f"；办法变化影响最大的是{most[0].title}（{signed(most[1].rule)} 分）"
    moved = [one for one in units if one.place is not None and one.place.whole]
    placed = sum(one.place is not None for one in units)
    if placed:
        ruled = sum(1 for one in moved if one.place is not None and one.place.rule)
        told += f"。{placed} 个单位两年都有名次，{len(moved)} 个名次变了，其中 {ruled} 个与办法变化有关"
    return f"{told}。"


def notes(found: Replay, group: str | None = None) -> list[str]:
    """What is to be known before the figures (of one group, or of all) are used: what cannot be reckoned, who is left out."""
    groups = frozenset(found.now.rubric.groups if group is None else (group,))
    told = [f"{one.told}；{_titles(found, one.groups)}的这一种总分不列，不当作 0 分。" for one in found.lacks if one.groups & groups]
    told += [_opened(found, one) for one in found.opened if one.group in groups]
    if found.moved_group:
        listed = "、".join(found.moved_group[:LISTED]) + ("等" if len(found.moved_group) > LISTED else "")
        told.append(f"{listed}只有一年在考核之列，或换了考核分组，不比较。")
    told += [text for code in found.now.rubric.groups if code in groups and (text := _ranked(found, code))]
    if found.now.as_of < found.now.period.end:
        told.append(f"{found.now.period.label} 年的数据只到 {found.now.as_of}，与 {found.then.period.label} 年全年相比，工作变化里含还没有到的时间。")
    return told


def signed(amount: Decimal) -> str:
    return f"{'+' if amount > 0 else ''}{points(amount)}"


def _parts(split: Split) -> str:
    return f"工作变化 {signed(split.work)}，办法变化 {signed(split.rule)}"


def _places(split: Split) -> str:
    """升 2 名：工作升 1.5，办法升 0.5; 升 2 名，都是工作变化."""
    if split.whole and not (split.work and split.rule):
        return f"{_steps(split.whole)} 名，都是{'办法' if split.rule else '工作'}变化"
    parts = [f"{what}{_steps(size)}" for what, size in (("工作", split.work), ("办法", split.rule)) if size]
    return f"{_steps(split.whole)} 名：{'，'.join(parts)}" if split.whole else "，".join(parts)


def _steps(size: Decimal) -> str:
    return f"{'升' if size > 0 else '降'} {number(abs(size))}"


def _mean(amounts: Sequence[Decimal]) -> Decimal:
    """To two decimals."""
    mean = sum((Fraction(one) for one in amounts), Fraction(0)) / len(amounts)
    return Decimal(half_up(mean * 100)).scaleb(-2)


def _why_not(found: Replay, one: Redone) -> str:
    runs = (found.then, found.then_by_new, found.now_by_old, found.now)
    told = []
    for row, run in zip(one.four.all, runs, strict=True):
        if row is None or row["total"] is None:
            own = run is found.then or run is found.now
            told.append(f"{run.period.label} 年{'' if own else f'按 {run.rubric.spec.edition} 版'}{'无法重算' if row is None else '总分暂缺'}")
    return "，".join(dict.fromkeys(told))


def _opened(found: Replay, one: Opened) -> str:
    group = found.now.rubric.groups[one.group].title if one.group in found.now.rubric.groups else one.group
    return f"{one.label} 年的数据按 {one.edition} 版，{group}有 {one.units} 个单位算不出{one.clause}{one.title}，总分暂缺，不当作 0 分。"


def _titles(found: Replay, groups: frozenset[str]) -> str:
    return "、".join(group.title for code, group in found.now.rubric.groups.items() if code in groups)


def _ranked(found: Replay, group: str) -> str:
    """Places among another number of units are not the same places."""
    numbers = [
        sum(row["place"] is not None for row in run.rows("ranking", group=group)) for run in (found.then, found.now)
    ]
    if numbers[0] == numbers[1] or not all(numbers):
        return ""
    title = found.now.rubric.groups[group].title
    return f"{title} {found.then.period.label} 年 {numbers[0]} 个单位有名次，{found.now.period.label} 年 {numbers[1]} 个，名次变化要连同这一点看。"
