"""Each page as it opens, looked at once by its address and once from page to page: whom it asks, what it complains of, no
English, nothing that keeps somebody out, a picture to look at.

By its address it is seen with records, where forms, uploads and lists are there, too; from page to page on the prepared files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from pages.ui.navigation import DEFAULT, PAGES, PageEntry
from tests.browser.conftest import Server, quiet
from tests.browser.test_accessibility import serious
from tests.browser.test_chinese import english
from tests.browser.test_pages import settled

OURS = re.compile(r"\.(csv|yaml|xlsx|zip)\b|data/sample|DR-\d+")  # names of files, of the folder imported, of a report


@pytest.fixture(scope="module")
def page(visitor: BrowserContext) -> Iterator[Page]:
    """One tab for all."""
    tab = visitor.new_page()
    yield tab
    tab.close()


def stands(page: Page) -> None:
    """Labelled as invented, without an error, without English."""
    expect(page.get_by_text("示例", exact=True).first).to_be_visible()
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert [text for text in english(page) if not OURS.search(text)] == [], page.url


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.address)
def test_by_its_address(office_server: Server, page: Page, entry: PageEntry, tmp_path: Path) -> None:
    with quiet(page, office_server):
        page.goto(f"{office_server.url}/{entry.address}")
        settled(page, entry.title)
    stands(page)
    assert serious(page) == []
    picture = tmp_path / f"{entry.address}.png"
    page.screenshot(path=picture, full_page=True)
    assert picture.stat().st_size > 20_000, "an empty picture"


def test_from_page_to_page(server: Server, page: Page) -> None:
    """The period stays in the address, and in its list."""
    with quiet(page, server):
        page.goto(f"{server.url}/?period=2023")
        settled(page, DEFAULT.title)
        stands(page)
        for entry in [*(one for one in PAGES if one is not DEFAULT), DEFAULT]:
            expect(page.get_by_role("combobox", name="考核期")).to_have_value("2023")
            page.get_by_test_id("stSidebarNav").get_by_role("link", name=entry.title, exact=True).click()
            settled(page, entry.title)
            address = "" if entry is DEFAULT else entry.address
            expect(page).to_have_url(re.compile(rf"/{address}\?(.+&)?period=2023\b"))
            stands(page)
        page.wait_for_load_state("networkidle")
