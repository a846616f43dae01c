"""Times the demo city against an earlier commit, both in one run: opening, compiling, scoring.

`python -m benchmarks.previous c5fd97f`. Each round starts both programs once, in turn, each on its own demo city;
minima are compared, since a busy machine only ever adds. It is a measurement, not a test.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.report import print_table

ROOT = Path(__file__).resolve().parent.parent
# Runs in either commit, so it uses nothing that only one of them has.
PROGRAM = """
import dataclasses, json, sys, time
from pathlib import Path
from scoring.engine.plan import make_plan
from scoring.engine.run import register_previous, run
from scoring.project import open_project

def best(work, rounds=7):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)

root = Path(sys.argv[1])
start = time.perf_counter()
project = open_project(root)
opened = time.perf_counter() - start
rubric = project.rubric
period = rubric.period("2024")
plan = make_plan(rubric, period, period.cut_off)

def scored():
    with project.store.cursor() as cursor:
        register_previous(cursor, None)
        run(cursor, [*plan.measures, *getattr(plan, "states", ()), *plan.scores])

print(json.dumps({
    "opened": opened,
    "compiled": best(lambda: make_plan(dataclasses.replace(rubric, worked_out={}), period, period.cut_off)),
    "scored": best(scored),
    "official": best(lambda: project.assess("2024", period.cut_off, with_previous=False)),
}))
"""
TOLD = {
    "opened": "打开项目（读办法和数据，检查，复算样例）",
    "compiled": "编译",
    "scored": "数据项、计分、名次（不含编译）",
    "official": "正式计分，连同编译和说明用的表",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit", help="the earlier state")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder) / "before"
        subprocess.run(["git", "worktree", "add", "--detach", before, arguments.commit], cwd=ROOT, check=True, capture_output=True)
        try:
            rounds = [(_times(before), _times(ROOT)) for _ in range(arguments.rounds)]
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", before], cwd=ROOT, check=True)
    rows = [["演示城市，秒，取最小", arguments.commit, "现在", "比"]]
    for name, title in TOLD.items():
        old, new = (min(pair[side][name] for pair in rounds) for side in (0, 1))
        rows.append([title, f"{old:.3f}", f"{new:.3f}", f"{new / old:.2f}"])
    print_table(rows)


def _times(root: Path) -> dict[str, float]:
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(root)], cwd=root, env=environment, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
