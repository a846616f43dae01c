"""On a narrow screen the menu closes once a page is chosen: it covers what was chosen. Knows Streamlit's marks, no page."""

from __future__ import annotations

NARROW = 768  # pixels: below, Streamlit lays the sidebar over the page

_SCRIPT = f"""
addEventListener("click", (event) => {{
  if (innerWidth >= {NARROW} || !event.target.closest("[data-testid=stSidebarNavLink]")) return;
  setTimeout(() => document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click());
}});
"""


def script() -> str:
    """For the head of the page."""
    return f"<script>{_SCRIPT}</script>"
