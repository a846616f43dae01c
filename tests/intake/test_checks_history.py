"""Checks against what was accepted before: the same unit in earlier periods, the same key anywhere. Sums by hand."""

from __future__ import annotations

from datetime import date

import pytest

from scoring.intake.checks import apply
from tests.intake.checking import ledger, numbers, reported, row_form

# --- V06 累计 ----------------------------------------------------------------------------------------------------

CUMULATIVE = numbers("so_far", "now")


def test_a_cumulative_figure_never_falls_within_the_year() -> None:
    checked = row_form(CUMULATIVE, "- {kind: cumulative, column: so_far}")
    checked.before = {"2024Q2": "until so_far\n2024-06-30 30", "2023Q4": "until so_far\n2023-12-31 90"}
    assert checked.told("until so_far\n2024-09-30 30") == []
    found = checked.found("until so_far\n2024-09-30 29")
    assert [(one.check, one.level, one.line, one.problem) for one in found] == [
        ("V06", "B", 6, "so_far 29 件，少于上次（2024年第2季度）的 30，累计数不应减少")
    ]
    checked.before = {"2023Q4": "until so_far\n2023-12-31 90"}
    assert checked.told("until so_far\n2024-03-31 5", "2024Q1") == []  # a new year
    checked.before = {"2024Q2": "until so_far\n2024-06-30 *"}
    assert checked.told("until so_far\n2024-09-30 29") == []


def test_a_cumulative_figure_is_the_one_before_and_the_period() -> None:
    checked = row_form(CUMULATIVE, "- {kind: cumulative, column: so_far, period: now}")
    checked.before = {"2024Q2": "until so_far now\n2024-06-30 30 10"}
    assert checked.told("until so_far now\n2024-09-30 37 7") == []
    assert checked.told("until so_far now\n2024-09-30 38 7") == ["B 6 so_far 38 件，上期累计 30 加本期 7，应为 37"]
    assert checked.told("until so_far now\n2024-09-30 40 41") == ["B 6 now 41 件，多于so_far 40 件"]
    for absent in ("_", "*", "/"):
        assert checked.told(f"until so_far now\n2024-09-30 38 {absent}") == []
        assert checked.told(f"until so_far now\n2024-09-30 {absent} 7") == []
    checked.before = {"2024Q1": "until so_far now\n2024-03-31 30 10"}
    assert checked.told("until so_far now\n2024-09-30 38 7") == []  # of the quarter between nobody knows
    checked.before = {}
    assert checked.told("until so_far now\n2024-03-31 5 5", "2024Q1") == []
    assert checked.told("until so_far now\n2024-03-31 6 5", "2024Q1") == [
        "B 6 so_far 6 件，本年第一期，本期是 5，应为 5"
    ]


# --- V07 突变 ----------------------------------------------------------------------------------------------------

MONEY = "- {code: worth, title: 案值, type: decimal, unit: 万元}"


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ("20", "199", []),
        ("20", "200", ["B 6 a 200 件，上次（2024年第2季度）是 20，约为 10 倍"]),
        ("200", "20", ["B 6 a 20 件，上次（2024年第2季度）是 200，约为 10 分之一"]),
        ("200", "21", []),
        ("0", "200", []),
        ("200", "0", []),
        ("*", "200", []),
        ("/", "200", []),
        ("20", "*", []),
        ("20", "_", []),
        ("20", "/", []),
    ],
)
def test_a_jump(then: str, now: str, told: list[str]) -> None:
    checked = row_form(numbers("a"), "- {kind: jump, columns: [a]}")
    checked.before = {"2024Q2": f"until a\n2024-06-30 {then}", "2024Q1": "until a\n2024-03-31 1"}
    assert checked.told(f"until a\n2024-09-30 {now}") == told


def test_small_figures_may_jump() -> None:
    checked = row_form(numbers("a"), "- {kind: jump, columns: [a], times: 5, least: 100}")
    checked.before = {"2024Q2": "until a\n2024-06-30 10"}
    assert checked.told("until a\n2024-09-30 99") == []
    assert len(checked.told("until a\n2024-09-30 100")) == 1


def test_ten_thousand_times_as_much_money_is_most_likely_another_unit() -> None:
    """安康市 2019：287.5 万元 (domain.md B2), typed in 元."""
    checked = row_form(MONEY, "- {kind: jump, columns: [worth]}")
    checked.before = {"2024Q2": "until worth\n2024-06-30 287.5"}
    found = checked.found("until worth\n2024-09-30 2875000")
    assert [(one.check, one.level) for one in found] == [("V07", "B")]
    assert found[0].problem == "案值 2875000 万元，上次（2024年第2季度）是 287.5，约为 10000 倍"
    assert found[0].fix == "请核对计量单位，是不是元与万元填混了；确实如此的，请写明原因"
    twenty = checked.found("until worth\n2024-09-30 5750")
    assert "元与万元" not in twenty[0].fix


