"""Located YAML: plain values with the line each came from, and typed reading with Chinese messages.

Knows YAML and pydantic; knows nothing of units, forms or rubrics. Numbers are read as exact decimals
from their text; `yes`, `on`, `12:30` and `2024-01-01` stay the text that was typed (YAML 1.2 core).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError
from yaml.composer import Composer

from scoring.issues import Issue

Loc = tuple[str | int, ...]
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")  # no double underscore: those name our own columns


@dataclass(frozen=True)
class Document:
    """One YAML file: its plain data and the line of every entry. `origin`: where entries stood before `without`."""

    file: str
    data: Any
    lines: dict[Loc, int]
    origin: tuple[Document, dict[Loc, Loc]] | None = None

    def without(self, dropped: set[Loc]) -> Document:
        """The document less some entries, whose remaining entries still know their lines and paths."""
        moved: dict[Loc, Loc] = {}

        def kept(node: Any, old: Loc, new: Loc) -> Any:
            moved[new] = old
            if isinstance(node, dict):
                return {k: kept(v, (*old, k), (*new, k)) for k, v in node.items() if (*old, k) not in dropped}
            if isinstance(node, list):
                left = [(i, item) for i, item in enumerate(node) if (*old, i) not in dropped]
                return [kept(item, (*old, i), (*new, n)) for n, (i, item) in enumerate(left)]
            return node

        return Document(self.file, kept(self.data, (), ()), self.lines, (self, moved))

    def at(self, loc: Loc) -> Any:
        """What is written there."""
        node = self.data
        for key in loc:
            node = node[key]
        return node

    def find(self, key: str, value: str) -> Loc | None:
        """Where the first mapping stands that has this value under this key."""

        def below(node: Any, loc: Loc) -> Loc | None:
            if isinstance(node, dict) and node.get(key) == value:
                return loc
            inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            return next((found for k, item in inside if (found := below(item, (*loc, k))) is not None), None)

        return below(self.data, ())

    def _before(self, loc: Loc) -> tuple[Document, Loc]:
        assert self.origin is not None
        whole, moved = self.origin
        for length in range(len(loc), -1, -1):
            if loc[:length] in moved:
                return whole, (*moved[loc[:length]], *loc[length:])
        return whole, loc

    def line(self, loc: Loc) -> int | None:
        """Line of the entry, or of its nearest ancestor that was written."""
        if self.origin is not None:
            whole, loc = self._before(loc)
            return whole.line(loc)
        for length in range(len(loc), -1, -1):
            if loc[:length] in self.lines:
                return self.lines[loc[:length]]
        return None

    def path(self, loc: Loc) -> str:
        """`sections.enforcement.indicators.case_volume.rules[0].each`: list items by code where they have one."""
        if self.origin is not None:
            whole, loc = self._before(loc)
            return whole.path(loc)
        node: Any = self.data
        text = ""
        for key in loc:
            try:
                node = node[key]
            except (KeyError, IndexError, TypeError):
                node = None
            if isinstance(key, int):
                code = node.get("code") if isinstance(node, dict) else None
                text += f".{code}" if isinstance(code, str) else f"[{key}]"
            else:
                text += f".{key}" if text else str(key)
        return text

    def issue(self, loc: Loc, problem: str, fix: str = "", warning: bool = False) -> Issue:
        """An issue at this place of the file."""
        level: Any = "warning" if warning else "error"
        return Issue(problem, fix, self.file, self.line(loc), self.path(loc), level)


def load(path: Path, shown_as: str | None = None) -> tuple[Document | None, list[Issue]]:
    """Read a YAML file. Returns (None, issues) when it is missing or not YAML; duplicate keys are issues."""
    shown = shown_as or str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None, [Issue("找不到文件", "请确认项目文件夹是否选对，或补上这个文件", shown)]
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return None, [Issue("文件不是 UTF-8 编码", "请用 UTF-8 另存后再试", shown, line)]
    return loads(text, shown)


def loads(text: str, shown_as: str) -> tuple[Document | None, list[Issue]]:
    """Like `load`, from text."""
    for number, row in enumerate(text.split("\n"), 1):  # not splitlines: it swallows some of what is looked for
        if _CONTROL.search(row):
            return None, [Issue("这一行含有不可见的控制字符", "请删去它", shown_as, number)]
    try:
        node = _compose(text)
    except _Unbounded as error:
        return None, [Issue(error.problem, error.fix, shown_as, error.line)]
    except yaml.MarkedYAMLError as error:
        return None, [_syntax_issue(error, shown_as, text)]
    if node is None:
        return None, [Issue("文件是空的", "请照手册填写内容", shown_as, 1)]
    lines: dict[Loc, int] = {}
    slips: list[Slip] = []
    document = Document(shown_as, _plain(node, (), lines, slips), lines)
    return document, [Issue(told, fix, shown_as, line, document.path(loc)) for loc, line, told, fix in slips]


class _Unbounded(Exception):
    """What is written has no end, or too much of it."""

    def __init__(self, problem: str, fix: str, line: int) -> None:
        super().__init__(problem)
        self.problem, self.fix, self.line = problem, fix, line


_DEEPEST = 60  # entries inside one another
_MOST_REPEATED = 200_000  # entries that aliases may add, all told


_Fastest: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where the library was built with it


class _Measured(Composer):
    """Composes the nodes and knows, before anything is expanded, how large and how deep aliases make them.

    An alias stands for all of its anchor, so what the aliases of a text add is the sum of the sizes of their anchors,
    aliases inside these included.
    """

    sizes: dict[int, tuple[int, int]]  # by id of a finished node: entries, depth
    inside: int
    repeated: int
    check_event: Callable[..., bool]
    peek_event: Callable[[], Any]

    def begin(self) -> None:
        self.anchors: dict[str, yaml.Node] = {}
        self.sizes, self.inside, self.repeated = {}, 0, 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        alias = self.check_event(yaml.AliasEvent)
        line = self.peek_event().start_mark.line + 1
        self.inside += 1
        if self.inside > _DEEPEST:
            raise _Unbounded("括号或缩进嵌套太深", "请照手册的例子分行写", line)
        node = super().compose_node(parent, index)
        self.inside -= 1
        if alias and id(node) not in self.sizes:
            raise _Unbounded("这一处用 * 引用了它自己，读不完", "请不用 & 和 *，把内容写全", line)
        if not alias and node is not None:
            self.sizes[id(node)] = self._measured(node)
        entries, depth = self.sizes[id(node)]
        if self.inside + depth > _DEEPEST:
            raise _Unbounded("用 * 引用的内容嵌套太深", "请少用 & 和 *，把内容写全", line)
        self.repeated += entries if alias else 0
        if self.repeated > _MOST_REPEATED:
            problem = f"到这一处，用 * 引用的内容展开后超过 {_MOST_REPEATED // 10_000} 万项，读不完"
            raise _Unbounded(problem, "请不要层层引用，把内容写全", line)
        return node

    def _measured(self, node: yaml.Node) -> tuple[int, int]:
        inner: list[yaml.Node] = []
        if isinstance(node, yaml.SequenceNode):
            inner = node.value
        elif isinstance(node, yaml.MappingNode):
            inner = [part for pair in node.value for part in pair]
        sizes = [self.sizes[id(part)] for part in inner]
        return 1 + sum(entries for entries, _ in sizes), 1 + max((depth for _, depth in sizes), default=0)


class _Careful(_Measured, yaml.SafeLoader):
    """Slow, and exact about where reading stopped and what was open there."""

    def __init__(self, stream: str) -> None:
        yaml.SafeLoader.__init__(self, stream)
        self.begin()


class _Quick(_Measured, _Fastest):  # type: ignore[misc]
    """The same nodes six times as fast; its messages are vaguer."""

    def __init__(self, stream: str) -> None:
        _Fastest.__init__(self, stream)
        self.begin()


def _compose(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=_Quick)
    except yaml.MarkedYAMLError:
        return yaml.compose(text, Loader=_Careful)


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")  # all that YAML refuses outright
_WIDE_COLON = re.compile(r"(?:^\s*(?:- )?|[{,]\s*)([\w一-鿿]+)：")
_TIGHT_COLON = re.compile(r"(?:^\s*(?:- )?|[{,]\s*)([A-Za-z_]\w*):(?=[^\s:/\]}])")
COLON_FIX = "键后面请用半角冒号加一个空格"
_COMMA = re.compile(r"[{,]\s*([A-Za-z_]\w*): +(?=[^\s'\"{\[])[^,{}\[\]]*\([^()]*,")  # {key: f(a, …
COMMA_CUTS = "花括号里的“{}”没有加引号，读到逗号就断开了"
COMMA_FIX = "请给整个表达式加上双引号，例如 \"kind in ('甲', '乙')\"；或不用花括号，分行写"
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|\s#.*")  # where any sign may stand, and remarks
_WIDE_QUOTES = re.compile(r"[:,\[{]\s*(“[^”]*”|‘[^’]*’)")
_WIDE_BRACKET = re.compile(r"[:,\[{-]\s*([｛［【])|([｝］】])\s*[,\]}]?\s*\Z")
_WIDE_COMMA = re.compile(r"[{,][^{}]*?([，；。、])\s*[A-Za-z_]\w*\s*[:：]|[\]}\"']\s*([，；。、])")
COMMA_BETWEEN = "各项之间请用半角逗号加一个空格"
QUOTES_CUT = "花括号里的“{}”用了全角引号，读到逗号就断开了"
WIDE_QUOTES = "文字两边的引号“ ”是全角的", "请改为半角引号"


def _syntax_issue(error: yaml.MarkedYAMLError, shown: str, text: str) -> Issue:
    """What is most likely wrong, at the line where it is, which may be above the line where reading stopped."""
    rows = text.splitlines()
    mark = error.problem_mark or error.context_mark
    stopped = min(mark.line, len(rows) - 1) if mark else 0
    opened = min(error.context_mark.line, len(rows) - 1) if error.context_mark else stopped
    for at in dict.fromkeys((stopped, stopped - 1, opened)):
        if not 0 <= at < len(rows):
            continue
        row = rows[at]
        if "\t" in row[: len(row) - len(row.lstrip())]:
            return Issue("这一行用了制表符缩进，YAML 只认空格", "请把制表符换成空格", shown, at + 1)
        if found := _WIDE_COLON.search(row):
            return Issue(f"“{found.group(1)}”后面用了全角冒号", COLON_FIX, shown, at + 1)
        if found := _TIGHT_COLON.search(row):
            return Issue(f"“{found.group(1)}”的冒号后面少一个空格", COLON_FIX, shown, at + 1)
        if found := _COMMA.search(row):
            return Issue(COMMA_CUTS.format(found.group(1)), COMMA_FIX, shown, at + 1)
        if wide := _wide_sign(row):
            return Issue(*wide, shown, at + 1)
    flow = "flow" in (error.context or "")
    quotes = sum(row.count(mark) for row in rows[opened : stopped + 1] for mark in ("'", '"'))
    if flow and rows and _open_brackets(rows[opened]) and opened < stopped and quotes % 2 == 0:
        return Issue("这一行的括号没有闭合", "请补上 ] 或 }", shown, opened + 1)
    row = rows[stopped].strip() if rows else ""
    where = f"“{_cut(row)}”附近" if row else "此处"
    fix = "请检查缩进、冒号后的空格、引号和括号是否成对，标点是否半角"
    if opened < stopped:
        fix += f"；也可能是第 {opened + 1} 行起的括号或引号不成对"
    return Issue(f"YAML 写法有误，{where}读不下去", fix, shown, stopped + 1)


def _wide_sign(row: str) -> tuple[str, str] | None:
    """Problem and fix of a full-width sign that stands where YAML needs its own."""
    bare = _QUOTED.sub(lambda found: '"' + "x" * (len(found.group()) - 2) + '"', row)
    if _WIDE_QUOTES.search(bare):
        return WIDE_QUOTES
    if found := _WIDE_BRACKET.search(bare):
        sign = found.group(1) or found.group(2)
        return f"“{sign}”是全角括号", "请改为半角的 [ ] 或 { }"
    if found := _WIDE_COMMA.search(bare):
        return f"“{found.group(1) or found.group(2)}”是全角标点，分不开前后两项", COMMA_BETWEEN
    return None


def _cut(row: str) -> str:
    return row[:40].rstrip()


def _open_brackets(row: str) -> bool:
    return sum(row.count(char) for char in "[{") > sum(row.count(char) for char in "]}")


Slip = tuple[Loc, int, str, str]  # where, on which line, what is wrong, how to mend it; read all the same


def _plain(node: yaml.Node, loc: Loc, lines: dict[Loc, int], slips: list[Slip]) -> Any:
    """The node as plain values."""
    lines.setdefault(loc, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, loc, lines, slips)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*loc, i), lines, slips) for i, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, loc: Loc, lines: dict[Loc, int], slips: list[Slip]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    cut = ""  # the key whose text was cut off at a comma inside round brackets or full-width quotation marks
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        empty = isinstance(value_node, yaml.ScalarNode) and value_node.value == ""
        if cut and empty:
            told, fix = (COMMA_CUTS, COMMA_FIX) if _open_round(result[cut]) else (QUOTES_CUT, WIDE_QUOTES[1])
            slip: Slip = ((*loc, cut), lines[(*loc, cut)], told.format(cut), fix)
            slips += [slip] if slip not in slips else []
            result[cut] += f", {key}"
            cut = cut if _cut_off(result[cut]) else ""
            continue
        name, wide, rest = key.partition("：")
        if wide and name and empty:
            slips.append(((), line, f"“{name}”后面用了全角冒号", COLON_FIX))
            lines[(*loc, name)] = line
            result.setdefault(name, _plain_value(rest.strip()))
            continue
        if key in result:
            told = f"键“{key}”写了两次，前一次在第 {lines[(*loc, key)]} 行"
            slips.append(((*loc, key), line, told, "请只留一个"))
            continue
        lines[(*loc, key)] = line
        result[key] = _plain(value_node, (*loc, key), lines, slips)
        plain = isinstance(value_node, yaml.ScalarNode) and not value_node.style
        cut = key if node.flow_style and plain and _cut_off(value_node.value) else ""
    return result


def _cut_off(text: str) -> bool:
    return _open_round(text) or text.count("“") > text.count("”")


def _open_round(text: str) -> bool:
    return text.count("(") > text.count(")")


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if not isinstance(node, yaml.ScalarNode) or node.style:
        return text
    return _plain_value(text)


def _plain_value(text: str) -> Any:
    """What text without quotes stands for."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    return Decimal(text) if _NUMBER.match(text) else text


