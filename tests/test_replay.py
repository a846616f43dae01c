"""Two years by two editions: what of a change is work and what is rule. Expected values are hand arithmetic, in comments."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path

import pytest

from scoring.insight.replay import NotReplayed, Redone, Replay
from scoring.insight.replay_told import group_sentence, notes, unit_sentence
from scoring.project import Project, open_project
from scoring.project.replaying import replay_of
from scoring.reports.replay_tables import place_rows, total_rows
from scoring.studies import path as path_command
from scoring.studies import replay as command
from scoring.studies.delivery import NotDone, deliver
from tests.demo import demo, scored
from tests.test_editions import OLD, PRICE, edition, project_of
from tests.tiny import Tiny, item, n

D = Decimal
GROUPS = "{all: {title: 县区, units: {kinds: [county]}, full_marks: 20}}"


def replayed(folder: Path, other: str | None = None, period: str = "2024") -> Replay:
    return replay(opened(folder), other, period)


def opened(folder: Path) -> Project:
    project = open_project(folder)
    assert project.ready, "\n".join(map(str, project.issues))
    return project


def replay(project: Project, other: str | None = None, period: str = "2024") -> Replay:
    return replay_of(project, project.assess(period, project.period(period).cut_off), other)


def by_title(found: Replay) -> dict[str, Redone]:
    return {one.title: one for one in found.units}


def totals(one: Redone) -> list[Decimal | None]:
    return [row and row["total"] for row in one.four.all]


def places(one: Redone) -> list[int | None]:
    return [row and row["place"] for row in one.four.all]


# --- the two parts -----------------------------------------------------------------------------------------


def two_editions(folder: Path) -> Path:
    """Figures of 2023: 甲 a 5, b 1; 乙 a 3, b 2. Of 2024: 甲 4, 4; 乙 4, 3. The edition of 2023 gives 3 for each b (10 at
    most), that of 2024 gives 1."""
    project_of(folder)
    edition(folder, "2023", OLD, PRICE)
    return folder


def test_a_change_is_work_and_rule(tmp_path: Path) -> None:
    """              2023 old  2023 new  2024 old  2024 new
    甲              5 + 3 = 8  5 + 1 = 6  4 + 10 = 14  4 + 4 = 8
    乙              3 + 6 = 9  3 + 2 = 5  4 + 9 = 13   4 + 3 = 7
    甲: rule ½[(6 − 8) + (8 − 14)] = −4, work ½[(14 − 8) + (8 − 6)] = 4, together 0.
    乙: rule ½[(5 − 9) + (7 − 13)] = −5, work ½[(13 − 9) + (7 − 5)] = 3, together −2.
    Places of 甲: 2, 1, 1, 1; gained: rule ½[1 + 0], work ½[1 + 0]."""
    found = by_title(replayed(two_editions(tmp_path)))
    first, second = found["甲县"], found["乙县"]
    assert totals(first) == [n(8), n(6), n(14), n(8)] and totals(second) == [n(9), n(5), n(13), n(7)]
    assert first.total is not None and (first.total.whole, first.total.work, first.total.rule) == (n(0), n(4), n(-4))
    assert second.total is not None and (second.total.whole, second.total.work, second.total.rule) == (n(-2), n(3), n(-5))
    assert places(first) == [2, 1, 1, 1] and places(second) == [1, 2, 2, 2]
    assert first.place is not None and (first.place.whole, first.place.work, first.place.rule) == (n(1), n("0.5"), n("0.5"))
    assert second.place is not None and (second.place.whole, second.place.work, second.place.rule) == (n(-1), n("-0.5"), n("-0.5"))


def test_it_is_said_in_one_sentence_each(tmp_path: Path) -> None:
    found = replayed(two_editions(tmp_path))
    told = {title: unit_sentence(found, one) for title, one in by_title(found).items()}
    assert told == {
        "甲县": "甲县总分由 8.00 到 8.00（没有变）：工作变化 +4.00，办法变化 −4.00；名次由第 2 到第 1（升 1 名：工作升 0.5，办法升 0.5）。",
        "乙县": "乙县总分由 9.00 降到 7.00（−2.00）：工作变化 +3.00，办法变化 −5.00；名次由第 1 到第 2（降 1 名：工作降 0.5，办法降 0.5）。",
    }
    assert group_sentence(found, "all") == (
        "县区，2023 年到 2024 年，2 个单位算得出：总分平均变化 −1.00 分，其中工作变化 +3.50 分，办法变化 −4.50 分；"
        "办法变化影响最大的是乙县（−5.00 分）。2 个单位两年都有名次，2 个名次变了，其中 2 个与办法变化有关。"
    )
    assert notes(found) == []
    assert [row[1:9] for row in total_rows(found)] == [
        ("甲县", n(8), n(6), n(14), n(8), n(0), n(4), n(-4)), ("乙县", n(9), n(5), n(13), n(7), n(-2), n(3), n(-5)),
    ]  # fmt: skip
    assert [row[1:] for row in place_rows(found)] == [
        ("甲县", 2, 1, 1, 1, 1, n("0.5"), n("0.5")), ("乙县", 1, 2, 2, 2, -1, n("-0.5"), n("-0.5")),
    ]  # fmt: skip


def test_with_one_edition_all_is_work(tmp_path: Path) -> None:
    """Nothing but the edition of 2022 on: 甲 6 → 8, 乙 5 → 7."""
    found = replayed(project_of(tmp_path, OLD))
    assert found.same_rubric
    assert [(one.total.whole, one.total.work, one.total.rule) for one in found.units if one.total] == [(n(2), n(2), n(0))] * 2
    assert "两年用同一版办法，变化全是工作" in group_sentence(found, "all")
    assert "名次没有变，仍是第 1 名" in unit_sentence(found, by_title(found)["甲县"])


# --- what one year lacks -----------------------------------------------------------------------------------

EXTRA = """
    form: extra
    title: 移送台账
    kept_by: unit
    dated_by: sent_on
    columns:
      - {code: sent_on, title: 移送日期, type: date, required: true}
      - {code: closed_on, title: 办结日期, type: date}
