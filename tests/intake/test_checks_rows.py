"""Checks inside one row: each fires, stays silent where it should, and decides nothing on what is not there.

Real figures are published ones (domain.md A7f, B2); the units beside them are invented.
"""

from __future__ import annotations

import pytest

from scoring.forms.checks import KINDS
from scoring.intake.checks import DECLARED, apply, run
from tests.intake.checking import HEAD, Checked, form, ledger, numbers, reported, row_form

ABSENT = ("_", "*", "/")  # blank, masked, 不涉及


def test_every_kind_has_who_knows_it() -> None:
    assert set(DECLARED) == set(KINDS)


# --- V01 比率 ----------------------------------------------------------------------------------------------------

RATE = row_form(
    numbers("accepted", "closed") + '\n- {code: rate, title: 办结率, type: decimal, decimals: 2, unit: "%"}',
    "- {kind: rate, column: rate, part: closed, of: accepted}",
)


@pytest.mark.parametrize(
    ("accepted", "closed", "rate"),
    [
        # 安康市 2019 年前三季度 2013 受理、1921 办结，公布 95%：1921 / 2013 = 95.4297… %, printed without digits
        ("2013", "1921", "95"),
        ("2013", "1921", "95.4"),
        ("2013", "1921", "95.43"),
        ("8", "1", "12.5"),  # exact
        ("8", "1", "13"),  # 12.5: half a unit away is still the rounding of its digit
        ("8", "1", "12"),
        ("8", "8", "100"),
        ("0", "0", "_"),
        ("0", "0", "/"),
    ],
)
def test_a_rate_that_is_right(accepted: str, closed: str, rate: str) -> None:
    assert RATE.told(f"until accepted closed rate\n2024-09-30 {accepted} {closed} {rate}") == []


def test_a_rate_that_is_wrong() -> None:
    # 95.4297… prints as 95.43 or 95.4: 95.42 is 0.0097 away, more than 0.005; 95.5 is 0.07 away, more than 0.05
    assert RATE.told("until accepted closed rate\n2024-09-30 2013 1921 95.42") == [
        "B 6 “办结率”填 95.42，按 closed 1921 件 ÷ accepted 2013 件 应为 95.43"
    ]
    assert RATE.told("until accepted closed rate\n2024-09-30 2013 1921 95.5") == [
        "B 6 “办结率”填 95.5，按 closed 1921 件 ÷ accepted 2013 件 应为 95.4"
    ]


def test_a_rate_of_nothing() -> None:
    assert RATE.told("until accepted closed rate\n2024-09-30 0 0 100") == [
        "B 6 accepted为 0，“办结率”无从算起，却填了 100"
    ]


def test_a_rate_over_a_hundred_is_asked_about_and_accepted() -> None:
    """105.02 % was published as it is. 4183 / 3983 = 105.0213… %."""
    sheet = reported(RATE.form, "until accepted closed rate\n2024-09-30 3983 4183 105.02")
    found = RATE.found("until accepted closed rate\n2024-09-30 3983 4183 105.02")
    assert [(one.level, one.problem) for one in found] == [("C", "“办结率”105.02 超过 100%")]
    apply(sheet, found)
    assert sheet.set_aside == 0 and not sheet.refused


def test_over_a_hundred_may_be_fine() -> None:
    columns = numbers("accepted", "closed") + '\n- {code: rate, title: 完成率, type: decimal, unit: "%"}'
    fine = row_form(columns, "- {kind: rate, column: rate, part: closed, of: accepted, over: none}")
    warned = row_form(columns, "- {kind: rate, column: rate, part: closed, of: accepted, over: B}")
    table = "until accepted closed rate\n2024-09-30 100 160 160"
    assert fine.told(table) == []
    assert warned.told(table) == ["B 6 “完成率”160 超过 100%"]


def test_a_rate_of_a_thousand() -> None:
    of_thousand = row_form(
        numbers("births", "marks") + "\n- {code: rate, title: 千分率, type: decimal}",
        "- {kind: rate, column: rate, part: marks, of: births, times: 1000}",
    )
    assert of_thousand.told("until births marks rate\n2024-09-30 4000 3 0.75") == []  # 3 / 4000 × 1000 = 0.75
    assert len(of_thousand.told("until births marks rate\n2024-09-30 4000 3 7.5")) == 1


