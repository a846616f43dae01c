"""权重实验室 to an edition in force, by clicks: a slider, the slope graph, saved, approved by another. Points by hand.

小城 (tests/projects/small/README.md), its 办法 as the edition of 2023. 任务完成率 goes from 30 to 54 points, so 结案率
(20) and 案卷质量 (10) share what is left of 查办案件, 6: 4 and 2. 案卷质量 was judged 8, 9.5, 7 and counts up to 2.
甲县 54 × 37.5% + 0 + 2 + 38 = 60.25, from 60 on the 表扬 counts: 62.25.   乙县 54 + 4 + 2 + 29 = 89, and 3: 92.
丙区 0 + 4 + 2 + 34 = 40, exposed: 39. So 甲县 goes from the 3rd place to the 2nd, 丙区 from the 2nd to the 3rd.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from scoring.project import open_project
from tests.browser.conftest import ROOT, SEEN_WITHIN, Server, running, visit
from tests.browser.test_chinese import english
from tests.browser.test_pages import FILE_NAME, settled
from tests.hamlet import copied

RUBRIC = "config/scoring.yaml"
NUMBER = re.compile(r"CA\d{4}-\d{6}")  # of a draft


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """小城 with records; its 办法 is in force since 2023."""
    folder = copied(tmp_path_factory.mktemp("lab"))
    path = folder / RUBRIC
    text = path.read_text(encoding="utf-8").replace('edition: "2024"', 'edition: "2023"')
    path.write_text(text.replace("in_force: 2024-01-01", "in_force: 2023-01-01"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(town: Path) -> Iterator[Server]:
    with running(ROOT / "app.py", town / "app.log", project=town, database=town / "hamlet.duckdb") as found:
        yield found


@pytest.fixture(scope="module")
def page(server: Server, chromium: Browser) -> Iterator[Page]:
    with visit(chromium) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 1440, "height": 1200})  # the pickers of the sidebar without scrolling
        yield page


def scored(town: Path, period: str) -> tuple[str, dict[str, tuple[Decimal, int]]]:
    """Edition, and total and place of the counties, as the command line has them."""
    project = open_project(town, database=town / "hamlet.duckdb")
    assert project.ready, project.issues
    rows = project.assess(period, date(int(period) + 1, 1, 20), with_previous=False).rows("ranking", group="county")
    return project.edition(period).spec.edition, {row["unit"]: (row["total"], row["place"]) for row in rows}


def test_from_a_slider_to_an_edition_in_force(server: Server, page: Page, town: Path) -> None:
    before = (town / RUBRIC).read_bytes()
    old = scored(town, "2024")
    assert old == ("2023", {"c02": (Decimal("91.5"), 1), "c03": (Decimal(60), 2), "c01": (Decimal("57.25"), 3)})

    page.goto(f"{server.url}/lab?period=2024")
    settled(page, "权重实验室")
    expect(page.get_by_text("名次没有变动，分数也没有变动。")).to_be_visible()
    page.get_by_role("slider").first.press("ArrowRight")
    expect(page).to_have_url(re.compile("change="))
    expect(page.get_by_text("已改 1 处")).to_be_visible()
    field = page.get_by_role("spinbutton").first
    field.fill("54")
    field.press("Enter")
    expect(page.get_by_text("县区有 2 个单位名次变动")).to_be_visible()
    graph = page.locator(".drawn svg")
    expect(graph).to_be_visible()
    expect(graph).to_contain_text("丙区")
    assert english(page) == []
    assert scored(town, "2024") == old, "a draft changes nothing"

    page.get_by_label("名称").fill("提高办案分值")
    page.get_by_label("为什么改").fill("办案任务完成率拉不开差距")
    page.get_by_role("button", name="保存草案").click()
    settled(page, "草案")
    expect(page.get_by_text(re.compile("草案“提高办案分值”.*已保存，改 3 处"))).to_be_visible()
    with page.expect_download(timeout=SEEN_WITHIN) as download:
        page.get_by_role("button", name="影响表（Word）").click()
    cells = [cell.text for table in Document(str(download.value.path())).tables for row in table.rows for cell in row.cells]
    assert "57.25" in cells and "62.25" in cells and "约谈" not in cells
    page.get_by_role("button", name="提交批准").click()
    expect(page.get_by_text("已提交，等市双打办的另一个人批准。")).to_be_visible()
    expect(page.get_by_role("button", name="批准并启用")).to_have_count(0)

    settled(page, "草案")
    page.get_by_test_id("stSidebar").get_by_role("combobox", name="经办").click()
    page.get_by_role("option", name="复核人", exact=True).click()
    page.get_by_label("版本名").fill("2024")
    page.get_by_label("文号").fill("小双打办〔2024〕9号")
    page.get_by_role("spinbutton", name="年，施行日期").press_sequentially("2024")  # the 1st of January of this year stands there
    page.get_by_role("button", name="批准并启用").click()
    expect(page.get_by_text(re.compile("已批准：2024版自 2024-01-01 起施行"))).to_be_visible()
    assert [text for text in english(page) if not FILE_NAME.search(text) and not NUMBER.search(text)] == []

    assert (town / RUBRIC).read_bytes() == before, "the old edition is as it was, to the byte"
    assert scored(town, "2024") == ("2024", {"c02": (Decimal(92), 1), "c01": (Decimal("62.25"), 2), "c03": (Decimal(39), 3)})
    assert scored(town, "2023")[0] == "2023"
    for period, edition in (("2024", "2024版"), ("2023", "2023版")):
        page.goto(f"{server.url}/ranking?period={period}")
        settled(page, "排名")
        expect(page.get_by_text(re.compile(f"依据《小城双打考核办法（测试）》{edition}"))).to_be_visible()