def test_a_ledger_is_added_up() -> None:
    checked = ledger(MONEY, "- {kind: jump, columns: [worth]}")
    checked.before = {"2024Q2": "doc_no filed_on worth\n甲 2024-04-01 10\n乙 2024-04-02 20"}
    # 100 + 200 = 300 is 10 × 30: it concerns no row alone
    assert checked.told("doc_no filed_on worth\n丙 2024-07-01 100\n丁 2024-07-02 200") == [
        "B - 案值 300 万元，上次（2024年第2季度）是 30，约为 10 倍"
    ]
    assert checked.told("doc_no filed_on worth\n丙 2024-07-01 900\n丁 2024-07-02 *") == []
    assert checked.told("doc_no filed_on worth\n丙 2024-07-01 100\n丁 2024-07-02 200", aside=[1]) == []


def test_only_rows_of_a_kind_are_added_up() -> None:
    columns = f"{MONEY}\n- {{code: kind, title: 类别, type: choice, values: [行政, 刑事]}}"
    checked = ledger(columns, "- {kind: jump, columns: [worth], where: kind = '行政'}")
    checked.before = {"2024Q2": "doc_no filed_on worth kind\n甲 2024-04-01 10 行政\n乙 2024-04-02 900 刑事"}
    assert len(checked.told("doc_no filed_on worth kind\n丙 2024-07-01 100 行政\n丁 2024-07-02 1 刑事")) == 1
    assert checked.told("doc_no filed_on worth kind\n丙 2024-07-01 11 行政\n丁 2024-07-02 9000 刑事") == []


def test_the_period_itself_reported_before_is_not_earlier() -> None:
    checked = row_form(numbers("a"), "- {kind: jump, columns: [a]}")
    checked.before = {"2024Q3": "until a\n2024-09-30 2", "2024Q4": "until a\n2024-12-31 2"}
    assert checked.told("until a\n2024-09-30 200") == []


# --- V09 历史 ----------------------------------------------------------------------------------------------------

QUARTERS = ("2023Q1", "2023Q2", "2023Q3", "2023Q4", "2024Q1", "2024Q2")


def history(*rows: str) -> dict[str, str]:
    return {label: f"until a b\n2024-01-01 {row}" for label, row in zip(QUARTERS[-len(rows) :], rows, strict=True)}


def test_far_above_and_far_below_what_is_usual() -> None:
    checked = row_form(numbers("a", "b"), "- {kind: usual, column: a}")
    checked.before = history("10 1", "12 1", "20 1")
    assert checked.told("until a b\n2024-09-30 60 1") == []  # 3 × 20
    found = checked.found("until a b\n2024-09-30 61 1")
    assert [(one.check, one.level, one.problem) for one in found] == [
        ("V09", "C", "“a” 61，超过最大的 20 的 3 倍（最近 3 期）")
    ]
    assert checked.told("until a b\n2024-09-30 4 1") == []  # 4 × 3 = 12 is not less than 10
    assert checked.told("until a b\n2024-09-30 3 1") == ["C 6 “a” 3，不到最小的 10 的 3 分之一（最近 3 期）"]
    for absent in ("_", "*", "/"):
        assert checked.told(f"until a b\n2024-09-30 {absent} 1") == []
    checked.before = history("10 1", "12 1")
    assert checked.told("until a b\n2024-09-30 600 1") == []  # too little is known
    checked.before = history("10 1", "12 1", "* 1")
    assert checked.told("until a b\n2024-09-30 600 1") == []


def test_an_average_that_is_not_usual() -> None:
    checked = row_form(numbers("a", "b"), "- {kind: usual, column: a, per: b, times: 2, periods: 3}")
    # averages 10, 11, 12; the 100 of four periods ago is no longer looked at
    checked.before = history("100 1", "20 2", "33 3", "48 4")
    assert checked.told("until a b\n2024-09-30 240 10") == []
    assert checked.told("until a b\n2024-09-30 250 10") == ["C 6 “a”与“b”之比 25，超过最大的 12 的 2 倍（最近 3 期）"]
    assert checked.told("until a b\n2024-09-30 250 0") == []
    assert checked.told("until a b\n2024-09-30 10 3") == [
        "C 6 “a”与“b”之比 3.33，不到最小的 10 的 2 分之一（最近 3 期）"
    ]


def test_the_average_of_a_row() -> None:
    checked = ledger(MONEY, "- {kind: usual, column: worth, per_row: true, needs: 1}")
    checked.before = {"2024Q2": "doc_no filed_on worth\n甲 2024-04-01 10\n乙 2024-04-02 20"}  # 15 a case
    assert checked.told("doc_no filed_on worth\n丙 2024-07-01 45") == []
    assert checked.told("doc_no filed_on worth\n丙 2024-07-01 90\n丁 2024-07-01 2") == [
        "C - “案值”平均每行 46，超过最大的 15 的 3 倍（最近 1 期）"
    ]


