"""The distance of two units, part by part: expected values are hand arithmetic over tiny rubrics, in comments."""

from __future__ import annotations

import argparse
import re
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from statistics import median

import pytest
from openpyxl import load_workbook

from scoring.insight.gap import REST, Gap, NotCompared, Part, ends_of, gap_of
from scoring.insight.gap_told import applies_sentence, gap_sentence, share, widespread_sentence
from scoring.reports.gap_picture import gap_picture
from scoring.reports.gap_tables import section_rows
from scoring.studies import gap as command
from scoring.studies.delivery import NotDone, deliver
from tests.demo import demo, scored
from tests.tiny import Scores, Tiny, item, n

GROUPS = "{{all: {{title: 县区, units: {{kinds: [county]}}, full_marks: {}}}}}"
TWO = """{county: {title: 县区, units: {kinds: [county]}, full_marks: 10},
 zone: {title: 功能区, units: {kinds: [zone]}, full_marks: 10}}"""


def awards(code: str, more: str = "") -> str:
    return item(f"rules: [{{kind: awards, parts: [{{measure: {code}, each: 1}}]}}]\n{more}", code)


# Each thing is worth a point, 10 at most.
#        a   b   c   合计  名次
# 甲县   9   2  10   21    1
# 丁县   6   4  10   20    2
# 乙县   3   6  10   19    3
# 丙县   5   4   4   13    4
# middle 5.5 4  10
TABLE = "unit a b c\n甲县 9 2 10\n乙县 3 6 10\n丙县 5 4 4\n丁县 6 4 10\n"


def tiny(folder: Path, table: str = TABLE, **more: str) -> Scores:
    settings = {"indicators": "".join(map(awards, "abc")), "groups": GROUPS.format(30), **more}
    return Tiny(table, **settings).score(folder)  # type: ignore[arg-type]


def between(found: Scores, one: str, other: str) -> Gap:
    return gap_of(found.assessment, *(found._code(unit) for unit in (one, other)))


def part(gap: Gap, code: str, kind: str = "indicator") -> Part:
    return next(one for one in gap.parts if (one.kind, one.code) == (kind, code))


def told_of(one: Part) -> tuple[Decimal | None, ...]:
    return one.difference, one.common, one.single


# --- parts -------------------------------------------------------------------------------------------------


def test_every_clause_is_split_at_the_middle_unit(tmp_path: Path) -> None:
    """甲 before 丙: a 9 − 5 = 4 = (9 − 5.5) + (5.5 − 5); b 2 − 4 = −2, the middle 4 is 丙's own: all of it common (most are
    better than 甲 there); c 10 − 4 = 6, the middle has 10: 丙 alone."""
    gap = between(tiny(tmp_path), "甲县", "丙县")
    assert told_of(part(gap, "a")) == (n(4), n("3.5"), n("0.5"))
    assert told_of(part(gap, "b")) == (n(-2), n(-2), n(0))
    assert told_of(part(gap, "c")) == (n(6), n(0), n(6))
    assert (gap.difference, gap.whole.difference) == (n(8), n(8))
    assert (gap.whole.common, gap.whole.single, gap.whole.rest) == (n("1.5"), n("6.5"), n(0))
    assert [(one.title, one.difference) for one in gap.sections] == [("第一部分", n(8))]


def test_the_middle_is_held_between_the_two(tmp_path: Path) -> None:
    """甲 before 丁: a 9 − 6, the middle 5.5 lies below both: all common. 甲 before 乙: b 2 − 6 = (2 − 4) + (4 − 6)."""
    found = tiny(tmp_path)
    assert told_of(part(between(found, "甲县", "丁县"), "a")) == (n(3), n(3), n(0))
    assert told_of(part(between(found, "甲县", "乙县"), "b")) == (n(-4), n(-2), n(-2))


