"""What a submitted file is, by its bytes, and its parts inflated within bounds. Knows file formats; reads no cell.

Nothing is handed to another reader before it was measured here: a .xlsx is packed anew from the parts that were
inflated, so that the reader behind sees exactly what was checked.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Literal

MAX_FILE = 20 * 1024 * 1024
MAX_INFLATED = 400 * 1024 * 1024
MAX_PARTS = 2_000
MAX_RATIO = 200  # of a part above _SMALL; repeated blank rows of a real sheet pack at 10 to 60
_SMALL = 8 * 1024 * 1024
_CHUNK = 1024 * 1024

Kind = Literal["xlsx", "xls", "ods", "csv"]
AS_WORKBOOK = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传"
NOT_A_WORKBOOK = "请上传 .xlsx、.xls、.ods 工作簿或 CSV 文件"
_UNSAFE_XML = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_XML = re.compile(r"\.(?:xml|rels)\Z", re.IGNORECASE)
_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|table|meta|div|style|script|!--)", re.IGNORECASE)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a file begins with → what it is
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"BZh", "压缩包"),
    (b"\xfd7zXZ", "压缩包"),
    (b"{\\rtf", "文档"),
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"SQLite format 3", "数据库文件"),
)


@dataclass(frozen=True)
class Refused:
    """Why a file as a whole cannot be read, and what to do."""

    problem: str
    fix: str


DAMAGED = Refused("文件已损坏，打不开", "请在自己的电脑上确认能打开，再重新上传；打不开的请重新填写")
ENCRYPTED = Refused("工作簿设了打开密码，读不了", "请在“文件—信息—保护工作簿”里去掉密码，另存后再上传")
BOMB = Refused("文件展开后过大，不像正常的工作簿", "请新建一个工作簿，只把要报的数据粘贴过去再上传")
UNSAFE = Refused("工作簿里有不该有的内容（外部定义），为安全起见没有打开", AS_WORKBOOK)


def kind_of(data: bytes) -> Kind | Refused:
    """By content, never by the name."""
    if not data:
        return Refused("文件是空的", "请确认文件已保存，再重新上传")
    if len(data) > MAX_FILE:
        return Refused(f"文件有 {len(data) / 2**20:.1f} MB，超过 20 MB", "请删去图片和无关的工作表，或分开上传")
    if data.startswith(OLE):
        return "xls"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(data)
    for magic, what in _MAGIC:
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:64]):
            return Refused(f"这是{what}，不是工作簿", NOT_A_WORKBOOK)
    if data.startswith((b"\x09\x08", b"\x09\x00\x04\x00")):
        return Refused("这是很早版本的 Excel 文件，读不了", AS_WORKBOOK)
    start = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(start) or (start.lstrip().startswith(b"<?xml")):
        return Refused("这是网页（或网页格式的表），不是工作簿", AS_WORKBOOK)
    return "csv"


def _kind_of_zip(data: bytes) -> Kind | Refused:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {entry.filename for entry in archive.infolist()}
            if "mimetype" in names and "content.xml" in names:
                return "ods"
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error, EOFError):
        return DAMAGED
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return Refused("这是二进制工作簿（.xlsb），读不了", AS_WORKBOOK)
    for start, what in (("word/", "Word 文档"), ("ppt/", "演示文稿")):
        if any(name.startswith(start) for name in names):
            return Refused(f"这是{what}，不是工作簿", NOT_A_WORKBOOK)
    return Refused("这是压缩包，不是工作簿", "请解压后逐个上传里面的工作簿")


def parts(data: bytes) -> dict[str, bytes] | Refused:
    """The XML parts of a zipped workbook, each inflated here. Pictures and the like are measured, not kept."""
    kept: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_INFLATED:
                return BOMB
            if len({entry.filename.lower() for entry in entries}) < len(entries):
                return DAMAGED
            for entry in entries:
                if entry.flag_bits & 1:
                    return ENCRYPTED
                found = _inflated(data, entry, MAX_INFLATED - total, bool(_XML.search(entry.filename)))
                if isinstance(found, Refused):
                    return found
                size, content = found
                total += size
                if content is not None:
                    kept[entry.filename] = content
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, struct.error, EOFError):
        return DAMAGED
    return next((UNSAFE for content in kept.values() if _unsafe(content)), kept)


def _inflated(data: bytes, entry: zipfile.ZipInfo, room: int, keep: bool) -> tuple[int, bytes | None] | Refused:
    """Size and content of one part; never trusts the size that the directory tells."""
    head = data[entry.header_offset : entry.header_offset + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        return DAMAGED
    length, more = struct.unpack("<HH", head[26:30])
    start = entry.header_offset + 30 + length + more
    name = data[entry.header_offset + 30 : entry.header_offset + 30 + length]
    if name.decode("utf-8" if entry.flag_bits & 0x800 else "cp437", "replace") != entry.orig_filename:
        return DAMAGED  # the name is under no check sum; one reader would go by this, another by that
    packed = data[start : start + entry.compress_size]
    if len(packed) < entry.compress_size:
        return DAMAGED
    if entry.compress_type == zipfile.ZIP_STORED:
        return (len(packed), packed if keep else None) if zlib.crc32(packed) == entry.CRC else DAMAGED
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return DAMAGED
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size, crc, pieces, rest = 0, 0, [], packed
    while not inflater.eof:
        piece = inflater.decompress(rest, _CHUNK)
        rest = inflater.unconsumed_tail
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        if size > room or (size > _SMALL and size > MAX_RATIO * max(len(packed), 1)):
            return BOMB
        if not piece and not rest:
            return DAMAGED  # cut off
        if keep:
            pieces.append(piece)
    if size != entry.file_size or crc != entry.CRC:
        return DAMAGED
    return size, b"".join(pieces) if keep else None


def _unsafe(content: bytes) -> bool:
    """Entities can blow up or look outside; an encoding in which we would not see them is refused as well."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:64]:
        return True
    told = _ENCODING.match(content[:200].removeprefix(b"\xef\xbb\xbf"))
    if told and told.group(1).lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        return True
    return _UNSAFE_XML.search(content) is not None


def packed_again(kept: dict[str, bytes]) -> bytes:
    """The parts in a plain archive of our own making."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in kept.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()
