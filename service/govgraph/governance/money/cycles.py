"""Links of a directed graph that lie on a circle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def components(links: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The number of the strongly connected component of each node (Tarjan 1972, without recursion,
    so that chains may be long). A link lies on a circle if both its ends have one number."""
    ahead: dict[str, list[str]] = {}
    for start, end in links:
        ahead.setdefault(start, []).append(end)
        ahead.setdefault(end, [])
    search = _Search(ahead)
    for node in ahead:
        if node not in search.seen:
            search.visit(node)
    return search.component


class _Search:
    """One depth-first search: `low` is the earliest open node that a node leads back to."""

    def __init__(self, ahead: dict[str, list[str]]) -> None:
        self.ahead = ahead
        self.seen: dict[str, int] = {}
        self.low: dict[str, int] = {}
        self.open: list[str] = []
        self.component: dict[str, int] = {}

    def visit(self, root: str) -> None:
        path = [self._enter(root)]
        while path:
            node, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                self._leave(node, path[-1][0] if path else None)
            elif following not in self.seen:
                path.append(self._enter(following))
            elif following not in self.component:
                self.low[node] = min(self.low[node], self.seen[following])

    def _enter(self, node: str) -> tuple[str, Iterator[str]]:
        self.seen[node] = self.low[node] = len(self.seen)
        self.open.append(node)
        return node, iter(self.ahead[node])

    def _leave(self, node: str, before: str | None) -> None:
        if before is not None:
            self.low[before] = min(self.low[before], self.low[node])
        if self.low[node] == self.seen[node]:
            while node not in self.component:
                self.component[self.open.pop()] = self.seen[node]
