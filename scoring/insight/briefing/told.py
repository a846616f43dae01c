"""One sentence of the briefing with its short form and where its figures come from. Knows words; knows no result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Kind = Literal["成绩", "不足", "下一步"]
SHORT = 22  # characters that a projector shows in large type
NAMED = 3  # of more units than that the first ones are named


@dataclass(frozen=True)
class Link:
    """Where a figure comes from: a page by its address and what its pickers show.

    `query`: {"group": "县区"}, {"unit": "c01", "indicator": "case_volume"}, {"group": …, "label": "案件办案量不达标"}.
    """

    page: str
    query: Mapping[str, str]


@dataclass(frozen=True)
class Told:
    """One sentence. `short`: at most SHORT characters. `rule`: the code of the rule that made it."""

    kind: Kind
    text: str
    short: str
    link: Link
    rule: str


def listed(titles: Sequence[str], most: int = NAMED) -> str:
    """甲县、乙县; 甲县、乙县、丙县等 5 个单位."""
    told = "、".join(titles[:most])
    return f"{told}等 {len(titles)} 个单位" if len(titles) > most else told


def counted(titles: Sequence[str]) -> str:
    """1 个单位（甲县）; 5 个单位（甲县、乙县、丙县等）."""
    return f"{len(titles)} 个单位（{'、'.join(titles[:NAMED])}{'等' if len(titles) > NAMED else ''}）"


def quoted(text: str) -> str:
    """In quotation marks; marks inside it become single ones."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


def item_name(clause: str, title: str) -> str:
    """第七条（一）平台录入; a clause that says nothing more than the title is left out."""
    return title if title.startswith(clause) else f"{clause}{title}"


def most_of(names: Sequence[str], amount: str, lead: str = "") -> str:
    """，苇泽县最多（3 条）; of several: ，苇泽县、云岫县并列最多（各 3 条）. `lead`: 差得."""
    several = len(names) > 1
    return f"，{'、'.join(names)}{'并列' if several else lead}最多（{'各 ' if several else ''}{amount}）"


def fitting(*choices: str) -> str:
    """The first that is short enough, else the last one cut."""
    found = next((one for one in choices if len(one) <= SHORT), "")
    return found or f"{choices[-1][: SHORT - 1]}…"


def rounded(value: Fraction, decimals: int) -> Decimal:
    """四舍五入, half away from zero."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)


def percent(part: Fraction) -> str:
    """95.2%, to one decimal."""
    return f"{rounded(100 * part, 1):f}%"
