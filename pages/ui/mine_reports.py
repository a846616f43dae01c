"""我的得分: what of the unit's own reports is late, missing or given back, what was set aside, and how to object. Shows rows only."""

from __future__ import annotations

import streamlit as st

from pages.ui import reports_read, served, tables, words
from pages.ui.identity import visitor
from scoring.access import may
from scoring.calendar import label_words
from scoring.desk import Desk
from scoring.desk.reports import reports
from scoring.desk.states import RETURNED
from scoring.engine import Assessment
from scoring.project import Project


def show(project: Project, result: Assessment, unit: str) -> None:
    """Given back first: that is what waits for the unit."""
    desk = served.desk()
    back = _returned(desk, result.period.label, unit) if isinstance(desk, Desk) else []
    odd = [row for row in result.rows("due", unit=unit) if row["status"] in ("late", "missing")]
    if back:
        st.markdown("\n".join([f":orange-badge[△ 退回修改 {len(back)} 份]", "", *(f"- {line}" for line in back)]))
    if odd:
        missing = sum(row["status"] == "missing" for row in odd)
        counts = [f"未报 {missing} 次"] if missing else []
        counts += [f"迟报 {len(odd) - missing} 次"] if len(odd) > missing else []
        st.markdown(f"{'，'.join(counts)}。")
        reports_read.odd(odd, result, f"odd_reports_{unit}")
    if not odd and not back:
        due = any(row["status"] == "on_time" for row in result.rows("due", unit=unit))
        st.markdown("没有迟报、未报、退回的报表。" if due else "没有到期的报表。")
    if may(visitor(), "report", unit):
        st.page_link("units/report.py", label="去“填报”", icon=":material/arrow_forward:", query_params={"unit": unit})


def _returned(desk: Desk, year: str, unit: str) -> list[str]:
    """Each with what the office said."""
    return [
        f"{words.plain(one.form.title)}（{label_words(one.due.label)}）" + (
            f"：{words.plain(str(one.latest['reason']))}" if one.latest and one.latest["reason"] else "")
        for one in reports(desk, year, unit) if one.state == RETURNED
    ]  # fmt: skip


def set_aside(project: Project, unit: str) -> None:
    """The unit's own rows that were not counted, or wait for an explanation."""
    own = [issue for issue in project.issues if issue.level in ("A", "B") and issue.unit == unit]
    if not own:
        st.markdown("没有：报送的数据都已计入。")
        return
    rows = len({(issue.file, issue.line) for issue in own if issue.level == "A"})
    doubts = sum(issue.level == "B" for issue in own)
    told = [f"{rows} 行没有计入"] if rows else []
    told += [f"{doubts} 处需要说明"] if doubts else []
    st.markdown(f"{'，'.join(told)}。")
    tables.set_aside(own)


def objection(project: Project) -> None:
    """Nothing is promised that is not configured."""
    assert project.office is not None
    names = project.office.office
    st.markdown(
        f"- **数据报错了**　在“填报”下载模板，改正后重新报送；复核通过后重新计分。\n"
        f"- **对计分有疑问**　点失分表里的那一行，看算式、条款和依据的数据；仍有异议的，向{words.plain(names.short)}"
        f"（{words.plain(names.title)}）提出，写明条款和指标。"
    )
