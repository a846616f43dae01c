"""A report's whole life in a real browser: a faulty workbook, its marked copy, the mended one, given back, handed in
again, accepted; and the ranking that changes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.test_pages import pick_identity, settled
from tests.town import copied

COUNTY = "茗川县"  # of the demo city: 案件台账, 行刑统计 and 投诉举报 of 2024Q3 never came, so its total is 暂缺
GOOD = ("示茗罚〔2024〕901号", "行政", "商标", "示例商行901", 3.2, datetime(2024, 7, 5), datetime(2024, 8, 1),
        datetime(2024, 8, 6), "否", None, None)  # fmt: skip
OTHER = ("示茗罚〔2024〕902号", "行政", "农资", "示例商行902", 1.5, datetime(2024, 7, 9), datetime(2024, 8, 9),
         datetime(2024, 8, 12), "否", None, None)  # fmt: skip
FAULTY = (*OTHER[:4], "三万", *OTHER[5:])
CHAIN = (None, 2, 2, 1, 1, 16, 24, 1, 1, "是")  # 批捕 24 over 抓获 16, as a city published it in 2019
COMPLAINTS = (("示茗诉24Q3-01", "投诉", datetime(2024, 7, 3), datetime(2024, 7, 20)),)


def filled(template: Path, target: Path, cases: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.load_workbook(template)
    rows = {"案件台账": cases, "行刑统计": [CHAIN], "投诉举报": COMPLAINTS}
    for sheet in book.worksheets:
        for title, lines in rows.items():
            if sheet.title.startswith(title):
                for number, line in enumerate(lines, 6):
                    for column, value in enumerate(line, 1):
                        if value is not None:
                            sheet.cell(number, column, value)
    book.save(target)
    return target


def download(page: Page, name: str, target: Path) -> Path:
    with page.expect_download() as got:
        page.get_by_role("button", name=name).first.click()
    got.value.save_as(target)
    return target


def open_page(page: Page, title: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    settled(page, title)


def be_the_office(page: Page) -> None:
    page.get_by_test_id("stSidebar").get_by_role("combobox", name="演示身份").click()
    page.get_by_role("option", name="双打办", exact=True).click()


def send(page: Page, file: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(str(file))
    expect(page.get_by_text(f"“{file.name}”已读入", exact=False)).to_be_visible()
    settled(page, "填报")


def received(page: Page, count: int) -> None:
    expect(page.get_by_text(f"已收到 {count} 份报送", exact=False)).to_be_visible()
    settled(page, "填报")


def tick(page: Page, form: str) -> None:
    """The row of a form in the table of what waits."""
    cell = page.locator("[role=gridcell]", has_text=form).first
    number = int(str(cell.get_attribute("id")).rsplit("-", 1)[1]) + 1
    page.get_by_test_id("stDataFrame").first.click(position={"x": 16, "y": 36 + 35 * (number - 0.5)})
    expect(page.get_by_role("button", name="通过所选 1 份")).to_be_visible()


def accept_all(page: Page, count: int) -> None:
    """Everything that waits, by the box in the head."""
    settled(page, "收件与复核")
    page.get_by_test_id("stDataFrame").first.click(position={"x": 16, "y": 18})
    page.get_by_role("button", name=f"通过所选 {count} 份").click()
    expect(page.get_by_text(f"已通过 {count} 份", exact=False)).to_be_visible()


def test_from_a_faulty_workbook_to_a_changed_ranking(
    start_server: Callable[..., Server], page: Page, tmp_path: Path
) -> None:
    server = start_server(database=copied(tmp_path / "town"))
    page.goto(f"{server.url}/ranking")
    settled(page, "排名")
    expect(page.get_by_text("另有 2 个单位数据不全", exact=False)).to_be_visible()

    # the county downloads its template: just what it has not reported
    pick_identity(page, "县区", COUNTY)
    open_page(page, "填报")
    template = download(page, "下载模板", tmp_path / "模板.xlsx")

    # a faulty upload: one cell that is no number, one figure that asks for a reason
    send(page, filled(template, tmp_path / "第三季度.xlsx", [GOOD, FAULTY]))
    expect(page.get_by_text("有 1 行存在强制性错误", exact=False)).to_be_visible()
    marked = download(page, "下载标好问题的工作簿", tmp_path / "标注.xlsx")
    cells = [str(cell) for sheet in openpyxl.load_workbook(marked).worksheets for row in sheet.values for cell in row]
    assert any("案值" in cell and "三万" in cell for cell in cells)
    assert any("批捕 24 人" in cell for cell in cells)

    # the mended one: the faulty draft is given up, the question answered, all handed in
    send(page, filled(template, tmp_path / "第三季度（改）.xlsx", [GOOD, OTHER]))
    answer = page.get_by_label("说明，至少 6 个字", exact=False).first
    answer.fill("含上年抓获移送人员")
    answer.press("Enter")
    settled(page, "填报")
    page.get_by_role("button", name="提交没有问题的 2 张表").click()
    received(page, 2)
    page.get_by_role("button", name="提交", exact=True).click()
    received(page, 1)
    page.screenshot(path=tmp_path / "handed_in.png", full_page=True)

    # the office gives the case ledger back with a reason, and accepts the other two
    be_the_office(page)
    open_page(page, "收件与复核")
    tick(page, "案件台账")
    page.get_by_role("button", name="退回所选的一份").click()
    page.get_by_label("退回原因", exact=False).fill("第 7 行案值与处罚决定书不符，请核对后重报")
    page.get_by_role("button", name="确认退回").click()
    expect(page.get_by_text("已退回茗川县的案件台账", exact=False)).to_be_visible()
    accept_all(page, 2)

    # the county reads the reason, mends, hands in again; the office accepts
    pick_identity(page, "县区", COUNTY)
    open_page(page, "填报")
    expect(page.locator("[role=gridcell]", has_text="第 7 行案值与处罚决定书不符").first).to_be_attached()
    mended = (*OTHER[:4], 2.5, *OTHER[5:])
    template = download(page, "下载模板", tmp_path / "模板（退回后）.xlsx")
    send(page, filled(template, tmp_path / "第三季度（重报）.xlsx", [GOOD, mended]))
    page.get_by_role("button", name="提交", exact=True).click()
    received(page, 1)
    be_the_office(page)
    open_page(page, "收件与复核")
    accept_all(page, 1)
    open_page(page, "排名")
    expect(page.get_by_text("另有 1 个单位数据不全", exact=False)).to_be_visible()
