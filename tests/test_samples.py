"""标准样例: what a rubric must give for figures worked by hand, and what is said when it does not.

Expected numbers are hand arithmetic, in comments. That made-up units are scored as real ones are is shown by scoring the
real ones once more from their figures alone.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from scoring.__main__ import NOT_SCORED, SCORED, main
from scoring.engine import made_up, samples
from scoring.engine.made_up import MadeUp, score
from scoring.engine.sample_results import outcomes
from scoring.issues import errors
from scoring.project import Project, open_project
from scoring.rubric import Rubric
from scoring.rubric.samples import Said
from tests.demo import ROOT, demo
from tests.demo import scored as demo_scored
from tests.tiny import Scores, Tiny, item

SMALL = ROOT / "tests" / "projects" / "small"
FIX = "请核对条款和样例，改正写错的一处。"
TASK = item(
    "actual: done\ntarget: task\nvalue: 100 * actual / target\n"
    "rules: [{kind: piecewise, straight: [[50, 0], [100, full]], below: 0}]"
)
# done of task, faults at 0.5 points, a visit yes or no; one group
TABLE = "unit done task faults:decimal1 visited:boolean praise bad\n甲县 6 8 1 是 0 0\n乙县 8 8 0 否 1 0"
ITEMS = TASK + item("rules: [{kind: deductions, parts: [{measure: faults, each: 0.5}]}]", "y", "4")


def written(folder: Path, tiny: Tiny, text: str) -> Path:
    """The project with samples; the first line of them is `samples:`."""
    tiny.write(folder)
    path = folder / "config" / "scoring.yaml"
    block = textwrap.indent(textwrap.dedent(text).strip("\n"), "  ")
    path.write_text(f"{path.read_text(encoding='utf-8')}samples:\n{block}\n", encoding="utf-8")
    return folder


def told(folder: Path, tiny: Tiny, text: str) -> list[str]:
    """The errors of the project, each less its file and line."""
    project = open_project(written(folder, tiny, text))
    found = errors(project.issues)
    assert project.ready is not bool(found)
    assert all(issue.file == "config/scoring.yaml" and issue.line is not None for issue in found)
    return [str(issue).partition(": ")[2] for issue in found]


def plain(indicators: str = ITEMS, **more: Any) -> Tiny:
    return Tiny(TABLE, indicators, **more)


def test_what_comes_out_as_written_is_no_word_worth(tmp_path: Path) -> None:
    # 6 of 8 = 75 %: (75 − 50) ÷ (100 − 50) × 10 = 5; 4 − 3 × 0.5 = 2.5; 1 of 8 is below half
    text = """
        - title: 过半
          clause: 第一条
          note: 6 ÷ 8 = 75%
          units:
            - {name: 甲, figures: {done: 6, task: 8, faults: 3}, expect: {x: 5, y: 2.5}}
            - {name: 乙, figures: {done: 1, task: 8}, expect: {x: 0}}
    """
    assert told(tmp_path, plain(), text) == []


def test_what_does_not_come_out_is_told_with_its_place_all_at_once(tmp_path: Path) -> None:
    text = """
        - title: 过半
          units:
            - name: 甲
              figures: {done: 6, task: 8, faults: 3}
              expect:
                x: 4
                y: 2.5
        - title: 全部完成
          units: [{name: 乙, figures: {done: 8, task: 8}, expect: {x: 9}}]
    """
    project = open_project(written(tmp_path, plain(), text))
    lines = (tmp_path / "config" / "scoring.yaml").read_text(encoding="utf-8").splitlines()
    first = lines.index("          x: 4") + 1
    second = next(number for number, line in enumerate(lines, 1) if "name: 乙" in line)
    assert [str(issue) for issue in errors(project.issues)] == [
        f"config/scoring.yaml:{first}: samples[0].units[0].expect.x: "
        f"标准样例“过半”：甲的“指标x”应得 4 分，按本办法算出 5 分。{FIX}",
        f"config/scoring.yaml:{second}: samples[1].units[0].expect.x: "
        f"标准样例“全部完成”：乙的“指标x”应得 9 分，按本办法算出 10 分。{FIX}",
    ]
    assert not project.ready


# --- states and ranges -----------------------------------------------------------------------------------

ABSENT = "- {{title: 例, units: [{{name: 甲, figures: {{done: {said}, task: 8}}, expect: {{x: {expected}}}}}]}}"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("未报送", "未报送"), ("未报送", "暂缺"), ("未报送", "[0, 10]"), ("脱敏", "脱敏"), ("脱敏", "暂缺"), ("暂缺", "暂缺"),
        ("不适用", "不适用"), ("4", "0"),
    ],
)  # fmt: skip
def test_why_there_are_no_points(tmp_path: Path, said: str, expected: str) -> None:
    assert told(tmp_path, plain(), ABSENT.format(said=said, expected=expected)) == []


@pytest.mark.parametrize(
    ("said", "expected", "message"),
    [
        ("未报送", "脱敏", "应为“脱敏”，按本办法算出“未报送”（0 至 10 分）"),
        ("未报送", "0", "应得 0 分，按本办法算出“未报送”（0 至 10 分）"),
        ("未报送", "[0, 8]", "应得 0 至 8 分，按本办法算出“未报送”（0 至 10 分）"),
        ("不适用", "0", "应得 0 分，按本办法算出“不适用”（由其余指标折算）"),
        ("不适用", "暂缺", "应为“暂缺”，按本办法算出“不适用”（由其余指标折算）"),
        ("6", "暂缺", "应为“暂缺”，按本办法算出 5 分"),
        ("6", "[0, 10]", "应得 0 至 10 分，按本办法算出 5 分"),
    ],
)
def test_why_there_are_no_points_is_told(tmp_path: Path, said: str, expected: str, message: str) -> None:
    found = told(tmp_path, plain(), ABSENT.format(said=said, expected=expected))
    assert found == [f"samples[0].units[0].expect.x: 标准样例“例”：甲的“指标x”{message}。{FIX}"]


def test_a_report_that_costs_all_points_has_points(tmp_path: Path) -> None:
    tiny = plain(missing="no_points")
    text = "- {title: 例, units: [{name: 甲, figures: {done: 未报送, task: 8}, expect: {x: 0}}]}"
    assert told(tmp_path / "a", tiny, text) == []
    assert told(tmp_path / "b", tiny, text.replace("x: 0", "x: 未报送")) == []
    (found,) = told(tmp_path / "c", tiny, text.replace("x: 0", "x: 暂缺"))
    assert "应为“暂缺”，按本办法算出“未报送”（0 分）" in found


@pytest.mark.parametrize(
    ("then", "expected"), [("no_points", "0"), ("full_marks", "10"), ("not_applicable", "不适用"), (None, "基数为零")]
)
def test_a_divisor_of_zero(tmp_path: Path, then: str | None, expected: str) -> None:
    policy = f"\nbase_zero: {{then: {then}}}" if then else ""
    body = item(
        "actual: done\ntarget: task\nvalue: 100 * actual / target\n"
        f"rules: [{{kind: piecewise, straight: [[50, 0], [100, full]], below: 0}}]{policy}"
    )
    text = f"- {{title: 例, units: [{{name: 甲, figures: {{done: 0, task: 0}}, expect: {{x: {expected}}}}}]}}"
    assert told(tmp_path, plain(body), text) == []


def test_an_end_without_limit(tmp_path: Path) -> None:
    body = item("rules: [{kind: awards, parts: [{measure: done, each: 2}]}]", full=None)
    text = "- {title: 例, units: [{name: 甲, figures: {done: 暂缺}, expect: {x: [0, none]}}]}"
    assert told(tmp_path / "a", plain(body), text) == []
    (found,) = told(tmp_path / "b", plain(body), text.replace("none", "6"))
    assert "应得 0 至 6 分，按本办法算出“暂缺”（不低于 0 分）" in found


# --- what was not said -----------------------------------------------------------------------------------


def test_a_figure_that_decides_must_be_said(tmp_path: Path) -> None:
    text = "- {title: 例, units: [{name: 甲, figures: {done: 6}, expect: {x: 5}}]}"
    assert told(tmp_path, plain(), text) == [
        "samples[0].units[0].expect.x: 标准样例“例”：没有写甲的“task”（task）的数值。"
        "请在 figures 里补上；确实没有的写 未报送、脱敏、不适用 或 暂缺。"
    ]


def test_a_figure_that_decides_nothing_may_be_left_out(tmp_path: Path) -> None:
    """An item that does not apply needs no more; the other item is expected nothing of."""
    body = TASK.replace("rules:", "not_applicable: {when: not visited, then: rescale, reason: 没有走访}\n  rules:") + item(
        "rules: [{kind: deductions, parts: [{measure: faults, each: 0.5}]}]", "y", "4"
    )
    text = "- {title: 例, units: [{name: 甲, figures: {visited: 否}, expect: {x: 不适用}}]}"
    assert told(tmp_path, plain(body), text) == []


def test_a_total_needs_all_that_counts(tmp_path: Path) -> None:
    tiny = plain(adjustments="[{kind: bonus, code: b, title: 表扬, clause: 第九条, parts: [{measure: praise, each: 1}], pool: 2}]")
    text = "- {title: 例, units: [{name: 甲, figures: {done: 8, task: 8}, expect: {total: %s}}]}"
    (found,) = told(tmp_path / "a", tiny, text % "14")
    assert "没有写甲的“faults”（faults）、“praise”（praise）的数值" in found
    # x is 10, y 0 to 4, the bonus 0 to 2
    assert told(tmp_path / "b", tiny, text % "[10, 16]") == []
    (found,) = told(tmp_path / "c", tiny, text % "[10, 14]")
    assert "甲的总分应为 10 至 14 分，按本办法算出“暂缺”（10 至 16 分）" in found
    said = text.replace("task: 8", "task: 8, faults: 脱敏, praise: 0")
    assert told(tmp_path / "d", tiny, said % "暂缺") == []
    (found,) = told(tmp_path / "e", tiny, said % "14")
    assert "甲的总分应为 14 分，按本办法算出“暂缺”（10 至 14 分）" in found


# --- several units ---------------------------------------------------------------------------------------

THREE = """
    - title: 三个县
      units:
        - {name: 甲, figures: {done: 8, task: 8, faults: 0}, expect: {place: 1}}
        - {name: 乙, figures: {done: 6, task: 8, faults: 0}}
        - {name: 丙, figures: {done: 6, task: 8, faults: 0}, expect: {place: 2}}
      order: %s
