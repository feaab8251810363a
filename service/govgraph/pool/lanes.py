"""Two lanes: many workers answer what only reads, one after the other changes what changes."""

from __future__ import annotations

from dataclasses import dataclass

from govgraph.pool.pool import Pool

_STORES = ("PUT", "POST", "PATCH", "DELETE")
#: What is changed below a path, and by which methods.
_BELOW = {
    "/graphs/": _STORES,
    "/api/v1/datasets/": ("PUT", "POST", "DELETE"),
    "/api/v1/releases/": ("POST",),
}
_AT = {"/update": ("POST",), "/graphs": _STORES}


def is_write(method: str, path: str) -> bool:
    """Whether a request is meant to change something: a release, or the scratch dataset."""
    if method in _AT.get(path, ()):
        return True
    return any(path.startswith(below) and method in _BELOW[below] for below in _BELOW)


@dataclass(frozen=True)
class Lane:
    """How requests of a kind are worked on: by which workers, for how many seconds, with bodies of
    how many bytes; `late` and `lost` are the codes of errors if the time is up or the worker ends.
    What is `unstoppable` goes on when its client hangs up."""

    pool: Pool
    seconds: float
    limit: int
    late: str
    lost: str
    unstoppable: bool = False
