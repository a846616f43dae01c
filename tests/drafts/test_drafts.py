"""Drafts on record: saved by several people at once, read again, compared, over an edition that changed meanwhile."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from scoring.access import Actor, may
from scoring.desk import Desk, Refused
from scoring.desk.draft_life import discard, submit, withdraw
from scoring.desk.draft_texts import base, carried_over, changed, compared, outdated, problems, text, unmet
from scoring.desk.drafts import OPEN, PENDING, VOID, Draft, decisions, drafts, read, save, versions
from scoring.desk.log import Wanted, lines
from scoring.source import Loc
from tests.drafts.conftest import RUBRIC
from tests.hamlet import Hamlet
from tests.town import CLERK

LI, WANG, MAYOR, UNIT = Actor("李分析", "analyst"), Actor("王分析", "analyst"), Actor("分管领导", "leader"), Actor("甲县", "reporter", "c01")
POOL: Loc = ("adjustments", 0, "pool")
QUALITY: Loc = ("sections", 0, "indicators", 2, "full_marks", "county")
VOLUME: Loc = ("sections", 0, "indicators", 0, "full_marks", "county")
SECOND_BAND: Loc = ("sections", 0, "indicators", 1, "rules", 0, "bands", 1, "at_least")


def first(desk: Desk, changes: dict[Loc, str] | None = None, name: str = "提高加分上限") -> Draft:
    return save(desk, LI, name, "鼓励争先创优", base(desk), changes or {POOL: "5"})


def rubric_file(city: Hamlet) -> bytes:
    return (city.folder / RUBRIC).read_bytes()


def edit(city: Hamlet, old: str, new: str) -> None:
    path = city.folder / RUBRIC
    whole = path.read_text(encoding="utf-8")
    assert whole.count(old) == 1
    path.write_text(whole.replace(old, new), encoding="utf-8")


def test_saved_and_read_again(town_hall: Hamlet) -> None:
    desk, before = town_hall.desk, rubric_file(town_hall)
    one = save(desk, LI, " 提高 加分上限 ", " 鼓励争先\n创优 ", base(desk), {VOLUME: "32", POOL: "5", QUALITY: "10"})
    assert (one.name, one.reason, one.version, one.state) == ("提高 加分上限", "鼓励争先 创优", 1, OPEN)
    assert one.no.startswith("CA2025-") and one.saved_by == one.started_by == "李分析" and one.authors == ("李分析",)
    assert [(change.path, change.old, change.new) for change in one.changes] == [
        ("sections.handling.indicators.volume.full_marks.county", "30", "32"),
        ("adjustments.praise.pool", "3", "5"),
    ], "in the order of the text; what is as it was is no change"
    assert one.edition == "2023" and one.base_sha256 == hashlib.sha256(before).hexdigest()
    assert read(desk, WANG, one.no) == one and drafts(desk, MAYOR) == [one]
    assert changed(desk, one) == {VOLUME: "32", POOL: "5"}
    assert text(desk, one).encode() == before.replace(b"{county: 30}", b"{county: 32}").replace(b"pool: 3,  gate", b"pool: 5,  gate")
    assert rubric_file(town_hall) == before and outdated(desk, one) is None
    (line,) = lines(desk, CLERK, Wanted(act="保存草案"))
    assert line["detail"] == "改 2 处。鼓励争先 创优" and one.no in line["subject"]


def test_a_draft_stays_readable_when_its_file_is_gone(town_hall: Hamlet) -> None:
    desk = town_hall.desk
    one, before = first(desk), rubric_file(town_hall)
    (town_hall.folder / RUBRIC).unlink()
    assert text(desk, one).encode() == before.replace(b"pool: 3,  gate", b"pool: 5,  gate")
    assert outdated(desk, one) == "读不出“config/scoring.yaml”"


def test_byte_order_mark_and_line_ends_are_kept(town_hall: Hamlet) -> None:
    path = town_hall.folder / RUBRIC
    whole = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(whole)
    one = first(town_hall.desk)
    assert text(town_hall.desk, one).encode() == whole.replace(b"pool: 3,  gate", b"pool: 5,  gate")
    assert problems(town_hall.desk, one) == []


def test_two_analysts_save_one_draft(town_hall: Hamlet) -> None:
    """王 opens what 李 saved; 李 saves again before him. His save is refused and names her; both texts are there."""
    desk = town_hall.desk
    seen = first(desk)
    again = save(desk, LI, seen.name, "再提一点", base(desk), {POOL: "6"}, seen)
    assert (again.no, again.version) == (seen.no, 2)
    with pytest.raises(Refused) as refused:
        save(desk, WANG, seen.name, "改小一点", base(desk), {POOL: "4"}, seen)
    told = f"“李分析”已在 {again.saved_at:%Y-%m-%d %H:%M} 保存了第 2 版，你改的是第 1 版，这次没有保存"
    assert told in refused.value.problem and refused.value.other == seen.no
    assert "另存为新的草案" in refused.value.fix
    assert read(desk, WANG, seen.no) == again
    assert [change.new for change in read(desk, WANG, seen.no, 1).changes] == ["5"], "nothing is ever lost"
    mine = save(desk, WANG, "小幅提高", "改小一点", base(desk), {POOL: "4"})
    assert mine.no != seen.no and mine.authors == ("王分析",)
    after = save(desk, WANG, seen.name, "改小一点", base(desk), {POOL: "4"}, again)
    assert (after.version, after.authors, after.started_by) == (3, ("李分析", "王分析"), "李分析")
    assert [(row["version"], row["actor"], row["changes"]) for row in versions(desk, MAYOR, seen.no)] == [(3, "王分析", 1), (2, "李分析", 1), (1, "李分析", 1)]


def test_many_at_the_same_moment(town_hall: Hamlet) -> None:
    desk, people = town_hall.desk, 6
    seen, start, text_now = first(desk), Barrier(people), base(desk)

    def attempt(number: int) -> bool:
        start.wait()
        try:
            save(desk, Actor(f"人{number}", "analyst"), seen.name, "同时", text_now, {POOL: str(number + 4)}, seen)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(people) as pool:
        done = list(pool.map(attempt, range(people)))
    assert sum(done) == 1
    now = read(desk, LI, seen.no)
    assert now.version == 2 and now.saved_by == f"人{done.index(True)}"


def test_who_may(town_hall: Hamlet) -> None:
    desk = town_hall.desk
    one = first(desk)
    for actor in (MAYOR, UNIT):
        with pytest.raises(Refused, match="不能起草和修改办法草案"):
            save(desk, actor, "另一份", "试", base(desk), {POOL: "5"})
    for reading in (lambda: drafts(desk, UNIT), lambda: read(desk, UNIT, one.no), lambda: versions(desk, UNIT, one.no)):
        with pytest.raises(Refused, match="“甲县”不能看办法草案"):
            reading()
    assert may(CLERK, "draft") and may(CLERK, "approve") and not may(LI, "approve") and not may(MAYOR, "approve")


BAD: list[tuple[dict[Loc, str], str]] = [
    ({}, "草案与原办法没有不同"),
    ({POOL: "3"}, "草案与原办法没有不同"),
    ({("edition",): "2025"}, "版本名、文号和施行日期不在草案里改"),
    ({("document", "in_force"): "2024-05-01"}, "不在草案里改"),
    ({("adjustments", 0, "cap"): "5"}, "没有写这一项"),
    ({POOL: "5\n6"}, "有换行"),
]


@pytest.mark.parametrize("changes, told", BAD)
def test_what_is_no_draft_is_refused(town_hall: Hamlet, changes: dict[Loc, str], told: str) -> None:
    with pytest.raises(Refused, match=told) as refused:
        save(town_hall.desk, LI, "一份草案", "试", base(town_hall.desk), changes)
    assert refused.value.fix
    assert drafts(town_hall.desk, LI) == []


def test_names_and_reasons(town_hall: Hamlet) -> None:
    desk = town_hall.desk
    one = first(desk)
    for name, reason, told in (
        ("  ", "试", "草案没有名称"), ("长" * 61, "试", "超过 60 个字"), ("另一份", " ", "没有写修改的理由"),
        (one.name, "试", f"已经有一份叫“提高加分上限”的草案（{one.no}，李分析起草）"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=told):
            save(desk, WANG, name, reason, base(desk), {POOL: "4"})
    discard(desk, LI, one.no, 1, "不改了")
    assert save(desk, WANG, one.name, "试", base(desk), {POOL: "4"}).state == OPEN, "a name is free again"
    with pytest.raises(Refused, match=r"“config/nothing\.yaml”不是本项目的考核办法"):
        base(desk, "config/nothing.yaml")
    with pytest.raises(Refused, match="不是本项目"):
        base(desk, "config/../../etc/passwd")
    with pytest.raises(Refused, match="没有草案“CA2025-999999”"):
        read(desk, LI, "CA2025-999999")


def test_its_life_before_anybody_approves(town_hall: Hamlet) -> None:
    desk = town_hall.desk
    one = first(desk)
    with pytest.raises(Refused, match="现在是“草稿”，不能这样办"):
        withdraw(desk, LI, one.no, 1)
    pending = submit(desk, LI, one.no, 1)
    assert (pending.state, pending.decided_by) == (PENDING, "李分析")
    with pytest.raises(Refused, match="现在是“待批准”，不能再改。请先撤回再改"):
        save(desk, LI, one.name, "又改", base(desk), {POOL: "6"}, pending)
    with pytest.raises(Refused, match="不是你起草的，不能撤回"):
        withdraw(desk, WANG, one.no, 1)
    assert withdraw(desk, LI, one.no, 1).state == OPEN
    changed_again = save(desk, LI, one.name, "又改", base(desk), {POOL: "6"}, read(desk, LI, one.no))
    with pytest.raises(Refused, match=r"已经不是你看到的第 1 版：“李分析”在 .* 保存了第 2 版"):
        submit(desk, LI, one.no, 1)
    with pytest.raises(Refused, match="没有写作废的理由"):
        discard(desk, LI, one.no, changed_again.version, " ")
    with pytest.raises(Refused, match="不是你起草的，不能作废"):
        discard(desk, WANG, one.no, 2, "不要")
    gone = discard(desk, LI, one.no, 2, "不改了")
    assert (gone.state, gone.state_reason) == (VOID, "不改了")
    with pytest.raises(Refused, match="现在是“作废”，不能再改。请另存为新的草案"):
        save(desk, LI, one.name, "又改", base(desk), {POOL: "7"}, gone)
    assert [row["state"] for row in decisions(desk, LI, one.no)] == ["草稿", "待批准", "草稿", "草稿", "作废"]
    assert drafts(desk, LI, [OPEN]) == [] and drafts(desk, LI, [VOID]) == [gone]
    acts = [row["act"] for row in lines(desk, CLERK, Wanted(text=one.no))]
    assert acts == ["作废草案", "保存草案", "撤回草案", "提交草案", "保存草案"]


def test_compared_with_its_edition_in_words(town_hall: Hamlet) -> None:
    """Pool 3 → 5; full marks of counties 30 → 32."""
    one = first(town_hall.desk, {POOL: "5", VOLUME: "32"})
    told = [difference.words for difference in compared(town_hall.desk, one)]
    assert told == [
        "第一条“任务完成率”：满分由“30 分”改为“32 分”",
        "第八条“受到表扬”：加分由“表扬次数每次加 2 分；合计最多加 3 分；须基础得分不低于 60，否则不加”"
        "改为“表扬次数每次加 2 分；合计最多加 5 分；须基础得分不低于 60，否则不加”",
    ]


def test_a_draft_with_errors_can_be_kept_but_not_handed_in(town_hall: Hamlet) -> None:
    """A second band at 95 is never reached: the first takes all from 90 on."""
    desk = town_hall.desk
    one = first(desk, {SECOND_BAND: "95"})
    (problem,) = problems(desk, one)
    assert "这一档永远轮不到" in problem.problem
    with pytest.raises(Refused, match=r"第 47 行 .*bands.*这一档永远轮不到") as refused:
        submit(desk, LI, one.no, 1)
    assert refused.value.fix and read(desk, LI, one.no).state == OPEN


SAMPLES = """\
samples:
  - title: 任务完成率
    clause: 第一条
    note: 甲 3 ÷ 4 = 75%，（75 − 60）÷ 40 × 30 = 11.25
    units:
      - {name: 甲, group: county, figures: {cases: 3, task: 4}, expect: {volume: 11.25}}
