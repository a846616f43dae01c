"""What costs more than once (pattern ESC): from the n-th on, in special periods, for some units. Counted by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from scoring.engine.explain import indicator_traces
from scoring.rubric.words import measure as measure_words
from tests.tiny import Scores, Tiny, item, n


def scored(tmp_path: Path, table: str, body: str, full: str | None = "50", **words: str) -> Scores:
    return Tiny(table, item(body, full=full), **words).score(tmp_path)


def deducted(part: str) -> str:
    return f"rules: [{{kind: deductions, parts: [{part}]}}]"


def points(scores: Scores, *units: str) -> list[Decimal | None]:
    return [scores.points(unit) for unit in units]


def rule(scores: Scores, unit: str = "c1") -> str:
    (trace,) = indicator_traces(scores.assessment, unit)
    return trace.rule


FOUR = "unit visits\n甲县 0\n乙县 1\n丙县 2\n丁县 4"
COUNTIES = ("甲县", "乙县", "丙县", "丁县")


# --- from the n-th on ---------------------------------------------------------------------------------


def test_doubled_from_the_second_on(tmp_path: Path) -> None:
    """每批扣 5 分，第 2 批起每批扣 10 分：0, 5, 5 + 10, 5 + 3 · 10 of 50."""
    scores = scored(tmp_path, FOUR, deducted("{measure: visits, each: 5, again: {from: 2, each: 10}}"))
    assert points(scores, *COUNTIES) == [n(50), n(45), n(35), n(15)]


def test_the_words_of_again(tmp_path: Path) -> None:
    table = "unit x\n甲县 3"
    measure = "batches: {title: 集体上访, unit: 批, form: figures, value: only(x)}"
    scores = scored(
        tmp_path, table, deducted("{measure: batches, each: 5, again: {from: 2, each: 10}, cap: 40}"), measures=measure
    )
    assert rule(scores) == "集体上访每批扣 5 分，第 2 批起每批扣 10 分，最多扣 40 分，扣完为止"


def test_the_cap_holds_for_all_of_it(tmp_path: Path) -> None:
    scores = scored(tmp_path, FOUR, deducted("{measure: visits, each: 5, again: {from: 2, each: 10}, cap: 12}"))
    assert points(scores, *COUNTIES) == [n(50), n(45), n(38), n(38)]


def test_the_first_ones_may_be_free(tmp_path: Path) -> None:
    """前两批不扣分，第 3 批起每批扣 4 分."""
    scores = scored(tmp_path, FOUR, deducted("{measure: visits, each: 0, again: {from: 3, each: 4}}"))
    assert points(scores, *COUNTIES) == [n(50), n(50), n(50), n(42)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        # 7 things: the first 4 at 1 for 2, the other 3 at 3 for 2: 2 + 4.5, 9: 2 + 7.5
        ("", ["48", "43.5", "40.5"]),
        # whole steps: 4 → 2, then 3 → one step of 3, 5 → two of them
        (", whole_steps: true", ["48", "45", "42"]),
    ],
)
def test_again_with_steps_of_two(tmp_path: Path, more: str, expected: list[str]) -> None:
    table = "unit x\n甲县 4\n乙县 7\n丙县 9"
    part = f"{{measure: x, each: 1, per: 2, again: {{from: 5, each: 3}}{more}}}"
    assert points(scored(tmp_path, table, deducted(part)), "甲县", "乙县", "丙县") == [n(text) for text in expected]


def test_the_words_of_again_with_steps(tmp_path: Path) -> None:
    measure = "things: {title: 漏录, unit: 件, form: figures, value: only(x)}"
    part = "{measure: things, each: 1, per: 2, whole_steps: true, again: {from: 5, each: 3}}"
    scores = scored(tmp_path, "unit x\n甲县 4", deducted(part), measures=measure)
    assert rule(scores) == "漏录每 2 件扣 1 分，第 5 件起每 2 件扣 3 分（不足一档不计），扣完为止"


def test_again_counts_parts_of_a_thing(tmp_path: Path) -> None:
    """2.5 of which the first at 4, the other 1.5 at 6: 4 + 9 = 13."""
    scores = scored(
        tmp_path, "unit x:decimal1\n甲县 2.5\n乙县 0.5", deducted("{measure: x, each: 4, again: {from: 2, each: 6}}")
    )
    assert points(scores, "甲县", "乙县") == [n(37), n(48)]


def test_what_is_not_known_may_cost_all(tmp_path: Path) -> None:
    scores = scored(tmp_path, "unit x\n甲县 *\n乙县 _", deducted("{measure: x, each: 5, again: {from: 2, each: 10}}"))
    assert points(scores, "甲县", "乙县") == [None, None]
    assert scores.range("甲县") == (n(0), n(50)) and scores.range("乙县") == (n(0), n(50))
    capped = scored(
        tmp_path / "capped", "unit x\n甲县 *", deducted("{measure: x, each: 5, again: {from: 2, each: 10}, cap: 20}")
    )
    assert capped.range("甲县") == (n(30), n(50))


def test_awards_bonus_and_penalty_have_it_too(tmp_path: Path) -> None:
    """Awards 2 each, from the third 3; a bonus 1, then 0.5 each; a penalty 1, then 2 each."""
    adjustments = """
    - {kind: bonus, code: more, title: 加, clause: 二, pool: 9, parts: [{measure: x, each: 1, again: {from: 2, each: 0.5}}]}
    - {kind: penalty, code: less, title: 减, clause: 三, parts: [{measure: y, each: 1, again: {from: 2, each: 2}}]}
    """
    body = "rules: [{kind: awards, parts: [{measure: x, each: 2, again: {from: 3, each: 3}}]}]"
    scores = scored(tmp_path, "unit x y\n甲县 4 3\n乙县 1 1", body, adjustments=adjustments)
    # 甲 2 + 2 + 3 + 3 = 10, + 1 + 3 · 0.5 = 2.5, − (1 + 2 + 2); 乙 2 + 1 − 1
    assert points(scores, "甲县", "乙县") == [n(10), n(2)]
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县")] == [n("7.5"), n(2)]


# --- by kind of event, in special periods ---------------------------------------------------------------

EVENTS = """\
form: events
title: 事件登记
dated_by: found_on
columns:
  - {code: found_on, title: 发现日期, type: date, required: true}
  - {code: again, title: 再次发生, type: boolean}
  - {code: harm, title: 损失, type: decimal}