# --- V08 同比 ----------------------------------------------------------------------------------------------------

GROWN = numbers("now", "base") + '\n- {code: grown, title: 同比, type: decimal, unit: "%"}'
GROWTH = row_form(GROWN, "- {kind: growth, column: grown, now: now, base: base}")


@pytest.mark.parametrize(
    ("now", "base", "grown", "told"),
    [
        ("251", "200", "25.5", []),  # 51 / 200 = 25.5 %
        ("150", "200", "-25", []),
        ("251", "200", "26", []),  # 25.5 may be printed 26
        ("251", "200", "51", ["B 6 “同比”填 51，本期 251、上年同期 200，应为 26"]),
        ("150", "200", "25", ["B 6 “同比”填 25，本期 150、上年同期 200，应为 -25"]),
        ("5", "0", "100", ["A 6 上年同期为 0，“同比”无从算起，却填了 100"]),
        ("5", "_", "100", ["B 6 没有填“base”，“同比”无从算起"]),
        ("5", "0", "/", []),
        ("5", "*", "100", []),
        ("5", "/", "100", []),
    ],
)
def test_growth(now: str, base: str, grown: str, told: list[str]) -> None:
    assert GROWTH.told(f"until now base grown\n2024-09-30 {now} {base} {grown}") == told


def test_growth_against_what_was_accepted_last_year() -> None:
    checked = row_form(GROWN, "- {kind: growth, column: grown, now: now}")
    checked.before = {"2023Q3": "until now\n2023-09-30 200", "2024Q2": "until now\n2024-06-30 10"}
    assert checked.told("until now grown\n2024-09-30 251 25.5") == []
    assert checked.told("until now grown\n2024-09-30 251 30") == ["B 6 “同比”填 30，本期 251、上年同期 200，应为 26"]
    checked.before = {"2023Q3": "until now\n2023-09-30 0"}
    assert [told[0] for told in checked.told("until now grown\n2024-09-30 251 30")] == ["A"]
    checked.before = {}
    assert checked.told("until now grown\n2024-09-30 251 30") == []  # nobody knows the base


# --- V02 结转 ----------------------------------------------------------------------------------------------------

CARRIED = numbers("filed", "closed", "before", "left")
CARRY = row_form(CARRIED, "- {kind: carry_over, filed: filed, closed: closed, note: 上年结转的请写明件数}")


def test_more_closed_than_filed_asks_for_an_explanation() -> None:
    """咸宁市 2017：立案 393，累结 439 (domain.md [11d])."""
    found = CARRY.found("until filed closed\n2024-09-30 393 439")
    assert [(one.check, one.level, one.problem) for one in found] == [("V02", "C", "closed 439 件，多于filed 393 件")]
    assert found[0].fix == "请核对；确实如此的，请写明原因（至少 6 个字）。上年结转的请写明件数"
    assert (found[0].line, found[0].column, found[0].letter, found[0].typed) == (6, "closed", "C", "439")
    assert CARRY.told("until filed closed\n2024-09-30 585 558") == []  # 咸宁市 2016 [11e]


def test_what_earlier_periods_left_open_needs_no_question() -> None:
    checked = row_form(CARRIED, "- {kind: carry_over, filed: filed, closed: closed}")
    # Q1: 10 filed, 4 closed leaves 6. Q2: 1 filed, 3 closed leaves 4. So 5 filed and 9 closed is fine, 10 closed is not.
    checked.before = {"2024Q1": "until filed closed\n2024-03-31 10 4", "2024Q2": "until filed closed\n2024-06-30 1 3"}
    assert checked.told("until filed closed\n2024-09-30 5 9") == []
    assert checked.told("until filed closed\n2024-09-30 5 10") == ["C 6 closed 10 件，多于filed 5 件加以前各期未结的 4"]
    # What was open before the first period is used up by what it closed: Q1 closed 6 more than it filed.
    checked.before = {"2024Q1": "until filed closed\n2024-03-31 1 7", "2024Q2": "until filed closed\n2024-06-30 4 2"}
    assert checked.told("until filed closed\n2024-09-30 5 7") == []
    checked.before = {"2024Q1": "until filed closed\n2024-03-31 10 4", "2024Q2": "until filed closed\n2024-06-30 1 *"}
    assert len(checked.told("until filed closed\n2024-09-30 5 9")) == 1  # what is open nobody knows


