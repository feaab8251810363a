"""Models and places in one comparison, written in the format that is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from govgraph.engine.base import Engine
from govgraph.governance.models.compare import several
from govgraph.governance.models.exports.document import Comparison, as_json, comparison
from govgraph.governance.models.exports.written import as_csv, as_markdown, as_xlsx
from govgraph.governance.models.grid import grid
from govgraph.governance.models.nodes import Language
from govgraph.governance.time import Moment

Format = Literal["json", "csv", "md", "xlsx"]
MEDIA: Mapping[Format, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def compare(
    engine: Engine,
    *,
    models: Sequence[str] | None = None,
    places: Sequence[str] | None = None,
    dimensions: Sequence[str] | None = None,
    at: Moment | None = None,
    differences_only: bool = False,
    release: str = "",
) -> Comparison:
    """Two or more models and places side by side, with citations.

    GovgraphError(invalid-parameter) for fewer than two, or for what is no dimension.
    """
    ours, theirs = list(dict.fromkeys(models or ())), list(dict.fromkeys(places or ()))
    several([*ours, *theirs], "models")
    found = grid(engine, ours, list(dimensions or ()), theirs, at, flows=True)
    return comparison(engine, found, release, differences_only=differences_only)


def written(shown: Comparison, kind: Format, language: Language = "zh") -> bytes:
    """A comparison as a file of a format in MEDIA; the language matters to Markdown alone."""
    writers: dict[Format, Callable[[], bytes]] = {
        "json": lambda: json.dumps(as_json(shown), ensure_ascii=False).encode(),
        "csv": lambda: as_csv(shown),
        "md": lambda: as_markdown(shown, language).encode(),
        "xlsx": lambda: as_xlsx(shown),
    }
    return writers[kind]()
