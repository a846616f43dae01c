"""Every sentence of the briefing of the demo city and of each example equals what plain SQL over the tables says."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache

import pytest

from scoring.engine import Assessment
from scoring.insight.briefing import Told, achievements, candidates, consequences, lacks, next_steps, overview, problems
from scoring.insight.briefing.told import SHORT
from scoring.project import open_project
from tests.briefing.independent import CHECKS, Second, half_up, inner, numbers
from tests.demo import ROOT, YEARS, demo

EXAMPLES = sorted(path.name for path in (ROOT / "examples").iterdir() if path.is_dir())
# the demo city of both years, then while the year is under way, at its end and before the cut-off; every example
RUNS = [*YEARS, "2024-09-30", *EXAMPLES]
AS_TRIAL = ["2024-06-15", "2024-12-31", "2025-01-12"]


@cache
def groups_of(run: str) -> list[tuple[Assessment, str, Second]]:
    """Every group of every period of a run, and the tables to be asked again."""
    project = open_project(ROOT / "examples" / run) if run in EXAMPLES else demo()
    if not project.ready:
        return []
    day = date.fromisoformat(run) if "-" in run else None
    periods = project.periods if run in EXAMPLES else [run if run in YEARS else "2024"]
    results = [project.assess(period, day or project.period(period).cut_off) for period in periods]
    return [(result, group, Second(result, group)) for result in results for group in result.rubric.groups]


each_run = pytest.mark.parametrize("run", [*RUNS, *(pytest.param(day, marks=pytest.mark.trial) for day in AS_TRIAL)])


def told_of(result: Assessment, group: str) -> list[Told]:
    """Every sentence, told or not."""
    found = [*achievements(result, group), *lacks(result, group), *next_steps(result, group), *consequences(result, group)]
    return [*found, *candidates(result, group)]


@each_run
def test_every_sentence_is_what_plain_sql_says(run: str) -> None:
    for result, group, second in groups_of(run):
        for one in told_of(result, group):
            assert one.rule in CHECKS, f"no independent check of {one.rule}"
            assert one.text == CHECKS[one.rule](second, one.text)


@each_run
def test_a_short_form_says_no_number_that_its_sentence_does_not(run: str) -> None:
    for result, group, _ in groups_of(run):
        register = result.rubric.register
        names = [*(unit.title for unit in register.units), *(one.title for one in result.rubric.indicators.values())]
        names += [form for one in result.rubric.indicators.values() if one.flag for form in (one.flag.label, inner(one.flag.label))]
        for one in [*candidates(result, group), *achievements(result, group)]:
            assert 0 < len(one.short) <= SHORT, one.short
            assert one.text.endswith("。") and "  " not in one.text, one.text
            if one.rule not in ("consequence", "waiting_step", "problem_step"):
                assert set(numbers(one.short, names)) <= set(numbers(one.text, names)), (one.short, one.text)


@each_run
def test_at_most_three_of_a_kind_and_none_twice(run: str) -> None:
    for result, group, _ in groups_of(run):
        every = {one.text for one in candidates(result, group)}
        for kind, found in (("成绩", achievements(result, group)), ("不足", lacks(result, group)), ("下一步", next_steps(result, group))):
            assert len(found) <= 3
            assert len({one.text for one in found}) == len(found)
            assert {one.kind for one in found} <= {kind}
            if kind != "成绩":  # of those the items of a problem told already are left out
                assert {one.text for one in found} <= every
        wanted = [STEPS[one.rule] for one in lacks(result, group)]
        assert [one.rule for one in next_steps(result, group)][: len(wanted)] == wanted


@each_run
def test_the_problem_of_most_units_is_told_first(run: str) -> None:
    for result, group, second in groups_of(run):
        counts = second.rows("SELECT label, count(DISTINCT who) FROM verdict WHERE told = 'short' GROUP BY label")
        # who was vetoed, or lost a place by a penalty, stands before all problems
        found = [one for one in lacks(result, group) if one.rule not in ("vetoed", "penalty")]
        if not counts:
            assert not [one for one in found if one.rule == "problem"]
            continue
        most = max(count for _, count in counts)
        assert found[0].rule == "problem"
        assert found[0].link.query["label"] in [label for label, count in counts if count == most]
        known = {one.label: one for one in problems(result, group) if one.is_flag}
        assert {label: len(one.cells) for label, one in known.items()} == dict(counts)
        applies = dict(second.rows("SELECT label, count(DISTINCT who) FROM verdict WHERE told IN ('short', 'clear', 'open') GROUP BY label"))
        for label, one in known.items():
            assert len(one.applies) == applies[label]
            assert one.is_common is (len(one.cells) >= 3 and 2 * len(one.cells) >= applies[label])
            assert one.is_single is (len(one.cells) == 1)


@each_run
def test_cells_of_the_heat_map(run: str) -> None:
    """Points lost by all items of a problem, and what these lack together, where they count the same thing."""
    for result, group, second in groups_of(run):
        for one in problems(result, group):
            if one.is_flag and one.total is not None:  # a column adds up to what is told of the problem
                assert sum(cell.gap or 0 for cell in one.cells.values()) == one.total[0]
            test = f"label = '{one.label}'" if one.is_flag else f"state = '{STATES[one.label]}'"
            table = "fell" if one.is_flag else "(SELECT s.* FROM shortfall s ANTI JOIN fell USING (unit, indicator))"
            rows = second.rows(f"""SELECT unit, sum(points_lost), count(*) = count(points_lost), max(points_lost) FROM {table}
                WHERE "group" = '{group}' AND {test} GROUP BY unit""")
            assert {unit: total if known else None for unit, total, known, _ in rows} == {unit: cell.lost for unit, cell in one.cells.items()}
            for unit, cell in one.cells.items():
                row = second.rows(f"SELECT stage, points_lost FROM {table} WHERE unit = '{unit}' AND indicator = '{cell.indicator}' AND {test}")[0]
                assert row[0] == cell.stage
                if one.is_flag:
                    gaps = second.rows(f"SELECT gap, stage FROM {table} WHERE unit = '{unit}' AND {test}")
                    summed = [gap for gap, stage in gaps if stage != "未报送"]
                    if len(gaps) == 1 or cell.gap is not None:
                        assert cell.gap == (sum(summed) if summed and None not in summed else None)
                    if one.total is not None and summed:
                        assert cell.gap == sum(summed)
                if cell.lost is not None:
                    assert row[1] == next(worst for code, _, _, worst in rows if code == unit)


STEPS = {
    "vetoed": "vetoed_step", "penalty": "penalty_step", "problem": "problem_step", "waiting": "waiting_step", "mean_fell": "mean_step", "gap_widened": "lowest_step",
    "reports": "reports_step", "fell_most": "fallen_step", "weakest_section": "section_step", "largest_loss": "loss_step",
}  # fmt: skip
STATES = {"未报送": "missing", "脱敏": "masked", "未登记或未到期": "pending", "基数为零": "zero_base"}


@each_run
def test_the_overview_is_what_plain_sql_says(run: str) -> None:
    for result, group, second in groups_of(run):
        found = overview(result, group)
        count, ranked, with_total, high, low = second.rows("SELECT count(*), count(place), count(total), max(total), min(total) FROM mine")[0]
        assert (found.units, found.ranked, found.settled) == (count, ranked, count == with_total)
        assert [*found.open_units] == second.column("SELECT title FROM mine WHERE state = 'pending' ORDER BY pos")
        total = second.one("SELECT sum(total) FROM mine")
        decimals = result.rubric.spec.rounding.total
        expected = half_up(Fraction(total) / with_total, 2 if decimals is None else decimals) if with_total else None
        assert found.mean == expected
        for rows, end in ((found.highest, high), (found.lowest, low)):
            assert {row["unit"] for row in rows} == set(second.column(f"SELECT unit FROM mine WHERE total = {end}") if end is not None else [])
        assert found.gap == (high - low if with_total > 1 else None)
        for is_open, test in ((found.highest_open, f"total_high IS NULL OR total_high > {high}"), (found.lowest_open, f"total_low IS NULL OR total_low < {low}")):
            assert is_open is bool(second.one(f"SELECT count(*) FROM mine WHERE state = 'pending' AND ({test if high is not None else True})"))
        grades = dict(second.rows("SELECT grade, count(*) FROM mine WHERE grade IS NOT NULL GROUP BY grade"))
        assert found.grades == tuple((one.title, grades.get(one.title, 0)) for one in result.rubric.spec.grades)
        assert found.without_grade == (count - sum(grades.values()) if result.rubric.spec.grades else 0)
        rose, fell, same = second.rows("SELECT count(*) FILTER (m.place < p.place), count(*) FILTER (m.place > p.place), count(*) FILTER (m.place = p.place) "
                                       "FROM mine m JOIN past p USING (unit)")[0]  # fmt: skip
        assert (found.risen, found.fallen, found.same) == (rose, fell, same)
        if found.common_mean is not None:
            both = "FROM mine m JOIN past p USING (unit) WHERE m.total + p.total IS NOT NULL"
            size, now, then = second.rows(f"SELECT count(*), sum(m.total), sum(p.total) {both}")[0]
            assert len(found.common_mean.units) == size
            assert (found.common_mean.now, found.common_mean.before) == (half_up(Fraction(now) / size, 2), half_up(Fraction(then) / size, 2))
        assert (found.before is not None) is bool(second.one("SELECT count(*) FROM past"))
