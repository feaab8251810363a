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
class Span:
    """From a start to an end, each known as an EDTF text with its earliest and latest day.

    Without a start nothing is known before the end; a start without an end runs on; an end of
    `..` is open. The last day belongs to the span.
    """

    start: str | None = None
    end: str | None = None

    def _bounds(self, text: str | None) -> tuple[date | None, date | None]:
        return edtf.bounds(text) if text else (None, None)

    def holds(self, at: Moment) -> Verdict:
        """Whether the span covers the moment: yes or no only when no possible day disagrees.

        >>> Span("2012-06", "2015").holds(moment("2013"))
        'yes'
        >>> Span("2012-06", "2015").holds(moment("2012"))
        'unknown'
        >>> Span().holds(moment("2012"))
        'unknown'
        """
        start_first, start_last = self._bounds(self.start)
        end_first, end_last = self._bounds(self.end)
        if end_first and end_last:  # no span ends before it starts, which narrows both
            start_last = min(start_last or end_last, end_last)
            end_first = max(start_first or end_first, end_first)
        if (start_first and at.last < start_first) or (end_last and at.first > end_last):
            return "no"
        if start_last is None or at.first < start_last:
            return "unknown"
        if self.end and self.end != ".." and (end_first is None or at.last > end_first):
            return "unknown"
        return "yes"

    def overlaps(self, at: Moment) -> Verdict:
        """Whether something spread over the whole span, such as a year's money, touches the
        moment: unknown without dates."""
        first, last = self._bounds(self.start)[0], self._bounds(self.end)[1]
        if (first and at.last < first) or (last and at.first > last):
            return "no"
        return "yes" if first and last else "unknown"
