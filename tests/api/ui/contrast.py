"""Contrast of two colours (WCAG 2.2, "contrast ratio" and "relative luminance")."""

from __future__ import annotations

import re

NUMBER = re.compile(r"[0-9.]+")


def contrast(one: str, other: str) -> float:
    """From 1 to 21, for two opaque colours as a browser computes them: `rgb(r, g, b)`."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(float(part) / 255) for part in NUMBER.findall(colour)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
