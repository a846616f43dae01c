"""One figure is changed, the others make up for it: sums that are reckoned by hand here hold to the last decimal."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
import yaml

from scoring.rubric import Rubric
from scoring.rubric.knobs import What, knobs
from scoring.rubric.marks import largest_remainder
from scoring.rubric.rewriting import rewritten
from scoring.rubric.scaling import How, NotScaled, scaled, scaling
from scoring.source import Loc
from tests.drafts.typed import DEMO, item, section, small, typed


def n(text: str | int) -> Decimal:
    return Decimal(str(text))


def place(rubric: Rubric, path: str) -> Loc:
    (found,) = [knob.loc for knob in knobs(rubric) if rubric.document.path(knob.loc) == path]
    return found


def by_path(rubric: Rubric, changes: dict[str, str], how: How | None = None) -> dict[str, str]:
    """Changes and results by path, as text."""
    found = scaled(rubric, {place(rubric, path): n(value) for path, value in changes.items()}, how)
    return {rubric.document.path(loc): text for loc, text in found.items()}


LEADING = "sections.organisation.indicators.leading_group.full_marks.county"
STAY = How(prices="stay")


def test_fixed_within_the_section() -> None:
    """组织领导 of counties: 3 + 3 + 2 + 3 + 3 = 14. With 5 for the first the other 11 must come to 9:
    3 · 9/11 = 2.4545…, 2 · 9/11 = 1.6363…; cut to 2.45, 1.63, 2.45, 2.45 = 8.98; the two hundredths left go to the
    largest remainders: .6363 (agenda), then the first of the equal .4545 (mechanism)."""
    head = "sections.organisation.indicators"
    assert by_path(typed(), {LEADING: "5"}, STAY) == {
        LEADING: "5",
        f"{head}.mechanism.full_marks.county": "2.46",
        f"{head}.agenda.full_marks.county": "1.64",
        f"{head}.sub_assessment.full_marks.county": "2.45",
        f"{head}.rectification.full_marks.county": "2.45",
    }


def test_free_total_moves_the_headings_too() -> None:
    assert by_path(typed(), {LEADING: "5"}, How("free", prices="stay")) == {
        LEADING: "5",
        "sections.organisation.full_marks.county": "16",
        "groups.county.full_marks": "102",
    }
    found = scaling(typed(), {place(typed(), LEADING): n(5)}, How("free"))
    assert found.warnings == ("“县区”组的满分由 100 分变为 102 分，等次的分数线没有随之改变",)


def two_sections() -> Rubric:
    return small(
        section("a", "60", item("p", "20"), item("q", "40")) + section("b", "40", item("r", "10"), item("s", "30"))
    )


def test_fixed_over_all_sections() -> None:
    """p 20 → 40: the other 80 come to 60, three quarters: q 30, r 7.5, s 22.5; a = 70, b = 30."""
    assert by_path(two_sections(), {"sections.a.indicators.p.full_marks": "40"}, How(over="all")) == {
        "sections.a.full_marks": "70",
        "sections.a.indicators.p.full_marks": "40",
        "sections.a.indicators.q.full_marks": "30",
        "sections.b.full_marks": "30",
        "sections.b.indicators.r.full_marks": "7.5",
        "sections.b.indicators.s.full_marks": "22.5",
    }


def test_a_section_scales_what_is_in_it_and_the_others_make_up() -> None:
    """a 60 → 80: p 20 · 4/3 = 26.666…, q 53.333…, to two decimals 26.67 and 53.33; b 40 → 20: r 5, s 15."""
    assert by_path(two_sections(), {"sections.a.full_marks": "80"}) == {
        "sections.a.full_marks": "80",
        "sections.a.indicators.p.full_marks": "26.67",
        "sections.a.indicators.q.full_marks": "53.33",
        "sections.b.full_marks": "20",
        "sections.b.indicators.r.full_marks": "5",
        "sections.b.indicators.s.full_marks": "15",
    }
    free = by_path(two_sections(), {"sections.a.full_marks": "80"}, How("free"))
    assert free["groups.county.full_marks"] == "120" and "sections.b.full_marks" not in free


def test_a_whole_group_scales() -> None:
    """100 → 50, all by half; departments stand in the same entries and must agree."""
    changes = {"groups.county.full_marks": "50", "groups.department.full_marks": "50"}
    assert by_path(two_sections(), changes)["sections.b.indicators.s.full_marks"] == "15"
    with pytest.raises(NotScaled, match=r"“第a部分 · 满分”各组写在一起，而各组折算出的分值不同（30 和 60）。请先在办法文件里按组分开写"):
        by_path(two_sections(), {"groups.county.full_marks": "50"})


def test_locked_items_stay() -> None:
    """q is locked: of the other 40 (r 10, s 30) 20 must go: r 5, s 15."""
    rubric = two_sections()
    locked = frozenset({place(rubric, "sections.a.indicators.q.full_marks")})
    found = by_path(rubric, {"sections.a.indicators.p.full_marks": "40"}, How(over="all", locked=locked))
    assert found == {
        "sections.a.full_marks": "80", "sections.a.indicators.p.full_marks": "40", "sections.b.full_marks": "20",
        "sections.b.indicators.r.full_marks": "5", "sections.b.indicators.s.full_marks": "15",
    }  # fmt: skip
    section_locked = frozenset({place(rubric, "sections.b.full_marks")})
    found = by_path(rubric, {"sections.a.indicators.p.full_marks": "40"}, How(over="all", locked=section_locked))
    assert found == {"sections.a.indicators.p.full_marks": "40", "sections.a.indicators.q.full_marks": "20"}


def test_a_value_set_to_itself_is_held() -> None:
    rubric = two_sections()
    found = by_path(rubric, {"sections.b.indicators.r.full_marks": "20", "sections.a.indicators.q.full_marks": "40"}, How(over="all"))
    # p 20 and s 30 make up for 10: p 20 − 4 = 16, s 30 − 6 = 24
    assert found["sections.a.indicators.p.full_marks"] == "16" and found["sections.b.indicators.s.full_marks"] == "24"
    assert "sections.a.indicators.q.full_marks" not in found


PRICED = "[{kind: deductions, parts: [{measure: cases, each: 0.5, cap: 4}, {measure: crimes, each: 30% of full}]}]"
LISTED = "[{kind: checklist, need: each, items: [{if: cases > 0, points: 1}, {if: cases > 1, points: 1}, {if: crimes > 0, points: 1}]}]"


def test_prices_follow_the_full_marks_or_stay() -> None:
    """10 → 8: 0.5 → 0.4, 4 → 3.2; 30% of full is a share and stays as written."""
    rubric = small(section("a", "100", item("x", "10", PRICED), item("y", "90")))
    head = "sections.a.indicators.x"
    found = by_path(rubric, {f"{head}.full_marks": "8"})
    assert found == {
        f"{head}.full_marks": "8", f"{head}.rules[0].parts[0].each": "0.4", f"{head}.rules[0].parts[0].cap": "3.2",
        "sections.a.indicators.y.full_marks": "92",
    }  # fmt: skip
    assert by_path(rubric, {f"{head}.full_marks": "8"}, STAY) == {
        f"{head}.full_marks": "8", "sections.a.indicators.y.full_marks": "92",
    }  # fmt: skip
    # 0.5 · 7 / 10 = 0.35; 4 · 0.7 = 2.8; a price that is set itself is not scaled
    own = by_path(rubric, {f"{head}.full_marks": "7", f"{head}.rules[0].parts[0].each": "1"})
    assert (own[f"{head}.rules[0].parts[0].each"], own[f"{head}.rules[0].parts[0].cap"]) == ("1", "2.8")
    # 0.5 · 6.67 / 10 = 0.3335, to three decimals half up 0.334; with no decimals asked for, y still makes up exactly
    third = by_path(rubric, {f"{head}.full_marks": "6.67"}, How(decimals=0, price_decimals=3))
    assert third[f"{head}.rules[0].parts[0].each"] == "0.334"
    assert third["sections.a.indicators.y.full_marks"] == "93.33", "as many decimals as what was set"
    with pytest.raises(NotScaled, match="写了 3 位小数，而指标得分只取 2 位。请写到 2 位小数"):
        by_path(rubric, {f"{head}.full_marks": "6.667"})


def test_the_points_of_a_list_come_to_full_marks_again() -> None:
    """1 + 1 + 1 = 3 → 5: three times 1.6667 would be 5.0001; the first two keep the remainder."""
    rubric = small(section("a", "100", item("x", "3", LISTED), item("y", "97")))
    found = by_path(rubric, {"sections.a.indicators.x.full_marks": "5"})
    assert [found[f"sections.a.indicators.x.rules[0].items[{at}].points"] for at in range(3)] == ["1.6667", "1.6667", "1.6666"]


def test_prices_that_two_groups_share_stay_and_are_told() -> None:
    path = "sections.reporting.indicators.weekly_reports.full_marks.county"
    found = scaling(typed(), {place(typed(), path): n(4)}, How("free"))
    assert {typed().document.path(loc) for loc in found.changes} == {path, "sections.reporting.full_marks.county", "groups.county.full_marks"}
    assert "有的分值没有随满分改变（各组共用，而各组满分变化的比例不同）：第八条（二）专项行动周报" in found.warnings
    both = {place(typed(), path): n(4), place(typed(), path.replace("county", "department")): n(4)}
    # both 3 → 4: 0.2 · 4/3 = 0.26666… → 0.2667, 0.5 · 4/3 = 0.6667
    scaled_both = scaling(typed(), both, How("free"))
    prices = [scaled_both.changes[place(typed(), f"sections.reporting.indicators.weekly_reports.rules[0].{key}")] for key in ("late", "missing")]
    assert prices == ["0.2667", "0.6667"] and not [told for told in scaled_both.warnings if "没有随满分" in told]


def test_all_weight_on_one_item_is_done_and_told() -> None:
    rubric = two_sections()
    changes = {place(rubric, "sections.a.indicators.p.full_marks"): n(100)}
    found = scaling(rubric, changes, How(over="all"))
    assert found.warnings == ("“县区”组的分全在“指标p”一项上，其他指标不再起作用", "“成员单位”组的分全在“指标p”一项上，其他指标不再起作用")
    texts = {rubric.document.path(loc): text for loc, text in found.changes.items()}
    assert texts["sections.a.full_marks"] == "100" and texts["sections.b.full_marks"] == texts["sections.b.indicators.s.full_marks"] == "0"
    inside = scaling(rubric, {place(rubric, "sections.a.indicators.p.full_marks"): n(60)})
    assert inside.warnings[0] == "“县区”组有指标的满分成了 0，不再起作用：指标q"


IMPOSSIBLE = [
    ({"sections.a.indicators.p.full_marks": "70"}, How(), r"“第a部分”还要减 50 分，而可以减的各项合计只有 40 分。请少改一些；.*改为在全部指标间折算，或选择总分可变"),
    ({"sections.a.indicators.p.full_marks": "101"}, How(over="all"), r"“县区”组还要减 81 分，而可以减的各项合计只有 80 分"),
    ({"sections.a.indicators.p.full_marks": "30", "sections.a.indicators.q.full_marks": "40"}, How(), r"“第a部分”没有别的指标可以相应增减（其余都已锁定或设定）"),
    ({"sections.a.full_marks": "10", "sections.b.full_marks": "10"}, How(), r"“县区”组没有别的指标可以相应增减"),
    ({"sections.a.indicators.p.full_marks": "-1"}, How(), r"“第p条指标p · 满分”不能是负数。请写 0 或大于 0 的数"),
    ({"sections.a.indicators.p.full_marks": "NaN"}, How(), r"不是数"),
]  # fmt: skip


@pytest.mark.parametrize("changes, how, told", IMPOSSIBLE)
def test_what_cannot_be_done_is_refused(changes: dict[str, str], how: How, told: str) -> None:
    with pytest.raises(NotScaled, match=told.replace("（", "（").replace("(", r"\(")):
        by_path(two_sections(), changes, how)


def test_locked_knobs_and_unknown_places_are_refused() -> None:
    rubric = two_sections()
    loc = place(rubric, "sections.a.indicators.p.full_marks")
    with pytest.raises(NotScaled, match="“第p条指标p · 满分”已经锁定，不能改。请先解锁"):
        scaled(rubric, {loc: n(5)}, How(locked=frozenset({loc})))
    with pytest.raises(NotScaled, match="这一处不是可以调的数"):
        scaled(rubric, {("edition",): n(5)})
    every = frozenset(knob.loc for knob in knobs(rubric) if knob.what is What.FULL_MARKS and knob.loc != loc)
    with pytest.raises(NotScaled, match="没有别的指标可以相应增减"):
        scaled(rubric, {loc: n(30)}, How(over="all", locked=every))
    zeros = small(section("a", "10", item("p", "10"), item("q", "0")), 10, 10)
    with pytest.raises(NotScaled, match="其余各项的满分都是 0，无从按比例分"):
        scaled(zeros, {place(zeros, "sections.a.indicators.p.full_marks"): n(5)})


def test_sections_that_are_not_simply_added() -> None:
    rubric = small(section("a", "100", item("p", "100"), item("q", "100"), more=", takes: highest"))
    path = "sections.a.indicators.p.full_marks"
    with pytest.raises(NotScaled, match=r"“第a部分”下面的各项不是简单相加（取最低、最高、平均，或按权重计入），不能自动折算.*请选择总分可变，逐项改"):
        by_path(rubric, {path: "80"})
    found = scaling(rubric, {place(rubric, path): n(80)}, How("free"))
    assert [rubric.document.path(loc) for loc in found.changes] == [path]
    assert found.warnings[0] == "“第a部分”下面的各项不是简单相加，它的满分没有随之改变，请自行核对"


def test_sums_that_did_not_hold_keep_their_difference() -> None:
    """The heading says 30 over 15 points, as in a real method: 5 → 10 leaves 5 for the other ten, by half each."""
    rubric = small(section("a", "30", item("p", "5"), item("q", "5"), item("r", "5")), 30, 30)
    found = by_path(rubric, {"sections.a.indicators.p.full_marks": "10"})
    assert found == {
        "sections.a.indicators.p.full_marks": "10", "sections.a.indicators.q.full_marks": "2.5",
        "sections.a.indicators.r.full_marks": "2.5",
    }  # fmt: skip


def test_other_figures_are_passed_through() -> None:
    gate = "adjustments.commended.gate"
    assert by_path(typed(), {gate: "75", "grades[0].quota.share": "25", "adjustments.commended.pool": "4"}) == {
        "grades[0].quota.share": "25%", gate: "base >= 75", "adjustments.commended.pool": "4",
    }  # fmt: skip
    assert by_path(typed(), {"adjustments.commended.pool": "3"}) == {}, "as it is"


def test_random_changes_keep_every_sum() -> None:
    keep_every_sum(25, 17)


@pytest.mark.trial
def test_120_random_changes_keep_every_sum(trial_size: Callable[[int, int], int]) -> None:
    keep_every_sum(trial_size(120, 40), 18)


def keep_every_sum(tries: int, seed: int) -> None:
    """Sections sum to their group and items to their sections; nobody is further from proportion than a unit of the last decimal."""
    rng = random.Random(seed)
    rubric = typed()
    marks = [knob for knob in knobs(rubric) if knob.what is What.FULL_MARKS and knob.about in ("section", "indicator")]
    done = 0
    for _ in range(tries):
        knob = rng.choice(marks)
        how = How(rng.choice(["free", "fixed"]), rng.choice(["section", "all"]), "scale", decimals=rng.choice([0, 1, 2, 5]))
        value = n(rng.randint(0, 60)) / 4
        try:
            changes = scaled(rubric, {knob.loc: value}, how)
        except NotScaled:
            continue
        done += 1
        text = rewritten(DEMO, changes)
        now = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        for code, group in now["groups"].items():
            headings = [n(one["full_marks"].get(code, 0)) for one in now["sections"]]
            assert sum(headings) == n(group["full_marks"])
            assert code == knob.group or sum(headings) == 100
            assert how.total == "free" or sum(headings) == 100
            for heading, one in zip(headings, now["sections"], strict=True):
                assert heading == sum(n(item["full_marks"].get(code, 0)) for item in one["indicators"])
        if done % 12 == 0:
            typed(text)  # and it is a rubric without errors
    assert done > tries // 2


def test_largest_remainder_as_published() -> None:
    """Hamilton's method, the usual textbook case: 10 seats for 41.7, 23.6, 18.1, 16.6 % → 4, 2, 2, 2."""
    assert largest_remainder([n("41.7"), n("23.6"), n("18.1"), n("16.6")], n(10), 0) == [4, 2, 2, 2]
    # 47,000 16,000 15,900 12,000 6,000 3,100 votes, 10 seats: 5 2 1 1 1 0
    assert largest_remainder([n(47000), n(16000), n(15900), n(12000), n(6000), n(3100)], n(10), 0) == [5, 2, 1, 1, 1, 0]
    rng = random.Random(2)
    for _ in range(100):
        weights = [n(rng.randint(0, 50)) for _ in range(rng.randint(1, 9))] + [n(1)]
        total, decimals = n(rng.randint(0, 1000)) / 8, rng.randint(0, 4)
        parts = largest_remainder(weights, total, decimals)
        assert sum(parts) == total
        unit = Fraction(1, 10**decimals)
        for weight, part in zip(weights, parts, strict=True):
            assert abs(Fraction(part) - Fraction(weight) * Fraction(total) / Fraction(sum(weights))) < unit
