"""Figures as Plotly objects, from what results hold. Knows nothing of Streamlit; decides no score and no order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import plotly.graph_objects as go

from scoring.engine.printed import points

STILL = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
"""Settings of every figure: nothing to press, nothing to zoom by accident."""

OWN = {"light": "#1d5a96", "dark": "#5b9bd0"}
MEAN = {"light": "#b54708", "dark": "#f0a968"}
INK = {"light": "#34465a", "dark": "#c9d4e0"}


def years(lines: Sequence[tuple[str, Decimal | None, Decimal | None]], title: str, theme: str) -> go.Figure:
    """Totals of one unit from left to right, with the mean of its group: (period, total, mean). What is not there is no
    point of the line."""
    figure = go.Figure()
    for name, place, colour, dash in ((title, 1, OWN[theme], "solid"), ("全组平均", 2, MEAN[theme], "dot")):
        known = [(line[0], amount) for line in lines if isinstance(amount := line[place], Decimal)]
        figure.add_scatter(
            x=[label for label, _ in known], y=[float(amount) for _, amount in known], name=name,
            text=[points(amount) for _, amount in known], mode="lines+markers+text" if place == 1 else "lines+markers",
            textposition="top center", line={"color": colour, "width": 2, "dash": dash}, cliponaxis=False,
            hovertemplate="%{x}<br>" + name + " %{text} 分<extra></extra>",
        )  # fmt: skip
    ink = {"color": INK[theme], "size": 13}
    figure.update_layout(
        height=240, dragmode=False, font=ink, margin={"l": 44, "r": 30, "t": 34, "b": 28},
        legend={"orientation": "h", "y": 1.2, "x": 0},
        xaxis={"fixedrange": True, "type": "category", "categoryorder": "array", "categoryarray": [line[0] for line in lines],
               "tickfont": ink},
        yaxis={"fixedrange": True, "tickfont": ink},
    )  # fmt: skip
    return figure
