"""A first visit straight to a page's address, on a server nobody has visited yet."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from _pytest.mark import ParameterSet
from playwright.sync_api import Page, expect

from pages.ui.navigation import DEFAULT, PAGES, PageEntry
from tests.browser.conftest import ROOT, Server, still

# Runs before anything of the page: writes down every text and every heading that was ever in the document.
RECORDER = """
window.seenTexts = []; window.seenHeadings = [];
const see = (text) => {
  const place = text.parentElement;
  if (!place || place.closest("script, style, noscript") || !text.nodeValue.trim()) return;
  window.seenTexts.push(text.nodeValue.trim());
  if (place.closest("h1")) window.seenHeadings.push(place.closest("h1").innerText.trim());
};
new MutationObserver((changes) => {
  for (const change of changes)
    for (const node of change.type === "characterData" ? [change.target] : change.addedNodes) {
      if (node.nodeType === Node.TEXT_NODE) { see(node); continue; }
      const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) see(texts.currentNode);
    }
}).observe(document, {subtree: true, childList: true, characterData: true});
"""
SMALL = ROOT / "tests" / "projects" / "small"
NOT_FOUND = ("Page not found", "没有这个页面")


def addresses() -> list[ParameterSet]:
    """The default page at `/` and at its own address, and every other page: one of each folder, since a visit past the
    shell depends on where the script lies; the others as a trial."""
    folders: set[str] = set()
    found = [pytest.param(DEFAULT, "/")]
    for entry in PAGES:
        folder = entry.script.split("/")[0]
        marks = [pytest.mark.trial] if folder in folders and entry is not DEFAULT else []
        found.append(pytest.param(entry, f"/{entry.address}", marks=marks))
        folders.add(folder)
    return found


@pytest.mark.parametrize(
    ("entry", "address"), addresses(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_first_visit_goes_through_the_shell(
    start_server: Callable[..., Server], first_page: Page, entry: PageEntry, address: str
) -> None:
    """On the demo city at `/`, else on a small one, which is read sooner: what comes first does not depend on it."""
    server, page = start_server(project=None if address == "/" else SMALL), first_page
    page.add_init_script(RECORDER)
    page.goto(server.url + address)

    expect(page.locator("h1")).to_have_text(entry.title)
    expect(page.get_by_test_id("stSidebar").get_by_text("演示身份")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav").get_by_role("link")).to_have_count(len(PAGES))
    still(page)

    texts = page.evaluate("window.seenTexts")
    assert any(entry.title in text for text in texts), "the recorder saw nothing"
    assert not [text for text in texts if any(words in text for words in NOT_FOUND)]
    assert set(page.evaluate("window.seenHeadings")) == {entry.title}
    assert urlsplit(page.url).path == ("/" if entry is DEFAULT else address)


def test_an_unknown_address_says_so_in_chinese(server: Server, page: Page) -> None:
    page.add_init_script(RECORDER)
    page.goto(f"{server.url}/nowhere")

    expect(page.get_by_role("dialog")).to_contain_text("没有这个页面")
    expect(page.get_by_role("dialog")).to_contain_text("已转到首页")
    assert any(words in text for text in page.evaluate("window.seenTexts") for words in NOT_FOUND)
