"""Every figure of a 办法 that may be changed on a page: where it stands, what it is called, how it is written, how far it goes.

Knows the typed rubric; changes nothing (rewriting does) and scores nothing. Left out on purpose: conditions (when, if,
where), flags (they warn, no point depends on them), consequences, dates, and what is data: targets (`issued_targets`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from scoring.expressions.field import Formula
from scoring.expressions.parse import Call, Compare, Name, Negative, Number
from scoring.expressions.words import run_on
from scoring.rubric.by_group import maps
from scoring.rubric.knob_forms import Form, plain, reach, read, value_of, write, written_at
from scoring.rubric.knob_titles import Told, What, part_told, told
from scoring.rubric.model import Bonus, Grade, Indicator, Measure, Penalty, Rubric, Section, Veto
from scoring.rubric.points import ByGroup
from scoring.rubric.rules.kind import Setting
from scoring.rubric.structure import worth
from scoring.rubric.words import names_in
from scoring.source import Loc

__all__ = ["Knob", "What", "by_path", "issued_targets", "knobs", "plain"]

About = Literal["group", "section", "indicator", "adjustment", "grade", "total"]
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Knob:
    """One figure. `group`: the group it is written for, None where it is written once for all that it concerns.

    `value` is in `unit`; a share of full marks (`full`, `50% of full`) or a percentage is given in %, exactly. `full`:
    the full marks such a share is of, where they are the same for all groups. `least`, `most`, `step`: for a slider.
    """

    loc: Loc
    what: What
    about: About
    of: str  # code of the group, section, indicator or adjustment; title of the grade; empty for the total
    group: str | None
    title: str
    clause: str
    written: str
    form: Form
    value: Decimal
    unit: str
    least: Decimal
    most: Decimal
    step: Decimal
    full: Decimal | None = None

    @property
    def is_absolute(self) -> bool:
        """Whether it is a number of its own, and no share of another."""
        return self.form in ("number", "formula")

    def text(self, value: Decimal) -> str:
        """How this value is written in its place: in the form that stands there now."""
        return write(self.form, value, self.written)

    def value_of(self, text: str) -> Decimal:
        """What `text` wrote. Raises ValueError for a text of another form."""
        return value_of(self.form, text)


def knobs(rubric: Rubric) -> tuple[Knob, ...]:
    """In the order of the text: groups, grades, sections with their indicators, adjustments, limits of the total."""
    found: tuple[Knob, ...] = rubric.once("knobs", lambda: tuple(_all(rubric)))
    return found


def by_path(rubric: Rubric) -> dict[str, Knob]:
    """By its place as messages show it: sections.enforcement.indicators.case_volume.full_marks.county."""
    found: dict[str, Knob] = rubric.once(
        "knobs by path", lambda: {rubric.document.path(one.loc): one for one in knobs(rubric)}
    )
    return found


def issued_targets(rubric: Rubric, group: str) -> dict[str, Measure]:
    """Targets (任务) by code that the office issues and indicators of the group are measured against. They are data, no
    scalars of this text: a trial may take more or less of them, a draft does not keep it."""
    codes = dict.fromkeys(one.target for _, one in rubric.placed(group) if one.target is not None)
    found = {code: rubric.measures[code] for code in codes if code in rubric.measures}
    return {code: one for code, one in found.items() if _is_issued(rubric, one)}


def _is_issued(rubric: Rubric, one: Measure) -> bool:
    form = rubric.forms.get(one.form)
    entered = isinstance(one.value, Call) and one.value.function == "only"
    return entered and one.window == "this" and form is not None and form.kept_by == "office"


# --- what there is --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Owner:
    """What a figure belongs to."""

    rubric: Rubric
    about: About
    of: str
    head: str
    clause: str
    groups: tuple[str, ...]

    def fulls(self, group: str | None) -> set[Decimal]:
        """Full marks of the indicator, or of the whole for an adjustment: of one group, or of all it concerns."""
        groups = [group] if group is not None else self.groups
        if self.about in ("adjustment", "grade"):
            return {self.rubric.groups[code].full_marks for code in groups}
        found = [self.rubric.indicators[self.of].full(code) for code in groups] if self.about == "indicator" else []
        return {full for full in found if full is not None}

    def knob(self, loc: Loc, group: str | None, one: Told, most: Decimal | None = None) -> Iterator[Knob]:
        """The figure that is written there; none where nothing is, or no figure."""
        there = written_at(self.rubric.document, loc)
        figure = read(there[1], one) if there is not None else None
        if there is None or figure is None:
            return
        form, value = figure
        where = f"（{self.rubric.groups[group].title}）" if group is not None else ""
        fulls = self.fulls(group)
        unit = one.unit if form in ("number", "formula") else "%"
        least, most, step = reach(one, value, max(fulls, default=None) if most is None else most, unit)
        yield Knob(
            there[0], one.what, self.about, self.of, group, f"{self.head} · {one.words}{where}", self.clause,
            there[1], form, value, unit, least, most, step, fulls.pop() if len(fulls) == 1 else None,
        )  # fmt: skip

    def by_group(self, loc: Loc, figure: ByGroup[Any], one: Told, most: Decimal | None = None) -> Iterator[Knob]:
        """The one figure for all, or one for each group that is named."""
        for code in figure.groups or (None,):
            yield from self.knob((*loc, code) if code is not None else loc, code, one, most)


def _all(rubric: Rubric) -> Iterator[Knob]:
    for code, group in rubric.groups.items():
        owner = _Owner(rubric, "group", code, group.title, "", (code,))
        yield from owner.knob(("groups", code, "full_marks"), None, Told(What.FULL_MARKS, "满分"), 2 * group.full_marks)
    for index, grade in enumerate(rubric.spec.grades):
        yield from _grade(rubric, index, grade)
    for node in rubric.nodes():
        yield from _section(rubric, node.loc, node.section)
        for index, one in enumerate(node.section.indicators):
            yield from _indicator(rubric, (*node.loc, "indicators", index), node.section, one)
    for index, adjustment in enumerate(rubric.spec.adjustments):
        yield from _adjustment(rubric, ("adjustments", index), adjustment)
    total = _Owner(rubric, "total", "", "总分", "", tuple(rubric.groups))
    for key, words in (("at_least", "最低"), ("at_most", "最高")):
        yield from total.knob(("total", key), None, Told(What.TOTAL, words, below_zero=True))


def _grade(rubric: Rubric, index: int, grade: Grade) -> Iterator[Knob]:
    owner = _Owner(rubric, "grade", grade.title, grade.title, "", tuple(rubric.groups))
    if grade.at_least is not None:
        yield from owner.by_group(("grades", index, "at_least"), grade.at_least, Told(What.GRADE, "分数线"))
    for key, words, unit in (("share", "名额比例", "%"), ("units", "名额", "个")):
        yield from owner.knob(("grades", index, "quota", key), None, Told(What.QUOTA, words, unit))


def _section(rubric: Rubric, loc: Loc, one: Section) -> Iterator[Knob]:
    groups = tuple(code for code in rubric.groups if one.in_group(code))
    owner = _Owner(rubric, "section", one.code, f"{one.clause or ''}{one.title}", one.clause or "", groups)
    most = max((rubric.groups[code].full_marks for code in groups), default=Decimal(100))
    if one.full_marks is not None:
        yield from owner.by_group((*loc, "full_marks"), one.full_marks, Told(What.FULL_MARKS, "满分"), most)
    if one.weight is not None:
        yield from owner.by_group((*loc, "weight"), one.weight, Told(What.WEIGHT, "权重", "%"))
    for index, _ in enumerate(one.part_weights):
        yield from owner.knob((*loc, "part_weights", index), None, Told(What.WEIGHT, f"第 {index + 1} 期的权重", "%"))


def _indicator(rubric: Rubric, loc: Loc, section: Section, one: Indicator) -> Iterator[Knob]:
    groups = tuple(code for code in rubric.groups if one.in_group(code))
    if not groups:
        return
    owner = _Owner(rubric, "indicator", one.code, f"{one.clause}{one.title}", one.clause, groups)
    if one.full_marks is not None:
        most = max((worth(section, code) or _ZERO for code in groups), default=_ZERO)
        yield from owner.by_group((*loc, "full_marks"), one.full_marks, Told(What.FULL_MARKS, "满分"), most)
    if isinstance(one.at_most, ByGroup):
        yield from owner.by_group((*loc, "at_most"), one.at_most, Told(What.TOP, "最高得分"))
    for at, rule in enumerate(one.rules):
        for path, figure in maps(rule):
            for code in figure.groups or (None,):
                setting = _setting(rubric, code or groups[0], one)
                own = (*loc, "rules", at, *path, *((code,) if code is not None else ()))
                if (found := told(rule, path, setting)) is not None:
                    yield from owner.knob(own, code, found)
    if one.void is not None:
        words = run_on(one.void.reason, "时本项得分")
        yield from owner.by_group((*loc, "void", "leaves"), one.void.leaves, Told(What.POINTS, words))
    if one.not_applicable is not None and isinstance(one.not_applicable.then, Decimal):
        words = f"{one.not_applicable.reason}的，按满分的百分之几计"
        yield from owner.knob((*loc, "not_applicable", "then", "share"), None, Told(What.SHARE, words, "%"))


def _adjustment(rubric: Rubric, loc: Loc, one: Bonus | Penalty | Veto) -> Iterator[Knob]:
    groups = one.groups or tuple(rubric.groups)
    owner = _Owner(rubric, "adjustment", one.code, f"{one.clause}{one.title}", one.clause, groups)
    if isinstance(one, Veto):
        for key, words in {"lose": "总分扣", "score": "总分按几分计", "score_at_most": "总分不超过"}.items():
            yield from owner.knob((*loc, "effect", key), None, Told(What.VETO, words))
        return
    verb = "加" if isinstance(one, Bonus) else "扣"
    for index, part in enumerate(one.parts):
        for path, figure in maps(part):
            setting = names_in(rubric, figure.groups[0] if figure.groups else groups[0]).setting(None)
            if (found := part_told(part, path, setting, verb)) is not None:
                yield from owner.by_group((*loc, "parts", index, *path), figure, found, Decimal(10))
    limit = one.pool if isinstance(one, Bonus) else one.cap
    if isinstance(limit, ByGroup):
        what = What.POOL if isinstance(one, Bonus) else What.PENALTY_CAP
        key = "pool" if isinstance(one, Bonus) else "cap"
        yield from owner.by_group((*loc, key), limit, Told(what, f"合计最多{verb}"), Decimal(20))
    if isinstance(one, Bonus) and one.gate is not None and _bare(one.gate):
        yield from owner.knob((*loc, "gate"), None, Told(What.GATE, "基础得分的界限"))


def _bare(gate: Formula) -> bool:
    """`base >= 80`: a name compared with a number, which alone can be changed."""
    tree = gate.tree
    right = tree.right if isinstance(tree, Compare) else None
    number = right.item if isinstance(right, Negative) else right
    return isinstance(tree, Compare) and tree.left == Name("base") and isinstance(number, Number)


def _setting(rubric: Rubric, group: str, one: Indicator) -> Setting:
    return names_in(rubric, group, one).setting(one.full(group))
