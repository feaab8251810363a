"""Which requests are of people who read pages, not of programs."""

from __future__ import annotations

from collections.abc import Iterable

from govgraph.edge.writes import is_form

#: Paths of programs, whatever they accept.
PROGRAMS = ("/api/", "/sparql", "/update", "/graphs", "/health", "/ready", "/metrics")


def reads_pages(method: str, path: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether an error of a request is best told as a page: it is for no program's path, and names
    HTML among what it accepts, as browsers do. A form is answered by pages only, so whoever sends
    it and takes anything gets one."""
    accepted = b",".join(value for name, value in headers if name.lower() == b"accept") or b"*/*"
    taken = (b"text/html", b"*/*") if is_form(method, path) else (b"text/html",)
    return not path.startswith(PROGRAMS) and any(media in accepted for media in taken)
