"""Where queries on the columns keep what does not fit in memory: never in a release."""

from __future__ import annotations

import hashlib
from pathlib import Path

from govgraph.engine.temporary import own_folder


def spill_folder(database: Path) -> Path:
    """A database's own folder, which DuckDB makes when it needs it and removes when it closes. All
    connections of a process to one database share its settings, so they must name the same."""
    return own_folder() / hashlib.sha256(str(database.resolve()).encode()).hexdigest()[:16]