# --- scalar types that every specification uses -------------------------------------------------


def _text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bool):
        raise _yes_or_no(value, "文字", "填写文字")
    if value is None or (isinstance(value, str) and not value.strip()):
        raise refusal("须为文字", "请填写文字，不要留空")
    if not isinstance(value, str):
        raise misread(value, "须为文字，现为{0}", "请填写文字")
    return value


def _yes_or_no(value: bool, wanted: str, how: str) -> PydanticCustomError:
    word = written(value)
    return misread(value, f"须为{wanted}，现为{{0}}", f'请{how}；就叫 {word} 的，加引号写成 "{word}"')


def _exact(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        raise misread(value, "须为数字，现为{0}", "请用半角数字，不带单位和千位分隔符")
    return Decimal(value)


def _whole(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)) or value != int(value):
        raise misread(value, "须为整数，现为{0}", "请填写整数")
    return int(value)


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DATE.match(value):
        raise misread(value, "须为日期，现为{0}", "请写成 2024-01-31 的样子")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise refusal(f"没有 {value} 这一天", "请核对年月日") from None


def _code(value: Any) -> Any:
    if isinstance(value, bool):
        raise _yes_or_no(value, "代码", "写小写字母开头的代码")
    if not isinstance(value, str) or not _CODE.match(value):
        raise misread(value, "代码{0}不合规", "代码用小写字母开头，只含小写字母、数字和单个下划线")
    return value


