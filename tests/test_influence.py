"""影响省对市得分: towns of two and three units reckoned by hand, games by brute force, the demo city against real removals."""

from __future__ import annotations

import argparse
import random
import shutil
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest

from scoring.engine import assess
from scoring.insight.influence import Influence, NotReckoned, Part, influence, rubric_over_members
from scoring.insight.shapley import every_coalition, exact, met, orders, sampled
from scoring.project import Project, open_project
from scoring.reports import influence as told
from scoring.studies import influence as command
from scoring.studies.delivery import NotDone, as_text
from tests.demo import ROOT, demo, scored
from tests.tiny import Tiny, item

REGISTER = """
    - {code: city, title: 试验市, kind: department}
    - {code: c1, title: 甲县, kind: county, in: city}
    - {code: c2, title: 乙县, kind: county, in: city}
    - {code: c3, title: 丙县, kind: county, in: city}
"""
MEASURES = """
    all_done: {title: 完成, form: figures, value: sum(done)}
    all_aim: {title: 任务, form: figures, value: sum(aim)}
    all_wrong: {title: 差错, form: figures, value: sum(wrong)}
"""
GROUPS = "{all: {title: 全市, units: {kinds: [department]}, full_marks: 10, facts: members}}"
DEDUCTED = item("rules: [{kind: deductions, parts: [{measure: all_wrong, each: 1}]}]")
RATIO = item("""
    actual: all_done
    target: all_aim
    value: 100 * actual / target
    rules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]
""", "y")  # fmt: skip
TABLE = """
    单位 done aim wrong
    甲县 8    10  2
    乙县 2    10  1
    丙县 0    0   0
"""


def found(folder: Path, indicators: str, table: str = TABLE, register: str = REGISTER, **more: str) -> Influence:
    tiny = Tiny(table=table, measures=MEASURES, indicators=indicators, register=register, groups=GROUPS, **more)
    project = tiny.open(folder)
    return of(project)


def of(project: Project, period: str = "2024", **more: object) -> Influence:
    rubric = project.rubric
    assert rubric is not None
    span = rubric.period(period)
    return influence(project.store, rubric, span, span.cut_off, **more)  # type: ignore[arg-type]


def shares(study: Influence) -> dict[str, Fraction]:
    return {one.title: one.share for one in study.parts if one.share is not None}


def gains(study: Influence) -> dict[str, Fraction | None]:
    return {one.title: one.gain for one in study.parts}


def part(study: Influence, unit: str) -> Part:
    return next(one for one in study.parts if one.unit == unit)


def adds_up(study: Influence) -> bool:
    """In all, and clause by clause."""
    whole = sum((one.share or Fraction(0) for one in study.parts), sum(study.alone.values(), Fraction(0)))
    by_clause = all(
        sum((one.by_clause[c.code] for one in study.parts), study.alone.get(c.code, Fraction(0))) == c.lost for c in study.clauses
    )
    return whole == study.lost == sum(one.lost for one in study.clauses) and by_clause


# --- towns -----------------------------------------------------------------------------------------------


def test_what_is_added_up_is_everybodys_own(tmp_path: Path) -> None:
    study = found(tmp_path, DEDUCTED)
    # 10 − 3 × 1 = 7; without 甲县 9, without 乙县 8; 丙县 did nothing wrong
    assert (study.total, study.lost) == (7, 3)
    assert shares(study) == {"甲县": 2, "乙县": 1, "丙县": 0}
    assert gains(study) == {"甲县": -2, "乙县": -1, "丙县": 0}
    assert adds_up(study) and study.pairs == 0


