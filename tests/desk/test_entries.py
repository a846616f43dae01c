"""Entries of the office: limits, reasons, corrections, second persons. Points are those of 小城, reckoned in its README."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from scoring.access import Actor
from scoring.desk import Refused
from scoring.desk import proofs as evidence
from scoring.desk.closing import unsettled
from scoring.desk.entries import counted_rows, enter, life, prepare, units_of, withdraw
from scoring.desk.files import attachment
from scoring.desk.handing_in import explanations, hand_in
from scoring.desk.proofs import proofs_of_entry
from scoring.desk.receiving import upload
from scoring.desk.registers import close_register, closings
from scoring.desk.reviewing import accept, give_back
from scoring.desk.second_person import confirm, looked_at, unconfirmed
from scoring.issues import Issue
from tests.hamlet import Hamlet
from tests.town import CHECKER, CLERK, Town, reporter

PDF = ("依据.pdf", b"%PDF-1.7 text")
SCORE = {"indicator": "quality", "score": "4", "judged_on": "2024-12-31"}
PRAISE = {"happened_on": "2024-11-01", "kind": "表扬"}
FAKED = {"happened_on": "2024-11-05", "kind": "弄虚作假"}


def rows(town: Town, form: str, unit: str) -> list[dict[str, str]]:
    return [dict(row["typed"]) for row in counted_rows(town.desk, form, "2024") if row["unit"] == unit]


def one_row(town: Town, form: str, unit: str, text: str = "") -> dict[str, Any]:
    found = [row for row in counted_rows(town.desk, form, "2024") if row["unit"] == unit]
    (row,) = [row for row in found if text in str(row["typed"])]
    return row


def key(town: Town, form: str, unit: str) -> str:
    return str(one_row(town, form, unit)["row_key"])


def last_act(town: Town) -> tuple[str, str]:
    (row,) = town.records.fetch("SELECT act, detail FROM audit ORDER BY event DESC LIMIT 1")
    return row["act"], row["detail"]


def test_a_corrected_score_changes_the_ranking_at_once(small_city: Hamlet) -> None:
    """丙区 has 60 with 7 of 10 for 案卷质量, 甲县 57.25: with 4 instead, 丙区 has 57 and comes after 甲县."""
    assert small_city.placed("c03") == (Decimal("60.00"), 2, "合格")
    old = one_row(small_city, "review", "c03")
    no = enter(small_city.desk, CLERK, "review", "c03", SCORE, "复核案卷", in_place_of=old["row_key"])
    assert no.startswith("LR2025-")
    assert small_city.placed("c03") == (Decimal("57.00"), 3, "不合格")
    assert small_city.placed("c01")[1] == 2
    assert [row["score"] for row in rows(small_city, "review", "c03")] == ["4"]
    assert last_act(small_city) == (
        "登记考核组评分",
        f"{no}：指标 quality，评分 4，评分日期 2024-12-31；理由：复核案卷",
    )
    assert life(small_city.desk, old)[0]["reason"] == f"由 {no} 更正：复核案卷"


def test_a_second_score_is_refused_unless_it_takes_the_place_of_the_first(small_city: Hamlet) -> None:
    desk = small_city.desk
    with pytest.raises(Refused, match=r"已经登记过：指标 quality，评分 7，评分日期 2024-12-11"):
        enter(desk, CLERK, "review", "c03", SCORE, "复核案卷")
    (alike,) = prepare(desk, CLERK, "review", "c03", SCORE, "复核案卷").alike
    assert alike["typed"]["score"] == "7"
    assert not prepare(desk, CLERK, "review", "c03", {**SCORE, "judged_on": "2023-12-31"}, "补登").alike
    assert not prepare(desk, CLERK, "events", "c02", PRAISE, "贺信").alike, "events are counted, each of them"
    with pytest.raises(Refused, match=r"已经登记过：下达日期 2024-01-20，办案任务 4.*报表没有写 key"):
        enter(desk, CLERK, "targets", "c01", {"issued_on": "2024-06-01", "cases": "5"}, "年中调整")


def test_the_same_key_corrects(small_city: Hamlet) -> None:
    same = {**SCORE, "judged_on": "2024-12-11", "score": "7.25"}
    ready = prepare(small_city.desk, CLERK, "review", "c03", same, "复核")
    assert ready.before is not None
    assert (ready.before["typed"]["score"], ready.sheet.values["score"]) == ("7", [Decimal("7.25")])
    enter(small_city.desk, CLERK, "review", "c03", same, "复核案卷")
    assert small_city.placed("c03")[0] == Decimal("60.25")
    steps = life(small_city.desk, one_row(small_city, "review", "c03"))
    assert [(one["source"], one["typed"]["score"]) for one in steps] == [("录入", "7.25"), ("导入", "7")]


def test_a_score_above_the_limit_is_refused_with_its_clause(small_city: Hamlet) -> None:
    """第三条: 10 points."""
    desk, first = small_city.desk, key(small_city, "review", "c02")
    with pytest.raises(Refused, match=r"“案卷质量”（第三条）最多评 10 分，现为 10\.01"):
        enter(desk, CLERK, "review", "c02", {**SCORE, "score": "10.01"}, "抽查", in_place_of=first)
    enter(desk, CLERK, "review", "c02", {**SCORE, "score": "10"}, "抽查", in_place_of=first)
    assert small_city.placed("c02")[0] == Decimal("92.00")


@pytest.mark.parametrize(
    ("form", "unit", "change", "says"),
    [
        ("review", "c02", {"indicator": "volume"}, "“volume”不是这个单位由考核组评分的指标.*可用：quality"),
        ("review", "d01", {}, "这个单位没有由考核组评分的指标"),
        ("review", "c02", {"score": "4.555"}, "最多 2 位小数"),
        ("review", "c02", {"score": "-1"}, "不能为负数"),
        ("review", "c02", {"score": "四分"}, "须为数字"),
        ("review", "c02", {"score": ""}, "没有填评分"),
        ("review", "c02", {"score": "*"}, "没有填评分"),
        ("review", "c02", {"judged_on": ""}, "“评分日期”没有填"),
        ("review", "c02", {"judged_on": "*"}, "不能是"),
        ("review", "c02", {"judged_on": "2019-12-31"}, "不在“考核组评分”的任何一期里"),
        ("review", "nobody", {}, "与这个单位无关"),
        ("news", "c01", {}, "由各单位报送"),
        (
            "events",
            "c01",
            {"happened_on": "2024-11-01", "kind": "奖励"},
            "不是“事件”的选项.*可选：表扬、曝光、弄虚作假",
        ),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(
    small_city: Hamlet, form: str, unit: str, change: dict[str, str], says: str
) -> None:
    before = small_city.records.fetch("SELECT count(*) AS n FROM submission")
    with pytest.raises(Refused, match=says):
        enter(small_city.desk, CLERK, form, unit, {**SCORE, **change}, "抽查")
    assert small_city.records.fetch("SELECT count(*) AS n FROM submission") == before


def test_a_reason_and_a_right_are_needed(small_city: Hamlet) -> None:
    desk, old = small_city.desk, one_row(small_city, "events", "c01")
    with pytest.raises(Refused, match="没有写理由"):
        enter(desk, CLERK, "events", "c01", PRAISE, "  \n ")
    for actor in (Actor("领导", "leader"), Actor("分析人员", "analyst"), reporter("c01")):
        with pytest.raises(Refused, match="不能登记"):
            enter(desk, actor, "events", "c01", PRAISE, "贺信")
        with pytest.raises(Refused, match="不能登记"):
            withdraw(desk, actor, old, "错登")
        with pytest.raises(Refused, match="不能登记"):
            close_register(desk, actor, "events", "2024", closed=False, reason="补登")


def test_an_event_counts_by_the_price_of_its_clause_and_is_taken_back(small_city: Hamlet) -> None:
    """第八条: 2 points for praise, where the base is 60 or more (丙区: 61)."""
    enter(small_city.desk, CLERK, "events", "c03", PRAISE, "省级通报表扬")
    assert small_city.placed("c03")[0] == Decimal("62.00")
    once = one_row(small_city, "events", "c03", "表扬")
    with pytest.raises(Refused, match="没有写撤回的理由"):
        withdraw(small_city.desk, CLERK, once, "")
    assert withdraw(small_city.desk, CLERK, once, "重复登记") == ""
    assert small_city.placed("c03")[0] == Decimal("60.00")
    with pytest.raises(Refused, match="已经撤回"):
        withdraw(small_city.desk, CLERK, once, "再撤一次")
    assert [one["source"] for one in life(small_city.desk, once)] == ["撤回", "录入"]
    enter(small_city.desk, CLERK, "events", "c03", PRAISE, "核实后恢复")
    assert len(rows(small_city, "events", "c03")) == 2


def test_a_veto_waits_for_a_second_person(small_city: Hamlet) -> None:
    """第十条: one 弄虚作假 caps the total at 59 and makes the grade 不合格; 丙区 with 60 is then first."""
    desk = small_city.desk
    no = enter(desk, CLERK, "events", "c02", FAKED, "考核组核实")
    assert [row["no"] for row in unconfirmed(desk)] == [no]
    assert unsettled(desk, "2024").unconfirmed == 1
    assert unsettled(desk, "2023").unconfirmed == 0
    assert small_city.placed("c02") == (Decimal("91.50"), 1, "优秀"), "it does not count yet"
    with pytest.raises(Refused, match="登记人不能自己确认"):
        confirm(desk, CLERK, no, True, "")
    with pytest.raises(Refused, match="正待第二人确认"):
        enter(desk, CLERK, "events", "c02", FAKED, "再登一次")
    with pytest.raises(Refused, match="不能登记"):
        confirm(desk, Actor("领导", "leader"), no, True, "")
    confirm(desk, CHECKER, no, True, "")
    row = one_row(small_city, "events", "c02", "弄虚作假")
    assert (row["actor"], row["decided_by"], row["reason"]) == (CLERK.name, CHECKER.name, "考核组核实")
    assert small_city.placed("c02") == (Decimal("59.00"), 2, "不合格")
    assert small_city.placed("c03")[1] == 1
    assert not unconfirmed(desk)
    with pytest.raises(Refused, match="现在是“通过”，不用确认"):
        confirm(desk, CHECKER, no, True, "")


def test_a_veto_that_is_not_confirmed_never_counts(small_city: Hamlet) -> None:
    no = enter(small_city.desk, CLERK, "events", "c02", FAKED, "群众举报")
    with pytest.raises(Refused, match="没有写不同意的理由"):
        confirm(small_city.desk, CHECKER, no, False, " ")
    confirm(small_city.desk, CHECKER, no, False, "证据不足")
    assert len(rows(small_city, "events", "c02")) == 2
    assert last_act(small_city) == ("不予确认", "证据不足")


def test_lifting_a_veto_takes_two_as_well(small_city: Hamlet) -> None:
    desk = small_city.desk
    confirm(desk, CHECKER, enter(desk, CLERK, "events", "c02", FAKED, "考核组核实"), True, "")
    faked = one_row(small_city, "events", "c02", "弄虚作假")
    gone = withdraw(desk, CLERK, faked, "登错单位")
    assert gone.startswith("CH2025-")
    assert small_city.placed("c02")[0] == Decimal("59.00"), "the withdrawal waits"
    with pytest.raises(Refused, match="正待第二人确认"):
        withdraw(desk, CHECKER, faked, "我来撤")
    with pytest.raises(Refused, match="登记人不能自己确认"):
        confirm(desk, CLERK, gone, True, "")
    confirm(desk, CHECKER, gone, False, "没有登错")
    assert small_city.placed("c02")[0] == Decimal("59.00"), "not agreed to"
    confirm(desk, CHECKER, withdraw(desk, CLERK, faked, "申诉成立"), True, "")
    assert small_city.placed("c02")[0] == Decimal("91.50")
    assert last_act(small_city)[0] == "确认撤回"


def test_a_row_without_a_key_goes_alone(small_city: Hamlet) -> None:
    """任务下达 of 小城 has no key: what came in one file cannot be told apart, an entry can."""
    desk = small_city.desk
    with pytest.raises(Refused, match="没有关键列，成批登记的行不能逐行撤回"):
        withdraw(desk, CLERK, one_row(small_city, "targets", "c01"), "错登")
    nos = [
        enter(desk, CLERK, "targets", "d01", {"issued_on": f"{year}-06-01", "cases": "5"}, "下达")
        for year in (2023, 2024)
    ]
    assert withdraw(desk, CLERK, one_row(small_city, "targets", "d01"), "错登") == ""
    assert not rows(small_city, "targets", "d01")
    assert [row["submission"] for row in counted_rows(desk, "targets", "2023")] == [nos[0]]


def test_a_correction_of_what_a_veto_looks_at_waits(city: Town) -> None:
    """The demo's E05 is a 弄虚作假 that came with its file; as mere criticism it would veto nothing any more."""
    desk = city.desk
    milder = {"no": "E05", "happened_on": "2024-05-17", "kind": "通报批评", "fact": "改为通报批评"}
    no = enter(desk, CLERK, "events", "c06", milder, "申诉成立")
    assert [row["kind"] for row in rows(city, "events", "c06")] == ["弄虚作假"]
    confirm(desk, CHECKER, no, True, "")
    assert [row["kind"] for row in rows(city, "events", "c06")] == ["通报批评"]


