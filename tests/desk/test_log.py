"""操作日志: filters, pages, exports and backups. Expected values are counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from scoring.access import Actor
from scoring.desk import Refused
from scoring.desk.desk import log
from scoring.desk.exports import csv_file, file_name, harmless
from scoring.desk.log import Wanted, backups, choices, count, days, lines, make_backup, note_export
from scoring.store.records import Records
from tests.town import CHECKER, CLERK, Town, reporter, town


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Six lines: three of the clerk, two of the checker, one of a county. To be read only."""
    folder = tmp_path_factory.mktemp("log")
    found = town(folder, folder / "empty.duckdb")
    yield _used(found)
    found.records.close()


@pytest.fixture
def own(empty_city: Town) -> Town:
    """The same, to be written to."""
    return _used(empty_city)


def _used(city: Town) -> Town:
    told = [
        (CLERK, 1, "退回", "甲县 案件台账", "BS1：行数不对"),
        (CLERK, 2, "复核通过", "乙县 案件台账", "BS2"),
        (CHECKER, 3, "确认", "事件 LR1", "属实"),
        (reporter("c01"), 4, "提交", "澜浦区 行刑统计", "BS3"),
        (CHECKER, 4, "锁定考核期", "2024 年", "第 1 版，50% 的单位 已齐"),
        (CLERK, 5, "退回", "丙县 周报", "BS4：o'neil; DROP TABLE audit"),
    ]
    with city.records.write() as writer:
        for actor, day, act, subject, detail in told:
            log(writer, writer.event(), actor, datetime(2025, 1, day, 23, 59, 30), act, subject, detail)
    return city


def found(town: Town, **wanted: object) -> list[str]:
    return [row["subject"] for row in lines(town.desk, CLERK, Wanted(**wanted))]  # type: ignore[arg-type]


def test_the_newest_comes_first(busy: Town) -> None:
    assert found(busy)[:2] == ["丙县 周报", "2024 年"]
    assert len(found(busy)) == 6


def test_by_person_act_days_and_text(busy: Town) -> None:
    assert found(busy, actor=CHECKER.name) == ["2024 年", "事件 LR1"]
    assert found(busy, act="退回") == ["丙县 周报", "甲县 案件台账"]
    assert found(busy, since=date(2025, 1, 2), until=date(2025, 1, 3)) == ["事件 LR1", "乙县 案件台账"], (
        "the last day whole"
    )
    assert found(busy, text="bs3") == ["澜浦区 行刑统计"]
    assert found(busy, text="案件", actor=CLERK.name, act="退回") == ["甲县 案件台账"]


@pytest.mark.parametrize(
    ("text", "hits"), [("%", 1), ("_", 0), ("'", 1), ("' OR 1=1 --", 0), ("; DROP TABLE audit", 1), ("  ", 6)]
)
def test_what_is_typed_is_looked_for_and_nothing_else(busy: Town, text: str, hits: int) -> None:
    assert count(busy.desk, CLERK, Wanted(text=text)) == hits
    assert count(busy.desk, CLERK, Wanted()) == 6


def test_page_by_page(busy: Town) -> None:
    pages = [[row["subject"] for row in lines(busy.desk, CLERK, Wanted(), 4, offset)] for offset in (0, 4, 8)]
    assert [len(page) for page in pages] == [4, 2, 0]
    assert pages[0] + pages[1] == found(busy)


def test_the_days_there_are(busy: Town) -> None:
    assert days(busy.desk, CLERK) == (date(2025, 1, 1), date(2025, 1, 5))


def test_an_empty_log_has_no_days(empty_city: Town) -> None:
    assert days(empty_city.desk, CLERK) is None


def test_people_and_acts_the_most_frequent_first(busy: Town) -> None:
    people, acts = choices(busy.desk, CLERK)
    assert people == [CLERK.name, CHECKER.name, "澜浦区"]
    assert acts[0] == "退回" and len(acts) == 5


@pytest.mark.parametrize(
    "actor", [Actor("领导", "leader"), Actor("分析人员", "analyst"), Actor("澜浦区", "reporter", "c01")]
)
def test_only_the_office_reads_it(busy: Town, actor: Actor) -> None:
    for act in (lambda: lines(busy.desk, actor, Wanted()), lambda: make_backup(busy.desk, actor)):
        with pytest.raises(Refused):
            act()


def test_an_export_is_on_the_log(own: Town) -> None:
    note_export(own.desk, CLERK, "催报清单", date(2025, 1, 8))
    (row,) = lines(own.desk, CLERK, Wanted(), 1)
    assert (row["act"], row["subject"], row["detail"], row["actor"]) == (
        "导出",
        "催报清单",
        "数据截至 2025-01-08",
        CLERK.name,
    )


def test_a_backup_can_be_opened_and_is_on_the_log(own: Town) -> None:
    made = make_backup(own.desk, CLERK)
    assert made.path.parent.name == "empty.backups" and made.size == made.path.stat().st_size > 0
    assert [one.path for one in backups(own.desk)] == [made.path]
    (row,) = lines(own.desk, CLERK, Wanted(), 1)
    assert (row["act"], row["subject"]) == ("备份", made.path.name)
    copy = Records.open(made.path, "测试", own.clock)
    assert copy.fetch("SELECT count(*) AS n FROM audit")[0]["n"] == 6, "made before its own line"
    copy.close()


def test_an_export_says_what_it_is_and_holds_no_formula() -> None:
    data = csv_file("催报清单", date(2025, 1, 9), ["单位", "说明"], [["甲县", "=1+1"], ["乙,县", None]], True)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines() == [
        "催报清单,示例：单位和数据均为虚构", "数据截至 2025-01-09", "单位,说明", "甲县,'=1+1", '"乙,县",',
    ]  # fmt: skip
    assert [harmless(text) for text in ("+1", "-1", "@a", "\t=1", "12", "—")] == [
        "'+1",
        "'-1",
        "'@a",
        "'\t=1",
        "12",
        "—",
    ]
    assert file_name("催报清单", date(2025, 1, 9)) == "催报清单_截至20250109.csv"
