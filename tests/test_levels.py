"""Sections to any depth: levels, weights, lowest and highest, average, rescaling within, landings above.

Expected numbers are hand arithmetic, in comments; the clauses are those of the published rubrics (D32.1, D40.2, D41.2)
and the AGG pattern.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from scoring.engine.summed import sum_rows
from scoring.rubric.words import gathered_above
from tests.tiny import Scores, Tiny, n

ONLY = "rules: [{kind: judged, measure: %s}]"


def judged(code: str, full: int, more: str = "") -> str:
    """An indicator that simply is the figure of its name, up to its full marks."""
    return f"{{code: i_{code}, title: 指标{code}, clause: 第{code}条, full_marks: {full}, {more}rules: [{{kind: judged, measure: {code}}}]}}"


def adds_up(scores: Scores) -> None:
    """Σ items + landings + everything in between = total, at each end, for every unit."""
    for row in scores.assessment.rows("unit_score"):
        *lines, total = sum_rows(scores.assessment, row["unit"])
        for end in ("low", "high"):
            ends = [getattr(line, end) for line in lines]
            if None not in ends and getattr(total, end) is not None:
                assert sum(ends, Decimal(0)) == getattr(total, end), (row["unit"], end, lines)


def test_weights_of_three_sources(tmp_path: Path) -> None:
    """D32.1: common standard 30 %, special standard 50 %, outside evaluation 20 %, each of 100."""
    scores = Tiny(
        table="""
            unit a   b   c:decimal1
            甲县 80  90  70
            乙县 100 100 100
            丙县 33  47  86.5
        """,
        sections=f"""
            - {{code: common, title: 共性标准, full_marks: 100, weight: 30%, indicators: [{judged("a", 100)}]}}
            - {{code: special, title: 特色标准, full_marks: 100, weight: 0.5, indicators: [{judged("b", 100)}]}}
            - {{code: outside, title: 社会评价, full_marks: 100, weight: 20%, indicators: [{judged("c", 100)}]}}
        """,
    ).score(tmp_path)
    # 甲 24 + 45 + 14 = 83; 乙 100; 丙 9.9 + 23.5 + 17.3 = 50.7
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县", "丙县")] == [n(83), n(100), n("50.7")]
    assert scores.node("丙县", "special")["points"] == 47
    adds_up(scores)
    assert not [issue for issue in scores.project.issues if "不符" in issue.problem]


def test_weights_by_group(tmp_path: Path) -> None:
    """D40.2: towns have two annexes of 50 % each, member units a third one."""
    scores = Tiny(
        table="""
            unit a  b  c
            甲县 80 60 _
            乙局 _  _  77
        """,
        register="""
            - {code: t1, title: 甲县, kind: county}
            - {code: d1, title: 乙局, kind: department}
        """,
        groups="{town: {title: 乡镇, units: {kinds: [county]}, full_marks: 100}, body: {title: 成员单位, units: {kinds: [department]}, full_marks: 100}}",
        sections=f"""
            - code: first
              title: 附件一
              full_marks: {{town: 100}}
              weight: {{town: 50%}}
              indicators: [{judged("a", 100, "groups: [town], ")}]
            - code: second
              title: 附件二
              full_marks: {{town: 100}}
              weight: {{town: 50%}}
              indicators: [{judged("b", 100, "groups: [town], ")}]
            - {{code: third, title: 附件三, full_marks: {{body: 100}}, indicators: [{judged("c", 100, "groups: [body], ")}]}}
        """,
    ).score(tmp_path)
    # 甲 40 + 30; 乙 77
    assert scores.total("甲县")["total"] == 70 and scores.total("乙局")["total"] == 77


LEVELS = f"""
    - code: routine
      title: 日常工作
      full_marks: 10
      sections:
        - code: reports
          title: 报送
          full_marks: 4
          indicators:
            - code: weekly
              title: 周报
              clause: 第一条
              full_marks: 2
              rules: [{{kind: deductions, parts: [{{measure: late, each: 1}}], lands_on: block}}]
            - {judged("a", 2)}
        - code: visits
          title: 检查
          full_marks: 6
          indicators: [{judged("b", 6)}]
    - {{code: rest, title: 其他, full_marks: 90, indicators: [{judged("c", 90)}]}}
