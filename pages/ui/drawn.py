"""Drawings of ours that lead on: HTML or SVG text whose links name pages of the product. Knows addresses, no scores.

A link is an ordinary one (`<a href="unit?unit=c01">`): it can be reached by keyboard, copied, opened in a new tab. A plain
click is taken over and stays in the visit, as the back and forward keys of the browser do: a reload would cost a second,
and who is looking. Links with rel=next, prev and up follow the keys of a presenter.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

import streamlit as st

from pages.ui import served

_JS = """
export default function ({ data, parentElement }) {
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
    (history.turn || history.pushState).call(history, history.state, "", link.getAttribute("href")); // of an SVG link href is no text
    window.dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
  };
  const turns = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev", Escape: "up" };
  const turn = (event) => {
    const link = turns[event.key] && box.querySelector(`a[rel=${turns[event.key]}]`);
    if (!link || event.target.closest("input, textarea, select, [role=slider], [role=listbox], [role=dialog]")) return;
    event.preventDefault();
    link.click();
  };
  document.addEventListener("keydown", turn);
  return () => document.removeEventListener("keydown", turn);
}
"""
_CSS = """
.drawn svg { max-width: 100%; height: auto; }
.drawn svg a:focus-visible { outline: 2px solid var(--st-primary-color); }
"""
_component = st.components.v2.component("drawn", js=_JS, css=_CSS, isolate_styles=False)


def address(page: str, query: Mapping[str, str]) -> str:
    """The address of a page with what its pickers show and the period, relative to the product's own; escaped for HTML."""
    told = "&".join(f"{quote(name)}={quote(value)}" for name, value in {**query, "period": _period()}.items())
    return escape(f"{page}?{told}")


def _period() -> str:
    """As the picker in the sidebar has it: asked for every link, and `served` looks at the disk each time."""
    return st.session_state.get("period") or served.period()


def show(text: str, key: str) -> None:
    """Draw it. `text`: ours, with everything else in it escaped."""
    _component(data=text, key=key)