def test_a_veto_looks_at_its_own_rows(city: Town) -> None:
    """第十四条 looks at 弄虚作假 in the register of events, at no other row and no other register."""
    desk = city.desk
    for form in ("awards", "targets", "review"):
        assert not any(looked_at(desk, desk.forms[form], row) for row in counted_rows(desk, form, "2024"))
    found = {row["row_key"]: looked_at(desk, desk.forms["events"], row) for row in counted_rows(desk, "events", "2024")}
    assert found == {'["E03"]': False, '["E04"]': False, '["E05"]': True}


def test_a_veto_that_comes_or_goes_by_workbook_takes_two_as_well(small_city: Hamlet) -> None:
    """The register of events once more with a row, and then without it: a workbook replaces the one before."""
    desk = small_city.desk
    book = (
        "单位,发生日期,事件\n甲县,2024-05-20,表扬\n乙县,2024-03-15,表扬\n乙县,2024-10-10,表扬\n丙区,2024-07-07,曝光\n"
    )
    with_veto = handed_in(small_city, book + "乙县,2024-11-05,弄虚作假\n")
    with pytest.raises(Refused, match="登记人不能自己复核"):
        accept(desk, CLERK, [with_veto])
    accept(desk, CHECKER, [with_veto])
    assert small_city.placed("c02")[0] == Decimal("59.00")
    with pytest.raises(Refused, match="不能整份退回"):
        give_back(desk, CHECKER, with_veto, "登错了单位")
    without = handed_in(small_city, book)
    with pytest.raises(Refused, match="登记人不能自己复核"):
        accept(desk, CLERK, [without])
    accept(desk, CHECKER, [without])
    assert small_city.placed("c02")[0] == Decimal("91.50")
    plain = handed_in(small_city, book + "丙区,2024-08-08,表扬\n")
    accept(desk, CLERK, [plain])
    assert small_city.placed("c03")[0] == Decimal("62.00")


