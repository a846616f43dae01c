"""催报 without a browser: counts, list, letters; filters in the address; by role; empty, without records, held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.ui import served
from pages.ui.identity import ANALYST, LEADER
from scoring.desk.reviewing import give_back
from scoring.store.problems import Held
from tests.pages.conftest import PROJECTS, Visit, said
from tests.tiny import Tiny, item
from tests.town import CLERK, Town, copied, town


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("reminders"))


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One report of 麓溪县 given back on 9 January 2025."""
    found = town(tmp_path_factory.mktemp("returned"))
    rows = found.records.fetch("SELECT no FROM standing WHERE form = 'chain' AND unit = 'c03' AND period = '2024Q2'")
    give_back(found.desk, CLERK, rows[0]["no"], "第 3 行批捕数大于抓获数")
    yield found
    found.records.close()


def test_what_lacks_is_listed_with_days_and_contact(visit: Visit, database: Path) -> None:
    """The demonstration stands on 20 January 2025. From 10 October: 21 + 30 + 31 + 20 = 102 days."""
    frame = visit("reminders", database=database).dataframe[0].value
    own = frame[(frame["单位"] == "茗川县") & (frame["应报日"] == "2024-10-10")]
    assert sorted(own["报表"]) == ["投诉举报", "案件台账", "行刑统计"]
    assert {text.strip("\u2007") for text in own["逾期天数"]} == {"102"}
    assert set(own["联络员"]) == {"联络员（示例）"} and set(own["电话"]) == {"示例 0007"}
    assert list(frame["应报日"]) == sorted(frame["应报日"]), "the longest overdue first"


def test_counties_and_departments_are_never_in_one_list(visit: Visit, database: Path) -> None:
    counties = set(visit("reminders", database=database).dataframe[0].value["单位"])
    departments = set(visit("reminders", database=database, group="成员单位").dataframe[0].value["单位"])
    assert counties and departments and not counties & departments
    (told,) = [one for one in visit("reminders", database=database).metric if one.label == "涉及单位"]
    assert told.value == f"{len(counties | departments)} 个"


def test_filters_stand_in_the_address(visit: Visit, database: Path) -> None:
    def shown(**address: str) -> set[tuple[str, str]]:
        frame = visit("reminders", database=database, **address).dataframe[0].value
        return set(zip(frame["单位"], frame["报表"], strict=True))

    assert shown(form="案件台账") == {("茗川县", "案件台账")}
    assert {unit for unit, _ in shown(who_="苇泽县")} == {"苇泽县"}
    assert {form for _, form in shown(kind="周报")} == {"专项行动周报"}
    assert {form for _, form in shown(kind="季报", who_="茗川县")} == {"案件台账", "行刑统计", "投诉举报"}


def test_a_filter_that_leaves_nothing_says_so(visit: Visit, database: Path) -> None:
    app = visit("reminders", database=database, form="案件台账", who_="苇泽县")
    assert "按现在的筛选没有要催的报表" in said(app) and not app.dataframe


def test_unit_by_unit_in_the_order_of_the_register(visit: Visit, database: Path) -> None:
    units = list(visit("reminders", database=database, by_unit="true").dataframe[0].value["单位"])
    assert list(dict.fromkeys(units)) == ["苇泽县", "檀阳县", "茗川县", "云岫县"], "c04, c05, c07, c10"


def test_the_letter_can_be_copied(visit: Visit, database: Path) -> None:
    (letter,) = visit("reminders", database=database, who_="茗川县", form="案件台账").code
    assert letter.value.splitlines() == [
        "茗川县：",
        "　　截至2025年1月20日，市双打办尚未收到贵单位下列 1 份报表：",
        "　　1. 《案件台账》（2024年第3季度），应于2024年10月10日前报送，已逾期 102 天。",
        "　　请于2025年1月23日前补报。确无发生的，请作零报告。已经报送的，请与市双打办核对。",
        "",
        "青岚市打击侵权假冒工作领导小组办公室（示例）",
        "2025年1月20日",
    ], "three working days from Monday"  # fmt: skip
    assert "请于2025年2月7日前补报" in visit("reminders", database=database, who_="茗川县", by="2025-02-07").code[0].value


def test_what_was_given_back_is_asked_for_again(visit: Visit, returned: Town) -> None:
    app = visit("reminders", database=returned.database, who_="麓溪县")
    (row,) = app.dataframe[0].value.to_dict("records")
    assert (row["状态"], row["逾期天数"], row["说明"]) == ("↩ 退回修改", "—", "2025-01-09 退回：第 3 行批捕数大于抓获数")
    assert "改正重报" in app.code[0].value


@pytest.mark.parametrize("role", [LEADER, ANALYST, "县区"])
def test_only_the_office_reminds(visit: Visit, database: Path, role: str) -> None:
    app = visit("reminders", role=role, database=database)
    assert "不对现在的身份开放" in said(app)
    assert not app.dataframe and not app.metric


def test_when_everything_lacks_everything_is_listed(visit: Visit, tmp_path: Path) -> None:
    empty = town(tmp_path, tmp_path / "empty.duckdb")
    empty.records.close()
    app = visit("reminders", database=empty.database)
    assert app.metric[0].value == "29 个", "all units of the register"
    assert len(app.dataframe[0].value) > 400


def test_when_nothing_lacks_that_is_said(visit: Visit, tmp_path: Path) -> None:
    folder = Tiny("unit cases\n甲县 1", item("rules: [{kind: judged, measure: cases, limit: 5}]")).write(tmp_path / "p")
    app = visit("reminders", folder, database=tmp_path / "r.duckdb")
    assert "没有要催的报表" in app.success[0].value


def test_without_records(visit: Visit) -> None:
    assert "没有报送库" in said(visit("reminders"))


@pytest.mark.parametrize("page", ["reminders", "quality", "log"])
def test_while_another_program_holds_the_records(
    visit: Visit, database: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(path: str) -> None:
        raise Held("报送库正由“导入”（进程 812）使用，别的程序不能同时写", "请在那里操作，或先关闭它")

    monkeypatch.setattr(served, "_records", held)
    app = visit(page, database=database)
    assert "“导入”（进程 812）使用" in app.error[0].value
    assert not app.dataframe


@pytest.mark.parametrize("page", ["reminders", "quality", "log"])
def test_while_the_rubric_has_errors_reports_are_followed_all_the_same(visit: Visit, tmp_path: Path, page: str) -> None:
    app = visit(page, PROJECTS / "broken_rubric", database=tmp_path / "r.duckdb")
    assert "处错误" in app.error[0].value and len(app.error) == 1
