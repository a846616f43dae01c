"""What the pages say, in Chinese: states, distances, dates, legends. Reads result rows; calls no Streamlit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from scoring.calendar import label_words
from scoring.engine import Assessment
from scoring.engine.explain import absence_lines, between, points
from scoring.engine.placed import Placed
from scoring.expressions.words import number

Row = dict[str, Any]
_LATIN = re.compile(r"(?:\d+% )?[A-Za-z_][\w.\[\]/-]*(?: [A-Za-z_][\w.\[\]/-]*)*", re.ASCII)
_AMOUNT = re.compile(r"(.*?) ((?:不低于 |不高于 )?[−\d.]+(?: 至 [−\d.]+)?) 分$")
ABSENT = {"missing": "缺报", "masked": "数字脱敏", "pending": "市双打办未登记", "zero_base": "基数为零"}
WHAT_TO_DO = {
    "missing": "请尽快补报。",
    "masked": "请改报未脱敏的数字。",
    "pending": "请市双打办补登记。",
    "zero_base": "请核对分母。",
}


def day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    """To the minute; the end of a day is 24:00."""
    return f"{value:%Y-%m-%d} 24:00" if f"{value:%H:%M:%S}" == "23:59:59" else f"{value:%Y-%m-%d %H:%M}"


def basis(result: Assessment) -> str:
    """On what all figures of a page rest: period, data cut-off, edition, document number."""
    spec = result.rubric.spec
    told = [f"{label_words(result.period.label)}考核", f"数据截至 **{day(result.as_of)}**"]
    return "　".join([*told, f"依据《{spec.rubric}》{spec.edition}版（{spec.document.number}）"])


def counts(rows: list[Row]) -> str:
    """How many units, and how many places are still open."""
    pending = sum(row["place"] is None for row in rows)
    held = sum(row["provisional"] for row in rows)
    told = [f"共 {len(rows)} 个单位"]
    if pending:
        told.append(f"{pending} 个数据不全、总分暂缺")
    if held:
        told.append(f"{held} 个名次暂定")
    return "，".join(told) + "。"


def standing(row: Row) -> str:
    """What is to be known about a place: open, provisional, tied."""
    if row["place"] is None:
        top = f"{points(row['total_low'])}–{points(row['total_high'])}" if row["total_high"] is not None else (
            f"不低于 {points(row['total_low'])}")  # fmt: skip
        return f"暂缺：{top} 分，{_places(row)}"
    told = ["并列"] if row["tied"] else []
    if row["provisional"]:
        told.append(f"暂定：补齐后{_places(row)}")
    return "，".join(told) or "已定"


def _places(row: Row) -> str:
    best, worst = row["best_place"], row["worst_place"]
    return f"第 {best} 名" if best == worst else f"第 {best}–{worst} 名"


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


def label_counts(rows: list[Row]) -> dict[str, int]:
    """Each problem and the number of units that have it, most common first."""
    units: dict[str, set[str]] = {}
    for row in rows:
        units.setdefault(row["label"], set()).add(row["unit"])
    return {label: len(units[label]) for label in sorted(units, key=lambda label: -len(units[label]))}


def shortfall_counts(rows: list[Row]) -> str:
    absent = sum(row["stage"] == "数据不全" for row in rows)
    units = len({row["unit"] for row in rows})
    told = (f"{units} 个单位，" if units > 1 else "") + f"{len(rows) - absent} 项短板"
    return told + (f"，另有 {absent} 项缺数据" if absent else "") + "。"


def distance(row: Row, one: Placed) -> str:
    """The gap of a shortfall in things: 差 4 件; 6 件 where nothing should be there at all."""
    if not row["gap"]:
        return "—"
    count = f"{row['gap']} {row['gap_unit'] or _thing_of_gap(one)}".strip()
    return f"差 {count}" if row["target"] is not None or row["stage"] != "未达标" else count


def _thing_of_gap(one: Placed) -> str:
    """The one unit of measure of everything the gap names."""
    flag = one.indicator.flag
    codes = one.setting.needs(flag.gap.tree) if flag is not None and flag.gap is not None else ()
    things = {one.rubric.measures[code].thing for code in codes}
    return things.pop() if len(things) == 1 else ""


def amount(value: Decimal | None, thing: str) -> str:
    if value is None:
        return "—"
    return f"{number(round(value, 2))}{thing if thing == '%' else ' ' + thing if thing else ''}"


def scored(row: Row) -> str:
    """Points of full marks, always two decimals; a range where the figure is not there."""
    got = between(row["points_low"], row["points_high"])
    return got if row["full_marks"] is None else f"{got} / {points(row['full_marks'])}"


def wanting(score: Row) -> bool:
    """Points are lost or still open."""
    return score["state"] != "not_applicable" and (score["points"] is None or bool(score["points_lost"]))


def sum_parts(lines: Iterable[str]) -> list[tuple[str, str]]:
    """The lines of the sum as (what, points), the points aligned at the decimal point."""
    found = [(line, _AMOUNT.match(line)) for line in lines]
    parts = _joined([(match[1], match[2]) if match else (line, "") for line, match in found])
    width = max(amount.find(".") for _, amount in parts)
    return [(what, "\u2007" * (width - amount.find(".")) + amount if amount else "") for what, amount in parts]


def _joined(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """总分四舍五入 told together with the one line whose long decimals it rounds off."""
    rounding = next((part for part in parts if part[0] == "总分四舍五入"), None)
    longer = [part for part in parts if re.search(r"\.\d{3}", part[1]) and part is not rounding]
    if rounding is None or len(longer) != 1:
        return parts
    ends = [[Decimal(end.replace("−", "-")) for end in part[1].split(" 至 ")] for part in (longer[0], rounding)]
    low, high = (sum((end[place] for end in ends), Decimal(0)) for place in (0, -1))
    told = (f"{longer[0][0]}（含总分四舍五入）", between(low, high))
    return [told if part is longer[0] else part for part in parts if part is not rounding]


def applicable(result: Assessment, unit: str) -> list[Row]:
    """The unit's sections in the order of the rubric, each with its title and the full marks that apply."""
    scores = result.rows("indicator_score", unit=unit)
    nodes = {node["section"]: node for node in result.rows("node_score", unit=unit)}
    told = []
    for one in result.rubric.spec.sections:
        if one.code in nodes:
            out = [row["full_marks"] for row in scores if row["section"] == one.code and row["left_out"]]
            node = nodes[one.code]
            applies = (node["full_marks"] or Decimal(0)) - sum((full for full in out if full is not None), Decimal(0))
            told.append({**node, "title": one.title, "applies": applies})
    return told