def share(value: Any) -> Any:
    """A share as a decimal: 0.3 or 30%. Raises a refusal."""
    if isinstance(value, Decimal) and 0 <= value <= 1:
        return value
    if isinstance(value, str) and value.endswith("%") and _NUMBER.match(value[:-1].strip()):
        return Decimal(value[:-1].strip()) / 100
    raise misread(value, "须为百分数，现为{0}", "请写成 30% 的样子")


def written(value: Any) -> str:
    """A plain value as YAML writes it, for messages: true, not True."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, dict):
        return _cut("{" + ", ".join(f"{key}: {written(item)}" for key, item in value.items()) + "}")
    if isinstance(value, (list, tuple)):
        return _cut("[" + ", ".join(written(item) for item in value) + "]")
    return str(value)


def misread(value: Any, problem: str, fix: str = "") -> PydanticCustomError:
    """Like `refusal`; {0} in the problem is what was written, in quotation marks."""
    if value is None:
        return refusal("这里是空的", fix)
    if isinstance(value, str) and value[:1] in ("“", "‘") and value[-1:] in ("”", "’"):
        fix = "请删去两边的全角引号"
    elif isinstance(value, str) and (found := re.search("[，；。]", value)):
        fix = f"“{found.group()}”是全角标点；{COMMA_BETWEEN}"
    return refusal(problem.format(f"“{written(value)}”"), fix)


def refusal(problem: str, fix: str = "", slip: object = None) -> PydanticCustomError:
    """The error a validator raises: its message reaches the user word for word. `slip`: for who knows more (`Meant`)."""
    return PydanticCustomError("refused", "{problem}\n{fix}", {"problem": problem, "fix": fix, "slip": slip})


# Each says beside its validator what may be written, for the JSON Schema that editors read (scoring/schema).
DAY_PATTERN = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
PERCENT = "[0-9]+([.][0-9]+)? *%"

Text = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "number"], "pattern": "\\S"})]
Exact = Annotated[Decimal, BeforeValidator(_exact), WithJsonSchema({"type": "number"})]
Whole = Annotated[int, BeforeValidator(_whole), WithJsonSchema({"type": "integer"})]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "pattern": DAY_PATTERN})]
Code = Annotated[
    str, BeforeValidator(_code), WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"})
]
Share = Annotated[
    Decimal,
    BeforeValidator(share),
    WithJsonSchema({"type": ["number", "string"], "minimum": 0, "maximum": 1, "pattern": f"^{PERCENT}$"}),
]


class Spec(BaseModel):
    """A typed piece of configuration: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