"""


def test_a_sample_that_no_longer_comes_out_is_reckoned_anew_by_hand(town_hall: Hamlet) -> None:
    """30 → 32: (75 − 60) ÷ 40 × 32 = 12. Whoever changes the points says so in the draft, note included."""
    edit(town_hall, "total: {at_least: 0, at_most: none}", f"total: {{at_least: 0, at_most: none}}\n{SAMPLES}")
    desk = town_hall.desk
    one = first(desk, {VOLUME: "32"})
    (problem,) = problems(desk, one)
    assert problem.path == "samples[0].units[0].expect.volume" and "应得 11.25 分，按本办法算出 12 分" in problem.problem
    with pytest.raises(Refused, match=r"应得 11\.25 分，按本办法算出 12 分"):
        submit(desk, LI, one.no, 1)
    (open_one,) = unmet(desk, one)
    assert (open_one.loc, open_one.written) == (("samples", 0, "units", 0, "expect", "volume"), "11.25")
    note: Loc = ("samples", 0, "note")
    reckoned = {("samples", 0, "units", 0, "expect", "volume"): "12", note: "甲 3 ÷ 4 = 75%，（75 − 60）÷ 40 × 32 = 12"}
    again = save(desk, LI, one.name, one.reason, base(desk), {VOLUME: "32", **reckoned}, one)
    assert problems(desk, again) == [] and submit(desk, LI, one.no, 2).state == PENDING


def test_a_draft_over_an_edition_that_changed_since(town_hall: Hamlet) -> None:
    """Lines are put in above (places move), one of the scalars is changed, one indicator is gone, a band is put in."""
    desk = town_hall.desk
    one = first(desk, {VOLUME: "32", POOL: "5", QUALITY: "12", SECOND_BAND: "75", ("grades", 1, "at_least"): "65"})
    edit(town_hall, "sections:\n  - code: handling", "# 新注释\nsections:\n  - code: handling")
    edit(town_hall, "      - {code: quality, title: 案卷质量, clause: 第三条, full_marks: {county: 10}, rules: [{kind: judged, limit: full}]}\n", "")
    edit(town_hall, "pool: 3,  gate", "pool: 4,  gate")
    edit(town_hall, "              - {at_least: 90, points: full}\n", "              - {at_least: 95, points: full}\n              - {at_least: 90, points: 80% of full}\n")
    told = f"草案“提高加分上限”（{one.no}，第 1 版）依据的“2023”版办法（config/scoring.yaml）在起草以后改过"
    assert outdated(desk, one) == told
    with pytest.raises(Refused, match=r"在起草以后改过.*请把改动带到现在的办法上"):
        submit(desk, LI, one.no, 1)
    found = carried_over(desk, one)
    moved: Loc = ("sections", 0, "indicators", 0, "full_marks", "county")
    assert found.changes == {moved: "32", ("grades", 1, "at_least"): "65"}
    assert {lost.change.path: lost.why for lost in found.lost} == {
        "sections.handling.indicators.quality.full_marks.county": "现在的办法里没有这一项了",
        "adjustments.praise.pool": "起草时是 3，现在是 4，请重新决定改不改",
        "sections.handling.indicators.closing.rules[0].bands[1].at_least": "起草时是 80，现在是 90，请重新决定改不改",
    }
    again = save(desk, LI, one.name, one.reason, found.base, found.changes, one)
    assert outdated(desk, again) is None and again.version == 2 and submit(desk, LI, one.no, 2).state == PENDING
    edit(town_hall, "pool: 4,  gate", "pool: 5,  gate")
    lost = carried_over(desk, read(desk, LI, one.no, 1)).lost
    assert "现在的办法已经是 5，不用再改" in [one.why for one in lost]


def test_the_same_figure_in_another_list_is_not_taken_for_it(town_hall: Hamlet) -> None:
    """A band is put in before: the figure at that number is the same by chance (80), the list is not."""
    desk = town_hall.desk
    one = first(desk, {SECOND_BAND: "75"})
    edit(town_hall, "              - {at_least: 80, points: 60% of full}\n", "              - {at_least: 80, points: 70% of full}\n              - {at_least: 70, points: 50% of full}\n")
    (lost,) = carried_over(desk, one).lost
    assert lost.why == "所在的列表增减或改写过，认不准是不是同一处"
