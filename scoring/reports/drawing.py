"""What the pictures of the product share: colours for both themes, and the head of an SVG. Knows nothing of what is drawn.

A theme is "light" or "dark". Lengths are pixels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

INK = {"light": "#1f2a37", "dark": "#e3e9f0"}
QUIET = {"light": "#8a94a1", "dark": "#6b7785"}
RISE = {"light": "#17703c", "dark": "#7cc796"}
FALL = {"light": "#b42318", "dark": "#f08a80"}
_SIZE = re.compile(r'^<svg [^>]*?width="(\d+)" height="(\d+)"')
_FONT = "Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, PingFang SC, sans-serif"


def captioned(picture: str, told: str) -> str:
    """A picture with a line below it, for paper."""
    found = _SIZE.search(picture)
    if found is None:
        return picture
    width, height = int(found[1]), int(found[2])
    line = f'<text x="8" y="{height + 17}" font-size="12" fill="#5b6878">{escape(told)}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + 26}" width="{width}" height="{height + 26}"'
        f' font-family="{_FONT}">{picture}{line}</svg>'
    )


def svg(width: int, height: int, label: str, theme: str, parts: Iterable[str]) -> str:
    """The whole picture. `label`: what it shows, for who cannot see it, escaped here; `parts`: elements as SVG text."""
    drawn = "".join(parts)
    role = "group" if "<a " in drawn else "img"  # what is in an image nobody can go to
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="{role}"'
        f' aria-label="{escape(label)}" font-family="{_FONT}" font-size="14" fill="{INK[theme]}">{drawn}</svg>'
    )