def test_a_balance_that_does_not_hold() -> None:
    balance = row_form(CARRIED, "- {kind: carry_over, filed: filed, closed: closed, before: before, left: left}")
    assert balance.told("until filed closed before left\n2024-09-30 393 439 60 14") == []  # 60 + 393 − 439 = 14
    assert balance.told("until filed closed before left\n2024-09-30 393 439 60 20") == [
        "A 6 before 60 + filed 393 − closed 439 = 14，与left 20 不符"
    ]
    for absent in ABSENT:
        assert balance.told(f"until filed closed before left\n2024-09-30 393 439 {absent} 20") == []


# --- V03 环节 ----------------------------------------------------------------------------------------------------

CHAIN = row_form(
    """
    - {code: caught, title: 抓获, type: integer, unit: 人}
    - {code: approved, title: 批捕, type: integer, unit: 人}
    - {code: prosecuted, title: 起诉, type: integer, unit: 人}
    - {code: sentenced, title: 判决, type: integer, unit: 人}
    """,
    "- {kind: chain, columns: [caught, approved, prosecuted, sentenced]}",
)
STAGES = "until caught approved prosecuted sentenced\n2024-09-30 "


def test_more_approved_than_caught_asks_for_an_explanation() -> None:
    """安康市 2019 年前三季度：抓获 16 人，批捕 24 人 (domain.md B2, S3)."""
    found = CHAIN.found(STAGES + "16 24 _ _")
    assert [(one.check, one.level, one.problem) for one in found] == [("V03", "C", "批捕 24 人，多于抓获 16 人")]
    sheet = reported(CHAIN.form, STAGES + "16 24 _ _")
    apply(sheet, found)
    assert sheet.set_aside == 0 and sheet.findings == found


def test_stages_in_order_and_stages_unknown() -> None:
    assert CHAIN.told(STAGES + "25 12 12 9") == []
    # 咸宁市 2017：批捕 12 人、起诉 14 人 [11d]
    assert CHAIN.told(STAGES + "25 12 14 _") == ["C 6 起诉 14 人，多于批捕 12 人"]
    for absent in ABSENT:
        assert CHAIN.told(STAGES + f"16 {absent} 24 {absent}") == []  # 起诉 says nothing of 抓获


# --- V04 其中、合计 ------------------------------------------------------------------------------------------------

PARTS = numbers("total", "big", "online", "rural")
SUBSET = row_form(PARTS, "- {kind: subset, parts: [big, online, rural], of: total}")
SUM = row_form(PARTS, "- {kind: sum, parts: [big, online, rural], total: total}")


def test_a_part_is_not_more_than_the_whole_and_parts_may_overlap() -> None:
    # 阿坝州 2019-12 至 2020-03：案件 336 件, the listed kinds are 226 (domain.md [21b]); 领域 columns may overlap
    assert SUBSET.told("until total big online rural\n2024-09-30 336 34 226 200") == []
    assert SUBSET.told("until total big online rural\n2024-09-30 336 34 337 0") == [
        "A 6 online 337 件，多于total 336 件，而它是其中的一部分"
    ]
    assert SUBSET.told("until total big online rural\n2024-09-30 9 9 9 9") == []
    for absent in ABSENT:
        assert SUBSET.told(f"until total big online rural\n2024-09-30 {absent} 1 2 3") == []
        assert SUBSET.told(f"until total big online rural\n2024-09-30 1 {absent} 0 0") == []


