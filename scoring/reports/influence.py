"""What is said and shown of 影响省对市得分: sentences, tables, a picture. Reads an `Influence`; computes no share."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from html import escape

from scoring.engine.printed import points
from scoring.insight.coalition_game import STEPS
from scoring.insight.influence import Clause, Influence, Part
from scoring.reports.drawing import FALL, QUIET, RISE, svg
from scoring.reports.study import Row, Sheet
from scoring.rubric import Rubric

UNITS = ("单位", "市内名次", "拉低全市（分）", "没有它时全市得分", "变化", "拉低最多的条款", "其中（分）")
CLAUSES = ("条款", "指标", "满分", "得分", "失分", "拉低最多的单位")
_ROW, _LEFT, _WIDTH, _TEXT = 26, 150, 760, 78  # pixels


def rounded(amount: Fraction) -> Decimal:
    """To two decimals, half away from zero."""
    cents = (200 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return Decimal(-cents if amount < 0 else cents).scaleb(-2)


def shown(amount: Fraction | None) -> str:
    """1.32, −0.50, 待定."""
    if amount is None:
        return "待定"
    cents = rounded(amount)
    return f"{'−' if cents < 0 else ''}{points(abs(cents))}"


def signed(amount: Fraction | None) -> str:
    return f"+{shown(amount)}" if amount is not None and rounded(amount) > 0 else shown(amount)


def headline(found: Influence) -> list[str]:
    """The city's total, through which clauses it loses, and who costs it most."""
    rubric = found.rubric
    told = [f"按《{rubric.title}》{rubric.spec.edition}版，{found.title}得 {shown(found.total)} 分，失 {shown(found.lost)} 分。"]
    worst = [one for one in _by_loss(found) if rounded(one.lost) > 0][:3]
    if worst:
        told.append(f"失分最多的是{'、'.join(f'{one.title}（{shown(one.lost)} 分）' for one in worst)}。")
    if found.unshared:
        told.append(f"{found.unshared}；下面只列没有某个单位时全市的得分。")
        return told
    costly = [one for one in by_share(found) if rounded(one.share or Fraction(0)) > 0]
    if not costly:
        told.append("没有哪个单位拉低全市。")
        return told
    named = "、".join(f"{one.title}（{shown(one.share)} 分）" for one in costly[:3])
    told.append(f"{len(found.parts)} 个单位中 {len(costly)} 个拉低全市，最多的是{named}。")
    return [*told, *_beside(found)]


def sentence(found: Influence, part: Part) -> str:
    """乙县拉低全市 1.32 分（其中两法衔接录入 0.80 分），在市内排第 11 名。"""
    place = f"在市内排第 {part.place} 名" if part.place is not None else "市内名次暂缺"
    if part.share is None:
        return f"没有{part.title}，{found.title}{_change(part.gain)}；{place}。"
    cents = rounded(part.share)
    if cents == 0:
        return f"{part.title}没有拉低也没有拉高全市，{place}。"
    if cents < 0:
        return f"{part.title}没有拉低全市，还替全市找回 {points(-cents)} 分，{place}。"
    inside = ""
    if part.worst is not None:
        inside = f"（其中{found.by_code[part.worst].title} {shown(part.by_clause[part.worst])} 分）"
    return f"{part.title}拉低全市 {points(cents)} 分{inside}，{place}。"


def method(found: Influence) -> str:
    """How the shares came about, and how sure they are."""
    if found.unshared:
        return ""
    whole = f"各单位{'和' + always_title(found) if found.always else ''}合计正好等于全市失分 {shown(found.lost)} 分"
    if not found.pairs:
        return f"分摊办法：单位有无的 {2 ** len(found.parts):,} 种组合逐一按办法计分，取各单位加入时多失分的平均（沙普利值）；{whole}。"
    most = max(one.error or 0.0 for one in found.parts)
    return (
        f"分摊办法：单位太多，抽 {2 * found.pairs} 种加入的先后次序逐一按办法计分，取平均（沙普利值）；{whole}。"
        f"每个数是抽样得来的，标准误最大 {most:.2f} 分：相差不到 {2 * most:.1f} 分的，不要当作有差别。"
    )


def always_title(found: Influence) -> str:
    return f"一直都在的 {len(found.always)} 个单位"


def by_share(found: Influence) -> list[Part]:
    """Who costs most first; the order of the register where that is not known."""
    return sorted(found.parts, key=lambda one: -(one.share if one.share is not None else -(one.gain or 0)))


def unit_rows(found: Influence) -> list[Row]:
    """One per unit, who costs most first; then those who are always there."""
    rows: list[Row] = []
    for one in by_share(found):
        without = None if one.gain is None else found.total - one.gain
        worst = found.by_code[one.worst] if one.worst is not None else None
        rows.append((
            one.title, place(one), shown(one.share), shown(without), signed(None if one.gain is None else -one.gain),
            _named(worst) if worst else "—", shown(one.by_clause[worst.code]) if worst else "—",
        ))  # fmt: skip
    if found.always and not found.unshared:
        code = max(found.alone, key=lambda one: found.alone[one])
        total = sum(found.alone.values(), Fraction(0))
        rows.append((always_title(found), "—", shown(total), "—", "—", _named(found.by_code[code]), shown(found.alone[code])))
    return rows


