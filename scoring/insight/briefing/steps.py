"""What has to be done next: for each thing that is not well who, what, how many, by when. Reads rows; says nothing twice."""

from __future__ import annotations

from scoring.engine.followed import by_clause
from scoring.engine.printed import points
from scoring.insight.briefing.heat import Problem
from scoring.insight.briefing.items import extreme_sections, lost_in, worst_rows
from scoring.insight.briefing.lacking import (
    alike,
    amount_told,
    reports_by_unit,
    slow_of,
    things_of,
    wanted,
)
from scoring.insight.briefing.reading import Reading
from scoring.insight.briefing.struck import vetoed_of
from scoring.insight.briefing.told import NAMED, Link, Told, fitting, item_name, listed, quoted
from scoring.insight.briefing.years import fallen_totals, furthest


def consequences_of(seen: Reading) -> list[Told]:
    """One sentence for each clause that takes hold of a unit of the group, or may."""
    rows = seen.result.rows("consequence", group=seen.group)
    lines = by_clause(seen.result, seen.group)
    found = []
    for number, line in zip(dict.fromkeys(row["number"] for row in rows), lines, strict=True):
        own = [row for row in rows if row["number"] == number]
        sure = sum(row["settled"] for row in own)
        if not sure and len(own) == len(seen.units):
            continue  # it may still be anybody
        counts = [*([f"{sure} 个单位"] if sure else []), *([f"待定 {len(own) - sure} 个"] if sure < len(own) else [])]
        short = fitting(f"{own[0]['action']}：{'，'.join(counts)}", f"{own[0]['action']} {len(own)} 个")
        found.append(Told("下一步", f"按{line}。", short, seen.link("ranking"), "consequence"))
    return found


def problem_step(seen: Reading, problem: Problem) -> Told:
    """请苇泽县、云岫县把“…”纳入整改，合计差 15 条，先抓苇泽县（3 条）; 请…在 2024 年 12 月 31 日前…."""
    units = seen.names(list(problem.cells))
    found, title = things_of(seen, problem), quoted(problem.label)
    if seen.over:
        told = f"请{listed(units)}把{title}纳入整改"
    else:
        told = f"请{listed(units)}在 {_day(seen)}前{'赶上进度，解决' if slow_of(problem) else '解决'}{title}"
    if found.sum and found.is_lack and not found.of_item:
        told += f"，{amount_told(found)}"
    if len(found.most) == 1:
        of_item = seen.items[found.indicator].indicator.title + " " if found.of_item else ""
        told += f"，先抓{seen.name(found.most[0])}（{of_item}{found.gaps[found.most[0]]} {found.thing}）"
    if remedy := _remedy(seen, problem):
        told += f"，具体做法：{quoted(remedy.rstrip('。'))}"
    short = fitting(f"{len(units)} 个单位整改{problem.label}", f"整改{problem.label}", "整改")
    return Told("下一步", f"{told}。", short, seen.link("shortfalls", label=problem.label), "problem_step")


def _remedy(seen: Reading, problem: Problem) -> str:
    """What the text tells all of them to do; "" where that differs, or names the gap of each."""
    rows = {key: row for key, row in seen.short.items() if key[1] in problem.indicators}
    own = {row["remedy"] for row in rows.values()}
    each = any("{" in (seen.items[code].indicator.remedy or "") for _, code in rows)
    return (own.pop() or "") if len(own) == 1 and not (each and len(problem.cells) > 1) else ""


def waiting_step(seen: Reading) -> Told | None:
    """请茗川县补报案件台账（已收 3/应收 4）；鹭泽示范区改报案件台账中脱敏的数字；齐全后才能定总分和名次."""
    groups = [(what, own) for what, own in alike(seen.pending, lambda unit: _wanted_told(seen, unit)) if what]
    if not groups:
        return None
    parts = [f"{listed(seen.names(own))}{what}" for what, own in groups[:NAMED]]
    rest = f"；其余 {sum(len(own) for _, own in groups[NAMED:])} 个单位见数据质量" if len(groups) > NAMED else ""
    text = f"请补齐数据：{'；'.join(parts)}{rest}。齐全后才能定总分和名次。"
    return Told("下一步", text, f"补齐 {len(seen.pending)} 个单位的数据", seen.link("quality"), "waiting_step")


def _wanted_told(seen: Reading, unit: str) -> str:
    found = wanted(seen, unit)
    return "、".join(found[:NAMED]) + (f"等 {len(found)} 件事" if len(found) > NAMED else "")


def mean_step(seen: Reading) -> Told | None:
    """请总分比上年低的 4 个单位逐项查找原因，先抓苇泽县（低 4.82 分）; whom a veto took points is not asked for the reason."""
    every, known = fallen_totals(seen), vetoed_of(seen)
    fallen = [one for one in every if one[0] not in known or not known[one[0]].lost]
    if not fallen:
        return _fallen_by_veto(seen, [unit for unit, _ in every])
    others = f"中未因一票否决减分的 {len(fallen)} 个" if len(fallen) < len(every) else ""
    first = [seen.name(unit) for unit, by in fallen if by == fallen[0][1]]
    each = "各" if len(first) > 1 else ""
    text = f"请总分比上年低的 {len(every)} 个单位{others}逐项查找原因，先抓{listed(first)}（{each}低 {points(fallen[0][1])} 分）。"
    link = seen.unit_link(fallen[0][0]) if len(first) == 1 else seen.link("ranking")
    return Told("下一步", text, f"{len(fallen)} 个单位查找降分原因", link, "mean_step")


