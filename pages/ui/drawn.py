"""Drawings of ours that lead on: HTML or SVG text whose links name pages of the product. Knows addresses, no scores.

A link is an ordinary one (`<a href="unit?unit=c01">`): it can be reached by keyboard, copied, opened in a new tab. A plain
click is taken over and stays in the visit: a reload would cost a second, and who is looking.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qsl, quote, urlsplit

import streamlit as st

from pages.ui.navigation import PAGES

_SCRIPTS = {entry.address: entry.script for entry in PAGES}
_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  let box = parentElement.querySelector(".drawn");
  if (!box) {
    box = document.createElement("div");
    box.className = "drawn";
    parentElement.appendChild(box);
  }
  if (box.ours !== data) {
    box.innerHTML = data;
    box.ours = data;
  }
  box.onclick = (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("to", link.getAttribute("href"));
  };
}
"""
_component = st.components.v2.component("drawn", js=_JS, isolate_styles=False)


def address(page: str, query: Mapping[str, str]) -> str:
    """The address of a page with what its pickers show, relative to the product's own; escaped for HTML."""
    told = "&".join(f"{quote(name)}={quote(value)}" for name, value in query.items())
    return escape(f"{page}?{told}" if told else page)


def show(text: str, key: str) -> None:
    """Draw it; follow the link that was clicked. `text`: ours, with everything else in it escaped."""
    followed = _component(data=text, key=key, on_to_change=lambda: None).to
    if followed:
        _go(followed)


def _go(to: str) -> None:
    parts = urlsplit(to)
    if script := _SCRIPTS.get(parts.path.strip("/")):
        st.switch_page(script, query_params=dict(parse_qsl(parts.query)))
