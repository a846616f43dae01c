"""What an analyst may change on a page: every figure of the demo rubric, as it is called, written and bounded."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scoring.rubric.knobs import Knob, What, issued_targets, knobs, plain
from scoring.rubric.rewriting import Text, rewritten
from scoring.source import loads
from tests.drafts.typed import DEMO, item, section, small, typed


def by_path() -> dict[str, Knob]:
    rubric = typed()
    return {rubric.document.path(knob.loc): knob for knob in knobs(rubric)}


def knob(path: str) -> Knob:
    return by_path()[path]


CALLED = [
    # path, title, kind, how it is written, value, unit
    ("groups.county.full_marks", "县区 · 满分", What.FULL_MARKS, "100", "100", "分"),
    ("sections.organisation.full_marks.county", "组织领导 · 满分（县区）", What.FULL_MARKS, "14", "14", "分"),
    ("sections.enforcement.indicators.case_volume.full_marks.county", "第六条（一）办案任务完成率 · 满分（县区）", What.FULL_MARKS, "8", "8", "分"),
    ("sections.enforcement.indicators.case_volume.rules[0].straight[0][0]", "第六条（一）办案任务完成率 · 不得分的界限", What.THRESHOLD, "50", "50", "%"),
    ("sections.enforcement.indicators.case_volume.rules[0].straight[1][1]", "第六条（一）办案任务完成率 · 指标值 100% 的得分", What.POINTS, "full", "100", "%"),
    ("sections.enforcement.indicators.case_growth.rules[0].bands[1].at_least", "第六条（二）办案量同比 · 第 2 档（得满分的 75%）不低于", What.THRESHOLD, "-5", "-5", "%"),
    ("sections.enforcement.indicators.case_growth.rules[0].bands[1].points", "第六条（二）办案量同比 · 第 2 档的得分", What.POINTS, "75% of full", "75", "%"),
    ("sections.linkage.indicators.platform_entry.rules[0].parts[1].each.department", "第七条（一）平台录入 · 漏录每件扣（成员单位）", What.PRICE, "0.8", "0.8", "分"),
    ("sections.linkage.indicators.platform_entry.rules[0].parts[1].cap", "第七条（一）平台录入 · 漏录封顶", What.CAP, "4", "4", "分"),
    ("sections.linkage.indicators.platform_entry.rules[0].parts[0].points", "第七条（一）平台录入 · 不录的扣", What.PRICE, "full", "100", "%"),
    ("sections.reporting.indicators.weekly_reports.rules[0].late", "第八条（二）专项行动周报 · 迟报每次扣", What.PRICE, "0.2", "0.2", "分"),
    ("sections.enforcement.indicators.case_quality.rules[0].limit", "第六条（九）案件质量 · 评分上限", What.CAP, "full", "100", "%"),
    ("sections.public.indicators.satisfaction.rules[0].bands[0].at_least", "第十条（三）社会满意度 · 第 1 档（得满分）不低于", What.THRESHOLD, "85", "85", "分"),
    ("adjustments.commended.parts[0].each", "第十二条表扬加分 · 国家级表扬每次加", What.PRICE, "1.5", "1.5", "分"),
    ("adjustments.commended.pool", "第十二条表扬加分 · 合计最多加", What.POOL, "3", "3", "分"),
    ("adjustments.commended.gate", "第十二条表扬加分 · 基础得分的界限", What.GATE, "base >= 80", "80", "分"),
    ("adjustments.exposed.cap", "第十三条曝光和通报批评 · 合计最多扣", What.PENALTY_CAP, "5", "5", "分"),
    ("adjustments.falsification.effect.score_at_most", "第十四条弄虚作假 · 总分不超过", What.VETO, "59", "59", "分"),
    ("grades[0].at_least", "优秀 · 分数线", What.GRADE, "90", "90", "分"),
    ("grades[0].quota.share", "优秀 · 名额比例", What.QUOTA, "30%", "30", "%"),
    ("total.at_least", "总分 · 最低", What.TOTAL, "0", "0", "分"),
]  # fmt: skip


@pytest.mark.parametrize("path, title, what, written, value, unit", CALLED, ids=[one[0] for one in CALLED])
def test_a_figure_is_called_as_a_reader_would(path: str, title: str, what: What, written: str, value: str, unit: str) -> None:
    found = knob(path)
    assert (found.title, found.what, found.written, found.value, found.unit) == (title, what, written, Decimal(value), unit)


def test_each_belongs_to_something_and_to_a_group_where_it_says_so() -> None:
    one = knob("sections.linkage.indicators.platform_entry.rules[0].parts[1].each.county")
    assert (one.about, one.of, one.group, one.clause, one.full) == ("indicator", "platform_entry", "county", "第七条（一）", Decimal(6))
    shared = knob("sections.linkage.indicators.transfer.rules[0].parts[0].each")
    assert shared.group is None and shared.full is None, "3 points for counties, 2 for departments: a share of which is not one number"
    assert knob("groups.county.full_marks").about == "group"
    assert knob("sections.public.full_marks.county").of == "public"


def test_every_figure_is_a_scalar_of_the_text_and_is_written_back_as_it_stands() -> None:
    text = Text.of(DEMO)
    every = knobs(typed())
    assert len({one.loc for one in every}) == len(every)
    for one in every:
        assert text.written[one.loc] == one.written
        assert one.text(one.value) == one.written
        assert one.least <= one.value <= one.most and (one.value - one.least) % one.step == 0, one
        assert one.what is What.THRESHOLD or one.about == "total" or one.least == 0


def test_a_changed_figure_keeps_its_form_and_is_read_with_that_value() -> None:
    """Each at its largest: the typed rubric of the rewritten text has a knob there with this value."""
    for path, _, _, _, _, _ in CALLED[::2]:
        one = knob(path)
        if one.about == "total":
            continue
        new = rewritten(DEMO, {one.loc: one.text(one.value + one.step if one.value < one.most else one.value - one.step)})
        document, _ = loads(new, "x")
        assert document is not None
        again = document.at(one.loc)
        assert type(again) is type(typed().document.at(one.loc)) or one.written == "full", path
    assert knob("adjustments.commended.gate").text(Decimal(75)) == "base >= 75"
    assert knob("grades[0].quota.share").text(Decimal("27.5")) == "27.5%"
    assert knob("sections.enforcement.indicators.case_growth.rules[0].bands[0].points").text(Decimal(90)) == "90% of full"
    assert knob("sections.enforcement.indicators.case_growth.rules[0].bands[1].points").text(Decimal(100)) == "full"


def test_all_numbers_of_points_and_limits_are_there() -> None:
    """Independently: every number under these keys of sections, adjustments, groups and grades has a knob."""
    keys = {"full_marks", "each", "points", "cap", "late", "missing", "limit", "pool", "at_least", "straight", "below", "share"}
    found = {one.loc for one in knobs(typed())}
    for loc, node in Text.of(DEMO).scalars.items():
        inside = loc[:1] in (("sections",), ("adjustments",), ("groups",), ("grades",))
        figure = node.value.replace("-", "").replace(".", "").isdigit()
        last = next((str(key) for key in reversed(loc) if key in keys), None)
        if inside and figure and last is not None and str(loc[-1]) not in ("gap", "common_problem", "weak_point"):
            assert loc in found, loc


def test_what_is_no_knob() -> None:
    paths = by_path()
    for path in ("edition", "document.in_force", "sections.enforcement.indicators.case_volume.flag.when", "consequences[0].when"):
        assert path not in paths
    assert not [path for path in paths if path.startswith(("samples", "measures"))]


STEPS = "[{kind: steps, start: 70, points: 10, below: {each: 5, lose: 2}, above: [{each: 1, gain: 0.5, until: 80}, {each: 1, gain: 1}], most: 12}]"


def test_steps_written_with_and_without_a_list() -> None:
    rubric = small(section("a", "100", item("x", "100", STEPS)))
    found = {rubric.document.path(one.loc): one for one in knobs(rubric)}
    head = "sections.a.indicators.x.rules[0]"
    assert found[f"{head}.start"].title == "第x条指标x · 起算的界限" and found[f"{head}.start"].value == 70
    assert found[f"{head}.below.lose"].title == "第x条指标x · 低于界限每 5 件扣"
    assert found[f"{head}.below.each"].what is What.THRESHOLD
    assert found[f"{head}.above[0].until"].title == "第x条指标x · 高于界限第 1 段到此为止"
    assert found[f"{head}.above[1].gain"].value == 1
    assert found[f"{head}.most"].what is What.CAP
    assert f"{head}.above[1].each" in found


def test_weights_and_shares_written_either_way() -> None:
    inner = section("b", "100", item("x", "100"), more=", weight: 60%") + section("c", "100", item("y", "100"), more=", weight: 0.4")
    rubric = small(inner)
    found = {rubric.document.path(one.loc): one for one in knobs(rubric)}
    assert (found["sections.b.weight"].value, found["sections.b.weight"].text(Decimal(55))) == (60, "55%")
    assert (found["sections.c.weight"].value, found["sections.c.weight"].text(Decimal(45))) == (40, "0.45")
    assert found["sections.c.weight"].form == "fraction"


def test_targets_are_data() -> None:
    assert list(issued_targets(typed(), "county"))[:2] == ["case_target", "major_target"]


def test_numbers_are_written_plainly() -> None:
    assert [plain(Decimal(text)) for text in ("12.50", "100", "1E+2", "0.00", "-3.0", "1E-7")] == ["12.5", "100", "100", "0", "-3", "0.0000001"]
