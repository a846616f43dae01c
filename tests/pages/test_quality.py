"""数据质量 without a browser: the matrix, who reported what, rows aside and explanations; by role; empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.ui.identity import ANALYST, LEADER
from tests.desk.test_quality import faulty
from tests.pages.conftest import Visit, said
from tests.tiny import Tiny, item
from tests.town import Town, copied, town


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("quality"))


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two units with a draft each: a row with a fault, and a doubt that was explained."""
    found = town(tmp_path_factory.mktemp("doubtful"))
    faulty(found, "T-1", "c01", "2024Q4", "校验不通过")
    faulty(found, "T-2", "c02", "2024Q4", "校验不通过")
    yield found
    found.records.close()


def test_the_matrix_has_a_sign_and_figures_in_every_cell(visit: Visit, database: Path) -> None:
    app = visit("quality", database=database)
    frame = app.dataframe[0].value.set_index("单位")
    assert len(frame) == 12
    assert frame.loc["茗川县", "案件台账"] == "✕ 3/4"
    assert frame.loc["鹭泽示范区", "案件台账"] == "△ 4/4 迟1"
    assert frame.loc["霁川县", "案件台账"] == "✓ 4/4"
    received, due = app.metric[0].value.split(" / ")
    totals = [text.split(" ")[1].split("/") for text in frame["合计"]]
    assert (int(received), int(due)) == tuple(sum(int(one[place]) for one in totals) for place in (0, 1))


def test_departments_stand_apart_and_owe_other_forms(visit: Visit, database: Path) -> None:
    frame = visit("quality", database=database, group="成员单位").dataframe[0].value.set_index("单位")
    assert len(frame) == 17 and "茗川县" not in frame.index
    assert frame.loc["市税务局", "案件台账"] == "—", "it owes none"


def test_which_periods_lack_is_found_by_the_address(visit: Visit, database: Path) -> None:
    frame = visit("quality", database=database, who_="茗川县", form="案件台账").dataframe[1].value
    assert frame["报送期"][0] == "2024年第3季度"
    assert list(frame["情况"]) == ["✕ 未报 102 天", "✓ 按时", "✓ 按时", "✓ 按时"], "10 October to 20 January: 21 + 30 + 31 + 20"
    only = visit("quality", database=database, who_="茗川县", form="案件台账", status="未报").dataframe[1].value
    assert len(only) == 1 and only["收到"][0] == "未收到"


def test_filters_that_leave_nothing(visit: Visit, database: Path) -> None:
    app = visit("quality", database=database, who_="霁川县", form="案件台账", status="未报")
    assert "按现在的筛选没有报表" in said(app)


def test_rows_aside_and_explanations_say_where_and_why(visit: Visit, doubtful: Town) -> None:
    text = said(visit("quality", database=doubtful.database))
    for told in ("2 处强制性错误", "表.xlsx›行刑统计", "C7", "须为整数，现为“三”", "专项行动期间集中立案", "校验不通过"):
        assert told in text.replace("\u00a0", " "), told


def test_masked_rows_are_told_by_unit_and_column(visit: Visit, database: Path) -> None:
    app = visit("quality", database=database)
    (frame,) = [one.value for one in app.dataframe if "脱敏的列" in one.value]
    assert frame.values.tolist() == [["鹭泽示范区", "案件台账", "8", "1", "案值"]]
    assert "没有搁置的行、填报说明。" in said(app)


def test_one_who_reports_sees_its_own_unit_only(visit: Visit, doubtful: Town) -> None:
    app = visit("quality", role="县区", who="霁川县", database=doubtful.database)
    text = said(app)
    assert list(app.dataframe[0].value["单位"]) == ["霁川县"]
    assert set(app.dataframe[1].value["单位"]) == {"霁川县"}
    assert "1 处强制性错误" in text and "澜浦区" not in text and "鹭泽" not in text


@pytest.mark.parametrize("role", [LEADER, ANALYST])
def test_leaders_and_analysts_see_all(visit: Visit, database: Path, role: str) -> None:
    assert len(visit("quality", role=role, database=database).dataframe[0].value) == 12


def test_nothing_received_yet(visit: Visit, tmp_path: Path) -> None:
    empty = town(tmp_path, tmp_path / "empty.duckdb")
    empty.records.close()
    app = visit("quality", database=empty.database)
    assert app.metric[0].value.startswith("0 / ")
    frame = app.dataframe[0].value
    assert set(frame["最近变动"]) == {"没有报送"} and set(frame["案件台账"]) == {"✕ 0/4"}
    assert "没有搁置的行、脱敏的行、填报说明。" in said(app)


def test_a_project_in_which_nobody_reports(visit: Visit, tmp_path: Path) -> None:
    """The only form has no schedule: it is owed once, without a day, and nothing is late."""
    folder = Tiny("unit cases\n甲县 1", item("rules: [{kind: judged, measure: cases, limit: 5}]")).write(tmp_path / "p")
    app = visit("quality", folder, database=tmp_path / "r.duckdb")
    assert "… 没有期限" in list(app.dataframe[1].value["情况"])
    assert app.metric[0].value == "0 / 0"


def test_without_records(visit: Visit) -> None:
    assert "没有报送库" in said(visit("quality"))
