"""How points and ranges of points are printed. Reckons nothing."""

from __future__ import annotations

from decimal import Decimal


def points(value: Decimal | None) -> str:
    """Points as printed: at least two decimals, no needless zeros beyond."""
    if value is None:
        return "暂缺"
    text = format(value.normalize(), "f")
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.ljust(2, '0')}".replace("-", "−")


def between(low: Decimal | None, high: Decimal | None) -> str:
    """A range of points in words; None is an end without limit. An open range from or up to 0 says nothing."""
    if low is None:
        return f"不高于 {points(high)}" if high else "待定"
    if high is None:
        return f"不低于 {points(low)}" if low else "待定"
    return points(low) if low == high else f"{points(low)} 至 {points(high)}"
