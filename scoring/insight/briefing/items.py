"""What a group did well and badly by item and by section: reached, full marks, shares, losses, vetoes. Reads points."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scoring.engine.printed import points
from scoring.expressions.words import amount
from scoring.insight.briefing.heat import FEWEST, countable
from scoring.insight.briefing.naming import lacking
from scoring.insight.briefing.reading import Reading, Row
from scoring.insight.briefing.told import NAMED, Kind, Told, counted, fitting, item_name, percent
from scoring.rubric.model import Veto
from scoring.rubric.structure import worth

MOST = Fraction(3, 4)  # of the units an item applies to


def reached(seen: Reading, told_labels: set[str]) -> Told | None:
    """The item with a target, of the most full marks, that most units reached. Those of a problem told already are left out."""
    found = []
    for code, one in seen.items.items():
        flag, full = one.indicator.flag, one.full
        if (
            flag is None
            or not lacking(one.indicator)
            or one.indicator.target is None
            or full is None
            or flag.label in told_labels
        ):
            continue
        clear, short, is_open = (seen.verdicts(code)[verdict] for verdict in ("clear", "short", "open"))
        whole = len(clear) + len(short) + len(is_open)
        if whole >= FEWEST and Fraction(len(clear), whole) >= MOST:
            found.append((full, Fraction(len(clear), whole), code))
    if not found:
        return None
    _, _, code = max(found, key=lambda one: one[:2])  # of equals the first of the text
    return _reached(seen, code)


def _reached(seen: Reading, code: str) -> Told:
    one, verdicts = seen.items[code], seen.verdicts(code)
    clear, short, is_open = verdicts["clear"], verdicts["short"], verdicts["open"]
    flag = one.indicator.flag
    early = flag is not None and flag.by == "period_end" and flag.pace is not None and not seen.over
    word = ("" if seen.over else "目前") + ("跟上进度" if early else "达标")
    word_all = f"全部{word}" if seen.over else word.replace("目前", "目前全部")
    whole = len(clear) + len(short) + len(is_open)
    title = one.indicator.title
    told = f"{title}（{one.indicator.clause}）适用的 {whole} 个单位"
    told += f"{word_all}" if len(clear) == whole else f"中 {len(clear)} 个{word}"
    told += _sums(seen, code, [*clear, *short]) if not is_open else f"；{counted(seen.names(is_open))}数据不全，未计入"
    if verdicts["no_base"]:
        told += f"；另有 {counted(seen.names(verdicts['no_base']))}基数为零，不作比较"
    short_form = fitting(f"{title} {len(clear)} 个单位{word}", f"{len(clear)} 个单位{title}{word}", f"{title}{word}")
    return Told("成绩", f"{told}。", short_form, seen.link("shortfalls"), "reached")


def _sums(seen: Reading, code: str, units: list[str]) -> str:
    """，合计行政处罚立案数 166 件、年度办案任务 150 件, where every figure is there and counted in the same things."""
    one = seen.items[code]
    things = {one.names.thing(name) for name in ("actual", "target")}
    rows = [seen.scores[unit, code] for unit in units]
    if one.indicator.actual is None or len(things) > 1 or not countable(next(iter(things))):
        return ""
    if any(row[name] is None for row in rows for name in ("actual", "target")):
        return ""
    done, wanted = (sum((row[name] for row in rows), Decimal(0)) for name in ("actual", "target"))
    if not wanted:
        return ""
    thing = things.pop()
    return (
        f"，合计{one.names.title('actual')} {amount(done, thing)}、{one.names.title('target')} {amount(wanted, thing)}"
    )


def all_full(seen: Reading) -> Told | None:
    """Items that apply to at least two units and of which none of these has lost a point."""
    found = []
    for code, one in seen.items.items():
        rows = [seen.scores[unit, code] for unit in seen.units if seen.applies(unit, code)]
        if len(rows) > 1 and one.full and all(row["state"] == "value" and row["points_lost"] == 0 for row in rows):
            found.append(one.indicator.title)
    if not found:
        return None
    more = f"{'等' if len(found) > NAMED else ''} {len(found)} 项指标" if len(found) > 1 else ""
    ending = "全部得满分" if seen.over else "目前都没有失分"
    text = f"{'、'.join(found[:NAMED])}{more}，适用的单位{ending}。"
    short = f"{len(found)} 项指标{ending}" if len(found) > 1 else f"{found[0]}{ending}"
    return Told("成绩", text, fitting(short), seen.link("ranking"), "all_full")


def shares(seen: Reading) -> dict[str, tuple[Decimal, Decimal]]:
    """By section of the first level: points, and full marks that apply, of all units with a total; where there are any."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    tops = {section.code: section for section in seen.result.rubric.sections(seen.group)}
    for row in seen.result.rows("node_score", group=seen.group):
        if row["section"] not in tops or row["unit"] not in seen.total or row["points"] is None:
            continue
        full = worth(tops[row["section"]], seen.group) if row["full_marks"] is None else row["full_marks"]
        if full is not None:
            got, most = found.get(row["section"], (Decimal(0), Decimal(0)))
            found[row["section"]] = got + row["points"], most + full - row["left_out"]
    return {code: pair for code in tops if (pair := found.get(code)) is not None and pair[1] > 0}


def extreme_sections(seen: Reading, best: bool) -> list[str]:
    """The sections of the highest or the lowest share; none where there is nothing to compare."""
    found = {code: Fraction(got) / Fraction(full) for code, (got, full) in shares(seen).items()}
    if len(seen.total) < 2 or len(set(found.values())) < 2:
        return []
    end = max(found.values()) if best else min(found.values())
    return [code for code, value in found.items() if value == end]


