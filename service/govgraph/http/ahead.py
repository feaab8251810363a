"""What many answers of a small release rest on, read before anyone asks.

Taking the release into memory, judging all rules and reading all money takes some tenths of a second,
once for a release; who comes first should not wait for it, nor those who wait for a worker. Of a
large release a page looks at an excerpt.
"""

from __future__ import annotations

import logging
from threading import Thread

from govgraph.engine.hybrid import HybridEngine
from govgraph.governance.money.ledger import ledger_of
from govgraph.governance.rules import words
from govgraph.governance.rules.judge import verdict
from govgraph.http.state import Opened

log = logging.getLogger("govgraph")


def begin_reading(opened: Opened) -> None:
    """Read it in a thread; until that is done answers come from the release's files."""
    Thread(target=_read, args=(opened,), name="ahead", daemon=True).start()


def read_ahead(opened: Opened) -> None:
    """Read it, if the release is small."""
    engine = opened.engine
    if isinstance(engine, HybridEngine) and engine.load():
        verdict(engine)
        words.labels(engine)
        ledger_of(engine)


def _read(opened: Opened) -> None:
    try:
        read_ahead(opened)
    except Exception:
        log.exception("%s was not read ahead", opened.release.id)
