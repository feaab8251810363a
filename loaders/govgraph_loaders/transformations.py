"""Transformations that the metadata names: checked, never run (tabular-metadata §5.10)."""

from __future__ import annotations

from govgraph_loaders.annotations import check_common
from govgraph_loaders.node import Node

_NAMES = frozenset({"@id", "@type", "scriptFormat", "source", "targetFormat", "titles", "url"})
_LINKS = ("url", "scriptFormat", "targetFormat")


def check_transformations(owner: Node) -> None:
    """Note what is wrong with the transformations of a group or a table."""
    for value in owner.objects("transformations"):
        node = Node(value, f"{owner.where}transformations/", owner.ignored)
        node.check_names(_NAMES, "Template")
        check_common(node)
        for name in _LINKS:
            if node.text(name) is None:
                raise node.error(f"a transformation without {name}", f"转换缺少 {name}")
