"""Waiting for what a page comes to be.

Playwright's own `wait_for_function` makes a page evaluate a text over and over, which the policy of
our pages forbids from the second time on: it passes only if the first look finds what is waited for.
"""

from __future__ import annotations

import time
from collections.abc import Callable


def until(holds: Callable[[], object], seconds: float = 10) -> None:
    """Returns once `holds` gives something true; fails if it does not in that time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)
