"""What pages and searches may take, by the processor's time on the server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bars:
    """Milliseconds of a page and of a search, bytes of a page. `pages` are the kinds of pages that
    the first holds for; all if it is None."""

    page: float
    search: float
    size: int = 150_000
    pages: tuple[str, ...] | None = None

    def of(self, kind: str) -> float | None:
        """The bar of a kind of page, None if it has none."""
        return self.page if self.pages is None or kind in self.pages else None


SHIPPED_BARS = Bars(page=100, search=50)
#: Searches have theirs; other pages of a nation are measured and shown without one.
NATION = Bars(page=300, search=50, pages=("id", "compare"))
