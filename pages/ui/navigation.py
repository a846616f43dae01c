"""The pages: file, title, address, section. Knows nothing of what they show."""

from __future__ import annotations

from base64 import b64encode
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

NAME = "双打考核看板"


def _picture(name: str) -> str:
    """As an address that needs no file: Streamlit would read it anew at every rerun."""
    return f"data:image/svg+xml;base64,{b64encode(Path(__file__).with_name(name).read_bytes()).decode()}"


ICON, LOGO = _picture("icon.svg"), _picture("logo.svg")


@dataclass(frozen=True)
class PageEntry:
    """One page as listed in the sidebar. `script` is relative to pages/."""

    section: str
    title: str
    address: str
    script: str
    icon: str
    default: bool = False


PAGES = (
    PageEntry("双打办", "工作台", "today", "office/today.py", ":material/checklist:"),
    PageEntry("双打办", "排名", "ranking", "office/ranking.py", ":material/leaderboard:", default=True),
    PageEntry("双打办", "短板", "shortfalls", "office/shortfalls.py", ":material/trending_down:"),
    PageEntry("双打办", "收件与复核", "inbox", "office/inbox.py", ":material/inbox:"),
    PageEntry("双打办", "催报", "reminders", "office/reminders.py", ":material/notifications_active:"),
    PageEntry("双打办", "数据质量", "quality", "office/quality.py", ":material/fact_check:"),
    PageEntry("双打办", "三录核对", "entries", "office/entries.py", ":material/compare_arrows:"),
    PageEntry("双打办", "评分与加扣分", "scores", "office/scores.py", ":material/edit_note:"),
    PageEntry("双打办", "锁定与封存", "closing", "office/closing.py", ":material/lock:"),
    PageEntry("双打办", "操作日志", "log", "office/log.py", ":material/history:"),
    PageEntry("领导", "汇报", "briefing", "leaders/briefing.py", ":material/co_present:"),
    PageEntry("分析人员", "办法", "rubric", "analysts/rubric.py", ":material/gavel:"),
    PageEntry("分析人员", "权重实验室", "lab", "analysts/lab.py", ":material/tune:"),
    PageEntry("分析人员", "草案", "drafts", "analysts/drafts.py", ":material/edit_document:"),
    PageEntry("分析人员", "名次有多稳", "certainty", "analysts/certainty.py", ":material/balance:"),
    PageEntry("分析人员", "差距与路径", "gap", "analysts/gap.py", ":material/straighten:"),
    PageEntry("分析人员", "影响省对市", "influence", "analysts/influence.py", ":material/hub:"),
    PageEntry("被考核单位", "我的得分", "mine", "units/mine.py", ":material/person_check:"),
    PageEntry("被考核单位", "填报", "report", "units/report.py", ":material/upload_file:"),
    PageEntry("被考核单位", "单位", "unit", "units/unit.py", ":material/account_balance:"),
)
"""In the order of the sidebar of the office; `for_audience` brings one section to the top."""

(DEFAULT,) = (entry for entry in PAGES if entry.default)
"""Served at `/`."""


def for_audience(audience: str) -> dict[str, list[StreamlitPage]]:
    """All pages by section, the section made for who is looking first. To be called within a visit."""
    sections: dict[str, list[StreamlitPage]] = {}
    for entry, page in sorted(_made(), key=lambda made: made[0].section != audience):
        sections.setdefault(entry.section, []).append(copy(page))  # which of them may run is noted on the page itself
    return sections


@lru_cache(maxsize=1)
def _made() -> list[tuple[PageEntry, StreamlitPage]]:
    """Made once: Streamlit looks for each script on the disk, link by link, 150 calls in every rerun."""
    return [
        (one, st.Page(one.script, title=one.title, icon=one.icon, url_path=one.address, default=one.default)) for one in PAGES
    ]