# --- V10 报送期 --------------------------------------------------------------------------------------------------


def test_a_row_of_another_period_is_set_aside() -> None:
    checked = ledger(MONEY, "")
    table = "doc_no filed_on worth\n甲 2024-07-01 1\n乙 2024-06-30 1\n丙 2024-10-01 1\n丁 2024-09-30 1"
    assert checked.told(table) == [
        "A 7 立案日期 2024-06-30 不在本期（2024-07-01 至 2024-09-30）内",
        "A 8 立案日期 2024-10-01 不在本期（2024-07-01 至 2024-09-30）内",
    ]
    sheet = reported(checked.form, table)
    apply(sheet, checked.found(table))
    assert sheet.aside == [False, True, True, False]
    assert checked.told("doc_no filed_on worth\n甲 2019-07-01 1", "") == []  # a form without a period


def test_a_due_day_that_is_a_day_off_and_a_late_report() -> None:
    # 2024-02-10 is a day off (Spring Festival until the 17th), the 18th a working Sunday; 2023Q4 is due on 2024-01-10.
    checked = row_form(numbers("a"), "")
    checked.today = date(2024, 1, 10)
    assert checked.told("until a\n2023-12-31 1", "2023Q4") == []
    checked.today = date(2024, 1, 12)
    assert checked.told("until a\n2023-12-31 1", "2023Q4") == ["D - 期限是 2024-01-10，今天 2024-01-12，逾期 2 天"]
    # 2024Q4 is due on 2025-01-10, a Friday; 2023Q3 on 2023-10-10; 2022Q4 on 2023-01-10. 2022Q3: 2022-10-10 a Monday.
    # The tenth of July 2022 is a Sunday: 2022Q2 moves to Monday the 11th.
    checked.today = date(2022, 7, 11)
    assert checked.told("until a\n2022-06-30 1", "2022Q2") == [
        "D - 期限是 2022-07-11（2022-07-10 星期日休息，顺延），没有逾期"
    ]
    checked.today = date(2022, 7, 13)
    assert checked.told("until a\n2022-06-30 1", "2022Q2") == [
        "D - 期限是 2022-07-11（2022-07-10 星期日休息，顺延），今天 2022-07-13，逾期 2 天"
    ]


# --- V12 重复 ----------------------------------------------------------------------------------------------------

OWNERS = {
    ("甲",): [("c01", "2024Q2")],
    ("乙",): [("c02", "2024Q3")],
    ("丙",): [("c01", "2024Q3")],
}


def test_a_key_that_was_accepted_before() -> None:
    checked = ledger(MONEY, "- {kind: across_units}")
    checked.owners = lambda form, key: OWNERS.get(key, [])  # type: ignore[call-overload]
    table = "doc_no filed_on worth\n甲 2024-07-01 1\n乙 2024-07-01 1\n丙 2024-07-01 1\n丁 2024-07-01 1"
    found = checked.found(table)
    assert [(one.check, one.level, one.line, one.problem) for one in found] == [
        ("V12", "A", 6, "文号 甲 已在2024年第2季度报过"),
        ("V12", "B", 7, "文号 乙 已由乙市报过（2024年第3季度）"),
    ]
    undeclared = ledger(MONEY, "")
    undeclared.owners = checked.owners
    assert [one.line for one in undeclared.found(table)] == [6]


def test_a_masked_key_is_nobodys() -> None:
    checked = ledger(MONEY, "- {kind: across_units}")
    checked.owners = lambda form, key: [("c02", "2024Q3"), ("c01", "2024Q2")]
    assert checked.told("doc_no filed_on worth\n* 2024-07-01 1\n/ 2024-07-01 1") == []


def test_a_key_that_is_only_a_day_is_no_thing() -> None:
    checked = row_form(numbers("a"), "")
    checked.owners = lambda form, key: [("c02", "2024Q3"), ("c01", "2024Q2")]
    assert checked.told("until a\n2024-09-30 1") == []


def test_a_register_of_the_office_names_its_units_by_row() -> None:
    checked = ledger(MONEY, "- {kind: across_units}\n- {kind: jump, columns: [worth]}")
    checked.unit = ""
    checked.before = {"2024Q2": "doc_no filed_on worth\n甲 2024-04-01 1"}
    checked.owners = lambda form, key: OWNERS.get(key, [])  # type: ignore[call-overload]
    table = "unit doc_no filed_on worth\n甲县 甲 2024-07-01 100\n乙市 甲 2024-07-01 100\n_ 乙 2024-07-01 1"
    assert checked.told(table, units=["c01", "c02", ""]) == [
        "A 6 文号 甲 已在2024年第2季度报过",
        "B 7 文号 甲 已由甲县报过（2024年第2季度）",
    ]
