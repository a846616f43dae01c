"""现在还能做的, by hand on tiny towns: what brings most, what all bring together, and which losses nothing mends any more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from scoring.insight.path.ground import ground_of
from scoring.insight.still import Loss, Still, owed, still
from tests.demo import scored
from tests.path.acting import acting
from tests.tiny import Scores, Tiny, item, n

DAY, NEW_YEAR, TOO_LATE = date(2024, 12, 1), date(2025, 1, 5), date(2025, 3, 1)
EACH = item("rules: [{kind: awards, parts: [{measure: cases, each: 1}], cap: full}]")
OTHER = item("rules: [{kind: awards, parts: [{measure: other, each: 2}], cap: full}]", "y")
FAULTS = item("rules: [{kind: deductions, parts: [{measure: faults, each: 2}, {measure: late, each: 1}]}]", "z")
CASE = "- {code: case, title: 办案, does: {cases: +1}, effort: 3, most: 30, by: 12-31}\n"
MORE = "- {code: more, title: 另办, does: {other: +1}, effort: 1, most: 30, by: 12-31}\n"
BIG = "- {code: big, title: 大办, does: {cases: +1}, effort: 9, most: 30, by: 12-31}\n"
MEND = "- {code: mend, title: 补录, does: {faults: -1, late: +1}, effort: 1}\n"


def left(scores: Scores, unit: str, day: date = DAY) -> Still:
    return still(ground_of(scores.assessment, scores.place(unit)["unit"], day))


def loss(found: Still, code: str) -> Loss:
    return next(one for one in found.losses if one.indicator == code)


def test_the_largest_gain_first_and_all_together(tmp_path: Path) -> None:
    """cases 4 of 10: one more 1.00, six 6.00; other 3 × 2 of 10: one more 2.00, two 4.00. Together 10.00 + 10.00 = 20.00."""
    scores = acting(tmp_path, Tiny("unit cases other\n甲县 4 3\n乙县 10 4", EACH + OTHER), CASE + MORE)
    found = left(scores, "甲县")
    assert [(one.action.code, one.once.low, one.times, one.all_.low, one.indicator) for one in found.doings] == [
        ("more", n(2), 2, n(4), "y"), ("case", n(1), 6, n(6), "x"),
    ]  # fmt: skip
    assert found.together is not None and found.together.low == n(10) and found.together.after["total"] == n(20)
    assert found.together.moved_words == "升到第 1 名" and found.doings[0].once.moved_words == ""


def test_the_dearer_way_to_the_same_points_stands_apart(tmp_path: Path) -> None:
    """Six more cases are full marks, and one at 3 is cheaper than one at 9."""
    found = left(acting(tmp_path, Tiny("unit cases\n甲县 4", EACH), BIG + CASE), "甲县")
    assert [(one.action.code, one.times) for one in found.doings] == [("case", 6)]
    assert [(one.action.code, one.low) for one in found.besides] == [("big", n(1))]


def test_what_counts_only_several_times_is_offered_so_often(tmp_path: Path) -> None:
    """Nothing below 5 cases, all from 5 on; 2 now."""
    bands = item("actual: cases\nrules: [{kind: bands, bands: [{at_least: 5, points: full}, {points: 0}]}]")
    (one,) = left(acting(tmp_path, Tiny("unit cases\n甲县 2", bands), CASE), "甲县").doings
    assert (one.times, one.once.gains, one.all_.low) == (3, False, n(10))


def test_what_is_mended_of_a_loss_and_what_is_not(tmp_path: Path) -> None:
    """Two faults cost 4 and one late 1; mended, a fault is a late one: 2 × (2 − 1) = 2 of the 5 come back."""
    scores = acting(tmp_path, Tiny("unit cases faults late\n甲县 10 2 1", EACH + FAULTS), CASE + MEND)
    one = loss(left(scores, "甲县", NEW_YEAR), "z")
    assert (one.lost, [(mend.times, mend.points) for mend in one.mends]) == (n(5), [(2, n(2))])
    assert one.final and not one.gone and not one.whole


def test_after_the_year_what_no_action_mends_is_gone(tmp_path: Path) -> None:
    """The day of the cases is over, that of the repair is not; within the year both can be made good."""
    scores = acting(tmp_path, Tiny("unit cases faults late\n甲县 4 1 0", EACH + FAULTS), CASE + MEND)
    after, within = left(scores, "甲县", NEW_YEAR), left(scores, "甲县")
    assert [one.indicator for one in after.gone] == ["x"] and loss(after, "x").lost == n(6)
    assert not within.gone and loss(within, "x").whole and not loss(within, "x").final


def test_after_the_cut_off_all_is_gone(tmp_path: Path) -> None:
    scores = acting(tmp_path, Tiny("unit cases faults late\n甲县 4 1 0", EACH + FAULTS), CASE + MEND)
    found = left(scores, "甲县", TOO_LATE)
    assert not found.doings and found.together is None
    assert [(one.indicator, one.lost) for one in found.gone] == [("x", n(6)), ("z", n(2))]


def test_what_is_not_there_can_be_handed_in_until_the_cut_off(tmp_path: Path) -> None:
    """The total is open: nothing can be said of all together, and each is told by itself."""
    scores = acting(tmp_path, Tiny("unit cases other\n甲县 4 _\n乙县 3 1", EACH + OTHER), CASE)
    found, late = left(scores, "甲县"), left(scores, "甲县", TOO_LATE)
    assert {form: [one.indicator for one in waiting] for form, waiting in found.to_hand_in.items()} == {"figures": ["y"]}
    assert [(one.action.code, one.once.low) for one in found.doings] == [("case", n(1))] and found.together is None
    assert not late.to_hand_in and loss(late, "y").gone and loss(late, "y").lost is None


def test_losses_are_told_without_actions(tmp_path: Path) -> None:
    """That nothing is written down does not mean that nothing can be done."""
    scores = Tiny("unit cases\n甲县 4", EACH).score(tmp_path)
    found = left(scores, "甲县", NEW_YEAR)
    assert found.why.startswith("办法里没有写还能做的事") and loss(found, "x").lost == n(6) and not found.gone


def test_what_is_taken_off_the_total(tmp_path: Path) -> None:
    """Two faults at 2 each are 4 off; a bonus is no loss. After the year no action mends it, the repair of a fault does."""
    adjustments = """
    - {kind: penalty, code: off, title: 扣, clause: 第三条, parts: [{measure: faults, each: 2}]}
    - {kind: bonus, code: more, title: 加, clause: 第四条, parts: [{measure: late, each: 1}]}
    """
    tiny = Tiny("unit cases faults late\n甲县 10 2 1\n乙县 10 0 1", EACH, adjustments=adjustments)
    scores = acting(tmp_path / "plain", tiny, CASE)
    for day, final in ((DAY, False), (NEW_YEAR, True)):
        found = left(scores, "甲县", day)
        assert [(one.adjustment.code, one.lost, one.final) for one in found.taken] == [("off", n(4), final)]
    assert not left(scores, "乙县").taken
    (one,) = left(acting(tmp_path / "mended", tiny, CASE + MEND), "甲县", NEW_YEAR).taken
    assert not one.final


def test_a_veto_takes_what_lies_above_its_limit() -> None:
    """雁川县: 88.56 for its items, 0.10 off, × 100 ÷ 98 = 90.27, held at 59."""
    (one,) = left(scored(), "雁川县", date(2025, 1, 20)).taken
    assert (one.adjustment.code, one.lost, one.final) == ("falsification", n("31.27"), True)


def test_what_was_not_yet_due_is_not_owed() -> None:
    """苇泽县 never sent the 小结 due on 2024-01-17, the 周报 due on 2024-05-10, 对下考核 due on 2025-01-10."""
    for day, late, ahead, weekly in (
        (date(2024, 5, 10), [], ("sub_assessment", "weekly_report"), False),
        (date(2024, 5, 11), [], ("sub_assessment",), True),
        (date(2025, 1, 11), ["sub_assessment"], (), True),
        (date(2025, 1, 20), ["sub_assessment"], (), True),
    ):
        ground = ground_of(scored().assessment, "c04", day)
        found = owed(ground)
        assert (list(found.late), found.ahead) == (late, ahead)
        offered = {one.action.code: one.most for one in ground.offered}
        assert offered.get("send_weekly") == (1 if weekly else None) and offered["send_stage"] == 1
    reasons = {one.action.code: one.reason for one in ground_of(scored().assessment, "c04", date(2024, 5, 1)).refused}
    assert reasons["send_weekly"] == "到 2024-05-01 还没有漏报"
