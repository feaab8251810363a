"""The days on which posts of a place change hands, so that a reader goes from one to the next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from govgraph.engine.base import Engine
from govgraph.governance import appointments
from govgraph.governance.kept import kept
from govgraph.governance.readings import ALWAYS, BOUNDS, DAY, NEVER
from govgraph.pages.page import Page

#: Days that are offered: of more, the last of each month, of each year, of some years.
MOST = 80
#: Pages that show a window take a day instead.
_NO_WINDOW = {"from_": None, "to": None, "skip": None}


@dataclass(frozen=True)
class Moments:
    """Days as ISO texts, the earliest first, with the reader's own date among them: `asked`, None at
    any time. `before` and `after` are the days next to it, `earlier` and `later`
    their addresses. `total` counts days that are not offered too."""

    days: tuple[str, ...]
    asked: str | None
    total: int
    before: str | None
    after: str | None
    earlier: str | None
    later: str | None


def moments(page: Page, place: str | None) -> Moments | None:
    """The days for a place and all below it, or for all places; None if no appointment has a day."""
    assert page.opened is not None
    every = changes(page.opened.engine, place)
    days = thinned(every)
    if not days:
        return None
    at = page.asked.at if page.asked else None
    number = bisect_right(days, at.first) - 1 if at else None
    beside = [
        None if day is None else day.isoformat()
        for day in _beside(days, number, at.first if at else None)
    ]
    offered = [day.isoformat() for day in days]
    if at and number is not None and at.text not in offered:
        offered.insert(number + 1, at.text)
    return Moments(
        tuple(offered), at.text if at else None, len(every), *beside,
        *(day and page.with_(at=day, **_NO_WINDOW) for day in beside),
    )  # fmt: skip


def _beside(
    days: Sequence[date], number: int | None, at: date | None
) -> tuple[date | None, date | None]:
    """The days before and after the one that is shown; at any time, the last one comes before."""
    if number is None:
        return days[-1], None
    before = number - (days[number] == at) if number >= 0 else -1
    return (
        days[before] if before >= 0 else None,
        days[number + 1] if number + 1 < len(days) else None,
    )


@kept
def changes(engine: Engine, place: str | None) -> tuple[date, ...]:
    """Every first day on which some post is surely or possibly held, or no longer."""
    read = appointments.read(engine, {"place": place})
    starts = {day for name in BOUNDS[:2] for day in read[name].unique()}
    ends = {day + DAY for name in BOUNDS[2:] for day in read[name].unique() if day < ALWAYS}
    return tuple(sorted((starts | ends) - {NEVER, ALWAYS, NEVER + DAY}))


def thinned(days: Sequence[date]) -> tuple[date, ...]:
    """All days, or so few of them that they can be chosen from: the last of each stretch."""
    for stretch in _STRETCHES:
        found = {stretch(day): day for day in days}
        if len(found) <= MOST:
            return tuple(found.values())
    return tuple(found.values())[-MOST:]


def _years(number: int) -> Callable[[date], tuple[int, ...]]:
    return lambda day: (day.year // number,)


_STRETCHES: tuple[Callable[[date], tuple[int, ...]], ...] = (
    lambda day: (day.year, day.month, day.day),
    lambda day: (day.year, day.month),
    *map(_years, (1, 5, 25, 100)),
)
