"""Random tiny rubrics whose full marks can be written anew: the real engine then says what other weights make of the ranking.

Every item gives a share of its full marks, so that its points scale with them; nothing is rounded at the item. No test here.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from tests.tiny import Scores, Tiny, block

UNITS = ("甲县", "乙县", "丙县", "丁县", "戊县", "己县")
HALF = Decimal("0.5")


@dataclass
class Item:
    code: str
    full: Decimal
    kind: str  # percent, landing
    lands_on: str = "section"
    absent: str = ""  # what happens where it does not apply


@dataclass
class Section:
    code: str
    items: list[Item]
    stated: Decimal | None = None  # its full marks, as a share of what is below
    weight: str = ""

    @property
    def share(self) -> Decimal:
        return Decimal(self.weight.rstrip("%")) / 100 if self.weight else Decimal(1)


@dataclass
class RandomRubric:
    """What was drawn; `write` it with its own full marks, or with others."""

    sections: list[Section]
    table: str
    rounding: str
    places: str
    adjustments: str
    waits: list[str] = field(default_factory=list)

    @property
    def items(self) -> list[tuple[Section, Item]]:
        return [(section, item) for section in self.sections for item in section.items]

    def text(self, fulls: dict[str, Decimal]) -> str:
        parts = []
        for section in self.sections:
            own = "\n".join(_item_text(item, fulls[item.code]) for item in section.items)
            whole = sum((fulls[item.code] for item in section.items), Decimal(0))
            head = f"- code: {section.code}\n  title: 部分{section.code}\n"
            head += f"  full_marks: {whole * section.stated}\n" if section.stated is not None else ""
            head += f"  weight: {section.weight}\n" if section.weight else ""
            parts.append(f"{head}  indicators:\n{block(own, 4)}\n")
        return "".join(parts)

    def score(self, folder: Path, fulls: dict[str, Decimal] | None = None) -> Scores:
        fulls = fulls or {item.code: item.full for _, item in self.items}
        tiny = Tiny(
            table=self.table, sections=self.text(fulls), rounding=self.rounding, places=self.places, adjustments=self.adjustments,
            grades="[{title: 优秀, at_least: 60, quota: {share: 40%}}, {title: 一般}]",
        )  # fmt: skip
        return tiny.score(folder)


def _item_text(item: Item, full: Decimal) -> str:
    lines = [f"- code: {item.code}", f"  title: 指标{item.code}", f"  clause: 第{item.code}条", f"  full_marks: {full}"]
    if item.absent:
        lines.append(f"  not_applicable: {{when: n_{item.code} = 1, then: {item.absent}, reason: 没有这项职责}}")
    if item.kind == "percent":
        lines.append(f"  rules: [{{kind: piecewise, of: m_{item.code}, straight: [[0, 0], [100, full]]}}]")
    else:
        part = f"{{measure: m_{item.code}, each: 20% of full}}"
        lines.append(f"  rules: [{{kind: deductions, parts: [{part}], lands_on: {item.lands_on}}}]")
    return "\n".join(lines)


def random_rubric(seed: int) -> RandomRubric:
    """The same seed, the same rubric."""
    chance = random.Random(seed)
    weighted = chance.random() < 0.3
    sections, number = [], 0
    for index in range(chance.randint(2, 3)):
        items = []
        for _ in range(chance.randint(2, 3)):
            number += 1
            full = Decimal(chance.randint(4, 60)) / 2
            kind = "landing" if chance.random() < 0.25 else "percent"
            absent = chance.choice(["rescale", "rescale", "full_marks", "no_points"]) if chance.random() < 0.4 else ""
            items.append(Item(f"x{number}", full, kind, chance.choice(["section", "total"]), absent))
        if chance.random() < 0.25:
            items[0].kind, items[0].absent = "percent", "spread"
            items[-1].absent = "rescale" if items[-1].absent == "spread" else items[-1].absent
        stated = chance.choice([None, Decimal(1), Decimal(1), HALF])
        sections.append(Section(f"s{index}", items, stated, "50%" if weighted and index == 0 else ""))
    rounding = chance.choice([
        "{rate: none, item: none, section: none, total: 2, places_by: rounded}",
        "{rate: none, item: none, section: none, total: 2, places_by: exact}",
        "{rate: none, item: none, section: 1, total: 1, places_by: rounded}",
        "{rate: none, item: none, section: none, total: none, places_by: exact}",
        "{rate: none, item: none, section: none, total: 0, places_by: rounded}",
    ])  # fmt: skip
    ties, broken = chance.choice(["1-1-3", "1-1-2"]), chance.choice(["[]", "[s1]", "[s0, s1]"])
    return RandomRubric(
        sections, _table(chance, sections), rounding, f"{{ties: {ties}, break_by: {broken}}}", _ADJUSTMENTS,
    )  # fmt: skip


_ADJUSTMENTS = """
- {kind: bonus, code: praised, title: 表扬, clause: 加分, parts: [{measure: praise, each: 2}], pool: 5, gate: base >= 40}
- {kind: penalty, code: exposed, title: 曝光, clause: 扣分, parts: [{measure: exposed_times, each: 1.5}]}
- {kind: veto, code: false_report, title: 弄虚作假, clause: 否决, when: falsified > 0, effect: {score_at_most: 30, grade: 一般}}
"""


def _table(chance: random.Random, sections: list[Section]) -> str:
    """Coarse figures, so that totals tie."""
    items = [item for section in sections for item in section.items]
    heads = ["单位", *(f"m_{item.code}" for item in items), *(f"n_{item.code}" for item in items if item.absent)]
    rows = [" ".join([*heads, "praise", "exposed_times", "falsified"])]
    for unit in UNITS:
        figures = [str(chance.choice([0, 20, 40, 50, 50, 100, 100]) if item.kind == "percent" else chance.randint(0, 6)) for item in items]
        absent = [str(int(chance.random() < 0.35)) for item in items if item.absent]
        if "1" in absent and len(absent) == len(items):
            absent[0] = "0"
        extra = [str(chance.choice([0, 0, 1, 3])), str(chance.choice([0, 0, 0, 1])), str(int(chance.random() < 0.1))]
        rows.append(" ".join([unit, *figures, *absent, *extra]))
    rows.append(rows[-1].replace(UNITS[-1], "庚县"))  # two units alike in everything
    return "\n".join(rows)
