"""Where each unit stands in nine draws of ten, and where it stands now, as SVG text. Calls no Streamlit, counts nothing.

Drawn by hand like the slope graph: it stands in the page at once, and prints.
"""

from __future__ import annotations

from html import escape

from scoring.insight.robustness.certainty import Certainty, UnitCertainty
from scoring.insight.robustness.told import percent
from scoring.reports.drawing import INK, QUIET, svg

BAR = {"light": "#a2c1dc", "dark": "#36638c"}
NOW = {"light": "#1d5a96", "dark": "#c0dcf4"}
GRID = {"light": "#e4e9ef", "dark": "#2a3541"}
BACK = {"light": "#ffffff", "dark": "#131a22"}
ROW, TOP, LEFT, RIGHT, WIDTH = 27, 58, 178, 150, 900  # pixels
_TICKS = 20  # places that get a figure of their own


def placings_picture(found: Certainty, theme: str) -> str:
    """Units by their place now, the first above; who has none yet stands below. "" where nobody ever has a place."""
    units = sorted((one for one in found.units if one.number), key=lambda one: (one.place is None, one.place or one.middle))
    if not units:
        return ""
    last = max(max(one.worst, one.place or 0) for one in units)
    height = TOP + ROW * len(units) + 8
    scale = (WIDTH - LEFT - RIGHT) / last
    parts = [_legend(theme), *_grid(last, scale, height, theme)]
    parts += [_unit(one, TOP + ROW * row, scale, theme) for row, one in enumerate(units)]
    label = f"{found.placings.group}各单位十次有九次所在的名次：{found.placings.words}"
    return svg(WIDTH, height, label, theme, parts)


def _legend(theme: str) -> str:
    """What the marks mean, in a row above the picture."""
    marks = (
        (f'<rect x="0" y="3" width="34" height="12" rx="3" fill="{BAR[theme]}"/>', 42, "十次有九次在这里"),
        (f'<rect x="0" y="1" width="3" height="16" fill="{INK[theme]}"/>', 11, "居中的名次"),
        (_now(5, 9, theme), 18, "现在的名次"),
        (f'<line x1="0" y1="9" x2="34" y2="9" stroke="{QUIET[theme]}" stroke-width="1.5"/>', 42, "最好到最差"),
    )
    found, x = [], LEFT
    for mark, gap, told in marks:
        found.append(f'<g transform="translate({x} 6)">{mark}<text x="{gap}" y="14" font-size="13">{told}</text></g>')
        x += gap + 13 * len(told) + 26
    return "".join(found)


def _grid(last: int, scale: float, height: int, theme: str) -> list[str]:
    """A line at each place, its figure above; of many places each second, fifth … one."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000) if last <= step * _TICKS or step == 10_000)
    found = []
    for place in (one for one in range(1, last + 1) if one == 1 or one % step == 0):
        x = _x(place, scale)
        found.append(f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height - 6}" stroke="{GRID[theme]}"/>')
        found.append(f'<text x="{x}" y="{TOP - 14}" text-anchor="middle" font-size="12" fill="{QUIET[theme]}">{place}</text>')
    return [*found, f'<text x="{LEFT - 12}" y="{TOP - 14}" text-anchor="end" font-size="12" fill="{QUIET[theme]}">名次</text>']


def _unit(one: UnitCertainty, top: int, scale: float, theme: str) -> str:
    y = top + ROW // 2
    half = min(scale / 2 - 2, 14) if scale > 8 else scale / 2
    low, high = _x(one.low, scale) - half, _x(one.high, scale) + half
    parts = [
        f"<title>{escape(told(one))}</title>",
        f'<rect x="0" y="{top}" width="{WIDTH}" height="{ROW}" fill="{BACK[theme]}" fill-opacity="0"/>',  # all of the row answers
        f'<text x="{LEFT - 12}" y="{y + 5}" text-anchor="end">{escape(one.title)}</text>',
        f'<line x1="{_x(one.best, scale)}" y1="{y}" x2="{_x(one.worst, scale)}" y2="{y}" stroke="{QUIET[theme]}" stroke-width="1.5"/>',
        f'<rect x="{low:.1f}" y="{y - 8}" width="{high - low:.1f}" height="16" rx="3" fill="{BAR[theme]}"/>',
        f'<rect x="{_x(one.middle, scale) - 1.5:.1f}" y="{y - 10}" width="3" height="20" fill="{INK[theme]}"/>',
    ]
    if one.place is not None:
        parts.append(_now(_x(one.place, scale), y, theme))
    parts.append(f'<text x="{WIDTH - RIGHT + 12}" y="{y + 5}" font-size="13">{escape(places(one.low, one.high))}</text>')
    return f"<g>{''.join(parts)}</g>"


def _now(x: float, y: float, theme: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="5.5" fill="{NOW[theme]}" stroke="{BACK[theme]}" stroke-width="1.5"/>'


def _x(place: int, scale: float) -> float:
    return round(LEFT + scale * (place - 0.5), 1)


def places(low: int, high: int) -> str:
    """第 3 名, 第 2–5 名."""
    return f"第 {low} 名" if low == high else f"第 {low}–{high} 名"


def told(one: UnitCertainty) -> str:
    """All that is drawn of a unit, in words."""
    now = f"现为第 {one.place} 名" if one.place is not None else "现在还没有名次"
    stays = f"，{percent(one.stays, one.number)}的次数不变" if one.place is not None else ""
    reach = f"最好第 {one.best} 名，最差第 {one.worst} 名"
    return f"{one.title}：{now}{stays}；十次有九次在{places(one.low, one.high)}，居中第 {one.middle} 名；{reach}"
