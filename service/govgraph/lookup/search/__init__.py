"""Search as people write: names in any script, pinyin and initials, codes, identifiers.

`write` makes the index of a release, `find` asks it, `nearest` is for words that nothing is called.
"""

from __future__ import annotations

from govgraph.lookup.search.find import all_of, by_kind, how_many, search
from govgraph.lookup.search.hit import Hit
from govgraph.lookup.search.nearest import nearest
from govgraph.lookup.search.write import write_index

__all__ = ["Hit", "all_of", "by_kind", "how_many", "nearest", "search", "write_index"]
