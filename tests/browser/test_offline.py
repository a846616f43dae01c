"""Nothing leaves the machine, from page to page: no request to another host, no error in the console.

Each page by its own address is looked at in test_pages.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from pages.ui.navigation import PAGES
from tests.browser.conftest import Server, quiet


def test_every_page_asks_only_its_own_server(server: Server, page: Page) -> None:
    with quiet(page, server):
        page.goto(server.url)
        for entry in PAGES:
            page.get_by_test_id("stSidebarNav").get_by_role("link", name=entry.title).click()
            expect(page.locator("h1")).to_have_text(entry.title)
            page.wait_for_timeout(200)
        page.wait_for_load_state("networkidle")
