"""The manual of rubrics as data: its examples, projects, tables of keys, quoted messages. Reads Markdown; knows no engine.

The manual is written for people; what makes it readable for tests is little:

- A fence `yaml` holds pieces of a rubric: a list of indicators (or sections, adjustments, consequences), or keys of the
  rubric such as `measures:`. Pieces under one heading belong together, up to the next table of figures. A piece that
  begins `form:` is a form, used by every example that names it (the one under the same heading first).
- A table whose first head is 单位 is an example: figures (`code` 名称（计量单位）), what must come out (得分 of the only
  indicator, `code` of an indicator, section, adjustment or counted measure, 总分, 名次, 等次, 短板, 整改建议, 结果运用),
  分组 or 类别, and text for people (算式, 说明). Results are written 8, 0 至 10, 暂缺, 未报送 …, — where it is not asked.
- A table (or a fence `csv`) under a line that ends with `cases.csv`： is that data file; then the example is scored from
  rows, and the figures of its table must come out.
- After a table of figures: “把 `x` 换成：” and a table whose first head is 写成 changes one place of the example, row by row;
  its heads are names of units (their 得分), 丙县总分, 丙县 `code`, 各单位名次, 得“优秀”的, “约谈”的, 读作, 意思, 算式. Its rows
  may also say `旧` → `新`, or 照上 (nothing changed). A table 把 | 写成 | check 说 tells what check says then.
- Where the line above a table says 各不相同, no two of its rows have the same results.
- 类别, 代码, 所在 are heads of the register (kind, code, the unit it lies in).
- `> 读作：` is how the product tells a rule, `> 数据项：` a figure, `> 加扣分：` an adjustment; `> 办法：` any other sentence of it.
- Fences under a line that ends with `config/…`： or `data/…`： are the files of one project per chapter (`##`); a fence
  `console` runs commands on the files written so far and shows all they print.
- `<!-- 键 Slope -->`: the next table lists keys of that type. `<!-- 样子 -->`: the next fence only shows a shape.
  `<!-- 截至 2024-05-31 -->`: the next example is scored as of that day.
- `<!-- 提醒 -->`: the first column of the next table quotes warnings, … stands for whatever is between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

DOCS = Path(__file__).resolve().parent.parent / "docs"
MANUAL = DOCS / "rubric.md"
_CODE = re.compile(r"`([^`]+)`")
_MARK = re.compile(r"<!-- (键|样子|截至|提醒) ?(.*?) ?-->")
_CHANGE = re.compile(r"把 `([^`]+)` 换成")
_FILE = re.compile(r"`([\w/.]+\.(?:csv|yaml))`[^`]*：\Z")
_TOLD = ("读作：", "数据项：", "加扣分：", "办法：")


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

    @property
    def csv(self) -> str:
        return "".join(",".join(row) + "\n" for row in (self.head, *self.rows))


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
Kind = TypeVar("Kind", Fence, Table, Quote, Heading)


@dataclass(frozen=True)
class Example:
    """Pieces of YAML with figures and results."""

    heading: str
    line: int
    pieces: tuple[str, ...]
    table: Table
    forms: dict[str, str] = field(default_factory=dict)  # by code, those written under the same heading
    files: dict[str, str] = field(default_factory=dict)  # by name
    told: tuple[str, ...] = ()  # how its parts are told
    variants: tuple[Table, ...] = ()
    mistakes: tuple[Table, ...] = ()

    @property
    def name(self) -> str:
        return f"第 {self.line} 行 {self.heading}"

    def changed(self, old: str, new: str) -> Example:
        """With one place written otherwise."""
        parts = [*self.pieces, *self.forms.values()]
        count = sum(text.count(old) for text in parts)
        assert count == 1, f"{self.name}：例子里“{old}”有 {count} 处"
        line = next(line for text in parts for line in text.splitlines() if old in f"{line}\n")
        new = new.replace("\n", "\n" + " " * (len(line) - len(line.lstrip())))
        forms = {code: text.replace(old, new) for code, text in self.forms.items()}
        return replace(self, pieces=tuple(text.replace(old, new) for text in self.pieces), forms=forms)


@dataclass(frozen=True)
class Step:
    """One thing a chapter does with its project: commands and what they print, or mistakes and what check says."""

    line: int
    files: dict[str, str]
    console: str = ""
    mistakes: Table | None = None


def cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def codes(text: str) -> list[str]:
    """What stands in backticks."""
    return _CODE.findall(text)


@cache
def blocks(path: Path) -> tuple[Block, ...]:
    """A manual from top to bottom; a plain line of text is a str."""
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


def every(kind: type[Kind]) -> list[Kind]:
    """All blocks of one kind, in order."""
    return [block for block in blocks(MANUAL) if isinstance(block, kind)]


def key_tables() -> Iterator[tuple[str, Table]]:
    """(name of a type, table of its keys), in order."""
    for block in every(Table):
        if block.mark[0] == "键":
            yield block.mark[1], block


@cache
def forms() -> dict[str, str]:
    """Every form that the manual writes for its examples, by its code; of two with one code the first."""
    found: dict[str, str] = {}
    for fence in every(Fence):
        if is_form(fence):
            found.setdefault(form_code(fence), fence.text)
    return found


def is_form(fence: Fence) -> bool:
    return fence.info == "yaml" and fence.text.startswith("form:") and not fence.file and not fence.mark


def form_code(fence: Fence) -> str:
    return fence.text.splitlines()[0].partition(":")[2].strip()


@dataclass
class _Gathered:
    """What one part of the manual has said so far."""

    heading: str = ""
    pieces: list[str] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    closed: bool = False
    found: list[Example] = field(default_factory=list)
    project: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def heads(self, block: Heading) -> None:
        self.heading, self.pieces, self.forms, self.files, self.told, self.closed = block.text, [], {}, {}, [], False
        if block.level <= 2:
            self.project = {}

    def fence(self, block: Fence) -> None:
        if block.file.startswith(("config/", "data/")):
            self.project = {**self.project, block.file: block.text}
        elif block.file:
            self.files[block.file] = block.text
        elif block.info == "console":
            self.steps.append(Step(block.line, self.project, console=block.text))
        elif is_form(block):
            self.forms[form_code(block)] = block.text
        elif block.info == "yaml" and not block.mark:
            if self.closed:
                self.pieces, self.told, self.files, self.closed = [], [], {}, False
            self.pieces.append(block.text)

    def table(self, block: Table) -> None:
        if block.file:
            self.files[block.file] = block.csv
        elif block.head[0] == "单位":
            assert self.pieces, f"第 {block.line} 行的表前面没有写法"
            told = tuple(self.told) if not self.closed else ()
            pieces, forms, files = tuple(self.pieces), dict(self.forms), dict(self.files)
            self.found.append(Example(self.heading, block.line, pieces, block, forms, files, told))
            self.closed = True
        elif block.head[0] in ("写成", "把"):
            self._after(block)

    def _after(self, block: Table) -> None:
        if not self.closed and block.head[0] == "把" and self.project:
            self.steps.append(Step(block.line, self.project, mistakes=block))
            return
        assert self.closed, f"第 {block.line} 行的表前面没有例子"
        last = self.found[-1]
        key = "variants" if block.head[0] == "写成" else "mistakes"
        self.found[-1] = replace(last, **{key: (*getattr(last, key), block)})  # type: ignore[arg-type]


@cache
def _all() -> tuple[tuple[Example, ...], tuple[Step, ...]]:
    state = _Gathered()
    for block in blocks(MANUAL):
        if isinstance(block, Heading):
            state.heads(block)
        elif isinstance(block, Fence):
            state.fence(block)
        elif isinstance(block, Table):
            state.table(block)
        elif isinstance(block, Quote) and block.text.startswith(_TOLD):
            if state.closed:  # told after the figures
                last = state.found[-1]
                state.found[-1] = replace(last, told=(*last.told, block.text))
            else:
                state.told.append(block.text)
    return tuple(state.found), tuple(state.steps)


def examples() -> tuple[Example, ...]:
    """Everything that can be scored, in order."""
    return _all()[0]


def steps() -> tuple[Step, ...]:
    """Everything that is done with the projects of chapters, in order."""
    return _all()[1]
