"""What a reader asks of the practice of rules: a place, states of findings, a rule, which rows."""

from __future__ import annotations

from dataclasses import dataclass

from govgraph.pages.compare.choice import Unclear, entity_named
from govgraph.pages.page import Page
from govgraph.pages.rules.findings import STATUSES

#: How the address writes what answers call `cannot be told`.
WRITTEN = {"broken": "broken", "open": "cannot be told", "kept": "kept"}


@dataclass(frozen=True)
class Asked:
    """`offset` counts places, `skip` counts findings; `unclear` is a place that is not known."""

    place: str | None
    statuses: tuple[str, ...]
    rule: str | None
    offset: int
    skip: int
    unclear: tuple[Unclear, ...]

    @property
    def status(self) -> int:
        """The HTTP status: a place that is not here is not found."""
        return 404 if self.unclear else 200


def asked_for(page: Page) -> Asked:
    """What the address asks. Without a state: what is broken and what cannot be told."""
    parameters = page.request.query_params
    text = parameters.get("place", "").strip()
    named = entity_named(page, "place", text) if text else []
    states = [WRITTEN[one] for one in page.address.values("status") if one in WRITTEN]
    return Asked(
        named[0] if len(named) == 1 else None,
        tuple(states) or STATUSES[:2],
        _rule(page, parameters.get("rule", "").strip()),
        _number(parameters.get("places")),
        _number(parameters.get("skip")),
        (Unclear("place", text, tuple(named)),) if text and len(named) != 1 else (),
    )


def _rule(page: Page, text: str) -> str | None:
    """A rule by type and key."""
    assert page.opened is not None
    if not text:
        return None
    return text if "://" in text else page.opened.context.base + text


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0
