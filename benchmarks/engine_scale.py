"""Times the engine alone: the demo city, and 3,000 units × 60 indicators over ledgers of growing size.

Run it on a quiet machine: `python -m benchmarks.engine_scale`. Every program starts from the same rows in
memory and must give the same totals, or the run stops. Each round runs every program once, in turn, so that
noise of the machine falls on all of them; medians are printed. It is a measurement, not a test.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.clauses import CLAUSES
from benchmarks.report import memory_peak, memory_start, print_table, shown
from benchmarks.synthetic import PERIOD, Synthetic, make
from scoring.engine.plan import Plan, make_plan
from scoring.engine.rescoring import keep
from scoring.engine.run import register_previous, run
from scoring.project import open_project
from scoring.rubric import Rubric
from scoring.rubric.model import Period
from scoring.store import Store
from scoring.store.database import arrow

SIZES = (100_000, 1_000_000, 10_000_000)
SCAN = """SELECT count(*), sum(strlen(row_unit)), sum(strlen(kind)), sum(strlen(field)), sum(amount),
    count_if(transferred), sum(filed_on - DATE '2000-01-01'), sum(entered_on - DATE '2000-01-01'),
    sum(published_on - DATE '2000-01-01') FROM case_ledger"""
GOALS = {"engine": 0.6, "rescore": 0.08, "pandas": 4.0}


Moment = tuple[float, float]


def now() -> Moment:
    """The clock, and the time used on all processors: the second tells more on a machine that others use."""
    return perf_counter(), process_time()


@dataclass
class Times:
    """Seconds of each program by name, on the clock and on the processors; extra memory beside them."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, start: Moment, end: Moment) -> None:
        self.seconds.setdefault(name, []).append(end[0] - start[0])
        self.processor.setdefault(name, []).append(end[1] - start[1])

    def timed(self, name: str, program: Callable[[], object]) -> None:
        before = memory_start()
        start = now()
        program()
        self.add(name, start, now())
        self.memory[name] = max(self.memory.get(name, 0), memory_peak() - before)

    def median(self, name: str) -> float:
        return median(self.seconds[name])

    def others(self, name: str) -> tuple[str, str]:
        """The quickest, and the median of the time on the processors."""
        return f"{min(self.seconds[name]):.3f}", f"{median(self.processor[name]):.3f}"


@dataclass(frozen=True)
class Exact:
    """What the engine found, in register order: totals in 0.01 points, places."""

    totals: np.ndarray
    places: np.ndarray


def plan_of(rubric: Rubric) -> Plan:
    period = rubric.period(PERIOD)
    return make_plan(rubric, period, period.cut_off)


def engine(store: Store, rubric: Rubric, times: Times | None = None, period: Period | None = None) -> pa.Table:
    """Measures, scores, ranking; no details. All from the ledger anew."""
    times = times or Times()
    period = period or rubric.period(PERIOD)
    start = now()
    plan = make_plan(rubric, period, period.cut_off)
    with store.cursor() as cursor:
        register_previous(cursor, None)
        run(cursor, plan.measures)
        between = now()
        run(cursor, [*plan.states, *plan.scores])
        ranking = arrow(cursor, "SELECT * FROM ranking")
        end = now()
    times.add("engine", start, end)
    times.add("measures", start, between)
    times.add("scores", between, end)
    return ranking


def exact(ranking: pa.Table, synthetic: Synthetic) -> Exact:
    position = {unit.code: index for index, unit in enumerate(synthetic.register.units)}
    order = np.argsort([position[unit] for unit in ranking["unit"].to_pylist()])
    totals = np.array([int(total * 100) for total in ranking["total"].to_pylist()])
    return Exact(totals[order], ranking["place"].to_numpy()[order])


