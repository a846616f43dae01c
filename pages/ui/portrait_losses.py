"""单位: 失分最多的三条, each with its reason and a way to the item. Shows traces; reckons nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from pages.ui import drawn, taken_told, words
from scoring.engine import Assessment
from scoring.engine.explain import IndicatorTrace
from scoring.engine.printed import points

MOST = 3
STYLE = """<style>
.losses ol{margin:0;padding:0;list-style:none;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));gap:.7rem}
.losses li{margin:0;padding:.6rem .85rem;border:1px solid var(--st-border-color);border-left:4px solid var(--st-red-text-color);border-radius:6px}
.losses a{color:inherit;text-decoration:none;font-weight:600}.losses a:hover{text-decoration:underline}
.losses a:focus-visible{outline:2px solid var(--st-primary-color)}
.losses b{color:var(--st-red-text-color);white-space:nowrap}.losses p{margin:.25rem 0 0;font-size:.9rem}
.losses div{margin-top:.5rem;font-size:.9rem}.losses div a{color:var(--st-link-color);font-weight:400;text-decoration:underline}
</style>"""


def largest(traces: Sequence[IndicatorTrace]) -> list[IndicatorTrace]:
    """Those that lose points, the most first; of equal losses in the order of the text."""
    lost = [one for one in traces if one.score["points_lost"] and one.score["points_lost"] > 0]
    return sorted(lost, key=lambda one: -one.score["points_lost"])


def undecided(traces: Sequence[IndicatorTrace]) -> list[IndicatorTrace]:
    """Those whose loss is not known yet."""
    return [
        one for one in traces
        if one.score["state"] != "not_applicable" and not one.score["left_out"] and one.score["full_marks"] is not None
        and (one.score["points"] is None or words.open_loss(one.score))
    ]  # fmt: skip


def show(result: Assessment, unit: str, traces: Sequence[IndicatorTrace]) -> None:
    """At most three, then how many are still open. A link opens the item, among those of its section."""
    found, still = largest(traces), undecided(traces)
    if found:
        body = f"<ol>{''.join(_one(unit, top_section(result, trace), trace) for trace in found[:MOST])}</ol>"
    else:
        body = "<p>没有失分。</p>" if not still else "<p>已定的指标没有失分。</p>"
    told = [f"共 {len(found)} 项失分。"] if len(found) > MOST else []
    if still:
        names = "、".join(one.indicator.title for one in still[:MOST]) + ("等" if len(still) > MOST else "")
        told.append(f"另有 {len(still)} 项待定（{names}），失多少还不知道。")
    off = "".join(_off(result, unit))
    rest = f"<div>{escape(''.join(told))}{off}</div>" if told or off else ""
    drawn.show(f'{STYLE}<div class="losses">{body}{rest}</div>', f"losses_{unit}")


def _off(result: Assessment, unit: str) -> Iterator[str]:
    """What is taken off the total besides, with the way to it."""
    for one in result.rubric.adjustments(result.rubric.group_of(unit) or ""):
        row = result.one("adjustment", unit=unit, adjustment=one.code)
        if row is not None and None not in (row["points_low"], row["points_high"]) and row["points_low"] == row["points_high"] < 0:
            told = f"{one.title}：{taken_told.cost(one, points(-row['points_low']))}"
            yield f'另有<a href="{taken_told.address(unit, one)}">{escape(one.clause)}　{escape(told)}</a>。'


def top_section(result: Assessment, trace: IndicatorTrace) -> str:
    """The code of the section of the first level that the item stands in."""
    node = next(node for node in result.rubric.nodes() if node.section.code == trace.section.code)
    return (*node.above, node.section)[0].code


def _one(unit: str, section: str, trace: IndicatorTrace) -> str:
    code, clause = trace.indicator.code, trace.indicator.clause
    link = drawn.address("unit", {"unit": unit, "section": section, "indicator": code})
    head = f'<a href="{link}">{escape(clause)}　{escape(trace.indicator.title)}</a>'
    lost = f"<b>失 {points(trace.score['points_lost'])} 分</b>"
    return f"<li>{head}　{lost}<p>{escape(trace.sentence)}。</p></li>"
