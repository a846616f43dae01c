"""Times reading, typing and checking of one workbook of 50,000 rows × 14 columns, beside openpyxl on the same file.

Run it on a quiet machine: `python -m benchmarks.reading`. Each program starts in a process of its own, in turn, as
often as there are rounds; medians are printed, and the most resident memory above the start of the work. openpyxl
only reads its cells (read_only), it types and checks nothing. It is a measurement, not a test.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import xlsxwriter

from benchmarks.report import memory_peak, memory_start, print_table, shown
from scoring.calendar import WorkCalendar
from scoring.forms import Column, Form, Forms
from scoring.intake.checks import Context, Earlier, run
from scoring.intake.reading import Expected, read_reports
from scoring.intake.workbook import Workbook, read_workbook
from scoring.project import Project, open_project

ROOT = Path(__file__).resolve().parents[1]
PERIOD = "2024Q3"
GOAL = 2.0
STAGES = {"read": "读出文字", "type": "认表头、定类型、查重", "check": "校验", "all": "合计"}
MORE = (
    Column(code="articles", title="涉案物品", type="text"),
    Column(code="pieces", title="物品件数", type="integer", unit="件"),
    Column(code="fine", title="罚没金额", type="decimal", decimals=2, unit="万元"),
)


def form_of(project: Project) -> Form:
    """The demo city's ledger of cases, with three columns more."""
    form = project.forms["case_ledger"]
    return replace(form, columns=(*form.columns, *MORE))


def write(path: Path, rows: int, form: Form) -> None:
    """A workbook as a large unit would upload it."""
    chance = random.Random(1)
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet(form.title), book.add_format({"num_format": "yyyy-mm-dd"})
        for at, column in enumerate(form.columns):
            sheet.write_string(0, at, column.title)
        for line in range(1, rows + 1):
            filed = date(2024, 7, 1) + timedelta(chance.randrange(90))
            cells: list[object] = [
                f"示市监罚〔2024〕{line}号", chance.choice(["行政", "刑事"]), chance.choice(["商标", "专利", "食品药品"]),
                f"示例商贸{line * 7919 % 99991}有限公司", chance.randrange(1, 10**5) / 100, filed, filed + timedelta(20),
                filed + timedelta(30) if line % 3 else None, "否", "2024.9.4" if line % 50 == 0 else None, None,
                f"示例物品{chance.randrange(5000)}", chance.randrange(1000), chance.randrange(10**5) / 100,
            ]  # fmt: skip
            for at, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(line, at, value, day)
                elif isinstance(value, str):
                    sheet.write_string(line, at, value)
                elif isinstance(value, (int, float)):
                    sheet.write_number(line, at, value)


def ours(path: Path) -> dict[str, float]:
    """Seconds of the three stages, and the memory they took."""
    project = open_project(ROOT)
    assert project.register is not None
    form = form_of(project)
    calendar = WorkCalendar(date(2024, 1, 1), date(2025, 3, 1), {})
    due = next(one for one in form.due_periods(date(2024, 1, 1), date(2024, 12, 31), calendar) if one.label == PERIOD)
    unit = next(one for one in project.register.units if form.reported_by.includes(one))
    before, processor = memory_start(), process_time()
    start = perf_counter()
    book = read_workbook(path.read_bytes(), path.name)
    assert isinstance(book, Workbook)
    read = perf_counter()
    forms = Forms({**project.forms, form.code: form})
    dues = {form.code: {due.label: due}}
    sheet = read_reports(book, Expected(unit.code, form.code, PERIOD), forms, project.register, dues).sheets[0]
    typed = perf_counter()
    findings = run(sheet, Context(unit.code, due, calendar, project.register, Earlier(), date(2024, 10, 9)))
    end = perf_counter()
    assert not sheet.refused
    assert not sheet.set_aside
    return {
        "read": read - start, "type": typed - read, "check": end - typed, "all": end - start, "processor": process_time() - processor,
        "memory": memory_peak() - before, "rows": len(sheet), "findings": len(findings) + len(sheet.findings),
    }  # fmt: skip


def with_openpyxl(path: Path) -> dict[str, float]:
    """Seconds to see every cell once."""
    import openpyxl

    before, processor = memory_start(), process_time()
    start = perf_counter()
    book = openpyxl.load_workbook(path, read_only=True)
    rows = sum(1 for _ in book.active.iter_rows(values_only=True)) - 1
    end = perf_counter()
    return {"all": end - start, "processor": process_time() - processor, "memory": memory_peak() - before, "rows": rows}


PROGRAMS = {"ours": ours, "openpyxl": with_openpyxl}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", choices=PROGRAMS)
    options.add_argument("--file", type=Path)
    told = options.parse_args()
    if told.only:
        print(json.dumps(PROGRAMS[told.only](told.file)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.xlsx"
        write(path, told.rows, form_of(open_project(ROOT)))
        compare(path, told.rounds)


def compare(path: Path, rounds: int) -> None:
    """Every program once a round, each in a new process."""
    results: dict[str, list[dict[str, float]]] = {name: [] for name in PROGRAMS}
    for _ in range(rounds):
        for name in PROGRAMS:
            command = [sys.executable, "-m", "benchmarks.reading", "--only", name, "--file", str(path)]
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
            results[name].append(json.loads(done.stdout.splitlines()[-1]))
    first = results["ours"][0]
    print(
        f"Python {platform.python_version()}，fastexcel {version('fastexcel')}，openpyxl {version('openpyxl')}；",
        end="",
    )
    print(
        f"{first['rows']:,.0f} 行 × 14 列，{path.stat().st_size / 2**20:.1f} MB；{rounds} 轮的中位数，校验结果 {first['findings']:.0f} 条"
    )
    rows = [["", "秒", "最快", "处理器", "内存"]]
    for stage, title in STAGES.items():
        times = [one[stage] for one in results["ours"]]
        rows.append(
            [
                title,
                f"{median(times):.2f}",
                f"{min(times):.2f}",
                *(_rest(results["ours"]) if stage == "all" else ("", "")),
            ]
        )
    times = [one["all"] for one in results["openpyxl"]]
    rows.append(
        ["openpyxl read_only，只读出", f"{median(times):.2f}", f"{min(times):.2f}", *_rest(results["openpyxl"])]
    )
    print_table(rows)
    ratio = median(times) / median(one["all"] for one in results["ours"])
    print(f"目标：不超过 {GOAL:.0f} 秒。openpyxl 只读出单元格的用时是它的 {ratio:.1f} 倍。")


def _rest(results: list[dict[str, float]]) -> tuple[str, str]:
    """Time on the processors, which tells more on a machine that others use, and memory."""
    processor = median(one["processor"] for one in results)
    return f"{processor:.2f}", shown(median(one["memory"] for one in results))


if __name__ == "__main__":
    main()