"""


def test_order_and_ties(tmp_path: Path) -> None:
    assert told(tmp_path / "a", plain(), THREE % "[甲, [乙, 丙]]") == []
    assert told(tmp_path / "b", plain(), THREE % "[甲, 乙, 丙]") == [
        "samples[0].order: 标准样例“三个县”：名次由先到后应为 甲、乙、丙，按本办法甲排第 1 名，乙排第 2 名，丙排第 2 名。" + FIX
    ]
    (found,) = told(tmp_path / "c", plain(), THREE % "[[甲, 乙], 丙]")
    assert "名次由先到后应为 甲和乙（并列）、丙，按本办法甲排第 1 名" in found


def test_places_that_are_open(tmp_path: Path) -> None:
    text = """
        - title: 例
          units:
            - {name: 甲, figures: {done: 6, task: 8, faults: 0}, expect: {place: %s}}
            - {name: 乙, figures: {done: %s, task: 8, faults: 0}}
    """
    assert told(tmp_path / "a", plain(), text % ("[1, 2]", "未报送")) == []
    (found,) = told(tmp_path / "b", plain(), text % ("1", "未报送"))
    assert "甲的名次应为第 1 名，按本办法排第 1 至 2 名" in found
    (found,) = told(tmp_path / "c", plain(), (text % ("1", "未报送")).replace("done: 未报送, ", ""))
    assert "没有写乙的“done”（done）的数值" in found


def test_samples_do_not_see_each_other(tmp_path: Path) -> None:
    """One unit of 2 in ten may be 优秀; in a sample of its own the quota of 1 unit is for that unit."""
    tiny = plain(grades="[{title: 优秀, at_least: 9, quota: {units: 1, tie: out}}, {title: 其他}]")
    full = "figures: {done: 8, task: 8, faults: 0}, expect: {grade: %s, place: 1}"
    alone = "\n".join(f"- {{title: 例{n}, units: [{{name: 甲, {full % '优秀'}}}]}}" for n in (1, 2, 3))
    assert told(tmp_path / "a", tiny, alone) == []
    both = f"- {{title: 例, units: [{{name: 甲, {full % '优秀'}}}, {{name: 乙, {full % '其他'}}}]}}"
    assert told(tmp_path / "b", tiny, both) == [
        "samples[0].units[0].expect.grade: 标准样例“例”：甲的等次应为“优秀”，按本办法为“其他”（因名额：样例里本组共 2 个单位）。" + FIX
    ]


def test_comparison_with_the_group_sees_the_units_of_the_sample_only(tmp_path: Path) -> None:
    # half of the best: 10 × 3 ÷ 6; in the second sample the best is 4: 10 × 3 ÷ 4
    body = item("actual: done\nrules: [{kind: formula, points: full * value / highest(value)}]")
    text = """
        - title: 例一
          units:
            - {name: 甲, figures: {done: 3}, expect: {x: 5}}
            - {name: 乙, figures: {done: 6}, expect: {x: 10}}
        - title: 例二
          units:
            - {name: 甲, figures: {done: 3}, expect: {x: 7.5}}
            - {name: 乙, figures: {done: 4}}
    """
    assert told(tmp_path / "a", plain(body), text) == []
    (found,) = told(tmp_path / "b", plain(body), text.replace("figures: {done: 4}", "figures: {}"))
    assert "例二”：没有写乙的“done”（done）的数值" in found


def test_an_average_in_place_of_points_is_of_the_units_of_the_sample(tmp_path: Path) -> None:
    # 甲 has 10 and 6: the mean 8 stands for the unit without the item
    body = "rules: [{kind: judged, measure: done}]\nnot_applicable: {then: average, reason: 没有}"
    text = """
        - title: 例一
          units:
            - {name: 甲, figures: {done: 10}}
            - {name: 乙, figures: {done: 6}}
            - {name: 丙, figures: {done: 不适用}, expect: {x: 8}}
        - title: 例二
          units: [{name: 甲, figures: {done: 2}}, {name: 丙, figures: {done: 不适用}, expect: {x: 2}}]
    """
    assert told(tmp_path, plain(item(body)), text) == []


def test_full_marks_spread_over_the_neighbours(tmp_path: Path) -> None:
    # the 10 of x go to y and z, 5 each: half of 15 and 80 % of 25
    share = "rules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]"
    body = (
        item("rules: [{kind: judged, measure: done}]\nnot_applicable: {then: spread, reason: 没有}")
        + item(f"actual: task\n{share}", "y", "10") + item(f"actual: praise\n{share}", "z", "20")
    )  # fmt: skip
    text = "- {title: 例, units: [{name: 甲, figures: {done: %s, task: 50, praise: 80}, expect: {y: %s, z: %s}}]}"
    assert told(tmp_path / "a", plain(body), text % ("不适用", "7.5", "20")) == []
    assert told(tmp_path / "b", plain(body), text % ("3", "5", "16")) == []
    assert told(tmp_path / "c", plain(body), (text % ("不适用", "7.5", "20")).replace(", z: 20", "")) == []


# --- sections, adjustments, totals -----------------------------------------------------------------------

WHOLE = Tiny(
    TABLE,
    sections=f"""
