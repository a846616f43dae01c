"""A fault of ours: the reader sees one Chinese sentence, the log has the rest."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server


def test_a_fault_shows_one_sentence_and_is_logged(start_server: Callable[..., Server], page: Page) -> None:
    server = start_server("tests/browser/labels/faulty.py")
    page.goto(server.url)
    expect(page.get_by_role("alert")).to_contain_text("页面出错了")
    expect(page.locator("h1")).to_have_text("有错的页")
    text = page.locator("body").inner_text()
    assert "secret" not in text
    assert "Traceback" not in text
    assert "ValueError: secret detail" in server.log.read_text()
