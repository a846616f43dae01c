"""演示身份: who is looking, picked visibly in the sidebar until there are accounts, and only on loopback.

Not an access control: it shows each audience its view. Anyone at the machine may pick anyone.
"""

from __future__ import annotations

from ipaddress import ip_address

import streamlit as st

from scoring.access import Actor, Role
from scoring.project import Project

OFFICE, LEADER, ANALYST, REPORTING = "双打办", "领导", "分析人员", "被考核单位"
PEOPLE = ("经办人", "复核人")  # of the office: what one enters the other confirms
ROLES: dict[str, Role] = {OFFICE: "office", LEADER: "leader", ANALYST: "analyst"}
NOBODY = Actor("", "reporter")  # sees places only


def visitor() -> Actor:
    """Who is looking; what they may see is for `scoring.access.may` to say. Also inside a fragment."""
    return st.session_state.get("visitor", NOBODY)


def audience() -> str:
    """双打办, 领导, 分析人员 or 被考核单位: the section of pages made for who is looking. Known before the picker is drawn."""
    role = st.session_state.get("role", OFFICE)
    return role if role in ROLES else REPORTING


def pick_role(project: Project) -> str:
    """The first picker: one of the three audiences, or the kind of unit one reports for."""
    if not on_loopback():
        st.error("演示身份只能在本机使用。请从本机打开，或等账号功能启用后再对外开放。", icon=":material/lock:")
        st.stop()
    role: str = st.selectbox("演示身份", [OFFICE, LEADER, ANALYST, *_reporters(project)], key="role", persist_state="session", width=120)
    return role


def pick(project: Project, role: str) -> None:
    """The second picker: who of the office, or which unit. Who it is stands in the visit from here on."""
    reporters = _reporters(project)
    if role in reporters:
        codes = reporters[role]
        title = st.selectbox("所在单位", codes, key=f"unit_of_{role}", persist_state="session")
        st.session_state["visitor"] = Actor(title, "reporter", codes[title])
    elif role == OFFICE:
        person = st.selectbox("经办", PEOPLE, key="person", persist_state="session")
        st.session_state["visitor"] = Actor(f"{OFFICE}{person}", "office")
    else:
        st.session_state["visitor"] = Actor(role, ROLES[role])


def on_loopback() -> bool:
    """Whether the server listens on loopback only and the browser called it by a loopback name, without a proxy."""
    headers = st.context.headers
    host = headers.get("Host", "localhost").rsplit(":", 1)[0] if headers else "localhost"
    forwarded = any(headers.get(name) for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip")) if headers else False
    return _loopback(st.get_option("server.address") or "") and _loopback(host) and not forwarded


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _reporters(project: Project) -> dict[str, dict[str, str]]:
    """Kind → title → code, in administrative-code order: 县区, 功能区, 成员单位 as the register names them."""
    kinds: dict[str, dict[str, str]] = {}
    titles = project.register.kinds if project.register is not None else {}
    for unit in project.reporting or (project.register.units if project.register is not None else ()):
        kinds.setdefault(titles[unit.kind], {})[unit.title] = unit.code
    return kinds