def handed_in(town: Hamlet, book: str) -> str:
    (draft,) = upload(town.desk, CLERK, None, "事件登记.csv", book.encode("utf-8-sig"), "events", "2024").drafts
    hand_in(town.desk, CLERK, draft.no)
    return draft.no


def test_while_the_method_has_errors_nothing_is_entered_and_everything_takes_two(small_city: Hamlet) -> None:
    """Nobody knows then what the limit is and what vetoes."""
    row, desk = one_row(small_city, "events", "c01"), small_city.desk
    desk.project.issues.append(Issue("办法写错了", "请改正", "config/scoring.yaml", 1))
    assert not desk.project.ready
    with pytest.raises(Refused, match="考核办法或配置有错误"):
        enter(desk, CLERK, "events", "c02", FAKED, "考核组核实")
    assert withdraw(desk, CLERK, row, "错登").startswith("CH")


def test_a_proof_is_kept_with_the_entry(small_city: Hamlet) -> None:
    no = enter(small_city.desk, CLERK, "events", "c01", PRAISE, "省级通报表扬", PDF)
    (proof,) = proofs_of_entry(small_city.desk, no)
    assert proof["file_name"] == "依据.pdf"
    assert attachment(small_city.records, proof["sha256"]) == PDF[1]


@pytest.mark.parametrize(
    ("proof", "says"),
    [
        (("空.pdf", b""), "空文件"),
        (("程序.pdf", b"MZ\x90\x00"), "不是可以作证明的文件"),
        (("../../大.pdf", b"%PDF-" + b"0" * 20), "“大.pdf”超过"),
    ],
)
def test_a_proof_that_is_none_keeps_the_entry_out(
    small_city: Hamlet, monkeypatch: pytest.MonkeyPatch, proof: tuple[str, bytes], says: str
) -> None:
    monkeypatch.setattr(evidence, "LARGEST", 20)
    with pytest.raises(Refused, match=says):
        enter(small_city.desk, CLERK, "events", "c03", PRAISE, "省级通报表扬", proof)
    assert len(rows(small_city, "events", "c03")) == 1
    assert not small_city.records.fetch("SELECT * FROM evidence")


