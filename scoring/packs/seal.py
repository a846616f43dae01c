"""Files into one .zip whose last 64 characters are the digest of everything before them. Knows bytes, not scores."""

from __future__ import annotations

import hashlib
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

LARGEST = 2 * 1024**3  # bytes of all members together
_DIGITS = 64
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError, OSError,
    ValueError,
)  # fmt: skip
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files give the same bytes


@dataclass(frozen=True)
class Opened:
    """What was found in a pack. `broken`: members that cannot be read; `sealed`: whether no byte was changed."""

    files: dict[str, bytes]
    broken: tuple[str, ...] = ()
    sealed: bool = False
    problem: str = ""  # it is no pack at all
    digest: str = ""
    odd_names: tuple[str, ...] = field(default=())
    twice: tuple[str, ...] = ()


def sealed(files: Mapping[str, bytes]) -> bytes:
    """A .zip; its comment is the digest of all bytes before it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
        archive.comment = b"0" * _DIGITS
    whole = buffer.getvalue()[:-_DIGITS]
    return whole + digest_of(whole).encode()


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def opened(data: bytes) -> Opened:
    """Every member that can be read, by name. Nothing is written anywhere."""
    digest = digest_of(data[:-_DIGITS])
    is_sealed = len(data) > _DIGITS and digest.encode() == data[-_DIGITS:]
    files: dict[str, bytes] = {}
    broken, odd, twice = [], [], []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST:
                return Opened({}, problem="包内文件过大，不像是封存的结果包")
            for info in archive.infolist():
                if not _plain(info.filename):
                    odd.append(info.filename)
                    continue
                if info.filename in files:
                    twice.append(info.filename)
                    continue
                try:
                    files[info.filename] = archive.read(info)
                except _UNREADABLE:
                    broken.append(info.filename)
    except _UNREADABLE:
        return Opened({}, problem="这不是封存的结果包，或压缩包已损坏，打不开")
    return Opened(files, tuple(broken), is_sealed, "", digest, tuple(odd), tuple(twice))


def place_of_change(data: bytes, files: Mapping[str, bytes]) -> str:
    """Of a pack whose files are all as they were and whose seal is broken: the member around whose first byte differs
    from what `sealed` writes; empty where that cannot be told, or where no byte differs but the seal."""
    again = sealed(files)
    if len(again) != len(data):
        return ""
    at = next((at for at in range(len(data) - _DIGITS) if data[at] != again[at]), None)
    if at is None:
        return ""
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        ends = archive.start_dir
        inside = [info for info in archive.infolist() if info.header_offset <= at < ends]
        return inside[-1].filename if inside else _listed(archive, at)


def _listed(archive: zipfile.ZipFile, at: int) -> str:
    """The member whose line of the directory a byte belongs to."""
    start = archive.start_dir
    for info in archive.infolist():
        start += 46 + len(info.filename.encode()) + len(info.extra) + len(info.comment)
        if at < start:
            return info.filename
    return ""


def _plain(name: str) -> bool:
    """A name that stays inside the folder it is unpacked into."""
    parts = name.split("/")
    return bool(name) and not any(part in ("", ".", "..") or "\\" in part or ":" in part for part in parts)