def test_a_ratio_of_two(tmp_path: Path) -> None:
    two = TABLE.replace("    丙县 0    0   0\n", "")
    study = found(tmp_path, RATIO, two, "\n".join(line for line in REGISTER.splitlines() if "丙县" not in line))
    # alone 甲县 8 of 10 → 8 points, 乙县 2 of 10 → 2; both 10 of 20 → 5. Lost: 2, 8, both 5.
    # 甲县 first 2, after 乙县 5 − 8 = −3: mean −0.5; 乙县 first 8, after 甲县 5 − 2 = 3: mean 5.5
    assert shares(study) == {"甲县": Fraction(-1, 2), "乙县": Fraction(11, 2)}
    assert gains(study) == {"甲县": 3, "乙县": -3}
    assert part(study, "c2").worst == "y" and part(study, "c1").worst is None
    assert told.sentence(study, part(study, "c2")) == "乙县拉低全市 5.50 分（其中指标y 5.50 分），市内名次暂缺。"
    assert told.sentence(study, part(study, "c1")) == "甲县没有拉低全市，还替全市找回 0.50 分，市内名次暂缺。"


def test_a_threshold_of_three(tmp_path: Path) -> None:
    body = "actual: all_done\nrules: [{kind: bands, bands: [{at_least: 3, points: 6}, {points: 0}]}]"
    table = "单位 done aim wrong\n甲县 2 0 0\n乙县 1 0 0\n丙县 1 0 0"
    study = found(tmp_path, item(body, full="6"), table)
    # whoever comes first loses 6; they come back when 甲县 and one other are there. In the six orders
    # 甲县 6, 6, −6, −6, −6, −6: mean −2; 乙县 −6, 0, 6, 6, 0, 0: mean 1; 丙县 alike; what nobody can earn, 10 − 6 = 4,
    # is lost by no clause and by each order's first: 4 / 3
    third = Fraction(4, 3)
    assert shares(study) == {"甲县": -2 + third, "乙县": 1 + third, "丙县": 1 + third}
    assert [part(study, code).by_clause["x"] for code in ("c1", "c2", "c3")] == [-2, 1, 1]
    assert gains(study) == {"甲县": 6, "乙县": 0, "丙县": 0}
    assert adds_up(study)


def test_bonus_limit_and_several_clauses_add_up(tmp_path: Path) -> None:
    """A deduction, a ratio and a bonus under a limit of the total, of two counties."""
    bonus = "- {kind: bonus, code: more, title: 加分, clause: 加, parts: [{measure: all_done, each: 0.5}], pool: 4}"
    study = found(
        tmp_path, (DEDUCTED + RATIO).replace("full_marks: 10", "full_marks: 5"), "\n".join(TABLE.splitlines()[:-1]),
        "\n".join(REGISTER.splitlines()[:-1]), adjustments=bonus, total="{at_least: 0, at_most: 8}",
    )  # fmt: skip
    # both: 5 − 3 = 2; 10 of 20 → 2.5; 10 × 0.5 = 5, at most 4: 8.5, at most 8
    assert study.total == 8
    assert {one.code: one.lost for one in study.clauses} == {"x": 3, "y": Fraction(5, 2), "more": -4, "steps": Fraction(1, 2)}
    assert adds_up(study)
    # 甲县 alone: 5 − 2 = 3; 8 of 10 → 4; 8 × 0.5 = 4: 11, at most 8. 乙县 alone: 4; 2 of 10 → 1; 1: 6
    # lost 2 and 4, both 2: 甲县 (2 + (2 − 4)) / 2 = 0, 乙县 (4 + (2 − 2)) / 2 = 2
    assert shares(study) == {"甲县": 0, "乙县": 2} and gains(study) == {"甲县": 2, "乙县": 0}
    # x: 2 and 1. y: lost 1 and 4, both 2.5: (1 + (2.5 − 4)) / 2 = −0.25, (4 + (2.5 − 1)) / 2 = 2.75.
    # bonus: 4 and 1, both 4: (4 + 3) / 2 = 3.5, (1 + 0) / 2 = 0.5. Limit: 3 and 0, both 0.5: (3 + 0.5) / 2, (0 − 2.5) / 2
    half = Fraction(1, 2)
    assert part(study, "c1").by_clause == {"x": 2, "y": -half / 2, "more": -7 * half, "steps": 7 * half / 2}
    assert part(study, "c2").by_clause == {"x": 1, "y": 11 * half / 2, "more": -half, "steps": -5 * half / 2}


