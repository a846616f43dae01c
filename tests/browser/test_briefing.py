"""汇报 in a real browser: a presenter's keys, the way down to a source row, a link that shows the same to somebody else."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, quiet, still, visit
from tests.browser.test_pages import settled


def test_from_the_briefing_to_a_source_row(server: Server, page: Page) -> None:
    """One click: 苇泽县's cell of 报送工作信息不达标 opens the unit at that indicator, with the rows it was counted from."""
    with quiet(page, server):
        page.goto(f"{server.url}/briefing?period=2024")
        settled(page, "汇报")
        page.get_by_role("link", name="苇泽县，报送工作信息不达标：差 3 条").click()
        settled(page, "单位")
        expect(page).to_have_url(re.compile(r"/unit\?.*unit=c04"))
        expect(page.get_by_text("来源").first).to_be_visible()
        expect(page.get_by_text(".csv").first).to_be_visible()
    page.go_back()
    settled(page, "汇报")
    expect(page.get_by_role("heading", name="成绩")).to_be_visible()


def test_step_by_step_by_the_keys_of_a_presenter(server: Server, page: Page, chromium: Browser) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{server.url}/briefing?period=2024")
    settled(page, "汇报")
    page.get_by_role("link", name="投影", exact=True).click()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    for key, step in (("PageDown", "成绩"), ("ArrowRight", "不足"), ("ArrowLeft", "成绩"), ("PageDown", "不足"), ("PageDown", "下一步")):
        page.keyboard.press(key)
        expect(page.locator(".b-step h2")).to_have_text(step)
    with visit(chromium) as context:  # somebody else is sent the address
        other = context.new_page()
        other.goto(page.url)
        expect(other.locator(".b-step h2")).to_have_text("下一步")
        assert other.locator(".b-step").inner_text() == page.locator(".b-step").inner_text()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()


def test_the_keys_go_on_right_after_loading(server: Server, page: Page) -> None:
    """Nothing was clicked; space and the keys up and down as well."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{server.url}/briefing?period=2024&group=县区&projector=1")
    expect(page.locator(".b-told")).to_be_visible()
    still(page)
    for key, step in (("ArrowDown", "成绩"), ("Space", "不足"), ("ArrowUp", "成绩"), ("PageDown", "不足")):
        page.keyboard.press(key)
        expect(page.locator(".b-step h2")).to_have_text(step)
        still(page)
    page.goto(f"{server.url}/briefing?period=2024&group=县区")  # no presentation: the page is scrolled
    expect(page.locator(".b-told")).to_be_visible()
    page.keyboard.press("Space")
    still(page)
    expect(page.locator(".b-told")).to_be_visible()


def test_the_whole_stands_on_one_screen(server: Server, page: Page) -> None:
    """16:9 without scrolling, both groups."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    for group in ("县区", "成员单位"):
        page.goto(f"{server.url}/briefing?period=2024&group={group}&projector=1")
        expect(page.locator(".b-told")).to_be_visible()
        still(page)
        end = page.locator(".b-told").bounding_box()
        assert end is not None and end["y"] + end["height"] <= 1080, group


def test_a_bar_of_the_ranking_leads_to_its_section(server: Server, page: Page) -> None:
    """Links of a drawing are SVG links: their address is an object, and no text."""
    with quiet(page, server):
        page.goto(f"{server.url}/ranking?period=2024")
        settled(page, "排名")
        page.locator(".drawn svg a[href*='unit=c04'][href*='section=enforcement']").click()
        settled(page, "单位")
        expect(page).to_have_url(re.compile(r"/unit\?.*unit=c04.*section=enforcement"))
        expect(page.get_by_text("苇泽县：").first).to_be_visible()
