"""What the pictures of the product share: colours for both themes, and the head of an SVG. Knows nothing of what is drawn.

A theme is "light" or "dark". Lengths are pixels.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

INK = {"light": "#1f2a37", "dark": "#e3e9f0"}
QUIET = {"light": "#8a94a1", "dark": "#6b7785"}
RISE = {"light": "#17703c", "dark": "#7cc796"}
FALL = {"light": "#b42318", "dark": "#f08a80"}
_FONT = "Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, PingFang SC, sans-serif"


def svg(width: int, height: int, label: str, theme: str, parts: Iterable[str]) -> str:
    """The whole picture. `label`: what it shows, for who cannot see it, escaped here; `parts`: elements as SVG text."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        f' aria-label="{escape(label)}" font-family="{_FONT}" font-size="14" fill="{INK[theme]}">{"".join(parts)}</svg>'
    )