def test_whoever_has_more_is_ahead_however_they_are_named(tmp_path: Path) -> None:
    found = tiny(tmp_path)
    for pair in (("甲县", "丙县"), ("丙县", "甲县")):
        gap = between(found, *pair)
        assert (gap.ahead.title, gap.behind.title) == ("甲县", "丙县")


FLAGGED = "".join(awards(code, f"flag: {{when: {code} < 7, label: 少了{code}}}\n") for code in "abc")


def test_what_is_a_common_problem_is_what_shortfalls_call_so(tmp_path: Path) -> None:
    """Below 7: a 乙 丙 丁 (3 of 4), b all 4, c 丙 only."""
    gap = between(tiny(tmp_path, indicators=FLAGGED), "甲县", "丙县")
    assert {code: (part(gap, code).losing, part(gap, code).problem) for code in "abc"} == {
        "a": ((4, 4), "少了a"), "b": ((4, 4), "少了b"), "c": ((1, 4), ""),
    }  # fmt: skip
    assert widespread_sentence(gap) == "本组的共性问题：少了b（4 个单位）、少了a（3 个单位）（口径同“短板”）。"


def test_without_flags_no_problem_can_be_told(tmp_path: Path) -> None:
    gap = between(tiny(tmp_path), "甲县", "丙县")
    assert gap.common == () and widespread_sentence(gap) == "本办法没有给指标设预警线，判断不了共性问题。"


def test_of_two_units_nothing_is_called_common(tmp_path: Path) -> None:
    gap = between(tiny(tmp_path, "unit a b c\n甲县 3 0 0\n乙县 0 0 0\n", indicators=FLAGGED), "甲县", "乙县")
    assert gap.common == () and widespread_sentence(gap) == "本组没有共性问题（口径同“短板”）。"


def test_nobody_falls_short_at_a_bonus(tmp_path: Path) -> None:
    """甲 and 乙 have 8 of a; the bonus is 甲's alone, then 甲's and 丙's: the middle of 0 0 2 is 0, of 0 2 2 it is 2."""
    bonus = "- {kind: bonus, code: p, title: 表扬加分, clause: 第八条, parts: [{measure: d, each: 1}]}"
    for name, d, told in (("one", 0, "多数单位也没加到"), ("two", 2, "乙县单独少加")):
        found = tiny(
            tmp_path / name, f"unit a d\n甲县 8 2\n乙县 8 0\n丙县 8 {d}\n", indicators=awards("a"), groups=GROUPS.format(10), adjustments=bonus,
        )  # fmt: skip
        drawn = gap_picture(between(found, "甲县", "乙县"), "light")
        assert told in drawn and "也差" not in drawn and "单独差" not in drawn


def test_a_penalty_is_a_part_and_single_where_the_others_have_none(tmp_path: Path) -> None:
    """甲 10; 乙 8 − 3 = 5; 丙 6. 甲 before 乙: 5 = 2 + 3."""
    penalty = "- {kind: penalty, code: p, title: 通报批评, clause: 第八条, parts: [{measure: d, each: 1}]}"
    found = tiny(
        tmp_path, "unit a d\n甲县 10 0\n乙县 8 3\n丙县 6 0\n", indicators=awards("a"), groups=GROUPS.format(10), adjustments=penalty,
    )  # fmt: skip
    gap = between(found, "甲县", "乙县")
    assert gap.difference == n(5) and told_of(part(gap, "p", "penalty")) == (n(3), n(0), n(3))
    assert [(one.title, one.difference) for one in gap.sections] == [("第一部分", n(2)), ("加分、扣分和否决", n(3))]
    assert gap_sentence(gap) == (
        "第 1 名甲县与第 3 名乙县相差 5.00 分：通报批评占 3.00 分（六成），第一部分 2.00 分。"
        "其中 2.00 分是多数单位也差的，3.00 分是乙县单独差的。"
    ), "a: the middle has 8 as well, so 10 − 8 is common"


