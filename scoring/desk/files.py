"""Files as they came, kept once by their content. Knows bytes and names; opens none of them."""

from __future__ import annotations

from datetime import datetime

from scoring.desk.desk import Refused
from scoring.store.records import Records, Writer


def safe_name(name: str) -> str:
    """A file name as it may be shown and printed: the last part, without control characters, not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char.isprintable()).strip(" .")
    return kept[-120:] or "未命名"


def keep_attachment(writer: Writer, sha256: str, data: bytes, now: datetime) -> None:
    """Each file once."""
    if not writer.fetch("SELECT 1 FROM attachment WHERE sha256 = ?", [sha256]):
        writer.append("attachment", {"sha256": sha256, "size": len(data), "content": data, "first_at": now})


def attachment(records: Records, sha256: str) -> bytes:
    """The file as it came."""
    found = records.fetch("SELECT content FROM attachment WHERE sha256 = ?", [sha256])
    if not found:
        raise Refused("没有找到这个文件", "请刷新页面后重试")
    return bytes(found[0]["content"])
