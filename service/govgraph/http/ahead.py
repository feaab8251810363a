"""What many answers of a small release rest on, read before anyone asks.

Taking the release into memory, judging all rules and reading all money takes some tenths of a second,
once for a release; who comes first should not wait for it, nor those who wait for a worker. Of a
large release a page looks at an excerpt; pages/ahead.py looks at some of its pages. What is made of
all people, posts and flows at once is made by asking about one that there is not.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from threading import Thread, get_native_id

from govgraph.engine.base import Engine
from govgraph.engine.hybrid import HybridEngine
from govgraph.governance.appointments import NOBODY
from govgraph.governance.concurrent.pairs import concurrent_posts
from govgraph.governance.models.listing import models_list
from govgraph.governance.money.ledger import ledger_of
from govgraph.governance.money.listing import listing
from govgraph.governance.money.totals import totals
from govgraph.governance.rules.findings import check
from govgraph.governance.rules.judge import verdict
from govgraph.governance.rules.listing import rules
from govgraph.governance.tenure.career import person_career
from govgraph.governance.tenure.succession import post_succession
from govgraph.http.state import Opened

Look = Callable[[Opened, bool], None]
log = logging.getLogger("govgraph")
#: How much those who ask come first (nice(2)).
_NICE = 5
#: The questions of entities' pages that rest on what is read of all.
_ABOUT_NOBODY: Sequence[Callable[[Engine], object]] = (
    verdict,
    ledger_of,
    partial(check, person=NOBODY),
    partial(person_career, person=NOBODY),
    partial(concurrent_posts, person=NOBODY),
    partial(post_succession, post=NOBODY),
    partial(totals, funder=NOBODY),
    partial(listing, funder=NOBODY),
    rules,
    models_list,
)


def begin_reading(opened: Opened, look: Look = lambda *_: None) -> None:
    """Read it in a thread; until that is done answers come from the release's files. Then `look` at
    it there, which is told whether it is small."""
    Thread(target=_read, args=(opened, look), name="ahead", daemon=True).start()


def read_ahead(opened: Opened) -> bool:
    """Read it, if the release is small. False if it is not."""
    engine = opened.engine
    if not (isinstance(engine, HybridEngine) and engine.load()):
        return False
    for asked in _ABOUT_NOBODY:
        asked(engine)
    return True


def _read(opened: Opened, look: Look) -> None:
    try:
        if sys.platform == "linux":  # where a thread has a priority of its own
            os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICE)
        small = read_ahead(opened)
        if isinstance(opened.engine, HybridEngine):
            look(opened, small)
    except Exception:
        log.exception("%s was not read ahead", opened.release.id)
