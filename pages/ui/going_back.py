"""The Back key of the browser leads to the page before, whatever was chosen on this one. Knows the browser's history, no page.

Streamlit makes a step of the history of every change of the address, also where the page itself completes it: Back would go
to the incomplete address, which completes itself again, and nobody would ever get out. So a change within a page replaces
its step; links of our drawings say with `history.turn` that they want a step of their own. And on the way to another page
Streamlit changes the query first, still at the old address: that one is put back as it was at the click.
"""

from __future__ import annotations

_SCRIPT = """
(() => {
  const step = history.pushState.bind(history);
  let before = location.href;
  for (const act of ["pointerdown", "keydown"]) addEventListener(act, () => { before = location.href; }, true);
  history.turn = step;
  history.pushState = (state, title, url) => {
    const to = new URL(url ?? location.href, document.baseURI);
    if (to.pathname === location.pathname) return history.replaceState(state, title, to);
    if (new URL(before).pathname === location.pathname) history.replaceState(history.state, "", before);
    step(state, title, to);
  };
})();
"""


def script() -> str:
    """For the head of the page, before Streamlit's own scripts."""
    return f"<script>{_SCRIPT}</script>"