def test_confiscated_over_value_is_nobodys_part() -> None:
    """阿坝州：案值 180.94 万元，罚没 234.31 万元 [21b] passes where nobody declared it a part."""
    columns = """
    - {code: worth, title: 案值, type: decimal, unit: 万元, at_least: 0}
    - {code: fined, title: 罚没, type: decimal, unit: 万元, at_least: 0}
    """
    checked = row_form(columns, "- {kind: jump, columns: [worth, fined]}")
    assert checked.told("until worth fined\n2024-09-30 180.94 234.31") == []


def test_parts_add_up() -> None:
    assert SUM.told("until total big online rural\n2024-09-30 10 1 2 7") == []
    assert SUM.told("until total big online rural\n2024-09-30 11 1 2 7") == [
        "A 6 total 11 件，与big、online、rural之和 10 不符"
    ]
    for absent in ABSENT:
        assert SUM.told(f"until total big online rural\n2024-09-30 11 1 2 {absent}") == []
        assert SUM.told(f"until total big online rural\n2024-09-30 {absent} 1 2 7") == []


def test_parts_add_up_within_so_much() -> None:
    money = numbers("a", "b", "c", kind="decimal", unit="万元")
    near = row_form(money, "- {kind: sum, parts: [a, b], total: c, within: 0.01, level: B}")
    assert near.told("until a b c\n2024-09-30 0.10 0.20 0.31") == []  # 0.1 + 0.2 is 0.3 exactly, 0.01 apart
    assert near.told("until a b c\n2024-09-30 0.10 0.20 0.32") == ["B 6 c 0.32 万元，与a、b之和 0.30 不符"]


# --- 日期、必填、用词 ------------------------------------------------------------------------------------------------

DATES = """
- {code: decided_on, title: 决定日期, type: date}
- {code: disclosed_on, title: 公开日期, type: date}
"""
ORDER = ledger(DATES, "- {kind: order, dates: [filed_on, decided_on, disclosed_on]}")


def test_dates_in_order() -> None:
    head = "doc_no filed_on decided_on disclosed_on\n"
    assert ORDER.told(head + "甲 2024-07-01 2024-07-01 2024-07-09") == []
    assert ORDER.told(head + "甲 2024-07-10 2024-07-01 2024-07-09") == [
        "B 6 决定日期 2024-07-01 早于立案日期 2024-07-10"
    ]
    # 公开 before 立案, with no 决定 between that could say otherwise
    assert ORDER.told(head + "甲 2024-07-10 _ 2024-07-09") == ["B 6 公开日期 2024-07-09 早于立案日期 2024-07-10"]
    for absent in ABSENT:
        assert ORDER.told(head + f"甲 2024-07-10 {absent} {absent}") == []


def test_clocks() -> None:
    # 2024-09-12 is a Thursday; 15 to 17 September is the Mid-Autumn Festival, the 14th a working Saturday.
    # Working days after the 12th: 13, 14, 18, 19, 20 … so the 20th is the fifth.
    workdays = ledger(DATES, "- {kind: clock, from: decided_on, to: disclosed_on, days: 4}")
    head = "doc_no filed_on decided_on disclosed_on\n甲 2024-09-01 "
    assert workdays.told(head + "2024-09-12 2024-09-19") == []
    found = workdays.found(head + "2024-09-12 2024-09-20")
    assert [(one.check, one.level, one.problem) for one in found] == [
        ("V17", "D", "公开日期距决定日期 5 个工作日，超过 4 个工作日")
    ]
    days = ledger(DATES, "- {kind: clock, from: decided_on, to: disclosed_on, days: 7, workdays: false}")
    assert days.told(head + "2024-09-12 2024-09-19") == []
    found = days.found(head + "2024-09-12 2024-09-20")
    assert [(one.check, one.level, one.problem) for one in found] == [
        ("V18", "D", "公开日期距决定日期 8 天，超过 7 天")
    ]
    for absent in ABSENT:
        assert days.told(head + f"2024-09-12 {absent}") == days.told(head + f"{absent} 2024-09-20") == []


