"""Nothing leaves the machine: no request to another host, no error in the console."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from pages.ui.navigation import PAGES
from tests.browser.conftest import Server


def test_every_page_asks_only_its_own_server(server: Server, page: Page) -> None:
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)

    for entry in PAGES:
        page.goto(f"{server.url}/{entry.address}")
        expect(page.locator("h1")).to_have_text(entry.title)
        page.wait_for_load_state("networkidle")
    for entry in PAGES:
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=entry.title).click()
        expect(page.locator("h1")).to_have_text(entry.title)
        page.wait_for_timeout(300)

    own = urlsplit(server.url).netloc
    assert any(url.startswith("ws://") for url in asked), "the page never connected"
    assert not [
        url for url in asked if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != own
    ]
    assert not errors
