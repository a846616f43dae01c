"""我的得分 without a browser: one's own place, losses, next steps, reports and rows; nothing of anybody else."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from pages.ui.identity import ANALYST, LEADER, OFFICE
from scoring.desk import handing_in, receiving, reviewing
from scoring.desk.blanks import blank
from tests.hamlet import copied
from tests.pages.conftest import PROJECTS, ROOT, Visit, said, table
from tests.path.acting import acting
from tests.tiny import Tiny, item
from tests.town import CLERK, reporter, town

COUNTY = "县区"
AWARDS = item("rules: [{kind: awards, parts: [{measure: cases, each: 1}], cap: full}]")
SECOND = item("rules: [{kind: awards, parts: [{measure: other, each: 1}], cap: full}]", "y")
CASE = "- {code: do, title: 再办 1 件案件, does: {cases: +1}, effort: 3, by: 12-31}"


def test_own_losses_from_the_largest_down(visit: Visit, tmp_path: Path) -> None:
    """10 − 7 = 3 and 10 − 4 = 6 lost."""
    folder = Tiny("unit cases other\n甲县 7 4\n乙县 10 10", AWARDS + SECOND).write(tmp_path)
    app = visit("mine", folder, role=COUNTY, who="甲县")
    frame = app.dataframe[0].value
    assert frame[["指标", "得分", "失分"]].values.tolist() == [
        ["指标y", "4.00\u00a0/\u00a010.00", "6.00"], ["指标x", "7.00\u00a0/\u00a010.00", "3.00"],
    ]  # fmt: skip
    assert frame["怎么改"][0].startswith("对照规则：")
    text = said(app)
    assert "**甲县**：第 2 名（共 2 个单位），总分 11.00 分" in text and "2 项失分" in text and "乙县" not in text
    assert "代看" not in text


def test_a_shortfall_has_its_advice(visit: Visit) -> None:
    app = visit("mine", role=COUNTY, who="苇泽县")
    assert app.query_params["unit"] in ("c04", ["c04"]), "the link sent to the office opens the same"
    frame = app.dataframe[0].value.set_index("指标")
    assert frame.loc["案件信息按期公开率", "失分"] == "3.12"
    assert frame.loc["信息任务完成率", "怎么改"] == "还差\u00a03\u00a0条，办结案件、开展行动后三日内成稿报送"


def test_what_is_open_stands_last(visit: Visit, tmp_path: Path) -> None:
    folder = Tiny("unit cases other\n甲县 7 _\n乙县 10 10", AWARDS + SECOND).write(tmp_path)
    app = visit("mine", folder, role=COUNTY, who="甲县")
    assert app.dataframe[0].value["失分"].tolist() == ["3.00", "待定"]
    assert "1 项失分，另有 1 项待定" in said(app)


def test_full_marks_are_said_plainly(visit: Visit, tmp_path: Path) -> None:
    folder = Tiny("unit cases\n甲县 10\n乙县 3", AWARDS).write(tmp_path)
    app = visit("mine", folder, role=COUNTY, who="甲县")
    assert "没有失分" in app.success[0].value and not app.dataframe


def test_an_item_that_does_not_apply_is_no_loss(visit: Visit, tmp_path: Path) -> None:
    away = AWARDS.replace("rules:", "not_applicable: {when: cases = 0, then: rescale, reason: 没有案件}\n  rules:")
    folder = Tiny("unit cases other\n甲县 0 4\n乙县 6 5", away + SECOND).write(tmp_path)
    assert visit("mine", folder, role=COUNTY, who="甲县").dataframe[0].value["指标"].tolist() == ["指标y"]


def test_the_cheapest_next_step(visit: Visit, tmp_path: Path) -> None:
    """6 + 2 = 8 ties with 甲县 and is its place as well: two cases, 6 人·天."""
    acting(tmp_path, Tiny("unit cases\n甲县 8\n乙县 6", AWARDS), CASE)
    app = visit("mine", tmp_path, role=COUNTY, who="乙县", day="2024-12-01")
    text = said(app)
    assert "再办 1 件案件 × 2，共 6 人·天，总分 6.00 → 8.00，第 2 名 → 并列第 1 名" in text
    assert "升一个等次" not in text, "there are no grades"
    assert "甲县" not in text


def test_place_and_grade_side_by_side(visit: Visit) -> None:
    text = said(visit("mine", role=COUNTY, who="笙溪县", day="2024-12-01"))
    assert "到 1 个村（社区）宣传 × 1，共 0.5 人·天，总分 87.31 → 87.83" in text
    assert "**升一个等次**" in text and "良好 → 优秀" in text


def test_no_path_is_said_plainly(visit: Visit, tmp_path: Path) -> None:
    """One case at most brings 6 to 7, and 甲县 has 9; 甲县 itself is first."""
    acting(tmp_path, Tiny("unit cases\n甲县 9\n乙县 6", AWARDS), CASE.replace("effort: 3", "effort: 3, most: 1"))
    text = said(visit("mine", tmp_path, role=COUNTY, who="乙县", day="2024-12-01"))
    assert "没有可行的路径：照加分最多的做，也只到总分 7.00、第 2 名" in text
    assert "\n甲县已经是第 1 名。" in said(visit("mine", tmp_path, role=COUNTY, who="甲县", day="2024-12-01"))


def test_after_the_year_little_can_be_done(visit: Visit) -> None:
    assert "2024 年已经过完，多数事做不了了" in said(visit("mine", role=COUNTY, who="笙溪县"))


def test_without_actions(visit: Visit, tmp_path: Path) -> None:
    folder = Tiny("unit cases\n甲县 8", AWARDS).write(tmp_path)
    text = said(visit("mine", folder, role=COUNTY, who="甲县"))
    assert "推算不了下一步" in text and "第 1 名（共 1 个单位）" in text


def test_late_and_missing_reports(visit: Visit) -> None:
    app = visit("mine", role=COUNTY, who="苇泽县")
    frame = table(app, "报送期")
    assert "未报 3 次，迟报 6 次。" in said(app) and len(frame) == 9
    assert set(frame["状态"].str[:2]) == {"未报", "迟报"}


def test_only_own_rows_set_aside(visit: Visit) -> None:
    app = visit("mine", PROJECTS / "rows_set_aside", role=COUNTY, who="乙县")
    text = said(app)
    assert "三万" in text and "丁县" not in text and "甲1" not in text and "2 行没有计入" in text


def test_how_to_object_names_the_office_as_configured(visit: Visit, tmp_path: Path) -> None:
    text = said(visit("mine", Tiny("unit cases\n甲县 8", AWARDS).write(tmp_path), role=COUNTY, who="甲县"))
    assert "向试验办（试验办）提出" in text


@pytest.mark.parametrize("role", [OFFICE, LEADER, ANALYST])
def test_who_may_see_all_looks_for_a_unit(visit: Visit, role: str) -> None:
    app = visit("mine", role=role, unit="c08")
    assert "代看：这是笙溪县打开“我的得分”时看到的内容。" in said(app)
    assert "**笙溪县**：暂列第 6 名" in said(app)


def test_another_units_address_shows_ones_own(visit: Visit) -> None:
    app = visit("mine", role=COUNTY, who="苇泽县", unit="c08")
    text = said(app)
    assert "**苇泽县**" in text and "笙溪县" not in text and "代看" not in text
    assert not [one for one in app.selectbox if one.label == "被考核单位"]


def test_who_reports_and_is_not_assessed(visit: Visit, tmp_path: Path) -> None:
    """Only 甲县 and 乙县 are of a group; 丙局 is in the register all the same."""
    register = "- {code: c1, title: 甲县, kind: county}\n- {code: d1, title: 丙局, kind: department}"
    folder = Tiny("unit cases\n甲县 8", AWARDS, register=register).write(tmp_path)
    app = visit("mine", folder, role="成员单位", who="丙局")
    assert "丙局不在 2024 年考核之列，没有得分。" in [one.value for one in app.info]
    assert "甲县" not in said(app) and not app.dataframe and not app.metric


def test_with_records_nothing_is_given_back(visit: Visit, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    app = visit("mine", folder, role="县", who="乙县", database=folder / "hamlet.duckdb")
    assert "**乙县**" in said(app) and "退回修改" not in said(app)


def test_what_was_given_back_stands_first(visit: Visit, tmp_path: Path) -> None:
    """茗川县 owes 投诉举报 of the third quarter; the office gives it back with a reason."""
    city, unit = town(tmp_path), "c07"
    book = openpyxl.load_workbook(io.BytesIO(blank(city.desk, reporter(unit), unit, [("complaints", "2024Q3")])))
    for column, value in enumerate(("示茗诉24Q3-01", "投诉", datetime(2024, 7, 3), datetime(2024, 7, 20)), 1):
        book.worksheets[1].cell(6, column, value)
    out = io.BytesIO()
    book.save(out)
    (draft,) = receiving.upload(city.desk, reporter(unit), unit, "投诉.xlsx", out.getvalue()).drafts
    handing_in.hand_in(city.desk, reporter(unit), draft.no)
    reviewing.give_back(city.desk, CLERK, draft.no, "缺少九月的各件，请补齐")
    text = said(visit("mine", role=COUNTY, who="茗川县", database=city.database))
    assert "退回修改 1 份" in text and "投诉举报（2024年第3季度）：缺少九月的各件，请补齐" in text
    assert "退回修改" not in said(visit("mine", role=COUNTY, who="苇泽县", database=city.database))
    city.records.close()


@pytest.mark.parametrize("example", sorted(one.name for one in (ROOT / "examples").iterdir() if (one / "config").is_dir()))
def test_the_examples_open(visit: Visit, example: str) -> None:
    app = visit("mine", ROOT / "examples" / example)
    assert not app.error and app.title[0].value == "我的得分"
