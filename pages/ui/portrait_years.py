"""单位: 历年, one line per offered period as each was reckoned by its own edition. Shows results; the mean is that of the totals.

Periods differ in edition and full marks: they stand below one another, no difference is formed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from pages.ui import charts, drawn_table, exports, served, state, words
from pages.ui.identity import visitor
from scoring.calendar import label_words
from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.insight.briefing.overview import mean

HEAD = ("考核期", "总分", "名次", "全组平均", "等次", "办法版本")


@dataclass(frozen=True)
class Year:
    """One period of a unit. `total`: None where there is none; the words say why."""

    label: str
    total: Decimal | None
    mean: Decimal | None
    cells: tuple[str, ...]


def show(result: Assessment, unit: str) -> None:
    """The newest first; from three periods with a total on also as a picture."""
    labels = served.project().periods or [result.period.label]
    found = [year(_result(result, label), unit) for label in labels]
    title = result.rubric.register.title(unit)
    drawn_table.show(HEAD, [one.cells for one in found], f"{title}历年", f"years_table_{unit}", ("总分", "全组平均"))
    exports.button(served.desk(), visitor(), f"{title}历年", result.as_of, HEAD, lambda: [one.cells for one in found])
    if len(found) == 1:
        st.caption("只有一个考核期，没有更早的可比。")
    elif len({one.cells[-1] for one in found}) > 1:
        st.caption("各年按当时施行的办法计分，办法不同的年份，总分不宜直接相比。")
    drawn = [one for one in reversed(found) if one.total is not None]
    if len(drawn) > 2:
        lines = [(label_words(one.label), one.total, one.mean) for one in drawn]
        figure = charts.years(lines, title, state.theme())
        st.plotly_chart(figure, config=charts.STILL, key=f"years_{unit}", alt=f"{title}历年总分和全组平均")


def _result(result: Assessment, label: str) -> Assessment:
    if label == result.period.label:
        return result
    before = result.previous
    return before if before is not None and before.period.label == label else served.assessment_of(label)


def year(result: Assessment, unit: str) -> Year:
    """One line of the table."""
    label, row = result.period.label, result.one("ranking", unit=unit)
    edition = f"{result.rubric.spec.edition}版" + ("" if result.rubric.in_force(result.period) else "（施行前，试算）")
    if row is None:
        return Year(label, None, None, (label_words(label), "未参加考核", "—", "—", "—", edition))
    peers = result.rows("ranking", group=row["group"])
    totals = [one["total"] for one in peers if one["total"] is not None]
    decimals = result.rubric.spec.rounding.total
    middle = None
    if len(totals) > 1:
        middle = served.kept(f"mean {label} {row['group']}", lambda: mean(totals, 2 if decimals is None else decimals))
    tied = "（并列）" if row["tied"] else ""
    place = f"{words.place(row)}{tied}，共 {len(peers)} 个单位"
    total = words.short_total(row)
    if row["total"] is None and row["state"] == "pending":
        total = f"暂缺（{words.span(row['total_low'], row['total_high'])}）"
    elif row["total"] is not None:
        total = points(row["total"])
    grade = (row["grade"] or "暂缺") if result.rubric.spec.grades else "不评"
    averages = f"{points(middle)}（{len(totals)} 个单位）" if middle is not None else "—"
    return Year(label, row["total"], middle, (label_words(label), total, place, averages, grade, edition))
