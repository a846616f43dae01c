"""操作日志 without a browser: lines, filters, pages, export and backup; by role; empty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pages.ui.identity import ANALYST, LEADER
from scoring.desk.desk import log
from tests.pages.conftest import Visit, said
from tests.town import CHECKER, CLERK, Town, town


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """250 lines from 2 January 2025 on, one an hour; every fifth of the checker."""
    folder = tmp_path_factory.mktemp("log")
    found = town(folder, folder / "busy.duckdb")
    start = datetime(2025, 1, 2)
    with found.records.write() as writer:
        for number in range(250):
            actor, act = (CHECKER, "复核通过") if number % 5 == 0 else (CLERK, "登记")
            log(writer, writer.event(), actor, start + timedelta(hours=number), act, f"第{number}件", "依据 <b>文件</b>")
    yield found
    found.records.close()


def test_the_newest_first_a_hundred_to_a_page(visit: Visit, busy: Town) -> None:
    app = visit("log", database=busy.database)
    frame = app.dataframe[0].value
    assert len(frame) == 100 and frame["对象"][0] == "第249件" and frame["对象"][99] == "第150件"
    assert "共 250 条" in said(app)
    assert frame["时间"][0] == "2025-01-12 09:00:00", "249 hours are 10 days and 9 hours"


@pytest.mark.parametrize(("page", "first", "rows"), [("2", "第149件", 100), ("3", "第49件", 50), ("9", "第249件", 100)])
def test_pages_stand_in_the_address(visit: Visit, busy: Town, page: str, first: str, rows: int) -> None:
    frame = visit("log", database=busy.database, page_=page).dataframe[0].value
    assert (frame["对象"][0], len(frame)) == (first, rows)


def test_filters_stand_in_the_address(visit: Visit, busy: Town) -> None:
    assert "共 50 条" in said(visit("log", database=busy.database, whose=CHECKER.name))
    assert "共 200 条" in said(visit("log", database=busy.database, act="登记"))
    assert "共 24 条" in said(visit("log", database=busy.database, since="2025-01-03", until="2025-01-03"))
    assert "共 1 条" in said(visit("log", database=busy.database, text="第7件"))
    app = visit("log", database=busy.database, text="没有这样的字")
    assert "按现在的筛选没有记录" in said(app) and not app.dataframe


def test_days_the_wrong_way_round(visit: Visit, busy: Town) -> None:
    app = visit("log", database=busy.database, since="2025-01-05", until="2025-01-04")
    assert "“从”晚于“到”" in app.warning[0].value and not app.dataframe


@pytest.mark.parametrize("role", [LEADER, ANALYST, "县区"])
def test_only_the_office_reads_it(visit: Visit, busy: Town, role: str) -> None:
    app = visit("log", role=role, database=busy.database)
    assert "不对现在的身份开放" in said(app)
    assert not app.dataframe and not app.button


def test_a_backup_is_made_and_stands_on_the_log(visit: Visit, tmp_path: Path) -> None:
    empty = town(tmp_path, tmp_path / "empty.duckdb")
    empty.records.close()
    app = visit("log", database=empty.database)
    assert "还没有记录" in said(app) and "还没有备份" in said(app)
    (button,) = [one for one in app.button if one.label == "现在备份"]
    button.click().run()
    (made,) = (tmp_path / "empty.backups").glob("*.duckdb")
    assert made.name in app.success[0].value.replace("\\", "")
    app.run()
    assert app.dataframe[0].value["事项"][0] == "备份"
    assert made.name in said(app)


def test_without_records(visit: Visit) -> None:
    assert "没有报送库" in said(visit("log"))