def test_the_rows_of_the_city_itself_stay(tmp_path: Path) -> None:
    own = MEASURES + "    wanted: {title: 全市任务, form: figures, value: sum(aim), rows: own}\n"
    body = item("actual: all_done\ntarget: wanted\nvalue: 100 * actual / target\nrules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]")
    table = "单位 done aim wrong\n试验市 0 20 0\n甲县 8 10 2\n乙县 2 10 1\n丙县 0 0 0"
    project = Tiny(table=table, measures=own, indicators=body, register=REGISTER, groups=GROUPS).open(tmp_path)
    study = of(project)
    # 10 of 20 → 5; without 甲县 2 of 20 → 1, without 乙县 8 of 20 → 4
    assert (study.total, gains(study)) == (5, {"甲县": 4, "乙县": 1, "丙县": 0})
    # counts of things: alone 甲县 loses 6, 乙县 9, 丙县 10; who joins gives back what it does. Mean of first and not first:
    # a third of 10, less what it does itself
    assert shares(study) == {"甲县": Fraction(10, 3) - 4, "乙县": Fraction(10, 3) - 1, "丙县": Fraction(10, 3)}


# --- what cannot be said ---------------------------------------------------------------------------------


def test_a_rubric_over_nobody(tmp_path: Path) -> None:
    project = Tiny(table="单位 done\n甲县 1", indicators=item("rules: [{kind: awards, parts: [{measure: done, each: 1}]}]")).open(tmp_path)
    with pytest.raises(NotReckoned, match="不是按所辖单位合计的数据计分"):
        of(project)
    assert rubric_over_members(project.editions.all, "2024") is None


def test_one_member_carries_all_of_it(tmp_path: Path) -> None:
    register = "\n".join(line for line in REGISTER.splitlines() if "乙县" not in line and "丙县" not in line)
    study = found(tmp_path, DEDUCTED, "单位 done aim wrong\n甲县 8 10 2", register)
    assert (shares(study), gains(study)) == ({"甲县": 2}, {"甲县": None})  # without it there is no city


def test_a_unit_without_any_below_it(tmp_path: Path) -> None:
    project = Tiny(table=TABLE, measures=MEASURES, indicators=DEDUCTED, register=REGISTER + "    - {code: d1, title: 空市, kind: department}\n", groups=GROUPS).open(tmp_path)
    with pytest.raises(NotReckoned, match="没有单位在它下面"):
        of(project, unit="d1")
    with pytest.raises(NotReckoned, match="没有按所辖单位合计的数据考核“甲县”"):
        of(project, unit="c1")


def test_an_open_total_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotReckoned, match="试验市的总分还没有定（指标x还没有定）"):
        found(tmp_path, DEDUCTED, "单位 done aim wrong\n甲县 8 10 _\n乙县 2 10 1")


def test_an_open_total_without_somebody_is_said(tmp_path: Path) -> None:
    """乙县 and 丙县 have no row: a city of them alone has no figure, and it is not guessed."""
    study = found(tmp_path, DEDUCTED, "单位 done aim wrong\n甲县 8 10 2")
    assert gains(study) == {"甲县": None, "乙县": 0, "丙县": 0}
    assert study.unshared == "设想没有甲县时，总分定不下来，所以不能分摊" and not shares(study)
    assert told.sentence(study, part(study, "c1")) == "没有甲县，试验市的总分定不下来；市内名次暂缺。"
    assert told.bars(study, "light") == "" and len(told.sheets(study)) == 2


def test_units_compared_with_each_other_are_not_shared(tmp_path: Path) -> None:
    body = item("value: all_done\nbase_zero: {then: no_points}\nrules: [{kind: formula, points: full * value / highest(value)}]")
    with pytest.raises(NotReckoned, match="按组内比较计分"):
        found(tmp_path, body)


# --- games -----------------------------------------------------------------------------------------------


