"""Who holds the records: a small file beside them, so that a second program can be told. Knows no table."""

from __future__ import annotations

import json
import os
import re
import socket
from datetime import datetime
from pathlib import Path

_PID = re.compile(r"PID (\d+)")


def note_path(path: Path) -> Path:
    return path.with_name(path.name + ".holder")


def write_note(path: Path, program: str, now: datetime) -> None:
    """Best effort: who holds the file is decided by the lock, not by this note."""
    told = {"program": program, "pid": os.getpid(), "host": socket.gethostname(), "since": f"{now:%Y-%m-%d %H:%M}"}
    try:
        note_path(path).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    except OSError:
        return


def remove_note(path: Path) -> None:
    """Only one's own."""
    if _read(path).get("pid") == os.getpid():
        note_path(path).unlink(missing_ok=True)


def told(path: Path, message: str) -> str:
    """“看板”（进程 812，2026-11-21 19:30 起）: from the note, where it is of the process that the lock names."""
    found, pid = _read(path), _PID.search(message)
    if not found or (pid and str(found.get("pid")) != pid[1]):
        return f"进程 {pid[1]}" if pid else "另一个程序"
    where = f"，主机 {found['host']}" if found.get("host") != socket.gethostname() else ""
    return f"“{found.get('program')}”（进程 {found.get('pid')}{where}，{found.get('since')} 起）"


def _read(path: Path) -> dict[str, object]:
    try:
        found = json.loads(note_path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
