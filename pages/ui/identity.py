"""演示身份: who is looking, picked visibly in the sidebar until there are accounts, and only on loopback.

Not an access control: it shows each audience its view. Anyone at the machine may pick anyone.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

import streamlit as st

from scoring.units import Register

OFFICE, LEADER, ANALYST = "双打办", "领导", "分析人员"


@dataclass(frozen=True)
class Visitor:
    """Role as on the page, and the unit of one who reports."""

    role: str
    unit: str | None = None

    def sees_rows_of(self, unit: str) -> bool:
        """Case rows are open to the office and its analysts, and to the unit they belong to."""
        return self.role in (OFFICE, ANALYST) or self.unit == unit


def visitor() -> Visitor:
    """Who is looking. Also inside a fragment, which runs without the shell."""
    return st.session_state.get("visitor", Visitor(LEADER))


def pick(register: Register | None) -> None:
    """The picker. A role of those who report goes with one of their units."""
    if not on_loopback():
        st.error("演示身份只能在本机使用。请从本机打开，或等账号功能启用后再对外开放。", icon=":material/lock:")
        st.stop()
    reporters = _reporters(register)
    role = st.selectbox("演示身份", [OFFICE, LEADER, ANALYST, *reporters], key="role", persist_state="session")
    unit = None
    if role in reporters:
        codes = reporters[role]
        unit = codes[st.selectbox("所在单位", codes, key=f"unit_of_{role}", persist_state="session")]
    st.session_state["visitor"] = Visitor(role, unit)


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


def _reporters(register: Register | None) -> dict[str, dict[str, str]]:
    """Kind → title → code, in administrative-code order: 县区, 功能区, 成员单位 as the register names them."""
    kinds: dict[str, dict[str, str]] = {}
    for unit in register.units if register else ():
        kinds.setdefault(register.kinds[unit.kind], {})[unit.title] = unit.code
    return kinds