"""


def test_losses_beyond_their_item_within_the_block(tmp_path: Path) -> None:
    """D41.2: an item may lose more than its own weight as long as the first-level block is not exceeded."""
    scores = Tiny(
        table="""
            unit late a b c
            甲县 0    2 6 90
            乙县 5    2 6 90
            丙县 15   2 6 90
        """,
        sections=LEVELS,
    ).score(tmp_path)
    # 甲 10 + 90; 乙: the item of 2 loses 5 of its block: 10 − 5 = 5, + 90; 丙: 10 − 15, floor of the block 0, + 90
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县", "丙县")] == [100, 95, 90]
    assert scores.node("乙县", "reports")["points"] == 4 and scores.node("乙县", "routine")["points"] == 5
    assert scores.points("乙县", "weekly") == 2
    adds_up(scores)


def test_limits_hold_at_every_level(tmp_path: Path) -> None:
    """The middle level stops at its full marks before the level above adds."""
    scores = Tiny(
        table="""
            unit a b c
            甲县 5 5 1
            乙县 2 3 1
        """,
        sections=f"""
            - code: top
              title: 总
              full_marks: 10
              sections:
                - code: mid
                  title: 中
                  full_marks: 6
                  indicators: [{judged("a", 5)}, {judged("b", 5)}]
                - {{code: last, title: 末, full_marks: 4, indicators: [{judged("c", 4)}]}}
        """,
    ).score(tmp_path)
    # 甲 min(6, 10) + 1 = 7; 乙 5 + 1 = 6
    assert scores.total("甲县")["total"] == 7 and scores.total("乙县")["total"] == 6
    adds_up(scores)
    problems = [issue.problem for issue in scores.project.issues if "不符" in issue.problem]
    assert any("各指标满分合计 10，与本级满分 6 不符" in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("takes", "totals"),
    [
        ("lowest", ("4", "0", "8")),  # 甲 min(8, 4, 6); 乙 min(0, 10, 10); 丙 8: what does not apply is not compared
        ("highest", ("8", "10", "8")),
        ("average", ("6", "6.67", "8")),  # 甲 18/3; 乙 20/3 = 6.66…; 丙 8/1
        ("sum", ("18", "20", "30")),  # 丙 8 of 10, rescaled to all 30 full marks: 8 × 30 ÷ 10 = 24? see below
    ],
)
def test_the_worst_account_decides(tmp_path: Path, takes: str, totals: tuple[str, ...]) -> None:
    """AGG: the lower of several scores, the worst of several accounts."""
    rule = "not_applicable: {when: %s = 99, then: rescale, reason: 没有账号}, "
    scores = Tiny(
        table="""
            unit a b  c
            甲县 8 4  6
            乙县 0 10 10
            丙县 8 99 99
        """,
        groups="{all: {title: 县区, units: {kinds: [county]}, full_marks: " + ("30" if takes == "sum" else "10") + "}}",
        sections=f"""
            - code: accounts
              title: 账号
              full_marks: {30 if takes == "sum" else 10}
              takes: {takes}
              indicators: [{judged("a", 10)}, {judged("b", 10, rule % "b")}, {judged("c", 10, rule % "c")}]
        """,
    ).score(tmp_path)
    # 丙, sum: 8 of the 10 that apply, to a scale of 30: 8 × 30 ÷ 10 = 24
    expected = ["18", "20", "24"] if takes == "sum" else list(totals)
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县", "丙县")] == [n(text) for text in expected]
    adds_up(scores)


def test_an_unknown_score_leaves_lowest_a_range(tmp_path: Path) -> None:
    scores = Tiny(
        table="""
            unit a b
            甲县 8 _
            乙县 0 _
        """,
        groups="{all: {title: 县区, units: {kinds: [county]}, full_marks: 10}}",
        sections=f"- {{code: two, title: 两家评分, full_marks: 10, takes: lowest, indicators: [{judged('a', 10)}, {judged('b', 10)}]}}",
    ).score(tmp_path)
    # 甲 the lower of 8 and [0, 10] is in [0, 8]; 乙 the lower of 0 and anything is 0, so it is settled
    assert (scores.total("甲县")["total_low"], scores.total("甲县")["total_high"]) == (0, 8)
    assert scores.total("乙县")["total"] == 0
    adds_up(scores)


def test_rescaled_within_the_section(tmp_path: Path) -> None:
    """What does not apply is scaled up within its section, not over the whole (D14.2, D24.2)."""
    rows = """
        unit a b  c
        甲县 4 99 30
    """
    body = f"""
        - code: first
          title: 甲部分
          full_marks: 40
          rescale_within: true
          indicators: [{judged("a", 10)}, {judged("b", 30, "not_applicable: {when: b = 99, then: rescale, reason: 没有}, ")}]
        - {{code: second, title: 乙部分, full_marks: 60, indicators: [{judged("c", 60)}]}}
    """
    within = Tiny(table=rows, sections=body).score(tmp_path / "within")
    over_all = Tiny(table=rows, sections=body.replace("rescale_within: true", "rescale_within: false")).score(tmp_path / "all")
    # within: 4 × 40 ÷ 10 = 16, + 30 = 46; over all: (4 + 30) × 100 ÷ 70 = 48.571… → 48.57
    assert within.total("甲县")["total"] == 46
    assert over_all.total("甲县")["total"] == n("48.57")
    adds_up(within)
    adds_up(over_all)


def test_a_blend_of_blends(tmp_path: Path) -> None:
    """D67.1, D17.3: weights inside weights; an unknown source leaves a range of its share."""
    scores = Tiny(
        table="""
            unit a  b  c
            甲县 90 60 80
            乙县 90 _  80
        """,
        sections=f"""
            - code: daily
              title: 日常
              full_marks: 100
              weight: 60%
              sections:
                - {{code: routine, title: 例行, full_marks: 100, weight: 75%, indicators: [{judged("a", 100)}]}}
                - {{code: spot, title: 抽查, full_marks: 100, weight: 25%, indicators: [{judged("b", 100)}]}}
            - {{code: final, title: 年终, full_marks: 100, weight: 40%, indicators: [{judged("c", 100)}]}}
        """,
    ).score(tmp_path)
    # 甲 daily 67.5 + 15 = 82.5, × 0.6 = 49.5, + 32 = 81.5; 乙 daily [67.5, 92.5] → [40.5, 55.5] + 32 = [72.5, 87.5]
    assert scores.node("甲县", "daily")["points"] == n("82.5") and scores.total("甲县")["total"] == n("81.5")
    assert (scores.total("乙县")["total_low"], scores.total("乙县")["total_high"]) == (n("72.5"), n("87.5"))
    adds_up(scores)


def test_how_sections_are_put_together_is_told_on_the_way_down(tmp_path: Path) -> None:
    scores = Tiny(
        table="unit a b\n甲县 80 9",
        sections=f"""
            - code: daily
              title: 日常考核
              full_marks: 100
              weight: 30%
              sections:
                - {{code: report, title: 信息报送, full_marks: 60, takes: lowest, indicators: [{judged("b", 60)}]}}
            - {{code: special, title: 年终考核, full_marks: 100, indicators: [{judged("a", 100)}]}}
        """,
    ).score(tmp_path)
    rubric = scores.project.rubric
    assert rubric is not None
    assert gathered_above(rubric, "county", "report") == "“日常考核”下面各项相加，得分的 30% 计入总分；“信息报送”取下面各项中最低的"
    assert gathered_above(rubric, "county", "special") == ""
