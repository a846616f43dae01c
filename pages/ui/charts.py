"""Figures as Plotly objects, from result rows. Knows nothing of Streamlit; decides no score and no order.

A bar is what was earned (solid), what is still open (hatched), what was lost (hollow); what was taken off
the total stands left of the zero line.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from itertools import cycle

import plotly.graph_objects as go

from pages.ui.words import Row, applicable, place, span
from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.expressions.words import number
from scoring.rubric.structure import in_all, reach

STILL = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
"""Settings of every figure: nothing to press, nothing to zoom by accident."""

COLOURS = ("#1d5a96", "#5b9bd0", "#c2703d", "#e0b070", "#4f8a67", "#9cc3a5", "#7a6a9b", "#8a94a1")
BONUS, RESCALED, TAKEN, TOTAL, LINE, CLEAR = "#2a9d8f", "#cbd5df", "#b42318", "#7f93a8", "#98a4b3", "rgba(0,0,0,0)"
INK = {"light": "#34465a", "dark": "#c9d4e0"}
HATCH = {"shape": "/", "fgcolor": LINE, "bgcolor": CLEAR, "size": 6, "solidity": 0.35}
KEY_STYLE = """<style>.key{display:inline-block;margin:0 1.2em .35em 0;font-size:.87rem;white-space:nowrap}
.key i{display:inline-block;box-sizing:border-box;width:.85em;height:.85em;margin-right:.45em;vertical-align:-.06em}</style>"""
ZERO, CENT = Decimal(0), Decimal("0.01")
Bars = list[tuple[str, Decimal]]


def composition(result: Assessment, rows: list[Row], opened: Callable[[str], bool], theme: str) -> go.Figure:
    """One bar per unit in the order of the ranking: its points by section. Not `opened`: its total only."""
    group = rows[0]["group"]
    full = _in_all(result, group)
    titles = {row["unit"]: result.rubric.register.title(row["unit"]) for row in rows}
    figure, ends = go.Figure(), dict.fromkeys(titles, ZERO)

    def stack(name: str, amounts: dict[str, Decimal], colour: str, **style: object) -> None:
        for unit, amount in amounts.items():
            ends[unit] += max(ZERO, amount)
        _add(figure, name, [(titles[unit], amount) for unit, amount in amounts.items()], colour, **style)

    nodes = [row for row in result.rows("node_score", group=group) if opened(row["unit"])]
    for colour, section in zip(cycle(COLOURS), result.rubric.sections(group), strict=False):
        stack(section.title, {r["unit"]: r["given_low"] for r in nodes if r["section"] == section.code}, colour)
    stack("总分（不分项）", {row["unit"]: row["total_low"] for row in rows if not opened(row["unit"])}, TOTAL)
    changes = [row for row in _changes(result, group) if opened(row["unit"])]
    rescaled = _sums([row for row in changes if row["kind"] == "rescale"], 1)
    given, taken = (_sums([row for row in changes if row["kind"] != "rescale"], sign) for sign in (1, -1))
    stack("合理缺项折算", rescaled, RESCALED)
    stack("加分", given, BONUS)
    stack("扣分、否决", taken, TAKEN)
    tops = {
        row["unit"]: (full if row["total_high"] is None else row["total_high"]) - taken.get(row["unit"], ZERO)
        for row in rows
    }
    stack("暂缺，可能得分", {r["unit"]: max(ZERO, tops[r["unit"]] - ends[r["unit"]]) for r in rows if r["total"] is None},
          CLEAR, pattern=HATCH, line={"width": 1, "color": LINE})  # fmt: skip
    stack("失分", {unit: max(ZERO, full - end) for unit, end in ends.items()}, CLEAR, line={"width": 1, "color": LINE})
    _text(
        figure,
        [(titles[r["unit"]], ends[r["unit"]], f"{span(r['total_low'], r['total_high'])}　{place(r)}") for r in rows],
    )
    return _framed(figure, list(titles.values()), 27, 190, theme)


def _in_all(result: Assessment, group: str) -> Decimal:
    """What can be reached without bonus: the sections together, where that differs from what the group states."""
    rubric, most = result.rubric, result.rubric.spec.total.at_most
    found = in_all(rubric.spec, group, reach) or rubric.groups[group].full_marks
    return found if most is None else min(found, most)


def sections(result: Assessment, unit: str, theme: str) -> go.Figure:
    """One unit: a bar per section of the first level, in the order of the rubric, as long as what applies to the unit."""
    inside = [node for node in applicable(result, unit) if node["applies"] != 0 and not node["level"]]
    figure = go.Figure()
    _add(figure, "得分", [(node["title"], node["points_low"]) for node in inside], COLOURS[0])
    tops = [_first(node["points_high"], node["applies"], node["points_low"]) for node in inside]
    still = [(node["title"], top - node["points_low"]) for node, top in zip(inside, tops, strict=True)]
    _add(figure, "暂缺，可能得分", still, CLEAR, pattern=HATCH, line={"width": 1, "color": LINE})
    lost = [(node["title"], max(ZERO, (node["applies"] or ZERO) - top)) for node, top in zip(inside, tops, strict=True)]
    _add(figure, "失分", lost, CLEAR, line={"width": 1, "color": LINE})
    ends = [max(node["applies"] or ZERO, top) for node, top in zip(inside, tops, strict=True)]
    _text(figure, [(node["title"], end, _of_full(node)) for node, end in zip(inside, ends, strict=True)])
    return _framed(figure, [node["title"] for node in inside], 34, 125, theme)


def _first(*amounts: Decimal | None) -> Decimal:
    """The first that is there: a section without limit ends where its points do."""
    return next(amount for amount in amounts if amount is not None)


def _of_full(row: Row) -> str:
    got = span(row["points_low"], row["points_high"])
    return f"{got} / {number(row['applies'].normalize())}" if row["applies"] is not None else f"{got} 分"


def _changes(result: Assessment, group: str) -> list[Row]:
    """What comes on top of the sections: rescaling, adjustments, losses that land on the total."""
    # what happens within a section is in its bar, and rounding is too small to be seen
    apart = ("section_takes", "section_limit", "section_weight", "rounding")
    rows = [row for row in result.rows("adjustment", group=group) if row["kind"] not in apart]
    return rows + [{**row, "kind": "landing"} for row in result.rows("landing", group=group, node="total")]


def _sums(rows: list[Row], sign: int) -> dict[str, Decimal]:
    """What is certainly added (1) or taken (−1), by unit."""
    found: dict[str, Decimal] = {}
    for row in rows:
        amount = row["points_low"] if sign > 0 else row["points_high"]
        if amount is not None and amount * sign > 0:
            found[row["unit"]] = found.get(row["unit"], ZERO) + amount
    return found


def key(figure: go.Figure) -> str:
    """The legend as HTML: it wraps at any width, and prints."""
    swatches = []
    for trace in figure.data:
        if trace.type == "bar":
            style = f"background:{trace.marker.color}"
            if trace.marker.color == CLEAR:
                style = f"border:1px solid {LINE}"
                if trace.marker.pattern.shape:
                    style += f";background:repeating-linear-gradient(135deg,{LINE} 0 1px,transparent 1px 4px)"
            swatches.append(f'<span class="key"><i style="{style}"></i>{escape(trace.name)}</span>')
    return f"{KEY_STYLE}<div>{''.join(swatches)}</div>"


def _add(figure: go.Figure, name: str, bars: Bars, colour: str, **style: object) -> None:
    if any(amount for _, amount in bars):
        y, x = [title for title, _ in bars], [float(amount) for _, amount in bars]
        told = [points(amount.quantize(CENT, ROUND_HALF_UP)) for _, amount in bars]
        hover = "%{y}<br>" + name + " %{customdata} 分<extra></extra>"
        marker = {"color": colour, "line": {"width": 0}, **style}
        figure.add_bar(y=y, x=x, name=name, orientation="h", marker=marker, customdata=told, hovertemplate=hover)


def _text(figure: go.Figure, told: list[tuple[str, Decimal, str]]) -> None:
    figure.add_scatter(
        y=[title for title, _, _ in told],
        x=[float(end) for _, end, _ in told],
        text=[f" {text}" for _, _, text in told],
        mode="text", textposition="middle right", cliponaxis=False, showlegend=False, hoverinfo="skip",
    )  # fmt: skip


def _framed(figure: go.Figure, order: list[str], step: int, right: int, theme: str) -> go.Figure:
    ink = {"color": INK[theme], "size": 13}
    figure.update_layout(
        barmode="relative", bargap=0.34, height=len(order) * step + 34, dragmode=False, font=ink, autosize=True,
        margin={"l": 14 * max(map(len, order), default=0) + 22, "r": right, "t": 4, "b": 24, "autoexpand": False},
        showlegend=False,
        xaxis={"fixedrange": True, "zeroline": True, "tickfont": ink},
        yaxis={"fixedrange": True, "autorange": "reversed", "categoryorder": "array", "categoryarray": order,
               "ticksuffix": " ", "showgrid": False, "tickfont": ink},
    )  # fmt: skip
    return figure
