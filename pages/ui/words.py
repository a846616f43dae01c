"""What the pages say, in Chinese: states, distances, dates, legends. Reads result rows; calls no Streamlit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scoring.calendar import label_words
from scoring.engine import Assessment
from scoring.engine.explain import is_open, place_range, provisional_note
from scoring.engine.placed import Placed, placed_one
from scoring.engine.printed import between, points
from scoring.engine.sentence import absence_lines
from scoring.engine.summed import SumLine
from scoring.expressions.words import number
from scoring.insight.briefing import naming
from scoring.insight.briefing.naming import UNREPORTED, WITHOUT, gap_words, lost_words, named, without_points
from scoring.project import Office
from scoring.rubric import Rubric
from scoring.rubric.structure import worth

Row = dict[str, Any]
_LATIN = re.compile(r"(?:\d+% )?[A-Za-z_][\w.\[\]/-]*(?: [A-Za-z_][\w.\[\]/-]*)*", re.ASCII)
ABSENT = naming.ABSENT
FIGURE_SPACE = "\u2007"
WHAT_TO_DO = {
    "missing": "请尽快补报。",
    "masked": "请改报未脱敏的数字。",
    "pending": "请市双打办补登记。",
    "not_due": "请按期报送。",
    "zero_base": "请核对分母。",
}


def day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def sample_told(office: Office) -> str:
    """What stands on every page while the city is invented; nothing otherwise."""
    if not office.sample:
        return ""
    today = f"演示日期当作 {day(office.today)}。" if office.today else ""
    return f"{office.city}和各单位均为虚构，数据为演示编造。{today}"


def moment(value: datetime) -> str:
    """To the minute; the end of a day is 24:00."""
    return f"{value:%Y-%m-%d} 24:00" if f"{value:%H:%M:%S}" == "23:59:59" else f"{value:%Y-%m-%d %H:%M}"


def basis(result: Assessment) -> str:
    """On what all figures of a page rest: period, data cut-off, edition, document number."""
    spec = result.rubric.spec
    told = [f"{label_words(result.period.label)}考核", f"数据截至 **{day(result.as_of)}**"]
    return "　".join([*told, f"依据《{spec.rubric}》{spec.edition}版（{spec.document.number}）"])


def plain_basis(result: Assessment) -> str:
    """The same without Markdown."""
    return basis(result).replace("**", "")


def counts(rows: list[Row]) -> str:
    """How many units, how many places are still open, and what that means."""
    pending = sum(is_open(row) for row in rows)
    held = sum(row["provisional"] for row in rows)
    told = f"共 {len(rows)} 个单位"
    if held:
        return f"{told}：{provisional_note(rows)}、总分暂缺；{held} 个名次因此暂定，补齐后的名次见“状态”。  \n"
    return told + (f"，{pending} 个数据不全、总分暂缺。" if pending else "。")


def standing(row: Row) -> str:
    """What is to be known about a place: open, provisional, tied."""
    if row["place"] is None and not is_open(row):
        return {"not_applicable": "没有适用的指标", "stopped": "不再计分"}.get(row["state"], "不参加排名")
    if row["place"] is None:
        return f"暂缺：{span(row['total_low'], row['total_high'])} 分，{place_range(row)}"
    told = ["并列"] if row["tied"] else []
    if row["provisional"]:
        told.append(f"暂定：补齐后{place_range(row)}")
    if row["quota_open"]:
        told.append("等次名额未定")
    return "，".join(told) or "已定"


def place(row: Row) -> str:
    """第 8 名, 暂列第 8 名, 可能第 5–12 名."""
    if row["place"] is None:
        return f"可能{place_range(row)}" if is_open(row) else "不排名次"
    return f"{'暂列' if row['provisional'] else ''}第 {row['place']} 名"


def short_place(row: Row) -> str:
    """8; 暂缺; 不排名."""
    return str(row["place"]) if row["place"] is not None else "暂缺" if is_open(row) else "不排名"


def short_total(row: Row) -> str:
    """90.12; 暂缺; 不计分."""
    if row["total"] is not None:
        return points(row["total"].quantize(Decimal("0.01"), ROUND_HALF_UP))
    return "暂缺" if row["state"] == "pending" else "不计分"


def spaced(text: str) -> str:
    """A figure padded with blanks, the blanks as wide as a figure."""
    return text.replace(" ", FIGURE_SPACE)


def followed(clauses: list[Row], others_open: bool) -> str:
    """书面整改，待定：约谈; 待定 where no clause is written down and one may follow all the same; — where nothing follows."""
    sure, still = ("、".join(one["action"] for one in clauses if one["settled"] is settled) for settled in (True, False))
    told = [*([sure] if sure else []), *([f"待定：{still}"] if still else [])]
    return "，".join(told) or ("待定" if others_open else "—")


def span(low: Decimal | None, high: Decimal | None) -> str:
    """A range where space is short: 44.17–89.03."""
    return between(low, high).replace(" 至 ", "–")


def change(row: Row) -> str:
    """Last year's place and the way from it: ↑2, ↓1, —."""
    before, now = row["previous_place"], row["place"]
    if before is None:
        return "无"
    return f"{before}　{moved(before, now)}" if now is not None else str(before)


