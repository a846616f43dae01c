"""The pages in a real browser: one click further, no English, and pictures to look at. Each page as it opens: test_each_page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, Server, running, still
from tests.browser.test_chinese import english

HEADER, ROW, TALL = 36, 35, 64  # pixels in a table
PROJECTS = ROOT / "tests" / "projects"
FILE_NAME = re.compile(r"[\w/]+\.(csv|yaml)")
BUSY = "[data-testid=stStatusWidget], [data-testid=stSpinner], [data-testid=stSkeleton]"


def settled(page: Page, title: str) -> None:
    """The page is there and nothing is being computed or drawn any more."""
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(BUSY)).to_have_count(0)
    still(page)


def click_row(table: Locator, number: int, height: int = ROW) -> None:
    """A click into a row of a table, counted from 1."""
    # click() waits until the table stands still and tries again when a rerun has replaced it
    table.click(position={"x": 150, "y": HEADER + height * (number - 0.5)})


def pick_identity(page: Page, role: str, unit: str) -> None:
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_role("combobox", name="演示身份").click()
    page.get_by_role("option", name=role, exact=True).click()
    sidebar.get_by_role("combobox", name="所在单位").click()
    page.get_by_role("option", name=unit, exact=True).click()


def test_a_click_in_the_ranking_leads_to_the_unit(server: Server, page: Page) -> None:
    page.goto(server.url)
    settled(page, "排名")
    click_row(page.get_by_test_id("stDataFrame").first, 1)
    settled(page, "单位")
    expect(page).to_have_url(re.compile(r"/unit\?.*unit=c09"))
    expect(page.get_by_text("稷川市：第 1 名")).to_be_visible()

    page.go_back()
    settled(page, "排名")
    click_row(page.get_by_test_id("stDataFrame").first, 4)
    settled(page, "单位")
    expect(page).to_have_url(re.compile(r"/unit\?.*unit=c02"))


def test_period_and_group_travel_with_the_address(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?period=2023&group=成员单位")
    settled(page, "排名")
    expect(page.get_by_text("共 17 个单位")).to_be_visible()
    expect(page.get_by_text("2023年考核")).to_be_visible()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="短板").click()
    settled(page, "短板")
    expect(page.get_by_text("2023年考核")).to_be_visible()
    assert "period=2023" in page.url


def test_every_chip_that_is_clicked_counts(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/shortfalls")
    settled(page, "短板")
    chips = page.get_by_test_id("stButtonGroup").last.get_by_role("button")
    names = [chips.nth(number).inner_text().rpartition(" ")[0] for number in range(3)]
    for number in range(3):
        chips.nth(number).click()
        settled(page, "短板")
        expect(page).to_have_url(re.compile("label=" + re.escape(quote("、".join(names[: number + 1]), safe="")) + "(&|$)"))
    chips.nth(1).click()
    settled(page, "短板")
    expect(page).to_have_url(re.compile("label=" + re.escape(quote(f"{names[0]}、{names[2]}", safe="")) + "(&|$)"))
    page.reload()
    settled(page, "短板")
    assert [chips.nth(number).get_attribute("aria-pressed") for number in range(3)] == ["true", "false", "true"]


def test_a_shortfall_opens_down_to_its_rows_and_closes_again(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/shortfalls?who=茗川县")
    settled(page, "短板")
    table = page.get_by_test_id("stDataFrame").first
    for number in (1, 2):
        click_row(table, number, TALL)
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("规则")).to_be_visible()
        expect(dialog.get_by_text("来源").first).to_be_visible()
        expect(dialog.get_by_text(".csv").first).to_be_visible()
        assert [text for text in english(page) if not FILE_NAME.search(text)] == []
        dialog.get_by_role("button", name="关闭").click()
        expect(dialog).to_have_count(0)
        settled(page, "短板")


def test_an_indicator_opens_down_to_its_rows(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/unit?unit=c04")
    settled(page, "单位")
    item = page.get_by_role("link", name="平台录入")
    item.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("漏录 1 件扣 0.50 分，得 5.50 分。")).to_be_visible()
    expect(item).to_be_focused()  # whoever uses the keyboard goes on from here
    expect(item).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_text("case_ledger.csv").first).to_be_visible()
    assert [text for text in english(page) if not FILE_NAME.search(text)] == []


def test_an_item_that_opens_below_an_open_one_stays_where_it_was(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/unit?unit=c03&indicator=platform_entry")  # with a table of seventeen rows
    settled(page, "单位")
    item = page.locator("#item-disclosure")
    item.scroll_into_view_if_needed()
    before = item.bounding_box()
    item.click()
    expect(page.locator("#item-disclosure[aria-expanded=true]")).to_be_visible()
    settled(page, "单位")
    after = item.bounding_box()
    assert before is not None and after is not None and abs(before["y"] - after["y"]) < 3


def test_what_a_link_asks_for_is_in_view(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/unit?unit=c04&indicator=complaints")
    settled(page, "单位")
    item = page.locator("#item-complaints")
    expect(item).to_be_in_viewport()
    expect(page.get_by_text("规则", exact=True)).to_be_in_viewport()
    page.goto(f"{server.url}/unit?unit=c04&section=public")
    settled(page, "单位")
    expect(page.get_by_role("heading", name="维权与评价")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="组织领导")).not_to_be_in_viewport()


def test_the_menu_of_a_phone_closes_once_a_page_is_chosen(server: Server, page: Page) -> None:
    """In a browser of its own: Streamlit remembers there that the menu is closed."""
    assert page.context.browser is not None
    with page.context.browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN") as phone:
        tab = phone.new_page()
        tab.goto(server.url)
        settled(tab, "排名")
        tab.get_by_role("button", name="展开侧边栏").click()
        link = tab.get_by_test_id("stSidebarNav").get_by_role("link", name="短板")
        link.click()
        settled(tab, "短板")
        expect(link).not_to_be_in_viewport()


def test_pictures_keep_their_letters_on_a_phone(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(server.url)
    settled(page, "排名")
    letters = page.locator(".drawn > svg text").first
    assert letters.evaluate("one => one.getBoundingClientRect().height") >= 10  # pixels; 4 when shrunk to the screen
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "the page itself does not move sideways"


def test_a_clause_is_chosen_by_a_click_and_shows_its_sql(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/rubric")
    settled(page, "办法")
    click_row(page.get_by_test_id("stDataFrame").first, 8)
    expect(page.get_by_role("heading", name="第六条（一）")).to_be_visible()
    expect(page).to_have_url(re.compile("indicator=case_volume"))
    page.get_by_text("计算步骤（SQL）").click()
    expect(page.get_by_text("CREATE OR REPLACE TABLE").first).to_be_visible()
    assert [text for text in english(page) if not FILE_NAME.search(text)] == []


def test_a_county_does_not_come_to_see_anothers_rows(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/unit?unit=c10&indicator=platform_entry")
    settled(page, "单位")
    page.set_viewport_size({"width": 1440, "height": 1200})  # the list of units opens below the pickers
    pick_identity(page, "县区", "苇泽县")
    settled(page, "单位")
    expect(page.get_by_text("只对本单位和市双打办开放")).to_be_visible()
    expect(page.locator(".items")).to_have_count(0)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)

    page.get_by_test_id("stSidebarNav").get_by_role("link", name="短板").click()
    settled(page, "短板")
    assert "云岫县" not in page.get_by_test_id("stMain").inner_text()


@pytest.fixture(scope="module")
def odd_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A server, and the folder of its project: each test puts another there."""
    folder = tmp_path_factory.mktemp("odd")
    shutil.copytree(PROJECTS / "small", folder / "project")
    with running(ROOT / "app.py", folder / "app.log", project=folder / "project") as found:
        yield found, folder / "project"


@pytest.mark.parametrize(
    ("state", "address", "words"),
    [
        ("broken_rubric", "ranking", "处错误，全部单位都没有计分"),
        ("no_data", "ranking", "还没有报送数据"),
        ("no_shortfall", "shortfalls", "没有短板"),
    ],
)
def test_the_odd_states(
    odd_server: tuple[Server, Path], page: Page, tmp_path: Path, state: str, address: str, words: str
) -> None:
    server, project = odd_server
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(PROJECTS / state, project)  # read anew, as whenever a file has changed
    page.goto(f"{server.url}/{address}")
    expect(page.get_by_text(words)).to_be_visible()
    still(page)
    assert [text for text in english(page) if not FILE_NAME.search(text)] == []
    page.screenshot(path=tmp_path / f"{state}.png", full_page=True)
