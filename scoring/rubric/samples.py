"""标准样例 as typed data: the figures of imaginary units, or real units, and what the 办法 must give them.

Knows what may be written and how one unit takes over the figures of another; whether the names exist is in
sample_checks, what comes out is reckoned by the engine.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from scoring.expressions.words import number
from scoring.source import Code, Loc, Spec, Text, misread

ABSENT = {"未报送": "missing", "脱敏": "masked", "不适用": "not_applicable", "暂缺": "pending"}
STATES = {**ABSENT, "基数为零": "zero_base"}
YES_NO = {"是": True, "否": False}
NO_LIMIT = "none"
_RATIO = re.compile(r"-?[0-9]+/[1-9][0-9]*\Z")


@dataclass(frozen=True)
class Said:
    """What a sample says of one figure: a number, yes or no, or why it is not there."""

    written: str
    state: str = "value"
    value: Fraction | bool | None = None


@dataclass(frozen=True)
class Expected:
    """What must come out: a word (a state, a grade, 是), a number, or [least, most]; most None is without limit."""

    word: str | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    is_range: bool = False

    @property
    def text(self) -> str:
        """4; 60 至 100; “暂缺”."""
        if self.word is not None:
            return f"“{self.word}”"
        assert self.least is not None
        if not self.is_range:
            return number(self.least)
        return f"{number(self.least)} 至 {number(self.most) if self.most is not None else '不封顶'}"


def _said(value: Any) -> Any:
    if isinstance(value, Said):
        return value
    if isinstance(value, Decimal):
        return Said(str(value), value=Fraction(value))
    if isinstance(value, str) and value in ABSENT:
        return Said(value, ABSENT[value])
    if isinstance(value, str) and value in YES_NO:
        return Said(value, value=YES_NO[value])
    if isinstance(value, str) and _RATIO.match(value):
        return Said(value, value=Fraction(value))
    raise misread(value, "数值{0}读不懂", f"请写数字、是或否，或 {'、'.join(ABSENT)}")


def _expected(value: Any) -> Any:
    if isinstance(value, Expected):
        return value
    if isinstance(value, Decimal):
        return Expected(None, value, value)
    if isinstance(value, str) and value.strip():
        return Expected(value.strip())
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], Decimal):
        least, most = value
        if most == NO_LIMIT:
            return Expected(None, least, None, True)
        if isinstance(most, Decimal) and least <= most:
            return Expected(None, least, most, True)
    raise misread(value, "应得的结果{0}读不懂", "请写一个数、[最低, 最高]（不封顶的写 [最低, none]），或暂缺一类的词")


def _level(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else (value,)


_NUMBER_OR_WORD = [{"type": "number"}, {"type": "string", "pattern": "\\S"}]
_PAIR = {
    "type": "array",
    "prefixItems": [{"type": "number"}, {"anyOf": [{"type": "number"}, {"const": NO_LIMIT}]}],
    "minItems": 2,
    "maxItems": 2,
}
_SAID = {"type": ["number", "string"], "pattern": f"^({'|'.join([*ABSENT, *YES_NO])}|-?[0-9]+/[1-9][0-9]*)$"}
SaidField = Annotated[Said, BeforeValidator(_said), WithJsonSchema(_SAID)]
ExpectedField = Annotated[Expected, BeforeValidator(_expected), WithJsonSchema({"anyOf": [*_NUMBER_OR_WORD, _PAIR]})]
Level = Annotated[tuple[Text, ...], BeforeValidator(_level, json_schema_input_type=Text | tuple[Text, ...])]


class SampleUnit(Spec):
    """An imaginary unit (`name`, `figures`; `like`: those of a unit above it, unless said otherwise here), or one of
    the register (`unit`), whose figures are in the data."""

    name: Text | None = None
    unit: Text | None = None
    group: Code | None = None
    like: Text | None = None
    figures: dict[Text, SaidField] = Field(default_factory=dict)
    expect: dict[Text, ExpectedField] = Field(default_factory=dict)

    @property
    def called(self) -> str:
        return self.name or self.unit or ""


class Sample(Spec):
    """One example. Its units are each other's whole group. `order`: from the best place down, a list for a tie.

    With `period` the units are real and scored on the data of that period as of its cut-off.
    """

    title: Text | None = None
    clause: Text | None = None
    note: Text | None = None
    period: Text | None = None
    units: tuple[SampleUnit, ...] = Field(min_length=1)
    order: tuple[Level, ...] = ()

    @property
    def heading(self) -> str:
        """标准样例“立案过半”; of real units without a title the year."""
        return f"标准样例“{self.title or f'{self.period} 年实际得分'}”"


def like(samples: Sequence[Sample], at: int, index: int) -> tuple[int, int] | None:
    """The unit that unit `index` of sample `at` takes over: above it in its sample, else in the last one that has it."""
    wanted = samples[at].units[index].like
    for position, unit in enumerate(samples[at].units[:index]):
        if unit.name == wanted:
            return at, position
    for earlier in range(at - 1, -1, -1):
        for position, unit in enumerate(samples[earlier].units):
            if unit.name is not None and unit.name == wanted:
                return earlier, position
    return None


def figures(samples: Sequence[Sample], at: int, index: int) -> dict[str, Said]:
    """All that is said of a unit, with what it takes over."""
    unit = samples[at].units[index]
    other = like(samples, at, index) if unit.like is not None else None
    return {**(figures(samples, *other) if other is not None else {}), **unit.figures}


def group(samples: Sequence[Sample], at: int, index: int, groups: Collection[str]) -> str | None:
    """The group of an imaginary unit: its own, that of the unit it takes over, or the only one there is."""
    unit = samples[at].units[index]
    if unit.group is not None:
        return unit.group
    other = like(samples, at, index) if unit.like is not None else None
    if other is not None:
        return group(samples, *other, groups)
    return next(iter(groups)) if len(groups) == 1 else None


def expectations(samples: Sequence[Sample]) -> Iterator[tuple[Loc, int, int, str, Expected]]:
    """Everything expected of a unit: its place in the file, sample, unit, key, value."""
    for at, sample in enumerate(samples):
        for index, unit in enumerate(sample.units):
            for key, expected in unit.expect.items():
                yield ("samples", at, "units", index, "expect", key), at, index, key, expected
