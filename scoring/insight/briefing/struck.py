"""Who was vetoed (一票否决), or else whom a penalty costs a place: what stands behind a total that no indicator explains.

Reads the rows of `adjustment`; reckons no points. What several vetoes of a unit take away stands at the first of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.insight.briefing.reading import Reading, Row
from scoring.insight.briefing.told import NAMED, Link, Told, fitting, quoted
from scoring.rubric.model import Penalty, Veto


@dataclass(frozen=True)
class Struck:
    """One unit with the vetoes that hold of it. `lost`: points all of them took off the total; None while that is open."""

    unit: str
    vetoes: tuple[Veto, ...]
    lost: Decimal | None

    @property
    def why(self) -> str:
        """“弄虚作假”（第十四条）."""
        return "、".join(f"{quoted(one.title)}（{one.clause}）" for one in self.vetoes)

    @property
    def effects(self) -> str:
        """总分不超过 59 分，等次定为不合格."""
        return "，".join(dict.fromkeys(one.effect.words for one in self.vetoes))


def vetoed(result: Assessment, group: str) -> Mapping[str, Struck]:
    """By unit, in the order of the register; those of whom it is not known whether a veto holds are not among them."""
    return vetoed_of(Reading(result, group))


def vetoed_of(seen: Reading) -> Mapping[str, Struck]:
    vetoes = {one.code: one for one in seen.result.rubric.adjustments(seen.group) if isinstance(one, Veto)}
    rows: dict[str, list[Row]] = {}
    for row in seen.result.rows("adjustment", group=seen.group, kind="veto"):
        rows.setdefault(row["unit"], []).append(row)
    found = {}
    for unit in seen.units:
        own = [row for row in rows.get(unit, ()) if row["holds"]]
        if own:
            held = tuple(vetoes[code] for code in vetoes if any(row["adjustment"] == code for row in own))
            taken = [row["points"] for row in rows[unit]]
            lost = None if unit not in seen.total or None in taken else -sum(taken, Decimal(0))
            found[unit] = Struck(unit, held, lost)
    return found


def vetoed_told(seen: Reading) -> Told | None:
    """雁川县因“弄虚作假”（第十四条）被一票否决（总分不超过 59 分，等次定为不合格），总分因此减少 31.27 分."""
    found = [*vetoed_of(seen).values()]
    if not found:
        return None
    told = "；".join(_vetoed(seen, one) for one in found[:NAMED])
    more = f"；被一票否决的共 {len(found)} 个单位" if len(found) > NAMED else ""
    first = seen.name(found[0].unit)
    short = (
        fitting(f"{first}被一票否决：{found[0].vetoes[0].title}", f"{first}被一票否决", "1 个单位被一票否决")
        if len(found) == 1
        else f"{len(found)} 个单位被一票否决"
    )
    return Told("不足", f"{told}{more}。", short, _link(seen, found), "vetoed")


def _vetoed(seen: Reading, one: Struck) -> str:
    told = f"{seen.name(one.unit)}因{one.why}被一票否决（{one.effects}）"
    if one.unit in seen.pending:
        return f"{told}，总分暂缺"
    return told + (f"，总分因此减少 {points(one.lost)} 分" if one.lost else "")


def vetoed_step(seen: Reading) -> Told | None:
    """请雁川县就“弄虚作假”（第十四条）整改到位、举一反三."""
    found = [*vetoed_of(seen).values()]
    if not found:
        return None
    told = "；".join(f"{seen.name(one.unit)}就{one.why}整改到位、举一反三" for one in found[:NAMED])
    more = f"；被一票否决的 {len(found)} 个单位都要整改" if len(found) > NAMED else ""
    who = seen.name(found[0].unit) if len(found) == 1 else f"{len(found)} 个单位"
    short = fitting(f"{who}整改一票否决事项", "整改一票否决事项")
    return Told("下一步", f"请{told}{more}。", short, _link(seen, found), "vetoed_step")


def _link(seen: Reading, found: list[Struck]) -> Link:
    return seen.unit_link(found[0].unit) if len(found) == 1 else seen.link("ranking")


def penalties(seen: Reading) -> list[tuple[Row, Penalty]]:
    """The penalties that took off most, of those that are at least what the unit lacks to the next higher total; none where
    somebody was vetoed."""
    if vetoed_of(seen):
        return []
    known = {one.code: one for one in seen.result.rubric.adjustments(seen.group) if isinstance(one, Penalty)}
    rows = [row for row in seen.result.rows("adjustment", group=seen.group, kind="penalty") if row["points"]]
    rows = [row for row in rows if row["points"] < 0 and _costs_a_place(seen.by_unit[row["unit"]], -row["points"])]
    most = min((row["points"] for row in rows), default=Decimal(0))
    own = sorted((row for row in rows if row["points"] == most), key=lambda row: seen.units.index(row["unit"]))
    return [(row, known[row["adjustment"]]) for row in own]


def _costs_a_place(row: Row, lost: Decimal) -> bool:
    return row["to_next"] is not None and lost >= row["to_next"]


def penalty_told(seen: Reading) -> Told | None:
    """苇泽县因“媒体曝光、通报批评”（第十三条）扣 2.00 分，与前一名相差 1.30 分."""
    found = penalties(seen)
    if not found:
        return None
    parts = []
    for row, one in found[:NAMED]:
        next_one = points(seen.by_unit[row["unit"]]["to_next"])
        head = f"{seen.name(row['unit'])}因{quoted(one.title)}（{one.clause}）扣 {points(-row['points'])} 分"
        parts.append(f"{head}，比前一名少 {next_one} 分")
    more = f"；这样的共 {len(found)} 处" if len(found) > NAMED else ""
    row, _ = found[0]
    name, lost = seen.name(row["unit"]), points(-row["points"])
    units = list(dict.fromkeys(row["unit"] for row, _ in found))
    short = fitting(f"{name}另扣 {lost} 分", f"另扣 {lost} 分") if len(units) == 1 else f"{len(units)} 个单位各另扣 {lost} 分"
    link = seen.unit_link(units[0]) if len(units) == 1 else seen.link("ranking")
    return Told("不足", f"{'；'.join(parts)}{more}。", short, link, "penalty")


def penalty_step(seen: Reading) -> Told | None:
    """请苇泽县就“媒体曝光、通报批评”（第十三条）所扣的 2.00 分查明原因、完成整改."""
    found = penalties(seen)
    if not found:
        return None
    parts = [
        f"{seen.name(row['unit'])}就{quoted(one.title)}（{one.clause}）所扣的 {points(-row['points'])} 分查明原因、完成整改"
        for row, one in found[:NAMED]
    ]
    units = list(dict.fromkeys(row["unit"] for row, _ in found))
    link = seen.unit_link(units[0]) if len(units) == 1 else seen.link("ranking")
    who = seen.name(units[0]) if len(units) == 1 else f"{len(units)} 个单位"
    return Told("下一步", f"请{'；'.join(parts)}。", fitting(f"{who}整改扣分事项", "整改扣分事项"), link, "penalty_step")