def test_what_applies_to_one_of_two_stands_with_the_rescaling(tmp_path: Path) -> None:
    """甲 8 + 5 = 13 of 20. b does not apply to 乙: 6 of 10 are 12 of 20. The distance 1 is 2 (a) and 5 − 6 (b and the
    rescaling that makes up for it). Nothing of that is common or single."""
    gone = "not_applicable: {when: b = 99, then: rescale, reason: 没有这项职责}"
    found = tiny(
        tmp_path, "unit a b\n甲县 8 5\n乙县 6 99\n丙县 1 2\n", indicators=awards("a") + awards("b", gone), groups=GROUPS.format(20)
    )
    gap = between(found, "甲县", "乙县")
    assert gap.difference == n(1)
    b = part(gap, "b")
    assert (b.applies, b.section, b.difference, b.common, b.single) == ((True, False), REST, n(5), None, None)
    assert [(one.code, one.difference) for one in gap.sections] == [("part", n(2)), (REST, n(-1))]
    assert applies_sentence(gap) == (
        "甲县适用的指标满分 20.00 分，得 13.00 分；乙县适用的指标满分 10.00 分，得 6.00 分。"
        "不适用的由折算补足，所以同样丢一分，在乙县的总分里分量更重。"
    )
    assert applies_sentence(between(found, "甲县", "丙县")) == ""


# --- open totals -------------------------------------------------------------------------------------------


def test_an_open_total_gives_a_range_and_names_what_is_open(tmp_path: Path) -> None:
    """丙 has no figure for a: 0 to 10 points, 8 to 18 in all. 甲 has 21: 3 to 13 ahead; c alone is settled: 6, b: −2."""
    gap = between(tiny(tmp_path, TABLE.replace("丙县 5", "丙县 _")), "甲县", "丙县")
    assert gap.difference is None and (gap.ends.low, gap.ends.high) == (n(3), n(13))
    a = part(gap, "a")
    assert a.difference is None and (a.ends.low, a.ends.high) == (n(-1), n(9))
    assert gap.whole.difference is None and gap.whole.known == n(4) and gap.whole.open == (a,)
    assert a.losing == (3, 3), "丙 is not counted"
    assert gap_sentence(gap) == (
        "第 1 名甲县与丙县（总分暂缺）的差距还定不下来，在 3.00 至 13.00 分之间。"
        "已经有分数的部分，甲县多的是第一部分 4.00 分；指标a还没有分数。"
    )


def test_an_open_total_may_be_higher_or_lower(tmp_path: Path) -> None:
    """丙 8 to 18, 乙 19 − … with c open as well: 丙 4 to 24 beside 丁 20."""
    gap = between(tiny(tmp_path, TABLE.replace("丙县 5 4 4", "丙县 _ 4 _")), "丁县", "丙县")
    assert (gap.ends.low, gap.ends.high) == (n(-4), n(16))
    assert "可能丁县高，最多 16.00 分，也可能丙县高，最多 4.00 分" in gap_sentence(gap)


def test_both_open(tmp_path: Path) -> None:
    """甲 12 to 22, 丙 8 to 18: 甲 between 6 less and 14 more."""
    table = TABLE.replace("丙县 5", "丙县 _").replace("甲县 9", "甲县 _")
    gap = between(tiny(tmp_path, table), "甲县", "丙县")
    assert (gap.ends.low, gap.ends.high) == (n(-6), n(14))


# --- sentences and picture ---------------------------------------------------------------------------------


def test_equal_totals_say_where_each_has_more(tmp_path: Path) -> None:
    sections = "".join(
        f"- code: s{code}\n  title: 方面{code}\n  indicators:\n    - {{code: {code}, title: 指标{code}, clause: 第{code}条, full_marks: 10, "
        f"rules: [{{kind: awards, parts: [{{measure: {code}, each: 1}}]}}]}}\n"
        for code in "ab"
    )
    found = tiny(tmp_path, "unit a b\n甲县 5 2\n乙县 2 5\n", sections=sections, groups=GROUPS.format(20))
    assert gap_sentence(between(found, "甲县", "乙县")) == (
        "甲县和乙县总分相同，都是 7.00 分；甲县多的是方面a 3.00 分，乙县多的是方面b 3.00 分，正好相抵。"
    )


