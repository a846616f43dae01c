"""The commands for the records as a clerk meets them: what they say, how they end, and what they leave alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scoring.__main__ import main
from scoring.store.holder import note_path
from tests.store.test_records import HOLD
from tests.town import ROOT

SMALL = ROOT / "tests" / "projects" / "small"
DONE, NOT_DONE, WRONG_USE = 0, 1, 2
AS_OF = ("--as-of", "2025-01-20")
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "records" / "small.duckdb"


def said(capsys: Capture, database: Path, *words: str, code: int = DONE, project: Path = SMALL) -> tuple[str, str]:
    """Run a command. Returns what it printed and what it complained of."""
    assert main([words[0], "--project", str(project), "--database", str(database), *words[1:]]) == code
    told = capsys.readouterr()
    return told.out, told.err


def totals(capsys: Capture, database: Path | str) -> dict[str, str]:
    assert main(["score", "--project", str(SMALL), "--database", str(database), "--format", "json", *AS_OF]) in (0, 3)
    return {unit["title"]: unit["total"] for unit in json.loads(capsys.readouterr().out)["units"]}


def imported(capsys: Capture, database: Path) -> None:
    out, err = said(capsys, database, "import")
    assert out.startswith("已导入 ")
    assert out.endswith("；快照已发布。\n")
    assert err == ""


def test_import_once_and_score_the_same(capsys: Capture, database: Path) -> None:
    imported(capsys, database)
    assert totals(capsys, database) == totals(capsys, "无")
    out, err = said(capsys, database, "import", code=NOT_DONE)
    assert (out, err) == ("", "没有完成：报送库里已经有报送，不能再整批导入。整批导入只用于刚建立的空库；补报请在“填报”上传。\n")
    out, err = said(capsys, database, "import", "nowhere", code=NOT_DONE)
    assert out == ""


def test_import_of_a_folder_that_is_not_there(capsys: Capture, database: Path) -> None:
    assert "没有“nowhere”这个文件夹。请核对路径" in said(capsys, database, "import", "nowhere", code=NOT_DONE)[1]


def test_demo_only_for_what_is_labelled_so(capsys: Capture, database: Path, tmp_path: Path) -> None:
    sample, plain = tmp_path / "sample", tmp_path / "plain"
    shutil.copytree(SMALL, sample)
    shutil.copytree(SMALL, plain)
    for folder, label in ((sample, "true"), (plain, "false")):
        office = folder / "config" / "office.yaml"
        lines = [line for line in office.read_text(encoding="utf-8").splitlines() if not line.startswith("sample:")]
        office.write_text("\n".join([*lines, f"sample: {label}", ""]), encoding="utf-8")
    assert said(capsys, database, "demo", project=plain)[0] == "这个项目不是示例，没有载入示例数据。\n"
    assert not database.exists()
    assert said(capsys, database, "demo", project=sample)[0].startswith("已载入示例城市：")
    assert said(capsys, database, "demo", project=sample)[0] == "报送库里已有数据，示例没有再载入。\n"


def test_a_project_without_records(capsys: Capture) -> None:
    assert main(["backup", "--project", str(SMALL), "--database", "无", "x"]) == NOT_DONE
    assert "这个项目没有报送库。请在 config/office.yaml 里写 database，或用 --database 指明文件" in capsys.readouterr().err


def test_lock_pack_verify_unlock(capsys: Capture, database: Path, tmp_path: Path) -> None:
    imported(capsys, database)
    out, err = said(capsys, database, "lock", "--period", "2024", code=NOT_DONE)
    assert err.startswith("没有完成：还有没办完的事：") or out.startswith("2024 年考核已锁定")
    out, _ = said(capsys, database, "lock", "--period", "2024", "--even-so", "--reason", "年度考核结束，照现状锁定")
    assert out.startswith("2024 年考核已锁定，第 1 版，封存码 ")
    _, err = said(capsys, database, "lock", "--period", "2024", code=NOT_DONE)
    assert err == "没有完成：2024 年考核已经锁定。如需更正，请先解锁并写明原因。\n"
    out, _ = said(capsys, database, "pack", "--period", "2024", "--out", str(tmp_path / "packs"))
    (path,) = (tmp_path / "packs").iterdir()
    assert out.startswith(f"已写出 {path.name}，封存码 ")
    assert main(["verify", str(path)]) == DONE
    assert "核验通过：" in capsys.readouterr().out
    spoilt = bytearray(path.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    path.write_bytes(spoilt)
    assert main(["verify", str(path)]) == NOT_DONE
    assert "核验不通过：" in capsys.readouterr().out
    _, err = said(capsys, database, "unlock", "--period", "2024", "--reason", "漏了", code=NOT_DONE)
    assert "没有写明解锁的原因。请写明依据和更正的内容，至少 6 个字" in err
    assert "2024 年考核已解锁" in said(capsys, database, "unlock", "--period", "2024", "--reason", "漏收一季度台账，予以补收")[0]
    _, err = said(capsys, database, "unlock", "--period", "2024", "--reason", "漏收一季度台账，予以补收", code=NOT_DONE)
    assert "2024 年考核没有锁定" in err
    _, err = said(capsys, database, "pack", "--period", "2024", "--version", "7", code=NOT_DONE)
    assert "2024 年没有封存过这一版" in err


@pytest.mark.parametrize("period", ["2031", "去年", "2024-Q1"])
def test_a_period_that_there_is_not(capsys: Capture, database: Path, period: str) -> None:
    imported(capsys, database)
    out, err = said(capsys, database, "lock", "--period", period, "--even-so", "--reason", "照现状锁定", code=NOT_DONE)
    assert out == ""
    assert period in err


def test_verify_of_what_is_no_pack(capsys: Capture, tmp_path: Path) -> None:
    assert main(["verify", str(tmp_path / "nowhere.zip")]) == WRONG_USE
    assert capsys.readouterr().err == "用法有误：打不开“nowhere.zip”，请核对路径。\n"
    (tmp_path / "x.zip").write_bytes(b"no pack")
    assert main(["verify", str(tmp_path / "x.zip")]) == NOT_DONE
    assert "不符：" in capsys.readouterr().out


def test_backup_and_restore(capsys: Capture, database: Path, tmp_path: Path) -> None:
    said(capsys, database, "publish")
    out, _ = said(capsys, database, "backup", str(tmp_path / "备份"))
    (empty,) = (tmp_path / "备份").iterdir()
    assert out.startswith(f"已备份为 {empty.name}（")
    assert out.endswith("），打开核对过。\n")
    imported(capsys, database)
    out, _ = said(capsys, database, "restore", str(empty))
    (kept,) = [path.name for path in database.parent.glob("*恢复前*.duckdb")]
    assert out.startswith("已恢复，并发布了第 ")
    assert out.endswith(f"号快照。原来的库另存为 {kept}。\n")
    imported(capsys, database)
    _, err = said(capsys, database, "restore", str(tmp_path / "nowhere.duckdb"), code=NOT_DONE)
    assert err == "没有完成：没有这个备份文件。请核对路径。\n"


def test_publish_says_which_snapshot_is_the_last(capsys: Capture, database: Path) -> None:
    assert said(capsys, database, "publish")[0].startswith("第 1 号快照（")
    assert said(capsys, database, "publish")[0].startswith("第 1 号快照（")


def test_while_another_program_is_at_work(capsys: Capture, database: Path, tmp_path: Path) -> None:
    """`score` reads what was published; whatever writes is told who is at work."""
    imported(capsys, database)
    wanted = totals(capsys, "无")
    with subprocess.Popen([sys.executable, "-c", HOLD, str(database)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()
        assert totals(capsys, database) == wanted
        for words in (("publish",), ("import",), ("backup", str(tmp_path / "b")), ("restore", str(database)), ("lock", "--period", "2024")):
            _, err = said(capsys, database, *words, code=NOT_DONE)
            assert err.startswith(f"没有完成：报送库正由“看板”（进程 {other.pid}，"), words
            assert "使用，别的程序不能同时写。请在那里操作，或先关闭它。" in err
        other.stdin.write("\n")
    note_path(database).unlink()


def test_score_before_there_are_records(capsys: Capture, database: Path) -> None:
    assert main(["score", "--project", str(SMALL), "--database", str(database), *AS_OF]) in (0, 3)
    told = capsys.readouterr()
    assert told.err.startswith("报送库还没有建立，以下按数据文件计算。\n")
    assert "甲县" in told.out
    assert not database.exists(), "to look is not to make"


def test_score_of_a_damaged_snapshot(capsys: Capture, database: Path) -> None:
    imported(capsys, database)
    for path in database.with_name("small.snapshots").glob("*.parquet"):
        path.write_bytes(b"x")
    assert main(["score", "--project", str(SMALL), "--database", str(database), *AS_OF]) == 1
    assert "被改动过" in "".join(capsys.readouterr())
    said(capsys, database, "publish")
    assert totals(capsys, database) == totals(capsys, "无")


def test_records_that_are_none(capsys: Capture, database: Path) -> None:
    database.parent.mkdir()
    database.write_bytes(b"a letter, not a database " * 500)
    _, err = said(capsys, database, "publish", code=NOT_DONE)
    assert err == "没有完成：报送库的文件打不开，可能已损坏或不是报送库。请用最近的备份恢复。\n"
    assert database.read_bytes().startswith(b"a letter")


def test_as_a_program(database: Path) -> None:
    command = [sys.executable, "-m", "scoring", "publish", "--project", str(SMALL), "--database", str(database)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (DONE, "")
    assert ran.stdout.startswith("第 1 号快照（")
