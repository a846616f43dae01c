"""差距与路径 without a browser: the three views, by role, and what is said where nothing can be shown."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.identity import ANALYST, LEADER
from tests.pages.conftest import Visit, drawings, said, table
from tests.tiny import Tiny, item

GROUPS = "{all: {title: 县区, units: {kinds: [county]}, full_marks: 10}}"
ITEM = item("rules: [{kind: awards, parts: [{measure: cases, each: 1}]}]")


def drawn_tables(app: AppTest) -> list[list[list[str]]]:
    """Table by table the rows below the head."""
    tables = [one for one in drawings(app) if "<table" in one]
    rows = [re.findall(r'(?s)<tr role="row"><th scope="row".*?</tr>', one) for one in tables]
    return [[[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"(?s)<t[hd][ >].*?</t[hd]>", row)] for row in one] for one in rows]


def project(folder: Path, table: str) -> Path:
    return Tiny(table, ITEM, groups=GROUPS).write(folder)


def test_first_and_last_stand_side_by_side_at_first(visit: Visit) -> None:
    app = visit("gap")
    text = said(app)
    assert "第 1 名稷川市与第 10 名雁川县相差 37.36 分" in text and "其中 3.25 分是多数单位也差的" in text
    sections = table(app, "不作区分").set_index("一级指标")
    assert sections.loc["合计"].tolist() == ["37.36", "3.25", "33.92", "0.19"]
    clauses = table(app, "内容")
    row = clauses[clauses["内容"] == "弄虚作假"].iloc[0]
    assert (row["稷川市"], row["雁川县"], row["差距"], row["单独差"]) == ("0.00", "−31.27", "31.27", "31.27")
    assert (app.query_params["ahead"], app.query_params["behind"]) == ("c09", "c06")


def test_two_units_and_one_section_by_the_address(visit: Visit) -> None:
    app = visit("gap", ahead="c08", behind="c05", section="专项任务")
    assert "第 5 名檀阳县与第 6 名笙溪县相差 0.42 分" in said(app)
    assert set(table(app, "内容")["一级指标"]) == {"专项任务"}


def test_a_unit_without_total_gives_a_range(visit: Visit) -> None:
    text = said(visit("gap", ahead="c09", behind="c07"))
    assert "在 7.33 至 52.19 分之间" in text and "未报送（0.00 至 8.00）" in text


def test_departments_among_themselves(visit: Visit) -> None:
    text = said(visit("gap", group="成员单位"))
    assert "第 1 名市公安局与第 15 名市税务局" in text and "市税务局适用的指标满分 42.00 分" in text


def test_the_same_unit_twice(visit: Visit) -> None:
    app = visit("gap", ahead="c09", behind="c09")
    assert "请选两个不同的单位" in said(app) and not drawings(app)


@pytest.mark.parametrize(
    "table, told", [("unit cases\n甲县 1", "县区只有 1 个单位，没有差距可言"), ("unit cases\n甲县 1\n乙县 _", "的差距还定不下来")]
)
def test_few_units(visit: Visit, tmp_path: Path, table: str, told: str) -> None:
    assert told in said(visit("gap", project(tmp_path, table)))


def test_a_path_with_its_steps_and_who_else_moves(visit: Visit) -> None:
    app = visit("gap", view="路径", unit="c08", day="2024-12-01")
    text = said(app)
    assert "笙溪县要前进 1 名，最省力的是：到 1 个村（社区）宣传 × 1" in text
    assert "全组重新计分核实" in text and "87.31 → 87.83" in text
    steps, moved, refused = drawn_tables(app)
    assert [(row[0], row[2]) for row in steps] == [("到 1 个村（社区）宣传", "0.5"), ("合计", "0.5")]
    assert moved == [["檀阳县", "5", "6"]]
    assert ["整改销号 1 个上年问题", "不符合前提"] in refused
    assert any("没有列入的事" in one.label for one in app.expander)


def test_after_the_year_what_cannot_be_made_good_is_named(visit: Visit) -> None:
    app = visit("gap", view="路径", unit="c04")
    text = said(app).replace("\n", "").replace("\u00a0", " ")
    assert "能做到的最好结果（不含补报）" in [one.value for one in app.subheader]
    assert "2024年已结束，今天截止收数，须在年内做的事都已过期限。" in text
    assert "17 项失分已无法补救，最多的是案件信息按期公开率（失 3.12 分）、两法衔接培训（失 3.00 分）、曝光和通报批评（扣 2.00 分）" in text
    assert "另有 3 项只能补回一部分，1 项待补报；已迟报的 6 次无法补救。" in text
    assert "这里的推算不含补报“对下考核”所缺的数据（按所报的计，最多 3.00 分，折算前）。" in text


def test_a_day_that_is_over_is_only_supposed(visit: Visit) -> None:
    text = said(visit("gap", view="路径", unit="c08", day="2024-05-01"))
    assert "假如回到2024年5月1日，笙溪县要前进 1 名，最省力的是" in text and "假定从2024年5月1日做起；" in text


def test_a_county_sees_its_own_path_and_why_no_more(visit: Visit) -> None:
    text = said(visit("gap", role="县区", who="苇泽县"))
    assert "苇泽县要前进 1 名" in text and "不对被考核单位开放" in text and "稷川市" not in text


def test_no_path_is_said_plainly(visit: Visit) -> None:
    text = said(visit("gap", view="路径", unit="c09"))
    assert "稷川市要前进 1 名，没有可行的路径。" in text and "稷川市已经是第 1 名" in text


def test_a_rubric_without_actions(visit: Visit, tmp_path: Path) -> None:
    text = said(visit("gap", project(tmp_path, "unit cases\n甲县 3\n乙县 2"), view="路径", unit="c2"))
    assert "办法里没有写还能做的事" in text


def test_two_years_by_two_editions(visit: Visit) -> None:
    app = visit("gap", view="年度重算")
    text = said(app)
    assert "县区，2023 年到 2024 年，10 个单位算得出" in text
    assert "稷川市总分由 93.08 升到 96.36（+3.28）：工作变化 +3.565，办法变化 −0.285" in text
    row = app.dataframe[0].value.set_index("单位").loc["稷川市"]
    assert row.tolist() == ["93.08", "92.80", "96.65", "96.36", "3.28", "3.565", "−0.285"]
    assert "成员单位 2023 年" not in text, "only the group on show"


def test_one_year_only(visit: Visit, tmp_path: Path) -> None:
    assert "没有更早的一年可以对照" in said(visit("gap", project(tmp_path, "unit cases\n甲县 3\n乙县 2"), view="年度重算"))


@pytest.mark.parametrize("role", [LEADER, ANALYST])
def test_leaders_and_analysts_see_all(visit: Visit, role: str) -> None:
    assert "相差 37.36 分" in said(visit("gap", role=role))


def test_one_who_reports_sees_its_own_path_only(visit: Visit) -> None:
    app = visit("gap", role="县区", who="笙溪县", view="差距", unit="c09", day="2024-12-01")
    text = said(app)
    assert "笙溪县要前进 1 名" in text and "相差" not in text and "稷川市" not in text
