"""axe-core on what opens from the pages, in the dark, and on /plain: no serious or critical finding. Each page: test_each_page.

What axe found in Streamlit's own elements, pages/ui/chinese.py mends. A finding that we cannot mend would be named here with
its Streamlit issue; there is none.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from pages.ui.navigation import PAGES, PageEntry
from tests.browser.conftest import SEEN_WITHIN, Server, still
from tests.browser.test_pages import TALL, click_row, settled

IN_THE_DARK = ("ranking", "unit", "rubric")  # drawings and badges, figures and figures of points, long tables


def serious(page: Page) -> list[str]:
    """Rule, element and reason of each finding that keeps somebody out."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]} | {node['failureSummary'][:200]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.fixture(scope="module")
def server(office_server: Server) -> Server:
    return office_server


@pytest.fixture(scope="module")
def page(visitor: BrowserContext) -> Iterator[Page]:
    """One tab for all."""
    tab = visitor.new_page()
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def dark(chromium: Browser) -> Iterator[Page]:
    """A reader whose system is set to dark."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", color_scheme="dark")
    context.set_default_timeout(SEEN_WITHIN)
    yield context.new_page()
    context.close()


def turn_to(page: Page, server: Server, entry: PageEntry) -> None:
    """By the sidebar, which takes a third of the time of a visit by address."""
    if not page.url.startswith(server.url):
        page.goto(server.url)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=entry.title, exact=True).click()
    settled(page, entry.title)


@pytest.mark.parametrize("entry", [one for one in PAGES if one.address in IN_THE_DARK], ids=lambda entry: entry.address)
def test_in_the_dark(server: Server, dark: Page, entry: PageEntry) -> None:
    turn_to(dark, server, entry)
    assert dark.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor") == "rgb(19, 26, 34)"
    assert serious(dark) == []


def test_what_opens_is_accessible(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/shortfalls?who=茗川县")
    settled(page, "短板")
    click_row(page.get_by_test_id("stDataFrame").first, 1, TALL)
    expect(page.get_by_role("dialog").get_by_text("规则")).to_be_visible()
    still(page)
    assert serious(page) == []

    page.goto(f"{server.url}/unit?unit=c04")
    settled(page, "单位")
    page.get_by_text("平台录入", exact=True).click()
    expect(page.get_by_text("漏录 1 件扣 0.50 分", exact=False)).to_be_visible()
    assert serious(page) == []


def test_code_is_reached_by_keyboard(server: Server, page: Page) -> None:
    turn_to(page, server, next(entry for entry in PAGES if entry.address == "rubric"))
    page.get_by_text("计算步骤（SQL）").click()
    expect(page.get_by_text("CREATE OR REPLACE TABLE").first).to_be_visible()
    assert serious(page) == []


def test_the_sidebar_is_lists_with_names(server: Server, page: Page) -> None:
    turn_to(page, server, PAGES[-1])
    for section in dict.fromkeys(entry.section for entry in PAGES):
        links = page.get_by_role("list", name=section, exact=True).get_by_role("listitem").get_by_role("link")
        assert [link.inner_text().split()[-1] for link in links.all()] == [
            entry.title for entry in PAGES if entry.section == section
        ]


@pytest.mark.parametrize("path", ["/plain", "/plain?period=1999"])
def test_the_plain_page_is_accessible(server: Server, page: Page, path: str) -> None:
    page.goto(server.url + path)
    expect(page.get_by_role("table", name="县区排名", exact=False)).to_be_visible()
    assert serious(page) == []


def test_axe_would_find_it(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/plain")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=/favicon.png><p style=color:#bbb>太浅</p>')")
    assert sorted(finding.split(" ")[0] for finding in serious(page)) == ["color-contrast", "image-alt"]
