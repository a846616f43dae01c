"""The desk as a page gets it, or the reason why there is none and what to do. Decides that, and nothing else."""

from __future__ import annotations

import streamlit as st

from pages.ui import served
from scoring.access import Act, Actor, may
from scoring.desk import Desk, Refused
from scoring.store.problems import RecordsError


def opened(actor: Actor, act: Act, unit: str | None = None) -> Desk:
    """The desk; a page that cannot have it says why and ends here."""
    found = served.desk()
    if isinstance(found, RecordsError):
        st.error(f"现在只能查看，不能报送和复核：{found}", icon=":material/lock:")
        st.markdown("排名、短板、单位等页面按最近一次发布的快照显示，不受影响。")
        st.stop()
    if found is None:
        st.info("这个项目没有报送库，数据直接读自 CSV 文件，所以没有填报和复核。", icon=":material/inbox:")
        st.markdown(
            "**要启用报送**　在 `config/office.yaml` 里写一行，例如 `database: data/store/records.duckdb`，"
            "然后重新启动看板。已有的 CSV 数据可用 `python -m scoring import` 整批导入。"
        )
        st.stop()
    if not may(actor, act, unit):
        st.info("这一页不对现在的身份开放。", icon=":material/lock:")
        st.stop()
    return found


def refuse_reporters(actor: Actor) -> None:
    """Studies name the points of every unit: not for those who report, who see their own on “单位”."""
    if actor.role == "reporter":
        st.info("这一页列出各单位的得分，不对被考核单位开放；本单位的得分见“单位”页。", icon=":material/lock:")
        st.stop()


def failed(error: Refused | RecordsError) -> None:
    """Why something was not done, and what to do."""
    st.error(f"{error.problem}。" + (f"  \n**怎么办**　{error.fix}。" if error.fix else ""), icon=":material/error:")