def clause_rows(found: Influence) -> list[Row]:
    """How the total comes about: every clause in the order of the 办法."""
    rows: list[Row] = []
    for one in found.clauses:
        if one.code == STEPS and rounded(one.lost) == 0:
            continue
        most = max(found.parts, key=lambda part: part.by_clause.get(one.code, Fraction(0)))
        cost = most.by_clause.get(one.code, Fraction(0))
        told = f"{most.title} {shown(cost)}" if rounded(cost) > 0 else "—"
        full = "—" if one.full is None else shown(one.full)
        rows.append((one.clause or "—", one.title, full, signed(one.points) if one.full is None else shown(one.points),
                     "—" if one.full is None else shown(one.lost), told))  # fmt: skip
    return rows


def sheets(found: Influence) -> tuple[Sheet, ...]:
    """Units, clauses, and every unit's share of every clause."""
    listed = (Sheet("各单位的影响", UNITS, unit_rows(found)), Sheet("全市得分的来由", CLAUSES, clause_rows(found)))
    if found.unshared:
        return listed
    codes = [one.code for one in found.clauses if any(part.by_clause[one.code] for part in found.parts)]
    head = ("单位", *(found.by_code[code].title for code in codes))
    rows = [(part.title, *(shown(part.by_clause[code]) for code in codes)) for part in by_share(found)]
    return (*listed, Sheet("逐条分摊（分）", head, rows))


def bars(found: Influence, theme: str) -> str:
    """SVG: to the right what a unit costs the city, to the left what it wins back. "" without shares."""
    if found.unshared or not found.parts:
        return ""
    parts = by_share(found)
    ends = [float(one.share or 0) for one in parts]
    least, most = min(0.0, *ends), max(0.0, *ends)
    scale = (_WIDTH - _LEFT - 2 * _TEXT) / ((most - least) or 1.0)
    zero = _LEFT + _TEXT - least * scale
    drawn = [_bar(found, one, end, at, zero, scale, theme) for at, (one, end) in enumerate(zip(parts, ends, strict=True))]
    height = _ROW * len(parts) + 8
    axis = f'<line x1="{zero:.1f}" y1="2" x2="{zero:.1f}" y2="{height - 4}" stroke="{QUIET[theme]}"/>'
    label = f"各单位拉低{found.title}多少分，由多到少"
    return svg(_WIDTH, height, label, theme, [*drawn, axis])


def _bar(found: Influence, one: Part, end: float, at: int, zero: float, scale: float, theme: str) -> str:
    left, right = sorted((zero, zero + end * scale))
    y = at * _ROW + 4
    colour = (FALL if end > 0 else RISE)[theme]
    x, anchor = (right + 6, "start") if end >= 0 else (left - 6, "end")
    told = f"拉低 {shown(one.share)}" if rounded(one.share or Fraction(0)) > 0 else f"找回 {shown(-(one.share or Fraction(0)))}"
    return (
        f'<g><title>{escape(sentence(found, one))}</title><text x="{_LEFT - 10}" y="{y + 15}" text-anchor="end">{escape(one.title)}</text>'
        f'<rect x="{left:.1f}" y="{y + 2}" width="{max(1.0, right - left):.1f}" height="16" fill="{colour}"/>'
        f'<text x="{x:.1f}" y="{y + 15}" text-anchor="{anchor}">{told}</text></g>'
    )


def place(part: Part) -> str:
    return str(part.place) if part.place is not None else "暂缺"


def not_offered(rubrics: tuple[Rubric, ...]) -> str:
    """Why there is nothing to show where no 办法 scores a unit over its members."""
    return (
        f"本项目的 {len(rubrics)} 份办法里，没有一份是按所辖单位合计的数据给全市计分的，所以说不出谁拉低了全市。"
        "要看这一页，请在 config/rubrics/ 放一份省对市的办法（分组写 facts: members），在 units.yaml 里给所辖单位写 in。"
    )


def _by_loss(found: Influence) -> list[Clause]:
    return sorted((one for one in found.clauses if one.code != STEPS), key=lambda one: -one.lost)


def _named(one: Clause) -> str:
    return f"{one.clause} {one.title}" if one.clause else one.title


def _change(gain: Fraction | None) -> str:
    if gain is None:
        return "的总分定不下来"
    cents = rounded(gain)
    return "的总分不变" if cents == 0 else f"{'少' if cents > 0 else '多'}得 {points(abs(cents))} 分"


def _beside(found: Influence) -> list[str]:
    """Whether who stands last in the city is who costs it most."""
    groups = {one.group for one in found.parts}
    placed = [one for one in found.parts if one.place is not None]
    if len(groups) != 1 or not placed or found.parts[0].group == "":
        return []
    last = max(placed, key=lambda one: one.place or 0)
    most = by_share(found)[0]
    at = [one.unit for one in by_share(found)].index(last.unit) + 1
    if last.unit == most.unit:
        return [f"市内排名最后的{last.title}，也是拉低全市最多的。"]
    return [f"市内排名最后的是{last.title}，它拉低全市的分排第 {at}：市里的名次和在省里的影响不是一回事。"]
