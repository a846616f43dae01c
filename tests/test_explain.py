"""An explanation walks from the place to the source rows, and its figures add up.

The sum section is read back from its Chinese lines and added; each indicator's own sentence is added up to its
section; each source line is looked up in the raw file it names. Whole sentences stand here once per kind of rule.
"""

from __future__ import annotations

import json
import re
import textwrap
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scoring import __main__ as command_line
from scoring.engine.explain import explain_text, indicator_traces
from scoring.engine.summed import sum_lines
from scoring.engine.trace import TRACE_VERSION, explain_json
from tests.demo import SAMPLE, YEARS, code, demo, raw, scored, story, traces
from tests.tiny import Scores, Tiny, item

MIDYEAR = date(2024, 6, 15)
RUNS = [("2024", None), ("2023", None), ("2024", MIDYEAR)]
ENDS = re.compile(r"(−?\d+\.\d+)(?: 至 (−?\d+\.\d+))? 分$")


def number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))


def ends_of(line: str) -> tuple[Decimal, Decimal] | None:
    """The amount at the end of a line, at least and at most; None where an end is open (待定)."""
    if line.endswith(" 待定") or re.search(r" 待定，最少 \d+\.\d+ 分$", line):
        return None
    found = ENDS.search(line)
    assert found is not None, line
    low = number(found[1])
    return low, number(found[2]) if found[2] else low


def change(line: str) -> tuple[Decimal, Decimal] | None:
    """What a line of the sum adds, at least and at most."""
    if "不计：" in line or line.endswith("弄虚作假 待定"):
        return Decimal(0), Decimal(0)
    ends = ends_of(line)
    if ends is None or "失分，从" not in line:
        return ends
    return -ends[1], -ends[0]  # a loss of 0 至 2 takes at worst 2


def units() -> list[str]:
    register = demo().register
    assert register is not None
    return [unit.title for unit in register.units if unit.kind != "city"]  # the city is scored by the province


# --- the sum -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "as_of"), RUNS)
def test_the_lines_of_the_sum_add_up_to_the_total(year: str, as_of: date | None) -> None:
    assessment = scored(year, as_of).assessment
    open_ended = set()
    for unit in units():
        *lines, last = sum_lines(assessment, code(unit))
        assert last.startswith("合计：总分 ")
        total = ends_of(last)
        amounts = [change(line) for line in lines]
        assert not [line for line in lines if re.search(r"\.\d{3}", line)], "no long decimals"
        row = scored(year, as_of).total(unit)
        assert total == (row["total_low"], row["total_high"]), unit
        known = [one for one in amounts if one is not None]
        if len(known) < len(amounts):
            open_ended.add(unit)
            assert sum((one[1] for one in known), Decimal(0)) == total[1], unit  # its best end is not open
            assert not any(re.search("不高于|不低于 0", line) for line in lines), lines
            continue
        assert tuple(sum((one[end] for one in known), Decimal(0)) for end in (0, 1)) == total, unit
    # only a loss without a cap (错录), where the cases are not all reported, leaves an end open
    unknown = assessment.rows("landing", indicator="platform_accuracy", points=None)
    assert {code(unit) for unit in open_ended} == {row["unit"] for row in unknown}


@pytest.mark.parametrize(("year", "as_of"), RUNS)
def test_the_indicators_add_up_to_their_section(year: str, as_of: date | None) -> None:
    """`得 3.00 分` and `可能得 0.00 至 8.00 分`, as told for each indicator, beside the line of their section."""
    assessment = scored(year, as_of).assessment
    for unit in units():
        told: dict[str, list[tuple[Decimal, Decimal]]] = {}
        for trace in traces(unit, year, as_of).values():
            sentence = trace.sentence.removesuffix("，扣完为止")
            nothing = sentence.startswith("不适用")
            ends = (Decimal(0), Decimal(0)) if nothing else ends_of(sentence)
            assert ends is not None, sentence
            told.setdefault(trace.section.title, []).append(ends)
        lines = sum_lines(assessment, code(unit))
        for section, amounts in told.items():
            (line,) = [one for one in lines if one.startswith(f"{section}：")]
            assert ends_of(line) == tuple(sum((one[end] for one in amounts), Decimal(0)) for end in (0, 1)), (
                unit,
                line,
            )


