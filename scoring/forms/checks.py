"""The checks a form declares on what is submitted (`checks:`), as typed data. Knows columns; checks no row itself.

Each kind names columns of its form, may set its class (`level`), say why (`note`, printed with the fix) and look only at
the rows that fit a condition (`where`). How a kind looks at rows stands in scoring/intake/checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from scoring.expressions import ExpressionError
from scoring.expressions.field import Formula, FormulaField
from scoring.expressions.rows import RowType, condition
from scoring.source import Code, Exact, Loc, Spec, Text, Whole

Level = Literal["A", "B", "C", "D"]
Over = Literal["B", "C", "D", "none"]
Problem = tuple[Loc, str, str]  # where inside the check, problem, fix
Wanted = Literal["number", "date", "text"]
Used = tuple[Loc, str, Wanted | None]  # where inside the check, column, what it must hold (None: anything)
_WANTED: dict[Wanted, tuple[str, tuple[str, ...]]] = {
    "number": ("数字", ("integer", "decimal")),
    "date": ("日期", ("date",)),
    "text": ("文本或选项", ("text",)),
}
_KINDS = {"integer": "整数", "decimal": "小数", "date": "日期", "boolean": "是否", "text": "文本"}


@dataclass(frozen=True)
class Around:
    """What a check may ask about its form."""

    types: Mapping[str, RowType]
    key: tuple[str, ...]
    dated_by: str
    by_period: bool  # units report it for due periods, so that there is a period before


class Check(Spec):
    """What every check may say."""

    title_zh: ClassVar[str]
    number: ClassVar[str]  # V01 … of the list of checks, or the word findings carry instead
    usual_level: ClassVar[Level]
    looks_back: ClassVar[bool] = False

    level: Level | None = None
    note: Text | None = None
    where: FormulaField | None = None

    @property
    def graded(self) -> Level:
        """Its class, as written or as usual."""
        return self.level or self.usual_level

    def columns_used(self) -> Iterator[Used]:
        """Every column that is named."""
        yield from ()

    def further(self, around: Around) -> Iterator[Problem]:
        """What is wrong beyond names and types of columns. Called when these are right."""
        yield from ()


def _numbers(check: Check, *keys: str) -> Iterator[Used]:
    """The columns of numbers written under these keys; one that is not written is none."""
    for key in keys:
        if (code := getattr(check, key)) is not None:
            yield (key,), code, "number"


def _listed(key: str, codes: Sequence[str], wanted: Wanted) -> Iterator[Used]:
    """The columns listed under one key."""
    yield from (((key, at), code, wanted) for at, code in enumerate(codes))


class RateCheck(Check):
    """A reported rate against its parts (V01)."""

    title_zh: ClassVar[str] = "比率"
    number: ClassVar[str] = "V01"
    usual_level: ClassVar[Level] = "B"

    kind: Literal["rate"]
    column: Code
    part: Code
    of: Code
    times: Exact = Decimal(100)
    over: Over = "C"

    def columns_used(self) -> Iterator[Used]:
        yield from _numbers(self, "column", "part", "of")

    def further(self, around: Around) -> Iterator[Problem]:
        if self.times <= 0:
            yield ("times",), f"times 须大于 0，现为 {self.times}", "百分数不用写，千分数写 1000"


class GrowthCheck(Check):
    """A reported 同比 against its base (V08)."""

    title_zh: ClassVar[str] = "同比"
    number: ClassVar[str] = "V08"
    usual_level: ClassVar[Level] = "B"

    kind: Literal["growth"]
    column: Code
    now: Code
    base: Code | None = None

    def columns_used(self) -> Iterator[Used]:
        yield from _numbers(self, "column", "now", "base")

    def further(self, around: Around) -> Iterator[Problem]:
        if self.base is None and not around.by_period:
            yield ("kind",), NO_PERIODS, "请把上年同期的列写在 base 里"


class CarryOverCheck(Check):
    """办结 above 立案 (V02)."""

    title_zh: ClassVar[str] = "结转"
    number: ClassVar[str] = "V02"
    usual_level: ClassVar[Level] = "C"

    kind: Literal["carry_over"]
    filed: Code
    closed: Code
    before: Code | None = None
    left: Code | None = None

    def columns_used(self) -> Iterator[Used]:
        yield from _numbers(self, "filed", "closed", "before", "left")

    def further(self, around: Around) -> Iterator[Problem]:
        if (self.before is None) != (self.left is None):
            yield ("kind",), "期初（before）和期末（left）只写了一个", "请两个都写，或都不写"


class ChainCheck(Check):
    """抓获 → 批捕 → 起诉 → 判决: each at most the one before (V03)."""

    title_zh: ClassVar[str] = "环节"
    number: ClassVar[str] = "V03"
    usual_level: ClassVar[Level] = "C"

    kind: Literal["chain"]
    columns: tuple[Code, ...] = Field(min_length=2)

    def columns_used(self) -> Iterator[Used]:
        yield from _listed("columns", self.columns, "number")


class SubsetCheck(Check):
    """Each part at most the whole; parts may overlap, so nothing is added up (V04)."""

    title_zh: ClassVar[str] = "其中"
    number: ClassVar[str] = "V04"
    usual_level: ClassVar[Level] = "A"

    kind: Literal["subset"]
    parts: tuple[Code, ...] = Field(min_length=1)
    of: Code

    def columns_used(self) -> Iterator[Used]:
        yield from _listed("parts", self.parts, "number")
        yield ("of",), self.of, "number"


class SumCheck(Check):
    """Parts add up to the total (V04)."""

    title_zh: ClassVar[str] = "合计"
    number: ClassVar[str] = "V04"
    usual_level: ClassVar[Level] = "A"

    kind: Literal["sum"]
    parts: tuple[Code, ...] = Field(min_length=2)
    total: Code
    within: Exact = Decimal(0)

    def columns_used(self) -> Iterator[Used]:
        yield from _listed("parts", self.parts, "number")
        yield ("total",), self.total, "number"

    def further(self, around: Around) -> Iterator[Problem]:
        if self.within < 0:
            yield ("within",), f"within 不能小于 0，现为 {self.within}", "写允许相差多少，例如 0.01"


class CumulativeCheck(Check):
    """A figure since the beginning of the year never falls (V06)."""

    title_zh: ClassVar[str] = "累计"
    number: ClassVar[str] = "V06"
    usual_level: ClassVar[Level] = "B"
    looks_back: ClassVar[bool] = True

    kind: Literal["cumulative"]
    column: Code
    period: Code | None = None

    def columns_used(self) -> Iterator[Used]:
        yield from _numbers(self, "column", "period")


class JumpCheck(Check):
    """A figure many times, or a small part of, that of the period before (V07)."""

    title_zh: ClassVar[str] = "突变"
    number: ClassVar[str] = "V07"
    usual_level: ClassVar[Level] = "B"
    looks_back: ClassVar[bool] = True

    kind: Literal["jump"]
    columns: tuple[Code, ...] = Field(min_length=1)
    times: Exact = Decimal(10)
    least: Exact = Decimal(0)

    def columns_used(self) -> Iterator[Used]:
        yield from _listed("columns", self.columns, "number")

    def further(self, around: Around) -> Iterator[Problem]:
        yield from _more_than_one(self.times)


class UsualCheck(Check):
    """A figure, or an average, far outside what the unit reported in its last periods (V09)."""

    title_zh: ClassVar[str] = "历史"
    number: ClassVar[str] = "V09"
    usual_level: ClassVar[Level] = "C"
    looks_back: ClassVar[bool] = True

    kind: Literal["usual"]
    column: Code
    per: Code | None = None
    per_row: bool = False
    times: Exact = Decimal(3)
    periods: Whole = 8
    needs: Whole = 3

    def columns_used(self) -> Iterator[Used]:
        yield from _numbers(self, "column", "per")

    def further(self, around: Around) -> Iterator[Problem]:
        yield from _more_than_one(self.times)
        if not 1 <= self.needs <= self.periods:
            yield (
                ("needs",),
                f"needs 须在 1 到 periods（{self.periods}）之间，现为 {self.needs}",
                "请改 needs 或 periods",
            )
        if self.per is not None and self.per_row:
            yield ("per_row",), "per 和 per_row 只写一个", "除以一列写 per，按行平均写 per_row"


class OrderCheck(Check):
    """Dates in order: 立案 ≤ 决定 ≤ 公开."""

    title_zh: ClassVar[str] = "日期先后"
    number: ClassVar[str] = "日期先后"
    usual_level: ClassVar[Level] = "B"

    kind: Literal["order"]
    dates: tuple[Code, ...] = Field(min_length=2)

    def columns_used(self) -> Iterator[Used]:
        yield from _listed("dates", self.dates, "date")


class ClockCheck(Check):
    """More than so many days between two dates (V17 by working days, V18 by days)."""

    title_zh: ClassVar[str] = "时限"
    number: ClassVar[str] = "V17"
    usual_level: ClassVar[Level] = "D"

    kind: Literal["clock"]
    from_: Code = Field(alias="from")
    to: Code
    days: Whole
    workdays: bool = True

    def columns_used(self) -> Iterator[Used]:
        yield ("from",), self.from_, "date"
        yield ("to",), self.to, "date"

    def further(self, around: Around) -> Iterator[Problem]:
        if self.days < 0:
            yield ("days",), "天数不能小于 0", "请写超过几天，例如 7"


class NeededWhenCheck(Check):
    """A column that must be filled where a condition over the row holds."""

    title_zh: ClassVar[str] = "必填"
    number: ClassVar[str] = "必填"
    usual_level: ClassVar[Level] = "B"

    kind: Literal["needed_when"]
    column: Code
    when: FormulaField

    def columns_used(self) -> Iterator[Used]:
        yield ("column",), self.column, None

    def further(self, around: Around) -> Iterator[Problem]:
        yield from _condition("when", self.when, around)


class AcrossUnitsCheck(Check):
    """The same key reported by another unit (V12)."""

    title_zh: ClassVar[str] = "各单位不重复"
    number: ClassVar[str] = "V12"
    usual_level: ClassVar[Level] = "B"

    kind: Literal["across_units"]

    def further(self, around: Around) -> Iterator[Problem]:
        if not set(around.key) - {around.dated_by}:
            yield ("kind",), "这张表没有能在各单位之间核对的主键", "请在 key 里写文号一类的列，或删去这一条"


class DictionaryCheck(Check):
    """What a text or a category may say, and what is asked about (V16)."""

    title_zh: ClassVar[str] = "用词"
    number: ClassVar[str] = "V16"
    usual_level: ClassVar[Level] = "C"

    kind: Literal["dictionary"]
    column: Code
    words: tuple[Text, ...] = ()
    ask: tuple[Text, ...] = ()

    def columns_used(self) -> Iterator[Used]:
        yield ("column",), self.column, "text"

    def further(self, around: Around) -> Iterator[Problem]:
        options = around.types[self.column].options
        if not self.words and not self.ask:
            yield ("kind",), "words 和 ask 都没有写", "能填哪些写 words，哪些要说明写 ask"
        if self.words and options:
            yield ("words",), "选项列能填什么已写在 values 里", "请删去 words；要说明的选项写 ask"
        for at, word in enumerate(self.ask):
            if options and word not in options:
                title = around.types[self.column].title
                yield ("ask", at), f"“{word}”不是“{title}”的选项", "可选：" + "、".join(options)


_Any = (
    RateCheck | GrowthCheck | CarryOverCheck | ChainCheck | SubsetCheck | SumCheck | CumulativeCheck | JumpCheck
    | UsualCheck | OrderCheck | ClockCheck | NeededWhenCheck | AcrossUnitsCheck | DictionaryCheck
)  # fmt: skip
AnyCheck = Annotated[_Any, Field(discriminator="kind")]
KINDS: tuple[type[Check], ...] = get_args(_Any)
NO_PERIODS = "这张表不由单位按期报送，没有上一期可比"


def problems(checks: Sequence[Check], around: Around) -> Iterator[Problem]:
    """What is wrong with the checks of a form, at places inside `checks`."""
    for position, check in enumerate(checks):
        found = list(_column_problems(check, around.types))
        found = found or [*_where_problems(check, around), *check.further(around)]
        yield from (((position, *loc), problem, fix) for loc, problem, fix in found)


def _column_problems(check: Check, types: Mapping[str, RowType]) -> Iterator[Problem]:
    seen: set[str] = set()
    for loc, code, wanted in check.columns_used():
        if code not in types:
            close = get_close_matches(code, sorted(types), n=1, cutoff=0.6)
            fix = f"是不是“{close[0]}”？" if close else "可用的列：" + "、".join(types)
            yield loc, f"没有列“{code}”", fix
        elif code in seen:
            yield loc, f"“{types[code].title}”在同一条校验里写了两次", "请换成另一列，或删去一个"
        elif wanted is not None and types[code].kind not in _WANTED[wanted][1]:
            own = "选项" if types[code].options else _KINDS[types[code].kind]
            problem = f"“{types[code].title}”是{own}列，这里要用{_WANTED[wanted][0]}列"
            fitting = [other for other, one in types.items() if one.kind in _WANTED[wanted][1]]
            yield loc, problem, "可用的列：" + "、".join(fitting) if fitting else "请核对列的代码"
        seen.add(code)


def _where_problems(check: Check, around: Around) -> Iterator[Problem]:
    if check.looks_back and not around.by_period:
        yield ("kind",), NO_PERIODS, "请删去这一条，或核对 due 和 kept_by"
    if check.where is not None:
        yield from _condition("where", check.where, around)


def _condition(key: str, written: Formula, around: Around) -> Iterator[Problem]:
    try:
        condition(written.tree, around.types)
    except ExpressionError as error:
        yield (key,), error.problem, error.fix


def _more_than_one(times: Decimal) -> Iterator[Problem]:
    if times <= 1:
        yield ("times",), f"times 须大于 1，现为 {times}", "写相差几倍才问，例如 10"
