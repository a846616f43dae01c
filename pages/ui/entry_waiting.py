"""待第二人确认: entries and withdrawals that a veto looks at, for another person to confirm or reject."""

from __future__ import annotations

import streamlit as st

from pages.ui import desks, entry_form, words
from scoring.access import Actor
from scoring.desk import Desk, Refused
from scoring.desk.entries import typed_words
from scoring.desk.files import attachment
from scoring.desk.proofs import proofs_of_entry
from scoring.desk.second_person import WITHDRAWAL, confirm, unconfirmed
from scoring.store.problems import RecordsError
from scoring.store.records import Row


def show(desk: Desk, actor: Actor) -> None:
    """Nothing where nothing waits."""
    found = [row for row in unconfirmed(desk) if row["form"] in desk.forms]
    if not found:
        return
    st.subheader(f"待第二人确认（{len(found)} 条）")
    for row in found:
        with st.container(border=True):
            _one(desk, actor, row)


def _one(desk: Desk, actor: Actor, row: Row) -> None:
    form, no = desk.forms[row["form"]], row["no"]
    what = ":red-badge[一票否决]" if row["source"] != WITHDRAWAL else ":orange-badge[撤回一票否决]"
    told = words.plain(typed_words(form, row))
    st.markdown(f"{what} **{desk.register.title(row['row_unit'])}**　{form.title}　{told}")
    st.markdown(f":gray[{no}　{row['actor']}　{row['done_at']:%Y-%m-%d %H:%M}　理由：]{words.plain(row['reason'])}")
    for one in proofs_of_entry(desk, no):
        st.download_button(
            f"{one['no']}　{one['file_name']}", lambda one=one: attachment(desk.records, one["sha256"]),
            file_name=one["file_name"], key=f"wait_proof_{one['no']}", icon=":material/attach_file:", on_click="ignore",
        )  # fmt: skip
    if row["actor"] == actor.name:
        st.caption("由您登记，须由另一个人确认后才生效。复核人在左侧“经办”里选自己的名字，再到这里确认。")
        return
    reason = st.text_input("意见", key=f"why_{no}", placeholder="不同意的必填", label_visibility="collapsed")
    yes, not_, _ = st.columns([1, 1, 4])
    agrees = yes.button("确认", type="primary", key=f"yes_{no}", icon=":material/check:", width="stretch")
    if agrees or not_.button("不同意", key=f"no_{no}", icon=":material/close:", width="stretch"):
        _decide(desk, actor, row, agrees, reason)


def _decide(desk: Desk, actor: Actor, row: Row, agrees: bool, reason: str) -> None:
    before = entry_form.standing(row["row_unit"])
    try:
        with st.spinner("正在确认…"):
            confirm(desk, actor, row["no"], agrees, reason)
    except (Refused, RecordsError) as error:
        desks.failed(error)
        return
    what = "撤回" if row["source"] == WITHDRAWAL else "登记"
    entry_form.done(
        row["row_unit"], f"{row['no']} 这条{what}{'已确认，现在生效' if agrees else '没有同意，不生效'}", before
    )
