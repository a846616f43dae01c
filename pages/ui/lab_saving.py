"""权重实验室, below the controls: what was changed is saved as a draft, under a name and with a reason. Shows and passes on."""

from __future__ import annotations

import streamlit as st

from pages.ui import desks, lab, served, state
from pages.ui.identity import visitor
from scoring.access import may
from scoring.desk import Desk, Refused
from scoring.desk.draft_texts import base, changed
from scoring.desk.drafts import Draft, read, save
from scoring.rubric import Rubric
from scoring.rubric.knobs import knobs
from scoring.rubric.scaling import How, NotScaled
from scoring.source import Loc
from scoring.store.problems import RecordsError

DRAFT = "draft"  # CA2025-000012.3: the draft that is being changed, and its version when it was opened


def opened(desk: Desk | RecordsError | None) -> Draft | None:
    """The draft that the address names, in the version that was opened."""
    no, _, version = (state.parameter(DRAFT) or "").partition(".")
    if not isinstance(desk, Desk) or not no:
        return None
    try:
        return read(desk, visitor(), no, int(version) if version.isdecimal() else None)
    except Refused:
        return None


def form(rubric: Rubric, how: How) -> None:
    """Offered to whoever may write drafts, once anything is changed."""
    desk, actor = served.desk(), visitor()
    if not lab.changes(rubric) or not may(actor, "draft"):
        return
    if not isinstance(desk, Desk):
        st.caption("草案存在报送库里；现在没有报送库可用，改后的办法可用命令行 `whatif --write` 另存为文件。")
        return
    over = opened(desk)
    with st.form("save_draft", enter_to_submit=False):
        st.markdown(f"**存为草案“{over.name}”的第 {over.version + 1} 版**" if over else "**存为草案**")
        name = st.text_input("名称", over.name if over else "", placeholder="例如：提高办案分值", key="draft_name")
        reason = st.text_area("为什么改", over.reason if over else "", height=80, key="draft_reason")
        sent = st.form_submit_button("保存草案", type="primary", icon=":material/save:")
    st.caption("保存的草案由另一个人批准，才成为新的一版办法；正式成绩和办法文件现在不变。")
    if sent:
        _save(desk, rubric, how, over, name, reason)


def _save(desk: Desk, rubric: Rubric, how: How, over: Draft | None, name: str, reason: str) -> None:
    try:
        written, _ = lab.texts(rubric, how)
        kept = _beside(desk, rubric, over) if over is not None and over.can_be_changed else {}
        new = over if over is not None and over.can_be_changed else None
        one = save(desk, visitor(), name, reason, base(desk, rubric.document.file), {**kept, **written}, new)
    except NotScaled as error:
        st.error(str(error))
    except (Refused, RecordsError) as error:
        desks.failed(error)
    else:
        st.session_state["draft_told"] = f"草案{one.words}已保存，改 {len(one.changes)} 处。"
        st.switch_page("analysts/drafts.py", query_params={"draft": one.no})


def _beside(desk: Desk, rubric: Rubric, over: Draft) -> dict[Loc, str]:
    """What the draft changes that no slider does: expectations of samples."""
    known = {one.loc for one in knobs(rubric)}
    return {loc: text for loc, text in changed(desk, over).items() if loc not in known}