def drawn_game(players: int, seed: int) -> dict[int, tuple[int, ...]]:
    draw = random.Random(seed)
    return {bits: (draw.randint(-9, 99), draw.randint(0, 3)) if bits else (0, 0) for bits in every_coalition(players)}


@pytest.mark.parametrize("players", [1, 2, 3, 5])
def test_shares_by_every_order(players: int) -> None:
    game = drawn_game(players, players)
    every = list(permutations(range(players)))
    sums = [[0, 0] for _ in range(players)]
    for order in every:
        bits = 0
        for player in order:
            for at in (0, 1):
                sums[player][at] += game[bits | 1 << player][at] - game[bits][at]
            bits |= 1 << player
    by_hand = tuple(tuple(Fraction(one, len(every)) for one in own) for own in sums)
    assert exact(players, [game[bits] for bits in every_coalition(players)]).by_player == by_hand


def test_symmetric_and_idle_players() -> None:
    # worth: 12 where both 0 and 1 are there; 2 is idle
    game = [(12,) if bits & 3 == 3 else (0,) for bits in every_coalition(3)]
    assert exact(3, game).by_player == ((6,), (6,), (0,))


def test_random_orders_add_up_and_come_near() -> None:
    players = 8
    game = drawn_game(players, 4)
    taken = orders(players, 150, seed=7)
    assert taken == orders(players, 150, seed=7) != orders(players, 150, seed=8)
    assert all(order == tuple(reversed(back)) for order, back in zip(taken[::2], taken[1::2], strict=True))
    assert set(met(taken)) >= {0, (1 << players) - 1}
    near, right = sampled(players, taken, game.__getitem__), exact(players, [game[bits] for bits in every_coalition(players)])
    assert [sum(column) for column in zip(*near.by_player, strict=True)] == list(game[(1 << players) - 1])
    for one, known, error in zip(near.by_player, right.by_player, near.errors, strict=True):
        assert 0 < error < 6 and abs(float(sum(one) - sum(known))) < 4 * error
    assert sampled(players, taken[:2], game.__getitem__).errors == (float("inf"),) * players


# --- the demo city ---------------------------------------------------------------------------------------


@cache
def demo_study(by: str) -> Influence:
    project = demo()
    rubric = rubric_over_members(project.editions.all, "2024")
    assert rubric is not None
    span = rubric.period("2024")
    return influence(project.store, rubric, span, span.cut_off, scored("2024").assessment, by)  # type: ignore[arg-type]


@pytest.mark.parametrize("by", ["counties", "all"])
def test_the_demo_city_adds_up(by: str) -> None:
    study, project = demo_study(by), demo()
    official = assess(project.store, study.rubric, study.period, study.as_of).one("ranking", unit="city")
    assert official is not None and study.total == Fraction(official["total"])
    assert adds_up(study) and not study.unshared
    assert (len(study.parts), len(study.always)) == {"counties": (12, 17), "all": (29, 0)}[by]
    places = {row["unit"]: row["place"] for row in scored("2024").assessment.rows("ranking")}
    assert all(one.place == places[one.unit] for one in study.parts)


def test_sampled_shares_of_the_demo_city_know_their_error() -> None:
    study = demo_study("all")
    assert study.pairs == 60 and all(one.error is not None and 0 < one.error < 1.5 for one in study.parts)
    told_ = told.method(study)
    assert "抽 120 种" in told_ and "合计正好等于全市失分" in told_


def test_whoever_did_not_report_costs_most() -> None:
    """茗川县 sent no ledger for a quarter, so that three clauses are not scored for the whole city: 8 + 5 + 5 points."""
    study = demo_study("counties")
    first = told.by_share(study)[0]
    assert first.title == "茗川县" and first.gain is not None and first.gain < -15
    lost = {one.code: one.lost for one in study.clauses}
    assert (lost["entry_rate"], lost["transfers"], lost["disclosure"]) == (8, 5, 5)