def test_the_parts_of_a_rule_add_up_to_its_points() -> None:
    """Deductions from full marks: what the sentence takes off is what is missing."""
    for unit in units():
        for indicator in ("platform_entry", "weekly_reports", "stage_reports"):
            trace = traces(unit).get(indicator)
            if trace is None or trace.score["state"] != "value":
                continue
            taken = sum((number(one) for one in re.findall(r"扣 (\d+\.\d+) 分", trace.sentence)), Decimal(0))
            assert trace.score["points"] == max(Decimal(0), trace.score["full_marks"] - taken), trace.sentence


def test_a_total_that_is_a_range_is_told_as_one() -> None:
    told = story("鹭泽示范区")
    place = scored().place("鹭泽示范区")
    assert (
        f"总分暂缺（已计 {place['counted']}/应计 {place['countable']} 项），可能在 {place['total_low']:.2f} 至 "
        f"{place['total_high']:.2f} 分之间，名次可能是第 {place['best_place']}–{place['worst_place']} 名（共 12 个单位），"
        f"上年第 {place['previous_place']} 名（办法有变）。"
    ) in told


def test_a_provisional_place_says_among_whom_and_what_it_can_become() -> None:
    """茗川县 and 鹭泽示范区 are open: ten are placed, 鹭泽示范区 is surely above 苇泽县, 茗川县 may be."""
    assert (
        "暂列第 8 名（目前只在数据齐全的 10 个单位中排名，另有 2 个单位数据不全；都补齐后为第 9–10 名），"
        "总分 70.04 分，等次合格，距上一名 16.63 分，上年第 10 名（办法有变）。"
    ) in story("苇泽县")
    assert "暂" not in story("稷川市").splitlines()[1]


def test_a_grade_that_a_quota_may_still_take_is_provisional() -> None:
    """Three of twelve may be 优秀 (30%): 稷川市 is, the next three wait for 鹭泽示范区."""
    assert "等次优秀，" in story("稷川市").splitlines()[1]
    for unit in ("澜浦区", "青岚高新区", "霁川县"):
        assert "等次优秀（暂定，名额未定）" in story(unit).splitlines()[1]


def test_an_open_loss_is_neither_nothing_nor_a_limit() -> None:
    lines = sum_lines(scored().assessment, code("茗川县"))
    assert "录入准确失分，从两法衔接扣减 待定" in lines  # nothing limits it
    assert "投诉举报超期失分，从总分扣减 0.00 至 2.00 分" in lines
    assert "一级指标封顶、保底或舍入（两法衔接） 待定" in lines
    assert "失分待定（0.00 至 2.00 分），从总分扣减" in story("茗川县")


# --- a veto, an event that ends an item ----------------------------------------------------------------

EVENTS = "u score events\n甲县 92 1\n乙县 85 0\n丙县 70 _\n"
VETO = "[{{kind: veto, code: v, title: 否决, clause: 第九条, when: events > 0, effect: {}}}]"


def placed(tmp_path: Path, effect: str) -> dict[str, str]:
    """How place and veto of each unit are told."""
    body = item("rules: [{kind: judged, measure: score}]", full="100")
    grades = "[{title: 优秀, at_least: 90}, {title: 不合格}]"
    scores: Scores = Tiny(EVENTS, body, adjustments=VETO.format(effect), grades=grades).score(tmp_path)
    out = {}
    for unit in scores.assessment.rubric.register.units:
        lines = explain_text(scores.assessment, scores.project.store, unit.code).splitlines()
        out[unit.title] = "\n".join([lines[1], *(line.strip() for line in lines if "一票否决·" in line)])
    return out


def test_a_unit_that_a_veto_leaves_out_has_no_place(tmp_path: Path) -> None:
    said = placed(tmp_path / "a", "{unranked: true}")
    assert said["甲县"] == (
        "一票否决，不参加排名（共 3 个单位），总分 92.00 分，等次优秀。\n一票否决·第九条 否决 成立：不参加排名"
    )
    assert "第 1 名" in said["乙县"]
    assert "None" not in said["丙县"] and "否决 待定" in said["丙县"]
    said = placed(tmp_path / "b", "{stop: true}")
    assert said["甲县"].startswith("一票否决，不计总分，不排名次（共 3 个单位），等次不合格。")
    said = placed(tmp_path / "c", "{no_awards: true}")
    assert said["甲县"].startswith("第 1 名（共 3 个单位），总分 92.00 分，等次优秀，取消评先资格。")


