"""The distance of two units as bars, one per clause, as SVG text: to the right what the one has more, to the left the other.

Drawn by hand and not by a chart library: it stands in the page sooner, and prints. Colour and side say the same, and the
names stand at both ends: it needs no legend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from scoring.insight.gap import REST, Gap, Part
from scoring.insight.gap_told import cents, rest_title, signed
from scoring.reports.drawing import QUIET, svg

AHEAD = {"light": "#1d5a96", "dark": "#79b0e6"}
BEHIND = {"light": "#a85507", "dark": "#e6a860"}
TOP, BAR = 34, 15  # pixels
MOST = 14  # bars; what is smaller is one bar together
_NONE = Decimal(0)


@dataclass(frozen=True)
class _Look:
    """Pixels. `above`: titles stand above their bars and not beside them."""

    width: int
    row: int
    left: int
    right: int
    figure: int  # room for a figure left of a bar
    cut: int  # characters of a title
    above: bool = False


WIDE, NARROW = _Look(960, 26, 300, 215, 56, 22), _Look(380, 46, 0, 56, 50, 17, above=True)


@dataclass(frozen=True)
class _Bar:
    title: str
    whole: Decimal
    note: str = ""  # how much of it others lack as well
    told: str = ""


def gap_picture(gap: Gap, theme: str, narrow: bool = False) -> str:
    """SVG, largest first; what is not known on one side is not drawn. "" where nothing differs. `narrow`: for a phone."""
    listed, look = _bars(gap), NARROW if narrow else WIDE
    if not listed:
        return ""
    least, most = min(_NONE, *(one.whole for one in listed)), max(_NONE, *(one.whole for one in listed))
    left = look.left + (look.figure if least < 0 else 0)
    scale = (look.width - left - look.right) / float(most - least)
    zero = left + float(-least) * scale
    height = TOP + look.row * len(listed) + 6
    rows = [_row(one, TOP + look.row * at, zero, scale, theme, look) for at, one in enumerate(listed)]
    axis = f'<path d="{_axis(zero, height, len(listed), look)}" stroke="{QUIET[theme]}"/>'
    label = f"{gap.ahead.title}与{gap.behind.title}的差距，逐条"
    return svg(look.width, height, label, theme, [*_ends(gap, zero, least < 0, most > 0, theme, look), *rows, axis])


def _bars(gap: Gap) -> list[_Bar]:
    """What the unit ahead has more, largest first, then what the other has more, largest last; small ones together as one,
    and so is what only one of the two can have, with its rescaling."""
    found = [_bar(part, gap) for part in gap.parts if part.section != REST and part.difference]
    found.sort(key=lambda one: -abs(one.whole))
    rest = found[MOST:]
    apart = [part for part in gap.parts if part.section == REST]
    if any(part.difference is None for part in apart):  # while rescaling is open it is not known what it makes up for
        apart = []
    others = [
        (f"其余 {len(rest)} 条", rest),
        (rest_title(apart), [_bar(part, gap) for part in apart if part.difference]),
    ]
    listed = sorted(found[:MOST], key=lambda one: -one.whole)
    return [*listed, *(one for title, inside in others if (one := _together(title, inside, gap)).whole)]


def _bar(part: Part, gap: Gap) -> _Bar:
    whole, common = part.difference or _NONE, part.common
    head = f"{part.clause} {part.title}".strip()
    told = f"{head}：{gap.ahead.title} {_got(part.ahead.known)}，{gap.behind.title} {_got(part.behind.known)}"
    told += f"；共性问题：{part.problem}" if part.problem else ""
    if common is None or whole < 0:  # of what the unit behind has more nobody asks who lacks it as well
        return _Bar(head, whole, "", told)
    note = _note(gap.behind.title, whole, common, part.kind == "bonus")
    return _Bar(head, whole, note, f"{told}；{note}")


def _note(behind: str, whole: Decimal, common: Decimal, is_bonus: bool) -> str:
    """How much of it others lack as well; a bonus is nothing that one falls short of."""
    alone, also = ("单独少加", "也没加到") if is_bonus else ("单独差", "也差")
    if not common:
        return f"{behind}{alone}"
    return f"多数单位{also}" if common == whole else f"其中多数单位{also} {cents(common)}"


def _got(amount: Decimal | None) -> str:
    return f"{signed(amount).removeprefix('+')} 分"


def _together(title: str, inside: Sequence[_Bar], gap: Gap) -> _Bar:
    whole = sum((one.whole for one in inside), _NONE)
    return _Bar(title, whole, "", f"{title}：{_who(whole, gap)}多 {cents(abs(whole))} 分")


def _who(whole: Decimal, gap: Gap) -> str:
    return gap.ahead.title if whole > 0 else gap.behind.title


def _row(one: _Bar, y: int, zero: float, scale: float, theme: str, look: _Look) -> str:
    size, ahead = abs(float(one.whole)) * scale, one.whole > 0
    top = y + (26 if look.above else 5)
    start, colour = (zero, AHEAD) if ahead else (zero - size, BEHIND)
    figure = f'x="{zero + size + 8:.1f}"' if ahead else f'x="{start - 8:.1f}" text-anchor="end"'
    note = (
        f'<tspan font-size="12" fill-opacity=".8" dx="10">{escape(one.note)}</tspan>'
        if one.note and not look.above
        else ""
    )
    if look.above:
        title = f'<text x="4" y="{y + 19}" font-size="13">{escape(_cut(one.title, look.cut))}</text>'
        title += f'<text x="{look.width - 4}" y="{y + 19}" font-size="12" fill-opacity=".8" text-anchor="end">{escape(one.note)}</text>'
    else:
        title = f'<text x="{look.left - 12}" y="{y + 18}" text-anchor="end">{escape(_cut(one.title, look.cut))}</text>'
    return (
        f'<g><title>{escape(one.told)}</title><rect x="0" y="{y}" width="{look.width}" height="{look.row}" fill-opacity="0"/>{title}'
        f'<rect x="{start:.1f}" y="{top}" width="{max(size, 1):.1f}" height="{BAR}" fill="{colour[theme]}"/>'
        f'<text {figure} y="{top + 12}" font-size="13">{cents(abs(one.whole))}{note}</text></g>'
    )


def _ends(gap: Gap, zero: float, left: bool, right: bool, theme: str, look: _Look) -> list[str]:
    """Who has more, at the end of the side that is theirs."""
    found = []
    if left:  # far enough from the edge for the whole name
        told = f"← {gap.behind.title}多得"
        x = max(zero - 10, 14.0 * len(told) + 4)
        found.append(
            f'<text x="{x:.1f}" y="20" text-anchor="end" font-weight="600" fill="{BEHIND[theme]}">{escape(told)}</text>'
        )
    if right:
        told = f"{gap.ahead.title}多得 →"
        x = max(zero + 10, 14.0 * len(f"← {gap.behind.title}多得") + 24) if left else zero + 10
        found.append(f'<text x="{x:.1f}" y="20" font-weight="600" fill="{AHEAD[theme]}">{escape(told)}</text>')
    return found


def _axis(zero: float, height: int, rows: int, look: _Look) -> str:
    """From top to bottom; where titles stand above the bars, beside the bars only."""
    if not look.above:
        return f"M{zero:.1f} {TOP - 4}V{height}"
    return "".join(f"M{zero:.1f} {TOP + look.row * at + 24}v{BAR + 4}" for at in range(rows))


def _cut(title: str, most: int) -> str:
    return title if len(title) <= most else f"{title[: most - 1]}…"
