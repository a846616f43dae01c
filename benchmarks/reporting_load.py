"""Times many people at one desk: writers upload, hand in and have accepted, readers score and look things up meanwhile.

Run it on a quiet machine: `python -m benchmarks.reporting_load`. The demo city is loaded into records of its own; each
of the writers brings a workbook of another unit or of the same, each of the readers goes round until the writers are
done. Then one upload of 50,000 rows, with readers beside it. Percentiles are printed; nothing may fail, no row be
missing, and whatever a reader saw must be one snapshot. It is a measurement, not a test.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median
from threading import Lock, Thread
from time import perf_counter, sleep

from benchmarks.report import print_table
from scoring.access import Actor
from scoring.desk import Desk, Refused, handing_in, receiving, reviewing
from scoring.desk.blanks import blank
from scoring.desk.importing import import_folder
from scoring.desk.reports import reports
from scoring.engine import Assessment
from scoring.engine.explain import explain_text
from scoring.project import Project, open_project
from scoring.store.records import Records
from scoring.store.snapshots import current, folder_of

ROOT = Path(__file__).resolve().parents[1]
CLERK = Actor("双打办经办人", "office")
TRIES = 5
PAUSE = 0.5  # seconds that a reader looks at a page
WHY = "按实际情况填报，已逐项核对"


@dataclass(frozen=True)
class Order:
    """One workbook that somebody brings."""

    actor: Actor
    unit: str
    name: str
    data: bytes


@dataclass
class Load:
    """What happened, with the seconds that each thing took."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[BaseException] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)  # snapshots that readers saw
    whole: float = 0.0

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        begun = perf_counter()
        yield
        self.seconds[what].append(perf_counter() - begun)

    def percentiles(self) -> list[tuple[str, int, float, float, float]]:
        """(what, how often, median, 95th of 100, longest)."""
        rows = []
        for what, found in self.seconds.items():
            found = sorted(found)
            rows.append((what, len(found), median(found), found[min(len(found) - 1, int(len(found) * 0.95))], found[-1]))
        return rows


def write(load: Load, desk: Desk, order: Order) -> None:
    """From upload to acceptance; what somebody else handed in meanwhile is looked at and replaced."""
    done: set[str] = set()
    for attempt in range(TRIES):
        with load.timed("上传（读、校验、存草稿）"):
            drafts = receiving.upload(desk, order.actor, order.unit, order.name, order.data).drafts
        try:
            for draft in drafts:
                if draft.no in done:  # the same file once more gives the same number, and that one is in already
                    continue
                answers = {one.key: WHY for one in draft.sheet.findings if one.level in ("B", "C")}
                with load.timed("提交（含发布快照）"):
                    try:
                        handing_in.hand_in(desk, order.actor, draft.no, answers)
                    except Refused as refused:
                        if not refused.other:
                            raise
                        handing_in.hand_in(desk, order.actor, draft.no, answers, replacing=refused.other)
                done.add(draft.no)
            break
        except Refused:  # a later upload of the same report was handed in first, and this draft is void
            if attempt == TRIES - 1:
                raise
    numbers = [draft.no for draft in drafts]
    with load.timed("通过（含发布快照）"):
        reviewing.accept(desk, CLERK, numbers)
    load.accepted += numbers


@dataclass
class Shelf:
    """What is open: one project and its score for all readers of a snapshot, as the pages keep them, or (`shared` false)
    one for each reader, as so many programs of their own would."""

    folder: Path
    database: Path
    year: str
    shared: bool
    _lock: Lock = field(default_factory=Lock)
    _kept: dict[int, tuple[Project, Assessment]] = field(default_factory=dict)

    def take(self, load: Load) -> tuple[Project, Assessment]:
        if not self.shared:
            return self._opened(load)
        with self._lock:
            found = current(folder_of(self.database))
            assert found is not None
            if found.number not in self._kept:
                self._kept[found.number] = self._opened(load)
            return self._kept[found.number]

    def _opened(self, load: Load) -> tuple[Project, Assessment]:
        with load.timed("打开快照"):
            project = open_project(self.folder, database=self.database)
        with load.timed("计分"):
            period = project.period(self.year)
            return project, project.assess(self.year, period.cut_off, with_previous=False)


def read(load: Load, desk: Desk, shelf: Shelf, unit: str, seen: Callable[[Project, Assessment], None]) -> None:
    """What pages do: the state of a unit's reports, then a score of the snapshot, explained."""
    with load.timed("查报送状态"):
        listed = reports(desk, shelf.year, unit)
    for one in listed[:3]:
        if one.latest is not None:
            with load.timed("查一份报送"):
                handing_in.standing(desk, one.latest["no"])
    with load.timed("取得计分结果（含等待）"):
        project, assessment = shelf.take(load)
    with load.timed("逐项说明"):
        explain_text(assessment, project.store, unit)
    load.numbers.add(project.basis)
    seen(project, assessment)