S = TypeVar("S", bound=BaseModel)


Meant = Callable[[Loc, Any], tuple[str, str] | None]  # problem and fix of a slip at a place, where more is known


def read(model: type[S], document: Document, at: Loc = (), meant: Meant | None = None) -> tuple[S | None, list[Issue]]:
    """Type the document (or its part `at`) as `model`; every problem is an Issue with file, line and path.

    `meant` may say more of what an expression could not read than the expression alone knows.
    """
    data = document.data
    for key in at:
        data = data[key]
    empty = _empty(data, at)
    try:
        spec = model.model_validate(data)
        return (None if empty else spec), [document.issue(loc, *EMPTY) for loc in empty]
    except ValidationError as error:
        details = error.errors(include_url=False)
        places = [detail["loc"] for detail in details]
        kept = [
            detail
            for detail in details
            # a list is not "too short" because one of its items could not be read
            if detail["type"] != "too_short" or not any(_within(loc, detail["loc"]) for loc in places)
        ]
        mistyped = _mistyped(kept)
        told = [detail for detail in kept if detail["loc"] not in mistyped.values()]
        found = [_issue(document, at, model, detail, mistyped, meant) for detail in told]
        known = {at + _written(document, at, detail["loc"]) for detail in told}
        return None, found + [document.issue(loc, *EMPTY) for loc in empty if loc not in known]


