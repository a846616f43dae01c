"""The distance of two units in Chinese sentences a leader understands, with figures. Chooses words; compares nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from scoring.engine.printed import between, points
from scoring.insight.gap import ADJUSTED, REST, Gap, Part, Side
from scoring.rubric.model import Veto

_CENT = Decimal("0.01")
_LISTED = 3
_TENTHS = "零一二三四五六七八九"
Amount = tuple[str, Decimal]


def gap_sentence(gap: Gap) -> str:
    """What makes the distance, and how much of it others share."""
    if gap.difference is None:
        return f"{_range(gap)}。{_known(gap)}"
    if gap.difference == 0:
        told = [f"{gap.ahead.title}和{gap.behind.title}总分相同，都是 {points(gap.ahead.row['total'])} 分"]
        more = [_list(amounts) for amounts in _both(gap)]
        if more[0]:
            told.append(f"{gap.ahead.title}多的是{more[0]}，{gap.behind.title}多的是{more[1]}，正好相抵")
        return "；".join(told) + "。"
    head = f"{_side(gap.ahead)}与{_side(gap.behind)}相差 {cents(gap.difference)} 分"
    return f"{head}：{_made_of(gap)}。{_shared(gap)}。"


def widespread_sentence(gap: Gap) -> str:
    """What the whole group has in common, whether or not it makes this distance; the rule, which is that of 短板, stands there."""
    if not any(one.flag for _, one in gap.rubric.placed(gap.group)):
        return "本办法没有给指标设预警线，判断不了共性问题。"
    listed = "、".join(f"{one.label}（{len(one.cells)} 个单位）" for one in gap.common[:_LISTED])
    more = f"等 {len(gap.common)} 个" if len(gap.common) > _LISTED else ""
    return f"本组{f'的共性问题：{listed}{more}' if listed else '没有共性问题'}（口径同“短板”）。"


def applies_sentence(gap: Gap) -> str:
    """Where much less applies to one of them: of how many points each has how many; "" below a tenth."""
    sides = gap.ahead, gap.behind
    less, more = sorted(sides, key=lambda side: side.worth)
    if 10 * less.worth > 9 * more.worth:
        return ""
    told = [f"{one.title}适用的指标满分 {points(one.worth)} 分" + _earned(one.earned) for one in sides]
    return f"{'；'.join(told)}。不适用的由折算补足，所以同样丢一分，在{less.title}的总分里分量更重。"


def _earned(amount: Decimal | None) -> str:
    return "" if amount is None else f"，得 {cents(amount)} 分"


def signed(amount: Decimal | None) -> str:
    """+0.81, −1.00, exact; 待定 where it is not known."""
    if amount is None:
        return "待定"
    return f"{'+' if amount > 0 else ''}{points(amount)}"


def cents(amount: Decimal) -> str:
    """To two decimals, for sentences."""
    return points(amount.quantize(_CENT, ROUND_HALF_UP) + 0)


def share(part: Decimal, whole: Decimal) -> str:
    """一半, 近一半, 一半多, 三成, 几乎全部; "" for less than a tenth, and for more than the whole."""
    tenths = int((10 * part / whole).quantize(Decimal(1), ROUND_HALF_UP)) if whole else 0
    if part > whole or tenths < 1:
        return ""
    if tenths == 5:
        return "一半" if 2 * part == whole else "近一半" if 2 * part < whole else "一半多"
    return f"{_TENTHS[tenths]}成" if tenths < 10 else "几乎全部" if part < whole else "全部"


def _side(side: Side) -> str:
    row = side.row
    if row["place"] is None:
        return f"{side.title}（{'总分暂缺' if row['total'] is None else '不排名次'}）"
    return f"{'并列' if row['tied'] else ''}第 {row['place']} 名{side.title}"


def _amounts(gap: Gap) -> list[Amount]:
    """What is known, by section; bonus, penalty and veto each by itself."""
    found = [(one.title, one.known) for one in gap.sections if one.code not in (ADJUSTED, REST)]
    vetoes = {one.code for one in gap.rubric.spec.adjustments if isinstance(one, Veto)}
    for part in gap.parts:
        if part.section == ADJUSTED and part.difference is not None:
            found.append((f"“{part.title}”一票否决" if part.code in vetoes else part.title, part.difference))
    # what rescaling makes up for is not known while rescaling is open
    return [*found, *((rest_title(one.parts), one.known) for one in gap.sections if one.code == REST and not one.open)]


def rest_title(parts: Sequence[Part]) -> str:
    """What the heading of rescaling and steps comes to for these two."""
    return "两家适用的指标不同（折算后）" if any(not all(one.applies) for one in parts) else "折算和舍入"


def _both(gap: Gap) -> tuple[list[Amount], list[Amount]]:
    """What the unit ahead has more, and what the unit behind has more, largest first; as positive amounts."""
    found = sorted(_amounts(gap), key=lambda one: -abs(one[1]))
    more = [(title, amount) for title, amount in found if amount > 0]
    return more, [(title, -amount) for title, amount in found if amount < 0]


def _list(amounts: list[Amount]) -> str:
    told = [f"{title} {cents(amount)} 分" for title, amount in amounts[:_LISTED]]
    rest = sum((amount for _, amount in amounts[_LISTED:]), Decimal(0))
    return "、".join([*told, *([f"其他 {cents(rest)} 分"] if rest else [])])


def _made_of(gap: Gap) -> str:
    """查办案件占 9.10 分（一半），两法衔接 4.20 分；乙县在宣传培训上反而多 0.50 分."""
    assert gap.difference is not None
    more, less = _both(gap)
    told = []
    for place, (title, amount) in enumerate(more[:_LISTED]):
        part = share(amount, gap.difference)
        told.append(f"{title}{'占' if not place else ''} {cents(amount)} 分{f'（{part}）' if part and not place else ''}")
    rest = sum((amount for _, amount in more[_LISTED:]), Decimal(0))
    told += [f"其他方面 {cents(rest)} 分"] if rest else []
    if less:
        titles, all_ = "、".join(title for title, _ in less[:2]), sum((amount for _, amount in less), Decimal(0))
        where = f"{titles}等 {len(less)} 个方面" if len(less) > 2 else titles
        told.append(f"{where}上{gap.behind.title}反而多 {cents(all_)} 分")
    return "，".join(told)


def _shared(gap: Gap) -> str:
    """How much the unit in the middle lacks as well, and how much only the unit behind. As printed it adds up."""
    assert gap.difference is not None
    whole, behind = gap.whole, gap.behind.title
    common, rest = (one.quantize(_CENT, ROUND_HALF_UP) for one in (whole.common, whole.rest))
    single = gap.difference - common - rest
    if common < 0:
        told = f"这是{behind}单独差的：处在中间的单位比{gap.ahead.title}还高 {cents(-common)} 分，{behind}比中间低 {cents(single)} 分"
    elif single < 0:
        told = f"这是多数单位也差的：处在中间的单位差 {cents(common)} 分，{behind}比中间还高 {cents(-single)} 分"
    else:
        told = f"其中 {cents(common)} 分是多数单位也差的，{cents(single)} 分是{behind}单独差的"
    return told + (f"，{cents(rest)} 分不作区分（不适用、折算、舍入）" if rest else "")


def _range(gap: Gap) -> str:
    """While a total is open: between which figures the distance lies."""
    low, high = gap.ends.low, gap.ends.high
    head = f"{_side(gap.ahead)}与{_side(gap.behind)}的差距还定不下来"
    if low is not None and high is not None and low >= 0:
        return f"{head}，在 {between(low, high)} 分之间"
    if low is None or high is None:
        told = between(low, high)
        return head if told == "待定" else f"{head}，{told} 分"
    return f"{head}：可能{gap.ahead.title}高，最多 {points(high)} 分，也可能{gap.behind.title}高，最多 {points(-low)} 分"


def _known(gap: Gap) -> str:
    """What is settled already, and what is not."""
    titles = [part.title for part in gap.whole.open if not part.is_step]
    waiting = f"{'、'.join(titles[:_LISTED])}{f'等 {len(titles)} 项' if len(titles) > _LISTED else ''}还没有分数"
    told = []
    for side, amounts in zip((gap.ahead, gap.behind), _both(gap), strict=True):
        told += [f"{side.title}多的是{_list(amounts)}"] if amounts else []
    settled = "；".join(told)
    return f"已经有分数的部分，{settled}；{waiting}。" if settled else f"{waiting}。"