def moved(before: int, now: int) -> str:
    if before == now:
        return "—"
    return f"↑{before - now}" if now < before else f"↓{now - before}"


def aligned(told: str) -> str:
    """A change of place with its digits one below the other."""
    before, _, way = told.partition("　")
    return f"{before:{FIGURE_SPACE}>2}　{way:{FIGURE_SPACE}<3}" if before.isdigit() else told


def label_counts(rows: list[Row]) -> dict[str, int]:
    """Each problem and the number of units that have it, in the order of the rows."""
    units: dict[str, set[str]] = {}
    for row in rows:
        units.setdefault(row["label"], set()).add(row["unit"])
    return {label: len(own) for label, own in units.items()}


def shortfall_counts(result: Assessment, rows: list[Row]) -> str:
    """How many of them; of whom, if of one unit only."""
    absent = sum(row["stage"] == WITHOUT for row in rows)
    units = {row["unit"] for row in rows}
    whose = f"{len(units)} 个单位，" if len(units) > 1 else f"{result.rubric.register.title(*units)}："
    told = [f"{len(rows) - absent} 项短板"] if len(rows) > absent else []
    told += [f"{'另有 ' if told else ''}{absent} 项数据不全"] if absent else []
    return f"{whose}{'，'.join(told)}。"


def undecided_besides(result: Assessment, shown: list[Row], rows: list[Row]) -> str:
    """Who may have what is shown, too: those of `rows` whose figures of the same indicators are not there. "" for none."""
    items = {row["indicator"] for row in shown}
    besides: dict[str, list[str]] = {}
    for row in rows:
        if row["stage"] == WITHOUT and row["indicator"] in items and row not in shown:
            besides.setdefault(row["unit"], []).append(result.rubric.indicators[row["indicator"]].title)
    if not besides:
        return ""
    told = "、".join(f"{result.rubric.register.title(unit)}（{'、'.join(titles)}）" for unit, titles in besides.items())
    return f"另有 {len(besides)} 个单位数据不全，有没有这类问题还不知道：{told}。"


def amount(value: Decimal | None, thing: str) -> str:
    if value is None:
        return "—"
    return f"{number(round(value, 2))}{thing if thing == '%' else ' ' + thing if thing else ''}"


def percent(part: int, whole: int) -> str:
    """98.40%, half away from zero; of nothing there is none."""
    if not whole:
        return "—"
    hundredths = (part * 20000 + whole) // (2 * whole)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def scored(row: Row) -> str:
    """Points of full marks, always two decimals; a range where the figure is not there."""
    got = between(row["points_low"], row["points_high"])
    return got if row["full_marks"] is None else f"{got} / {points(row['full_marks'])}"


def wanting(score: Row) -> bool:
    """Points are lost or still open."""
    if score["state"] == "not_applicable":
        return False
    return score["points"] is None or bool(score["points_lost"]) or open_loss(score)


def open_loss(score: Row) -> bool:
    """The item has its points, and what it loses elsewhere is not known yet."""
    return score["points"] is not None and score["points_lost"] is None and score["full_marks"] is not None and (
        not score["left_out"])  # fmt: skip


def sum_parts(lines: Iterable[SumLine]) -> list[tuple[str, str]]:
    """The lines of the sum as (what, points), the points aligned at the decimal point."""
    parts = []
    for line in lines:
        told = line.signed.removesuffix(" 分")
        reason = "：" in told  # why nothing is counted is no amount
        parts.append((f"{line.what} {told}", "") if reason else (line.what, told))
    figures = [amount for _, amount in parts if amount[:1] in set("−0123456789")]
    width = max(amount.find(".") for amount in figures)
    return [(what, FIGURE_SPACE * (width - amount.find(".")) + amount if amount in figures else amount)
            for what, amount in parts]  # fmt: skip


def applicable(result: Assessment, unit: str) -> list[Row]:
    """The unit's sections of every level in the order of the rubric, each with its title and what applies of it: of its
    full marks, or where none are stated of what is below it; None where an item has none."""
    rows = {row["section"]: row for row in result.rows("node_score", unit=unit)}
    group, told = result.rubric.group_of(unit) or "", []
    for one in (node.section for node in result.rubric.nodes()):
        if one.code in rows:
            row = rows[one.code]
            full = worth(one, group) if row["full_marks"] is None else row["full_marks"]
            applies = None if full is None else full - row["left_out"]
            told.append({**row, "title": result.rubric.path(one.code), "applies": applies})
    return told