def test_an_event_that_ends_an_item_is_told(tmp_path: Path) -> None:
    void = "rules: [{kind: judged, measure: score}]\nvoid: {when: events > 0, reason: 弄虚作假}"
    scores: Scores = Tiny(EVENTS, item(void, full="100")).score(tmp_path)
    said = {one: indicator_traces(scores.assessment, one)[0].sentence for one in ("c1", "c2", "c3")}
    assert said["c1"].endswith("，本项按 0.00 分计，得 0.00 分")
    assert "出现" in said["c1"] and "出现" not in said["c2"]
    assert "是否出现" in said["c3"] and "待定" in said["c3"]


# --- the sum, in tiny projects ---------------------------------------------------------------------------

LANDS = "rules: [{kind: deductions, parts: [{measure: a, each: 0.4}, {measure: b, each: 1}], lands_on: total}]"


def sums(tmp_path: Path, unit: str, **tiny: Any) -> list[str]:
    scores: Scores = Tiny(**tiny).score(tmp_path)
    (found,) = [one.code for one in scores.assessment.rubric.register.units if one.title == unit]
    return sum_lines(scores.assessment, found)


def test_a_loss_that_is_open_in_part_tells_the_part_that_is_known(tmp_path: Path) -> None:
    """Three of a cost 1.2, however many b there are."""
    lines = sums(tmp_path, "甲县", table="u a b\n甲县 3 *\n", indicators=item(LANDS))
    assert "指标x失分，从总分扣减 待定，最少 1.20 分" in lines


def test_the_rests_of_several_lines_are_told_together(tmp_path: Path) -> None:
    """10 ÷ 3 and 20 ÷ 3, not rounded before the total: 3.33 + 6.67 = 10; 20 ÷ 3 twice: 6.67 + 6.67 − 0.01 = 13.33."""
    straight = "rules: [{kind: piecewise, straight: [[0, 0], [3, full]]}]"
    sections = "".join(
        f"- code: s{name}\n  title: 部分{name}\n  indicators:\n{textwrap.indent(item(f'actual: {name}' + chr(10) + straight, name), '    ')}"
        for name in "ab"
    )
    rounding = "{rate: none, item: none, section: none, total: 2, places_by: rounded}"
    table = "u a b\n甲县 1 2\n乙县 2 2\n"
    assert sums(tmp_path / "1", "甲县", table=table, sections=sections, rounding=rounding) == [
        "部分a：各指标得分合计 3.33 分",
        "部分b：各指标得分合计 6.67 分",
        "合计：总分 10.00 分",
    ]
    assert sums(tmp_path / "2", "乙县", table=table, sections=sections, rounding=rounding) == [
        "部分a：各指标得分合计 6.67 分",
        "部分b：各指标得分合计 6.67 分",
        "总分四舍五入（含以上各行舍去的尾数） −0.01 分",
        "合计：总分 13.33 分",
    ]


# --- from the place to the rows ------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["檀阳县", "市烟草专卖局"])
def test_the_walk_goes_from_place_to_source_rows(unit: str) -> None:
    lines = story(unit).splitlines()
    place = scored().place(unit)
    assert lines[0].startswith(f"{unit}（") and lines[0].endswith("2024年，数据截至 2025-01-20")
    assert lines[1].startswith(f"暂列第 {place['place']} 名") and f"总分 {place['total']:.2f} 分" in lines[1]
    at = [lines.index(word) for word in ("一、总分怎么来", "二、各项指标")]
    assert at == sorted(at)
    rubric = demo().rubric
    assert rubric is not None
    where = at[1]
    for section, indicator in rubric.placed(rubric.group_of(code(unit)) or ""):
        where = next(
            number
            for number in range(where, len(lines))
            if lines[number].startswith(f"{indicator.clause} {indicator.title}，满分")
        )  # in the order of the clauses
        assert f"【{section.title}】" in lines[at[1] : where]
        assert lines[where + 1].startswith("  规则：") and lines[where + 2].startswith("  计算：")
    assert lines[-1].startswith("办法：双打工作考核评价办法（示例）（示双打办〔2024〕2号，2024版")


SOURCE = re.compile(
    r"  来源：(?P<title>.+?)：data/sample/(?P<form>\w+)\.csv 第 (?P<rows>[\d、…]+) 行（共 (?P<count>\d+) 行）$"
)


