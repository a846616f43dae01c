"""Figures as Plotly objects, from result rows. Knows nothing of Streamlit; decides no score and no order.

A bar is what was earned (solid), what is still open (hatched), what was lost (hollow).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from html import escape

import plotly.graph_objects as go

from pages.ui.words import Row, applicable, span
from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.expressions.words import number

STILL = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
"""Settings of every figure: nothing to press, nothing to zoom by accident."""

EARNED = "#1d5a96"
LINE, CLEAR = "#98a4b3", "rgba(0,0,0,0)"
INK = {"light": "#34465a", "dark": "#c9d4e0"}
HATCH = {"shape": "/", "fgcolor": LINE, "bgcolor": CLEAR, "size": 6, "solidity": 0.35}
KEY_STYLE = """<style>.key{display:inline-block;margin:0 1.2em .35em 0;font-size:.87rem;white-space:nowrap}
.key i{display:inline-block;box-sizing:border-box;width:.85em;height:.85em;margin-right:.45em;vertical-align:-.06em}</style>"""
ZERO, CENT = Decimal(0), Decimal("0.01")
Bars = list[tuple[str, Decimal]]


def sections(result: Assessment, unit: str, theme: str) -> go.Figure:
    """One unit: a bar per section of the first level, in the order of the rubric, as long as what applies to the unit."""
    inside = [node for node in applicable(result, unit) if node["applies"] != 0 and not node["level"]]
    figure = go.Figure()
    _add(figure, "得分", [(node["title"], node["points_low"]) for node in inside], EARNED)
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