def section_told(seen: Reading, best: bool) -> Told | None:
    """各一级指标中，组织领导得分率最高：10 个单位共得 130.00 分，为适用满分 140.00 分的 92.9%."""
    codes = extreme_sections(seen, best)
    if not codes:
        return None
    word = "最高" if best else "最低"
    titles = {section.code: section.title for section in seen.result.rubric.sections(seen.group)}
    who = f"{'已有总分的' if len(seen.total) < len(seen.units) else ''} {len(seen.total)} 个单位".strip()
    found = shares(seen)
    parts = []
    for code in codes:
        got, full = found[code]
        rate = percent(Fraction(got) / Fraction(full))
        parts.append(f"{titles[code]}，{who}共得 {points(got)} 分，为适用满分 {points(full)} 分的 {rate}")
    tied = "并列" if len(codes) > 1 else ""
    text = f"各一级指标中得分率{tied}{word}的是{'；'.join(parts[:NAMED])}。"
    rate = percent(Fraction(found[codes[0]][0]) / Fraction(found[codes[0]][1]))
    short = fitting(f"{titles[codes[0]]}得分率{word}（{rate}）", f"{titles[codes[0]]}得分率{word}")
    kind: Kind = "成绩" if best else "不足"
    return Told(kind, text, short, seen.link("ranking"), "best_section" if best else "weakest_section")


def worst_rows(seen: Reading, unit: str = "") -> list[Row]:
    """The items that lost the most points: of one unit, or of all. Nothing where no point is lost."""
    rows = [row for row in seen.scores.values() if row["points_lost"] is not None and unit in ("", row["unit"])]
    most = max((row["points_lost"] for row in rows), default=Decimal(0))
    found = [row for row in rows if row["points_lost"] == most] if most > 0 else []
    return sorted(found, key=lambda row: seen.units.index(row["unit"]))


def largest_loss(seen: Reading) -> Told | None:
    """雁川县第七条（一）平台录入失 6.00 分（满分 6.00 分），为单项失分最多."""
    rows = worst_rows(seen)
    if not rows:
        return None
    is_open = any(row["points_lost"] is None and row["state"] != "not_applicable" for row in seen.scores.values())
    parts = []
    for row in rows[:NAMED]:
        one = seen.items[row["indicator"]].indicator
        full = f"（满分 {points(row['full_marks'])} 分）" if row["full_marks"] else ""
        parts.append(
            f"{seen.name(row['unit'])}{item_name(one.clause, one.title)}失 {points(row['points_lost'])} 分{full}"
        )
    more = f"等 {len(rows)} 处" if len(rows) > NAMED else ""
    tied = "并列" if len(rows) > 1 else ""
    text = f"{'已有分数的指标中，' if is_open else ''}{'、'.join(parts)}{more}，{tied}单项失分最多。"
    first = rows[0]
    lost, name = points(first["points_lost"]), seen.name(first["unit"])
    title = seen.items[first["indicator"]].indicator.title
    link = seen.unit_link(first["unit"], first["indicator"])
    short = f"{name}{title}失 {lost} 分" if len(rows) == 1 else f"单项最多失 {lost} 分"
    return Told("不足", text, fitting(short, f"{name}单项失 {lost} 分"), link, "largest_loss")


def no_shortfall(seen: Reading) -> Told | None:
    """Units of which every figure is there and that have fallen below no flag."""
    items = [code for code, one in seen.items.items() if one.indicator.flag is not None]
    found = []
    for unit in seen.units:
        verdicts = {seen.verdict(unit, code) for code in items}
        if "clear" in verdicts and not verdicts & {"short", "open"} and unit in seen.total:
            found.append(unit)
    if not found:
        return None
    link = seen.unit_link(found[0]) if len(found) == 1 else seen.link("shortfalls")
    now = "" if seen.over else "目前"
    return Told(
        "成绩", f"{counted(seen.names(found))}{now}没有一项短板。", f"{len(found)} 个单位没有短板", link, "no_shortfall"
    )


def no_veto(seen: Reading) -> Told | None:
    """Only where the text knows a veto and nothing about it is open."""
    vetoes = [one for one in seen.result.rubric.adjustments(seen.group) if isinstance(one, Veto)]
    if not vetoes or not seen.ranking or seen.result.rows("adjustment", group=seen.group, kind="veto"):
        return None
    clauses = "、".join(dict.fromkeys(one.clause for one in vetoes))
    text = f"没有单位因{clauses}被一票否决。"
    return Told("成绩", text, "没有单位被一票否决", seen.link("ranking"), "no_veto")


def lost_in(seen: Reading, section: str) -> tuple[str, list[str], Decimal] | None:
    """Of the items of a section of the first level the one that costs the units with a total most: code, units, points."""
    below = {section} | {
        node.section.code
        for node in seen.result.rubric.nodes(seen.group)
        if node.above and node.above[0].code == section
    }
    found: dict[str, list[Row]] = {}
    for (unit, code), row in seen.scores.items():
        if row["section"] in below and unit in seen.total and row["points_lost"]:
            found.setdefault(code, []).append(row)
    if not found:
        return None
    sums = {code: sum((row["points_lost"] for row in found[code]), Decimal(0)) for code in seen.items if code in found}
    code = max(sums, key=lambda one: sums[one])
    own = [row["unit"] for row in found[code]]
    return code, [unit for unit in seen.units if unit in own], sums[code]
