"""What many answers of a small release rest on, read before anyone asks.

Judging all rules and reading all money takes some tenths of a second on small data, once for a
release; who comes first should not wait for it. Of a large release a page looks at an excerpt.
"""

from __future__ import annotations

from govgraph.engine.hybrid import HybridEngine
from govgraph.governance.money.ledger import ledger_of
from govgraph.governance.rules import words
from govgraph.governance.rules.judge import verdict
from govgraph.http.state import Opened


def read_ahead(opened: Opened) -> None:
    """Read it, if the release is in memory anyway."""
    engine = opened.engine
    if isinstance(engine, HybridEngine) and engine.in_memory:
        verdict(engine)
        words.labels(engine)
        ledger_of(engine)