def test_the_sentence_says_when_the_middle_is_above_the_unit_ahead(tmp_path: Path) -> None:
    """a: 10 − 5, the middle has 10: 5 single. b: 2 − 5, the middle has 5: −3 common. 12 − 10 = 2."""
    gap = between(tiny(tmp_path, "unit a b c\n甲县 10 2 0\n乙县 5 5 0\n丙县 10 5 0\n丁县 10 5 0\n"), "甲县", "乙县")
    assert gap_sentence(gap).endswith("这是乙县单独差的：处在中间的单位比甲县还高 3.00 分，乙县比中间低 5.00 分。")


def test_the_sentence_says_when_the_unit_behind_is_above_the_middle(tmp_path: Path) -> None:
    """a: 10 − 5, the middle has 5: 5 common. b: 2 − 5, the middle has 2: −3 single. 12 − 10 = 2."""
    gap = between(tiny(tmp_path, "unit a b c\n甲县 10 2 0\n乙县 5 5 0\n丙县 5 2 0\n丁县 5 2 0\n"), "甲县", "乙县")
    assert gap_sentence(gap).endswith("这是多数单位也差的：处在中间的单位差 5.00 分，乙县比中间还高 3.00 分。")


@pytest.mark.parametrize(
    "part_, whole, told",
    [("5", "10", "一半"), ("4.7", "10", "近一半"), ("5.2", "10", "一半多"), ("10", "10", "全部"), ("9.6", "10", "几乎全部"), ("3.4", "10", "三成"), ("0.4", "10", ""), ("11", "10", ""), ("1", "0", "")],
)
def test_a_share_in_words(part_: str, whole: str, told: str) -> None:
    assert share(n(part_), n(whole)) == told


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_shows_each_clause_once(tmp_path: Path, theme: str) -> None:
    drawn = gap_picture(between(tiny(tmp_path), "甲县", "丙县"), theme)
    assert drawn.startswith("<svg") and drawn.count("第c条 指标c</text>") == 1
    assert "← 丙县多得" in drawn and "甲县多得 →" in drawn