- code: work
  title: 工作
  full_marks: 14
  indicators:
{textwrap.indent(TASK, "    ")}{textwrap.indent(item("rules: [{kind: deductions, parts: [{measure: faults, each: 0.5}], lands_on: section}]", "y", "4"), "    ")}
- code: visits
  title: 走访
  full_marks: 6
  indicators:
{textwrap.indent(item("not_applicable: {then: rescale, reason: 不走访}" + chr(10) + "rules: [{kind: checklist, need: all, points: full, items: [{if: visited}]}]", "z", "6"), "    ")}
""",
    adjustments="""
        - {kind: bonus, code: praised, title: 表扬, clause: 第八条, parts: [{measure: praise, each: 2}], pool: 3, gate: base >= 15}
        - {kind: penalty, code: late, title: 批评, clause: 第九条, parts: [{measure: praise, each: 1}], cap: 2}
        - {kind: veto, code: false_report, title: 弄虚作假, clause: 第十条, when: bad > 0, effect: {score_at_most: 5}}
    """,
    groups="{all: {title: 县区, units: {kinds: [county]}, full_marks: 20}}",
    total="{at_least: 0, at_most: none}",
)
SAID = "done: 8, task: 8, faults: 1, visited: 是, praise: 0, bad: 0"


def whole(folder: Path, figures: str, expected: str) -> list[str]:
    return told(folder, WHOLE, f"- {{title: 例, units: [{{name: 甲, figures: {{{figures}}}, expect: {{{expected}}}}}]}}")


def test_sections_adjustments_and_totals(tmp_path: Path) -> None:
    # x 10, y 4 less half a point that lands on the section: 13.5; visits 6: 19.5
    assert whole(tmp_path / "a", SAID, "work: 13.5, visits: 6, y: 3.5, praised: 0, late: 0, false_report: 否, total: 19.5") == []
    # nine faults are 4.5: more than the 4 points of the item, 4 − 4.5 = −0.5, the section 14 − 4.5
    assert whole(tmp_path / "b", SAID.replace("faults: 1", "faults: 9"), "y: -0.5, work: 9.5") == []
    # two praises: 4, at most 3; and 2 of the penalty: 19.5 + 3 − 2
    praised = SAID.replace("praise: 0", "praise: 2")
    assert whole(tmp_path / "c", praised, "praised: 3, late: -2, total: 20.5") == []
    # without a visit the base is 13.5, below the gate: 13.5 − 2
    assert whole(tmp_path / "d", praised.replace("是", "否"), "praised: 0, late: -2, visits: 0, total: 11.5") == []
    # no visits asked for: 13.5 ÷ 14 × 20 = 19.2857…
    assert whole(tmp_path / "e", SAID.replace("是", "不适用"), "z: 不适用, total: 19.29") == []
    # a veto takes 19.5 down to 5
    assert whole(tmp_path / "f", SAID.replace("bad: 0", "bad: 1"), "false_report: 是, total: 5") == []
    assert whole(tmp_path / "g", SAID.replace("bad: 0", "bad: 1"), "false_report: -14.5") == []


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ("work: 14", "甲的“工作”应计 14 分，按本办法算出 13.5 分"),
        ("y: 4", "甲的“指标y”应得 4 分，按本办法算出 3.5 分（已减去扣在“工作”的 0.5 分）"),
        ("praised: 2", "甲的“表扬”应计 2 分，按本办法算出 0 分"),
        ("false_report: 是", "甲的“弄虚作假”应当否决，按本办法没有否决"),
        ("total: 20", "甲的总分应为 20 分，按本办法算出 19.5 分"),
        ("total: 不计分", "甲的总分应为“不计分”，按本办法算出 19.5 分"),
        ("place: 2", "甲的名次应为第 2 名，按本办法排第 1 名"),
        ("place: 不排名", "甲的名次应为“不排名”，按本办法排第 1 名"),
    ],
)
def test_each_kind_of_result_is_told(tmp_path: Path, expected: str, message: str) -> None:
    key = expected.split(":")[0]
    assert whole(tmp_path, SAID, expected) == [f"samples[0].units[0].expect.{key}: 标准样例“例”：{message}。{FIX}"]


def test_what_a_shut_gate_keeps_back_is_told(tmp_path: Path) -> None:
    (found,) = whole(tmp_path, SAID.replace("praise: 0", "praise: 1").replace("是", "否"), "praised: 2")
    assert "“表扬”应计 2 分，按本办法算出 0 分（条件不符，有 2 分没有加）" in found


def test_nothing_is_scored_any_more(tmp_path: Path) -> None:
    tiny = plain(
        adjustments="[{kind: veto, code: v, title: 弄虚作假, clause: 第十条, when: bad > 0, effect: {stop: true}}]"
    )
    text = """
        - title: 例
          units: [{name: 甲, figures: {done: 8, task: 8, faults: 0, bad: 1}, expect: {total: 不计分, place: 不排名, v: 是, x: 10}}]
    """
    assert told(tmp_path, tiny, text) == []


# --- figures ---------------------------------------------------------------------------------------------


def test_figures_taken_over_from_another_unit(tmp_path: Path) -> None:
    text = """
        - title: 例一
          units:
            - {name: 满分, figures: {done: 8, task: 8, faults: 0}, expect: {total: 14}}
            - {name: 半数, like: 满分, figures: {done: 6}, expect: {total: 9}}
        - title: 例二
          units: [{name: 两错, like: 半数, figures: {faults: 2}, expect: {total: 8}}]
    """
    assert told(tmp_path, plain(), text) == []


def test_decimals_and_means_are_exact(tmp_path: Path) -> None:
    # 4 − 2.5 × 0.5; means of 3.5 and of 10 ÷ 3, twice that in points
    body = item("rules: [{kind: deductions, parts: [{measure: faults, each: 0.5}]}]", "y", "4")
    body += item("rules: [{kind: awards, parts: [{measure: mean, each: 2}]}]", "x", None)
    tiny = plain(body, measures="mean: {title: 平均, form: figures, value: avg(done)}")
    text = """
        - title: 例
          units:
            - {name: 甲, figures: {faults: 2.5, mean: 3.5}, expect: {y: 2.75, x: 7}}
            - {name: 乙, figures: {mean: 10/3}, expect: {x: 6.67}}
            - {name: 丙, figures: {mean: 未报送}, expect: {x: 未报送}}
    """
    assert told(tmp_path / "a", tiny, text) == []
    (found,) = told(tmp_path / "b", tiny, text.replace("faults: 2.5", "faults: 2.55"))
    assert found == "samples[0].units[0].figures.faults: “faults”最多 1 位小数。请核对数值。"


def test_sections_scored_part_by_part_have_figures_by_part(tmp_path: Path) -> None:
    # quarters of 10, 5, 10 and 10 points: the mean is 8.75
    section = f"- code: q\n  title: 季度\n  full_marks: 10\n  each: quarter\n  indicators:\n{textwrap.indent(TASK, '    ')}"
    tiny = Tiny(TABLE, sections=section, groups="{all: {title: 县区, units: {kinds: [county]}, full_marks: 10}}")
    figures = ", ".join(f"done.q{n}: {done}, task.q{n}: 8" for n, done in ((1, 8), (2, 6), (3, 8), (4, 8)))
    text = f"- {{title: 例, units: [{{name: 甲, figures: {{{figures}}}, expect: {{x_q1: 10, x_q2: 5, q: 8.75, total: 8.75}}}}]}}"
    assert told(tmp_path / "a", tiny, text) == []
    (found,) = told(tmp_path / "b", tiny, text.replace("q: 8.75", "q: 8"))
    assert "甲的“季度”应计 8 分，按本办法算出 8.75 分" in found


# --- where it stops --------------------------------------------------------------------------------------

WRONG = "- {title: 例, units: [{name: 甲, figures: {done: 6, task: 8}, expect: {x: 4}}]}"


def test_nothing_is_scored_with_a_rubric_that_fails_its_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, plain(), WRONG)
    for command in ("check", "score"):
        assert main([command, "--project", str(tmp_path)]) == NOT_SCORED
        assert "标准样例“例”：甲的“指标x”应得 4 分，按本办法算出 5 分" in "".join(capsys.readouterr())


def test_an_earlier_edition_that_fails_stops_itself_only(tmp_path: Path) -> None:
    tiny = plain(periods='["2024", "2022"]')
    written(tmp_path, tiny, WRONG)
    path = tmp_path / "config" / "scoring.yaml"
    text = path.read_text(encoding="utf-8")
    (tmp_path / "config" / "rubrics").mkdir()
    (tmp_path / "config" / "rubrics" / "old.yaml").write_text(text.replace('edition: "2024"', 'edition: "2022"'), encoding="utf-8")
    path.write_text(text[: text.index("samples:")].replace("in_force: 2022-01-01", "in_force: 2024-01-01"), encoding="utf-8")
    project = open_project(tmp_path)
    assert project.ready
    assert project.periods == ["2024"]
    assert [one.file for one in project.editions.stopped] == ["config/rubrics/old.yaml"]


def test_a_text_is_proved_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = WRONG.replace("x: 4", "x: 5.00").replace("例", "只算一次")
    assert told(tmp_path / "a", plain(), right) == []
    monkeypatch.setattr(samples, "score", lambda *_: pytest.fail("it is proved"))
    assert told(tmp_path / "b", plain(), right) == []
    monkeypatch.undo()
    assert len(told(tmp_path / "c", plain(), right.replace("5.00", "5.01"))) == 1
    assert len(told(tmp_path / "d", plain(ITEMS.replace("[50, 0]", "[60, 0]")), right)) == 1


# --- real units ------------------------------------------------------------------------------------------


def test_real_units_are_scored_on_the_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # 甲县: 75 % is 5, one fault 3.5: 8.5; 乙县: 10 + 4
    text = """
        - period: "2024"
          units:
            - {unit: c1, expect: {x: 5, y: 3.5, part: 8.5, total: 8.5, place: 2}}
            - {unit: 乙县, expect: {total: %s}}
          order: [乙县, c1]
    """
    assert told(tmp_path / "a", plain(), text % "14") == []
    assert main(["check", "--project", str(tmp_path / "a")]) == SCORED
    assert "标准样例 1 个，算出的都与写明的相符。" in capsys.readouterr().out
    assert told(tmp_path / "b", plain(), text % "13") == []
    assert main(["check", "--project", str(tmp_path / "b")]) == NOT_SCORED
    out = capsys.readouterr().out
    assert f"expect.total: 标准样例“2024 年实际得分”：乙县的总分应为 13 分，按本办法算出 14 分。{FIX}" in out
    assert "有 1 处错误：标准样例与按数据算出的不符" in out


def test_real_and_imaginary_units_stand_in_samples_of_their_own(tmp_path: Path) -> None:
    text = '- {period: "2024", units: [{name: 甲, figures: {done: 6}, expect: {x: 5}}]}'
    assert [one.split("。")[0] for one in told(tmp_path, plain(), text)] == [
        "samples[0].units[0].unit: 写了 period 的样例里缺少“unit”",
        "samples[0].units[0].name: 实际单位不写 name",
        "samples[0].units[0].figures: 实际单位不写 figures",
    ]


# --- made-up units are scored as real ones ---------------------------------------------------------------


def again(scores: Scores) -> dict[str, Any]:
    """The units of a run, scored once more from their figures alone."""
    rubric = scores.assessment.rubric
    figures: dict[str, dict[str, Said]] = defaultdict(dict)
    truths = {column for form in rubric.forms.values() for column, kind in form.row_types.items() if kind.kind == "boolean"}
    for row in scores.assessment.rows("measure"):
        measure = rubric.measures[row["measure"]]
        value: Fraction | bool | None = Fraction(row["value"]) if row["value"] is not None else None
        if value is not None and measure.code in truths:
            value = bool(value)
        figures[row["unit"]][measure.code] = Said("", row["state"], value)
    units = [
        MadeUp(row["unit"], row["group"], row["group"], figures[row["unit"]], frozenset(["total"]))
        for row in scores.assessment.rows("ranking")
    ]
    return outcomes(score(rubric, units))


def small() -> Scores:
    project = open_project(SMALL)
    assert project.rubric is not None
    return Scores(project, project.assess("2024", project.rubric.period("2024").cut_off))


@pytest.mark.parametrize("run", [small, lambda: demo_scored("2024"), lambda: demo_scored("2023")], ids=["small", "2024", "2023"])
def test_made_up_units_with_the_figures_of_real_ones_earn_the_same(run: Any) -> None:
    scores = run()
    found = again(scores)
    ranking = scores.assessment.rows("ranking")
    assert len(ranking) == len(found) >= 5
    own = ("state", "place", "total", "total_low", "total_high", "grade", "best_place", "worst_place", "counted", "countable")
    for row in ranking:
        assert {key: found[row["unit"]].row[key] for key in own} == {key: row[key] for key in own}
    for row in scores.assessment.rows("indicator_score"):
        one = found[row["unit"]].items[row["indicator"]]
        assert (one.state, one.own.low, one.own.high, one.left_out) == (
            row["state"], row["points_low"], row["points_high"], row["left_out"],
        )  # fmt: skip


def test_together_or_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several samples go through one run; each by itself gives the same."""
    rubric = demo().rubric
    assert rubric is not None
    seen: list[MadeUp] = []

    def watched(of: Rubric, units: list[MadeUp]) -> made_up.Tables:
        seen.extend(units)
        return score(of, units)

    monkeypatch.setattr(samples, "score", watched)
    monkeypatch.setattr(samples, "_PROVED", set())
    assert samples.sample_problems(rubric) == []
    assert len({unit.family for unit in seen}) == len(rubric.spec.samples) >= 6
    together = results(score(rubric, seen), seen)
    for family in {unit.family for unit in seen}:
        own = [unit for unit in seen if unit.family == family]
        alone = results(score(rubric, own), own)
        assert alone
        assert alone == {key: together[key] for key in alone}


