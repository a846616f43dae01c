"""A page runs inside the shell or not at all. The shell alone knows who is looking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

_inside: ContextVar[bool] = ContextVar("inside_shell", default=False)


@contextmanager
def shell() -> Iterator[None]:
    """Opened by pages/shell.py around the page, in every run anew."""
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def require_shell() -> None:
    """First line of every page: a page reached past the shell shows nothing but the way back."""
    if not _inside.get():
        st.error("本页不能单独打开。", icon=":material/lock:")
        st.markdown("[请从首页进入](/)")
        st.stop()
