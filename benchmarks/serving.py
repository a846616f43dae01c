"""Starts a server for a benchmark, as `streamlit run` would, and ends it. Knows no page."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def serving(entry: str, project: Path | None = None) -> Iterator[str]:
    """`streamlit run entry` on a free port, ended with the block; gives its address as soon as it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    environment = os.environ | {"SCORING_DATABASE": "无", "PYTHONPATH": str(ROOT)}
    environment |= {"SCORING_PROJECT": str(project)} if project is not None else {}
    command = [sys.executable, "-m", "streamlit", "run", entry, "--server.port", url.rsplit(":", 1)[1]]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=2)
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)
