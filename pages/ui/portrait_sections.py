"""单位: 各一级指标 beside the mean and the best of the group, as a drawing whose bars lead to the items. Reckons no points of its own.

A mean is that of the units whose points of the section are known, rounded half away from zero to two decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Literal

import streamlit as st

from pages.ui import drawn, exports, served, state, words
from pages.ui.words import Row
from scoring.access import Actor, may
from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.expressions.words import number
from scoring.insight.briefing.overview import mean
from scoring.reports.portrait_picture import Bar, portrait, strips, swatches

STYLE = """<style>
.portrait-key{font-size:.87rem;line-height:1.7;margin-bottom:.5rem}.portrait-key span{display:inline-block;margin-right:1.1em;white-space:nowrap}
.portrait-key svg{margin-right:.4em;vertical-align:-.05em}
.portrait a{display:block;color:inherit;text-decoration:none;border-radius:4px}.portrait a:hover{background:var(--st-secondary-background-color)}
.portrait a:focus-visible{outline:2px solid var(--st-primary-color)}
</style>"""
LEAST = 3  # units: of two, the mean would tell one the points of the other
ZERO = Decimal(0)


@dataclass(frozen=True)
class Beside:
    """What the group has in one section; None where it is not to be told. `units`: whose points are known."""

    units: tuple[str, ...] = ()
    mean: Decimal | None = None
    best: Decimal | None = None
    held_by: tuple[str, ...] = ()
    alike: bool = True


def show(result: Assessment, unit: str, actor: Actor) -> None:
    """The picture, its legend, what to know about the comparison, and its export."""
    everything, theme = may(actor, "see_scores"), state.theme()
    told = served.kept(f"sections {unit} {everything} {theme}", lambda: _told(result, unit, everything, theme))
    if told is None:
        st.info("没有适用的一级指标。", icon=":material/info:")
        return
    drawn.show(told.html, f"sections_{unit}")
    st.caption(told.notes)
    exports.pictures(f"{told.title}_{result.period.label}年", result.as_of, lambda: portrait(told.bars, told.label, "light"))


@dataclass(frozen=True)
class _Told:
    title: str
    label: str
    html: str
    notes: str
    bars: list[Bar]


def _told(result: Assessment, unit: str, everything: bool, theme: Literal["light", "dark"]) -> _Told | None:
    nodes, others = _shown(result, unit), compared(result, unit, everything)
    bars = [_bar(result, node, others[node["section"]], everything) for node in nodes]
    if not bars:
        return None
    title = f"{result.rubric.register.title(unit)}各一级指标"
    label = f"{title}得分" + ("，与全组平均、最好相比" if any(one.mean is not None for one in bars) else "")
    key = "".join(f"<span>{mark}{escape(name)}</span>" for name, mark in swatches(bars, theme))
    links = [drawn.address("unit", {"unit": unit, "section": node["section"]}) for node in nodes]
    body = "".join(f'<a href="{link}">{strip}</a>' for link, strip in zip(links, strips(bars, theme), strict=True))
    head = f'<div class="portrait" role="group" aria-label="{escape(label)}"><div class="portrait-key">{key}</div>'
    return _Told(title, label, f"{STYLE}{head}{body}</div>", "".join(_notes(result, unit, nodes, others)), bars)


def _shown(result: Assessment, unit: str) -> list[Row]:
    """Sections of the first level that apply to the unit."""
    return [node for node in words.applicable(result, unit) if node["applies"] != 0 and not node["level"]]


def _bar(result: Assessment, node: Row, beside: Beside, everything: bool) -> Bar:
    top = next(one for one in (node["points_high"], node["applies"], node["points_low"]) if one is not None)
    lost = max(ZERO, (node["applies"] or ZERO) - top)
    own, more = _of_full(node), _beside_words(result, beside, everything)
    told = f"{node['title']} {own}" + (f"，{more}" if more else "")
    return Bar(
        node["title"], max(ZERO, node["points_low"] or ZERO), top - (node["points_low"] or ZERO), lost, beside.mean, beside.best, own,
        more, told,
    )  # fmt: skip


def compared(result: Assessment, unit: str, everything: bool) -> Mapping[str, Beside]:
    """By section of the first level that applies to the unit; `everything`: for who may see the points of all."""
    own = result.one("ranking", unit=unit)
    assert own is not None
    rows: dict[str, list[Row]] = {}
    for row in result.rows("node_score", group=own["group"], level=0):
        rows.setdefault(row["section"], []).append(row)
    return {node["section"]: _beside(node, rows[node["section"]], everything) for node in _shown(result, unit)}


def _beside(node: Row, rows: list[Row], everything: bool) -> Beside:
    known = [row for row in rows if row["points"] is not None and not (row["full_marks"] and row["left_out"] >= row["full_marks"])]
    if len(known) < (2 if everything else LEAST):
        return Beside()
    best = max(row["points"] for row in known)
    return Beside(
        tuple(row["unit"] for row in known), mean([row["points"] for row in known], 2), best,
        tuple(row["unit"] for row in known if row["points"] == best),
        all(row["left_out"] == node["left_out"] for row in known),
    )  # fmt: skip


def _of_full(node: Row) -> str:
    got = words.span(node["points_low"], node["points_high"])
    return f"{got} / {number(node['applies'].normalize())}" if node["applies"] is not None else f"{got} 分"


def _beside_words(result: Assessment, beside: Beside, everything: bool) -> str:
    """全组平均 10.80，最好 14.50（檀阳县）; the name only for who may see the points of all."""
    if beside.mean is None or beside.best is None:
        return ""
    named = ""
    if everything:
        first, *rest = (result.rubric.register.title(unit) for unit in beside.held_by)
        named = f"（{first}{f'等 {len(rest) + 1} 个单位' if rest else ''}）"
    return f"全组平均 {points(beside.mean)}，最好 {points(beside.best)}{named}"


def _notes(result: Assessment, unit: str, nodes: list[Row], found: Mapping[str, Beside]) -> list[str]:
    total = len(result.rows("ranking", group=result.rubric.group_of(unit)))
    differing = [node["title"] for node in nodes if not found[node["section"]].alike]
    fewer = {node["title"]: len(found[node["section"]].units) for node in nodes if 0 < len(found[node["section"]].units) < total}
    told = ["点一项，看它下面的各项指标。"]
    if differing:
        told.append(f"“{'”“'.join(differing)}”各单位适用的满分不同，平均和最好只作参考。")
    if fewer:
        told.append(f"只算得分已定的单位：{'，'.join(f'{title} {count} 个' for title, count in fewer.items())}。")
    if all(one.mean is None for one in found.values()):
        told.append("得分已定的单位太少，没有全组平均可比。")
    return told
