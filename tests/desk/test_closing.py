"""Locking and sealing: what is open is told, versions stay, the difference names what changed. Points by hand (README)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scoring.access import Actor
from scoring.desk import Refused, closing
from scoring.desk.closing import changes, history, lock, pack, pack_name, reopen, sealed_as, unsettled, versions
from scoring.desk.entries import enter
from scoring.packs import opened, verify
from tests.hamlet import Hamlet, hamlet
from tests.town import CHECKER, CLERK, Town, reporter

SCORE = {"indicator": "quality", "score": "4", "judged_on": "2024-12-31"}
OLD = '["quality", "2024-12-11"]'  # 丙区 has 7 points by this row


def test_what_is_open_is_told(small_city: Hamlet) -> None:
    """丙区 never sent its second 快报; nothing else is open."""
    found = unsettled(small_city.desk, "2024")
    assert found.points == [("not_reported", "1 份报表一直没有报")]
    assert found


def test_locking_as_things_stand_has_to_be_said_and_explained(small_city: Hamlet) -> None:
    desk = small_city.desk
    with pytest.raises(Refused, match="还有没办完的事：1 份报表一直没有报"):
        lock(desk, CLERK, "2024", "年终")
    with pytest.raises(Refused, match="照现状锁定没有写理由"):
        lock(desk, CLERK, "2024", " ", even_so=True)
    assert not versions(desk, "2024")
    with pytest.raises(Refused, match="没有“2019”这个考核期"):
        lock(desk, CLERK, "2019", "年终", even_so=True)


def test_only_the_office_locks(small_city: Hamlet) -> None:
    for actor in (Actor("领导", "leader"), Actor("分析人员", "analyst"), reporter("c01")):
        with pytest.raises(Refused, match="不能锁定或解锁考核期"):
            lock(small_city.desk, actor, "2024", "年终", even_so=True)
        with pytest.raises(Refused, match="不能锁定或解锁考核期"):
            reopen(small_city.desk, actor, "2024", "更正丙区评分")


def test_what_changes_while_the_pack_is_made_stops_the_lock(
    small_city: Hamlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, made = small_city.desk, closing._pack

    def slowly(*arguments: object) -> bytes:
        enter(desk, CHECKER, "review", "c03", SCORE, "复核案卷", in_place_of=OLD)
        return made(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(closing, "_pack", slowly)
    with pytest.raises(Refused, match="数据又有变动，没有锁定"):
        lock(desk, CLERK, "2024", "年终", even_so=True)
    assert not desk.locked()


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hamlet]:
    """小城 locked, opened, corrected and locked again: 丙区 has 4 instead of 7. To be read only."""
    found = hamlet(tmp_path_factory.mktemp("twice"))
    lock(found.desk, CLERK, "2024", "年终考核", even_so=True)
    for reason in ("", "更正", "更 正 一 下"):
        with pytest.raises(Refused, match="至少 6 个字"):
            reopen(found.desk, CLERK, "2024", reason)
    with pytest.raises(Refused, match="已经锁定"):
        lock(found.desk, CLERK, "2024", "再锁一次", even_so=True)
    with pytest.raises(Refused, match="已经锁定"):
        enter(found.desk, CLERK, "review", "c03", SCORE, "复核案卷", in_place_of=OLD)
    reopen(found.desk, CHECKER, "2024", "更正丙区案卷质量评分")
    with pytest.raises(Refused, match="没有锁定"):
        reopen(found.desk, CHECKER, "2024", "更正丙区案卷质量评分")
    enter(found.desk, CLERK, "review", "c03", SCORE, "复核案卷", in_place_of=OLD)
    lock(found.desk, CHECKER, "2024", "更正后重新锁定", even_so=True)
    yield found
    found.records.close()


def test_a_correction_makes_a_new_version_and_the_old_one_stays(twice: Hamlet) -> None:
    desk = twice.desk
    assert desk.locked() == {"2024": 2}
    first, second = versions(desk, "2024")
    assert [(row["version"], row["actor"]) for row in (first, second)] == [(1, CLERK.name), (2, CHECKER.name)]
    assert [row["locked"] for row in history(desk, "2024")] == [True, False, True]
    assert [row["size"] for row in (first, second)] == [len(pack(desk, row)) for row in (first, second)]
    assert pack_name(desk, second) == f"2024年度考核结果封存包（示例）_{second['done_at']:%Y%m%d}_v2.zip"
    assert not changes(desk, first)


def test_the_difference_names_every_cell_that_changed(twice: Hamlet) -> None:
    """60 − 3 = 57: 丙区 falls behind 甲县 (57.25), which rises, and below 60 into 不合格."""
    _, second = versions(twice.desk, "2024")
    assert {tuple(row) for row in changes(twice.desk, second)} == {
        ("丙区", "总分", "60.00", "57.00"),
        ("丙区", "名次", "2", "3"),
        ("丙区", "等次", "合格", "不合格"),
        ("甲县", "名次", "3", "2"),
        ("丙区", "案卷质量　得分", "7.00", "4.00"),
    }


def test_each_version_is_verified_and_known_by_its_code(twice: Hamlet) -> None:
    for row in versions(twice.desk, "2024"):
        verdict = verify(pack(twice.desk, row))
        assert verdict.problems == []
        assert verdict.compared >= 10
        known = sealed_as(twice.desk, verdict.digest)
        assert known is not None
        assert known["version"] == row["version"]
    assert sealed_as(twice.desk, "0" * 64) is None
    first, second = (opened(pack(twice.desk, row)).files for row in versions(twice.desk, "2024"))
    assert f'"previous": "{versions(twice.desk, "2024")[0]["pack_sha256"]}"' in second["manifest.json"].decode()
    assert "difference.csv" not in first


def test_the_log_tells_who_locked_and_unlocked(twice: Hamlet) -> None:
    found = twice.records.fetch("SELECT act, actor, detail FROM audit WHERE act LIKE '%考核期' ORDER BY event")
    assert [(row["act"], row["actor"]) for row in found] == [
        ("锁定考核期", CLERK.name), ("解锁考核期", CHECKER.name), ("锁定考核期", CHECKER.name),
    ]  # fmt: skip
    assert found[1]["detail"] == "更正丙区案卷质量评分"


def test_the_pack_of_the_demo_city_is_recomputed(city: Town, tmp_path: Path) -> None:
    """Masked cells, derived forms, two editions, last year's places: all of it from the pack alone."""
    row = lock(city.desk, CLERK, "2024", "年终考核", even_so=True)
    verdict = verify(pack(city.desk, row))
    assert verdict.problems == []
    assert verdict.notes == []
    assert verdict.header["sample"] is True
