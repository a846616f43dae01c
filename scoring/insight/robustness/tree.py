"""The sections of one group as nodes that add, with the items that have a weight. Knows the rubric, no unit.

A section that takes the lowest, highest or average of what is below it, or scales up within itself, is one item as a
whole: its own points move with its weight, what is inside stays as it was scored.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from scoring.insight.robustness.model import Item, Node
from scoring.rubric import Rubric, Section
from scoring.rubric.structure import in_all, reach, summed, worth

BASE = 0  # index of the node of the first level


@dataclass
class Tree:
    """`item_of`: by indicator, also inside whole sections. Without a weight, and added to a node as they are: `bare`
    indicators and `bare_sections`. `whole`: item or None by section that is moved as a whole."""

    rubric: Rubric
    group: str
    items: list[Item] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    item_of: dict[str, int] = field(default_factory=dict)
    bare: dict[str, int] = field(default_factory=dict)
    bare_sections: dict[str, int] = field(default_factory=dict)
    whole: dict[str, int] = field(default_factory=dict)

    @property
    def node_of(self) -> dict[str, int]:
        return {node.code: index for index, node in enumerate(self.nodes) if node.code}

    @property
    def reach(self) -> Fraction | None:
        """What can be reached, where it does not follow from the weights."""
        if in_all(self.rubric.spec, self.group, reach) is None:
            return Fraction(self.rubric.groups[self.group].full_marks)
        return None

    @cached_property
    def spreading(self) -> list[tuple[list[str], list[str]]]:
        """(items that have full marks, those of them whose full marks are spread where they do not apply) by section."""
        found = []
        for node in self.nodes:
            own = [self.items[item].code for item in node.items if not self.items[item].whole]
            gone = [code for code in own if (policy := self.rubric.indicators[code].not_applicable) and policy.then == "spread"]
            if gone:
                found.append((own, gone))
        return found

    def notes(self) -> list[str]:
        """What is carried along without being studied."""
        items = [one for one in self.items if one.whole]
        told = [f"“{one.title}”内部不是各项相加，作为一个整体变动分值" for one in items]
        bare = [self.rubric.indicators[code].title for code in self.bare]
        bare += [node.section.title for node in self.rubric.nodes(self.group) if node.section.code in self.bare_sections]
        return told + ([f"没有满分的不变动，按原得分计入：{'、'.join(bare)}"] if bare else [])


def tree_of(rubric: Rubric, group: str) -> Tree:
    """The base, then every section that adds, parents first; items in the order of the text."""
    tree = Tree(rubric, group)
    tree.nodes.append(Node("", "基础得分", None, Fraction(1), Fraction(1), (), (), None, None))
    for section in rubric.sections(group):
        _place(tree, section, BASE, section.code)
    for number, node in enumerate(tree.nodes):
        items = tuple(index for index, item in enumerate(tree.items) if item.node == number)
        below = tuple(index for index, other in enumerate(tree.nodes) if other.parent == number)
        tree.nodes[number] = replace(node, items=items, below=below)
    return tree


def _place(tree: Tree, section: Section, parent: int, first: str) -> None:
    """A section and what is below it. `first`: the section of the first level above."""
    share = Fraction(section.share_of(tree.group))
    scale = tree.nodes[parent].scale * share
    if section.takes != "sum" or section.rescale_within:
        _place_whole(tree, section, parent, first, scale)
        return
    number = len(tree.nodes)
    stated, below = section.full(tree.group), summed(section, tree.group)
    moves = Fraction(stated) / Fraction(below) if stated is not None and below else None
    limit = None if stated is None else Fraction(stated)
    tree.nodes.append(Node(section.code, section.title, parent, share, scale, (), (), limit, moves))
    for one in section.indicators_of(tree.group):
        full = one.full(tree.group)
        if not full:
            tree.bare[one.code] = number
            continue
        tree.item_of[one.code] = len(tree.items)
        tree.items.append(Item(one.code, one.title, one.clause, first, number, Fraction(full) * scale))
    for inner in section.sections:
        if inner.in_group(tree.group):
            _place(tree, inner, number, first)


def _place_whole(tree: Tree, section: Section, parent: int, first: str, scale: Fraction) -> None:
    full = worth(section, tree.group)
    if not full:
        tree.bare_sections[section.code] = parent
        return
    reached = reach(section, tree.group) or Decimal(0)
    index = tree.whole[section.code] = len(tree.items)
    tree.item_of |= dict.fromkeys(_codes(section, tree.group), index)
    item = Item(section.code, section.title, section.clause or "", first, parent, Fraction(full) * scale, True,
                Fraction(reached) / Fraction(full))  # fmt: skip
    tree.items.append(item)


def _codes(section: Section, group: str) -> list[str]:
    """Every indicator below it."""
    own = [one.code for one in section.indicators_of(group)]
    return own + [code for inner in section.sections for code in _codes(inner, group)]
