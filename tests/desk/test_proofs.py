"""Evidence and self scores: who may, of what, and that nothing is lost. Full marks are those of 小城's 办法."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from scoring.access import Actor
from scoring.desk import Refused
from scoring.desk.files import attachment
from scoring.desk.proofs import add_proof, proofs, self_scores, set_self_score, take_back_proof
from tests.hamlet import Hamlet
from tests.town import CLERK

PDF = ("佐证.pdf", b"%PDF-1.4 a scan")
OWN, OTHER = Actor("甲县", "reporter", "c01"), Actor("乙县", "reporter", "c02")


def test_a_proof_is_kept_and_taken_back_and_stays_on_record(small_city: Hamlet) -> None:
    desk = small_city.desk
    no = add_proof(desk, OWN, "c01", "2024", "organised", PDF, date(2024, 3, 1), "成立文件")
    (one,) = proofs(desk, "c01", "2024")
    assert (one["no"], one["indicator"], one["dated"], one["note"]) == (no, "organised", date(2024, 3, 1), "成立文件")
    assert attachment(small_city.records, one["sha256"]) == PDF[1]
    assert not proofs(desk, "c01", "2023")
    assert not proofs(desk, "c02", "2024")
    take_back_proof(desk, OWN, no, "传错了")
    assert not proofs(desk, "c01", "2024")
    assert len(small_city.records.fetch("SELECT * FROM evidence WHERE no = ?", [no])) == 2
    with pytest.raises(Refused, match="已经撤回"):
        take_back_proof(desk, OWN, no, "再撤")


def test_the_same_file_is_kept_once(small_city: Hamlet) -> None:
    before = small_city.records.fetch("SELECT count(*) AS n FROM attachment")[0]["n"]
    for indicator in ("organised", "volume"):
        add_proof(small_city.desk, OWN, "c01", "2024", indicator, PDF, None, "")
    assert small_city.records.fetch("SELECT count(*) AS n FROM attachment")[0]["n"] == before + 1
    assert len(proofs(small_city.desk, "c01", "2024")) == 2


def test_one_proves_ones_own_indicators_only(small_city: Hamlet) -> None:
    desk = small_city.desk
    no = add_proof(desk, OWN, "c01", "2024", "organised", PDF, None, "")
    for actor in (OTHER, Actor("领导", "leader"), Actor("分析人员", "analyst")):
        with pytest.raises(Refused, match="不能替这个单位报送"):
            add_proof(desk, actor, "c01", "2024", "organised", PDF, None, "")
        with pytest.raises(Refused, match="不能替这个单位报送"):
            take_back_proof(desk, actor, no, "不要了")
        with pytest.raises(Refused, match="不能替这个单位报送"):
            set_self_score(desk, actor, "c01", "2024", "quality", Decimal(1), "")
    for indicator in ("nothing", ""):
        with pytest.raises(Refused, match="这个指标"):
            add_proof(desk, OWN, "c01", "2024", indicator, PDF, None, "")
    with pytest.raises(Refused, match="市公安局 2024 年没有“quality”这个指标"):  # 第三条 is for counties
        set_self_score(desk, CLERK, "d01", "2024", "quality", Decimal(1), "")


@pytest.mark.parametrize(
    ("score", "fits"), [("0", True), ("10", True), ("9.75", True), ("10.01", False), ("-0.01", False)]
)
def test_a_self_score_lies_between_nothing_and_full_marks(small_city: Hamlet, score: str, fits: bool) -> None:
    """第三条: 10 points."""
    desk = small_city.desk
    if fits:
        set_self_score(desk, OWN, "c01", "2024", "quality", Decimal(score), "")
        assert self_scores(desk, "c01", "2024")["quality"]["score"] == Decimal(score)
    else:
        with pytest.raises(Refused, match="不在 0 到满分之间，最多 10 分"):
            set_self_score(desk, OWN, "c01", "2024", "quality", Decimal(score), "")
        assert not self_scores(desk, "c01", "2024")


def test_the_last_self_score_holds_and_scores_nothing(small_city: Hamlet) -> None:
    desk, before = small_city.desk, small_city.placed("c01")
    for score in ("9", "8.5"):
        set_self_score(desk, OWN, "c01", "2024", "quality", Decimal(score), "按标准自评")
    assert self_scores(desk, "c01", "2024")["quality"]["score"] == Decimal("8.5")
    assert len(small_city.records.fetch("SELECT * FROM self_score")) == 2
    assert small_city.placed("c01") == before
