"""Locking a period: what is still open, sealed versions with their differences, checking a pack. Shows and passes on."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import desks, state, words
from scoring.access import Actor
from scoring.desk import Desk, Refused
from scoring.desk.closing import Open, Unsettled, changes, history, lock, pack, pack_name, reopen, sealed_as, versions
from scoring.packs import Verdict, verify
from scoring.packs.difference import HEADER
from scoring.store.problems import RecordsError
from scoring.store.records import Row

WHERE: dict[Open, tuple[str, str]] = {  # what is open → the page where it is settled
    "waiting": ("收件与复核", "office/inbox.py"),
    "returned": ("催报", "office/reminders.py"),
    "not_reported": ("催报", "office/reminders.py"),
    "unconfirmed": ("评分与加扣分", "office/scores.py"),
    "registers": ("评分与加扣分", "office/scores.py"),
}
_TOLD, _VERDICT = "sealing_told", "sealing_verdict"


def told() -> None:
    """What was just done."""
    if _TOLD in st.session_state:
        st.success(st.session_state.pop(_TOLD), icon=":material/check_circle:")


def standing(desk: Desk, year: str, sealed: list[Row]) -> bool:
    """Whether the period is locked, in words."""
    locked = year in desk.locked()
    last = history(desk, year)[-1:] or [None]
    row = last[0]
    if locked and row is not None:
        st.markdown(
            f":blue-badge[■ 已锁定　第 {row['version']} 版] {row['actor']}　{row['done_at']:%Y-%m-%d %H:%M}"
            f"　:gray[不再收件、登记和复核；成绩以这一版为准。]"
        )
    elif row is not None:
        st.markdown(
            f":orange-badge[○ 未锁定　已解锁更正] {row['actor']}　{row['done_at']:%Y-%m-%d %H:%M}　理由：{words.plain(row['reason'])}"
            f"　:gray[第 {len(sealed)} 版仍在；再次锁定生成第 {len(sealed) + 1} 版。]"
        )
    else:
        st.markdown(":gray-badge[○ 未锁定] :gray[还没有封存过。锁定时把办法、数据和成绩封存成结果包。]")
    return locked


def settle(found: Unsettled) -> None:
    """What is still open, each with the page where it is settled."""
    if not found:
        st.success(
            "没有未办完的事：该报的都已报送、复核，一票否决都已确认，台账都已关账。", icon=":material/check_circle:"
        )
        return
    st.warning("还有没办完的事，办完再锁定为好：", icon=":material/pending_actions:")
    for kind, text in found.points:
        title, page = WHERE[kind]
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.markdown(f"- {words.plain(text)}")
        with right, st.container(horizontal=True, horizontal_alignment="right"):
            st.page_link(page, label=f"去“{title}”", icon=":material/arrow_forward:")


def lock_form(desk: Desk, actor: Actor, year: str, found: Unsettled) -> None:
    """Lock with a reason; as things stand only when that is said."""
    cut_off = desk.project.period(year).cut_off
    if desk.clock().date() < cut_off:
        st.info(f"数据截止日是 {words.day(cut_off)}，还没有到；现在锁定，成绩按今天的数据计。", icon=":material/event:")
    with st.form("lock", enter_to_submit=False):
        reason = st.text_input("锁定的依据和理由" + ("（照现状锁定必填）" if found else ""), key="lock_reason")
        even_so = bool(found) and st.checkbox("照现状锁定：上面没办完的事不再等", key="lock_even_so")
        sent = st.form_submit_button(f"锁定 {year} 年考核并封存", type="primary", icon=":material/lock:")
    if not sent:
        return
    try:
        with st.spinner("正在计分并封存结果包…"):
            row = lock(desk, actor, year, reason, even_so)
    except (Refused, RecordsError) as error:
        desks.failed(error)
        return
    _done(f"{year} 年考核已锁定，第 {row['version']} 版，封存码 `{row['pack_sha256'][:16]}`。")


def reopen_form(desk: Desk, actor: Actor, year: str) -> None:
    """Unlock for a correction, with a reason."""
    with st.form("reopen", enter_to_submit=False):
        reason = st.text_input("解锁的依据和要更正的内容（必填，至少 6 个字）", key="reopen_reason")
        st.caption("已封存的各版都保留。更正后再锁定，生成新的一版，并列出与上一版的差异。")
        sent = st.form_submit_button(f"解锁 {year} 年考核", icon=":material/lock_open:")
    if not sent:
        return
    try:
        reopen(desk, actor, year, reason)
    except (Refused, RecordsError) as error:
        desks.failed(error)
        return
    _done(f"{year} 年考核已解锁，可以收件、登记和更正。")


def _done(told: str) -> None:
    st.session_state[_TOLD] = told
    st.rerun()


def sealed_versions(desk: Desk, sealed: list[Row]) -> None:
    """Every version, the newest first: who, when, why, its code, its file; then what it changed."""
    st.subheader("封存的各版")
    if not sealed:
        st.caption("还没有封存过。")
        return
    for row in reversed(sealed):
        with st.container(border=True):
            _version(desk, row)


def _version(desk: Desk, row: Row) -> None:
    number = row["version"]
    left, right = st.columns([5, 1], vertical_alignment="center")
    reason = f"　{words.plain(row['reason'])}" if row["reason"] else ""
    left.markdown(f"**第 {number} 版**　{row['done_at']:%Y-%m-%d %H:%M:%S}　{row['actor']}{reason}")
    left.markdown(f":gray[封存码] `{row['pack_sha256']}`")
    with right:
        st.download_button(
            f"下载（{max(1, row['size'] // 1024)} KB）", lambda: pack(desk, row), file_name=pack_name(desk, row),
            mime="application/zip", key=f"pack_{number}", icon=":material/download:", on_click="ignore", width="stretch",
        )  # fmt: skip
    if number == 1:
        return
    with st.expander(
        f"与第 {number - 1} 版的差异", key=f"difference_{row['period']}_{number}", on_change="rerun"
    ) as part:
        if part.open:
            _difference(changes(desk, row))


def _difference(rows: list[list[str]]) -> None:
    if not rows:
        st.caption("总分、名次、等次和各项指标得分都没有变。")
        return
    columns = {name: TextColumn(alignment="right" if name in HEADER[2:] else "left") for name in HEADER}
    height = "content" if len(rows) <= 12 else 460
    st.dataframe(pd.DataFrame(rows, columns=HEADER), hide_index=True, column_config=columns, height=height)


def check_pack(desk: Desk) -> None:
    """核验: any pack, sealed here or elsewhere. Nothing of it is kept."""
    st.subheader("核验结果包")
    st.caption("逐个文件核对校验值，再按包里的办法和数据重新计分、逐格比对。只读这个文件，不留存，不改动任何数据。")
    key = state.take_once("verify_pack")
    file = st.file_uploader("选择结果包（.zip）", max_upload_size=200, key=key)
    if file is not None:
        with st.spinner(f"正在核验“{words.plain(file.name)}”：核对文件、重新计分…"):
            st.session_state[_VERDICT] = (file.name, verify(file.getvalue()))
        state.forget("verify_pack")
        st.rerun()
    if _VERDICT in st.session_state:
        _verdict(desk, *st.session_state[_VERDICT])


def _verdict(desk: Desk, name: str, found: Verdict) -> None:
    head = f"“{words.plain(name)}”"
    if found.header:
        head += f"　{found.header['period']} 年第 {found.header['version']} 版"
    if found.holds:
        st.success(
            f"{head}：核验通过。各文件与登记相符，重新计分得出的 {found.compared} 个结果文件逐格相同。",
            icon=":material/verified:",
        )
    else:
        st.error(f"{head}：核验不通过，共 {len(found.problems)} 处。", icon=":material/gpp_bad:")
        st.markdown("\n".join(f"- {words.plain(one)}" for one in found.problems))
    for note in found.notes:
        st.caption(words.plain(note))
    if found.holds or found.compared:  # of a file that was changed on the way the code says nothing
        known = sealed_as(desk, found.digest)
        st.markdown(f":gray[封存码] `{found.digest}`")
        if known is not None:
            st.markdown(f":green[与本库登记的 {known['period']} 年第 {known['version']} 版的封存码一致。]")
        elif found.holds:
            st.warning(
                "本库没有登记过这个封存码：它不是在这里封存的，或封存后整包重做过。请与封存单位核对封存码。",
                icon=":material/help:",
            )


def show(desk: Desk, actor: Actor, year: str, found: Unsettled) -> None:
    """Everything about one period."""
    sealed = versions(desk, year)
    if standing(desk, year, sealed):
        reopen_form(desk, actor, year)
    else:
        settle(found)
        lock_form(desk, actor, year, found)
    sealed_versions(desk, sealed)
