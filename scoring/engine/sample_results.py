"""What came out for the units of a 标准样例, beside what was expected of it, in words. Reads tables; runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from scoring.engine.assessment import STATE_TITLES
from scoring.expressions.words import number
from scoring.rubric.samples import STATES, YES_NO, Expected, Level

Row = Mapping[str, Any]
OPEN_STATES = ("missing", "masked", "pending")
_WORDS = {**STATE_TITLES, **{state: word for word, state in STATES.items()}}  # a sample writes 暂缺 where pages say why


@dataclass(frozen=True)
class Ends:
    """Points at least and at most; None is an end without limit."""

    low: Decimal | None = Decimal(0)
    high: Decimal | None = Decimal(0)

    @classmethod
    def of(cls, row: Row, name: str = "points") -> Ends:
        return cls(row[f"{name}_low"], row[f"{name}_high"])

    @property
    def known(self) -> bool:
        return self.low is not None and self.low == self.high

    def plus(self, other: Ends) -> Ends:
        return Ends(_sum(self.low, other.low), _sum(self.high, other.high))

    def fits(self, expected: Expected) -> bool:
        """Exactly the number, or exactly the range."""
        return (self.known or expected.is_range) and (self.low, self.high) == (expected.least, expected.most)

    @property
    def words(self) -> str:
        """3.5 分; 0 至 8 分; 不低于 3 分."""
        if self.low is None or self.high is None:
            ends = [f"不低于 {number(self.low)}" if self.low is not None else ""]
            ends += [f"不高于 {number(self.high)}" if self.high is not None else ""]
            return f"{'，'.join(end for end in ends if end) or '上下都不定的'} 分"
        return f"{number(self.low)} 分" if self.known else f"{number(self.low)} 至 {number(self.high)} 分"


def _sum(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a + b


@dataclass(frozen=True)
class Item:
    """One indicator: its own points, and what of its losses lands elsewhere (`away`, not above 0, and where)."""

    state: str
    left_out: bool
    own: Ends
    away: Ends = Ends()
    lands_on: str = ""

    @property
    def ends(self) -> Ends:
        """What it brings to the total: a loss that lands elsewhere is its loss."""
        return self.own.plus(self.away)

    @property
    def is_open(self) -> bool:
        return not self.left_out and (not self.ends.known or self.state in OPEN_STATES)

    def fits(self, expected: Expected) -> bool:
        if expected.word == "暂缺":  # for whatever reason the points are not settled
            return self.state == "pending" or not self.ends.known
        if expected.word is not None:
            return STATES[expected.word] == self.state
        return not self.left_out and self.ends.fits(expected)

    def words(self, title: Callable[[str], str]) -> str:
        """`title`: of the section, or of the total, that a loss lands on."""
        if self.left_out:
            return "“不适用”（由其余指标折算）"
        told = self.ends.words
        if self.away != Ends():
            told += (
                f"（已减去扣在“{title(self.lands_on)}”的 {Ends(_minus(self.away.high), _minus(self.away.low)).words}）"
            )
        return told if self.state == "value" else f"“{_WORDS[self.state]}”（{told}）"


def _minus(end: Decimal | None) -> Decimal | None:
    return -end if end is not None else None


@dataclass
class Outcome:
    """All that came out for one unit."""

    items: dict[str, Item] = field(default_factory=dict)
    nodes: dict[str, Ends] = field(default_factory=dict)
    adjustments: dict[str, Ends] = field(default_factory=dict)
    withheld: dict[str, Decimal] = field(default_factory=dict)
    row: Row = field(default_factory=dict)  # of the ranking

    @property
    def state(self) -> str:
        """complete, pending, stopped, not_applicable."""
        return str(self.row["state"])

    @property
    def no_place(self) -> bool:
        return bool(self.row["unranked"]) or self.state in ("stopped", "not_applicable")


def outcomes(tables: Mapping[str, Iterable[Row]]) -> dict[str, Outcome]:
    """By unit, of the tables indicator_score, landing, node_score, adjustment and ranking; any may be left out."""
    found: dict[str, Outcome] = {}
    away: dict[tuple[str, str], tuple[Ends, str]] = {}
    for row in tables.get("landing", ()):
        key = row["unit"], row["indicator"]
        away[key] = Ends.of(row).plus(away[key][0] if key in away else Ends()), row["node"]
    for row in tables.get("indicator_score", ()):
        landed = away.get((row["unit"], row["indicator"]), (Ends(), ""))
        item = Item(row["state"], row["left_out"], Ends.of(row), *landed)
        found.setdefault(row["unit"], Outcome()).items[row["indicator"]] = item
    for row in tables.get("node_score", ()):
        found.setdefault(row["unit"], Outcome()).nodes[row["section"]] = Ends.of(row)
    for row in tables.get("adjustment", ()):
        own = found.setdefault(row["unit"], Outcome())
        own.adjustments[row["adjustment"]] = Ends.of(row)
        own.withheld[row["adjustment"]] = row["withheld"] or Decimal(0)
    for row in tables.get("ranking", ()):
        found.setdefault(row["unit"], Outcome()).row = row
    return found


def _spaced(told: str) -> str:
    """A number stands off from the words before it, a quotation does not."""
    return told if told.startswith("“") else f" {told}"


def total_problem(expected: Expected, one: Outcome) -> str | None:
    """What is wrong with the total; None where it is as expected."""
    ends, outside = Ends.of(one.row, "total"), one.state in ("stopped", "not_applicable")
    told = "“不计分”" if outside else ends.words if one.state == "complete" else f"“暂缺”（{ends.words}）"
    if expected.word is not None:
        right = outside if expected.word == "不计分" else one.state == "pending"
        return None if right else f"总分应为{expected.text}，按本办法算出{_spaced(told)}"
    right = not outside and ends.fits(expected) and (expected.is_range or one.state == "complete")
    return None if right else f"总分应为 {expected.text} 分，按本办法算出{_spaced(told)}"


def grade_problem(expected: Expected, one: Outcome, units: int) -> str | None:
    """`units`: of the group in the sample, which quotas are reckoned from."""
    grade = one.row["grade"] or "暂缺"
    if grade == expected.word:
        return None
    why = f"（因名额：样例里本组共 {units} 个单位）" if one.row["by_quota"] else ""
    return f"等次应为{expected.text}，按本办法为“{grade}”{why}"


def place_problem(expected: Expected, one: Outcome) -> str | None:
    if expected.word is not None:
        right = one.no_place if expected.word == "不排名" else not one.no_place and one.row["place"] is None
        return None if right else f"名次应为{expected.text}，按本办法{place_words(one)}"
    ends = Ends(*(Decimal(one.row[key]) if one.row[key] is not None else None for key in ("best_place", "worst_place")))
    if not one.no_place and ends.fits(expected):
        return None
    return f"名次应为第 {expected.text} 名，按本办法{place_words(one)}"


def place_words(one: Outcome) -> str:
    """排第 2 名; 排第 1 至 3 名; 不排名."""
    if one.no_place:
        return "不排名"
    best, worst = one.row["best_place"], one.row["worst_place"]
    return f"排第 {best} 名" if best == worst else f"排第 {best} 至 {worst} 名"


def order_problem(order: Sequence[Level], found: Mapping[str, Outcome]) -> str | None:
    """`found`: by the name of the unit in the sample."""
    places = [[_place(found[name]) for name in level] for level in order]
    apart = all(len(set(level)) == 1 and level[0] is not None for level in places)
    if apart and all(a[0] < b[0] for a, b in zip(places, places[1:], strict=False)):  # type: ignore[operator]
        return None
    wanted = "、".join("和".join(level) + ("（并列）" if len(level) > 1 else "") for level in order)
    names = sorted((name for level in order for name in level), key=lambda name: _place(found[name]) or 10**9)
    told = "，".join(f"{name}{place_words(found[name])}" for name in names)
    return f"名次由先到后应为 {wanted}，按本办法{told}"


def _place(one: Outcome) -> int | None:
    """None where it is not settled."""
    settled = not one.no_place and one.row["best_place"] == one.row["worst_place"]
    return one.row["best_place"] if settled else None


def points_problem(title: str, expected: Expected, ends: Ends, withheld: Decimal = Decimal(0)) -> str | None:
    """Of a section or an adjustment. `withheld`: what a shut gate kept back."""
    if ends.fits(expected):
        return None
    why = f"（条件不符，有 {number(withheld)} 分没有加）" if withheld else ""
    return f"“{title}”应计 {expected.text} 分，按本办法算出 {ends.words}{why}"


def veto_problem(title: str, expected: Expected, happened: bool) -> str | None:
    """For 是 and 否."""
    if YES_NO[expected.word or ""] == happened:
        return None
    return f"“{title}”{'不应' if happened else '应当'}否决，按本办法{'否决了' if happened else '没有否决'}"


def item_problem(title: str, expected: Expected, item: Item, titles: Callable[[str], str]) -> str | None:
    if item.fits(expected):
        return None
    wanted = f"应为{expected.text}" if expected.word is not None else f"应得 {expected.text} 分"
    return f"“{title}”{wanted}，按本办法算出{_spaced(item.words(titles))}"
