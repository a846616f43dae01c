"""催报, 数据质量, 三录核对 and 操作日志 on real records in a real browser: clicks, downloads, what they leave on the log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from tests.browser.conftest import SEEN_WITHIN, Server
from tests.browser.test_pages import HEADER, ROW, settled


@pytest.fixture(scope="module")
def server(office_server: Server) -> Server:
    return office_server


def test_a_click_in_the_matrix_lists_the_reports_of_that_cell(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/quality")
    settled(page, "数据质量")
    matrix = page.get_by_test_id("stDataFrame").first
    matrix.click(position={"x": 130, "y": HEADER + ROW * 6.5})  # 茗川县 is the seventh, 案件台账 the first form
    expect(page.get_by_text("共 4 份：未报 1，按时 3。")).to_be_visible()
    expect(page).to_have_url(re.compile("who=.*form="))
    page.reload()
    settled(page, "数据质量")
    expect(page.get_by_text("共 4 份：未报 1，按时 3。")).to_be_visible()


def exported(page: Page) -> Download:
    with page.expect_download(timeout=SEEN_WITHIN) as download:
        page.get_by_role("button", name="导出 CSV").click()
    return download.value


def test_every_export_says_what_it_is_and_stands_on_the_log(server: Server, page: Page) -> None:
    lists = {"reminders": "催报", "quality": "数据质量", "entries": "三录核对", "log": "操作日志"}
    for address, title in lists.items():
        page.goto(f"{server.url}/{address}")
        settled(page, title)
        download = exported(page)
        assert re.fullmatch(r".+_截至20250120\.csv", download.suggested_filename), "the day of the demonstration"
        first, second, *_ = Path(download.path()).read_text(encoding="utf-8-sig").splitlines()
        assert "示例" in first and second.startswith("数据截至 2025-01-20")
    page.goto(f"{server.url}/log?act=导出")
    settled(page, "操作日志")
    expect(page.get_by_text("共 4 条")).to_be_visible()


def test_a_backup_by_a_click(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/log")
    settled(page, "操作日志")
    page.get_by_role("button", name="现在备份").click()
    expect(page.get_by_text("已备份：")).to_be_visible()


def test_a_reminder_is_ready_to_be_copied(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/reminders?who=茗川县")
    settled(page, "催报")
    expect(page.get_by_text("市双打办尚未收到贵单位下列 4 份报表")).to_be_visible()
