"""What changed since last year: mean, distance of the ends, best grade, places. Reads totals and places of two results.

Only two whole years stand beside each other. A mean is that of the units with a total in both years; distances and
grades are compared only where no unit of either year waits for figures; places only where both are final.
"""

from __future__ import annotations

from decimal import Decimal

from scoring.engine.printed import points
from scoring.insight.briefing.overview import common_mean, distance
from scoring.insight.briefing.reading import Reading
from scoring.insight.briefing.told import NAMED, Kind, Link, Told, counted, fitting

Move = tuple[str, int, int]  # unit, place then, place now


def mean_changed(seen: Reading, rose: bool) -> Told | None:
    """平均分由 85.39 分降到 82.48 分，降低 2.91 分."""
    found = common_mean(seen)
    if found is None or len(found.units) < 2 or (found.difference > 0) is not rose or not found.difference:
        return None
    words = ("成绩", "提高到", "提高") if rose else ("不足", "降到", "降低")
    amount = points(abs(found.difference))
    head = (
        f"两年都有总分的 {len(found.units)} 个单位，"
        if len(found.units) < len(seen.units)
        else f"{len(found.units)} 个单位"
    )
    told = f"{head}平均分由上年的 {points(found.before)} 分{words[1]} {points(found.now)} 分，{words[2]} {amount} 分"
    text = f"{told}{seen.otherwise}{''.join(f'；{one}，未计入' for one in _left(seen, found.units))}。"
    kind: Kind = "成绩" if rose else "不足"
    return Told(kind, text, f"平均分{words[2]} {amount} 分", seen.link("ranking"), f"mean_{'rose' if rose else 'fell'}")


def _left(seen: Reading, units: tuple[str, ...]) -> list[str]:
    """Who is not in the mean, and why."""
    then = seen.then.total if seen.then is not None else {}
    reasons = {"总分暂缺": seen.pending}
    rest = [unit for unit in seen.units if unit not in units and unit not in seen.pending]
    reasons["上年没有总分"] = [unit for unit in rest if unit in seen.total and unit not in then]
    reasons["不计总分"] = [unit for unit in rest if unit not in seen.total]
    return [f"{counted(seen.names(own))}{why}" for why, own in reasons.items() if own]


def gap_changed(seen: Reading, narrowed: bool) -> Told | None:
    """最高分与最低分相差 36.04 分，比上年的 40.00 分缩小 3.96 分. Only where both years are settled."""
    then = seen.then
    if then is None or not (seen.settled and then.settled):
        return None
    now, before = distance(seen), distance(then)
    if now is None or before is None or now == before or (now < before) is not narrowed:
        return None
    word, amount = "缩小" if narrowed else "扩大", points(abs(now - before))
    text = f"最高分与最低分相差 {points(now)} 分，比上年的 {points(before)} 分{word} {amount} 分{seen.otherwise}。"
    kind: Kind = "成绩" if narrowed else "不足"
    rule = f"gap_{'narrowed' if narrowed else 'widened'}"
    return Told(kind, text, f"首尾差距{word} {amount} 分", _ends_link(seen), rule)


def _ends_link(seen: Reading) -> Link:
    """The study of the gap between one unit of each end."""
    total = seen.total
    ahead, behind = (next(unit for unit in seen.units if total.get(unit) == end(total.values())) for end in (max, min))
    return seen.link("gap", ahead=ahead, behind=behind)


def more_best(seen: Reading) -> Told | None:
    """优秀等次 4 个单位，比上年的 3 个多 1 个. Only where no grade of either year is open."""
    then, grades = seen.then, seen.result.rubric.spec.grades
    if then is None or not grades or any(_open(one) for one in (seen, then)):
        return None
    best = grades[0].title
    if best != next((one.title for one in then.result.rubric.spec.grades), ""):
        return None
    now, before = (sum(row["grade"] == best for row in one.ranking) for one in (seen, then))
    if now <= before:
        return None
    told = f"比上年的 {before} 个多 {now - before} 个" if before else "上年没有"
    text = f"等次{best}的单位有 {now} 个，{told}{seen.otherwise}。"
    return Told("成绩", text, fitting(f"等次{best} {now} 个单位"), seen.link("ranking"), "more_best")


def _open(seen: Reading) -> bool:
    return bool(seen.pending) or any(row["quota_open"] for row in seen.ranking)


def final_moves(seen: Reading) -> list[Move]:
    """The places of two whole years, where both are final."""
    if seen.before is None or not seen.over:
        return []
    rows = [(seen.by_unit[unit], seen.before.by_unit.get(unit)) for unit in seen.units]
    return [
        (now["unit"], then["place"], now["place"])
        for now, then in rows
        if then is not None
        and None not in (now["place"], then["place"])
        and not (now["provisional"] or then["provisional"])
    ]


def furthest(seen: Reading, up: bool) -> list[Move]:
    """Who rose or fell by the most places; nobody of a single unit."""
    moves = final_moves(seen)
    by = max((_by(move, up) for move in moves), default=0)
    return [move for move in moves if _by(move, up) == by] if by > 0 and len(moves) > 1 else []


def _by(move: Move, up: bool) -> int:
    return move[1] - move[2] if up else move[2] - move[1]


def moved_most(seen: Reading, up: bool) -> Told | None:
    """平川县由上年第 8 名升到第 4 名，上升 4 位，升幅最大. Units that share it are named together."""
    best = furthest(seen, up)
    if not best:
        return None
    rose, word, to = ("升", "上升", "升到") if up else ("降", "下降", "降到")
    by, settled = _by(best[0], up), len(final_moves(seen))
    among = f"两年名次都已定的 {settled} 个单位中，" if settled < len(seen.units) else ""
    if len(best) == 1:
        unit, then, now = best[0]
        told = f"{seen.name(unit)}由上年第 {then} 名{to}第 {now} 名，{word} {by} 位，{rose}幅最大"
    else:
        parts = [f"{seen.name(unit)}（第 {then} 名{to}第 {now} 名）" for unit, then, now in best[:NAMED]]
        more = f"等 {len(best)} 个单位" if len(best) > len(parts) else ""
        told = f"{'、'.join(parts)}{more}比上年各{word} {by} 位，并列{rose}幅最大"
    first = seen.name(best[0][0])
    short = fitting(f"{first}{word} {by} 位" if len(best) == 1 else f"{len(best)} 个单位各{word} {by} 位")
    kind: Kind = "成绩" if up else "不足"
    link = seen.unit_link(best[0][0]) if len(best) == 1 else seen.link("ranking")
    return Told(kind, f"{among}{told}{seen.otherwise}。", short, link, "rose_most" if up else "fell_most")


def fallen_totals(seen: Reading) -> list[tuple[str, Decimal]]:
    """Whose total is lower than last year's, by how much; the most first."""
    then = seen.then.total if seen.then is not None else {}
    found = [(unit, then[unit] - total) for unit, total in seen.total.items() if unit in then and total < then[unit]]
    return sorted(found, key=lambda one: (-one[1], seen.units.index(one[0])))