"""
OWN = item("rules: [{kind: awards, parts: [{measure: a, each: 1}]}]", "x")
ALL = item("rules: [{kind: awards, parts: [{measure: sent, each: 1}]}]", "y")
CLOSED = item("rules: [{kind: awards, parts: [{measure: closed, each: 1}]}]", "z")
SENT = "sent: {title: 移送案件, form: extra, value: count(*)}\nclosed: {title: 办结案件, form: extra, value: count(*), where: closed_on is not null}"


def grown(folder: Path, indicators: str, rows: str) -> Path:
    """甲: a 4 in 2023, 6 in 2024. The edition of 2024 has more items than that of 2023; `rows`: of 移送台账."""
    Tiny(
        "unit a\n甲县 6\n乙县 5\n", OWN + indicators, measures=SENT, forms={"extra": EXTRA}, data={"extra": rows},
        periods='["2024", "2023"]', groups=GROUPS,
    ).write(folder)  # fmt: skip
    data = folder / "data" / "figures.csv"
    data.write_text(data.read_text(encoding="utf-8") + "甲县,2023-06-30,4\n乙县,2023-06-30,3\n", encoding="utf-8")
    path = folder / "config" / "scoring.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("in_force: 2022-01-01", "in_force: 2024-01-01"), encoding="utf-8")
    return folder


def without(folder: Path, name: str) -> tuple[str, str]:
    """The last item, of this name, as it stands in the rubric, taken out."""
    text = (folder / "config" / "scoring.yaml").read_text(encoding="utf-8")
    start = text.index(f"      - code: {name}\n")
    return text[start : text.index("adjustments:", start)], ""


HEAD = "单位 移送日期   办结日期\n"


def test_a_register_that_a_year_does_not_have_is_no_zero(tmp_path: Path) -> None:
    """移送台账 began in 2024, and y with it: by the new edition 2023 cannot be reckoned, and it is said."""
    grown(tmp_path, ALL, HEAD + "甲县 2024-03-01 _\n乙县 2024-03-01 _\n")
    edition(tmp_path, "2023", OLD, without(tmp_path, "y"))
    found = replayed(tmp_path)
    one = by_title(found)["甲县"]
    assert totals(one) == [n(4), None, n(6), n(7)] and one.total is None and one.place is None
    assert [lack.told for lack in found.lacks] == ["2023 年没有“移送台账”的数据，2024 版第y条无法重算"]
    assert notes(found)[0] == "2023 年没有“移送台账”的数据，2024 版第y条无法重算；县区的这一种总分不列，不当作 0 分。"
    assert unit_sentence(found, one) == "甲县：2023 年按 2024 版无法重算，分不开工作和办法。"
    assert total_rows(found)[0][3] == place_rows(found)[0][3] == "无法重算"
    assert "没有一个四种算法都有总分" in group_sentence(found, "all")


def test_a_column_that_nobody_filled_in_that_year_is_no_zero(tmp_path: Path) -> None:
    """2023 has rows, counted by its own edition (y), but nobody wrote 办结日期, which only the edition of 2024 (z) counts."""
    rows = HEAD + "甲县 2023-03-01 _\n乙县 2023-03-01 _\n甲县 2024-03-01 2024-04-01\n乙县 2024-03-01 _\n"
    grown(tmp_path, CLOSED, rows)
    text = (tmp_path / "config" / "scoring.yaml").read_text(encoding="utf-8")
    assert "measure: closed" in text
    edition(tmp_path, "2023", OLD, ("measure: closed", "measure: sent"))
    found = replayed(tmp_path)
    assert [lack.told for lack in found.lacks] == ["2023 年“移送台账”没有填“办结日期”一栏，2024 版第z条无法重算"]
    one = by_title(found)["甲县"]
    assert totals(one) == [n(5), None, n(7), n(7)]
    silent = found.then_by_new.one("ranking", unit=one.unit)
    assert silent is not None and silent["total"] == n(4), "what is kept back: 4, as if nothing had been closed in 2023"


def test_what_the_edition_of_that_year_looks_at_as_well_is_its_own_affair(tmp_path: Path) -> None:
    """Both editions count the register; that there was nothing in 2023 was judged by the edition of 2023 already."""
    grown(tmp_path, ALL, HEAD + "甲县 2024-03-01 _\n乙县 2024-03-01 _\n")
    edition(tmp_path, "2023", OLD)
    assert replayed(tmp_path).lacks == ()


def test_a_figure_that_one_unit_lacks_is_told_by_clause(tmp_path: Path) -> None:
    """b counts since 2024; in 2023 乙 left it empty: 乙 is open by the new edition, 甲 4 + 2 = 6."""
    both = item("rules: [{kind: awards, parts: [{measure: b, each: 1}]}]", "y")
    Tiny("unit a b\n甲县 6 3\n乙县 5 3\n", OWN + both, periods='["2024", "2023"]', groups=GROUPS).write(tmp_path)
    data = tmp_path / "data" / "figures.csv"
    data.write_text(data.read_text(encoding="utf-8") + "甲县,2023-06-30,4,2\n乙县,2023-06-30,3,\n", encoding="utf-8")
    path = tmp_path / "config" / "scoring.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("in_force: 2022-01-01", "in_force: 2024-01-01"), encoding="utf-8")
    edition(tmp_path, "2023", OLD, without(tmp_path, "y"))
    found = replayed(tmp_path)
    assert found.lacks == ()
    assert totals(by_title(found)["甲县"]) == [n(4), n(6), n(6), n(9)]
    assert totals(by_title(found)["乙县"]) == [n(3), None, n(5), n(8)]
    assert "2023 年的数据按 2024 版，县区有 1 个单位算不出第y条指标y，总分暂缺，不当作 0 分。" in notes(found)
    assert unit_sentence(found, by_title(found)["乙县"]) == "乙县：2023 年按 2024 版总分暂缺，分不开工作和办法。"


# --- bad input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other, told",
    [("2024", "两个考核期相同"), ("2025", "2025 年在 2024 年之后"), ("去年", "考核期“去年”读不懂"), ("2019", "没有 2019 年的数据，无法重算")],
)
def test_another_year_that_cannot_be(tmp_path: Path, other: str, told: str) -> None:
    with pytest.raises(NotReplayed, match=told):
        replayed(two_editions(tmp_path), other)


def test_only_one_year_of_data(tmp_path: Path) -> None:
    Tiny("unit a\n甲县 6\n乙县 5\n", OWN, groups=GROUPS).write(tmp_path)
    with pytest.raises(NotReplayed, match="没有 2023 年的数据，无法重算"):
        replayed(tmp_path)


def test_an_edition_with_errors(tmp_path: Path) -> None:
    edition(two_editions(tmp_path), "2023b", "2023-06-01", ("measure: a, each: 1", "measure: nothing, each: 1"))
    with pytest.raises(NotReplayed, match=r"2023 年应按 config/rubrics/2023b\.yaml 计分，这份办法有错误"):
        replayed(tmp_path)


def test_a_unit_of_one_year_only_is_left_out_and_named(tmp_path: Path) -> None:
    two_editions(tmp_path)
    path = tmp_path / "config" / "units.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.rstrip("\n") + "\n  - {code: c3, title: 丙县, kind: county, valid: {from: 2024-01-01}}\n", encoding="utf-8")
    found = replayed(tmp_path)
    assert list(by_title(found)) == ["甲县", "乙县"] and found.moved_group == ("丙县",)
    assert "丙县只有一年在考核之列，或换了考核分组，不比较。" in notes(found)


# --- the demo city -----------------------------------------------------------------------------------------


def test_the_parts_of_every_unit_of_the_demo_add_up() -> None:
    found = replay_of(demo(), scored().assessment)
    assert (found.then.rubric.spec.edition, found.now.rubric.spec.edition) == ("2023", "2024")
    then, now = ({row["unit"]: row for row in scored(year).assessment.rows("ranking")} for year in ("2023", "2024"))
    split = 0
    for one in found.units:
        if one.total is None or one.place is None:
            assert now[one.unit]["total"] is None
            continue
        split += 1
        assert one.total.work + one.total.rule == one.total.whole == now[one.unit]["total"] - then[one.unit]["total"]
        assert one.place.work + one.place.rule == one.place.whole == then[one.unit]["place"] - now[one.unit]["place"]
    assert split == 25 and found.lacks == found.opened == ()


def test_a_year_with_one_register_only_has_no_totals() -> None:
    """2022 has nothing but the case ledger (for 上年同期): every total of 2022 is open."""
    project = demo()
    found = replay_of(project, scored("2023").assessment, "2022")
    assert all(one.total is None for one in found.units)
    assert "没有一个四种算法都有总分" in group_sentence(found, "county")


# --- the commands ------------------------------------------------------------------------------------------


def arguments(line: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    command.add(commands, [])
    path_command.add(commands, [])
    return parser.parse_args(line.split())


def test_replay_on_the_command_line(tmp_path: Path) -> None:
    study = command.study(demo(), scored().assessment, arguments("replay --other 2023"))
    assert study.title == "2023 年与 2024 年重算（示例）" and [len(sheet.rows) for sheet in study.sheets] == [29, 29]
    deliver(study, tmp_path / "重算.csv")
    assert "示例：单位和数据均为虚构" in (tmp_path / "重算.csv").read_text(encoding="utf-8-sig")
    with pytest.raises(NotDone, match="没有 2019 年的数据"):
        command.study(demo(), scored().assessment, arguments("replay --other 2019"))


def test_path_on_the_command_line() -> None:
    result = scored().assessment
    study = path_command.study(demo(), result, arguments("path 笙溪县 --day 2024-12-01"))
    assert study.told[0].startswith("笙溪县要前进 1 名，最省力的是：")
    steps = study.sheets[0]
    assert steps.title == "要做的事" and steps.rows[-1][0] == "合计"
    assert sum(D(str(row[3])) for row in steps.rows[:-1]) == steps.rows[-1][3], "what each brings adds up"
    assert "没有可行的路径" in path_command.study(demo(), result, arguments("path c09")).told[0]
    for line, told in (("path 某县", "没有被考核单位"), ("path c08 --places 0", "前进的名次数须是 1 或更大的整数")):
        with pytest.raises(NotDone, match=told):
            path_command.study(demo(), result, arguments(line))
