"""What the 办法 does with a register: the clause of an indicator the assessors score; what else looks at its rows."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from pages.ui import rubric_words, words
from scoring.desk.judged import Task
from scoring.engine.placed import Placed
from scoring.engine.placed import placed as all_placed
from scoring.forms import Form
from scoring.rubric import Rubric
from scoring.rubric.items import Indicator
from scoring.rubric.model import Veto
from scoring.rubric.words import worth
from scoring.store.records import Row


def of_task(rubric: Rubric, unit: str, task: Task, entered: list[Row]) -> None:
    """The indicator in words, and what was entered for this unit before."""
    group = rubric.group_of(unit) or ""
    one = Placed(rubric, group, rubric.section_of[task.indicator.code], task.indicator)
    with st.container(border=True):
        st.markdown(f"**{task.indicator.clause}　{task.indicator.title}**")
        lines = [
            ("一级指标", rubric.path(one.section.code)),
            ("满分", worth(one.full, one.top) or "不设满分"),
            (
                "最多可扣" if task.is_loss else "最高可评",
                f"{task.most.normalize():f} 分" if task.most is not None else "不限",
            ),
            ("计分规则", one.words),
            ("出处", task.indicator.source or "办法没有写明"),
        ]
        st.markdown("  \n".join(f"**{head}**　{words.plain(text)}" for head, text in lines))
        st.markdown("**此前登记**")
        if not entered:
            st.caption("本考核期还没有评，这一项现在暂缺。" if not task.is_loss else "本考核期还没有登记扣分。")
        for row in entered:
            typed = row["typed"]
            tail = "，".join(typed[code] for code in ("judged_by", "judged_on", "doc_no") if typed.get(code))
            why = f"；理由：{typed['reason']}" if typed.get("reason") else ""
            st.markdown(f"**{words.plain(typed.get('score', ''))} 分**　{words.plain(f'{tail}{why}')}")
            st.caption("再评一次就是更正：保存前会列出原来和现在，确认后以新的为准。")


def of_register(rubric: Rubric, unit: str, form: Form) -> None:
    """Every adjustment and indicator of the unit's group that looks at its rows."""
    group = rubric.group_of(unit)
    with st.container(border=True):
        st.markdown("**办法怎样用这张台账**")
        if group is None:
            st.caption("这个单位不在考核之列，登记的行只作留痕。")
            return
        adjusted = list(_adjustments(rubric, group, form))
        scored = list(_indicators(rubric, group, form))
        for clause, title, text in [*adjusted, *scored]:
            st.markdown(f"{clause}　**{title}**  \n{words.plain(text)}。")
        if not adjusted and not scored:
            st.caption("本办法没有用到它：登记的行只作留痕。")


def _adjustments(rubric: Rubric, group: str, form: Form) -> Iterator[tuple[str, str, str]]:
    for one in rubric.adjustments(group):
        if _looks(rubric, rubric_words.adjustment_measures(rubric, group, one), form):
            text = rubric_words.adjustment(rubric, group, one)
            two = "。一票否决由第二个人确认后才生效" if isinstance(one, Veto) else ""
            yield one.clause, one.title, text + two


def _indicators(rubric: Rubric, group: str, form: Form) -> Iterator[tuple[str, str, str]]:
    for one in all_placed(rubric, group):
        indicator: Indicator = one.indicator
        if _looks(rubric, list(one.everything), form):
            yield indicator.clause, indicator.title, one.words


def _looks(rubric: Rubric, codes: list[str], form: Form) -> bool:
    found = (rubric.measures[code].form for code in codes if code in rubric.measures)
    return any(form in rubric.forms.sources(rubric.forms[code]) for code in found if code in rubric.forms)