def one_size(rows: int, units: int, threads: int, rounds: int, one_year: bool) -> Times:
    """Every program `rounds` times over a ledger of so many rows."""
    from benchmarks import frames, peers_pandas, peers_polars

    units = min(units, max(1, rows // 6))  # every unit has rows in each year
    synthetic = make(rows, units, threads, one_year=one_year)
    rubric = synthetic.rubric()
    found = exact(engine(synthetic.store, rubric), synthetic)
    exported = frames.export(synthetic)
    peers: dict[str, tuple[Callable[..., peers_pandas.Result], object, bool]] = {}
    for is_exact, kind in ((False, "float64"), (True, "int64")):
        prepared = peers_pandas.prepare(exported, is_exact)
        peers[f"pandas {kind}"] = (peers_pandas.run, prepared, is_exact)
        peers[f"bincount {kind}"] = (peers_pandas.by_bincount, prepared, is_exact)
        peers[f"polars {kind}"] = (peers_polars.run, peers_polars.prepare(exported, is_exact), is_exact)
    as_filed = frames.export(synthetic, order="row_id")
    for is_exact, kind in ((False, "float64"), (True, "int64")):
        prepared = peers_pandas.prepare(as_filed, is_exact)
        peers[f"pandas {kind} as filed"] = (peers_pandas.run, prepared, is_exact)
    times = Times()
    counted = synthetic.store.fetch(f"SELECT count(*) AS n FROM case_ledger WHERE year(filed_on) = {PERIOD}")
    print(f"\n台账 {rows:,} 行（考核年度内 {counted['n'][0].as_py():,} 行）× {units:,} 个单位 × {len(CLAUSES)} 项指标")
    _compare(found, {name: peer[0](peer[1]) for name, peer in peers.items()}, {n: p[2] for n, p in peers.items()})
    period = rubric.period(PERIOD)
    with keep(synthetic.store, rubric, period, period.cut_off) as kept:
        kept.ranking(rubric)
        for number in range(1, rounds + 1):
            times.timed("engine total", lambda: engine(synthetic.store, rubric, times))
            one, many = drafts(synthetic, number)
            times.timed("rescore one", lambda one=one: kept.ranking(one))  # type: ignore[misc]
            times.timed("rescore many", lambda many=many: kept.ranking(many))  # type: ignore[misc]
            times.timed("compile", lambda: plan_of(synthetic.rubric()))
            times.timed("scan", lambda: synthetic.store.fetch(SCAN))
            for name, (program, prepared, _) in peers.items():
                times.timed(name, lambda program=program, prepared=prepared: program(prepared))  # type: ignore[misc]
    synthetic.store.close()
    return times


def drafts(synthetic: Synthetic, number: int) -> tuple[Rubric, Rubric]:
    """Two drafts nobody has seen before: another weight for one indicator, and for every third."""
    one = synthetic.rubric({CLAUSES[number % 12][1].code: 250 + number})
    return one, synthetic.rubric({clause.code: clause.full + 50 + number for _, clause in CLAUSES[::3]})


def _compare(found: Exact, results: dict[str, object], exactness: dict[str, bool]) -> None:
    """The same totals everywhere, or no timing at all."""
    for name, result in results.items():
        totals, places = result.totals, result.places  # type: ignore[attr-defined]
        if exactness[name]:
            if not (np.array_equal(totals, found.totals) and np.array_equal(places, found.places)):
                raise SystemExit(f"{name} 与引擎的总分或名次不一致")
            continue
        worst = float(np.abs(totals - found.totals / 100).max())
        if worst > 1e-6:
            raise SystemExit(f"{name} 的总分与引擎相差 {worst}")
        wrong = int((places != found.places).sum())
        print(f"  {name}：总分最大相差 {worst:.1e}；按浮点总分排名，{wrong:,} 个单位的名次错")


TITLES = {
    "engine": "引擎，精确（数据项＋计分＋名次）",
    "measures": "  其中数据项",
    "scores": "  其中计分和名次",
    "rescore one": "由数据项重新计分：改一项的分值",
    "rescore many": f"由数据项重新计分：改 {len(CLAUSES[::3])} 项的分值",
    "compile": "  另：读办法、查错、编译成 SQL（文本）",
    "scan": "DuckDB 只扫描求和（下限）",
    "pandas float64": "pandas groupby，float64",
    "pandas int64": "pandas groupby，int64 精确",
    "pandas float64 as filed": "pandas groupby，float64，行按报送次序",
    "pandas int64 as filed": "pandas groupby，int64 精确，行按报送次序",
    "bincount float64": "numpy bincount，float64",
    "bincount int64": "numpy bincount，int64 精确",
    "polars float64": "polars，float64",
    "polars int64": "polars，int64 精确",
}


def show(times: Times) -> None:
    """Seconds, ratio to the scan, how many times faster the engine is, extra memory."""
    scan, whole = times.median("scan"), times.median("engine")
    lines = [["", "秒（中位）", "最快", "处理器秒", "是扫描的几倍", "引擎快几倍", "另用内存"]]
    for name, title in TITLES.items():
        seconds = times.median(name)
        peer = name.split()[0] in ("pandas", "bincount", "polars")
        memory = times.memory.get("engine total" if name == "engine" else name)
        lines.append([
            title, f"{seconds:.3f}", *times.others(name), f"{seconds / scan:.1f}",
            f"{seconds / whole:.2f}" if peer else "", shown(memory),
        ])  # fmt: skip
    print_table(lines)


def show_goals(by_size: dict[int, Times]) -> None:
    """What is aimed at on two quiet cores, and what came out."""
    rows, times = max(by_size.items())
    whole = times.median("engine")
    pandas = min(times.median("pandas float64"), times.median("pandas int64"))
    filed = min(times.median("pandas float64 as filed"), times.median("pandas int64 as filed"))
    told = [
        (f"{rows:,} 行不超过 {GOALS['engine']} 秒", f"{whole:.2f} 秒", whole <= GOALS["engine"]),
        (
            f"至少比 pandas 快 {GOALS['pandas']:g} 倍（同一张表）",
            f"{pandas / whole:.1f} 倍",
            pandas >= GOALS["pandas"] * whole,
        ),
        (
            f"至少比 pandas 快 {GOALS['pandas']:g} 倍（pandas 的行按报送次序）",
            f"{filed / whole:.1f} 倍",
            filed >= GOALS["pandas"] * whole,
        ),
        (
            f"改一项分值，重新计分不超过 {GOALS['rescore']} 秒",
            f"{times.median('rescore one'):.3f} 秒",
            times.median("rescore one") <= GOALS["rescore"],
        ),
    ]
    if 1_000_000 in by_size and rows > 1_000_000:
        growth = whole / by_size[1_000_000].median("engine")
        factor = rows // 1_000_000
        told.append((f"100 万行以上线性（行数 ×{factor}）", f"用时 ×{growth:.1f}", growth <= factor))
    print("\n目标（两核，安静时）")
    print_table([[goal, found, "达到" if good else "未达到"] for goal, found, good in told])


def demo(rounds: int, folder: Path) -> None:
    """The demo city as it is in the repository."""
    project = open_project(folder)
    if project.rubric is None:
        print(f"\n{folder} 不能计分，略过")
        return
    period = project.rubric.period(project.periods[0])
    plan = make_plan(project.rubric, period, period.cut_off)
    times = Times()
    for _ in range(rounds):
        engine(project.store, project.rubric, times, period)
        with project.store.cursor() as cursor:
            register_previous(cursor, None)
            times.timed("all", lambda cursor=cursor: run(cursor, plan.queries))  # type: ignore[misc]
        times.timed("compile", lambda: make_plan(project.rubric, period, period.cut_off))  # type: ignore[arg-type]
    rows = sum(len(sheet) for sheet in project.sheets.values())
    print(f"\n示例城市 {period.label}：{len(project.rubric.indicators)} 项指标，{rows:,} 行")
    titles = {"engine": "数据项＋计分＋名次", "measures": "  其中数据项", "scores": "  其中计分和名次",
              "all": "官方计分：连同说明用的全部表", "compile": "办法编译成 SQL（文本）"}  # fmt: skip
    lines = [[title, f"{times.median(name):.3f}", *times.others(name)] for name, title in titles.items()]
    print_table([["", "秒（中位）", "最快", "处理器秒"], *lines])


def _machine(threads: int) -> None:
    import polars as pl

    versions = f"duckdb {duckdb.__version__}，pandas {pd.__version__}，polars {pl.__version__}，numpy {np.__version__}"
    load = f"，负载 {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"{os.cpu_count()} 核，用 {threads} 个线程{load}；Python {platform.python_version()}，{versions}，pyarrow {pa.__version__}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_scale", description="引擎规模试验")
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES), help="台账行数")
    parser.add_argument("--units", type=int, default=3000, help="被考核单位数")
    parser.add_argument("--threads", type=int, default=2, help="DuckDB 和 polars 的线程数")
    parser.add_argument("--rounds", type=int, default=7, help="每种程序跑几遍")
    parser.add_argument("--one-year", action="store_true", help="全部台账行都在考核年度内（默认分布在三年）")
    parser.add_argument("--project", type=Path, default=Path("."), help="另计时的项目文件夹")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("POLARS_MAX_THREADS", str(chosen.threads))  # read when polars is first imported
    _machine(chosen.threads)
    demo(chosen.rounds, chosen.project)
    by_size = {}
    for rows in chosen.rows:
        by_size[rows] = one_size(rows, chosen.units, chosen.threads, chosen.rounds, chosen.one_year)
        show(by_size[rows])
    show_goals(by_size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
