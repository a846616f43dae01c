"""数据质量: the completeness of the demo counted over its own register, rows aside, masked cells, explanations."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import pytest

from scoring.calendar import DuePeriod
from scoring.desk.desk import decide
from scoring.desk.keeping import keep_submission
from scoring.desk.quality import Cell, Status, explained, last_changes, masked, matrix, set_aside, status_of, whole
from scoring.desk.reports import Report, reports
from scoring.desk.reviewing import give_back
from scoring.intake.reported import Finding, ReportedSheet
from tests.demo import raw
from tests.town import CLERK, Town, reporter


def test_received_and_late_as_counted_over_the_register(city: Town) -> None:
    """submissions.csv holds what came and when; a report of a quarter is due on the 10th of the next month, moved on from
    a day off: 10 April, 10 July and 10 October 2024 and 10 January 2025 are working days."""
    city.clock.now = datetime(2025, 2, 1)
    found = matrix(reports(city.desk, "2024"))
    days = {"2024Q1": "2024-04-10", "2024Q2": "2024-07-10", "2024Q3": "2024-10-10", "2024Q4": "2025-01-10"}
    came: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for row in raw("submissions"):
        if row["报表"] == "案件台账" and row["结果"] == "已收" and row["报送期"] in days:
            came[row["单位"]] += 1
            late[row["单位"]] += row["收到时间"][:10] > days[row["报送期"]]
    own = {city.desk.register.title(unit): cell for (unit, form), cell in found.items() if form == "case_ledger"}
    assert {unit: (cell.due, cell.received, cell.late) for unit, cell in own.items()} == {
        unit: (4, came[unit], late[unit]) for unit in own
    }
    assert len(own) == 20 and own["茗川县"].missing == 1 and own["鹭泽示范区"].late == 1
    assert ("d15", "case_ledger") not in found, "no organ that punishes: it owes none"


def test_what_is_not_due_yet_is_neither_there_nor_missing(empty_city: Town) -> None:
    empty_city.clock.now = datetime(2024, 7, 11, 9, 0)
    cell = matrix(reports(empty_city.desk, "2024"))["c01", "case_ledger"]
    assert cell == Cell(due=2, received=0, late=0, returned=0, not_yet=2, missing=2), "of the first and the second quarter"
    assert (cell.missing, cell.status) == (2, "missing")


def test_what_came_and_was_given_back_stands_apart(city: Town) -> None:
    rows = city.records.fetch("SELECT no FROM standing WHERE form = 'chain' AND unit = 'c03' AND period = '2024Q2'")
    give_back(city.desk, CLERK, rows[0]["no"], "数字对不上，请核对")
    own = [one for one in reports(city.desk, "2024", "c03") if one.form.code == "chain"]
    assert Counter(map(status_of, own)) == {"on_time": 3, "returned": 1}
    cell = matrix(own)["c03", "chain"]
    assert (cell.due, cell.received, cell.returned, cell.status) == (4, 4, 1, "returned")


def due(label: str = "2024Q1") -> DuePeriod:
    day = date(2024, 4, 10)
    return DuePeriod(label, date(2024, 1, 1), date(2024, 3, 31), day, day, datetime(2024, 4, 10, 23, 59, 59))


@pytest.mark.parametrize(
    ("state", "received", "late", "status"),
    [
        ("未填", None, None, "not_yet"),
        ("未填", None, 3, "missing"),
        ("草稿", None, 3, "missing"),
        ("待复核", datetime(2024, 4, 9), None, "on_time"),
        ("通过", datetime(2024, 4, 13), 3, "late"),
        ("退回修改", datetime(2024, 4, 9), None, "returned"),
        ("退回修改", None, 3, "missing"),  # for a fault of class A: as if it had never come
    ],
)
def test_how_one_report_stands(city: Town, state: str, received: datetime | None, late: int | None, status: Status) -> None:
    unit, form = city.desk.register.by_code["c01"], city.desk.forms["chain"]
    assert status_of(Report(unit, form, due(), state, "2024", None, received, late)) == status


def test_cells_add_up() -> None:
    total = whole([Cell(4, 3, 1, 0, 0, 1), Cell(2, 2, 0, 1, 2, 0)])
    assert total == Cell(6, 5, 1, 1, 2, 1)


def faulty(city: Town, no: str, unit: str, period: str, state: str) -> None:
    """A sheet of two rows: the second with a fault, a doubt that is explained on the first."""
    form = city.desk.forms["chain"]
    sheet = ReportedSheet(form, period, unit, "行刑统计", head_line=5, letters={"arrested": "C"})
    sheet.lines, sheet.units, sheet.aside = [6, 7], [unit, unit], [False, True]
    for column in form.columns:
        sheet.typed[column.code], sheet.values[column.code] = ["1", "1"], [None, None]
        sheet.states[column.code] = ["blank", "blank"]
    code = form.columns[1].code
    sheet.letters = {code: "C"}
    sheet.findings = [
        Finding("类型", "A", "须为整数，现为“三”", "请填写整数", 7, code, "C", "三"),
        Finding("V08", "B", "比上期多了一倍", "请写明原因", 6, code, "C", "1"),
    ]
    actor, now = reporter(unit), city.clock()
    with city.records.write() as writer:
        keep_submission(writer, no, sheet, source="工作簿", file_name="表.xlsx", sha256="", whole=True, actor=actor, now=now)
        decide(writer, no, state, actor, now)
        writer.append(
            "explanation",
            {
                "event": writer.event(), "submission": no, "check_id": "V08", "line": 6, "column_code": code,
                "text": "专项行动期间集中立案", "done_at": now, "actor": actor.name, "role": actor.role,
            },
        )  # fmt: skip


def test_rows_aside_say_where_and_why_by_unit_and_year(city: Town) -> None:
    assert set_aside(city.desk, "2024") == []
    faulty(city, "T-1", "c01", "2024Q4", "校验不通过")
    faulty(city, "T-2", "c02", "2023Q4", "校验不通过")
    faulty(city, "T-3", "c03", "2024Q4", "作废")
    (one,) = set_aside(city.desk, "2024")
    assert (one.unit, one.form, one.period, one.no, one.state) == ("c01", "chain", "2024Q4", "T-1", "校验不通过")
    assert (one.file, one.line, one.cell, one.typed, one.problem) == ("表.xlsx›行刑统计", 7, "C7", "三", "须为整数，现为“三”")
    assert one.column == city.desk.forms["chain"].columns[1].title
    assert [row.unit for row in set_aside(city.desk, "2023")] == ["c02"]
    assert set_aside(city.desk, "2024", "c02") == [], "own rows only"


def test_explanations_with_what_they_answer(city: Town) -> None:
    faulty(city, "T-1", "c01", "2024Q4", "草稿")
    (one,) = explained(city.desk, "2024")
    assert (one["unit"], one["level"], one["problem"], one["text"], one["line"]) == (
        "c01", "B", "比上期多了一倍", "专项行动期间集中立案", 6,
    )  # fmt: skip
    assert explained(city.desk, "2024", "c02") == explained(city.desk, "2023") == []


def test_masked_rows_by_unit_and_form(city: Town) -> None:
    """data/sample/README.md: one case of z02 of 2024 has `**` for its 案值."""
    (one,) = masked(city.desk, "2024")
    filed = [row for row in raw("case_ledger") if row["单位"] == "鹭泽示范区" and row["立案日期"].startswith("2024")]
    assert (one["unit"], one["form"], one["rows"], one["masked_rows"], one["masked_cells"], one["columns"]) == (
        "z02", "case_ledger", len(filed), 1, 1, ["amount"],
    )  # fmt: skip
    assert masked(city.desk, "2023") == masked(city.desk, "2024", "c01") == []
    assert len(masked(city.desk, "2024", "z02")) == 1


def test_the_last_change_of_a_unit(city: Town) -> None:
    before = last_changes(city.desk, "2024")["c01"]
    assert before["state"] == "通过"
    faulty(city, "T-1", "c01", "2024Q4", "草稿")
    after = last_changes(city.desk, "2024")["c01"]
    assert (after["state"], after["actor"], after["form"], after["period"]) == ("草稿", "澜浦区", "chain", "2024Q4")
    assert last_changes(city.desk, "2023")["c01"]["state"] == "通过"


def test_given_back_before_it_is_due_is_not_missing(city: Town) -> None:
    """On 9 January 2025 the report of the fourth quarter, due on the 10th, is given back for a fault of class A."""
    rows = city.records.fetch("SELECT no FROM standing WHERE form = 'chain' AND unit = 'c03' AND period = '2024Q4'")
    give_back(city.desk, CLERK, rows[0]["no"], "表头缺列，请重报", never_received=True)
    own = [one for one in reports(city.desk, "2024", "c03") if one.form.code == "chain"]
    assert matrix(own)["c03", "chain"] == Cell(due=4, received=3, late=0, returned=1, not_yet=0, missing=0)


def test_a_row_of_nobody_known_is_shown_to_who_sees_all(city: Town) -> None:
    faulty(city, "T-1", "", "2024Q4", "校验不通过")
    assert [one.unit for one in set_aside(city.desk, "2024")] == [""]
    assert set_aside(city.desk, "2024", "c01") == []
