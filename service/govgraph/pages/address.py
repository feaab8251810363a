"""Addresses of pages: what a page shows is all in its URL, so every choice is a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

#: What stays when a reader goes on to another page.
KEPT = ("at", "from", "to", "release", "inference", "lang")


@dataclass(frozen=True)
class Address:
    """A path and its parameters in their order; one may have several values."""

    path: str
    parameters: tuple[tuple[str, str], ...]

    def with_(self, **changes: Any) -> str:
        """The same page with other parameters; None takes one away."""
        names = {name.rstrip("_"): value for name, value in changes.items()}
        kept = [pair for pair in self.parameters if pair[0] not in names]
        return _url(self.path, kept + _pairs(names))

    def to(self, path: str, **parameters: Any) -> str:
        """Another page, seen at the same time, release and language."""
        names = {name.rstrip("_"): value for name, value in parameters.items()}
        kept = [(name, v) for name, v in self.parameters if name in KEPT and name not in names]
        return _url(path, _pairs(names) + kept)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The parameters that stay, for the hidden fields of a form that leads to another page."""
        return [pair for pair in self.parameters if pair[0] in KEPT]

    def values(self, name: str) -> list[str]:
        """All values of a parameter."""
        return [value for key, value in self.parameters if key == name]

    def others(self, *names: str) -> list[tuple[str, str]]:
        """The parameters but these, for the hidden fields of a form."""
        return [pair for pair in self.parameters if pair[0] not in names]


def _pairs(parameters: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, str(one))
        for name, value in parameters.items()
        for one in (value if isinstance(value, list | tuple) else [value])
        if one is not None
    ]


def _url(path: str, parameters: list[tuple[str, str]]) -> str:
    query = urlencode(parameters, quote_via=quote, safe="/:,")
    return f"{path}?{query}" if query else path
