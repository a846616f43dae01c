"""How wide a text stands where a Chinese character is as wide as two digits: in a terminal, in a cell. Knows no table."""

from __future__ import annotations


def text_width(text: str) -> int:
    """In digits."""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)