@pytest.mark.parametrize("year", YEARS)
def test_source_lines_name_rows_of_the_unit_in_that_file(year: str) -> None:
    checked = 0
    for unit in ("澜浦区", "檀阳县", "茗川县", "市市场监管局", "市公安局"):
        for line in story(unit, year).splitlines():
            found = SOURCE.match(line)
            if found is None:
                assert not line.startswith("  来源：") or "没有计入的行" in line or "报送登记" in line, line
                continue
            by_line = {row["#"]: row for row in raw(found["form"])}
            numbers = [text for text in found["rows"].rstrip("…").split("、") if text]
            assert len(numbers) == min(int(found["count"]), 12) and ("…" in found["rows"]) == (int(found["count"]) > 12)
            for text in numbers:
                assert by_line[text]["单位"] == unit, line
                checked += 1
    assert checked > 100


def test_as_many_rows_as_the_figure_counts() -> None:
    """A count of rows is its rows: as told, as listed, as in the raw file."""
    told = next(line for line in story("檀阳县").splitlines() if line.startswith("  来源：行政处罚立案数 "))
    own = [
        row for row in raw("case_ledger")
        if row["单位"] == "檀阳县" and row["案件类别"] == "行政" and row["立案日期"].startswith("2024")
    ]  # fmt: skip
    assert f"行政处罚立案数 {len(own)} 件" in told and told.endswith(f"（共 {len(own)} 行）")


def test_late_and_missing_reports_are_named_by_their_week() -> None:
    own = scored().assessment.rows("due", unit=code("市文化和旅游局"), form="weekly_report")
    weeks = [f"2024年第{int(row['due_period'][6:])}周" for row in own if row["status"] == "missing"]
    assert len(weeks) == 3
    assert f"  来源：报送登记 · 专项行动周报未报次数：{'、'.join(weeks)}" in story("市文化和旅游局")


def test_one_indicator_alone() -> None:
    told = explain_text(scored().assessment, demo().store, code("檀阳县"), "case_volume")
    assert "第六条（一） 办案任务完成率" in told
    assert "一、总分怎么来" not in told and "平台录入" not in told


# --- the trace as JSON ---------------------------------------------------------------------------------


def test_the_json_trace_is_versioned_and_exact() -> None:
    trace = explain_json(scored().assessment, demo().store, code("檀阳县"))
    assert trace["trace_version"] == TRACE_VERSION
    assert (trace["period"], trace["as_of"], trace["unit"], trace["title"]) == ("2024", "2025-01-20", "c05", "檀阳县")
    assert trace["rubric"] == {
        "title": "双打工作考核评价办法（示例）", "edition": "2024", "document": "示双打办〔2024〕2号",
        "in_force": "2024-01-01", "file": "config/scoring.yaml",
    }  # fmt: skip
    assert trace["sum"] == sum_lines(scored().assessment, "c05")
    again = json.loads(json.dumps(trace, ensure_ascii=False))
    assert again == trace  # nothing that JSON does not know
    assert Decimal(trace["place"]["total"]) == scored().place("檀阳县")["total"]
    floats = [value for value in _leaves(trace) if isinstance(value, float)]
    assert not floats  # numbers are exact decimal strings


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in _leaves(one)]
    if isinstance(value, list):
        return [leaf for one in value for leaf in _leaves(one)]
    return [value]


def test_the_json_trace_holds_the_rule_as_written_with_its_clause() -> None:
    (one,) = explain_json(scored().assessment, demo().store, code("檀阳县"), "case_volume")["indicators"]
    assert (one["clause"], one["document"], one["section"]) == ("第六条（一）", "示双打办〔2024〕2号", "查办案件")
    assert one["written"]["rules"] == [{"kind": "piecewise", "straight": [["50", "0"], ["100", "full"]], "below": "0"}]
    assert one["written"]["full_marks"] == {"county": "8", "department": "8"}
    line = (Path(__file__).parents[1] / "config" / "scoring.yaml").read_text(encoding="utf-8").splitlines()[one["line"] - 1]
    assert "code: case_volume" in line


def test_the_json_trace_lists_rows_with_file_row_and_cells() -> None:
    trace = explain_json(scored().assessment, demo().store, code("檀阳县"), "case_volume")
    (one,) = trace["indicators"]
    assert (one["code"], one["clause"]) == ("case_volume", "第六条（一）")
    measures = {measure["measure"]: measure for measure in one["measures"]}
    rows = measures["cases"]["rows"]
    assert len(rows) == int(measures["cases"]["value"])
    by_line = {row["#"]: row for row in raw("case_ledger")}
    for row in rows:
        assert row["file"] == "data/sample/case_ledger.csv"
        typed = by_line[str(row["row"])]
        assert typed["单位"] == "檀阳县"
        assert row["cells"]["处罚决定书文号"] == typed["处罚决定书文号"]
        assert row["cells"]["立案日期"] == typed["立案日期"]
        assert Decimal(row["cells"]["案值"]) == Decimal(typed["案值"])
    (target,) = measures["case_target"]["rows"]
    assert (
        target["file"] == "data/sample/targets.csv" and target["cells"]["行政案件"] == measures["case_target"]["value"]
    )