def section(node: Row) -> str:
    """A section's heading: points of the full marks that apply."""
    if not node["applies"]:
        return f"**{node['title']}**　:gray[不适用，满分 {points(node['full_marks'])} 分折算到其余指标]"
    out = node["full_marks"] - node["applies"]
    told = f"**{node['title']}**　{between(node['points_low'], node['points_high'])} / {points(node['applies'])} 分"
    return told + (f"　:gray[另有 {points(out)} 分不适用]" if out else "")


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


def told_shortfalls(result: Assessment, rows: list[Row]) -> list[Row]:
    """Each shortfall with its actual, target, distance, points lost and what to do, in words."""
    parts: dict[tuple[str, str], list[Row]] = {}
    for part in result.rows("rule_part"):
        parts.setdefault((part["unit"], part["indicator"]), []).append(part)
    figures: dict[str, list[Row]] = {}
    for figure in result.rows("measure"):
        figures.setdefault(figure["unit"], []).append(figure)
    return [
        {**row, **_told(result, row, parts.get((row["unit"], row["indicator"]), []), figures.get(row["unit"], []))}
        for row in rows
    ]


def _told(result: Assessment, row: Row, parts: list[Row], figures: list[Row]) -> dict[str, str]:
    rubric = result.rubric
    indicator, section = rubric.indicators[row["indicator"]], rubric.section_of[row["indicator"]]
    one = Placed(rubric, row["group"], section, indicator)
    told = {
        "label": row["label"] or ABSENT[row["state"]],
        "actual_words": amount(row["actual"], one.names.thing("actual")) if indicator.actual else _counted(one, parts),
        "target_words": amount(row["target"], one.names.thing("target")) if indicator.target else "—",
        "gap_words": distance(row, one),
        "lost_words": points(row["points_lost"]) if row["points_lost"] is not None else "暂缺",
        "remedy": row["remedy"] or "—",
        "todo": row["remedy"] or "",
    }
    if row["points_lost"] is None and row["points_high"] is not None and row["full_marks"] is not None:
        least, most = row["full_marks"] - row["points_high"], row["full_marks"] - row["points_low"]
        told["lost_words"] = f"{points(least)}–{points(most)}"
    if row["stage"] == "数据不全":
        needed = [figure for figure in figures if figure["measure"] in one.everything]
        reasons = absence_lines(one, needed, row["state"])
        told["remedy"] = "；".join(reasons) + f"。{WHAT_TO_DO[row['state']]}"
        told["todo"] = WHAT_TO_DO[row["state"]]
    return told


def _counted(one: Placed, parts: list[Row]) -> str:
    """What there is instead of one figure: the conditions not met, or the things that cost points."""
    if any(part["unknown"] for part in parts):
        return "—"
    if any(rule.kind == "checklist" for rule in one.indicator.rules):
        absent = [part["title"] for part in parts if not part["quantity"]]
        return f"缺：{'、'.join(absent)}" if absent else "—"
    cost = [part for part in parts if part["quantity"] and part["points"] is not None and part["points"] < 0]
    return "，".join(f"{part['title']} {amount(part['quantity'], part['thing'])}" if part["thing"] else part["title"]
                    for part in cost) or "—"  # fmt: skip
