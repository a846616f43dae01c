"""Thirty people bring workbooks while thirty look: no error, no lost row, and whoever looks sees one snapshot."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.reporting_load import Load, Order, Shelf, beside_a_long_write, crowd
from scoring.desk import Desk
from scoring.engine import Assessment
from scoring.project import Project
from scoring.store.snapshots import current, folder_of
from tests.village import QUARTERS, UNITS, another, case_rows, csv_of, folder, reporter, stats_row, village, workbook

WRITERS = READERS = 30
CLASHES = 6  # writers who bring a report that somebody else brings as well


def orders(desk: Desk) -> list[Order]:
    """As many cases as people caught, in one workbook: whoever sees other figures sees half of it."""
    places = [(unit, quarter) for quarter in QUARTERS for unit in UNITS]
    places += places[:CLASHES]
    found = []
    for number, (unit, quarter) in enumerate(places[:WRITERS]):
        count = 1 + number % 5
        content = [("cases", quarter, case_rows(unit, quarter, count)), ("stats", quarter, stats_row(quarter, count))]
        actor = reporter(unit, f"{UNITS[unit]}填报人{number}")
        found.append(Order(actor, unit, f"{unit}_{number}.xlsx", another(workbook(desk, unit, content), number)))
    return found


@pytest.mark.trial
@pytest.mark.parametrize("shared", [pytest.param(True, id="as the pages do"), pytest.param(False, id="each its own")])
def test_thirty_who_write_and_thirty_who_read(tmp_path: Path, shared: bool, capsys: pytest.CaptureFixture[str]) -> None:
    place = village(tmp_path)
    brought = orders(place.desk)
    torn: list[str] = []

    def seen(project: Project, assessment: Assessment) -> None:
        cases, caught = figures(project)
        if cases != caught:
            torn.append(f"{project.basis}: {cases} cases, {caught} caught")

    shelf = Shelf(folder(), place.database, "2024", shared)
    readers = [list(UNITS)[number % len(UNITS)] for number in range(READERS)]
    plain = place.desk
    load = crowd(lambda: plain, brought, readers, shelf, seen)
    assert load.errors == []
    assert torn == []
    assert len(load.accepted) == len(set(load.accepted)) == 2 * WRITERS
    nothing_lost(
        place.records.fetch("SELECT no, row_count FROM submission"), place.records.fetch("SELECT submission FROM ledger_row")
    )
    for number, order in enumerate(brought):
        kept = place.records.fetch("SELECT row_count FROM submission WHERE file_name = ? AND form = 'cases'", [order.name])
        assert {one["row_count"] for one in kept} == {1 + number % 5}
    last = current(folder_of(place.database))
    assert last is not None
    counted = place.records.fetch("SELECT submission, line FROM counted_row WHERE form = 'cases'")
    assert len(last.read("cases")) == len(counted)
    tell(capsys, load)
    place.records.close()


def figures(project: Project) -> tuple[dict[str, int], dict[str, int]]:
    """Cases and people caught by unit, as a reader has them."""
    cases, caught = dict.fromkeys(UNITS, 0), dict.fromkeys(UNITS, 0)
    if "cases" in project.sheets:
        for unit in project.sheets["cases"].values["row_unit"]:
            cases[str(unit)] += 1
        stats = project.sheets["stats"].values
        for unit, number in zip(stats["row_unit"], stats["caught"], strict=True):
            caught[str(unit)] += int(str(number))
    return cases, caught


def nothing_lost(submissions: list[dict[str, object]], rows: list[dict[str, object]]) -> None:
    found = Counter(row["submission"] for row in rows)
    assert all(found[one["no"]] == one["row_count"] for one in submissions)


def test_nobody_waits_for_a_long_upload(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A look-up beside an upload takes a moment longer, never as long as the upload."""
    place = village(tmp_path)
    desk = place.desk
    data = csv_of(case_rows("c1", "2024Q3", 15_000))
    load = beside_a_long_write(lambda: desk, Order(reporter("c1"), "c1", "大表.csv", data), "cases", "2024Q3", "c2", "2024")
    assert load.errors == []
    (kept,) = place.records.fetch("SELECT row_count FROM submission")
    assert kept["row_count"] == 15_000
    beside = load.seconds["查报送状态，正在上传大表"]
    assert len(beside) >= 5
    assert max(beside) < load.seconds["上传大表"][0] / 2
    tell(capsys, load)
    place.records.close()


def tell(capsys: pytest.CaptureFixture[str], load: Load) -> None:
    with capsys.disabled():
        for what, times, *seconds in load.percentiles():
            told = f"p50 {seconds[0]:.3f} s, p95 {seconds[1]:.3f} s, most {seconds[2]:.3f} s"
            sys.stdout.write(f"\n  {what}: {times} times, {told}")
        sys.stdout.write(f"\n  all written after {load.whole:.1f} s; {len(load.numbers)} snapshots seen\n")
