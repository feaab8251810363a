"""JSON objects of the metadata, read member by member with their types checked.

What the standard allows to be ignored (an unknown property, a value of the wrong type) is noted;
what makes the metadata unusable raises MetadataError.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any


class MetadataError(ValueError):
    """The metadata cannot be used. `why` and `why_zh` say what is wrong and where."""

    def __init__(self, why: str, why_zh: str) -> None:
        super().__init__(why)
        self.why, self.why_zh = why, why_zh


class Node:
    """A JSON object at a place of the document. `ignored` gathers what has no effect."""

    def __init__(self, value: Mapping[str, Any], where: str, ignored: dict[str, None]) -> None:
        self.value, self.where, self.ignored = value, where, ignored

    def ignore(self, name: str) -> None:
        self.ignored[f"{self.where}{name}"] = None

    def check_names(self, known: frozenset[str], kind: str) -> None:
        """Note unknown properties; those with a colon are annotations, which are free."""
        for name in self.value:
            if name not in known and ":" not in name:
                self.ignore(name)
        if "@id" in self.value:
            self.text("@id")
        self.check_identity(kind)

    def check_identity(self, kind: str) -> None:
        """`@id` is no blank node and `@type` is what stands here (tabular-metadata §5)."""
        if str(self.value.get("@id", "")).startswith("_:"):
            raise self.error("@id is a blank node", "@id 不能是空节点")
        if self.value.get("@type", kind) != kind:
            raise self.error(f"@type is not {kind}", f"@type 应为 {kind}")

    def word(self, name: str, words: Collection[str]) -> str | None:
        """A string out of a few."""
        value = self.text(name)
        if value is not None and value not in words:
            self.ignore(name)
            return None
        return value

    def text(self, name: str, default: str | None = None) -> str | None:
        value = self._typed(name, str, default)
        return None if value is None else str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        return bool(self._typed(name, bool, default))

    def count(self, name: str, default: int) -> int:
        value = self._typed(name, int, default)
        if isinstance(value, bool) or value < 0:
            self.ignore(name)
            return default
        return int(value)

    def texts(self, name: str) -> tuple[str, ...] | None:
        """A string or a list of strings; None if there is none."""
        value = self.value.get(name)
        items = value if isinstance(value, list) else [] if value is None else [value]
        kept = tuple(item for item in items if isinstance(item, str))
        if len(kept) < len(items):
            self.ignore(name)
        return None if value is None or (items and not kept) else kept

    def objects(self, name: str) -> list[dict[str, Any]]:
        """A list of objects, without its members of other kinds."""
        items = self._typed(name, list, [])
        kept = [item for item in items if isinstance(item, dict)]
        if len(kept) < len(items):
            self.ignore(name)
        return kept

    def child(self, name: str) -> Node:
        value = self._typed(name, dict, {})
        return Node(value, f"{self.where}{name}/", self.ignored)

    def error(self, why: str, why_zh: str) -> MetadataError:
        place = self.where.rstrip("/")
        return MetadataError(f"{place}: {why}" if place else why, f"{place}：{why_zh}".lstrip("："))

    def _typed(self, name: str, kind: type, default: Any) -> Any:
        value = self.value.get(name)
        if value is None:
            return default
        if isinstance(value, kind):
            return value
        self.ignore(name)
        return default
