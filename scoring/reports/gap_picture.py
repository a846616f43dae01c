"""The distance of two units as bars, one per clause, as SVG text: common part pale, single part full. Calls no Streamlit.

Drawn by hand and not by a chart library: it stands in the page sooner, and prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from scoring.insight.gap import REST, Gap, Part
from scoring.insight.gap_told import cents, rest_title, signed
from scoring.reports.drawing import QUIET, svg

COMMON = {"light": "#a9c6e3", "dark": "#3d648c"}
SINGLE = {"light": "#1d5a96", "dark": "#79b0e6"}
STEP = {"light": "#b9c1ca", "dark": "#5d6875"}
ROW, TOP, LEFT, RIGHT, WIDTH = 26, 62, 300, 140, 960  # pixels
MOST = 14  # bars; what is smaller is one bar together
_NONE = Decimal(0)


@dataclass(frozen=True)
class _Bar:
    title: str
    whole: Decimal
    common: Decimal
    single: Decimal
    mark: str = ""
    told: str = ""


def gap_picture(gap: Gap, theme: str) -> str:
    """SVG, largest first; what is not known on one side is not drawn. "" where nothing differs."""
    listed = _bars(gap)
    if not listed:
        return ""
    least, most = min(_NONE, *(one.whole for one in listed)), max(_NONE, *(one.whole for one in listed))
    scale = (WIDTH - LEFT - RIGHT) / float(most - least)
    zero = LEFT + float(-least) * scale
    height = TOP + ROW * len(listed) + 6
    parts = [*_head(gap, least < 0, theme), *(_row(one, TOP + ROW * at, zero, scale, theme) for at, one in enumerate(listed))]
    parts.append(f'<line x1="{zero:.1f}" y1="{TOP - 4}" x2="{zero:.1f}" y2="{height}" stroke="{QUIET[theme]}"/>')
    label = f"{gap.ahead.title}与{gap.behind.title}的差距，逐条"
    return svg(WIDTH, height, label, theme, parts)


def _bars(gap: Gap) -> list[_Bar]:
    """Largest first; small ones together as one, and so is what only one of the two can have, with its rescaling."""
    found = [_bar(part) for part in gap.parts if part.section != REST and part.difference]
    found.sort(key=lambda one: -abs(one.whole))
    rest = found[MOST:]
    apart = [part for part in gap.parts if part.section == REST]
    if any(part.difference is None for part in apart):  # while rescaling is open it is not known what it makes up for
        apart = []
    others = [(f"其余 {len(rest)} 条", rest), (rest_title(apart), [_bar(part) for part in apart if part.difference])]
    return [*found[:MOST], *(one for title, inside in others if (one := _together(title, inside)).whole)]


def _bar(part: Part) -> _Bar:
    common, single = part.common or _NONE, part.single or _NONE
    told = f"{part.clause} {part.title}：{signed(part.ahead.known)} 比 {signed(part.behind.known)}".replace("+", "")
    more = f"，共性 {signed(common)}，个性 {signed(single)}" if part.common is not None else "，不分共性个性"
    return _Bar(f"{part.clause} {part.title}".strip(), part.difference or _NONE, common, single, "共性问题" if part.widespread else "", told + more)


def _together(title: str, inside: Sequence[_Bar]) -> _Bar:
    whole, common, single = (sum((getattr(one, name) for one in inside), _NONE) for name in ("whole", "common", "single"))
    if abs(common) + abs(single) > abs(whole):  # several clauses of either sign: the parts cannot be stacked
        common = single = _NONE
    return _Bar(title, whole, common, single, told=f"{title}：{signed(whole)}")


def _row(one: _Bar, y: int, zero: float, scale: float, theme: str) -> str:
    colours = ((one.common, COMMON), (one.single, SINGLE), (one.whole - one.common - one.single, STEP))
    drawn, way = [], 1 if one.whole > 0 else -1
    end = zero
    for amount, colour in colours:
        size = abs(float(amount)) * scale
        start = end if way > 0 else end - size
        end += way * size
        if size:
            drawn.append(f'<rect x="{start:.1f}" y="{y + 5}" width="{size:.1f}" height="15" fill="{colour[theme]}"/>')
    words = f"{'+' if one.whole > 0 else ''}{cents(one.whole)}" + (f"　{one.mark}" if one.mark else "")
    return (
        f'<g><title>{escape(one.told)}</title><rect x="0" y="{y}" width="{WIDTH}" height="{ROW}" fill-opacity="0"/>'
        f'<text x="{LEFT - 12}" y="{y + 18}" text-anchor="end">{escape(_cut(one.title))}</text>{"".join(drawn)}'
        f'<text x="{max(end, zero) + 8:.1f}" y="{y + 18}" font-size="13">{escape(words)}</text></g>'
    )


def _head(gap: Gap, both_ways: bool, theme: str) -> list[str]:
    heads = (("多数单位也差的（共性）", COMMON), (f"{gap.behind.title}单独差的（个性）", SINGLE), ("不分共性个性", STEP))
    found, x = [], 8
    for title, colour in heads:
        found.append(
            f'<rect x="{x}" y="9" width="24" height="13" fill="{colour[theme]}"/>'
            f'<text x="{x + 31}" y="20" font-size="13">{escape(title)}</text>'
        )
        x += 31 + 13 * len(title) + 26
    told = f"向右是{gap.ahead.title}多的分" + (f"，向左是{gap.behind.title}多的分" if both_ways else "")
    return [*found, f'<text x="8" y="46" font-size="13" fill="{QUIET[theme]}">{escape(told)}</text>']


def _cut(title: str) -> str:
    return title if len(title) <= 22 else f"{title[:21]}…"
