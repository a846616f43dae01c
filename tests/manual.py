"""docs/rubric.md as data: its examples, tables of keys, quoted messages. Reads Markdown; knows no rubric and no engine.

The manual is written for people; what makes it readable for tests is little. A fence `yaml` holds a piece of a rubric (or a
form, by its first key). A table whose first head is 单位 holds figures (`code` and title in the head) and what must come out
(得分, 总分 … or `code` of an indicator, a section, a measure). A table under a line that names a `.csv` file is that file.
A table 写成 changes one place of the example before it, row by row; a table 把 | 写成 | check 说 tells what check says then.
`> 读作：` is how the product tells the rule. `<!-- 键 Slope -->` names the type whose keys the next table lists, and
`<!-- 样子 -->` a fence that only shows a shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANUAL = ROOT / "docs" / "rubric.md"
_CODE = re.compile(r"`([^`]+)`")
_MARK = re.compile(r"<!-- (键|样子|文件) ?(.*?) ?-->")
_CHANGE = re.compile(r"把 `([^`]+)` 换成")
_FILE = re.compile(r"`([\w/.]+\.(?:csv|yaml))`[^`]*：\Z")


@dataclass(frozen=True)
class Fence:
    line: int
    info: str
    text: str
    mark: str = ""  # 样子
    file: str = ""  # the file it is, where the line before says so


@dataclass(frozen=True)
class Table:
    line: int
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str  # the line of text right before it
    mark: tuple[str, str] = ("", "")

    @property
    def file(self) -> str:
        found = _FILE.search(self.caption)
        return found.group(1) if found else ""

    @property
    def replaced(self) -> str:
        """What the rows of a table of variants replace."""
        found = _CHANGE.search(self.caption)
        return found.group(1) if found else ""


@dataclass(frozen=True)
class Quote:
    line: int
    text: str


@dataclass(frozen=True)
class Heading:
    line: int
    level: int
    text: str


Block = Fence | Table | Quote | Heading | str


@dataclass(frozen=True)
class Example:
    """Pieces of YAML with figures and results."""

    heading: str
    line: int
    pieces: tuple[str, ...]
    files: dict[str, Table]
    table: Table
    told: tuple[str, ...] = ()  # how the rule is told
    variants: tuple[Table, ...] = ()
    mistakes: tuple[Table, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.line} {self.heading}"

    def changed(self, old: str, new: str) -> Example:
        """With one place written otherwise."""
        whole = "\n\x00".join(self.pieces)
        assert whole.count(old) == 1, f"第 {self.line} 行的例子里“{old}”有 {whole.count(old)} 处"
        return replace(self, pieces=tuple(whole.replace(old, new).split("\n\x00")))


def cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def codes(text: str) -> list[str]:
    """What stands in backticks."""
    return _CODE.findall(text)


@cache
def blocks(path: Path = MANUAL) -> tuple[Block, ...]:
    """The manual from top to bottom; a plain line of text is a str."""
    return tuple(_Reader(path.read_text(encoding="utf-8").splitlines()).blocks())


@dataclass
class _Reader:
    lines: list[str]
    at: int = 0
    caption: str = ""
    mark: tuple[str, str] = ("", "")

    def blocks(self) -> Iterator[Block]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.startswith("```"):
                yield self._fence(line)
            elif line.startswith("|"):
                yield self._table()
            else:
                self.at += 1
                if found := _MARK.fullmatch(line.strip()):
                    self.mark = (found.group(1), found.group(2))
                elif line.startswith("#"):
                    self.caption = ""
                    yield Heading(self.at, len(line) - len(line.lstrip("#")), line.lstrip("# ").strip())
                elif line.startswith("> "):
                    yield Quote(self.at, line[2:])
                elif line.strip():
                    self.caption = line.strip()
                    yield line

    def _taken(self) -> tuple[str, tuple[str, str]]:
        found = self.caption, self.mark
        self.caption, self.mark = "", ("", "")
        return found

    def _fence(self, first: str) -> Fence:
        start = self.at
        self.at += 1
        while not self.lines[self.at].startswith("```"):
            self.at += 1
        text = "\n".join(self.lines[start + 1 : self.at]) + "\n"
        self.at += 1
        caption, mark = self._taken()
        file = _FILE.search(caption)
        return Fence(start + 1, first.strip("` "), text, mark[0], file.group(1) if file else "")

    def _table(self) -> Table:
        start = self.at
        while self.at < len(self.lines) and self.lines[self.at].startswith("|"):
            self.at += 1
        head, _, *rows = self.lines[start : self.at]
        caption, mark = self._taken()
        table = Table(start + 1, cells(head), tuple(cells(row) for row in rows), caption, mark)
        wrong = [row for row in table.rows if len(row) != len(table.head)]
        assert not wrong, f"第 {start + 1} 行起的表：{wrong[0]} 与表头列数不同"
        return table


@cache
def fences() -> tuple[Fence, ...]:
    return tuple(block for block in blocks() if isinstance(block, Fence))


@cache
def tables() -> tuple[Table, ...]:
    return tuple(block for block in blocks() if isinstance(block, Table))


@cache
def forms() -> dict[str, str]:
    """Every form that the manual writes, by its code; of two with one code the first."""
    found: dict[str, str] = {}
    for fence in fences():
        if fence.info == "yaml" and fence.text.startswith("form:"):
            found.setdefault(fence.text.splitlines()[0].partition(":")[2].strip(), fence.text)
    return found


@dataclass
class _Gathered:
    """What one section of the manual has said so far."""

    heading: str = ""
    pieces: list[Fence] = field(default_factory=list)
    files: dict[str, Table] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    found: list[Example] = field(default_factory=list)
    closed: bool = False

    def fence(self, block: Fence) -> None:
        if self.closed:
            self.pieces, self.told, self.closed = [], [], False
        if not block.text.startswith("form:"):
            self.pieces.append(block)

    def table(self, block: Table) -> None:
        if block.file:
            self.files[block.file] = block
        elif block.head[0] == "单位":
            assert self.pieces, f"第 {block.line} 行的表前面没有写法"
            texts = tuple(piece.text for piece in self.pieces)
            told = tuple(self.told) if not self.closed else ()
            self.found.append(Example(self.heading, block.line, texts, dict(self.files), block, told))
            self.closed = True
        elif block.head[0] in ("写成", "把"):
            key = "variants" if block.head[0] == "写成" else "mistakes"
            assert self.closed, f"第 {block.line} 行的表前面没有例子"
            last = self.found[-1]
            self.found[-1] = replace(last, **{key: (*getattr(last, key), block)})


@cache
def examples() -> tuple[Example, ...]:
    """Everything that can be run, in order."""
    state = _Gathered()
    for block in blocks():
        if isinstance(block, Heading):
            state = _Gathered(block.text, found=state.found)
        elif isinstance(block, Fence) and block.info == "yaml" and not block.mark and not block.file:
            state.fence(block)
        elif isinstance(block, Table):
            state.table(block)
        elif isinstance(block, Quote) and block.text.startswith("读作："):
            state.told.append(block.text.removeprefix("读作："))
    return tuple(state.found)
