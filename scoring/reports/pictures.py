"""A picture as SVG text → PNG bytes, drawn here and not in a browser. Knows nothing of what is in it."""

from __future__ import annotations

import resvg_py


def png(svg: str, width: int = 1600) -> bytes:
    """The picture `width` pixels wide, on white. Fonts are those of this machine."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, background="white"))
