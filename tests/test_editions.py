"""Editions of a rubric: which one scores a period, whose places last year's are, and how far a wrong one reaches."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from scoring.__main__ import NOT_SCORED, SCORED, main
from scoring.issues import errors
from scoring.project import Project, open_project
from scoring.sql.exact import half_up
from tests.demo import demo, scored
from tests.tiny import Scores, Tiny, item, n

Capture = pytest.CaptureFixture[str]

INDICATORS = item("rules: [{kind: awards, parts: [{measure: a, each: 1}]}]", "x") + item(
    "rules: [{kind: awards, parts: [{measure: b, each: 1}]}]", "y"
)
OLD, NEW = "2023-01-01", "2024-01-01"
PRICE = ("measure: b, each: 1", "measure: b, each: 3")


def project_of(folder: Path, in_force: str = NEW, periods: str = '["2024", "2023"]') -> Path:
    """Two counties over two years. By the rubric as written, x is worth a and y is worth b.

    2023: 甲 5 + 1 = 6, 乙 3 + 2 = 5. 2024: 甲 4 + 4 = 8, 乙 4 + 3 = 7. With b three times the price, 2023 turns
    round: 甲 5 + 3 = 8, 乙 3 + 6 = 9.
    """
    groups = "{all: {title: 县区, units: {kinds: [county]}, full_marks: 20}}"
    Tiny("unit a b\n甲县 4 4\n乙县 4 3\n", INDICATORS, periods=periods, groups=groups).write(folder)
    data = folder / "data" / "figures.csv"
    data.write_text(data.read_text(encoding="utf-8") + "甲县,2023-06-30,5,1\n乙县,2023-06-30,3,2\n", encoding="utf-8")
    rubric = folder / "config" / "scoring.yaml"
    text = rubric.read_text(encoding="utf-8")
    rubric.write_text(text.replace("in_force: 2022-01-01", f"in_force: {in_force}"), encoding="utf-8")
    return folder


def edition(folder: Path, label: str, in_force: str, *changes: tuple[str, str], name: str = "") -> Path:
    """A copy of the rubric in force under config/rubrics, with another label and day."""
    text = (folder / "config" / "scoring.yaml").read_text(encoding="utf-8")
    now = next(line for line in text.splitlines() if line.startswith("document:")).split("in_force: ")[1].rstrip("}")
    for old, new in (
        ('edition: "2024"', f'edition: "{label}"'),
        (f"in_force: {now}", f"in_force: {in_force}"),
        *changes,
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "config" / "rubrics" / f"{name or label}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def opened(folder: Path, rubric: Path | None = None) -> Project:
    project = open_project(folder, rubric)
    assert project.ready, "\n".join(map(str, project.issues))
    return project


def year(project: Project, label: str) -> Scores:
    return Scores(project, project.assess(label, project.period(label).cut_off))


def warned(project: Project) -> list[str]:
    return [str(issue) for issue in project.issues if issue.level == "warning"]


# --- which edition -----------------------------------------------------------------------------------------


def test_each_year_is_scored_by_its_own_edition(tmp_path: Path) -> None:
    edition(project_of(tmp_path), "2023", OLD, PRICE)
    project = opened(tmp_path)
    assert (project.edition("2023").spec.edition, project.edition("2024").spec.edition) == ("2023", "2024")
    last = year(project, "2023")
    assert (last.total("甲县")["total"], last.total("乙县")["total"]) == (n(8), n(9))
    now = year(project, "2024")
    assert (now.total("甲县")["total"], now.total("乙县")["total"]) == (n(8), n(7))


def test_last_years_places_are_those_of_the_edition_in_force_then(tmp_path: Path) -> None:
    edition(project_of(tmp_path), "2023", OLD, PRICE)
    now = year(opened(tmp_path), "2024")
    assert {unit: now.place(unit)["place"] for unit in ("甲县", "乙县")} == {"甲县": 1, "乙县": 2}
    assert {unit: now.place(unit)["previous_place"] for unit in ("甲县", "乙县")} == {"甲县": 2, "乙县": 1}
    assert {unit: now.place(unit)["previous_total"] for unit in ("甲县", "乙县")} == {"甲县": 8, "乙县": 9}
    assert now.assessment.edition_changed
    assert now.assessment.previous is not None and not now.assessment.previous.edition_changed


def test_one_edition_over_both_years_has_not_changed(tmp_path: Path) -> None:
    now = year(opened(project_of(tmp_path, "2022-01-01")), "2024")
    assert {unit: now.place(unit)["previous_place"] for unit in ("甲县", "乙县")} == {"甲县": 1, "乙县": 2}
    assert not now.assessment.edition_changed


def test_without_an_edition_in_force_then_there_is_no_last_year(tmp_path: Path) -> None:
    project = opened(project_of(tmp_path))
    assert year(project, "2024").place("甲县")["previous_place"] is None
    assert year(project, "2023").total("甲县")["total"] == n(6)  # on trial, by the only one there is


@pytest.mark.parametrize(
    ("days", "chosen"),
    [
        (("2024-01-01",), "2024-01-01"),
        (("2023-01-01", "2024-12-31"), "2024-12-31"),  # not after the end of the period
        (("2023-01-01", "2025-01-01"), "2023-01-01"),
        (("2020-01-01", "2022-07-01", "2023-05-01"), "2023-05-01"),
        (("2025-01-01", "2026-01-01"), "2025-01-01"),  # before the first of them: that one, on trial
    ],
)
def test_the_latest_not_after_the_end_of_the_period(days: tuple[str, ...], chosen: str, tmp_path: Path) -> None:
    *earlier, last = days
    project_of(tmp_path, last)
    for number, day in enumerate(earlier):
        edition(tmp_path, f"第{number}", day)
    assert opened(tmp_path).edition("2024").spec.document.in_force == date.fromisoformat(chosen)


def test_a_newer_edition_waits_for_its_period(tmp_path: Path) -> None:
    """An edition for next year may lie there already; the rubric in force stays the one meant without a period."""
    edition(project_of(tmp_path, "2022-01-01", '["2025", "2024", "2023"]'), "2025", "2025-01-01", PRICE)
    project = opened(tmp_path)
    assert project.rubric is not None and project.rubric.spec.edition == "2024"
    assert [project.edition(label).spec.edition for label in ("2023", "2024", "2025")] == ["2024", "2024", "2025"]


def test_a_period_is_cut_as_its_edition_cuts_it(tmp_path: Path) -> None:
    edition(project_of(tmp_path), "2023", OLD, ("starts: 01-01, cut_off: +20d", "starts: 01-01, cut_off: +45d"))
    project = opened(tmp_path)
    assert (project.period("2023").cut_off, project.period("2024").cut_off) == (date(2024, 2, 14), date(2025, 1, 20))


def test_another_rubric_is_no_edition(tmp_path: Path) -> None:
    edition(project_of(tmp_path), "2023", OLD, PRICE, ("rubric: 试验办法", "rubric: 上级办法"))
    project = opened(tmp_path)
    assert project.edition("2023").spec.edition == "2024"
    assert year(project, "2024").place("甲县")["previous_place"] is None
    assert [one.title for one in project.editions.all] == ["试验办法", "上级办法"]
    (found,) = project.rubrics_named("2023")
    assert not warned(project) and found is project.editions.others[0]


# --- --rubric ----------------------------------------------------------------------------------------------


def test_a_rubric_given_by_hand_scores_any_period(tmp_path: Path) -> None:
    edition(project_of(tmp_path), "2023", OLD, PRICE)
    project = opened(tmp_path, tmp_path / "config" / "scoring.yaml")
    assert year(project, "2023").total("甲县")["total"] == n(6)
    draft = edition(tmp_path, "2024", NEW, PRICE, name="draft").rename(tmp_path / "draft.yaml")
    now = year(opened(tmp_path, draft), "2024")
    assert {unit: now.total(unit)["total"] for unit in ("甲县", "乙县")} == {"甲县": 14, "乙县": 13}, "y: at most 10"
    assert now.place("甲县")["previous_place"] == 2, "last year was as it was"


def test_a_draft_shares_label_and_day_with_what_it_replaces(tmp_path: Path) -> None:
    project_of(tmp_path)
    draft = edition(tmp_path, "2024", NEW, PRICE, name="draft").rename(tmp_path / "draft.yaml")
    assert not warned(opened(tmp_path, draft))


def test_the_command_line_chooses_and_overrides(tmp_path: Path, capsys: Capture) -> None:
    edition(project_of(tmp_path), "2023", OLD, PRICE)

    def found(*arguments: str) -> tuple[str, str]:
        assert main(["score", "--project", str(tmp_path), "--period", "2023", "--format", "json", *arguments]) == SCORED
        told = json.loads(capsys.readouterr().out)
        return told["edition"], next(one["total"] for one in told["units"] if one["title"] == "甲县")

    assert found() == ("2023", "8")
    assert found("--rubric", str(tmp_path / "config" / "scoring.yaml")) == ("2024", "6")


# --- an edition with errors --------------------------------------------------------------------------------


def unknown_name(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("measure: b", "measure: bb")
    path.write_text(text, encoding="utf-8")


def unknown_key(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "weight: 3\n", encoding="utf-8")


def no_yaml(path: Path) -> None:
    path.write_text("rubric: [\n", encoding="utf-8")


@pytest.mark.parametrize("spoil", [unknown_name, unknown_key, no_yaml], ids=lambda one: one.__name__)
def test_an_older_edition_with_errors_stops_itself_only(
    spoil: Callable[[Path], None], tmp_path: Path, capsys: Capture
) -> None:
    spoil(edition(project_of(tmp_path), "2023", OLD))
    project = opened(tmp_path)
    head, *rest = warned(project)
    assert head.startswith("config/rubrics/2023.yaml: 这份办法") and "整份不用" in head and "其他办法不受影响" in head
    assert rest and all(told.startswith("config/rubrics/2023.yaml:") for told in rest), "with line and message"
    now = year(project, "2024")
    assert now.total("甲县")["total"] == n(8)
    assert now.place("甲县")["previous_place"] is None and not now.assessment.edition_changed
    assert project.periods == ["2024"], "a period nobody can score is not offered"
    with pytest.raises(ValueError, match=r"2023 年应按 config/rubrics/2023\.yaml 计分"):
        project.assess("2023", date(2024, 1, 20))
    assert main(["score", "--project", str(tmp_path)]) == SCORED
    capsys.readouterr()
    assert main(["score", "--project", str(tmp_path), "--period", "2023"]) == NOT_SCORED
    told = capsys.readouterr()
    assert told.out == "" and "错误 config/rubrics/2023.yaml:" in told.err and "2023 年应按" in told.err
    assert main(["check", "--project", str(tmp_path)]) == SCORED
    assert "整份不用" in capsys.readouterr().out


def test_a_wrong_edition_between_two_right_ones_stops_its_years_only(tmp_path: Path) -> None:
    project_of(tmp_path, periods='["2024", "2023", "2022"]')
    edition(tmp_path, "2022", "2022-01-01")
    unknown_name(edition(tmp_path, "2023", OLD))
    project = opened(tmp_path)
    assert project.periods == ["2024", "2022"]
    assert project.edition("2022").spec.edition == "2022"


def test_a_wrong_edition_is_listed_with_its_own_place(tmp_path: Path) -> None:
    path = edition(project_of(tmp_path), "2023", OLD)
    unknown_name(path)
    line = next(
        number for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if "measure: bb" in text
    )
    (stopped,) = opened(tmp_path).editions.stopped
    assert (stopped.title, stopped.edition, stopped.in_force) == ("试验办法", "2023", date(2023, 1, 1))
    (issue,) = errors(stopped.issues)
    assert (issue.file, issue.line, issue.problem) == ("config/rubrics/2023.yaml", line, "没有数据项“bb”")


def test_another_rubric_with_errors_stops_no_period(tmp_path: Path) -> None:
    unknown_name(edition(project_of(tmp_path, "2022-01-01"), "2023", OLD, ("rubric: 试验办法", "rubric: 上级办法")))
    project = opened(tmp_path)
    assert project.periods == ["2024", "2023"] and len(warned(project)) == 2


def test_errors_of_the_rubric_in_force_stop_everything_as_before(tmp_path: Path) -> None:
    edition(project_of(tmp_path), "2023", OLD)
    unknown_name(tmp_path / "config" / "scoring.yaml")
    project = open_project(tmp_path)
    assert not project.ready and project.rubric is None
    assert [issue.file for issue in errors(project.issues)] == ["config/scoring.yaml"]


# --- editions that cannot be told apart --------------------------------------------------------------------


def line_of(path: Path, key: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, text in enumerate(lines, 1) if text.startswith(key))


def test_a_label_twice(tmp_path: Path) -> None:
    path = edition(project_of(tmp_path), "2024", OLD, name="2023")
    project = opened(tmp_path)
    (stopped,) = project.editions.stopped
    line = line_of(path, "edition:")
    assert [str(issue) for issue in stopped.issues] == [
        f"config/rubrics/2023.yaml:{line}: edition: 版本“2024”与 config/scoring.yaml:{line} 重名。同一办法的各版请用不同的版本名。"
    ]
    assert project.periods == ["2024"], "the year it would score; the rubric in force is left alone"


def test_a_day_twice(tmp_path: Path) -> None:
    project_of(tmp_path)
    paths = [edition(tmp_path, label, OLD, name=name) for label, name in (("甲", "a"), ("乙", "b"))]
    project = opened(tmp_path)
    line = line_of(paths[0], "document:")
    assert [str(issue) for stopped in project.editions.stopped for issue in stopped.issues] == [
        f"config/rubrics/{own}.yaml:{line}: document.in_force: 施行日期 2023-01-01 与 config/rubrics/{other}.yaml:{line} "
        "相同，分不清按哪一版计分。同一办法的各版请写不同的施行日期。"
        for own, other in (("a", "b"), ("b", "a"))
    ], "neither is taken"
    assert project.periods == ["2024"]


def test_two_rubrics_may_share_both(tmp_path: Path) -> None:
    edition(project_of(tmp_path), "2024", NEW, ("rubric: 试验办法", "rubric: 上级办法"), name="province")
    assert not warned(opened(tmp_path))


# --- scores that only one edition knows --------------------------------------------------------------------


def test_a_score_for_an_indicator_of_another_edition_is_no_question(tmp_path: Path) -> None:
    review = """\
        form: review
        title: 考核组评分
        kept_by: office
        dated_by: judged_on
        columns:
          - {code: indicator, title: 指标代码, type: text, required: true}
          - {code: score, title: 评分, type: decimal, required: true}
          - {code: judged_on, title: 评分日期, type: date, required: true}
        """
    scores = "单位 指标代码 评分 评分日期\n甲县 y 4 2024-12-01\n甲县 z 8 2023-12-01\n甲县 w 1 2023-12-01\n"
    judged = "rules: [{kind: judged, limit: full}]"
    Tiny(
        indicators=item(judged, "y", "5"), forms={"review": review}, data={"review": scores}, units=["甲县", "乙县"]
    ).write(tmp_path)
    edition(tmp_path, "2023", "2021-01-01", ("code: y", "code: z"), ("full_marks: 5", "full_marks: 6"))
    told = [str(issue) for issue in opened(tmp_path).issues]
    assert [text for text in told if "“z”" in text and "没有用上" in text] == []
    assert any("没有由考核组评分的指标“w”" in text for text in told)
    assert any("评分 8 高于上限 6 分" in text for text in told), "the limit is that of the edition that judges it"


# --- the demo city -----------------------------------------------------------------------------------------


def test_the_demo_city_has_two_editions() -> None:
    project = demo()
    assert [(one.spec.edition, str(one.spec.document.in_force)) for one in project.editions.same] == [
        ("2023", "2023-01-01"),
        ("2024", "2024-01-01"),
    ]
    assert scored("2023").assessment.rubric.spec.edition == "2023"
    assert scored("2024").assessment.rubric.spec.edition == "2024"
    assert scored("2024").assessment.edition_changed
    assert "transfer" not in scored("2023").assessment.rubric.indicators


@pytest.mark.parametrize(("period", "begins"), [("2023", 50), ("2024", 60)])
def test_disclosure_by_hand_in_both_years(period: str, begins: int) -> None:
    """第八条（一）: 5 points at 100 %, in proportion from 50 % (2023) or 60 % (2024) on, below that nothing."""
    seen = 0
    for row in scored(period).assessment.rows("indicator_score", indicator="disclosure", state="value"):
        rate = Fraction(row["actual"]) * 100 / Fraction(row["target"])
        expected = max(Fraction(0), 5 * (rate - begins) / (100 - begins))
        assert row["points"] == Decimal(half_up(expected * 100)).scaleb(-2), row["unit"]
        seen += 0 < row["points"] < 5
    assert seen > 3


@pytest.mark.parametrize(("period", "late"), [("2023", "0.3"), ("2024", "0.5")])
def test_stage_reports_by_hand_in_both_years(period: str, late: str) -> None:
    """第八条（三）: 3 points, less 0.3 (2023) or 0.5 (2024) for each late one and 1 for each missing one."""
    assessment = scored(period).assessment
    statuses: dict[str, list[str]] = {}
    for row in assessment.rows("due", form="stage_report"):
        statuses.setdefault(row["unit"], []).append(row["status"])
    for unit, found in statuses.items():
        row = assessment.one("indicator_score", unit=unit, indicator="stage_reports")
        assert row is not None
        assert row["points"] == max(n(0), 3 - found.count("late") * n(late) - found.count("missing")), unit
    assert any("late" in found for found in statuses.values())


def test_the_places_of_2023_are_shown_beside_those_of_2024() -> None:
    last = {row["unit"]: (row["place"], row["total"]) for row in scored("2023").assessment.rows("ranking")}
    for row in scored("2024").assessment.rows("ranking"):
        assert (row["previous_place"], row["previous_total"]) == last[row["unit"]]
