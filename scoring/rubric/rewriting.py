"""Writes scalars of a YAML text anew and leaves every other byte as it is. Knows YAML, not what a figure means.

Comments, order, quotation marks, layout, line ends and a byte order mark stay. What cannot be changed without touching
something else (a value shared through & and *, a merge key, a block of text, an entry that is not there) is refused.
The result is read again and must differ from the text before in exactly these entries.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import yaml

from scoring.issues import Issue
from scoring.source import Document, Loc, loads

SHOWN_AS = "考核办法"
BOM = "\ufeff"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BREAK = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
Leaf = tuple[str, str | None, str]  # tag, style, value: what a scalar is besides where it stands


class NotRewritten(Exception):
    """The text stays as it was: everything that stands in the way, each with its place and what to do."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        super().__init__("\n".join(str(issue) for issue in issues))
        self.issues = issues


@dataclass(frozen=True)
class Text:
    """A YAML text that can be read, with its scalars. Make it with `Text.of`.

    Shapes: `leaves` and `nodes` by Loc, aliases expanded; `shared` holds the ids of nodes that stand in several places.
    """

    text: str  # without byte order mark: that is what the marks of the nodes count from
    document: Document
    nodes: Mapping[Loc, yaml.Node]
    shared: frozenset[int]

    @staticmethod
    @lru_cache(maxsize=8)
    def of(text: str, shown_as: str = SHOWN_AS) -> Text:
        """Raises NotRewritten for what is not YAML, or has keys twice."""
        text = text.removeprefix(BOM)
        document, issues = loads(text, shown_as)
        if document is None or issues:
            raise NotRewritten(tuple(issues))
        root = yaml.compose(text, Loader=_Loader)
        assert root is not None
        nodes: dict[Loc, yaml.Node] = {}
        uses: Counter[int] = Counter()
        _walk(root, (), nodes, uses)
        return Text(text, document, nodes, frozenset(one for one, count in uses.items() if count > 1))

    @cached_property
    def scalars(self) -> dict[Loc, yaml.ScalarNode]:
        return {loc: node for loc, node in self.nodes.items() if isinstance(node, yaml.ScalarNode)}

    @cached_property
    def written(self) -> dict[Loc, str]:
        """Every scalar as it is written, without its quotation marks."""
        return {loc: str(node.value) for loc, node in self.scalars.items()}

    @property
    def leaves(self) -> dict[Loc, Leaf]:
        return dict(_leaves(self.nodes))

    @cached_property
    def locs(self) -> dict[str, Loc]:
        """Places by what `document.path` tells of them; a path that fits two places is none."""
        told = [(self.document.path(loc), loc) for loc in self.document.lines]
        often = Counter(path for path, _ in told)
        return {path: loc for path, loc in told if often[path] == 1}


def rewritten(text: str, changes: Mapping[Loc, str], shown_as: str = SHOWN_AS) -> str:
    """The text with only these scalars changed. `changes`: what is to be written, without quotation marks.

    A scalar without quotation marks stays without, one with them keeps them. Raises NotRewritten, which tells all that
    cannot be changed.
    """
    source = Text.of(text, shown_as)
    issues = [issue for loc, new in changes.items() for issue in _hindrances(source, loc, new)]
    if issues:
        raise NotRewritten(tuple(issues))
    result = source.text
    for loc in sorted(changes, key=lambda loc: source.nodes[loc].start_mark.index, reverse=True):
        node = source.scalars[loc]
        start, end = node.start_mark.index, node.end_mark.index
        result = result[:start] + _quoted(changes[loc], node) + result[end:]
    _confirm(source, changes, result)
    return BOM + result if text.startswith(BOM) else result


def _walk(node: yaml.Node, loc: Loc, nodes: dict[Loc, yaml.Node], uses: Counter[int]) -> None:
    """Every node by its place. `uses`: how often each stands in the tree, what is inside a shared one counted once."""
    uses[id(node)] += 1
    nodes[loc] = node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _walk(value, (*loc, str(key.value)), nodes, uses)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*loc, index), nodes, uses)


