"""Drawings of ours that lead on: HTML or SVG text whose links name pages of the product. Knows addresses, no scores.

A link is an ordinary one (`<a href="unit?unit=c01">`): it can be reached by keyboard, copied, opened in a new tab. A plain
click is taken over and stays in the visit, as the back and forward keys of the browser do: a reload would cost a second,
and who is looking. Links with rel=next, prev and up follow the keys of a presenter; in a presentation (where there is one
with rel=up) that has nothing to scroll, space and the keys up and down too. A link with data-here (and an id) opens
or closes something in place: no step of the history, and it keeps the focus. What carries data-seek is scrolled to.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

import streamlit as st

from pages.ui import served

_JS = """
function steady(one, place) { // put it in its place, and again while what stands above it grows or shrinks, until the visitor moves
  const put = () => one.isConnected && place();
  const seen = new ResizeObserver(put);
  const over = () => seen.disconnect();
  seen.observe(one.closest("[data-testid=stMainBlockContainer]") || document.body);
  for (const act of ["wheel", "pointerdown", "keydown", "touchstart"]) addEventListener(act, over, { once: true, passive: true });
  setTimeout(over, 1500);
  requestAnimationFrame(put);
}
function keep(one, top) { // at this height of the window; only the page's own pane moves, never what frames it
  const pane = one.closest("[data-testid=stMain]");
  if (pane) steady(one, () => { pane.scrollTop += one.getBoundingClientRect().top - top; });
}
function seek(goal) {
  const pane = goal.closest("[data-testid=stMain]");
  if (pane) keep(goal, pane.getBoundingClientRect().top + 64);
}
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
    const held = window.drawnHeld && box.querySelector(`[id="${window.drawnHeld.id}"]`);
    const goal = box.querySelector("[data-seek]");
    if (held) { // the link that was just used stands in a new text: whoever uses the keyboard goes on from it
      held.focus({ preventScroll: true });
      keep(held, window.drawnHeld.top);
      window.drawnHeld = null;
    } else if (goal && goal.dataset.seek !== box.sought) seek(goal);
    box.sought = goal?.dataset.seek;
  }
  box.onclick = (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const here = link.dataset.here !== undefined;
    window.drawnHeld = here ? { id: link.id, top: link.getBoundingClientRect().top } : null;
    (!here && history.turn || history.pushState).call(history, history.state, "", link.getAttribute("href")); // of an SVG link href is no text
    window.dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
  };
  const turns = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev", Escape: "up" };
  const more = { ArrowDown: "next", " ": "next", ArrowUp: "prev" };
  const presented = () => {
    const main = box.closest("[data-testid=stMain]") || document.documentElement;
    return box.querySelector("a[rel=up]") && main.scrollHeight <= main.clientHeight + 2;
  };
  const turn = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const way = turns[event.key] || (more[event.key] && presented() && more[event.key]);
    const link = way && box.querySelector(`a[rel=${way}]`);
    const taken = "input, textarea, select, button, [role=slider], [role=listbox], [role=dialog]";
    if (!link || (event.target.closest && event.target.closest(taken))) return;
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
