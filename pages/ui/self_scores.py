"""自评分 beside 核定分, and the evidence of each indicator. Shows and passes on; computes no score."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import desks, served, state
from scoring.access import Actor
from scoring.desk import Desk, Refused
from scoring.desk.files import attachment
from scoring.desk.proofs import add_proof, doubts, proofs, self_scores, set_self_score, take_back_proof
from scoring.engine.printed import points
from scoring.store.problems import RecordsError


def show(desk: Desk, actor: Actor, unit: str, year: str) -> None:
    """The table of all indicators, then one of them to fill in."""
    if not desk.project.ready:
        st.info("考核办法有错误，改正以后才能看自评与核定。", icon=":material/gavel:")
        return
    rubric = desk.project.edition(year)
    group = rubric.group_of(unit)
    if group is None:
        st.info("这个单位不参加本办法的考核，没有自评。", icon=":material/info:")
        return
    own, filed = self_scores(desk, unit, year), proofs(desk, unit, year)
    result = served.assessment() if desk.project.has_data else None
    scored = {row["indicator"]: row for row in result.rows("indicator_score", unit=unit)} if result else {}
    indicators = [one for _, one in rubric.placed(group)]
    frame = pd.DataFrame(
        {
            "指标": [one.title for one in indicators],
            "条款": [one.clause or "" for one in indicators],
            "满分": [_points(one.full(group)) for one in indicators],
            "自评分": [_points(own[one.code]["score"]) if one.code in own else "—" for one in indicators],
            "核定分": [_counted(scored.get(one.code)) for one in indicators],
            "佐证": [f"{sum(p['indicator'] == one.code for p in filed)} 份" for one in indicators],
        }
    )
    widths = dict(zip(frame, (230, 130, 70, 80, 110, 70), strict=True))
    columns = {name: TextColumn(width=width, alignment="right" if name in ("满分", "自评分", "核定分") else None)
               for name, width in widths.items()}  # fmt: skip
    st.dataframe(frame, hide_index=True, column_config=columns, height=min(420, 38 + 35 * len(frame)))
    for doubt in doubts(desk, unit, year, {code: row["points"] for code, row in scored.items()}):
        st.warning(f"{doubt.problem}。{doubt.fix}。", icon=":material/rule:")
    titles = {one.title: one.code for one in indicators}
    chosen = state.pick("填哪个指标", list(titles), "indicator")
    if chosen is not None:
        _one(desk, actor, unit, year, titles[chosen])


def _points(value: Decimal | None) -> str:
    return points(value) if value is not None else "—"


def _counted(row: dict[str, object] | None) -> str:
    if row is None:
        return "不适用"
    return points(row["points"]) if row["points"] is not None else "暂缺"  # type: ignore[arg-type]


def _one(desk: Desk, actor: Actor, unit: str, year: str, indicator: str) -> None:
    left, right = st.columns(2, gap="large")
    now = self_scores(desk, unit, year).get(indicator)
    with left, st.form(f"self_{unit}_{indicator}"):
        st.markdown("**自评分**　:gray[供复核对照，不计入得分]")
        text = st.text_input("分数", value=f"{now['score'].normalize():f}" if now else "", placeholder="例如 7.5")
        note = st.text_area("自评依据", value=now["note"] if now else "", height=96)
        if st.form_submit_button("保存自评", icon=":material/save:"):
            _save(desk, actor, unit, year, indicator, text, note)
    with right, st.form(f"proof_{unit}_{indicator}", clear_on_submit=True):
        st.markdown("**佐证材料**　:gray[PDF、图片、Word、Excel、OFD，每份不超过 20 MB]")
        file = st.file_uploader("选择文件", max_upload_size=20)
        dated = st.date_input("材料日期（可不填）", value=None, format="YYYY-MM-DD")
        note = st.text_input("说明（可不填）")
        if st.form_submit_button("上传佐证", icon=":material/upload:"):
            if file is None:
                st.warning("还没有选择文件。", icon=":material/attach_file:")
            else:
                try:
                    add_proof(desk, actor, unit, year, indicator, (file.name, file.getvalue()), dated, note)
                except (Refused, RecordsError) as error:
                    desks.failed(error)
                else:
                    st.rerun()
    for one in proofs(desk, unit, year):
        if one["indicator"] == indicator:
            cells = st.columns([6, 2, 2])
            dated = f"　{one['dated']:%Y-%m-%d}" if one["dated"] else ""
            cells[0].markdown(
                f"{one['no']}　{one['file_name']}{dated}　:gray[{one['note']}　{one['done_at']:%Y-%m-%d %H:%M}]"
            )
            digest = one["sha256"]
            cells[1].download_button(
                "下载", lambda digest=digest: attachment(desk.records, digest), file_name=one["file_name"],
                key=f"get_{one['no']}", on_click="ignore",
            )  # fmt: skip
            if cells[2].button("撤回", key=f"back_{one['no']}"):
                try:
                    take_back_proof(desk, actor, one["no"], "单位撤回")
                except (Refused, RecordsError) as error:
                    desks.failed(error)
                else:
                    st.rerun()


def _save(desk: Desk, actor: Actor, unit: str, year: str, indicator: str, text: str, note: str) -> None:
    try:
        score = Decimal(text.strip())
        if not score.is_finite():
            raise InvalidOperation
        set_self_score(desk, actor, unit, year, indicator, score, note)
    except InvalidOperation:
        st.error(f"“{text}”不是数字。请填半角数字，例如 7.5。", icon=":material/error:")
    except (Refused, RecordsError) as error:
        desks.failed(error)
    else:
        st.rerun()