def test_a_masked_cell_is_listed_as_a_star() -> None:
    trace = explain_json(scored().assessment, demo().store, code("鹭泽示范区"), "major_cases")
    (one,) = trace["indicators"]
    (measure,) = [measure for measure in one["measures"] if measure["measure"] == "major"]
    (row,) = [row for row in measure["rows"] if row["cells"]["案值"] == "*"]
    (typed,) = [typed for typed in raw("case_ledger") if typed["案值"] == "**"]
    assert str(row["row"]) == typed["#"] and row["cells"]["立案日期"] == typed["立案日期"]


def test_a_derived_check_leads_to_the_row_of_its_left_form() -> None:
    trace = explain_json(scored().assessment, demo().store, code("檀阳县"), "platform_entry")
    (one,) = trace["indicators"]
    (omitted,) = [measure for measure in one["measures"] if measure["measure"] == "omitted"]
    entered = {row["处罚决定书文号"] for row in raw("platform_export")}
    assert len(omitted["rows"]) == int(omitted["value"]) > 0
    for row in omitted["rows"]:
        assert row["file"] == "data/sample/case_ledger.csv" and row["cells"]["核对结果"] == "漏录"
        assert row["cells"]["处罚决定书文号"] not in entered


# --- on the command line -------------------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line finds the demo city open already."""
    monkeypatch.setattr(command_line, "working_project", lambda *_: (demo(), None))