def codes_below(rubric: Rubric, group: str) -> dict[str, set[str]]:
    """By title of each section of the first level: its code and those of all sections below it."""
    tops = {section.title: {section.code} for section in rubric.sections(group)}
    for node in rubric.nodes(group):
        if node.above:
            tops[node.above[0].title].add(node.section.code)
    return tops


def section_told(node: Row) -> tuple[str, str]:
    """A section's points of the full marks that apply, and what else is to be known of them."""
    got = between(node["points_low"], node["points_high"])
    if node["applies"] is None:
        return f"{got} 分", ""
    if not node["applies"]:
        return "", f"不适用，满分 {points(node['left_out'])} 分折算到其余指标"
    return f"{got} / {points(node['applies'])} 分", f"另有 {points(node['left_out'])} 分不适用" if node["left_out"] else ""


def stopped(text: str) -> str:
    """With a full stop, unless it ends a sentence already."""
    return text if text.endswith(("。", "？", "！")) else f"{text}。"


def code(text: str) -> str:
    """Markdown with file names and keys set as code."""
    return _LATIN.sub(lambda match: f"`{match[0]}`", text)


def plain(text: str) -> str:
    """Text that Markdown must not interpret, such as the * of a masked cell."""
    return re.sub(r"([\\`*_\[\]<>~$|#:])", r"\\\1", text)


def joined(numbers: list[int]) -> str:
    """Row numbers with runs drawn together: 3–7、9."""
    runs: list[list[int]] = []
    for one in sorted(set(numbers)):
        if runs and one == runs[-1][1] + 1:
            runs[-1][1] = one
        else:
            runs.append([one, one])
    told = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
    return "、".join(told[:12]) + ("…" if len(told) > 12 else "")


def told_shortfalls(result: Assessment, rows: list[Row], unit: str | None = None) -> list[Row]:
    """Each shortfall with its actual, target, distance, points lost and what to do, in words. `unit`: they are all its own."""
    own = {"unit": unit} if unit is not None else {}
    parts: dict[tuple[str, str], list[Row]] = {}
    for part in result.rows("rule_part", **own):
        parts.setdefault((part["unit"], part["indicator"]), []).append(part)
    figures: dict[str, list[Row]] = {}
    for figure in result.rows("measure", **own):
        figures.setdefault(figure["unit"], []).append(figure)
    landings: dict[tuple[str, str], list[Row]] = {}
    for landing in result.rows("landing", **own):
        landings.setdefault((landing["unit"], landing["indicator"]), []).append(landing)
    told = []
    for row in rows:
        key, one = (row["unit"], row["indicator"]), placed_one(result.rubric, row["group"], row["indicator"])
        row = named(one, row)
        lost = lost_words(row, landings.get(key, ())).replace(" 至 ", "–")
        told.append({**row, **_told(one, row, parts.get(key, []), figures.get(row["unit"], [])), "lost_words": lost})
    return told


def _told(one: Placed, row: Row, parts: list[Row], figures: list[Row]) -> dict[str, str]:
    indicator = one.indicator
    told = {
        "actual_words": amount(row["actual"], one.names.thing("actual")) if indicator.actual else _counted(one, parts),
        "target_words": amount(row["target"], one.names.thing("target")) if indicator.target else "—",
        "gap_words": gap_words(one, row) or "—",
        "remedy": row["remedy"] or "—",
        "todo": row["remedy"] or "",
    }
    if row["stage"] in (WITHOUT, UNREPORTED):
        needed = [figure for figure in figures if figure["measure"] in one.everything]
        reasons = absence_lines(one, needed, row["state"], partial=False)
        reasons = ["；".join(reasons), *(["按规定未报送不得分"] if without_points(one, row) else [])]
        told["todo"] = WHAT_TO_DO["not_due" if row["state"] == "pending" and not _owed(one, needed) else row["state"]]
        told["remedy"] = f"{'，'.join(reasons)}。{told['todo']}"
    return told


def _owed(one: Placed, figures: list[Row]) -> bool:
    """Whether the office owes one of the figures; else they are not due yet."""
    forms = {one.rubric.measures[figure["measure"]].form for figure in figures if figure["state"] == "pending"}
    return any(one.rubric.forms[form].kept_by != "unit" for form in forms)


def _counted(one: Placed, parts: list[Row]) -> str:
    """What there is instead of one figure: the conditions not met, or the things that cost points."""
    if any(part["unknown"] for part in parts):
        return "—"
    if any(rule.kind == "checklist" for rule in one.indicator.rules):
        absent = [part["title"] for part in parts if not part["quantity"] and part["rule"] < len(one.scored)]
        return f"缺：{'、'.join(absent)}" if absent else "—"
    cost = [part for part in parts if part["quantity"] and part["points"] is not None and part["points"] < 0]
    return "，".join(f"{part['title']} {amount(part['quantity'], part['thing'])}" if part["thing"] else part["title"]
                    for part in cost) or "—"  # fmt: skip
