"""Times the slider of the weight lab: engine, page, and what a visitor waits for, in a real Chromium. Demo city and 3,000 × 60.

Run it on a quiet machine: `python -m benchmarks.slider`. One run has everything: a weight nobody has tried before is set
again and again; the engine gives the exact ranking, its peers do what they can with the same change (a full official run;
pandas multiplying fractions and ranking, which knows no rule). The page part starts the server on the demo city, moves the
slider by the keyboard and takes the time from the browser's message to the last of the answer, and from the key to two frames
after the new picture; then the same for a project of 3,000 units, whose picture has the 40 lines that moved the farthest. It is a measurement, not a test.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import pandas as pd

from benchmarks.clauses import CLAUSES
from benchmarks.report import memory_peak, memory_start, print_table, shown
from benchmarks.serving import serving
from benchmarks.synthetic import PERIOD, make
from benchmarks.written_project import write
from scoring.engine import Assessment, assess
from scoring.engine.rescoring import keep
from scoring.insight.whatif import Lab
from scoring.project import open_project
from scoring.rubric import Rubric
from scoring.rubric.knobs import by_path
from scoring.rubric.scaling import How, scaling
from scoring.rubric.trial import tried
from scoring.store import Store

ROOT = Path(__file__).resolve().parents[1]
PATH = "sections.enforcement.indicators.case_volume.full_marks.county"
GOALS = {"demo page": 30, "large": 150, "painted": 160, "painted p95": 300}  # milliseconds


def spread(times: list[float]) -> tuple[str, str, str]:
    """Median, 95 % and most, in milliseconds."""
    cuts = quantiles(times, n=20)
    return tuple(f"{one * 1000:.1f}" for one in (median(times), cuts[-1], max(times)))  # type: ignore[return-value]


def timed(work: Callable[[int], object], rounds: int) -> list[float]:
    times = []
    for number in range(rounds + 3):
        start = perf_counter()
        work(number)
        times.append(perf_counter() - start)
    return times[3:]


# --- the engine -----------------------------------------------------------------------------------------


def fractions(result: Assessment) -> pd.DataFrame:
    """Earned ÷ full marks, unit by item: what a spreadsheet would multiply with weights."""
    rows = [
        (row["unit"], row["indicator"], float(row["points"] or 0) / float(row["full_marks"]))
        for row in result.rows("indicator_score")
        if row["full_marks"]
    ]
    return pd.DataFrame(rows, columns=["unit", "item", "share"]).pivot_table(index="unit", columns="item", values="share", fill_value=0)


def engine(name: str, store: Store, rubric: Rubric, day: date, draft: Callable[[int], Rubric], rounds: int, heavy: int) -> list[list[str]]:
    """Rows of the table for one size; `heavy`: rounds of what takes long."""
    period = rubric.period(PERIOD)
    start = memory_start()
    with keep(store, rubric, period, day) as kept:
        kept.ranking(rubric)
        found = [("改一个分值：办法重新读入、检查", timed(draft, rounds))]
        drafts = [draft(1000 + number) for number in range(rounds + 3)]
        found.append(("改一个分值：精确总分和名次", timed(lambda number: kept.ranking(drafts[number]), rounds)))
        found.append(("同上，连同每项得分、等次、结果运用", timed(lambda number: kept.scored(drafts[number]), heavy)))
    peak = memory_peak() - start
    found.append(("对照：正式计分从头算一遍", timed(lambda number: assess(store, drafts[number], period, day).rows("ranking"), heavy)))
    shares = fractions(assess(store, rubric, period, day))
    weights = pd.Series(1.0, index=shares.columns)

    def by_pandas(number: int) -> object:
        weights.iloc[0] = 1 + number / 100
        return shares.mul(weights, axis=1).sum(axis=1).round(2).rank(ascending=False, method="min")

    found.append(("对照：pandas 得分率×分值再排名（不懂规则）", timed(by_pandas, rounds)))
    return [[f"{name}　{title}", *spread(times), shown(peak) if "精确" in title else ""] for title, times in found]


def demo_rows(rounds: int) -> list[list[str]]:
    project = open_project(ROOT, database=None)
    rubric = project.edition(PERIOD)
    loc = by_path(rubric)[PATH].loc

    def draft(number: int) -> Rubric:
        wanted = Decimal(4) + Decimal(number % 1200) / 100
        found, issues = tried(rubric, scaling(rubric, {loc: wanted}, How()).changes)
        assert found is not None, issues
        return found

    rows = engine("演示城市", project.store, rubric, rubric.period(PERIOD).cut_off, draft, rounds, rounds)
    with Lab(project.store, rubric, rubric.period(PERIOD), rubric.period(PERIOD).cut_off) as lab:
        rows.append(["演示城市　草案与现行对照（谁动、因为哪条）", *spread(timed(lambda number: lab.tried(draft(number)).effects, rounds)), ""])
    return rows


def large_rows(rounds: int) -> list[list[str]]:
    synthetic = make(100_000, 3000)
    base = synthetic.rubric()
    code = CLAUSES[0][1].code
    return engine(
        "3,000 × 60", synthetic.store, base, base.period(PERIOD).cut_off, lambda number: synthetic.rubric({code: 250 + number}),
        rounds, max(3, rounds // 5),
    )  # fmt: skip


# --- the page -------------------------------------------------------------------------------------------


PRESS = """() => new Promise(done => {
  const slider = document.querySelector('[data-testid=stSlider] [role=slider], [data-testid=stSlider] input[type=range]');
  const picture = () => document.querySelector('.drawn svg');
  const old = picture().outerHTML, start = performance.now();
  const look = () => {
    const now = picture();
    if (now && now.outerHTML !== old)
      return requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
    if (performance.now() - start > 5000) return done(-1);
    requestAnimationFrame(look);
  };
  slider.focus();
  look();
})"""


def page_rows(name: str, project: Path, rounds: int) -> list[list[str]]:
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    answered: list[float] = []
    painted: list[float] = []
    with serving("app.py", project) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        frames: list[tuple[str, float]] = []

        def listen(socket: object) -> None:
            socket.on("framesent", lambda _: frames.append(("sent", perf_counter())))  # type: ignore[attr-defined]
            socket.on("framereceived", lambda _: frames.append(("received", perf_counter())))  # type: ignore[attr-defined]

        page.on("websocket", listen)
        page.goto(f"{url}/lab?period={PERIOD}")
        page.wait_for_selector(".drawn svg", timeout=300_000)
        page.wait_for_timeout(3000)
        page.get_by_role("slider").first.focus()
        for number in range(rounds + 5):
            frames.clear()
            waiting = page.evaluate_handle(f"() => ({{ promise: ({PRESS})() }})")
            page.keyboard.press("ArrowRight" if number % 8 < 4 else "ArrowLeft")
            took = page.evaluate("async (one) => await one.promise", waiting)
            page.wait_for_timeout(350)
            first = next((at for kind, at in frames if kind == "sent"), None)
            last = max((at for kind, at in frames if kind == "received"), default=None)
            if number >= 5 and took > 0 and first is not None and last is not None:
                painted.append(took / 1000)
                answered.append(last - first)
        browser.close()
    assert len(painted) > rounds // 2, "the picture did not follow the slider"
    return [
        [f"{name}　浏览器发出到服务器答完（整页）", *spread(answered), ""],
        [f"{name}　按下滑块到新图画出", *spread(painted), ""],
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="权重实验室的滑块有多快")
    parser.add_argument("--rounds", type=int, default=60, help="每项测几次，默认 60")
    parser.add_argument("--no-page", action="store_true", help="不测浏览器")
    options = parser.parse_args()
    head = ["毫秒", "中位数", "95%", "最长", "内存增加"]
    rows = [*demo_rows(options.rounds), *large_rows(options.rounds)]
    if not options.no_page:
        rows += page_rows("演示城市", ROOT, options.rounds)
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), 100_000, 3000)
            rows += page_rows("3,000 × 60", Path(folder), options.rounds)
    print_table([head, *rows])
    print(f"目标：演示城市重排连同页面 {GOALS['demo page']}，3,000 个单位 {GOALS['large']}，画出中位数 {GOALS['painted']}、95% {GOALS['painted p95']}。")


if __name__ == "__main__":
    main()
