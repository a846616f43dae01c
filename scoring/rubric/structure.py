"""What sections must hold: something below them, sums that meet their headings, weights that make a whole.

Sums that do not add up are real and only warned about; what cannot be reckoned is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from scoring.expressions.words import number
from scoring.issues import Issue
from scoring.rubric.each import MONTHS, TITLES
from scoring.rubric.items import Node, Section, nodes
from scoring.rubric.model import Group, Measure, RubricSpec
from scoring.source import Document, Loc

Found = Iterator[Issue]
MOST_SPREAD = 3  # items of one section and group whose full marks may be spread: each doubles the ways to reckon the rest


def section_problems(spec: RubricSpec, document: Document, measures: dict[str, Measure]) -> list[Issue]:
    """Everything wrong or odd about the sections of a rubric."""
    found: list[Issue] = []
    for node in nodes(spec.sections):
        found += _shape(node, document)
        found += _parts(node, document, measures, spec)
        found += _groups_named(node, document, spec)
        for code, group in spec.groups.items():
            found += _spread(node, document, code, group)
    for code, group in spec.groups.items():
        found += _sums(spec, code, group, document)
    return found


def _shape(node: Node, document: Document) -> Found:
    section = node.section
    if not section.indicators and not section.sections:
        yield document.issue((*node.loc, "indicators"), "这一级下面没有指标", "请补指标，或删去这一级")
    below = len(section.indicators) + len(section.sections)
    if section.takes != "sum" and below == 1 and section.each is None:
        told = "下面只有一项，取最低、最高或平均都是它自己"
        yield document.issue((*node.loc, "takes"), told, "不需要可以删去", warning=True)
    if section.takes in ("lowest", "highest") and any(one.weight is not None for one in section.sections):
        told = "下面各项先乘权重再比高低"
        yield document.issue((*node.loc, "takes"), told, "如按原分比较，请去掉下面各项的 weight", warning=True)
    if section.takes != "sum" or section.rescale_within:
        for index, one in enumerate(section.indicators):
            if one.full_marks is None:
                told = "要取最低、最高、平均，或在本级内折算时，各项须有满分"
                yield document.issue((*node.loc, "indicators", index), told, "请写 full_marks")


def _parts(node: Node, document: Document, measures: dict[str, Measure], spec: RubricSpec) -> Found:
    section = node.section
    if section.each is None:
        for key, written in (
            ("part_weights", section.part_weights), ("cumulative", section.cumulative), ("whole_period", section.whole_period),
        ):  # fmt: skip
            if written:
                yield document.issue((*node.loc, key), f"没有写 each，{key} 用不上", "请写 each: month、quarter 或 half_year")
        return
    if section.takes != "sum":
        yield document.issue((*node.loc, "takes"), "分期计分取各期的平均，不写 takes", "请删去 takes")
    if any(below.section.each is not None for below in nodes(section.sections)):
        yield document.issue((*node.loc, "each"), "分期计分的下面不能再分期", "请只在一级上写 each")
    count = 12 // MONTHS[section.each]
    if section.part_weights and len(section.part_weights) != count:
        told = f"{TITLES[section.each]}一期，一年 {count} 期，而权重写了 {len(section.part_weights)} 个"
        yield document.issue((*node.loc, "part_weights"), told, "请逐期写明")
    if section.part_weights and (total := sum(section.part_weights)) != 1:
        told = f"各期权重合计 {number(total * 100)}%"
        yield document.issue((*node.loc, "part_weights"), told, "合计应为 100%；不是的按合计折算", warning=True)
    for index, code in enumerate(section.whole_period):
        if code not in measures and code not in spec.measures:
            yield document.issue((*node.loc, "whole_period", index), f"没有数据项“{code}”", "请写数据项的代码")


def _groups_named(node: Node, document: Document, spec: RubricSpec) -> Found:
    """A heading or a weight by group that leaves out a group which has indicators here."""
    section = node.section
    for code, group in spec.groups.items():
        if not section.in_group(code):
            continue
        if section.full_marks is not None and section.full(code) is None:
            told = f"本级满分没有写明“{group.title}”，而本级有它的指标"
            fix = f"请补上 {code}: 分值；不写则本级得分不封顶"
            yield document.issue((*node.loc, "full_marks"), told, fix, warning=True)
        if section.weight is not None and section.weight.at(code) is None:
            told = f"本级权重没有写明“{group.title}”，而本级有它的指标"
            yield document.issue((*node.loc, "weight"), told, f"请补上 {code}: 60% 的样子")


def _spread(node: Node, document: Document, code: str, group: Group) -> Found:
    """Full marks can be spread over neighbours that have some, and over few ways in which they may not apply."""
    items = [(i, one) for i, one in enumerate(node.section.indicators) if one.in_group(code)]
    gone = [(i, one) for i, one in items if one.not_applicable is not None and one.not_applicable.then == "spread"]
    takers = [one for _, one in items if one.full_marks is not None]
    for position, (index, one) in enumerate(gone, 1):
        last = position == len(gone)  # what all of them together do wrong is told once
        loc: Loc = (*node.loc, "indicators", index, "not_applicable", "then")
        if one.full_marks is None:
            yield document.issue(loc, "没有满分，无从平均分到其他各项", "请写 full_marks，或改用别的处理")
        elif last and len(takers) <= len(gone):
            told = f"“{group.title}”在本级没有总是适用的其他指标，满分无处可分"
            yield document.issue(loc, told, "请改用 rescale（总分折算）")
        elif last and len(gone) > MOST_SPREAD:
            told = f"“{group.title}”在本级有 {len(gone)} 项平均分摊，最多 {MOST_SPREAD} 项"
            yield document.issue(loc, told, "请把其余各项改为 rescale，或分成几个一级")
        elif node.section.takes != "sum":
            yield document.issue(loc, "本级不是各项相加，满分无从平均分到其他各项", "请改用 rescale")


def worth(section: Section, group: str) -> Decimal | None:
    """Full marks of a section: as stated, or the sum of what is below; None where that has no full marks."""
    stated = section.full(group)
    return stated if stated is not None else summed(section, group)


def summed(section: Section, group: str) -> Decimal | None:
    """What is below a section comes to, each section times its weight."""
    found = [(one.full(group), Decimal(1)) for one in section.indicators_of(group)]
    found += [(worth(one, group), one.share_of(group)) for one in section.sections if one.in_group(group)]
    known = [full * share for full, share in found if full is not None]
    if len(known) < len(found):
        return None
    if section.takes == "average" and known:
        return sum(known, Decimal(0)) / sum(share for _, share in found)
    if section.takes == "sum" or not known:
        return sum(known, Decimal(0))
    return min(known) if section.takes == "lowest" else max(known)


def surplus(section: Section, group: str) -> Decimal:
    """How much more there is below a section than it can give: so much can be left out of it without a loss (D38)."""
    stated, below = section.full(group), summed(section, group)
    if stated is None or below is None or section.takes != "sum":
        return Decimal(0)
    return max(Decimal(0), below - stated)


def reach(section: Section, group: str) -> Decimal | None:
    """What a section can give: what it states, or less where there is less below it; None where that has no full marks."""
    stated, below = worth(section, group), summed(section, group)
    return stated if stated is None or below is None else min(stated, below)


def in_all(spec: RubricSpec, group: str, of: Callable[[Section, str], Decimal | None]) -> Decimal | None:
    """What the first level comes to, each section times its weight: its `worth`, or its `reach`. None where one has none."""
    parts = [(of(one, group), one.share_of(group)) for one in spec.sections]
    known = [part * share for part, share in parts if part is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None


def _sums(spec: RubricSpec, code: str, group: Group, document: Document) -> Found:
    for node in nodes(spec.sections):
        stated, below = node.section.full(code), summed(node.section, code)
        if stated is None or below is None or below == stated or not (node.section.in_group(code) or stated):
            continue
        what = "各指标满分合计" if not node.section.sections else "下面各项合计"
        what = what if node.section.takes == "sum" else "下面各项的满分"
        told = f"{group.title}{what} {number(below)}，与本级满分 {number(stated)} 不符"
        fix = "请核对分值；确属原文如此可不改，本级得分按本级满分封顶"
        loc: Loc = (*node.loc, "full_marks")
        yield document.issue(loc, told, fix, warning=True)
    total = in_all(spec, code, worth)
    if total is not None and total != group.full_marks:
        weighted = any(one.weight is not None for one in spec.sections)
        what = "各一级指标按权重合计" if weighted else "各一级指标满分合计"
        told = f"“{group.title}”{what} {number(total)}，与分组满分 {number(group.full_marks)} 不符"
        yield document.issue(("groups", code, "full_marks"), told, "请核对；确属原文如此可不改", warning=True)