def test_a_clock_beyond_the_calendar_is_not_run() -> None:
    workdays = ledger(DATES, "- {kind: clock, from: decided_on, to: disclosed_on, days: 4}")
    assert workdays.told("doc_no filed_on decided_on disclosed_on\n甲 2024-09-01 2024-09-12 2031-01-01") == []


WHERE = """
- {code: kind, title: 形式, type: choice, values: [进村宣传, 媒体报道]}
- {code: village, title: 村, type: text}
- {code: people, title: 人数, type: integer}
"""


def test_needed_when() -> None:
    needed = ledger(WHERE, "- {kind: needed_when, column: village, when: kind = '进村宣传', level: A}")
    head = "doc_no filed_on kind village\n甲 2024-07-01 "
    assert needed.told(head + "进村宣传 示例村") == []
    assert needed.told(head + "媒体报道 _") == []
    assert needed.told(head + "进村宣传 _") == ["A 6 “村”没有填，而形式为“进村宣传”"]
    assert needed.found(head + "进村宣传 _")[0].fix == "请补上"
    assert needed.told(head + "进村宣传 *") == needed.told(head + "进村宣传 /") == []
    for absent in ABSENT:
        assert needed.told(head + f"{absent} _") == []


def test_a_column_that_is_not_in_the_file_is_not_empty() -> None:
    needed = ledger(WHERE, "- {kind: needed_when, column: village, when: kind = '进村宣传'}")
    assert needed.told("doc_no filed_on kind\n甲 2024-07-01 进村宣传") == []


@pytest.mark.parametrize(
    ("when", "fires"),
    [
        ("people > 10", [6, 7]),
        ("people > 10 and kind = '进村宣传'", [6]),
        ("people > 10 or kind = '媒体报道'", [6, 7, 8]),
        ("not people > 10", [8]),
        ("people is null", []),
        ("people is not null", [6, 7, 8]),
        ("kind in ('媒体报道')", [7, 8]),
        ("kind not in ('媒体报道')", [6]),
        ("people between 1 and 5", [8]),
        ("people - 10 > 5", [7]),
        ("people * 2 = 24", [6]),
        ("-people < -15", [7]),
        ("month(filed_on) = 8", [7]),
        ("filed_on >= '2024-08-01'", [7, 8]),
        ("days(filed_on, '2024-09-30') > 60", [6]),
        ("workdays('2024-07-01', filed_on) >= 1", [7, 8]),
        ("months(filed_on, '2024-10-01') >= 3", [6]),
        ("2 > months(filed_on, '2024-10-01')", [7, 8]),
        ("people = 12 and (kind = '进村宣传' or kind = '媒体报道')", [6]),
    ],
)
def test_conditions_mean_what_they_mean_in_the_database(when: str, fires: list[int]) -> None:
    """Line 9 is masked, line 10 not applicable, in both columns: neither condition nor its contrary holds.

    Hand: days from 07-01 to 09-30 are 91, from 08-05 56. Three months after 07-01 is 10-01, which is reached; two months
    after 08-05 is 10-05, which is not, so fewer than two have passed from there and from 09-06.
    """
    needed = ledger(WHERE, f'- {{kind: needed_when, column: village, when: "{when}"}}')
    table = (
        "doc_no filed_on kind village people\n甲 2024-07-01 进村宣传 _ 12\n乙 2024-08-05 媒体报道 _ 16\n"
        "丙 2024-09-06 媒体报道 _ 5\n"
    )
    if "filed_on" not in when:
        table += "丁 2024-07-02 * _ *\n戊 2024-07-02 / _ /"
    assert [one.line for one in needed.found(table)] == fires


def test_is_null_of_a_blank_cell() -> None:
    needed = ledger(WHERE, "- {kind: needed_when, column: village, when: people is null}")
    assert len(needed.told("doc_no filed_on kind village people\n甲 2024-07-01 进村宣传 _ _")) == 1


def test_where_limits_a_check() -> None:
    limited = ledger(DATES, "- {kind: order, dates: [filed_on, decided_on], where: disclosed_on is not null}")
    head = "doc_no filed_on decided_on disclosed_on\n"
    assert limited.told(head + "甲 2024-07-10 2024-07-01 _\n乙 2024-07-10 2024-07-01 2024-08-01") == [
        "B 7 决定日期 2024-07-01 早于立案日期 2024-07-10"
    ]
    assert limited.told(head + "甲 2024-07-10 2024-07-01 *") == []


