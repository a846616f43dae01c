"""The pages: file, title, address, section. Knows nothing of what they show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

NAME = "双打考核看板"
ICON = str(Path(__file__).with_name("icon.svg"))
LOGO = str(Path(__file__).with_name("logo.svg"))


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


def for_audience(section: str) -> list[PageEntry]:
    """All pages, those made for who is looking first."""
    return sorted(PAGES, key=lambda entry: entry.section != section)
