"""Every result of the study in one plain Chinese sentence with its figure. Chooses words; counts nothing, draws nothing.

For a reader without statistics: what was varied, how often, what came out.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from scoring.expressions.words import number
from scoring.insight.robustness.certainty import Certainty, Pair, UnitCertainty, central_weights
from scoring.insight.robustness.effective import REST, Effective, Separated
from scoring.insight.robustness.fitted import Fitted
from scoring.insight.robustness.model import Shares
from scoring.insight.robustness.ranks import Placings
from scoring.insight.robustness.sensitivity import WhatMoves, Without

_HARDLY = 0.005  # places that a unit moves on the average
_NUMERALS = "零一二三四五六七八九十"


def times(count: int, number_of: int) -> str:
    """9,630 次（96%）."""
    return f"{count:,} 次（{percent(count, number_of)}）"


def percent(count: int, number_of: int) -> str:
    """In whole percent, half up; never 0% for something that happened, nor 100% for what did not always."""
    if number_of == 0:
        return "—"
    whole = (200 * count + number_of) // (2 * number_of)
    if count and whole == 0:
        return "不到 1%"
    if count < number_of and whole == 100:
        return "99% 以上"
    return f"{whole}%"


def in_cases(count: int, number_of: int) -> str:
    """62% 的情况下, 99% 以上的情况下."""
    share = percent(count, number_of)
    return f"{share}{' ' if share.endswith('%') else ''}的情况下"


def many(count: int, what: str) -> str:
    """1 万种组合, 9,216 种组合."""
    return f"{count // 10000} 万{what}" if count and count % 10000 == 0 else f"{count:,} {what}"


def tried(found: Placings) -> str:
    """What was varied and how often: the beginning of each sentence."""
    return f"{found.words}、试 {many(found.number, '种组合' if found.weights is not None else '次')}"


def place_sentence(found: Certainty, unit: str) -> str:
    """How sure the place of one unit is."""
    one = found.of(unit)
    return f"{tried(found.placings)}：{one.title}{_stands(found, one)}。"


def _stands(found: Certainty, one: UnitCertainty) -> str:
    if not one.number:
        return "一次也排不出名次"
    if one.best == one.worst:
        return f"每次都是第 {one.best} 名" + ("，与现在一样" if one.stays == one.number else _now(one))
    reach = f"，最好第 {one.best} 名，最差第 {one.worst} 名"
    first, last = one.first * 2 >= one.number, one.last * 2 >= one.number
    if first or (is_first(found, one) and not last):
        return f"{_among(one.first, one.number, '前', found.first)}{reach}"
    if last or is_last(found, one):
        return f"{_among(one.last, one.number, '后', found.last)}{reach}"
    ends = _ends(found, one)
    if one.stays * 2 >= one.number:
        return f"有 {times(one.stays, one.number)}仍是第 {one.place} 名{ends}{reach}"
    usual = f"第 {one.low} 名" if one.low == one.high else f"第 {one.low} 至 {one.high} 名"
    return f"十次有九次在{usual}{_now(one)}{ends}{reach}"


def is_first(found: Certainty, one: UnitCertainty) -> bool:
    """Whether it stands among the first in the exact run."""
    return one.place is not None and one.place <= found.first


def is_last(found: Certainty, one: UnitCertainty) -> bool:
    """Whether it stands among the last in the exact run; never said while somebody has no place yet."""
    nominal = found.placings.nominal
    if one.place is None or None in nominal:
        return False
    return sum(place is not None and place > one.place for place in nominal) < found.last


def _ends(found: Certainty, one: UnitCertainty) -> str:
    """How often it gets to the first or falls to the last, where that is no rarity: in one draw of twenty or more."""
    told = [(one.first, "进了前", found.first), (one.last, "落到后", found.last)]
    return "".join(f"，{times(count, one.number)}{way}{_few(most)}名" for count, way, most in told if count * 20 >= one.number)


def _among(count: int, number_of: int, end: str, how_many: int) -> str:
    among = f"在{end}{_few(how_many)}名"
    if not count:
        return f"一次也不{among}"
    return f"每次都{among}" if count == number_of else f"有 {times(count, number_of)}{among}"


def _now(one: UnitCertainty) -> str:
    return f"（现为第 {one.place} 名）" if one.place else "（现在还没有名次）"


def _few(count: int) -> str:
    return _NUMERALS[count] if count < len(_NUMERALS) else f" {count} "


def range_sentence(found: Certainty, unit: str) -> str:
    """The places a unit has in nine draws of ten."""
    one = found.of(unit)
    if one.low == one.high:
        return f"{tried(found.placings)}：十次里有九次以上，{one.title}是第 {one.low} 名。"
    if one.high == one.low + 1:
        return f"{tried(found.placings)}：十次里有九次，{one.title}是第 {one.low} 名或第 {one.high} 名。"
    return f"{tried(found.placings)}：十次里有九次，{one.title}在第 {one.low} 名到第 {one.high} 名之间，居中的是第 {one.middle} 名。"


def grade_sentence(found: Certainty, unit: str) -> str:
    """How often a unit has the best grade, or why that is not said."""
    one, grade = found.of(unit), found.placings.grade
    if one.in_grade is None:
        return f"{found.placings.grade_told or '办法没有等次'}。"
    if one.in_grade == 0:
        return f"{tried(found.placings)}：{one.title}一次也没有进“{grade}”。"
    if one.in_grade == found.placings.number:
        return f"{tried(found.placings)}：{one.title}每次都是“{grade}”。"
    return f"{tried(found.placings)}：{one.title}有 {times(one.in_grade, found.placings.number)}是“{grade}”。"


def pair_sentence(found: Placings, pair: Pair) -> str:
    """How often two units change order."""
    first, second = (found.titles[found.index(code)] for code in (pair.first, pair.second))
    level = f"，另有 {times(pair.level, pair.number)}并列" if pair.level * 100 >= pair.number else ""
    if found.nominal[found.index(pair.first)] == found.nominal[found.index(pair.second)]:
        ahead = "，".join(f"{title}在前的{_had(count, pair.number)}" for title, count in ((first, pair.above), (second, pair.below)))
        level = f"，仍并列的占 {percent(pair.level, pair.number)}" if pair.level else ""
        return f"{tried(found)}：{first}与{second}现在并列，{ahead}{level}。"
    if not pair.swaps:
        level = f"，有 {times(pair.level, pair.number)}并列"
        told = f"{first}一次也没有落到{second}后面{level}" if pair.level else f"{first}始终在{second}前面"
        return f"{tried(found)}：{told}。"
    return f"{tried(found)}：{first}与{second}的先后，{in_cases(pair.swaps, pair.number)}会对调（{pair.swaps:,} 次）{level}。"


def _had(count: int, number_of: int) -> str:
    return f"占 {percent(count, number_of)}" if count else "一次也没有"


def first_sentence(found: Placings, shares: Shares, unit: str) -> str:
    """How often a unit is first, and what the weights are like then."""
    index = found.index(unit)
    count = int((found.places[:, index] == 1).sum())
    title = found.titles[index]
    if count in (0, found.number):
        return f"{tried(found)}：{title}{'每次都排第一' if count else '一次也没有排第一'}。"
    typical = central_weights(found)[unit]
    told = f"{tried(found)}：{title}有 {times(count, found.number)}排第一"
    if found.nominal[index] == 1:
        return f"{told}，与现在一样。"
    gaps = []
    for code, items in shares.sections.items():
        now = float(sum(shares.weights[item] for item in items))
        gaps.append((float(typical[list(items)].sum()) - now, now, shares.section_title(code)))
    gap, now, section = max(gaps, key=lambda one: abs(one[0]))
    if abs(gap) < 0.05:
        return f"{told}，那时的分值与现在相近。"
    return f"{told}，那时“{section}”平均占 {_points(now + gap)} 分（现为 {_points(now)} 分）。"


def moves_sentence(found: WhatMoves) -> str:
    """Which weight the ranking, or the place of one unit, depends on most."""
    head = f"{found.words}、试 {many(found.runs, '种组合')}"
    subject = f"{found.title}名次" if found.unit else "名次"
    if not found.moves:
        return f"{head}：{subject}一次也没有变。"
    if not found.unit and found.shift < _HARDLY:
        return f"{head}：名次几乎不动，看不出哪一项更要紧。"
    top = found.parts[0]
    alone, whole = (round(100 * min(1.0, max(0.0, share))) for share in (top.first, top.total))
    whole = max(alone, whole)
    whose = f"最能左右{found.title}名次的" if found.unit else "最能左右名次的"
    told = f"{head}：{whose}是“{top.title}”的分值，名次的变动有 {whole}% 与它有关"
    if alone < whole:
        told += f"，其中{f'单独动它就会有的占 {alone}%' if alone else '单独动它几乎不变，要和别的分值一起动'}"
    return f"{told}{'' if found.unit else _shift(found.shift)}。"


def _shift(places: float) -> str:
    """How far the units move on the average of all draws."""
    return f"；{'总的变动不大，' if places < 0.5 else ''}平均每个单位挪动 {_points(places, 2)} 名"


def without_sentence(shares: Shares, found: Without) -> str:
    """What leaving one item out does."""
    head = f"去掉“{found.title}”、把它的分按比例加给其他各项"
    if found.places is None:
        return f"{head}：排不出名次（{found.told}）。"
    if not found.moved:
        return f"{head}：所有单位名次不变。"
    rows = [(unit.title, unit.place, place) for unit, place in zip(shares.units, found.places, strict=True) if unit.place != place]
    title, old, new = max(rows, key=lambda row: abs(row[2] - row[1]))
    most = f"{title}由第 {old} 名变为第 {new} 名" + ("，变动最大" if len(rows) > 1 else "")
    return f"{head}：{len(rows)} 个单位名次会变，{most}。"


def effective_sentence(found: Separated, part: Effective) -> str:
    """What a section or item counts for on paper, and in fact."""
    if part.code == REST:
        return f"{found.group} {found.units} 个单位总分的差距，{in_percent(part.effective)} 来自{part.title}，不是哪一项的得分。"
    head = f"“{part.title}”占满分的 {in_percent(part.nominal)}"
    if part.correlation is None:
        return f"{head}，但各单位得分相同，没有拉开差距。"
    if part.effective <= -0.005:
        return f"{head}，但总分低的单位在这里得分反而高，差距被它缩小了 {in_percent(-part.effective)}。"
    if part.effective < 0.005:
        return f"{head}，但它几乎没有拉开{found.group} {found.units} 个单位总分的差距。"
    told = f"{head}，{found.group} {found.units} 个单位总分的差距有 {in_percent(part.effective)} 由它拉开"
    if part.effective * 2 < part.nominal:
        return f"{told}：作用不到分值的一半。"
    return f"{told}：作用比分值大。" if part.effective > part.nominal * 1.5 else f"{told}，与分值大体相称。"


def fitted_sentence(found: Fitted) -> str:
    """Which weights come closest to the aims, and whether that is close enough."""
    changes = "、".join(
        f"“{part.title}”由 {number(part.nominal)} 分改为 {number(part.weight)} 分" for part in found.parts if part.weight != part.nominal
    )
    changes = changes or "各项分值不用改"
    missed = f"{_points(found.missed)} 个百分点"
    if found.reached:
        close = "正好达到目标" if _points(found.missed) == "0" else f"与目标最多差 {missed}"
        return f"要各项真正起到所定的作用：{changes}，照此{close}。"
    return f"所定的作用达不到：{'；'.join(found.why)}；最接近的是{changes}，仍有一项差 {missed}。"


def in_percent(share: float) -> str:
    """A share in whole percent, with a real minus sign."""
    whole = int(Decimal(repr(share * 100)).quantize(Decimal(1), ROUND_HALF_UP))
    return "不到 1%" if share > 0 and whole == 0 else f"{number(whole)}%"


def _points(value: float, decimals: int = 1) -> str:
    return number(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
