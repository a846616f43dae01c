"""What a 标准样例 must hold before it can be run: names that exist, figures that can be, results that can come out.

Knows the typed rubric, forms and register; runs nothing. Whether the results do come out is for the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction

from scoring.expressions.words import number
from scoring.forms import Forms
from scoring.issues import Issue
from scoring.rubric.items import Indicator, Section, nodes
from scoring.rubric.model import Adjustment, Measure, Rubric, RubricSpec, Veto
from scoring.rubric.parts import at_work
from scoring.rubric.samples import STATES, YES_NO, Expected, Said, Sample, SampleUnit, group, like
from scoring.rubric.settings import SCHEDULE_HIGH, aggregate_of
from scoring.source import Document, Loc
from scoring.units import Register

Found = Iterator[Issue]
OF_THE_UNIT = {"total": "总分", "grade": "等次", "place": "名次"}
NUMBER_OR_RANGE = "请写一个数，或 [最低, 最高]"


@dataclass(frozen=True)
class Reading:
    """What the checks look at."""

    spec: RubricSpec
    document: Document
    forms: Forms
    register: Register
    measures: dict[str, Measure]

    @property
    def samples(self) -> tuple[Sample, ...]:
        return self.spec.samples

    def parts(self) -> dict[str, Indicator | Section | Adjustment]:
        """What a result can be expected of, by code."""
        found: dict[str, Indicator | Section | Adjustment] = {}
        for node in nodes(self.spec.sections):
            found[node.section.code] = node.section
            found |= {one.code: one for one in node.section.indicators}
        return found | {one.code: one for one in self.spec.adjustments}


def sample_mistakes(
    spec: RubricSpec, document: Document, forms: Forms, register: Register, measures: dict[str, Measure], sound: bool
) -> list[Issue]:
    """Every mistake of writing in the samples of a typed rubric. `sound`: the rest of it has no error."""
    if not spec.samples:
        return []
    if any(node.section.each is not None for node in nodes(spec.sections)):
        if not sound:
            return []  # figures and items have the names of their parts, which need sound sections
        rubric = Rubric(spec, document, forms, register, measures)
        period = rubric.period(str(spec.document.in_force.year))
        rubric = at_work(rubric, period, period.end)
        spec, measures = rubric.spec, rubric.measures
    reading = Reading(spec, document, forms, register, measures)
    issues: list[Issue] = []
    for at, sample in enumerate(spec.samples):
        loc: Loc = ("samples", at)
        issues += _sample(reading, sample, loc)
        for index, unit in enumerate(sample.units):
            of = (*loc, "units", index)
            issues += (_real if sample.period is not None else _imaginary)(reading, at, index, of)
            issues += _figures(reading, unit, of)
            issues += _expected(reading, unit, group_of(reading, at, index), of)
        issues += _order(reading, at, sample, (*loc, "order"))
    return issues


def group_of(reading: Reading, at: int, index: int) -> str | None:
    """The group in which a unit of a sample is scored; None where that cannot be told."""
    sample = reading.samples[at]
    if sample.period is None:
        found = group(reading.samples, at, index, reading.spec.groups)
        return found if found in reading.spec.groups else None
    unit = reading.register.find(sample.units[index].unit or "")
    return next((code for code, one in reading.spec.groups.items() if unit and one.units.includes(unit)), None)


def nearest(name: str, known: Iterable[str]) -> str:
    """是不是…, or what there is."""
    options = [*known]
    close = get_close_matches(name, options, n=1, cutoff=0.6)
    if close:
        return f"是不是“{close[0]}”？"
    plain = [option for option in options if "." not in option]
    return "可用：" + "、".join(plain[:20]) + ("等" if len(plain) > 20 else "")


def _sample(reading: Reading, sample: Sample, loc: Loc) -> Found:
    if sample.title is None and sample.period is None:
        yield reading.document.issue((*loc, "title"), "缺少“title”", "请补上这个键")
    if sample.period is not None and not (
        len(sample.period) == 4 and sample.period.isdigit() and 1990 <= int(sample.period) <= 2100
    ):
        problem = f"考核期“{sample.period}”读不懂"
        yield reading.document.issue((*loc, "period"), problem, "请写年份，例如 2024")
    if not sample.order and not any(unit.expect for unit in sample.units):
        yield reading.document.issue(loc, "样例没有写应得的结果", "请给单位写 expect，或写 order")
    seen: set[str] = set()
    for index, unit in enumerate(sample.units):
        if unit.called and unit.called in seen:
            key = "name" if unit.name is not None else "unit"
            problem = f"样例里有两个单位叫“{unit.called}”"
            yield reading.document.issue((*loc, "units", index, key), problem, "同一样例里请用不同的名称")
        seen.add(unit.called)


def _imaginary(reading: Reading, at: int, index: int, loc: Loc) -> Found:
    unit, groups = reading.samples[at].units[index], reading.spec.groups
    if unit.unit is not None:
        yield reading.document.issue((*loc, "unit"), "写了 unit 却没有写 period", "实际单位请写明 period；设想的单位写 name")
    elif unit.name is None:
        yield reading.document.issue((*loc, "name"), "缺少“name”", "请给设想的单位起个名，例如 甲")
    if unit.like is not None and like(reading.samples, at, index) is None:
        above = [one.name for sample in reading.samples[:at] for one in sample.units if one.name is not None]
        above += [one.name for one in reading.samples[at].units[:index] if one.name is not None]
        problem = f"前面没有单位“{unit.like}”，不能照它"
        fix = nearest(unit.like, dict.fromkeys(above)) if above else "被照的单位要写在前面"
        yield reading.document.issue((*loc, "like"), problem, fix)
    elif unit.group is not None and unit.group not in groups:
        yield reading.document.issue((*loc, "group"), f"没有分组“{unit.group}”", nearest(unit.group, groups))
    elif unit.unit is None and group(reading.samples, at, index, groups) is None:
        problem = f"没有写明“{unit.called}”在哪个分组"
        yield reading.document.issue((*loc, "group"), problem, f"请写 group，可用：{'、'.join(groups)}")


def _real(reading: Reading, at: int, index: int, loc: Loc) -> Found:
    unit = reading.samples[at].units[index]
    if unit.unit is None:
        fix = "请写 unit: 单位代码或名称；设想的单位请另写一个样例，不写 period"
        yield reading.document.issue((*loc, "unit"), "写了 period 的样例里缺少“unit”", fix)
    elif reading.register.find(unit.unit) is None:
        close = reading.register.nearest(unit.unit)
        fix = f"是不是“{close}”？" if close else "请用单位名称、别名或代码"
        yield reading.document.issue((*loc, "unit"), f"没有单位“{unit.unit}”", fix)
    elif group_of(reading, at, index) is None:
        yield reading.document.issue((*loc, "unit"), f"“{unit.unit}”不在任何考核分组", "请换一个被考核单位")
    for key in ("name", "group", "like", "figures"):
        if getattr(unit, key):
            yield reading.document.issue((*loc, key), f"实际单位不写 {key}", "名称、分组和数值都来自项目，请删去")


# --- figures --------------------------------------------------------------------------------------------


def _figures(reading: Reading, unit: SampleUnit, loc: Loc) -> Found:
    for code, said in unit.figures.items():
        of = (*loc, "figures", code)
        measure = reading.measures.get(code)
        if measure is None:
            if code not in reading.spec.measures:  # else its mistake is told where it is defined
                yield reading.document.issue(of, f"没有数据项“{code}”", nearest(code, reading.measures))
        elif problem := _impossible(measure, said, reading.forms):
            yield reading.document.issue(of, f"“{measure.title}”{problem[0]}", problem[1])


def _impossible(measure: Measure, said: Said, forms: Forms) -> tuple[str, str] | None:
    """Why the figure can never have this value, and the fix."""
    value = said.value
    if value is None:
        return None
    if measure.schedule_item is not None:
        scale, low, high, truth, mean = 1, 0, SCHEDULE_HIGH, False, False
    else:
        found = aggregate_of(measure, forms)
        scale, low, high, truth = found.scale, found.low, found.high, found.is_truth
        mean = found.divisor is not None
    if truth != isinstance(value, bool):
        return ("是是否项", "请写 是 或 否") if truth else (f"是数字，不能写“{said.written}”", "请写数字")
    if isinstance(value, bool):
        return None
    if not mean and value * scale % 1:
        return ("须是整数", "请核对数值") if scale == 1 else (f"最多 {len(str(scale)) - 1} 位小数", "请核对数值")
    if value < Fraction(low, scale):
        return f"不能小于 {number(low // scale)}", "请核对数值"
    if value > Fraction(high, scale):
        return "太大了", "请核对数值和计量单位"
    return None


# --- results --------------------------------------------------------------------------------------------


def _expected(reading: Reading, unit: SampleUnit, code: str | None, loc: Loc) -> Found:
    """`code`: of the group of the unit."""
    parts = reading.parts()
    for key, expected in unit.expect.items():
        of = (*loc, "expect", key)
        if key in OF_THE_UNIT:
            problem = _OF_THE_UNIT[key](reading.spec, expected)
        elif (part := parts.get(key)) is None:
            yield reading.document.issue(of, f"没有叫“{key}”的指标、一级指标或加扣分", nearest(key, [*OF_THE_UNIT, *parts]))
            continue
        elif code is not None and not _assessed(part, code):
            told = f"“{reading.spec.groups[code].title}”不考核“{part.title}”"
            yield reading.document.issue(of, told, "请删去，或核对单位的分组")
            continue
        else:
            problem = _part(part, expected)
        if problem is not None:
            yield reading.document.issue(of, *problem)


def _assessed(part: Indicator | Section | Adjustment, code: str) -> bool:
    return part.in_group(code) if isinstance(part, (Indicator, Section)) else not part.groups or code in part.groups


Problem = tuple[str, str] | None


def _part(part: Indicator | Section | Adjustment, expected: Expected) -> Problem:
    word, told = expected.word, f"“{part.title}”不能是{expected.text}"
    if word is None:
        return None
    if isinstance(part, Indicator):
        return None if word in STATES else (told, f"{NUMBER_OR_RANGE}，或 {'、'.join(STATES)}")
    if isinstance(part, Veto):
        return None if word in YES_NO else (told, "发生否决写 是，没有写 否，或写它扣去的分")
    return told, NUMBER_OR_RANGE


def _total(spec: RubricSpec, expected: Expected) -> Problem:
    if expected.word in (None, "不计分", "暂缺"):
        return None
    return f"总分不能是{expected.text}", f"{NUMBER_OR_RANGE}，或 不计分、暂缺"


def _grade(spec: RubricSpec, expected: Expected) -> Problem:
    titles = [*(grade.title for grade in spec.grades), "暂缺"]
    return None if expected.word in titles else (f"没有等次{expected.text}", nearest(expected.word or "", titles))


def _place(spec: RubricSpec, expected: Expected) -> Problem:
    if expected.word is not None:
        fix = "请写名次，例如 1；还能变动的写 [1, 3]；不参加排名的写 不排名"
        return None if expected.word in ("不排名", "暂缺") else (f"名次不能是{expected.text}", fix)
    ends = [end for end in (expected.least, expected.most) if end is not None]
    whole = len(ends) == 2 and all(end % 1 == 0 and end >= 1 for end in ends)
    return None if whole else (f"名次不能是 {expected.text}", "名次是从 1 起的整数")


_OF_THE_UNIT: dict[str, Callable[[RubricSpec, Expected], Problem]] = {"total": _total, "grade": _grade, "place": _place}


def _order(reading: Reading, at: int, sample: Sample, loc: Loc) -> Found:
    known = {unit.called: index for index, unit in enumerate(sample.units)}
    seen: set[str] = set()
    groups: set[str | None] = set()
    for position, level in enumerate(sample.order):
        for name in level:
            of = (*loc, position)
            if name not in known:
                yield reading.document.issue(of, f"样例里没有单位“{name}”", nearest(name, known))
            elif name in seen:
                yield reading.document.issue(of, f"“{name}”排了两次", "请只留一处")
            else:
                seen.add(name)
                groups.add(group_of(reading, at, known[name]))
    if len(groups - {None}) > 1:
        yield reading.document.issue(loc, "不同分组的单位不在一起排名", "一个 order 里只写同一分组的单位")
    if sample.order and sum(len(level) for level in sample.order) < 2:
        yield reading.document.issue(loc, "order 至少要有两个单位", "请写 [甲, 乙]；并列的写 [甲, [乙, 丙]]")