"""
ROWS = """
单位 found_on again harm
甲县 2024-02-29 否 1
乙县 2024-03-01 否 1
乙县 2024-03-11 否 1
乙县 2024-03-12 否 1
丙县 2024-05-01 否 1
丙县 2024-06-01 是 1
丁县 2024-03-05 是 9
"""
SPECIAL = "weights: {when: [{if: \"found_on between '03-01' and '03-11'\", weight: 2}]}"


def events(tmp_path: Path, weights: str, rows: str = ROWS, value: str = "sum(weight)") -> Scores:
    return Tiny(
        indicators=item(deducted("{measure: lost, each: 5}"), full="50"), units=list(COUNTIES), forms={"events": EVENTS},
        measures=f"lost: {{title: 事件, unit: 起, form: events, value: {value}, {weights}}}", data={"events": rows},
    ).score(tmp_path)  # fmt: skip


def test_doubled_in_a_special_period(tmp_path: Path) -> None:
    """D16.4 每起扣 5 分，3 月 1 日至 11 日发生的加倍：the first and the last day of it are in."""
    # 甲 5; 乙 10 + 10 + 5; 丙 5 + 5; 丁 10
    assert points(events(tmp_path, SPECIAL), *COUNTIES) == [n(45), n(25), n(40), n(40)]


def test_the_first_condition_that_fits_decides(tmp_path: Path) -> None:
    weights = "weights: {when: [{if: again, weight: 3}, {if: \"found_on between '03-01' and '03-11'\", weight: 2}, {weight: 0.5}]}"
    # 甲 0.5; 乙 2 + 2 + 0.5; 丙 0.5 + 3; 丁 3 (again before the special time): each · 5 of 50
    scores = events(tmp_path, weights)
    assert points(scores, *COUNTIES) == [n("47.5"), n("27.5"), n("32.5"), n(35)]
    assert scores.project.rubric is not None
    assert measure_words(scores.project.rubric, "lost") == (
        "事件登记，权重合计，再次发生的按 3 倍计，发现日期不早于 3 月 1 日且发现日期不晚于 3 月 11 日的按 2 倍计，其他按 0.5 倍计，以起计"
    )


def test_a_condition_and_a_column_multiply(tmp_path: Path) -> None:
    weights = "weights: {again: {是: 2, 否: 1}, when: [{if: harm > 5, weight: 1.5}]}"
    # 丙 1 + 2 = 3; 丁 2 · 1.5 = 3
    assert points(events(tmp_path, weights), *COUNTIES) == [n(45), n(35), n(35), n(35)]


@pytest.mark.parametrize(
    ("condition", "cell", "state"),
    [
        ("again", "_", "missing"),  # nobody knows whether it is doubled
        ("again", "*", "masked"),
        ("again or harm > 5", "_", "missing"),
        ("again and harm > 5", "_", "value"),  # harm 1 decides it
        ("again is not null and again", "_", "value"),  # said: an empty cell is not doubled
        ("again is not null and again", "*", "masked"),
    ],
)
def test_a_row_of_which_the_weight_is_not_known(tmp_path: Path, condition: str, cell: str, state: str) -> None:
    rows = ROWS.replace("甲县 2024-02-29 否", f"甲县 2024-02-29 {cell}")
    scores = events(tmp_path, f"weights: {{when: [{{if: {condition}, weight: 2}}]}}", rows)
    assert scores.state("甲县") == state
    assert scores.points("甲县") == (n(45) if state == "value" else None)
    assert scores.state("乙县") == "value"


def test_a_row_outside_where_needs_no_weight(tmp_path: Path) -> None:
    rows = ROWS.replace("甲县 2024-02-29 否", "甲县 2024-02-29 _")
    weights = "where: found_on >= '03-01', weights: {when: [{if: again, weight: 2}]}"
    assert points(events(tmp_path, weights, rows), *COUNTIES) == [n(50), n(35), n(35), n(40)]


def test_unreadable_rows_may_be_left_out(tmp_path: Path) -> None:
    rows = ROWS + "甲县 2024-04-01 _ 1\n"
    weights = "skip_unreadable: true, weights: {when: [{if: again, weight: 2}]}"
    assert events(tmp_path, weights, rows).points("甲县") == n(45)


def test_a_column_may_be_called_when(tmp_path: Path) -> None:
    form = EVENTS.replace("code: again", "code: when")
    rows = ROWS.replace("again", "when")
    scores = Tiny(
        indicators=item(deducted("{measure: lost, each: 5}"), full="50"), units=list(COUNTIES), forms={"events": form},
        measures="lost: {title: 事件, form: events, value: sum(weight), weights: {when: {是: 2, 否: 1}}}", data={"events": rows},
    ).score(tmp_path)  # fmt: skip
    assert points(scores, *COUNTIES) == [n(45), n(35), n(35), n(40)]


def test_of_one_thing_the_heaviest_counts(tmp_path: Path) -> None:
    scores = events(tmp_path, f"{SPECIAL}, once_by: [again]")
    # 乙: three rows of the same, once, at 2; 丙 two different, 1 + 1
    assert points(scores, *COUNTIES) == [n(45), n(40), n(40), n(40)]


# --- for units with few duties ---------------------------------------------------------------------------

FEW = "unit slips duties extra:boolean\n甲县 2 8 是\n乙县 2 3 是\n丙县 0 _ 否\n丁县 2 _ 是"
TIMES = "times: {when: duties <= 3, by: 2}"


def test_doubled_for_units_with_few_duties(tmp_path: Path) -> None:
    """D06.9 职能少的单位加倍扣：甲 2 · 3, 乙 2 · 3 · 2; 丙 has nothing to double, of 丁 it is not known."""
    scores = scored(tmp_path, FEW, deducted(f"{{measure: slips, each: 3, {TIMES}}}"))
    assert points(scores, *COUNTIES) == [n(44), n(38), n(50), None]
    assert rule(scores) == "slips每个扣 3 分，duties不高于 3 的加倍，扣完为止"


def test_the_cap_is_not_doubled(tmp_path: Path) -> None:
    scores = scored(tmp_path, FEW, deducted(f"{{measure: slips, each: 3, cap: 8, {TIMES}}}"))
    assert points(scores, *COUNTIES) == [n(44), n(42), n(50), None]
    assert scores.range("丁县") == (n(42), n(50))


def test_an_event_may_be_dearer_too(tmp_path: Path) -> None:
    part = "{if: extra, points: 4, times: {when: duties <= 3, by: 1.5}}"
    scores = scored(tmp_path, FEW, deducted(part))
    assert points(scores, *COUNTIES) == [n(46), n(44), n(50), None]
    assert scores.range("丁县") == (n(44), n(50))
    assert "的按 1.5 倍计" in rule(scores)


def test_again_and_times_together(tmp_path: Path) -> None:
    part = "{measure: slips, each: 1, again: {from: 2, each: 3}, times: {when: duties <= 3, by: 2}}"
    assert points(scored(tmp_path, FEW, deducted(part)), "甲县", "乙县") == [n(46), n(42)]


def test_a_penalty_may_be_dearer_for_some(tmp_path: Path) -> None:
    adjustments = (
        f"- {{kind: penalty, code: less, title: 减, clause: 三, parts: [{{measure: slips, each: 3, {TIMES}}}]}}"
    )
    body = "rules: [{kind: judged, measure: others}]"
    table = "unit slips duties others\n甲县 2 8 40\n乙县 2 3 40\n丙县 0 _ 40"
    scores = scored(tmp_path, table, body, adjustments=adjustments)
    assert [scores.total(unit)["total"] for unit in COUNTIES[:3]] == [n(34), n(28), n(40)]


# --- what is counted may be reckoned from several figures -----------------------------------------------


def test_a_part_may_count_a_sum(tmp_path: Path) -> None:
    measures = """
    left: {title: 漏录, unit: 件, form: figures, value: only(a)}
    wrong: {title: 错录, unit: 件, form: figures, value: only(b)}
    """
    table = "unit a b\n甲县 2 1\n乙县 0 0\n丙县 1 _"
    scores = scored(tmp_path, table, deducted("{measure: left + wrong, each: 2, cap: 5}"), measures=measures)
    # 3 · 2 = 6, at most 5; one of the two not there: not known, at most 5
    assert points(scores, "甲县", "乙县", "丙县") == [n(45), n(50), None]
    assert scores.range("丙县") == (n(45), n(50))
    assert rule(scores) == "漏录 + 错录每件扣 2 分，最多扣 5 分，扣完为止"


def test_a_bonus_may_count_a_difference(tmp_path: Path) -> None:
    adjustments = (
        "- {kind: bonus, code: more, title: 加, clause: 二, pool: 5, parts: [{measure: 'greatest(a - b, 0)', each: 1}]}"
    )
    scores = scored(
        tmp_path, "unit a b c\n甲县 4 1 10\n乙县 1 4 10", "rules: [{kind: judged, measure: c}]", adjustments=adjustments
    )
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县")] == [n(13), n(10)]


def test_a_light_offence_again_is_a_heavy_one(tmp_path: Path) -> None:
    """D80.3 as a deduction: the first light one 5, every further 15; heavy ones 15, 10 where remedied in time."""
    parts = (
        "{measure: light, each: 5, again: {from: 2, each: 15}}, {measure: heavy - remedied, each: 15}, "
        "{measure: remedied, each: 10}"
    )
    table = "unit light heavy remedied\n甲县 1 0 0\n乙县 2 0 0\n丙县 0 1 0\n丁县 3 1 1\n戊县 0 2 1"
    scores = scored(tmp_path, table, deducted(parts), full="30")
    # 30 − 5; 30 − 5 − 15; 30 − 15; 30 − 5 − 30 − 10, floor 0; 30 − 15 − 10
    assert points(scores, *COUNTIES, "戊县") == [n(25), n(10), n(15), n(0), n(5)]
