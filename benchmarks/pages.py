"""Times what a visitor waits for in a real Chromium: page change, group, filter, drill-down, first visit.

Run it on a quiet machine: `python -m benchmarks.pages --large`. One run has everything: an empty Streamlit app (a slider;
twenty pages of which one has a table) for what Streamlit itself costs, the demo city, and with --large a project of 3,000
units × 60 indicators. "Server" is from the browser's message to the script's end; "painted" from the press of button or key
to two frames after the last change in the main block that 300 ms of silence follow. It is a measurement, not a test.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.report import print_table
from benchmarks.serving import serving
from benchmarks.written_project import write

ROOT = Path(__file__).resolve().parents[1]
TABLES = ("短板", "办法", "工作台", "数据质量")
FIGURES = ("排名", "单位", "名次有多稳", "汇报", "差距与路径")
ROUND = ("短板", "单位", "办法", "名次有多稳", "工作台", "汇报", "数据质量", "差距与路径", "排名")
AIMS = {"换页：表格页": (130, 250), "换页：带图的页": (200, 350)}  # milliseconds painted: median, 95 %
WARM_UP = 2  # rounds
PATIENCE = 60_000  # milliseconds
HEADER, ROW = 36, 35  # pixels of the ranking table
HEAD = ["毫秒", "次数", "服务器中位", "95%", "画出中位", "95%", "最长", "目标"]

WATCH = """(() => {
  const t = window.timing = { begun: 0, sent: 0, asked: 0, finished: 0, changed: 0, painted: 0, first: 0 };
  const now = () => performance.now();
  const has = (bytes, wanted) => {  // a field of a protobuf message, by its number
    let at = 0;
    const number = () => {
      let value = 0, by = 1, byte;
      do { byte = bytes[at++]; value += (byte & 127) * by; by *= 128; } while (byte & 128);
      return value;
    };
    while (at < bytes.length) {
      const tag = number();
      if (Math.floor(tag / 8) === wanted) return true;
      const kind = tag % 8;
      if (kind === 0) number();
      else if (kind === 2) { const size = number(); at += size; }
      else at += kind === 1 ? 8 : 4;
    }
    return false;
  };
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", one => { if (has(new Uint8Array(one.data), FINISHED)) t.finished = now(); });
    }
    send(data) {
      const bytes = new Uint8Array(data.buffer || data, data.byteOffset || 0, data.byteLength);
      if (has(bytes, RERUN)) { t.asked = now(); t.sent ||= t.asked; }
      super.send(data);
    }
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, one => { t.begun ||= one.timeStamp; }, true);
  const frames = work => requestAnimationFrame(() => requestAnimationFrame(work));
  const mark = () => { const at = t.changed = now(); frames(() => { if (t.changed === at) t.painted = now(); }); };
  new MutationObserver(found => {
    const main = document.querySelector("[data-testid=stMain]");
    const shows = one => {  // not what lies inside a canvas, the grid's table for screen readers, a quarter of a second later
      const at = one.target.nodeType === 1 ? one.target : one.target.parentElement;
      return main.contains(at) && !(at.tagName === "CANVAS" ? one.type === "childList" : at.closest("canvas"));
    };
    if (main && found.some(shows)) mark();
    if (!t.first && main && main.querySelector("[data-testid=stDataFrame] canvas")) {
      t.first = -1;
      frames(() => { t.first = now(); });
    }
  }).observe(document, { childList: true, characterData: true, attributes: true, subtree: true });
  document.addEventListener("load", one => { if (one.target.closest?.("[data-testid=stMain]")) mark(); }, true);
  t.arm = () => { t.begun = t.sent = t.asked = t.finished = t.changed = t.painted = 0; };
  t.settled = patience => new Promise(done => {
    const from = now();
    const look = () => {
      const answered = t.sent && t.finished > t.asked && t.painted && t.painted > t.changed;
      if (answered && now() - Math.max(t.changed, t.finished) > 300)
        return done({ server: t.finished - t.sent, painted: t.painted - t.begun, first: t.first });
      if (now() - from > patience) return done(null);
      setTimeout(look, 20);
    };
    look();
  });
})()"""
for _name, _number in (("FINISHED", ForwardMsg.SCRIPT_FINISHED_FIELD_NUMBER), ("RERUN", BackMsg.RERUN_SCRIPT_FIELD_NUMBER)):
    WATCH = WATCH.replace(_name, str(_number))


@dataclass(frozen=True)
class Took:
    """Milliseconds."""

    server: float
    painted: float
    first: float  # since the address was asked for, until the first table was painted


@contextmanager
def visiting(browser: Browser, address: str) -> Iterator[tuple[Page, Took]]:
    """A visitor with an empty browser, once the page stands; and how long that took since the address was asked for."""
    with browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.add_init_script(WATCH)
        page.goto(address, wait_until="commit")
        yield page, settled(page)


def settled(page: Page) -> Took:
    found = page.evaluate("patience => timing.settled(patience)", PATIENCE)
    assert found is not None, f"{page.url}: no end of the changes"
    return Took(**found)


def timed(page: Page, act: Callable[[], object]) -> Took:
    page.evaluate("timing.arm()")
    act()
    return settled(page)


Times = dict[str, list[Took]]


def turn(page: Page, title: str) -> Took:
    """To another page by the sidebar."""
    return timed(page, page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click)


def page_changes(page: Page, rounds: int, times: Times) -> None:
    for number in range(rounds + WARM_UP):
        for title in ROUND:
            took = turn(page, title)
            if number >= WARM_UP:
                times["换页：表格页" if title in TABLES else "换页：带图的页"].append(took)
                times[f"　到“{title}”"].append(took)


def group_changes(page: Page, rounds: int, times: Times) -> None:
    """On 排名, where the round of pages ends: a link to the page that is open changes nothing and would be waited for."""
    buttons = page.get_by_test_id("stButtonGroup").first.get_by_role("radio")
    for number in range(rounds + WARM_UP):
        took = timed(page, buttons.nth((number + 1) % 2).click)
        times["换分组（排名）"] += [took] if number >= WARM_UP else []


def filters(page: Page, rounds: int, times: Times) -> None:
    turn(page, "短板")
    for number in range(rounds + WARM_UP):
        page.get_by_role("combobox", name="一级指标").click()
        options = page.get_by_role("option")
        options.first.wait_for()
        took = timed(page, options.nth(number % min(4, options.count())).click)
        times["筛选（短板，一个一级指标）"] += [took] if number >= WARM_UP else []


def drill_downs(page: Page, rounds: int, times: Times) -> None:
    for number in range(rounds + WARM_UP):
        turn(page, "排名")
        at: Any = {"x": 150, "y": HEADER + ROW * (number % 5 + 0.5)}
        took = timed(page, partial(page.get_by_test_id("stDataFrame").first.click, position=at))
        assert page.locator("h1").inner_text() == "单位"
        times["下钻：排名的一行 → 单位"] += [took] if number >= WARM_UP else []
    for number in range(rounds + WARM_UP):
        turn(page, "汇报")
        cells = page.locator(".b-board td a")
        took = timed(page, cells.nth(number % cells.count()).click)
        assert page.locator("h1").inner_text() == "单位"
        times["下钻：汇报的一格 → 单位"] += [took] if number >= WARM_UP else []


def product(browser: Browser, url: str, rounds: int, page_rounds: int) -> Times:
    times: Times = defaultdict(list, {head: [] for head in AIMS})
    with visiting(browser, url) as (page, _):
        several = page.get_by_test_id("stButtonGroup").first.get_by_role("radio").first.inner_text() == "县区"
        page_changes(page, page_rounds, times)
        if several:
            group_changes(page, rounds, times)
        filters(page, rounds, times)
        drill_downs(page, rounds, times)
    return times


def empty(browser: Browser, url: str, rounds: int) -> Times:
    times: Times = defaultdict(list)
    with visiting(browser, url) as (page, _):
        page.get_by_role("slider").first.focus()
        for number in range(rounds + 5):
            took = timed(page, partial(page.keyboard.press, "ArrowLeft" if number % 2 else "ArrowRight"))
            times["拨滑块"] += [took] if number >= 5 else []
        for number in range(rounds + 5):
            for name in ("表页", "第 1 页"):
                took = turn(page, name)
                times["换页：到只有一张表的页" if name == "表页" else "换页：到只有标题的页"] += [took] if number >= 5 else []
    return times


def first_visits(browser: Browser, starts: int) -> list[list[str]]:
    """A new server and an empty browser each time; then the same browser once more."""
    ready, first, whole, again = [], [], [], []
    for _ in range(starts):
        begun = perf_counter()
        with serving("app.py") as url:
            ready.append((perf_counter() - begun) * 1000)
            with visiting(browser, url) as (page, took):
                first.append(took.first)
                whole.append(took.painted)
                page.reload(wait_until="commit")
                again.append(settled(page).first)
    told = {"服务器启动到应答": ready, "首次打开：地址到排名表画出": first, "　同上，到整页不再变": whole, "再次打开：地址到排名表画出": again}
    return [[f"演示城市　{title}", str(starts), "", "", *spread(times), ""] for title, times in told.items()]


def spread(times: list[float]) -> list[str]:
    """Median, 95 % and most."""
    return [f"{one:.0f}" for one in (median(times), quantiles(times, n=20, method="inclusive")[-1], max(times))]


def lines(name: str, times: Times, aims: bool) -> list[list[str]]:
    found = []
    for title, taken in times.items():
        aim = AIMS.get(title) if aims else None
        server = spread([one.server for one in taken])[:2]
        painted = spread([one.painted for one in taken])
        found.append([f"{name}　{title}", str(len(taken)), *server, *painted, f"{aim[0]}/{aim[1]}" if aim else ""])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="各页有多快")
    parser.add_argument("--rounds", type=int, default=30, help="每种动作几次，默认 30")
    parser.add_argument("--starts", type=int, default=5, help="新启动几次服务器，默认 5，至少 2，0 不测")
    parser.add_argument("--large", action="store_true", help="另测 3,000 个单位 × 60 项指标")
    parser.add_argument("--no-demo", action="store_true", help="不测演示城市")
    options = parser.parse_args()
    rounds = options.rounds
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    load = os.getloadavg()[0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        with serving("benchmarks/empty_app.py") as url:
            print_table([HEAD, *lines("空的 Streamlit", empty(browser, url, rounds), False)])
        if not options.no_demo:
            with serving("app.py") as url:
                print_table([HEAD, *lines("演示城市", product(browser, url, rounds, rounds), True)])
            if options.starts:
                print_table([HEAD, *first_visits(browser, options.starts)])
        if options.large:
            with tempfile.TemporaryDirectory() as folder:
                write(Path(folder))
                with serving("app.py", Path(folder)) as url:
                    print_table([HEAD, *lines("3,000 × 60", product(browser, url, rounds, max(2, -(-rounds // 4))), False)])
        browser.close()
    print(f"开始时机器的负载 {load:.1f}，结束时 {os.getloadavg()[0]:.1f}（{os.cpu_count()} 个处理器）。")


if __name__ == "__main__":
    main()
