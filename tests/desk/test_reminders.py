"""催报: who is asked for what, whom to call, and the words. Expected values are read off the demo's README and hand-made."""

from __future__ import annotations

from datetime import date

import pytest

from scoring.desk.desk import decide
from scoring.desk.keeping import keep_submission
from scoring.desk.reminders import answer_by, contacts, kind_of, letter, reminders
from scoring.desk.reviewing import give_back
from scoring.intake.reported import ReportedSheet
from tests.town import CLERK, Town, reporter


def test_what_is_overdue_is_asked_for_with_its_days(city: Town) -> None:
    found = reminders(city.desk, "2024")
    own = [one for one in found if one.unit.code == "c07" and one.report.form.code == "case_ledger"]
    # due on the 10th after the quarter; 10 October 2024 is a Thursday and no holiday. To 9 January 2025: 21 + 30 + 31 + 9
    assert [(one.report.due.label, one.report.due.due_on, one.report.days_late) for one in own] == [
        ("2024Q3", date(2024, 10, 10), 91)
    ]
    assert own[0].kind == "季报"
    days = [one.report.days_late or 0 for one in found]
    assert days == sorted(days, reverse=True)


def test_what_is_given_back_is_asked_for_with_its_reason(city: Town) -> None:
    (no,) = [
        row["no"]
        for row in city.records.fetch(
            "SELECT no FROM standing WHERE form = 'chain' AND unit = 'c03' AND period = '2024Q2'"
        )
    ]
    give_back(city.desk, CLERK, no, "第 3 行批捕数大于抓获数，请核对。")
    (one,) = [one for one in reminders(city.desk, "2024") if one.returned]
    assert (one.unit.code, one.report.form.code, one.report.days_late) == ("c03", "chain", None), "it came in time"
    assert one.note == "2025-01-09 退回：第 3 行批捕数大于抓获数，请核对。"
    told = letter(city.desk, [one], date(2025, 1, 14), date(2025, 1, 9))
    assert told.splitlines() == [
        "麓溪县：",
        "　　贵单位下列 1 份报表已退回，尚未重报：",
        "　　1. 《行刑统计》（2024年第2季度），退回原因：第 3 行批捕数大于抓获数，请核对。",
        "　　请于2025年1月14日前改正重报。已经报送的，请与市双打办核对。",
        "",
        "青岚市打击侵权假冒工作领导小组办公室（示例）",
        "2025年1月9日",
    ]


def test_the_letter_names_every_report_the_oldest_first(city: Town) -> None:
    own = [one for one in reminders(city.desk, "2024") if one.unit.code == "c04"]
    told = letter(city.desk, own, date(2025, 1, 14), date(2025, 1, 9)).splitlines()
    # from 17 January 2024 to 9 January 2025: 366 days of a leap year less 8; from 10 May: 21 + 30 + 31 + 31 + 30 + 31 + 30 + 31 + 9
    assert told[:4] == [
        "苇泽县：",
        "　　截至2025年1月9日，市双打办尚未收到贵单位下列 2 份报表：",
        "　　1. 《阶段小结》（2024年1月17日），应于2024年1月17日前报送，已逾期 358 天；",
        "　　2. 《专项行动周报》（2024年第19周），应于2024年5月10日前报送，已逾期 244 天。",
    ]
    assert "请于2025年1月14日前补报。" in told[4]


def test_nobody_is_asked_while_nothing_is_due(empty_city: Town) -> None:
    empty_city.clock.now = empty_city.clock.now.replace(year=2023, month=1, day=2)
    assert reminders(empty_city.desk, "2024") == []


def test_the_contact_is_who_signed_last_else_the_one_of_the_register(city: Town) -> None:
    told = contacts(city.desk)["c04"]
    assert (told.name, told.phone, told.source) == ("联络员（示例）", "示例 0004", "单位登记")
    for no, name, phone in (("T-1", "甲某", "示例 8001"), ("T-2", "乙某", "示例 8002"), ("T-3", "", "")):
        sheet = ReportedSheet(city.desk.forms["chain"], "2024Q4", "c04", filled_by=name, phone=phone)
        with city.records.write() as writer:
            actor, now = reporter("c04"), city.clock()
            keep_submission(
                writer, no, sheet, source="工作簿", file_name="a.xlsx", sha256="", whole=True, actor=actor, now=now
            )
            decide(writer, no, "草稿", actor, now)
    told = contacts(city.desk)["c04"]
    assert (told.words, told.source) == ("乙某 示例 8002", "最近一次填报人")


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("2024-W03", "week"),
        ("2024-03", "month"),
        ("2024Q1", "quarter"),
        ("2024H2", "half_year"),
        ("2024", "year"),
        ("2024-06-28", "day"),
    ],
)
def test_the_kind_of_a_due_period(label: str, kind: str) -> None:
    assert kind_of(label) == kind


def test_three_working_days_to_answer(city: Town) -> None:
    # Thursday 9 January 2025: Friday 10, Monday 13, Tuesday 14. Before the Spring Festival of 2025 (28 January to
    # 4 February, with work on Sunday 26 January): from Friday 24 January they are the 26th, the 27th and 5 February.
    assert answer_by(city.desk, date(2025, 1, 9)) == date(2025, 1, 14)
    assert answer_by(city.desk, date(2025, 1, 24)) == date(2025, 2, 5)


def test_a_draft_on_top_of_what_was_given_back_hides_no_reason(city: Town) -> None:
    (row,) = city.records.fetch("SELECT no FROM standing WHERE form = 'chain' AND unit = 'c03' AND period = '2024Q2'")
    give_back(city.desk, CLERK, row["no"], "第 3 行批捕数大于抓获数")
    sheet = ReportedSheet(city.desk.forms["chain"], "2024Q2", "c03")
    with city.records.write() as writer:
        actor, now = reporter("c03"), city.clock()
        keep_submission(
            writer, "T-1", sheet, source="工作簿", file_name="a.xlsx", sha256="", whole=True, actor=actor, now=now
        )
        decide(writer, "T-1", "草稿", actor, now)
    (one,) = [one for one in reminders(city.desk, "2024") if one.returned]
    assert one.note == "2025-01-09 退回：第 3 行批捕数大于抓获数；2025-01-09 上传了草稿，没有提交"
    assert "退回原因：第 3 行批捕数大于抓获数。" in letter(city.desk, [one], date(2025, 1, 14), date(2025, 1, 9))