EMPTY = ("这里是空的", "请填写内容，或删去这个键")


def _empty(node: Any, loc: Loc) -> list[Loc]:
    """Where a key was written and nothing after it: no key means anything by being empty."""
    if isinstance(node, dict):
        return [found for key, inner in node.items() for found in _empty(inner, (*loc, key))]
    if isinstance(node, list):
        return [found for index, inner in enumerate(node) for found in _empty(inner, (*loc, index))]
    return [loc] if node is None else []


def _within(loc: Loc, outer: Loc) -> bool:
    return len(loc) > len(outer) and loc[: len(outer)] == outer


def _mistyped(details: list[ErrorDetails]) -> dict[Loc, Loc]:
    """Unknown keys that stand for a missing one of the same mapping, which is then not told by itself."""
    missing = [detail["loc"] for detail in details if detail["type"] == "missing"]
    found: dict[Loc, Loc] = {}
    for loc in (detail["loc"] for detail in details if detail["type"] == "extra_forbidden"):
        beside = {str(other[-1]): other for other in missing if other[:-1] == loc[:-1]}
        if close := _closest(str(loc[-1]), frozenset(beside)):
            found[loc] = beside[close]
    return found


def unreadable(model: type[BaseModel], document: Document) -> list[Loc]:
    """Where the document does not fit the model."""
    empty = _empty(document.data, ())
    try:
        model.model_validate(document.data)
        return empty
    except ValidationError as error:
        return empty + [_written(document, (), detail["loc"]) for detail in error.errors(include_url=False)]