BAR = re.compile(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="15" fill="(#\w+)"/><text x="([\d.]+)"( text-anchor="end")?[^>]*>([\d.]+)')
ZERO = re.compile(r'<path d="M([\d.]+) ')


@pytest.mark.parametrize("narrow", [False, True])
def test_colour_and_side_of_a_bar_say_who_has_more(tmp_path: Path, narrow: bool) -> None:
    """甲 before 丙: c 6 and a 4 to the right, in one colour; b 2 that 丙 has more to the left, in another. No sign stands there:
    the side is the sign. The figure stands at the far end of its bar."""
    drawn = gap_picture(between(tiny(tmp_path), "甲县", "丙县"), "light", narrow)
    (zero, *_) = (float(one) for one in ZERO.findall(drawn))
    bars = [(float(x), float(x) + float(size), colour, float(at), bool(left), told) for x, size, colour, at, left, told in BAR.findall(drawn)]
    assert [told for *_, told in bars] == ["6.00", "4.00", "2.00"]
    for start, end, colour, at, left, told in bars:
        assert (colour == bars[2][2]) is left is (told == "2.00")
        assert (end if left else start) == pytest.approx(zero, abs=0.2)
        assert at < start if left else at > end
    wide = [end - start for start, end, *_ in bars]
    assert wide[0] / wide[2] == pytest.approx(3, rel=0.02) and wide[1] / wide[2] == pytest.approx(2, rel=0.02)
    assert "丙县单独差" in drawn and "其中多数单位也差 3.50" in drawn, "c: the middle has 10; a: 3.5 of 4 (see above)"


def test_one_side_only_is_named_where_nobody_has_more_on_the_other(tmp_path: Path) -> None:
    drawn = gap_picture(between(tiny(tmp_path, "unit a b c\n甲县 3 2 1\n乙县 1 1 1\n"), "甲县", "乙县"), "light")
    assert "甲县多得 →" in drawn and "乙县多得" not in drawn


def test_no_picture_where_nothing_differs(tmp_path: Path) -> None:
    assert gap_picture(between(tiny(tmp_path, "unit a b c\n甲县 1 1 1\n乙县 1 1 1\n"), "甲县", "乙县"), "light") == ""


# --- bad input ---------------------------------------------------------------------------------------------


def test_the_same_unit_twice(tmp_path: Path) -> None:
    with pytest.raises(NotCompared, match="同一个单位"):
        between(tiny(tmp_path), "甲县", "甲县")


def test_units_of_two_groups_and_a_group_of_one(tmp_path: Path) -> None:
    register = "- {code: c1, title: 甲县, kind: county}\n- {code: c2, title: 乙县, kind: county}\n- {code: z1, title: 新区, kind: zone}\n"
    found = tiny(tmp_path, "unit a\n甲县 3\n乙县 2\n新区 1\n", indicators=awards("a"), groups=TWO, register=register)
    with pytest.raises(NotCompared, match="甲县属于县区，新区属于功能区"):
        between(found, "甲县", "新区")
    with pytest.raises(NotCompared, match="功能区只有 1 个单位"):
        ends_of(found.assessment, "zone")
    assert ends_of(found.assessment, "county") == ("c1", "c2")


def test_a_group_with_nobody_placed(tmp_path: Path) -> None:
    found = tiny(tmp_path, "unit a\n甲县 _\n乙县 _\n", indicators=awards("a"), groups=GROUPS.format(10))
    with pytest.raises(NotCompared, match="县区还没有一个单位有名次"):
        ends_of(found.assessment, "all")
    one = tiny(tmp_path / "one", "unit a\n甲县 1\n乙县 _\n", indicators=awards("a"), groups=GROUPS.format(10))
    with pytest.raises(NotCompared, match="县区有名次的单位只有 1 个"):
        ends_of(one.assessment, "all")


def test_a_group_with_nobody_that_year(tmp_path: Path) -> None:
    register = "- {code: c1, title: 甲县, kind: county}\n- {code: c2, title: 乙县, kind: county}\n"
    register += "- {code: z1, title: 新区, kind: zone, valid: {to: 2023-06-30}}\n"
    found = tiny(tmp_path, "unit a\n甲县 3\n乙县 2\n", indicators=awards("a"), groups=TWO, register=register)
    with pytest.raises(NotCompared, match="功能区里没有被考核单位"):
        ends_of(found.assessment, "zone")


def test_a_unit_that_is_scored_no_more_has_no_distance(tmp_path: Path) -> None:
    veto = "- {kind: veto, code: v, title: 弄虚作假, clause: 第九条, when: d > 0, effect: {stop: true}}"
    found = tiny(
        tmp_path, "unit a d\n甲县 3 0\n乙县 2 1\n丙县 1 0\n", indicators=awards("a"), groups=GROUPS.format(10), adjustments=veto
    )
    with pytest.raises(NotCompared, match="乙县一票否决，没有总分，不能相比"):
        between(found, "甲县", "乙县")
    assert ends_of(found.assessment, "all") == ("c1", "c3")


# --- the demo city -----------------------------------------------------------------------------------------


def test_the_parts_of_every_pair_of_the_demo_add_up_to_the_difference_of_the_totals() -> None:
    result, known = scored().assessment, 0
    for group in result.rubric.groups:
        totals = {row["unit"]: row for row in result.rows("ranking", group=group)}
        for one, other in combinations(totals, 2):
            gap = gap_of(result, one, other)
            a, b = totals[gap.ahead.unit], totals[gap.behind.unit]
            if a["total"] is None or b["total"] is None:
                assert gap.difference is None and gap.whole.open
                assert gap.ends.low == a["total_low"] - b["total_high"] and gap.ends.high == a["total_high"] - b["total_low"]
                continue
            known += 1
            assert a["total"] >= b["total"]
            assert gap.whole.difference == sum((s.difference or 0 for s in gap.sections), Decimal(0)) == a["total"] - b["total"]
            assert gap.whole.common + gap.whole.single + gap.whole.rest == gap.difference
    assert known == 45 + 105, "10 counties and 15 departments have totals"


def test_the_middle_of_every_clause_of_the_demo_is_the_median() -> None:
    """Against the statistics of the standard library, over fractions."""
    result = scored().assessment
    gap = gap_of(result, "c09", "c10")
    checked = 0
    for one in gap.parts:
        if one.kind == "indicator" and one.middle is not None:
            rows = result.rows("indicator_score", group="county", indicator=one.code, left_out=False)
            assert one.middle == median(Fraction(row["points"]) for row in rows if row["points"] is not None), one.code
            checked += 1
    assert checked > 20


def test_a_veto_is_the_unit_s_own() -> None:
    """雁川县 falsified: 90.27 became 59."""
    gap = gap_of(scored().assessment, "c09", "c06")
    assert told_of(part(gap, "falsification", "veto")) == (n("31.27"), n(0), n("31.27"))


# --- the command -------------------------------------------------------------------------------------------


def arguments(line: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add(parser.add_subparsers(), [])
    return parser.parse_args(["gap", *line.split()])


def test_the_command_compares_the_ends_or_who_is_named(tmp_path: Path) -> None:
    result = scored().assessment
    for line, title in (
        ("", "稷川市与雁川县"), ("--group 成员单位", "市公安局与市税务局"), ("笙溪县", "稷川市与笙溪县"), ("c08 c05", "檀阳县与笙溪县"),
    ):  # fmt: skip
        assert command.study(demo(), result, arguments(line)).title == f"{title}的差距（示例）"
    out = tmp_path / "差距.xlsx"
    deliver(command.study(demo(), result, arguments("c09 c08")), out)
    book = load_workbook(out)
    assert [sheet for sheet in book.sheetnames if sheet in ("一级指标", "逐条")] == ["一级指标", "逐条"]
    for kind, head in (("png", b"\x89PNG"), ("svg", b"<svg")):
        deliver(command.study(demo(), result, arguments("c09 c08")), tmp_path / f"差距.{kind}")
        assert (tmp_path / f"差距.{kind}").read_bytes().startswith(head)


@pytest.mark.parametrize(
    "line, told",
    [("c09 c09", "同一个单位"), ("c09 d02", "两组各自计分"), ("某县", "没有被考核单位“某县”"), ("c01 c02 c03", "一次比两个单位"),
     ("--group 乡镇", "没有考核分组“乡镇”")],
)  # fmt: skip
def test_the_command_says_what_is_wrong(line: str, told: str) -> None:
    with pytest.raises(NotDone, match=told):
        command.study(demo(), scored().assessment, arguments(line))


def test_while_rescaling_is_open_nothing_is_said_of_it() -> None:
    """茗川县: 要案 does not apply, and what that is worth in the end rests on what it has not reported."""
    gap = gap_of(scored().assessment, "c09", "c07")
    assert "适用的指标不同" not in gap_sentence(gap) and "适用的指标不同" not in gap_picture(gap, "light")
    assert section_rows(gap)[-1][0] == "合计" and section_rows(gap)[-1][1:] == ("7.33 至 52.19", gap.whole.common, gap.whole.single, None)
