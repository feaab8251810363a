"""Did it hold then? Three-valued, because dates are often coarse or missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from govgraph.errors import GovgraphError
from govgraph_loaders import edtf

Verdict = Literal["yes", "no", "unknown"]


@dataclass(frozen=True)
class Moment:
    """The days that a caller's date can mean: `2013-06` is any day of that month."""

    first: date
    last: date
    text: str


def moment(text: str, name: str = "at") -> Moment:
    """Read a date of year, month or day precision. GovgraphError(invalid-date)."""
    try:
        first, last = edtf.bounds(text)
    except ValueError:
        raise GovgraphError("invalid-date", name=name) from None
    if first is None or last is None:
        raise GovgraphError("invalid-date", name=name)
    return Moment(first, last, text)


@dataclass(frozen=True)
class Window:
    """All days from the first of one moment to the last of another; date.min and date.max are
    without a limit."""

    first: date
    last: date


def window(start: Moment | None, end: Moment | None, name: str = "from") -> Window | None:
    """The days from `start` to `end`, both within; None without either.

    GovgraphError(window-reversed) if it would end before it starts.
    """
    if start is None and end is None:
        return None
    if start and end and start.first > end.last:
        raise GovgraphError("window-reversed", name=name, start=start.text, end=end.text)
    return Window(start.first if start else date.min, end.last if end else date.max)


@dataclass(frozen=True)
class Span:
    """From a start to an end, each known as an EDTF text with its earliest and latest day.

    Without a start nothing is known before the end; a start without an end runs on; an end of
    `..` is open; without either nothing is known. The last day belongs to the span.
    """

    start: str | None = None
    end: str | None = None

    def _bounds(self, text: str | None) -> tuple[date | None, date | None]:
        return edtf.bounds(text) if text else (None, None)

    def _narrowed(self) -> tuple[date, date, date, date]:
        """The earliest and latest start, the earliest and latest end, no end before its start;
        date.min and date.max stand for never-ending days. An impossible span has none left."""
        start_first, start_last = self._bounds(self.start)
        end_first, end_last = self._bounds(self.end)
        runs_on = self.end == ".." or (self.end is None and self.start is not None)
        first, last = start_first or date.min, end_last or date.max
        return (
            first,
            min(start_last or date.max, last),
            max(date.max if runs_on else end_first or date.min, first),
            last,
        )

    def holds(self, at: Moment) -> Verdict:
        """Whether the span covers the moment: yes or no only when no possible day disagrees.

        >>> Span("2012-06", "2015").holds(moment("2013"))
        'yes'
        >>> Span("2012-06", "2015").holds(moment("2012"))
        'unknown'
        >>> Span().holds(moment("2012"))
        'unknown'
        """
        start_first, start_last, end_first, end_last = self._narrowed()
        if at.last < start_first or at.first > end_last:
            return "no"
        sure = start_last <= at.first and at.last <= end_first
        return "yes" if sure else "unknown"

    def meets(self, days: Window) -> Verdict:
        """Whether the span has a day in common with a window: yes or no only when no possible
        start and end disagree.

        >>> Span("2012-06", "2015").meets(Window(date(2012, 6, 30), date(2012, 7, 1)))
        'yes'
        >>> Span("2012-06", "2015").meets(Window(date(2012, 6, 1), date(2012, 6, 29)))
        'unknown'
        """
        start_first, start_last, end_first, end_last = self._narrowed()
        if days.last < start_first or days.first > end_last:
            return "no"
        sure = start_last <= days.last and end_first >= days.first
        return "yes" if sure else "unknown"

    def overlaps(self, days: Moment | Window) -> Verdict:
        """Whether something spread over the whole span, such as a year's money, touches the
        moment or window: unknown without dates."""
        first, last = self._bounds(self.start)[0], self._bounds(self.end)[1]
        if (first and days.last < first) or (last and days.first > last):
            return "no"
        return "yes" if first and last else "unknown"


@dataclass(frozen=True)
class Asked:
    """The days that a caller asks about: `at` a moment, or in a window of which either end may be
    open. For a moment something must hold on all its days, in a window on one of its days."""

    at: Moment | None = None
    start: Moment | None = None
    end: Moment | None = None

    @classmethod
    def read(cls, at: str | None, start: str | None, end: str | None) -> Asked | None:
        """The days that a caller writes, None if none. GovgraphError(invalid-date,
        dates-conflict, window-reversed)."""
        given = {"at": at, "from": start, "to": end}
        moments = [None if text is None else moment(text, name) for name, text in given.items()]
        asked = cls(*moments)
        if asked.window and asked.at:
            raise GovgraphError("dates-conflict")
        return asked if any(moments) else None

    @property
    def window(self) -> Window | None:
        return window(self.start, self.end)

    def verdict(self, span: Span) -> Verdict:
        """Whether a span covers the moment, or has a day in the window."""
        return span.holds(self.at) if self.at else span.meets(self.window or _EVER)

    def touches(self, span: Span) -> Verdict:
        """Whether something spread over a span touches the moment or the window."""
        return span.overlaps(self.at or self.window or _EVER)


_EVER = Window(date.min, date.max)


def echo(asked: Asked | None) -> dict[str, str | None]:
    """What was asked for, as an answer repeats it."""
    given = asked or Asked()
    moments = {"at": given.at, "from": given.start, "to": given.end}
    return {name: each.text if each else None for name, each in moments.items()}
