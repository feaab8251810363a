"""Which requests are meant to change something."""

from __future__ import annotations

_STORES = ("PUT", "POST", "PATCH", "DELETE")
#: What is changed below a path, and by which methods.
_BELOW = {
    "/graphs/": _STORES,
    "/api/v1/datasets/": ("PUT", "POST", "DELETE"),
    "/api/v1/releases/": ("POST",),
}
#: The page whose form carries the key of who sends it in its body: no header could, of a page
#: without scripts.
FORM = "/data/upload"
_AT = {"/update": ("POST",), "/graphs": _STORES, FORM: ("POST",)}


def is_write(method: str, path: str) -> bool:
    """Whether a request is meant to change something: a release, or the scratch dataset."""
    if method in _AT.get(path, ()):
        return True
    return any(path.startswith(below) and method in _BELOW[below] for below in _BELOW)


def is_form(method: str, path: str) -> bool:
    """Whether a request is meant to change something and has its key in its body."""
    return method == "POST" and path == FORM