def results(tables: made_up.Tables, units: list[MadeUp]) -> dict[tuple[str, str], object]:
    """What came out of what each unit asks for."""
    found = outcomes(tables)
    return {
        (unit.name, key): one.items.get(key) or one.nodes.get(key) or one.adjustments.get(key) or one.row.get(key)
        for unit in units for one in [found[unit.name]] for key in unit.wanted
    }  # fmt: skip


def test_the_samples_of_the_demo_notice_a_changed_price(tmp_path: Path) -> None:
    project: Project = demo()
    assert {len(one.spec.samples) for one in project.editions.all} == {6, 2, 4}
    text = (ROOT / "config" / "scoring.yaml").read_text(encoding="utf-8")
    changed = tmp_path / "changed.yaml"
    changed.write_text(text.replace("form: weekly_report, late: 0.2", "form: weekly_report, late: 0.3"), encoding="utf-8")
    # 3 × 0.1 less in the sample of reports, and 0.1 in the total that stood just below the gate
    found = [str(issue) for issue in errors(open_project(ROOT, changed).issues)]
    assert len(found) == 2
    assert "甲的“专项行动周报”应得 1.4 分，按本办法算出 1.1 分" in found[0]
    assert "乙的总分应为 79.8 分，按本办法算出 79.7 分" in found[1]


def test_only_one_empty_database_is_opened() -> None:
    assert made_up._empty() is made_up._empty()