def _fallen_by_veto(seen: Reading, units: list[str]) -> Told | None:
    """The reason is known of all."""
    known = vetoed_of(seen)
    parts = [f"{seen.name(unit)}（减 {points(lost)} 分）" for unit in units[:NAMED] if (lost := known[unit].lost)]
    if not parts:
        return None
    more = f"等 {len(units)} 个单位" if len(units) > NAMED else ""
    text = f"请总分比上年低的{'、'.join(parts)}{more}先整改一票否决事项。"
    link = seen.unit_link(units[0]) if len(units) == 1 else seen.link("ranking")
    return Told("下一步", text, f"{len(units)} 个单位整改一票否决事项", link, "mean_step")


def lowest_step(seen: Reading) -> Told | None:
    """请总分最低的云岫县先整改…."""
    low = min(seen.total.values(), default=None)
    units = [unit for unit in seen.units if seen.total.get(unit) == low] if low is not None else []
    return _worst_step(seen, "总分最低的", units, "lowest_step")


def fallen_step(seen: Reading) -> Told | None:
    return _worst_step(seen, "名次下降最多的", [unit for unit, _, _ in furthest(seen, up=False)], "fallen_step")


def _worst_step(seen: Reading, which: str, units: list[str], rule: str) -> Told | None:
    """The item, or items, that cost each of the units most."""
    parts = []
    for unit in units[:NAMED]:
        rows = worst_rows(seen, unit)
        items = [seen.items[row["indicator"]].indicator for row in rows[:NAMED]]
        struck = vetoed_of(seen).get(unit)
        if struck is not None and struck.lost and (not rows or struck.lost > rows[0]["points_lost"]):
            parts.append(f"{seen.name(unit)}先整改{struck.why}（一票否决减 {points(struck.lost)} 分）")
        elif rows:
            told = "、".join(item_name(one.clause, one.title) for one in items)
            each = "各" if len(rows) > 1 else ""
            more = f"等 {len(rows)} 项" if len(rows) > NAMED else ""
            parts.append(
                f"{seen.name(unit)}先整改失分最多的{told}{more}（{each}失 {points(rows[0]['points_lost'])} 分）"
            )
    if not parts:
        return None
    link = seen.unit_link(units[0]) if len(units) == 1 else seen.link("ranking")
    text = f"请{which}{'、'.join(parts)}。"
    return Told("下一步", text, fitting(f"{seen.name(units[0])}先抓失分最多的一项", "先抓失分最多的一项"), link, rule)


def section_step(seen: Reading) -> Told | None:
    """两法衔接先抓第七条（一）平台录入：7 个单位共失 10.00 分，请…逐项整改."""
    codes = extreme_sections(seen, best=False)
    found = lost_in(seen, codes[0]) if codes else None
    if found is None:
        return None
    code, units, lost = found
    one = seen.items[code].indicator
    title = next(s.title for s in seen.result.rubric.sections(seen.group) if s.code == codes[0])
    told = f"{title}先抓{item_name(one.clause, one.title)}：{len(units)} 个单位共失 {points(lost)} 分"
    text = f"{told}，请{'、'.join(seen.names(units[:NAMED]))}{'等单位' if len(units) > NAMED else ''}整改。"
    return Told(
        "下一步", text, fitting(f"{title}先抓{one.title}", f"先抓{one.title}"), seen.link("shortfalls"), "section_step"
    )


def loss_step(seen: Reading) -> Told | None:
    """请雁川县整改第七条（一）平台录入：“…”."""
    rows = worst_rows(seen)
    if not rows:
        return None
    parts = []
    for row in rows[:NAMED]:
        one = seen.items[row["indicator"]].indicator
        short = seen.short.get((row["unit"], row["indicator"]))
        how = f"：{quoted(short['remedy'].rstrip('。'))}" if short is not None and short["remedy"] else ""
        parts.append(f"{seen.name(row['unit'])}整改{item_name(one.clause, one.title)}{how}")
    first = rows[0]
    link: Link = seen.unit_link(first["unit"], first["indicator"])
    title = seen.items[first["indicator"]].indicator.title
    short_form = fitting(f"{seen.name(first['unit'])}整改{title}", "整改失分最多的一项")
    return Told("下一步", f"请{'；'.join(parts)}。", short_form, link, "loss_step")


def reports_step(seen: Reading) -> Told:
    """请苇泽县（6 份）、茗川县（3 份）补报未报的 9 份报表; where all are in: 查明 3 份报表迟报的原因."""
    missing = reports_by_unit(seen, "missing")
    counts = missing or reports_by_unit(seen, "late")
    parts = [f"{seen.name(unit)}（{count} 份）" for unit, count in list(counts.items())[:NAMED]]
    more = f"等 {len(counts)} 个单位" if len(counts) > NAMED else ""
    what = f"补报未报的 {sum(counts.values())} 份报表" if missing else f"查明 {sum(counts.values())} 份报表迟报的原因"
    text = f"请{'、'.join(parts)}{more}{what}{'' if missing else '，今后按期报送'}。"
    return Told("下一步", text, what, seen.link("reminders"), "reports_step")


def _day(seen: Reading) -> str:
    end = seen.result.period.end
    return f"{end.year} 年 {end.month} 月 {end.day} 日"
