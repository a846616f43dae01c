"""A full disk: said in Chinese, the state before it stays, and with room again everything goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scoring.desk import handing_in, receiving, reviewing
from scoring.store import snapshots
from scoring.store.problems import NoSpace
from scoring.store.snapshots import current, folder_of
from tests.town import ROOT
from tests.village import CLERK, case_rows, reporter, village, workbook

NOT_SAVED = "NoSpace: 磁盘写不进去，这次没有保存；以前的数据都在。请清理磁盘空间后重试。"


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of files is a thing of Unix")
def test_files_that_may_not_grow(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.store.on_a_full_disk", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = json.loads(ran.stdout)
    assert told["half upload"] == told["none upload"] == told["none accept"] == NOT_SAVED
    assert told["none backup"] == "NoSpace: 备份写不进去。请核对备份文件夹和磁盘空间。"
    assert told["half then"] == told["none then"] == told["before"], "nothing more, nothing less"
    assert (told["accept"], told["rows"]) == ("done", 3)
    assert told["left in the backup folder"] == [], "no half backup"
    assert told["restore"].startswith("NoSpace: 恢复没有完成，原来的报送库没有动")
    assert told["at last"] == 1


def test_no_room_for_the_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was decided is kept, the score stays with the snapshot before, and the next publication brings it up."""
    place = village(tmp_path)
    data = workbook(place.desk, "c1", [("cases", "2024Q1", case_rows("c1", "2024Q1", 3))])
    (draft,) = receiving.upload(place.desk, reporter("c1"), "c1", "一季度.xlsx", data).drafts
    handing_in.hand_in(place.desk, reporter("c1"), draft.no)
    before = current(folder_of(place.database))

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(snapshots, "_place", full)
        with pytest.raises(NoSpace, match="快照写不进磁盘；报送已经保存，计分暂按上一份快照。请清理磁盘空间后重试"):
            reviewing.accept(place.desk, CLERK, [draft.no])
    assert handing_in.standing(place.desk, draft.no)["state"] == "通过"
    assert current(folder_of(place.database)) == before
    assert "cases" not in place.project.sheets or not len(place.project.sheets["cases"])
    place.desk.publish()
    assert len(place.project.sheets["cases"]) == 3
    place.records.close()