_SIMPLE = {
    "model_type": ("须为一组“键: 值”", "请照手册的例子分行写"),
    "dict_type": ("须为一组“键: 值”", "请照手册的例子分行写"),
    "list_type": ("须为列表", "每项以“- ”开头，或写成 [甲, 乙]"),
    "tuple_type": ("须为列表", "每项以“- ”开头，或写成 [甲, 乙]"),
    "string_type": ("须为文字", "请填写文字"),
    "bool_type": ("须为 true 或 false", "请写 true 或 false"),
    "bool_parsing": ("须为 true 或 false", "请写 true 或 false"),
    "union_tag_not_found": ("没有写明 kind", "请用 kind 写明种类，种类从不猜测"),
}


def _issue(
    document: Document, at: Loc, model: type[BaseModel], detail: ErrorDetails, mistyped: dict[Loc, Loc],
    meant: Meant | None,
) -> Issue:  # fmt: skip
    kind, context = detail["type"], detail.get("ctx", {})
    loc = at + _written(document, at, detail["loc"], missing=kind == "missing")
    if kind == "refused":
        better = meant(loc, context["slip"]) if meant is not None and context["slip"] is not None else None
        return document.issue(loc, *(better or (context["problem"], context["fix"])))
    if kind == "missing" and isinstance(loc[-1], int):
        return document.issue(loc[:-1], f"至少要有 {loc[-1] + 1} 项，现有 {loc[-1]} 项", "请补上")
    if kind == "missing":
        return document.issue(loc, f"缺少“{loc[-1]}”", "请补上这个键")
    if kind == "extra_forbidden":
        missing, known = mistyped.get(detail["loc"]), _keys(model, document, at, loc[:-1])
        close = str(missing[-1]) if missing else _closest(str(loc[-1]), frozenset(known))
        listed = _listed([key for key in known if key not in document.at(loc[:-1])])
        return document.issue(loc, f"不认识的键“{loc[-1]}”", f"是不是“{close}”？" if close else listed)
    if kind == "literal_error":
        allowed = context["expected"].replace("'", "").replace(" or ", "、").replace(", ", "、")
        return _told(document, loc, misread(detail["input"], "不能是{0}", f"只能是 {allowed}"))
    if kind == "union_tag_invalid":
        allowed = context["expected_tags"].replace("'", "").replace(", ", "、")
        return _told(
            document, (*loc, "kind"), misread(detail["input"]["kind"], "没有{0}这种 kind", f"只能是 {allowed}")
        )
    if kind == "too_short":
        least, found = context["min_length"], context["actual_length"]
        told = f"至少要有 {least} 项，现有 {found} 项" if found else f"这里是空的，至少要有 {least} 项"
        return document.issue(loc, told, "请补上")
    if kind == "too_long":
        told = f"最多 {context['max_length']} 项，现有 {context['actual_length']} 项"
        return document.issue(loc, told, "请删去多出的")
    if detail["input"] is None:
        return document.issue(loc, *EMPTY)
    problem, fix = _SIMPLE.get(kind, ("填写的内容不对", "请对照手册检查这一项"))
    return document.issue(loc, problem, fix)