def test_a_year_without_a_total_is_said() -> None:
    project = demo()
    rubric = rubric_over_members(project.editions.all, "2023")
    assert rubric is not None
    span = rubric.period("2023")
    with pytest.raises(NotReckoned, match="青岚市的总分还没有定（案件总量同比还没有定）"):
        influence(project.store, rubric, span, span.cut_off)


@pytest.mark.parametrize("unit", ["c01", "c07", "d06"])
def test_without_a_unit_is_the_city_that_never_had_it(unit: str, tmp_path: Path) -> None:
    """The register is written anew without the unit (and its people), and the whole project is scored by `assess`."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "data").mkdir()
    shutil.copytree(ROOT / "data" / "sample", tmp_path / "data" / "sample", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = tmp_path / "config" / "units.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    outside = [line.replace("in: city, ", "") if f"code: {unit}," in line else line for line in lines]
    path.write_text("\n".join(outside).replace("in: c01", "in: city") + "\n", encoding="utf-8")
    project = open_project(tmp_path, tmp_path / "config" / "rubrics" / "province_to_city.yaml")
    assert project.ready and project.rubric is not None
    row = project.assess("2024", date(2025, 1, 20)).one("ranking", unit="city")
    gain = part(demo_study("all"), unit).gain
    assert row is not None and gain is not None and Fraction(row["total"]) == demo_study("all").total - gain


# --- the command -----------------------------------------------------------------------------------------


def asked(**more: object) -> argparse.Namespace:
    return argparse.Namespace(**{"by": "counties", "indicator": None, **more})


def test_the_command_tells_every_unit() -> None:
    study = command.study(demo(), scored("2024").assessment, asked())
    text = as_text(study)
    assert study.title == "影响青岚市省对市得分（示例）" and study.picture.startswith("<svg")
    assert "青岚市得 59.41 分，失 40.59 分。" in text and "市内排名最后的是雁川县" in text
    for one in demo_study("counties").parts:
        assert told.sentence(demo_study("counties"), one) in study.told
    units = {row[0]: row for row in study.sheets[0].rows}
    # 没有它时 + 变化 = what the table of places says: 59.41 + 15.73
    assert units["茗川县"][3:5] == ("75.14", "+15.73")


def test_the_command_tells_one_clause() -> None:
    study = command.study(demo(), scored("2024").assessment, asked(indicator="两法衔接录入率"))
    (sheet,) = study.sheets
    assert sheet.rows[0][0] == "茗川县" and sheet.rows[-1] == ("合计", "8.00", "100%")
    with pytest.raises(NotDone, match="省对市的办法里没有指标“没有”。可用：groups、meetings"):
        command.study(demo(), scored("2024").assessment, asked(indicator="没有"))


def test_the_command_started_from_the_rubric_of_the_city() -> None:
    """With --rubric the result is the city's; the places are still those of its own 办法."""
    project = open_project(ROOT, ROOT / "config" / "rubrics" / "province_to_city.yaml")
    result = project.assess("2024", date(2025, 1, 20))
    study = command.study(project, result, asked())
    assert study.sheets[0].rows == command.study(demo(), scored("2024").assessment, asked()).sheets[0].rows


def test_a_project_without_such_a_rubric_is_told() -> None:
    project: Project = open_project(ROOT / "examples" / "nanjiang_2023")
    label = project.periods[0]
    with pytest.raises(NotDone, match="没有一份是按所辖单位合计的数据给全市计分的"):
        command.study(project, project.assess(label, project.period(label).cut_off), asked())
    with pytest.raises(NotDone, match="青岚市的总分还没有定"):
        command.study(demo(), scored("2023").assessment, asked())


def test_amounts_are_rounded_half_away_from_zero() -> None:
    assert [told.shown(Fraction(one, 1000)) for one in (1325, -1325, 1324, -4, 0)] == ["1.33", "−1.33", "1.32", "0.00", "0.00"]
    assert [told.signed(Fraction(one, 100)) for one in (5, -5, 0)] == ["+0.05", "−0.05", "0.00"]
