"""Entries of the office: limits, reasons, corrections, second persons. Points are those of the demo's 办法, by hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scoring.access import Actor
from scoring.desk import Refused
from scoring.desk import proofs as evidence
from scoring.desk.closing import unsettled
from scoring.desk.entries import counted_rows, enter, life, prepare, units_of, withdraw
from scoring.desk.files import attachment
from scoring.desk.handing_in import explanations
from scoring.desk.proofs import proofs_of_entry
from scoring.desk.registers import close_register, closings
from scoring.desk.second_person import confirm, looked_at, unconfirmed
from tests.town import CHECKER, CLERK, Town, reporter

LEADER, ANALYST = Actor("领导", "leader"), Actor("分析人员", "analyst")
PDF = ("依据.pdf", b"%PDF-1.7 text")
SCORE = {"indicator": "case_quality", "score": "4.2", "judged_on": "2024-12-31", "reason": "复核后调整"}
AWARD = {"doc_no": "示表〔2024〕99号", "issued_on": "2024-11-01", "level": "省级"}
FAKED = {"no": "E99", "happened_on": "2024-11-05", "kind": "弄虚作假", "fact": "台账与现场不符"}


def placed(city: Town, unit: str) -> dict[str, Any]:
    result = city.project.assess("2024", date(2025, 1, 20), with_previous=False)
    found = result.one("ranking", unit=unit)
    assert found is not None
    return found


def rows(city: Town, form: str, unit: str) -> list[dict[str, str]]:
    return [dict(row["typed"]) for row in counted_rows(city.desk, form, "2024") if row["unit"] == unit]


def key(city: Town, form: str, unit: str) -> str:
    (row,) = [row for row in counted_rows(city.desk, form, "2024") if row["unit"] == unit]
    return str(row["row_key"])


def told(city: Town) -> list[tuple[str, str]]:
    found = city.records.fetch("SELECT act, detail FROM audit ORDER BY event DESC, done_at DESC")
    return [(row["act"], row["detail"]) for row in found]


def test_a_corrected_score_changes_the_ranking_at_once(city: Town) -> None:
    """c01 shares the second place with z01. 案件质量 counts as it was judged: 4.7 → 4.2 are 0.5 points, and nothing of
    c01 is rescaled (30 of 30 indicators count)."""
    before = placed(city, "c01")
    assert (before["place"], before["counted"], before["countable"]) == (2, 30, 30)
    no = enter(city.desk, CLERK, "review", "c01", SCORE, "复核案卷", in_place_of=key(city, "review", "c01"))
    after = placed(city, "c01")
    assert no.startswith("LR2025-")
    assert before["total"] - after["total"] == Decimal("0.50")
    assert (after["place"], placed(city, "z01")["place"]) == (3, 2)
    assert [row["score"] for row in rows(city, "review", "c01")] == ["4.2"]
    assert told(city)[0][0] == "登记考核组评分"
    assert no in told(city)[0][1]


def test_a_second_score_for_an_indicator_is_refused_unless_it_takes_the_place_of_the_first(city: Town) -> None:
    with pytest.raises(Refused, match="已经登记过.*评分 4.7"):
        enter(city.desk, CLERK, "review", "c01", SCORE, "复核案卷")
    (alike,) = prepare(city.desk, CLERK, "review", "c01", SCORE, "复核案卷").alike
    assert alike["typed"]["judged_on"] == "2024-12-19"
    assert not prepare(city.desk, CLERK, "review", "c01", {**SCORE, "judged_on": "2023-12-31"}, "补登").before
    two = {"issued_on": "2024-05-01", "cases": "80"}
    with pytest.raises(Refused, match="已经登记过"):  # a target is the cell of the one row there is
        enter(city.desk, CLERK, "targets", "c01", two, "年中调整")
    assert not prepare(city.desk, CLERK, "awards", "c01", AWARD, "贺信").alike, "awards are counted"


def test_the_same_key_corrects(city: Town) -> None:
    same = {**SCORE, "judged_on": "2024-12-19", "score": "4.95"}
    ready = prepare(city.desk, CLERK, "review", "c01", same, "复核")
    assert ready.before is not None
    assert (ready.before["typed"]["score"], ready.sheet.values["score"]) == ("4.7", [Decimal("4.95")])
    enter(city.desk, CLERK, "review", "c01", same, "复核案卷")
    assert [row["score"] for row in rows(city, "review", "c01")] == ["4.95"]
    steps = life(city.desk, "review", "c01", key(city, "review", "c01"))
    assert [(one["source"], one["typed"]["score"]) for one in steps] == [("录入", "4.95"), ("导入", "4.7")]


def test_a_score_above_the_limit_is_refused_with_its_clause(city: Town) -> None:
    """第六条（九） has 5 points for a county."""
    first = key(city, "review", "c02")
    with pytest.raises(Refused, match=r"“案件质量”（第六条（九））最多评 5 分，现为 5.01"):
        enter(city.desk, CLERK, "review", "c02", {**SCORE, "score": "5.01"}, "抽查", in_place_of=first)
    assert enter(city.desk, CLERK, "review", "c02", {**SCORE, "score": "5"}, "抽查", in_place_of=first)


@pytest.mark.parametrize(
    ("form", "unit", "change", "says"),
    [
        ("review", "c02", {"indicator": "case_volume"}, "不是这个单位由考核组评分的指标.*case_quality"),
        ("review", "c02", {"score": "4.555"}, "最多 2 位小数"),
        ("review", "c02", {"score": "-1"}, "不能为负数"),
        ("review", "c02", {"score": "四分"}, "须为数字"),
        ("review", "c02", {"score": ""}, "没有填"),
        ("review", "c02", {"score": "*"}, "没有填评分"),
        ("review", "c02", {"judged_on": ""}, "“评分日期”没有填"),
        ("review", "c02", {"judged_on": "*"}, "不能是"),
        ("review", "c02", {"judged_on": "2019-12-31"}, "不在“考核组评分”的任何一期里"),
        ("review", "nobody", {}, "与这个单位无关"),
        ("satisfaction", "d01", {}, "与这个单位无关"),
        ("case_ledger", "c01", {}, "由各单位报送"),
        ("entry_check", "c01", {}, "由各单位报送"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(
    city: Town, form: str, unit: str, change: dict[str, str], says: str
) -> None:
    before = city.records.fetch("SELECT count(*) AS n FROM submission")
    with pytest.raises(Refused, match=says):
        enter(city.desk, CLERK, form, unit, {**SCORE, **change}, "抽查")
    assert city.records.fetch("SELECT count(*) AS n FROM submission") == before


def test_a_reason_and_a_right_are_needed(city: Town) -> None:
    with pytest.raises(Refused, match="没有写理由"):
        enter(city.desk, CLERK, "awards", "c01", AWARD, "  \n ")
    for actor in (LEADER, ANALYST, reporter("c01")):
        with pytest.raises(Refused, match="不能登记"):
            enter(city.desk, actor, "awards", "c01", AWARD, "贺信")
        with pytest.raises(Refused, match="不能登记"):
            withdraw(city.desk, actor, "awards", "c09", key(city, "awards", "c09"), "错登")
        with pytest.raises(Refused, match="不能登记"):
            close_register(city.desk, actor, "awards", "2024", closed=False, reason="补登")


def test_awards_count_by_the_price_of_the_clause_and_are_taken_back(city: Town) -> None:
    """第十二条: a provincial award is 0.5, where the base is 80 or more (c01: 93.36)."""
    before = placed(city, "c01")["total"]
    enter(city.desk, CLERK, "awards", "c01", AWARD, "省级通报表扬")
    assert placed(city, "c01")["total"] - before == Decimal("0.50")
    with pytest.raises(Refused, match="没有写撤回的理由"):
        withdraw(city.desk, CLERK, "awards", "c01", key(city, "awards", "c01"), "")
    once = key(city, "awards", "c01")
    assert withdraw(city.desk, CLERK, "awards", "c01", once, "重复登记") == ""
    assert placed(city, "c01")["total"] == before
    with pytest.raises(Refused, match="已经撤回"):
        withdraw(city.desk, CLERK, "awards", "c01", once, "再撤一次")
    assert [one["source"] for one in life(city.desk, "awards", "c01", once)] == ["撤回", "录入"]
    enter(city.desk, CLERK, "awards", "c01", AWARD, "核实后恢复")
    assert rows(city, "awards", "c01")


def test_a_veto_waits_for_a_second_person(city: Town) -> None:
    """第十四条: one 弄虚作假 caps the total at 59 and makes the grade 不合格."""
    before = placed(city, "c09")
    no = enter(city.desk, CLERK, "events", "c09", FAKED, "考核组核实")
    assert [row["no"] for row in unconfirmed(city.desk)] == [no]
    assert unsettled(city.desk, "2024").unconfirmed == 1
    assert placed(city, "c09")["total"] == before["total"], "it does not count yet"
    with pytest.raises(Refused, match="登记人不能自己确认"):
        confirm(city.desk, CLERK, no, True, "")
    with pytest.raises(Refused, match="正待第二人确认"):
        enter(city.desk, CLERK, "events", "c09", FAKED, "再登一次")
    confirm(city.desk, CHECKER, no, True, "情况属实")
    after = placed(city, "c09")
    assert (after["total"], after["grade"]) == (Decimal("59.00"), "不合格")
    assert not unconfirmed(city.desk)
    with pytest.raises(Refused, match="现在是“通过”，不用确认"):
        confirm(city.desk, CHECKER, no, True, "")


def test_a_veto_that_is_not_confirmed_never_counts(city: Town) -> None:
    no = enter(city.desk, CLERK, "events", "c09", FAKED, "群众举报")
    with pytest.raises(Refused, match="没有写不同意的理由"):
        confirm(city.desk, CHECKER, no, False, " ")
    confirm(city.desk, CHECKER, no, False, "证据不足")
    assert not rows(city, "events", "c09")
    assert told(city)[0] == ("不予确认", "证据不足")


def test_only_what_a_veto_looks_at_waits(city: Town) -> None:
    enter(city.desk, CLERK, "events", "c09", {**FAKED, "kind": "媒体曝光"}, "媒体报道")
    assert not unconfirmed(city.desk)
    assert rows(city, "events", "c09")


def test_lifting_a_veto_takes_two_as_well(city: Town) -> None:
    """E05 is the 弄虚作假 of c06 in the demo: 59.00, 不合格."""
    assert placed(city, "c06")["total"] == Decimal("59.00")
    milder = {"no": "E05", "happened_on": "2024-05-17", "kind": "通报批评", "fact": "改为通报批评"}
    no = enter(city.desk, CLERK, "events", "c06", milder, "申诉成立")
    assert placed(city, "c06")["grade"] == "不合格", "the correction waits"
    confirm(city.desk, CHECKER, no, False, "申诉不成立")
    gone = withdraw(city.desk, CLERK, "events", "c06", key(city, "events", "c06"), "登错单位")
    assert gone.startswith("CH2025-")
    assert rows(city, "events", "c06"), "the withdrawal waits"
    with pytest.raises(Refused, match="正待第二人确认"):
        withdraw(city.desk, CHECKER, "events", "c06", key(city, "events", "c06"), "我来撤")
    with pytest.raises(Refused, match="登记人不能自己确认"):
        confirm(city.desk, CLERK, gone, True, "")
    confirm(city.desk, CHECKER, gone, True, "")
    assert not rows(city, "events", "c06")
    assert placed(city, "c06")["total"] > 59
    assert told(city)[0][0] == "确认撤回"


def test_a_withdrawal_that_is_not_agreed_to_changes_nothing(city: Town) -> None:
    gone = withdraw(city.desk, CLERK, "events", "c06", key(city, "events", "c06"), "登错单位")
    confirm(city.desk, CHECKER, gone, False, "没有登错")
    assert rows(city, "events", "c06")
    assert not unconfirmed(city.desk)


def test_a_veto_looks_at_its_own_rows(city: Town) -> None:
    """第十四条 looks at 弄虚作假 in the register of events, at no other row and no other register."""
    forms = city.desk.forms
    for form, unit in (("awards", "c09"), ("targets", "c01"), ("review", "c01")):
        assert not any(looked_at(city.desk, forms[form], row) for row in counted_rows(city.desk, form, "2024"))
    found = {row["row_key"]: looked_at(city.desk, forms["events"], row) for row in counted_rows(city.desk, "events", "2024")}
    assert found == {'["E03"]': False, '["E04"]': False, '["E05"]': True}


def test_a_proof_is_kept_with_the_entry(city: Town) -> None:
    no = enter(city.desk, CLERK, "awards", "c01", AWARD, "省级通报表扬", PDF)
    (proof,) = proofs_of_entry(city.desk, no)
    assert proof["file_name"] == "依据.pdf"
    assert attachment(city.records, proof["sha256"]) == PDF[1]


@pytest.mark.parametrize(
    ("proof", "says"),
    [
        (("空.pdf", b""), "空文件"),
        (("程序.pdf", b"MZ\x90\x00"), "不是可以作证明的文件"),
        (("../../大.pdf", b"%PDF-" + b"0" * 20), "“大.pdf”超过"),
    ],
)
def test_a_proof_that_is_none_keeps_the_entry_out(
    city: Town, monkeypatch: pytest.MonkeyPatch, proof: tuple[str, bytes], says: str
) -> None:
    monkeypatch.setattr(evidence, "LARGEST", 20)
    with pytest.raises(Refused, match=says):
        enter(city.desk, CLERK, "awards", "c01", AWARD, "省级通报表扬", proof)
    assert not rows(city, "awards", "c01")
    assert not city.records.fetch("SELECT * FROM evidence")


def test_what_a_check_asks_about_is_answered_by_the_reason(city: Town) -> None:
    """The export of the platform asks why a penalty was entered before it was decided (V17, class B)."""
    odd = {"doc_no": "示罚〔2024〕9999号", "decided_on": "2024-05-20", "entered_on": "2024-05-10"}
    ready = prepare(city.desk, CLERK, "platform_export", "c01", odd, "平台日期有误，已核对案卷")
    assert [one.level for one in ready.doubts] == ["B"]
    no = enter(city.desk, CLERK, "platform_export", "c01", odd, "平台日期有误，已核对案卷")
    assert list(explanations(city.records, no).values()) == ["平台日期有误，已核对案卷"]


def test_a_key_of_another_year_is_not_moved_silently(city: Town) -> None:
    """示表〔2023〕9号 was entered for d01 in 2023; the same number dated 2024 would take that row away."""
    unit = next(one.code for one in city.desk.register.units if one.title == "市市场监管局")
    again = {**AWARD, "doc_no": "示表〔2023〕9号"}
    with pytest.raises(Refused, match="已在2023年报过"):
        enter(city.desk, CLERK, "awards", unit, again, "日期更正")


def test_closing_and_opening_a_register(city: Town) -> None:
    """Without the list of problems nobody knows that there were none: 整改 is pending until it is closed again."""
    form = city.desk.forms["rectification"]
    (before,) = closings(city.desk, "2024", form)
    assert (before.closed, before.due.label) == (True, "2024")
    with pytest.raises(Refused, match="没有写重新打开的理由"):
        close_register(city.desk, CLERK, "rectification", "2024", closed=False)
    close_register(city.desk, CLERK, "rectification", "2024", closed=False, reason="补登一个问题")
    assert [one.closed for one in closings(city.desk, "2024", form)] == [False]
    assert unsettled(city.desk, "2024").open_registers == ("整改（2024年）",)
    assert placed(city, "c09")["total"] is None
    close_register(city.desk, CLERK, "rectification", "2024", closed=True)
    assert placed(city, "c09")["total"] == Decimal("96.36")
    for code, label in (("review", "2024"), ("case_ledger", "2024Q1"), ("awards", "2019")):
        with pytest.raises(Refused, match="这一期可以关账"):
            close_register(city.desk, CLERK, code, label, closed=True)


def test_a_locked_period_takes_no_entry(city: Town) -> None:
    waiting = enter(city.desk, CLERK, "events", "c09", FAKED, "考核组核实")
    with city.records.write() as writer:
        writer.append(
            "period_closing",
            {
                "event": writer.event(), "period": "2024", "locked": True, "version": 1, "pack_sha256": "", "reason": "",
                "done_at": datetime(2025, 1, 20), "actor": CLERK.name, "role": "office",
            },
        )  # fmt: skip
    tries = [
        lambda: enter(city.desk, CLERK, "awards", "c01", AWARD, "省级通报表扬"),
        lambda: withdraw(city.desk, CLERK, "awards", "c09", key(city, "awards", "c09"), "错登"),
        lambda: confirm(city.desk, CHECKER, waiting, True, ""),
        lambda: close_register(city.desk, CLERK, "awards", "2024", closed=False, reason="补登"),
    ]
    for attempt in tries:
        with pytest.raises(Refused, match="2024 年考核已经锁定"):
            attempt()
    assert enter(city.desk, CLERK, "awards", "c01", {**AWARD, "issued_on": "2023-11-01"}, "上年补登")


def test_many_enter_at_once_and_no_row_is_lost(city: Town) -> None:
    desk = city.desk

    def one(at: int) -> str:
        actor = Actor(f"经办人{at % 3}", "office")
        return enter(desk, actor, "awards", "c03", {**AWARD, "doc_no": f"示表〔2024〕{100 + at}号"}, "贺信")

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(one, range(16)))
    assert len(set(numbers)) == 16
    assert len(rows(city, "awards", "c03")) == 16
    assert len(city.project.sheets["awards"].values["doc_no"]) == 5 + 2 + 16 - 1, "all are in the snapshot"


def test_units_of_a_register_are_those_it_is_kept_for(city: Town) -> None:
    found = units_of(city.desk, city.desk.forms["satisfaction"], "2024")
    assert {unit.kind for unit in found} == {"county", "zone"}
    assert len(found) == 12


def test_nothing_of_the_records_is_read_as_sql(city: Town, tmp_path: Path) -> None:
    nasty = {**AWARD, "doc_no": "'); DROP TABLE submission; --", "subject": "=HYPERLINK(1)"}
    enter(city.desk, CLERK, "awards", "c01", nasty, "'; DELETE FROM audit; --")
    assert rows(city, "awards", "c01")[0]["doc_no"] == nasty["doc_no"]