def test_words_of_a_text_and_options_that_are_asked_about() -> None:
    columns = (
        "- {code: field, title: 领域, type: choice, values: [商标, 其他]}\n- {code: charge, title: 罪名, type: text}"
    )
    words = ledger(columns, "- {kind: dictionary, column: charge, words: [假冒注册商标, 侵犯著作权]}")
    head = "doc_no filed_on field charge\n甲 2024-07-01 "
    assert words.told(head + "商标 假冒注册商标") == []
    assert words.told(head + "商标 非法经营") == ["C 6 “罪名”填“非法经营”，不在规定的用词之内"]
    options = ledger(columns, "- {kind: dictionary, column: field, ask: [其他]}")
    assert options.told(head + "商标 _") == []
    assert options.told(head + "其他 _") == ["C 6 “领域”填“其他”，须说明是什么"]
    # 传销 under 侵权犯罪 (domain.md B2: 特大非法传销案)
    pieces = ledger(columns, "- {kind: dictionary, column: charge, ask: [传销]}")
    assert pieces.told(head + "商标 特大非法传销案") == ["C 6 “罪名”里有“传销”，可能不属于本表"]
    for absent in ABSENT:
        assert words.told(head + f"商标 {absent}") == options.told(head + f"{absent} _") == []


# --- 所有的校验 ---------------------------------------------------------------------------------------------------


def test_masked_silences_every_check_of_a_row() -> None:
    """`*` stays masked: no check takes it for a figure, and none asks about it."""
    everything = Checked(
        form(
            HEAD,
            numbers("a", "b", "c", "d") + "\n- {code: day, title: 日, type: date}",
            """
            - {kind: rate, column: a, part: b, of: c}
            - {kind: growth, column: a, now: b, base: c}
            - {kind: carry_over, filed: a, closed: b}
            - {kind: carry_over, filed: a, closed: b, before: c, left: d}
            - {kind: chain, columns: [a, b, c, d]}
            - {kind: subset, parts: [b, c], of: a}
            - {kind: sum, parts: [b, c], total: a}
            - {kind: cumulative, column: a, period: b}
            - {kind: jump, columns: [a, b, c, d]}
            - {kind: usual, column: a, per: b, needs: 1}
            - {kind: order, dates: [until, day]}
            - {kind: clock, from: until, to: day, days: 1}
            - {kind: needed_when, column: day, when: a > 0}
            """,
        )
    )
    everything.before = {
        "2024Q1": "until a b c d day\n2024-03-31 1 2 3 4 2024-03-31",
        "2024Q2": "until a b c d day\n2024-06-30 1 2 3 4 2024-06-30",
    }
    assert len(everything.told("until a b c d day\n2024-09-30 50 20 90 70 2023-01-01")) >= 10
    for absent in ABSENT:
        words = " ".join([absent] * 5)
        assert everything.told(f"until a b c d day\n2024-09-30 {words}") == []


def test_rows_set_aside_are_not_looked_at() -> None:
    assert CHAIN.told(STAGES + "16 24 _ _", aside=[0]) == []


def test_a_refused_sheet_is_not_looked_at() -> None:
    sheet = reported(CHAIN.form, STAGES + "16 24 _ _")
    sheet.refused = True
    assert run(sheet, CHAIN.context("2024Q3")) == []


def test_class_a_sets_its_row_aside_and_the_class_can_be_set() -> None:
    table = "until total big online rural\n2024-09-30 1 2 0 0"
    sheet = reported(SUBSET.form, table)
    apply(sheet, SUBSET.found(table))
    assert sheet.aside == [True]
    asked = row_form(PARTS, "- {kind: subset, parts: [big], of: total, level: B, note: 口径不同的请写明}")
    found = asked.found(table)
    assert [(one.level, one.fix) for one in found] == [("B", "请核对；确实如此的，请写明原因。口径不同的请写明")]
