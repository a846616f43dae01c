"""Random small rubrics with actions, and every way of doing their actions tried one by one. Knows nothing of the search.

A rubric is drawn from a seed: indicators of several kinds, limits, gates, vetoes, grades with quotas, sections that take
the lowest, figures compared within the group. `every_way` goes through all counts of all actions, works the figures
out by plain addition, and lets the engine score the whole group for each; the cheapest that reaches an aim is the answer.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

from scoring.engine.made_up import MadeUp, score
from scoring.rubric.samples import Said
from tests.path.acting import acting
from tests.tiny import Scores, Tiny, item

UNITS = ("甲县", "乙县", "丙县", "丁县", "戊县")
COUNTS = ("a", "b", "c", "d")
TRUTHS = ("p", "q")


@dataclass(frozen=True)
class Act:
    code: str
    does: dict[str, int]  # 1 for a figure that becomes 是
    effort: Decimal
    most: int

    @property
    def yaml(self) -> str:
        does = ", ".join(f"{code}: {'是' if code in TRUTHS else f'{change:+d}'}" for code, change in self.does.items())
        return f"- {{code: {self.code}, title: 做{self.code}, does: {{{does}}}, effort: {self.effort}, most: {self.most}}}"


@dataclass
class Drawn:
    """A small rubric with data and actions."""

    seed: int
    compares: bool = False
    figures: dict[str, dict[str, int]] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    tiny: Tiny = field(default_factory=Tiny)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        draw = self.random
        for unit in UNITS[: draw.randint(3, 5)]:
            self.figures[unit] = {code: draw.randint(0, 6) for code in COUNTS} | {"t": draw.randint(4, 8)}
            self.figures[unit] |= {code: draw.randint(0, 1) for code in TRUTHS}
        self.tiny = self._tiny()
        self._draw_acts()

    def _draw_acts(self) -> None:
        draw, left = self.random, 12 if self.compares else 140
        text = self.tiny.sections + self.tiny.adjustments + self.tiny.grades
        counts = [code for code in COUNTS if re.search(rf"\b{code}\b", text)]  # others nobody knows anything of
        truths = [code for code in TRUTHS if re.search(rf"\bif: {code}\b", text)]
        for number in range(draw.randint(2, 4)):
            does = {code: draw.choice((1, 1, 2, -1)) for code in draw.sample(counts, min(len(counts), draw.choice((1, 1, 2))))}
            if truths and (not counts or draw.random() < 0.25):
                does = {draw.choice(truths): 1}
            most = 1 if set(does) <= set(TRUTHS) else draw.randint(1, 4)
            if left // (most + 1) < 1:
                break
            left //= most + 1
            effort = Decimal(draw.choice(("0", "0.5", "1", "1", "1.5", "2", "3")))
            self.acts.append(Act(f"act_{number}", does, effort, most))

    # --- the rubric -------------------------------------------------------------------------------------

    def _rule(self) -> str:
        draw = self.random
        code = draw.choice(COUNTS)
        kinds = [
            f"value: 100 * {code} / t\nrules: [{{kind: piecewise, straight: [[{draw.choice((0, 30, 50))}, 0], [{draw.choice((80, 100))}, full]], below: 0}}]",
            f"value: {code} + {draw.choice(COUNTS)}\nrules: [{{kind: bands, bands: [{{at_least: 8, points: full}}, {{at_least: 4, points: {draw.choice((40, 60))}% of full}}, {{points: 0}}]}}]",
            f"rules: [{{kind: deductions, parts: [{{measure: {code}, each: {draw.choice(('0.7', '1.5', '3'))}, cap: {draw.choice((4, 10))}}}]}}]",
            f"rules: [{{kind: awards, parts: [{{measure: {code}, each: {draw.choice(('0.35', '1.25', '2'))}}}, {{measure: {draw.choice(COUNTS)}, each: 1}}], cap: full}}]",
            "rules: [{kind: checklist, need: each, items: [{if: p, points: 4}, {if: q, points: 6}]}]",
            f"rules: [{{kind: checklist, need: all, points: full, items: [{{if: p, title: 甲}}, {{if: {code} >= 3, title: 乙}}]}}]",
            f"rules: [{{kind: deductions, parts: [{{measure: {code}, each: 2.5}}], lands_on: {draw.choice(('section', 'total'))}}}]",
            f"value: 100 * {code} / {draw.choice(COUNTS)}\nbase_zero: {{then: {draw.choice(('full_marks', 'no_points', 'not_applicable'))}}}\n"
            "not_applicable: {then: rescale, reason: 没有}\nrules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]",
        ]
        body = draw.choice(kinds)
        if self.compares and draw.random() < 0.6:
            body = draw.choice((
                f"base_zero: {{then: no_points}}\nrules: [{{kind: formula, points: full * {code} / highest({code}), most: full}}]",
                f"actual: {code}\nrules: [{{kind: steps, of: place(value), start: 1, above: {{lose: 2}}}}]",
            ))  # fmt: skip
        return body

    def _sections(self) -> str:
        draw = self.random
        lines = []
        number = 0
        for section in range(draw.choice((1, 2, 2))):
            own = draw.randint(1, 3)
            limit = f"  full_marks: {draw.choice((8, 10, 15)) * own}\n" if draw.random() < 0.5 else ""
            takes = f"  takes: {draw.choice(('lowest', 'average', 'highest'))}\n" if own > 1 and draw.random() < 0.2 else ""
            weight = f"  weight: {draw.choice(('60%', '40%', '1.5'))}\n" if draw.random() < 0.2 else ""
            head = f"- code: part_{section}\n  title: 第{section}部分\n{limit}{takes}{weight}  indicators:\n"
            items = []
            for _ in range(own):
                rule = self._rule()
                if takes and "not_applicable" in rule:
                    rule = rule.replace("then: not_applicable", "then: no_points")
                items.append(item(rule, f"x{number}", "10"))
                number += 1
            lines.append(head + "".join("".join(f"    {line}\n" for line in text.splitlines()) for text in items))
        return "".join(lines)

    def _tiny(self) -> Tiny:
        draw = self.random
        codes = ["t", *COUNTS]
        table = "单位 " + " ".join([*codes, *(f"{code}:boolean" for code in TRUTHS)]) + "\n"
        for unit, own in self.figures.items():
            table += " ".join([unit, *(str(own[code]) for code in codes), *("是" if own[code] else "否" for code in TRUTHS)]) + "\n"
        extras = []
        if draw.random() < 0.5:
            gate = f", gate: base >= {draw.randint(5, 30)}" if draw.random() < 0.8 else ""
            if gate and draw.random() < 0.3:
                gate += f" and {draw.choice(COUNTS)} <= 4"
            extras.append(f"- {{kind: bonus, code: more, title: 加, clause: 第八条, parts: [{{measure: {draw.choice(COUNTS)}, each: 1.5}}], pool: 5{gate}}}")
        if draw.random() < 0.4:
            extras.append(f"- {{kind: penalty, code: less, title: 减, clause: 第九条, parts: [{{measure: {draw.choice(COUNTS)}, each: 1}}], cap: 3}}")
        if draw.random() < 0.4:
            effect = draw.choice(("lose: 5", "score_at_most: 12", "grade: 差", "grade_down: 1", "grade_down: 1, within_grade: true", "score: 6"))
            extras.append(f"- {{kind: veto, code: no, title: 否, clause: 第十条, when: {draw.choice(COUNTS)} >= 5, effect: {{{effect}}}}}")
        only_if = f", only_if: {draw.choice(COUNTS)} >= 3" if draw.random() < 0.4 else ""
        quota = ", quota: {units: 1, tie: " + draw.choice(("in", "out")) + "}" if draw.random() < 0.5 else ""
        tiny = Tiny(table=table, sections=self._sections(), adjustments="\n".join(extras) or "[]")
        tiny.grades = f"[{{title: 优, at_least: 25{quota}}}, {{title: 良, at_least: 12{only_if}}}, {{title: 差}}]"
        tiny.places = f"{{ties: {draw.choice(('1-1-3', '1-1-2'))}, break_by: {draw.choice(('[]', '[]', '[part_0]'))}}}"
        decimals = draw.choice((("2", "2"), ("2", "1"), ("none", "2"), ("1", "0"), ("2", "none")))
        by = "exact" if decimals[1] != "none" and draw.random() < 0.3 else "rounded"
        section = draw.choice(("none", "none", "1")) if decimals[1] not in ("none",) else "none"
        tiny.rounding = f"{{rate: none, item: {decimals[0]}, section: {section}, total: {decimals[1]}, places_by: {by}}}"
        tiny.total = draw.choice(("{at_least: 0}", "{at_least: none}", "{at_least: 0, at_most: 30}"))
        return tiny

    def score(self, folder: Path) -> Scores:
        """Written with its actions, opened and scored."""
        return acting(folder, self.tiny, "\n".join(act.yaml for act in self.acts))

    def done(self, unit: str, times: tuple[int, ...]) -> dict[str, int] | None:
        """The figures of a unit then; None where that cannot be: a count below 0."""
        found = dict(self.figures[unit])
        for act, count in zip(self.acts, times, strict=True):
            for code, change in act.does.items():
                found[code] += change * count
        for code in TRUTHS:
            if any(code in act.does and count and self.figures[unit][code] for act, count in zip(self.acts, times, strict=True)):
                return None  # done already
            found[code] = min(1, found[code])
        return None if any(found[code] < 0 for code in COUNTS) else found


# --- every way ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tried:
    """One way: counts, what it costs (effort, actions, order of the text), what comes of it."""

    times: tuple[int, ...]
    cost: tuple[Any, ...]
    row: dict[str, Any]


def every_way(drawn: Drawn, scores: Scores, unit: str) -> list[Tried]:
    """All ways, the cheapest first, each with the row of the unit in the ranking of its group."""
    rubric = scores.assessment.rubric
    ways = [times for times in product(*(range(act.most + 1) for act in drawn.acts)) if drawn.done(unit, times) is not None]
    made_up = []
    for number, times in enumerate(ways):
        for other, own in drawn.figures.items():
            figures = drawn.done(unit, times) if other == unit else own
            assert figures is not None
            said = {code: Said("", value=Fraction(value)) for code, value in figures.items()}
            made_up.append(MadeUp(f"{number}/{other}", str(number), "all", said, frozenset(["total", "place"])))
    rows = {row["unit"]: row for row in score(rubric, made_up)["ranking"]}
    found = [Tried(times, _cost(drawn, times), rows[f"{number}/{unit}"]) for number, times in enumerate(ways)]
    return sorted(found, key=lambda one: one.cost)


def _cost(drawn: Drawn, times: tuple[int, ...]) -> tuple[Any, ...]:
    effort = sum((act.effort * count for act, count in zip(drawn.acts, times, strict=True)), Decimal(0))
    return effort, sum(times), tuple(-count for count in times)

