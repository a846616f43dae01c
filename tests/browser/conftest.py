"""A real server on a free loopback port and a real Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import in_ci
from tests.town import copied

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PROGRAMS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
STARTS_WITHIN = 180  # seconds
SEEN_WITHIN = 30_000  # milliseconds: a busy machine is slow, not wrong
# Nothing is being computed, and nothing of the document has changed for as long as it takes a click to be answered.
STILL = """([quiet, within]) => new Promise((done, given_up) => {
  const begun = performance.now();
  let last = begun;
  const note = () => { last = performance.now(); };
  const seen = new MutationObserver(note);
  seen.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
  const look = () => {
    const app = document.querySelector("[data-testid=stApp]"), now = performance.now();
    const moving = document.getAnimations().some((one) => one.playState === "running" && one.effect.getComputedTiming().endTime < 5000);
    const busy = app && (app.dataset.testScriptState !== "notRunning" || app.querySelector("[data-testid=stSkeleton], [data-testid=stSpinner]"));
    if (busy || moving) note();
    const over = now - last >= quiet;
    if (over || now - begun > within) {
      seen.disconnect();
      over ? done() : given_up(new Error(busy ? "still being computed" : "never stands still"));
    } else setTimeout(look, 20);
  };
  look();
})"""
QUIET = 250  # milliseconds

expect.set_options(timeout=SEEN_WITHIN)


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    log: Path

    def get(self, path: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
        """Status, headers (lower case) and body; an error status is an answer, not an exception."""
        request = urllib.request.Request(self.url + path, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return (
                    answer.status,
                    {k.lower(): v for k, v in answer.headers.items()},
                    answer.read().decode(),
                )
        except urllib.error.HTTPError as error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read().decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    entry: Path, log: Path, *options: str, project: Path | None = None, database: Path | None = None
) -> Iterator[Server]:
    """`streamlit run entry`, ended with the block."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(entry), "--server.port", str(port), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SCORING_DATABASE": str(database) if database else "无"}
    if project is not None:
        environment["SCORING_PROJECT"] = str(project)
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    server = Server(f"http://127.0.0.1:{port}", log)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if server.get("/_stcore/health")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"server did not start:\n{server.log.read_text()}")


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """`start_server(entry="app.py", *options, project=None, database=None)`: a server of this test's own."""
    with ExitStack() as stack:

        def start(
            entry: str = "app.py", *options: str, project: Path | None = None, database: Path | None = None
        ) -> Server:
            log = tmp_path / f"{Path(entry).stem}.log"
            return stack.enter_context(running(ROOT / entry, log, *options, project=project, database=database))

        yield start


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server on the demo city, for all tests that need not be the first visitor."""
    with running(ROOT / "app.py", tmp_path_factory.mktemp("server") / "app.log") as one:
        yield one


@pytest.fixture(scope="session")
def office_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server on the demo city with records: forms, uploads and lists are there, too. Nothing is to be decided on it."""
    folder = tmp_path_factory.mktemp("office")
    with running(ROOT / "app.py", folder / "app.log", database=copied(folder)) as one:
        yield one


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium from CHROMIUM or the path. Missing: skipped with the reason, in CI a failure."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None or not Path(program).exists():
        reason = "没有找到 Chromium：请安装（Debian：apt-get install chromium fonts-noto-cjk），或用环境变量 CHROMIUM 指明程序"
        if in_ci():
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@contextmanager
def visit(chromium: Browser) -> Iterator[BrowserContext]:
    """A visitor of its own: no cookies, no cache of another."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(SEEN_WITHIN)
    yield context
    context.close()


@pytest.fixture(scope="session")
def visitor(chromium: Browser) -> Iterator[BrowserContext]:
    """One visitor for most tests, whose browser has what the pages need after the first; first visits are tested apart."""
    with visit(chromium) as context:
        yield context


@pytest.fixture
def page(visitor: BrowserContext) -> Iterator[Page]:
    """A new tab."""
    tab = visitor.new_page()
    yield tab
    tab.close()


@pytest.fixture
def first_page(chromium: Browser) -> Iterator[Page]:
    """A fresh visit."""
    with visit(chromium) as context:
        yield context.new_page()


def still(page: Page) -> None:
    """Waits until the page has answered and stands still: fonts, tooltips, menus and figures have come."""
    page.evaluate(STILL, [QUIET, SEEN_WITHIN])


@contextmanager
def quiet(page: Page, server: Server) -> Iterator[list[str]]:
    """Within it the page asks its own server and nobody else, and its console has no error. Gives what was asked for."""
    asked: list[str] = []
    errors: list[str] = []
    heard: dict[str, Callable[[Any], None]] = {
        "request": lambda request: asked.append(request.url),
        "websocket": lambda socket: asked.append(socket.url),
        "pageerror": lambda error: errors.append(str(error)),
        "console": lambda line: errors.append(line.text) if line.type == "error" else None,
    }
    for event, note in heard.items():
        page.on(event, note)
    yield asked
    for event, note in heard.items():
        page.remove_listener(event, note)
    own = urlsplit(server.url).netloc
    assert any(url.startswith("ws://") for url in asked), "the page never connected"
    foreign = [url for url in asked if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != own]
    assert (foreign, errors) == ([], [])