def test_checks_of_the_form_are_run_and_answered_by_the_reason(city: Town) -> None:
    """The platform's export asks why a penalty was entered before it was decided (class B); 示表〔2023〕9号 was entered for
    2023, and dated 2024 it would take that row away (V12, class A)."""
    desk = city.desk
    odd = {"doc_no": "示罚〔2024〕9999号", "decided_on": "2024-05-20", "entered_on": "2024-05-10"}
    assert [one.level for one in prepare(desk, CLERK, "platform_export", "c01", odd, "已核对案卷").doubts] == ["B"]
    no = enter(desk, CLERK, "platform_export", "c01", odd, "平台日期有误，已核对案卷")
    assert list(explanations(city.records, no).values()) == ["平台日期有误，已核对案卷"]
    unit = next(one.code for one in desk.register.units if one.title == "市市场监管局")
    moved = {"doc_no": "示表〔2023〕9号", "issued_on": "2024-11-01", "level": "省级"}
    with pytest.raises(Refused, match="已在2023年报过"):
        enter(desk, CLERK, "awards", unit, moved, "日期更正")
    found = units_of(desk, desk.forms["satisfaction"], "2024")
    assert {one.kind for one in found} == {"county", "zone"}
    assert len(found) == 12
    with pytest.raises(Refused, match="与这个单位无关"):
        enter(desk, CLERK, "satisfaction", unit, {"surveyed_on": "2024-11-01"}, "补登")
    with pytest.raises(Refused, match="由各单位报送"):
        enter(desk, CLERK, "entry_check", "c01", {}, "改状态")


