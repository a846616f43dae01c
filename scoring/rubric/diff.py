"""What differs between two editions of a 办法, in words: each difference with its clause, before and after.

A table says for each part of a rubric which of its fields are told how. A change of fields that reads the same in every
telling (points written as a share of full marks, say) is no difference; a field that no telling knows is reported as
其他, so that nothing is passed over in silence. Knows no data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scoring.expressions.words import run_on
from scoring.rubric import following, reckoned, words
from scoring.rubric.items import located
from scoring.rubric.model import Adjustment, Consequence, Indicator, Rubric, Section
from scoring.rubric.pairing import Pairs, clauses_by_measure, measures_behind, paired
from scoring.source import Loc

WHOLE = "全办法"
RANKING = ("考核分组", "名次规则", "舍入", "总分上下限", "等次")  # decide places whatever the points are

Telling = Callable[[Rubric, str, Any], str]  # of a part, in the edition and group it stands in
Aspect = tuple[str, tuple[str, ...], tuple[Telling, ...]]  # what, its fields, tellings from plain to full


@dataclass(frozen=True)
class Difference:
    """One difference. `before` or `after` is None where there was, or is, no such thing.

    `group`: the titles of the groups it holds for, where it does not hold for all. `code`: of what it is about.
    """

    what: str
    subject: str
    before: str | None
    after: str | None
    clause_old: str | None = None
    clause_new: str | None = None
    group: str = ""
    code: str = ""

    @property
    def clause(self) -> str:
        """第七条（三）, 第七条（三）→第七条（四）; empty where no clause speaks of it."""
        return "→".join(dict.fromkeys(clause for clause in (self.clause_old, self.clause_new) if clause))

    @property
    def words(self) -> str:
        """The difference as one sentence without full stop."""
        head = f"{self.clause}{'' if self.subject.startswith('“') else ' '}{self.subject}".strip()
        where = f"（{self.group}）" if self.group else ""
        if self.before is None:
            return f"{head}：{self.what}{where}，{self.after}"
        if self.after is None:
            return f"{head}：{self.what}{where}，原为{self.before}"
        return f"{head}：{self.what}{where}由“{self.before}”改为“{self.after}”"


# --- how each part is told ------------------------------------------------------------------------------


def _plain(tell: Callable[[Any], str]) -> Telling:
    return lambda rubric, group, one: tell(one)


def _defined(*fields: str) -> Telling:
    """The 数据项 that the fields look at, spelt out: tells apart two that have one title."""

    def tell(rubric: Rubric, group: str, one: Any) -> str:
        parts = [getattr(one, field, None) for field in fields]
        indicator = one if isinstance(one, Indicator) else None
        codes = measures_behind(rubric, indicator, *(part for part in parts if part is not None))
        return "；".join(f"{rubric.measures[code].title}：{words.measure(rubric, code)}" for code in codes)

    return tell


def _titled(field: str) -> Telling:
    return lambda rubric, group, one: words.title_of(rubric, getattr(one, field))


def _joined(told: Iterable[tuple[str, str | None]]) -> str:
    """Choices of ours, each with what it is about."""
    return "；".join(f"{head}：{text}" for head, text in told if text is not None) or "无"


_TITLE: Aspect = ("改名", ("title",), (_plain(lambda one: one.title),))
_CLAUSE: Aspect = ("条款改号", ("clause",), (_plain(lambda one: one.clause),))
_SOURCE: Aspect = ("出处", ("source",), (_plain(lambda one: one.source or "没有写明"),))
_NOTE: Aspect = ("说明", ("note",), (_plain(lambda one: one.note or "无"),))
_ASSUMED: Aspect = ("认定", ("assumption",), (_plain(lambda one: one.assumption or "无"),))
_FULL: Aspect = ("满分", ("full_marks",), (lambda rubric, group, one: words.full_marks(one.full(group)),))

_GATHERED = ("weight", "takes", "rescale_within", "each", "part_weights", "cumulative", "whole_period")
SECTION: tuple[Aspect, ...] = (
    _TITLE,
    ("条款改号", ("clause",), (_plain(lambda one: one.clause or "没有写明"),)),
    _FULL,
    ("汇总办法", _GATHERED, (words.gathered,)),
    _ASSUMED,
)
INDICATOR: tuple[Aspect, ...] = (
    _TITLE,
    _CLAUSE,
    _FULL,
    ("最高得分", ("at_most",), (lambda rubric, group, one: words.highest(one, group),)),
    ("规则", ("rules",), (words.rules, words.rules_in_full, _defined("rules"))),
    ("指标值", ("value", "actual", "measured_in"), (words.looked_at, _titled("actual"), _defined("value", "actual"))),
    ("目标", ("target",), (_titled("target"), _defined("target"))),
    ("阈值", ("flag",), (words.flag, _defined("flag"))),
    ("不适用的处理", ("not_applicable",), (words.not_applicable, _defined("not_applicable"))),
    ("归零情形", ("void",), (words.void, _defined("void"))),
    ("分母为零的处理", ("base_zero",), (_plain(words.base_zero),)),
    ("未报送的处理", ("missing",), (_plain(lambda one: words.ABSENT[one.missing]),)),
    ("整改建议", ("remedy",), (_plain(lambda one: words.remedy(one.remedy)),)),
    _SOURCE,
    _ASSUMED,
    _NOTE,
)
_TAKEN = ("parts", "pool", "gate", "cap", "when", "effect")
ADJUSTMENT: tuple[Aspect, ...] = (
    _TITLE,
    _CLAUSE,
    ("", _TAKEN, (words.adjustment, words.adjustment_in_full, _defined("parts", "gate", "when"))),
    _SOURCE,
    _ASSUMED,
)
_FOLLOWS = ("when", "edge", "action", "within_days", "leave_out")
CONSEQUENCE: tuple[Aspect, ...] = (
    _CLAUSE,
    ("结果运用", _FOLLOWS, (lambda rubric, group, one: following.consequence(rubric, one), _defined("leave_out"))),
    _ASSUMED,
)
# By fields: what is reckoned, where a sentence may leave something out.
RECKONED: dict[tuple[str, ...], Telling] = {("rules",): reckoned.rules, _TAKEN: reckoned.adjustment}
_COUNTED = ("unit", "form", "value", "where", "of", "over", "weights", "once_by", "known_on", "skip_unreadable")
SPEC: tuple[Aspect, ...] = (
    ("考核期", ("period",), (lambda rubric, group, one: words.period(rubric),)),
    ("舍入", ("rounding",), (_plain(lambda one: words.rounding(one.rounding)),)),
    ("名次规则", ("places", "rounding"), (lambda rubric, group, one: words.ties(rubric),)),
    ("未报送的处理", ("missing",), (_plain(lambda one: words.ABSENT[one.missing]),)),
    ("总分上下限", ("total",), (_plain(lambda one: words.total_limits(one.total)),)),
    ("等次", ("grades",), (lambda rubric, group, one: words.grades(rubric),)),
    ("等次的认定", ("grades",), (_plain(lambda one: _joined((g.title, g.assumption) for g in one.grades)),)),
    ("其他认定", ("assumptions",), (_plain(lambda one: _joined((a.clause, a.text) for a in one.assumptions)),)),
    _NOTE,
)
_BY_CODE = ("code", "kind", "groups", "indicators", "measures", "sections", "adjustments", "consequences", "units")
_IDENTITY = ("rubric", "edition", "document")
_PROOF = ("samples", "actions")  # examples of how the text is read, what can still be done: no score depends on them


def differences(old: Rubric, new: Rubric) -> tuple[Difference, ...]:
    """In the order of the new text: sections, indicators, adjustments, 数据项, what holds for all of it."""
    two = _Two(old, new, paired(old, new))
    return (*two.sections(), *two.indicators(), *two.adjustments(), *two.consequences(), *two.measures(), *two.groups(), *two.whole())


@dataclass(frozen=True)
class _Two:
    old: Rubric
    new: Rubric
    pairs: Pairs

    def _compared(
        self, aspects: Sequence[Aspect], before: Any, after: Any, head: Difference, groups: Sequence[str] = ()
    ) -> Iterator[Difference]:
        """One difference for each aspect in which two parts differ, by the first telling that shows it."""
        groups = groups or list(self.new.groups)[:1]
        for what, fields, tellings in aspects:
            if all(getattr(before, field, None) == getattr(after, field, None) for field in fields):
                continue
            for telling in tellings:
                texts = {g: (telling(self.old, g, before), telling(self.new, g, after)) for g in groups}
                if any(text[0] != text[1] for text in texts.values()):
                    yield from self._told(replace(head, what=what or head.what), texts)
                    break
            else:
                of = RECKONED.get(fields)
                if of is not None and any(of(self.old, g, before) != of(self.new, g, after) for g in groups):
                    yield self._elsewhere(before, after, head)
        known = {field for _, fields, _ in aspects for field in fields} | {*_BY_CODE, *_IDENTITY, *_PROOF}
        rest = [field for field in type(after).model_fields if field not in known]
        if any(getattr(before, field) != getattr(after, field) for field in rest):
            yield self._elsewhere(before, after, head)

    def _elsewhere(self, before: Any, after: Any, head: Difference) -> Difference:
        """Something that is not told in words: where to read it."""
        return replace(head, what="其他", before=_where(self.old, before), after=_where(self.new, after))

    def _told(self, head: Difference, texts: dict[str, tuple[str, str]]) -> Iterator[Difference]:
        """One difference for all groups where it is the same for all, else one for those it is the same for."""
        sorted_out: dict[tuple[str, str], list[str]] = {}
        for group, text in texts.items():
            sorted_out.setdefault(text, []).append(self.new.groups[group].title)
        for text, titles in sorted_out.items():
            if text[0] != text[1]:
                group = "、".join(titles) if len(sorted_out) > 1 else ""
                yield replace(head, before=text[0], after=text[1], group=group)

    # --- sections and indicators -----------------------------------------------------------------------

    def sections(self) -> Iterator[Difference]:
        before = {node.section.code: node.section for node in self.old.nodes()}
        after = {node.section.code: node.section for node in self.new.nodes()}
        for code, section in after.items():
            head = Difference("一级指标新增", f"一级指标“{section.title}”", None, _full(self.new, section), code=code)
            if code in before:
                groups = [group for group in self.new.groups if group in self.old.groups]
                yield from self._compared(SECTION, before[code], section, head, groups)
            else:
                yield head
        for code, section in before.items():
            if code not in after:
                full = _full(self.old, section)
                yield Difference("一级指标取消", f"一级指标“{section.title}”", full, None, code=code)

    def indicators(self) -> Iterator[Difference]:
        back = {after: before for before, after in self.pairs.indicators.items()}
        for code, one in self.new.indicators.items():
            if code in back:
                yield from self._indicator(self.old.indicators[back[code]], one)
            else:
                told = _all_of(self.new, one)
                yield Difference("指标新增", f"“{one.title}”", None, told, None, one.clause, code=code)
        for code, one in self.old.indicators.items():
            if code not in self.pairs.indicators:
                yield Difference("指标取消", f"“{one.title}”", _all_of(self.old, one), None, one.clause, code=code)

    def _indicator(self, before: Indicator, after: Indicator) -> Iterator[Difference]:
        head = Difference("", f"“{after.title}”", "", "", before.clause, after.clause, code=after.code)
        if before.code != after.code:
            alike = "名称相同" if before.title == after.title else "条款相同"
            told = f"{after.code}（{alike}，视为同一指标，请核对）"
            yield replace(head, what="改代码", before=before.code, after=told)
        here, there = self.old.section_of[before.code], self.new.section_of[after.code]
        if here.code != there.code:
            yield replace(head, what="移动", before=f"一级指标“{here.title}”", after=f"一级指标“{there.title}”")
        inside = _inside(self.old, before), _inside(self.new, after)
        yield from self._scope(replace(head, what="考核范围"), *inside)
        if both := [group for group in inside[1] if group in inside[0]]:
            yield from self._compared(INDICATOR, before, after, head, both)

    def _scope(self, head: Difference, old: list[str], new: list[str]) -> Iterator[Difference]:
        """Other groups than before."""
        if set(old) != set(new):
            yield replace(head, before=_titles(self.old, old), after=_titles(self.new, new))

    # --- adjustments, measures, groups, the whole -------------------------------------------------------

    def adjustments(self) -> Iterator[Difference]:
        before = {one.code: one for one in self.old.spec.adjustments}
        for one in self.new.spec.adjustments:
            kind, subject = words.ADJUSTMENTS[one.kind], f"“{one.title}”"
            if one.code not in self.pairs.adjustments:
                told = words.adjustment(self.new, _inside(self.new, one)[0], one)
                yield Difference(f"{kind}新增", subject, None, told, None, one.clause, code=one.code)
                continue
            was = before[one.code]
            head = Difference(kind, subject, "", "", was.clause, one.clause, code=one.code)
            inside = _inside(self.old, was), _inside(self.new, one)
            yield from self._scope(replace(head, what="适用范围"), *inside)
            if both := [group for group in inside[1] if group in inside[0]]:
                yield from self._compared(ADJUSTMENT, was, one, head, both)
        for code, one in before.items():
            if code not in self.pairs.adjustments:
                told = words.adjustment(self.old, _inside(self.old, one)[0], one)
                kind = words.ADJUSTMENTS[one.kind]
                yield Difference(f"{kind}取消", f"“{one.title}”", told, None, one.clause, code=code)

    def consequences(self) -> Iterator[Difference]:
        """By clause and action, or by one of the two."""
        before, found = list(self.old.spec.consequences), {}
        for key in (lambda one: (one.clause, one.action), lambda one: one.clause, lambda one: one.action):
            for index, one in enumerate(self.new.spec.consequences):
                was = next((other for other in before if key(other) == key(one)), None)
                if index not in found and was is not None:
                    found[index] = was
                    before.remove(was)
        for index, one in enumerate(self.new.spec.consequences):
            subject = f"“{one.action}”"
            if index in found:
                was = found[index]
                head = Difference("结果运用", subject, "", "", was.clause, one.clause)
                yield from self._scope(replace(head, what="适用范围"), _inside(self.old, was), _inside(self.new, one))
                yield from self._compared(CONSEQUENCE, was, one, head)
            else:
                yield Difference("结果运用新增", subject, None, following.consequence(self.new, one), None, one.clause)
        for one in before:
            yield Difference("结果运用取消", f"“{one.action}”", following.consequence(self.old, one), None, one.clause)

    def measures(self) -> Iterator[Difference]:
        """Those in both editions; a new one comes with what looks at it."""
        users = clauses_by_measure(self.old), clauses_by_measure(self.new)
        for code, spec in self.new.spec.measures.items():
            if code in self.old.spec.measures:
                told: Aspect = ("数据口径", _COUNTED, (_measure(code),))
                clauses = users[0].get(code), users[1].get(code)
                head = Difference("", f"数据项“{spec.title}”", "", "", *clauses, code=code)
                yield from self._compared((_TITLE, told, _NOTE), self.old.spec.measures[code], spec, head)

    def groups(self) -> Iterator[Difference]:
        before, after = self.old.groups, self.new.groups
        for code in dict.fromkeys([*before, *after]):
            title = (after if code in after else before)[code].title
            for telling in (words.group_title, words.members, words.group_marks):
                old = telling(self.old, code) if code in before else None
                new = telling(self.new, code) if code in after else None
                if old != new:
                    yield Difference("考核分组", f"“{title}”组", old, new, code=code)

    def whole(self) -> Iterator[Difference]:
        yield from self._compared(SPEC, self.old.spec, self.new.spec, Difference("", WHOLE, "", ""))


def _measure(code: str) -> Telling:
    return lambda rubric, group, one: words.measure(rubric, code)


def _inside(rubric: Rubric, one: Indicator | Adjustment | Consequence) -> list[str]:
    """The groups it holds for."""
    if isinstance(one, Indicator):
        return [group for group in rubric.groups if one.in_group(group)]
    return [group for group in rubric.groups if not one.groups or group in one.groups]


def _titles(rubric: Rubric, groups: Sequence[str]) -> str:
    return "、".join(rubric.groups[group].title for group in groups) or "没有"


def _by_group(rubric: Rubric, groups: Sequence[str], tell: Callable[[str], str], joined: str = "；") -> str:
    """One text, or one for each group where they differ."""
    texts = {group: tell(group) for group in groups}
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return joined.join(run_on(rubric.groups[group].title, text) for group, text in texts.items())


def _full(rubric: Rubric, one: Section | Indicator) -> str:
    groups = list(rubric.groups) if isinstance(one, Section) else _inside(rubric, one)

    def tell(group: str) -> str:
        full = one.full(group)
        return words.worth(full, one.top(group) if isinstance(one, Indicator) else full)

    return run_on("满分", _by_group(rubric, groups, tell, "、"))


def _all_of(rubric: Rubric, one: Indicator) -> str:
    rules = _by_group(rubric, _inside(rubric, one), lambda group: words.rules(rubric, group, one))
    return f"{_full(rubric, one)}，规则：{rules}"


def _where(rubric: Rubric, one: object) -> str:
    """Where a part stands in its file, for what is not told in words."""
    spec = rubric.spec
    places: list[tuple[object, Loc]] = [(spec.measures[code], ("measures", code)) for code in spec.measures]
    places += [(part, ("adjustments", index)) for index, part in enumerate(spec.adjustments)]
    places += [(part, ("consequences", index)) for index, part in enumerate(spec.consequences)]
    places += [(node.section, node.loc) for node in rubric.nodes()]
    places += [(part, loc) for loc, _, part in located(spec.sections)]
    loc = next((loc for part, loc in places if part is one), ())
    return f"{rubric.document.file} 第 {rubric.document.line(loc)} 行"
