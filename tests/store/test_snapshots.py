"""What is published: only what changed is written, the last few are kept, a reader sees the old one or the new one."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from scoring.desk import Desk, handing_in, receiving, reviewing
from scoring.desk.registers import close_register
from scoring.project import open_project
from scoring.store import snapshots
from scoring.store.problems import Damaged, NoSpace
from scoring.store.snapshots import GRACE, KEPT, Snapshot, current, folder_of
from tests.village import CLERK, Village, case_rows, folder, reporter, stats_row, village, workbook


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Village]:
    """甲县 has two reports accepted, 乙县 one that waits."""
    found = village(tmp_path)
    report(found, "c1", "2024Q1", 3)
    found.records.fetch("SELECT 1")
    yield found
    found.records.close()


def report(place: Village, unit: str, quarter: str, count: int, accept: bool = True, stats: bool = True) -> list[str]:
    content = [("cases", quarter, case_rows(unit, quarter, count))]
    content += [("stats", quarter, stats_row(quarter, count))] if stats else []
    data = workbook(place.desk, unit, content)
    numbers = [draft.no for draft in receiving.upload(place.desk, reporter(unit), unit, f"{unit}.xlsx", data).drafts]
    for no in numbers:
        handing_in.hand_in(place.desk, reporter(unit), no)
    if accept:
        reviewing.accept(place.desk, CLERK, numbers)
    return numbers


def now(place: Village) -> Snapshot:
    found = current(folder_of(place.database))
    assert found is not None
    return found


def files(place: Village) -> dict[str, str]:
    return {code: part.file for code, part in now(place).parts.items()}


def test_only_what_changed_is_written(place: Village) -> None:
    before, number = files(place), now(place).number
    stamps = {path: path.stat().st_mtime_ns for path in folder_of(place.database).glob("*.parquet")}
    report(place, "c2", "2024Q1", 2, stats=False)
    after = files(place)
    assert {code for code in after if after[code] != before[code]} == {"cases", "submissions"}
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in stamps.items()), "what is there is not written again"
    assert now(place).number > number


def test_nothing_is_written_where_nothing_changed(place: Village) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder_of(place.database).iterdir()}
    found = place.desk.publish()
    assert found == now(place)
    assert {path: path.stat().st_mtime_ns for path in folder_of(place.database).iterdir()} == before


def test_what_waits_changes_the_register_and_no_rows(place: Village) -> None:
    before = files(place)
    report(place, "c2", "2024Q1", 2, accept=False)
    after = files(place)
    assert {code for code in after if after[code] != before[code]} == {"submissions"}
    waiting = [row for row in now(place).read("submissions").to_pylist() if row["unit"] == "c2"]
    assert [row["outcome"] for row in waiting] == ["待复核", "待复核"]


def test_what_is_given_back_counts_no_more(place: Village) -> None:
    (no, _) = report(place, "c2", "2024Q1", 2)
    assert len(now(place).read("cases")) == 5
    reviewing.give_back(place.desk, CLERK, no, "数字与上月不衔接")
    assert len(now(place).read("cases")) == 3


def test_the_last_few_are_kept_and_what_they_name(place: Village) -> None:
    shelf = folder_of(place.database)
    for number in range(KEPT + 4):
        close_register(place.desk, CLERK, "awards", "2024", closed=number % 2 == 0, reason="补登")
    manifests = sorted(shelf.glob("[0-9]*.json"))
    assert len(manifests) > KEPT, "those of the last minutes stay, for readers that have just begun"
    for path in manifests:
        os.utime(path, (1_700_000_000, 1_700_000_000))
    last = now(place).number
    (shelf / "cases-0123.parquet.77.tmp").write_bytes(b"left by a process that was killed")
    report(place, "c3", "2024Q1", 1, accept=False, stats=False)
    kept = sorted(shelf.glob("[0-9]*.json"))
    assert len(kept) == KEPT
    assert [int(path.stem) for path in kept] == list(range(last + 1 - KEPT + 1, last + 2))
    named = {part["file"] for path in kept for part in json.loads(path.read_text(encoding="utf-8"))["parts"].values()}
    assert {path.name for path in shelf.glob("*.parquet")} == named
    assert not list(shelf.glob("*.tmp"))
    assert GRACE >= 60


def test_a_reader_of_an_older_snapshot_reads_on(place: Village) -> None:
    older = now(place)
    for quarter in ("2024Q2", "2024Q3"):
        report(place, "c1", quarter, 4)
    assert len(older.read("cases")) == 3
    assert len(now(place).read("cases")) == 11


@pytest.mark.parametrize("how", ["lost", "cut", "changed"])
def test_a_file_that_is_not_what_was_published_is_named_and_made_anew(place: Village, how: str) -> None:
    path = folder_of(place.database) / files(place)["cases"]
    content = path.read_bytes()
    if how == "lost":
        path.unlink()
    else:
        path.write_bytes(content[:100] if how == "cut" else content[:-9] + b"x" + content[-8:])
    word = "缺少文件" if how == "lost" else "的文件.*被改动过"
    with pytest.raises(Damaged, match=f"快照{word}.*请启动看板重新发布快照"):
        now(place).read("cases")
    project = place.project
    assert not project.ready
    assert any(path.name in issue.problem for issue in project.issues)
    Desk(open_project(folder()), place.records, place.clock).publish()
    assert path.read_bytes() == content
    assert place.project.ready


@pytest.mark.parametrize("text", ["", "{", "[]", '{"layout": 1}', '{"layout": 1, "number": 1, "published_at": "", "parts": {}}'])
def test_a_list_of_files_that_cannot_be_read_is_made_anew(place: Village, text: str) -> None:
    before = {code: part.sha256 for code, part in now(place).parts.items()}
    (folder_of(place.database) / "current.json").write_text(text, encoding="utf-8")
    with pytest.raises(Damaged, match=r"快照的目录文件 current.json 读不懂"):
        now(place)
    assert not place.project.ready
    Desk(open_project(folder()), place.records, place.clock).publish()
    assert {code: part.sha256 for code, part in now(place).parts.items()} == before


def test_one_of_another_program_is_refused(place: Village) -> None:
    path = folder_of(place.database) / "current.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**told, "layout": 99}), encoding="utf-8")
    with pytest.raises(Damaged, match="快照是另一个版本的程序发布的"):
        now(place)


def test_publication_that_breaks_off_leaves_the_old_one(place: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    """At whichever file it breaks off: who reads sees the old one whole, and the next start brings it up."""
    real, before = snapshots._place, now(place)
    for stop_at in range(1, 5):
        numbers = report(place, "c2", f"2024Q{stop_at}", stop_at, accept=False)
        published = now(place)
        written = 0

        def breaks_off(path: Path, data: bytes, stop_at: int = stop_at) -> None:
            nonlocal written
            written += 1
            if written == stop_at:
                raise OSError(5, "gone")
            real(path, data)

        with monkeypatch.context() as patched:
            patched.setattr(snapshots, "_place", breaks_off)
            with pytest.raises(NoSpace):
                reviewing.accept(place.desk, CLERK, numbers)
        assert now(place) == published
        for code in published.parts:
            published.read(code)
        assert place.project.ready
        place.desk.publish()
        assert len(now(place).read("cases")) == len(before.read("cases")) + sum(range(1, stop_at + 1))


def another_config(tmp_path: Path, file: str, old: str, new: str) -> Path:
    copy = tmp_path / "config_changed"
    shutil.copytree(folder(), copy)
    path = copy / "config" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return copy


def test_a_form_defined_otherwise_is_told_and_published_anew(place: Village, tmp_path: Path) -> None:
    """刑事 cases only: the rows of 行政 no longer fit. They are told, not lost, and come back with the definition."""
    changed = another_config(tmp_path, "forms/cases.yaml", "values: [行政, 刑事]", "values: [刑事]")
    project = open_project(changed, database=place.database)
    assert not project.ready
    assert any("“案件台账”的定义或单位登记在快照发布之后改过" in one.problem for one in project.issues)
    before = now(place).parts["stats"]
    Desk(open_project(changed), place.records, place.clock).publish()
    project = open_project(changed, database=place.database)
    assert len(project.sheets["cases"]) == 0
    assert project.rows_set_aside == 3
    told = [one for one in project.issues if "与现在的报表定义或单位登记不符" in one.problem]
    assert [(one.line, one.unit) for one in told] == [(6, "c1"), (7, "c1"), (8, "c1")]
    assert now(place).parts["stats"] == before
    place.desk.publish()
    assert len(place.project.sheets["cases"]) == 3
    assert place.project.rows_set_aside == 0


def test_a_unit_that_left_the_register_is_told_not_lost(place: Village, tmp_path: Path) -> None:
    report(place, "c2", "2024Q1", 2)
    changed = another_config(tmp_path, "units.yaml", "- {code: c2, title: 乙县, kind: county}", "")
    Desk(open_project(changed), place.records, place.clock).publish()
    project = open_project(changed, database=place.database)
    assert len(project.sheets["cases"]) == 3
    assert project.rows_set_aside == 3, "two cases and a line of figures"
    place.desk.publish()
    assert len(place.project.sheets["cases"]) == 5


def test_a_form_that_is_gone_is_told(place: Village, tmp_path: Path) -> None:
    changed = tmp_path / "config_changed"
    shutil.copytree(folder(), changed)
    (changed / "config" / "forms" / "cases.yaml").unlink()
    Desk(open_project(changed), place.records, place.clock).publish()
    aside = now(place).read("aside").to_pylist()
    assert [(row["form"], row["problem"]) for row in aside] == [("cases", "没有这张报表的定义了，这份报送没有计入")]


def test_rows_set_aside_of_one_form_stay_when_another_changes(place: Village) -> None:
    rows = case_rows("c2", "2024Q1", 3)
    rows[0][4] = "不详"
    data = workbook(place.desk, "c2", [("cases", "2024Q1", rows)])
    (draft,) = receiving.upload(place.desk, reporter("c2"), "c2", "乙.xlsx", data).drafts
    handing_in.hand_in(place.desk, reporter("c2"), draft.no, leave_out=True)
    reviewing.accept(place.desk, CLERK, [draft.no])
    before = now(place).read("aside").to_pylist()
    assert [(row["form"], row["submission"], row["source_row"]) for row in before] == [("cases", draft.no, 6)]
    close_register(place.desk, CLERK, "awards", "2024", closed=True)
    assert now(place).read("aside").to_pylist() == before
    shutil.rmtree(folder_of(place.database))
    place_desk = Desk(open_project(folder()), place.records, lambda: datetime(2024, 11, 1))
    place_desk.publish()
    assert now(place).read("aside").to_pylist() == before, "made anew from nothing it is the same"
