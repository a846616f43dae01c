"""The Back key, and the group that goes along from page to page."""

from __future__ import annotations

from urllib.parse import unquote

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.test_pages import settled


def at(page: Page, path: str) -> None:
    page.wait_for_function("path => decodeURIComponent(location.pathname + location.search) === path", arg=path)


def by_menu(page: Page, title: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_text(title, exact=True).click()
    settled(page, title)


def test_back_leads_to_the_page_before_as_it_was(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/shortfalls?group=成员单位")
    settled(page, "短板")
    page.get_by_text("共性和个性", exact=True).click()
    at(page, "/shortfalls?group=成员单位&view=共性和个性")
    page.get_by_text("逐条看差距").click()
    settled(page, "差距与路径")
    assert "group=成员单位" in unquote(page.url)
    page.wait_for_function("location.search.includes('behind=')")  # the page completes its address
    page.go_back()
    settled(page, "短板")
    at(page, "/shortfalls?group=成员单位&view=共性和个性")
    expect(page.get_by_role("radio", name="共性和个性")).to_be_checked()
    page.go_forward()
    settled(page, "差距与路径")
    expect(page.get_by_role("radio", name="成员单位")).to_be_checked()


def test_the_group_goes_along_and_a_link_has_the_last_word(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/shortfalls?group=成员单位")
    settled(page, "短板")
    by_menu(page, "差距与路径")
    expect(page.get_by_role("radio", name="成员单位")).to_be_checked()
    # as a link of a drawing does it
    page.evaluate("history.turn(null, '', '/certainty?group=县区'); dispatchEvent(new PopStateEvent('popstate'))")
    settled(page, "名次有多稳")
    expect(page.get_by_role("radio", name="县区")).to_be_checked()
    by_menu(page, "短板")
    expect(page.get_by_role("radio", name="县区")).to_be_checked()