def crowd(
    desk_of: Callable[[], Desk],
    orders: Sequence[Order],
    readers: Sequence[str],
    shelf: Shelf,
    seen: Callable[[Project, Assessment], None],
) -> Load:
    """All writers and all readers at once. `seen`: is shown every project that a reader looked into."""
    load = Load()
    writing = [Thread(target=_safely, args=(load, write, load, desk_of(), order)) for order in orders]

    def go_round(unit: str) -> None:
        read(load, desk_of(), shelf, unit, seen)
        while any(one.is_alive() for one in writing) and not load.errors:
            sleep(PAUSE)
            read(load, desk_of(), shelf, unit, seen)

    reading = [Thread(target=_safely, args=(load, go_round, unit)) for unit in readers]
    begun = perf_counter()
    for one in [*writing, *reading]:
        one.start()
    for one in writing:
        one.join()
    load.whole = perf_counter() - begun
    for one in reading:
        one.join()
    return load


def _safely(load: Load, act: Callable[..., None], *given: object) -> None:
    try:
        act(*given)
    except BaseException as error:  # noqa: BLE001 - shown by whoever started the threads
        load.errors.append(error)


def beside_a_long_write(desk_of: Callable[[], Desk], order: Order, form: str, period: str, unit: str, year: str) -> Load:
    """Look-ups of one reader alone, then beside the upload of a large file."""
    load, desk = Load(), desk_of()

    def look_up(what: str) -> None:
        with load.timed(what):
            reports(desk, year, unit)

    def upload() -> None:
        with load.timed("上传大表"):
            receiving.upload(desk_of(), order.actor, order.unit, order.name, order.data, form, period)

    for _ in range(20):
        look_up("查报送状态，没有别人")
    long = Thread(target=_safely, args=(load, upload))
    long.start()
    while long.is_alive():
        look_up("查报送状态，正在上传大表")
    long.join()
    return load


def large(rows: int) -> bytes:
    """A ledger of cases of the second quarter, as CSV."""
    head = "处罚决定书文号,案件类别,领域,当事人,案值,立案日期,处罚决定日期,公开日期,依法不公开,发现涉嫌犯罪日期,移送公安日期"
    lines = [head]
    for number in range(1, rows + 1):
        day = date(2024, 4, 1) + timedelta(number % 60)
        lines.append(f"示市监罚〔2024〕{number}号,行政,商标,示例商贸{number},{number % 900}.25,{day},{day + timedelta(9)},,否,,")
    return "\n".join(lines).encode()


def _demo_orders(desk: Desk, count: int) -> list[Order]:
    """Corrections of what was accepted: the templates come with it. Some units twice."""
    units = [one for one in desk.register.units if "penalty_organ" in one.tags]
    found = []
    for number in range(count):
        unit, quarter = units[number % len(units)], f"2024Q{1 + number // len(units) % 4}"
        if number % 10 == 9:
            unit, quarter = units[0], "2024Q1"
        actor = Actor(f"{unit.title}{number}", "reporter", unit.code)
        note = f"{number:08d}".encode()  # a comment of the archive: no two files are the same
        data = blank(desk, actor, unit.code, [("case_ledger", quarter)])[:-2] + len(note).to_bytes(2, "little") + note
        found.append(Order(actor, unit.code, f"{unit.title}{number}.xlsx", data))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--writers", type=int, default=30)
    parser.add_argument("--readers", type=int, default=30)
    parser.add_argument("--rows", type=int, default=50_000)
    given = parser.parse_args()
    print(f"{platform.machine()}，duckdb {version('duckdb')}")
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "town.duckdb"
        records = Records.open(database, "测试", datetime.now)
        at = lambda: datetime(2025, 1, 9, 10)  # noqa: E731 - before the last deadlines of 2024
        import_folder(Desk(open_project(ROOT), records, at), CLERK, ROOT / "data" / "sample", "data/sample")
        plain = open_project(ROOT, database=database)
        orders = _demo_orders(Desk(plain, records, at), given.writers)
        units = [one.code for one in plain.register.units]  # type: ignore[union-attr]
        readers = [units[number % len(units)] for number in range(given.readers)]
        shelf = Shelf(ROOT, database, "2024", shared=True)
        load = crowd(lambda: Desk(plain, records, at), orders, readers, shelf, lambda _, __: None)
        _tell(f"{given.writers} 人上传、{given.readers} 人查看", load)
        print(f"到最后一份通过 {load.whole:.1f} 秒；读到 {len(load.numbers)} 个不同的快照；通过 {len(load.accepted)} 份")
        first = Order(orders[0].actor, orders[0].unit, "大表.csv", large(given.rows))
        long = beside_a_long_write(lambda: Desk(plain, records, at), first, "case_ledger", "2024Q2", units[1], "2024")
        _tell(f"上传 {given.rows} 行时查看", long)
        print(f"报送库 {database.stat().st_size / 2**20:.1f} MB，快照 {_size(folder_of(database)):.1f} MB")
        records.close()


def _tell(title: str, load: Load) -> None:
    for error in load.errors:
        raise error
    rows = [[what, str(times), *(f"{one:.3f}" for one in found)] for what, times, *found in load.percentiles()]
    print(f"\n{title}")
    print_table([["秒", "次数", "中位数", "p95", "最长"], *rows])


def _size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.iterdir()) / 2**20


if __name__ == "__main__":
    main()