@pytest.mark.usefixtures("opened")
def test_explain_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    common = ["explain", "檀阳县", "--period", "2023", "--as-of", "2024-01-20"]
    assert command_line.main(common) == 0
    assert capsys.readouterr().out.rstrip("\n") == story("檀阳县", "2023")
    assert command_line.main([*common, "--indicator", "case_volume", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["indicators"][0]["code"] == "case_volume"


@pytest.mark.usefixtures("opened")
def test_a_unit_nobody_knows_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["explain", "坛阳县", "--period", "2023"]) == command_line.WRONG_USE == 2
    told = capsys.readouterr().err
    assert "没有被考核单位“坛阳县”" in told and "是不是“檀阳县”？" in told


def test_the_file_names_in_an_explanation_exist() -> None:
    names = set(re.findall(r"data/sample/\w+\.csv", story("市市场监管局")))
    assert names and all((SAMPLE / Path(name).name).exists() for name in names)


# --- whole sentences, by kind of rule ------------------------------------------------------------------

FORM = """\
form: figures
title: 统计表
kept_by: unit
dated_by: until
columns:
  - {code: until, title: 截止日期, type: date, required: true}
  - {code: filed, title: 立案, type: integer}
  - {code: aim, title: 任务, type: integer}
  - {code: omitted, title: 漏录, type: integer}
  - {code: wrong, title: 错录, type: integer}
  - {code: praised, title: 表扬, type: integer}
  - {code: named, title: 已明确, type: boolean}
  - {code: signed, title: 已签订, type: boolean}
"""
MEASURES = """
filed: {title: 立案数, unit: 件, form: figures, value: only(filed)}
aim: {title: 年度任务, unit: 件, form: figures, value: only(aim)}
omitted: {title: 漏录案件, unit: 件, form: figures, value: only(omitted)}
wrong: {title: 错录案件, unit: 件, form: figures, value: only(wrong)}
praised: {title: 表扬次数, unit: 次, form: figures, value: only(praised)}
named: {title: 已明确办公室, form: figures, value: only(named)}
signed: {title: 已签订协议, form: figures, value: only(signed)}
"""
DATA = """
单位 截止日期 立案 任务 漏录 错录 表扬 已明确 已签订
甲县 2024-12-31 17 20 3 1 2 是 否
乙县 2024-12-31 21 20 0 0 0 是 是
丙县 2024-12-31 5 20 90 0 9 否 否
丁县 2024-12-31 ** 20 2 * _ 是 _
戊县 2024-12-31 / 20 0 0 0 否 否
己县 2024-12-31 0 0 0 0 1 是 是
"""
RATIO = """
actual: filed
target: aim
value: 100 * actual / target
measured_in: "%"
rules: [{kind: piecewise, straight: [[50, 0], [100, full]], below: 0}]
"""


def told(tmp_path: Path, body: str, indicator: str = "x", **more: Any) -> dict[str, str]:
    """The sentence of each unit, and the rule in words under `规则`."""
    tiny = Tiny(
        indicators=item(body, indicator), units=["甲县", "乙县", "丙县", "丁县", "戊县", "己县", "庚县"],
        forms={"figures": FORM, **more.pop("forms", {})}, data={"figures": DATA, **more.pop("data", {})},
        measures=MEASURES, **more,
    )  # fmt: skip
    scores: Scores = tiny.score(tmp_path)
    out: dict[str, str] = {}
    for position, unit in enumerate(tiny.units, 1):
        (trace,) = indicator_traces(scores.assessment, f"c{position}")
        out[unit] = trace.sentence
        out["规则"] = trace.rule
    return out


def test_sentences_of_a_ratio(tmp_path: Path) -> None:
    said = told(tmp_path, RATIO)
    assert said["规则"] == "指标x达到 100% 得 10 分；50% 至 100% 之间按比例由 0 分计到 10 分；低于 50% 不得分"
    assert said["甲县"] == "立案数 17 件，年度任务 20 件，指标值 85%，得 7.00 分"
    assert said["乙县"] == "立案数 21 件，年度任务 20 件，指标值 105%，得 10.00 分"
    assert said["丁县"] == "统计表有 1 行脱敏数字（*），立案数不能计算，年度任务 20 件，暂缺，可能得 0.00 至 10.00 分"
    assert said["戊县"] == "不适用（不属于本单位的报送范围），不计分，总分按其余指标折算"
    assert said["己县"] == "分母为 0，比率无法计算，立案数 0 件，年度任务 0 件，暂缺，可能得 0.00 至 10.00 分"
    assert said["庚县"] == "统计表没有填报立案数，统计表没有填报年度任务，暂缺，可能得 0.00 至 10.00 分"


def test_sentences_of_bands(tmp_path: Path) -> None:
    said = told(
        tmp_path,
        "actual: filed\nrules: [{kind: bands, bands: [{at_least: 20, points: full}, {at_least: 10, points: 60% of full}, {points: 0}]}]",
    )
    assert said["规则"] == "立案数不低于 20 件得 10 分，不低于 10 件得 6 分，其余不得分"
    assert said["甲县"] == "立案数 17 件，得 6.00 分"
    assert said["丙县"] == "立案数 5 件，得 0.00 分"


def test_sentences_of_deductions(tmp_path: Path) -> None:
    said = told(
        tmp_path,
        "rules: [{kind: deductions, parts: [{measure: omitted, each: 0.5, title: 漏录}, {measure: wrong, each: 2, cap: 6, title: 错录}]}]",
    )
    assert said["规则"] == "漏录每件扣 0.5 分；错录每件扣 2 分，最多扣 6 分，扣完为止"
    assert said["甲县"] == "漏录 3 件扣 1.50 分，错录 1 件扣 2.00 分，得 6.50 分"
    assert said["乙县"] == "没有扣分，得 10.00 分"
    assert said["丙县"] == "漏录 90 件扣 45.00 分，得 0.00 分，扣完为止"
    # 10 − 1 = 9 at most, less six more at least
    assert (
        said["丁县"]
        == "统计表有 1 行脱敏数字（*），错录案件不能计算，漏录 2 件扣 1.00 分，错录待定，暂缺，可能得 3.00 至 9.00 分"
    )


def test_sentences_of_awards(tmp_path: Path) -> None:
    said = told(tmp_path, "rules: [{kind: awards, parts: [{measure: praised, each: 2, title: 表扬}], cap: full}]")
    assert said["规则"] == "表扬每次得 2 分，合计最多得 10 分"
    assert said["甲县"] == "表扬 2 次得 4.00 分，得 4.00 分"
    assert said["丙县"] == "表扬 9 次得 18.00 分，得 10.00 分"


def test_sentences_of_a_checklist(tmp_path: Path) -> None:
    each = "rules: [{kind: checklist, need: each, items: [{if: named, points: 6, title: 明确办公室}, {if: signed, points: 4, title: 签订协议}]}]"
    said = told(tmp_path / "each", each)
    assert said["规则"] == "明确办公室得 6 分；签订协议得 4 分"
    assert said["甲县"] == "明确办公室得 6.00 分，签订协议得 0.00 分，得 6.00 分"
    assert said["丁县"] == "统计表没有填报已签订协议，明确办公室得 6.00 分，签订协议待定，暂缺，可能得 6.00 至 10.00 分"
    every = each.replace("need: each", "need: all, points: full").replace(", points: 6", "").replace(", points: 4", "")
    said = told(tmp_path / "all", every)
    assert said["规则"] == "明确办公室、签订协议，全部符合的得 10 分，缺一项不得分"
    assert said["甲县"] == "明确办公室：符合，签订协议：不符合，得 0.00 分"
    assert said["乙县"] == "明确办公室：符合，签订协议：符合，得 10.00 分"


def test_sentences_of_timeliness(tmp_path: Path) -> None:
    weekly = (
        "form: weekly\ntitle: 周报\ndated_by: until\ndue: {every: week, weekday: 5, from: 2024-01-12, to: 2024-02-02}\n"
        "columns:\n  - {code: until, title: 日期, type: date, required: true}\n"
    )
    lines = [
        f"周报 乙县 2024-W{week:02d} 2024-0{when} 已收" for week, when in enumerate(["1-12", "1-19", "1-26", "2-02"], 2)
    ]
    lines += ["周报 甲县 2024-W02 2024-01-12 已收", "周报 甲县 2024-W03 2024-01-22 已收"]
    said = told(
        tmp_path, "rules: [{kind: timeliness, form: weekly, late: 0.5, missing: 2}]",
        forms={"weekly": weekly}, data={"submissions": "报表 单位 报送期 收到时间 结果\n" + "\n".join(lines)},
    )  # fmt: skip
    assert said["规则"] == "周报：迟报每次扣 0.5 分；未报每次扣 2 分，扣完为止"
    assert said["甲县"] == "应报 4 次，迟报 1 次扣 0.50 分，未报 2 次扣 4.00 分，得 5.50 分"
    assert said["乙县"] == "应报 4 次，没有扣分，得 10.00 分"


def test_sentences_of_a_judged_score(tmp_path: Path) -> None:
    review = (
        "form: review\ntitle: 考核组评分\nkept_by: office\ndated_by: judged_on\nkey: [indicator]\ncolumns:\n"
        "  - {code: indicator, title: 指标代码, type: text, required: true}\n"
        "  - {code: score, title: 评分, type: decimal, required: true}\n"
        "  - {code: judged_on, title: 评分日期, type: date, required: true}\n"
    )
    said = told(
        tmp_path, "rules: [{kind: judged, limit: full}]", "quality", forms={"review": review},
        data={"review": "单位 指标代码 评分 评分日期\n甲县 quality 8.5 2024-12-20"},
    )  # fmt: skip
    assert said["规则"] == "由考核组评分，最高 10 分；未评分的暂缺"
    assert said["甲县"] == "考核组评 8.5 分（最高 10 分），评分日期：2024-12-20，得 8.50 分"
    assert re.fullmatch(r"考核组评分尚未登记(或关账)?，暂缺，可能得 0.00 至 10.00 分", said["乙县"])


# --- nothing is told as what it is not -----------------------------------------------------------------

ALL = "rules: [{kind: checklist, need: all, points: full, items: [{if: named, title: 明确办公室}, {if: signed, title: 签订协议}]}]"


@pytest.mark.parametrize("need", ["all", "any"])
def test_what_was_not_reported_is_never_told_as_not_met(tmp_path: Path, need: str) -> None:
    """A blank cell is not a no: 丁县 left 已签订 blank, 庚县 sent nothing."""
    said = told(tmp_path, ALL.replace("need: all", f"need: {need}"))
    assert "签订协议：不符合" not in said["丁县"], said["丁县"]
    assert "不符合" not in said["庚县"], said["庚县"]


@pytest.mark.parametrize("need", ["each", "all", "any"])
def test_a_part_that_does_not_apply_says_so(tmp_path: Path, need: str) -> None:
    """`/` in one cell of a checklist: whatever comes of it, the reason is told and nobody is said to owe a figure."""
    body = ALL.replace("need: all", f"need: {need}")
    if need == "each":
        body = (
            body.replace("points: full, ", "")
            .replace("明确办公室", "明确办公室, points: 6")
            .replace("签订协议", "签订协议, points: 4")
        )
    rows = "单位 截止日期 立案 任务 漏录 错录 表扬 已明确 已签订\n甲县 2024-12-31 1 1 0 0 0 是 /"
    said = told(tmp_path, body, data={"figures": rows})
    assert re.search("不适用|不涉及", said["甲县"]) and "签订协议：不符合" not in said["甲县"], said["甲县"]


def test_a_precondition_that_is_not_met_is_told(tmp_path: Path) -> None:
    """丙县 has nine praises but only five cases: it must not read `得 18.00 分，得 0.00 分` without a reason."""
    said = told(
        tmp_path,
        "rules: [{kind: awards, parts: [{measure: praised, each: 2, title: 表扬}], cap: full, only_if: filed > 10}]",
    )
    assert said["规则"] == "表扬每次得 2 分，合计最多得 10 分；须立案数高于 10 件，否则不得分"
    assert said["甲县"] == "表扬 2 次得 4.00 分，得 4.00 分"
    assert said["丙县"].endswith("得 0.00 分") and "立案数" in said["丙县"], said["丙县"]


def test_a_zero_base_by_the_clause_is_decided(tmp_path: Path) -> None:
    said = told(tmp_path, RATIO + "base_zero: {then: no_points}\n")
    assert said["己县"].startswith("分母为 0，比率无法计算") and said["己县"].endswith("得 0.00 分")
    both = RATIO.replace(
        "{kind: piecewise",
        "{kind: deductions, base: 0, parts: [{measure: wrong, each: 1, title: 错录}]}, {kind: piecewise",
    )
    said = told(tmp_path / "two", both + "base_zero: {then: no_points}\n")
    assert said["己县"].endswith("得 0.00 分") and "待定" not in said["己县"], said["己县"]


@pytest.mark.parametrize(("year", "as_of"), RUNS)
def test_what_is_decided_is_not_told_as_open(year: str, as_of: date | None) -> None:
    for unit in units():
        for trace in traces(unit, year, as_of).values():
            if trace.score["state"] in ("value", "not_applicable"):
                assert not re.search("待定|暂缺", trace.sentence), (unit, trace.sentence)
            elif trace.score["points"] is None:
                assert re.search(r"暂缺，(可能得|最低)", trace.sentence), (unit, trace.sentence)


@pytest.mark.parametrize(
    ("part", "points"),
    [
        ("{if: filed < 3, points: 4, title: 立案少}", (Decimal(9), None)),
        ("{if: wrong > filed, points: 4, title: 错录过多}", (Decimal(9), None)),
    ],
)
def test_a_slash_is_never_compared_as_a_zero(tmp_path: Path, part: str, points: tuple[Decimal | None, ...]) -> None:
    """立案 is `/`: it is not fewer than 3. One wrong entry costs 1; the other part costs nothing, or is undecided."""
    scores = Tiny(
        indicators=item(f"rules: [{{kind: deductions, parts: [{{measure: wrong, each: 1, title: 错录}}, {part}]}}]"),
        units=["甲县"],
        forms={"figures": FORM},
        data={"figures": "单位 截止日期 立案 任务 漏录 错录 表扬 已明确 已签订\n甲县 2024-12-31 / 20 0 1 0 是 是"},
        measures=MEASURES,
    ).score(tmp_path)
    assert scores.points("甲县") in points
    (trace,) = indicator_traces(scores.assessment, "c1")
    assert "立案少扣" not in trace.sentence and "错录过多扣" not in trace.sentence, trace.sentence


def test_what_a_unit_is_compared_with_is_told_beside_its_own_figures(tmp_path: Path) -> None:
    """100 × 20 ÷ 80 = 25 of 30, the best: 25 ÷ 30 × 3 = 2.5. A place is told as a place: 40 − 2 × (2 − 1) = 38."""
    best = item("value: 100 * spent / budget\nrules: [{kind: formula, points: full * value / highest(value)}]", full="3")
    placed = item("rules: [{kind: formula, points: full - 2 * (place(cases) - 1)}]", "y", "40")
    table = "unit spent budget cases\n甲县 30 100 9\n乙县 20 80 7\n丙县 _ 10 _"
    scores = Tiny(table, best + placed).score(tmp_path)
    told = {trace.indicator.code: trace.sentence for trace in indicator_traces(scores.assessment, "c2")}
    assert told == {
        "x": "spent 20，budget 80，指标值 25，本组最高 30，得 2.50 分",
        "y": "cases 7，在本组第 2 名，得 38.00 分",
    }
    (absent,) = indicator_traces(scores.assessment, "c3", "x")
    assert "本组" not in absent.sentence, "nothing to compare with"
