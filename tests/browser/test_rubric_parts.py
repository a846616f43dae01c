"""办法: each part is drawn when it is opened, stands in the address, and has no English word."""

from __future__ import annotations

from urllib.parse import unquote

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, quiet
from tests.browser.test_chinese import english
from tests.browser.test_pages import settled


def test_each_part(server: Server, page: Page) -> None:
    with quiet(page, server):
        page.goto(f"{server.url}/rubric")
        settled(page, "办法")
        tabs = page.get_by_role("tab")
        names = tabs.all_inner_texts()
        assert len(names) > 4
        for name in names[1:]:
            tabs.filter(has_text=name).click()
            page.wait_for_function("name => new URLSearchParams(location.search).get('part') === name", arg=name)
            expect(page.get_by_role("tabpanel").filter(visible=True)).not_to_be_empty()
            settled(page, "办法")
            assert english(page) == []
    page.goto(page.url)  # a copied link
    settled(page, "办法")
    assert unquote(page.url).endswith(f"part={names[-1]}")
    expect(tabs.filter(has_text=names[-1])).to_have_attribute("aria-selected", "true")