def test_closing_and_opening_a_register(small_city: Hamlet) -> None:
    """While the register of events is open nobody knows that nothing happened: every total waits. Closed again, also
    after the cut-off (the clock shows 2025-01-21), it is complete as it was."""
    form = small_city.desk.forms["events"]
    (before,) = closings(small_city.desk, "2024", form)
    assert (before.closed, before.due.label) == (True, "2024")
    with pytest.raises(Refused, match="没有写重新打开的理由"):
        close_register(small_city.desk, CLERK, "events", "2024", closed=False)
    close_register(small_city.desk, CLERK, "events", "2024", closed=False, reason="补登一件")
    assert [one.closed for one in closings(small_city.desk, "2024", form)] == [False]
    assert unsettled(small_city.desk, "2024").open_registers == ("事件登记（2024年）",)
    assert small_city.row("c02")["state"] == "pending"
    close_register(small_city.desk, CLERK, "events", "2024", closed=True)
    assert small_city.placed("c02")[0] == Decimal("91.50")
    for code, label in (("review", "2024"), ("news", "2024"), ("events", "2019")):
        with pytest.raises(Refused, match="这一期可以关账"):
            close_register(small_city.desk, CLERK, code, label, closed=True)


def test_a_locked_period_takes_no_entry(small_city: Hamlet) -> None:
    desk = small_city.desk
    waiting = enter(desk, CLERK, "events", "c02", FAKED, "考核组核实")
    old = one_row(small_city, "events", "c01")
    with small_city.records.write() as writer:
        writer.append(
            "period_closing",
            {
                "event": writer.event(), "period": "2024", "locked": True, "version": 1, "pack_sha256": "", "reason": "",
                "done_at": datetime(2025, 1, 20), "actor": CLERK.name, "role": "office",
            },
        )  # fmt: skip
    tries = [
        lambda: enter(desk, CLERK, "events", "c01", PRAISE, "省级通报表扬"),
        lambda: withdraw(desk, CLERK, old, "错登"),
        lambda: confirm(desk, CHECKER, waiting, True, ""),
        lambda: close_register(desk, CLERK, "events", "2024", closed=False, reason="补登"),
    ]
    for attempt in tries:
        with pytest.raises(Refused, match="2024 年考核已经锁定"):
            attempt()
    assert enter(desk, CLERK, "events", "c01", {**PRAISE, "happened_on": "2023-11-01"}, "上年补登")


def test_many_enter_at_once_and_no_row_is_lost(small_city: Hamlet) -> None:
    desk = small_city.desk

    def one(at: int) -> str:
        actor = Actor(f"经办人{at % 3}", "office")
        return enter(desk, actor, "events", "c03", {**PRAISE, "happened_on": f"2024-02-{at + 1:02d}"}, "贺信")

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(one, range(16)))
    assert len(set(numbers)) == 16
    assert len(rows(small_city, "events", "c03")) == 16 + 1
    assert len(small_city.project.sheets["events"].values["kind"]) == 4 + 16, "all are in the snapshot"


def test_what_is_typed_is_never_read_as_sql_or_as_a_formula(city: Town) -> None:
    nasty = {"doc_no": "'); DROP TABLE submission; --", "issued_on": "2024-11-01", "level": "省级", "subject": "=1+1"}
    enter(city.desk, CLERK, "awards", "c01", nasty, "'; DELETE FROM audit; --")
    (row,) = rows(city, "awards", "c01")
    assert (row["doc_no"], row["subject"]) == (nasty["doc_no"], "=1+1")