def _leaves(nodes: Mapping[Loc, yaml.Node]) -> Iterator[tuple[Loc, Leaf]]:
    """Scalars with their style; of what holds others its kind alone, so that an empty list is seen too."""
    for loc, node in nodes.items():
        if isinstance(node, yaml.ScalarNode):
            yield loc, (str(node.tag), node.style or None, str(node.value))
        else:
            yield loc, (type(node).__name__, None, str(len(node.value)))


def _hindrances(source: Text, loc: Loc, new: str) -> Iterator[Issue]:
    """Why this scalar cannot be written anew; at most one reason."""
    issue = source.document.issue
    node = source.nodes.get(loc)
    within = [source.nodes[loc[:length]] for length in range(len(loc) + 1) if loc[:length] in source.nodes]
    if "<<" in loc or (node is None and any(_merges(one) for one in within)):
        yield issue(loc, "这一处的值是用 << 从别处并过来的，不能单独改", "请在办法文件里把内容写全，不用 <<，再改")
    elif node is None:
        yield issue(loc, "办法文件里没有写这一项，没有可以改的地方", "请先在办法文件里补上这一项，再改")
    elif not isinstance(node, yaml.ScalarNode):
        yield issue(loc, "这一处是一组内容，不是一个值", "请改其中的一个值")
    elif any(id(one) in source.shared for one in within):
        yield issue(
            loc, "这一处的值用 & 和 * 与别处共用，改了别处也会跟着变", "请在办法文件里各处分别写全，不用 & 和 *，再改"
        )
    elif source.text[node.start_mark.index : node.start_mark.index + 1] in ("&", "!", "*"):
        yield issue(loc, "这一处的值带有 & 或 ! 标记", "请在办法文件里删去标记，只写值，再改")
    elif not node.style and not node.value:
        yield issue(loc, "这一处在办法文件里是空的", "请先在办法文件里填上内容，再改")
    elif node.style in ("|", ">"):
        yield issue(loc, "这一处是用 | 或 > 写的成段文字，不能只改一个值", "请在办法文件里改这段文字")
    elif _BREAK.search(new):
        yield issue(loc, "新的值里有换行或不可见的字符", "请写成一行，删去不可见的字符")
    elif not new.strip():
        yield issue(loc, "新的值是空的", "请填写内容")


def _merges(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode) and any(str(key.value) == "<<" for key, _ in node.value)


def _quoted(new: str, node: yaml.ScalarNode) -> str:
    """As the scalar was quoted."""
    if node.style == "'":
        return "'" + new.replace("'", "''") + "'"
    if node.style == '"':
        return '"' + new.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'
    return new


def _confirm(source: Text, changes: Mapping[Loc, str], result: str) -> None:
    """Read again: exactly these entries are other than before. Raises NotRewritten."""
    wanted = source.leaves
    for loc, new in changes.items():
        tag, style, _ = wanted[loc]
        wanted[loc] = (tag, style, new)
    try:
        found = Text.of(result, source.document.file).leaves
    except NotRewritten:
        found = {}
    if _alike(found, wanted, changes):
        return
    told = []
    for loc, new in changes.items():
        if source.scalars[loc].style or _stands_alone(new):
            continue
        problem, fix = f"“{new}”不加引号写不进这一处", "请换一种写法，或先在办法文件里给原来的值加上引号"
        told.append(source.document.issue(loc, problem, fix))
    problem, fix = "改后的办法与要改的对不上，没有改", "请核对各处新值的标点"
    raise NotRewritten(tuple(told or [source.document.issue((), problem, fix)]))


def _alike(found: Mapping[Loc, Leaf], wanted: Mapping[Loc, Leaf], changes: Mapping[Loc, str]) -> bool:
    """The tag of a changed scalar may be another: 12 for text is a number."""
    return found.keys() == wanted.keys() and all(
        leaf == wanted[loc] or (loc in changes and leaf[1:] == wanted[loc][1:]) for loc, leaf in found.items()
    )


def _stands_alone(new: str) -> bool:
    """Whether a text without quotation marks is itself wherever it stands."""
    try:
        node = yaml.compose(f"[{new}]", Loader=_Loader)
    except yaml.YAMLError:
        return False
    (item, *others) = node.value if isinstance(node, yaml.SequenceNode) and node.value else [None]
    return not others and isinstance(item, yaml.ScalarNode) and item.value == new
