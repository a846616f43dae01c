"""How the values of options are read, by all commands alike. A value that cannot be read is told by the parser."""

from __future__ import annotations

from datetime import date


def day(text: str) -> date:
    """2024-12-31. Raises ValueError; the parser names this function when it says so."""
    return date.fromisoformat(text)
