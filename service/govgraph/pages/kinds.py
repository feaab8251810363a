"""The kinds of entities that have pages, by the first part of their IRIs."""

from __future__ import annotations

#: In the order in which a reader is offered them.
KINDS = (
    "place", "organization", "person", "post", "model", "project", "flow", "document",
)  # fmt: skip