def _told(document: Document, loc: Loc, error: PydanticCustomError) -> Issue:
    context = error.context or {}
    return document.issue(loc, context["problem"], context["fix"])


def _written(document: Document, at: Loc, loc: Loc, missing: bool = False) -> Loc:
    """pydantic's location without the union tags it inserts: only steps that exist in the document, and a missing key."""
    node: Any = document.data
    for key in at:
        node = node[key]
    kept: list[str | int] = []
    entered = True  # whether `node` was entered by the step before: there the tag of a union stands
    for position, key in enumerate(loc):
        tag = entered and isinstance(node, dict) and node.get("kind") == key and position < len(loc) - 1
        entered = False
        exists = (isinstance(node, dict) and key in node) or (
            isinstance(node, list) and isinstance(key, int) and key < len(node)
        )
        if exists and not tag:
            kept.append(key)
            node, entered = node[key], True
        elif missing and position == len(loc) - 1:
            kept.append(key)
    return tuple(kept)


def _listed(keys: list[str]) -> str:
    """How to mend a key that is like none of those that may stand there."""
    more = "等" if len(keys) > _MOST_LISTED else ""
    return f"请删去，或改用这里能写的键：{'、'.join(keys[:_MOST_LISTED])}{more}" if keys else "请删去"


_MOST_LISTED = 8


def _keys(model: type[BaseModel], document: Document, at: Loc, loc: Loc) -> list[str]:
    """The keys that the mapping at `loc` may have, in the order of its type."""
    annotation: Any = model
    node: Any = document.data
    for depth, key in enumerate(loc):
        if depth >= len(at):
            fields = _fields(annotation, node)
            annotation = fields.get(str(key), annotation)  # an index or a free key stays within the type of its items
        node = node[key]
    return list(_fields(annotation, node))


def _fields(annotation: Any, node: Any) -> dict[str, Any]:
    """Fields by key of the specification inside an annotation: of several kinds, the one that is written."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {field.alias or name: field.annotation for name, field in annotation.model_fields.items()}
        kinds = get_args(fields.get("kind"))
        return fields if not (kinds and isinstance(node, dict) and node.get("kind") not in kinds) else {}
    return {key: kind for part in get_args(annotation) for key, kind in _fields(part, node).items()}


@cache
def _closest(key: str, known: frozenset[str]) -> str | None:
    close = get_close_matches(key, sorted(known), n=1, cutoff=0.7)
    return close[0] if close else None
