"""三录核对 without a browser: counts and rates, cases, entries without a case; by role; empty, without such a form."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.ui import served
from pages.ui.identity import ANALYST, LEADER
from scoring.store.problems import Held
from tests.pages.conftest import PROJECTS, ROOT, Visit, said
from tests.test_compared_entries import BOOK, CASES, CHECK, ENTERED, LOOKS, PORTAL
from tests.tiny import Tiny, item
from tests.town import copied


def tiny(folder: Path, cases: str = CASES) -> Path:
    """The town of tests/test_compared_entries.py, whose statuses are worked out by hand."""
    body = item("rules: [{kind: deductions, parts: [{measure: wrong, each: 1}]}]")
    forms, data = {"book": BOOK, "portal": PORTAL, "check": CHECK}, {"book": cases, "portal": ENTERED}
    return Tiny(indicators=body, measures=LOOKS, forms=forms, data=data, units=["甲县", "乙县", "丙县"]).write(folder)


def test_counts_and_rates_by_unit_with_their_parts(visit: Visit, tmp_path: Path) -> None:
    app = visit("entries", tiny(tmp_path))
    assert {one.label: one.value for one in app.metric} == {
        "核对案件": "7 件", "不录": "2 件", "漏录": "1 件", "错录": "1 件", "迟录": "1 件", "相符": "1 件",
    }  # fmt: skip
    first, second, third = app.dataframe[0].value.to_dict("records")
    assert (first["案件"], first["漏录"], first["不录"], first["无法核对"]) == ("5", "1/4　25.00%", "0/4", "1")
    assert (second["不录"], second["相符"]) == ("2/2　100.00%", "0/2")
    assert (third["案件"], third["相符"]) == ("0", "—"), "nothing of nothing"


def test_cases_say_what_differs_and_what_to_do(visit: Visit, tmp_path: Path) -> None:
    frame = visit("entries", tiny(tmp_path)).dataframe[1].value.set_index("文号")
    assert list(frame.index) == ["A2", "A3", "A4", "A6", "B1", "B2"], "what agrees is not listed at first"
    assert frame.loc["A2", "结果"] == "≠ 错录"
    assert frame.loc["A2", "出入和用时"] == "当事人：台账 李记，平台 李某；案值：台账 2.00，平台 20.00"
    assert frame.loc["A4", "出入和用时"] == "8 个工作日（规定 7 个工作日内）"
    assert (frame.loc["A4", "案件在"], frame.loc["A4", "录入在"]) == ("第5行", "第4行")
    assert frame.loc["A3", "怎么改"] == "请补录；“台账”登记有误的，请更正登记"
    assert frame.loc["B1", "录入在"] == "没有"


def test_filters_stand_in_the_address(visit: Visit, tmp_path: Path) -> None:
    folder = tiny(tmp_path)
    assert list(visit("entries", folder, status="相符").dataframe[1].value["文号"]) == ["A1"]
    assert list(visit("entries", folder, who_="乙县").dataframe[1].value["文号"]) == ["B1", "B2"]
    app = visit("entries", folder, who_="丙县")
    assert "按现在的筛选没有要更正的案件" in said(app)


def test_entries_without_a_case(visit: Visit, tmp_path: Path) -> None:
    folder = tiny(tmp_path)
    frame = visit("entries", folder).dataframe[2].value.set_index("文号")
    assert frame["情况"].to_dict() == {
        "A5": "台账里有这个文号，但不属于要核对的案件", "A9": "台账里没有这个文号", "B1": "台账里这个文号登记在乙县名下",
    }  # fmt: skip


def test_one_who_reports_sees_its_own_cases_only(visit: Visit, tmp_path: Path) -> None:
    app = visit("entries", tiny(tmp_path), role="县区", who="甲县")
    assert list(app.dataframe[0].value["单位"]) == ["甲县"]
    assert "B2" not in said(app) and "乙县" not in said(app), "not even whose the entry really is"
    app = visit("entries", tiny(tmp_path / "b"), role="县区", who="丙县")
    assert "还没有能核对的案件" in said(app)


def test_who_keeps_no_register_has_nothing_to_compare(visit: Visit) -> None:
    app = visit("entries", role="成员单位", who="市税务局")
    assert "没有要核对的案件" in app.info[0].value and not app.dataframe


@pytest.mark.parametrize("role", [LEADER, ANALYST])
def test_leaders_and_analysts_see_all(visit: Visit, role: str) -> None:
    assert len(visit("entries", role=role).dataframe[0].value) == 12


def test_the_demo_from_files_and_from_records_is_the_same(visit: Visit, tmp_path: Path) -> None:
    files, records = visit("entries"), visit("entries", database=copied(tmp_path))
    for number in (0, 1, 2):
        assert files.dataframe[number].value.equals(records.dataframe[number].value)
    frame = files.dataframe[0].value.set_index("单位")
    assert frame.loc["麓溪县", "不录"] == "17/17　100.00%"
    assert frame.loc["茗川县", "尚缺"] == "案件台账 2024年第3季度"
    assert "补齐以后可能变动" in files.warning[-1].value


def test_without_cases(visit: Visit, tmp_path: Path) -> None:
    folder = tiny(tmp_path, "单位 no kind party amount filed decided\n甲县 A0 行政 张记 1.00 2021-03-01 2021-03-04")
    app = visit("entries", folder)
    assert app.metric[0].value == "0 件"
    assert "还没有能核对的案件" in said(app)


def test_a_project_that_compares_nothing_says_so(visit: Visit) -> None:
    app = visit("entries", ROOT / "examples" / "nanjiang_2023")
    assert "没有三录核对" in app.info[0].value and not app.dataframe


def test_without_data(visit: Visit) -> None:
    assert "还没有报送数据" in visit("entries", PROJECTS / "no_data").info[0].value


def test_while_another_program_holds_the_records_it_can_be_read_and_not_taken_away(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export could not be put on the log then."""
    database = copied(tmp_path)
    buttons = visit("entries", database=database).main.get("download_button")
    assert [button.proto.disabled for button in buttons] == [False, False], "Excel and CSV"

    def held(path: str) -> None:
        raise Held("报送库正由“导入”使用，别的程序不能同时写", "请先关闭它")

    monkeypatch.setattr(served, "_records", held)
    app = visit("entries", database=database)
    assert len(app.dataframe[0].value) == 12 and not app.error
    for button in app.main.get("download_button"):
        assert button.proto.disabled and "记不进操作日志" in button.proto.help
