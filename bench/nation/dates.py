"""EDTF texts of several precisions."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from govgraph_loaders.edtf import bounds


def start(random: Random, first: int, last: int) -> str:
    """A day, month or year, about a year, one of two years: between two years, both included."""
    year = first + int(random.random() * (last - first + 1))
    draw = random.random()
    if draw < 0.6:
        return day(random, year)
    if draw < 0.8:
        return f"{year}-{1 + int(random.random() * 12):02d}"
    return f"{year}" if draw < 0.95 else f"{year}~" if draw < 0.98 else f"{year - 1}/{year}"


def end(random: Random, first: int, last: int) -> str:
    """As a start, but most often open: `..`, or nothing where the end is not known."""
    draw = random.random()
    return ".." if draw < 0.35 else "" if draw < 0.8 else start(random, first, last)


def day(random: Random, year: int) -> str:
    return f"{year}-{1 + int(random.random() * 12):02d}-{1 + int(random.random() * 28):02d}"


def after(text: str, days: int) -> str:
    """A day so many days after another, both as ISO 8601 has them."""
    return (date.fromisoformat(text) + timedelta(days)).isoformat()


def latest(text: str) -> str:
    """The last day that a bounded EDTF text can mean."""
    found = bounds(text)[1]
    assert found is not None, text
    return found.isoformat()
