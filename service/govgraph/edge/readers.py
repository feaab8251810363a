"""Which requests are of people who read pages, not of programs."""

from __future__ import annotations

from collections.abc import Iterable

#: Paths of programs, whatever they accept.
PROGRAMS = ("/api/", "/sparql", "/update", "/graphs", "/health", "/ready", "/metrics")


def reads_pages(path: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether an error of a request is best told as a page: it is for no program's path, and names
    HTML among what it accepts, as browsers do."""
    accepted = (value for name, value in headers if name.lower() == b"accept")
    return not path.startswith(PROGRAMS) and any(b"text/html" in value for value in accepted)
