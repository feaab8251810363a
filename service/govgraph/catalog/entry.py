"""An entry of the catalogue as its header declares it (docs/catalog.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from govgraph.catalog.queryfile import read_query
from govgraph.declared import read_yaml

PARAMETER_TYPES = ("entity", "date", "string", "integer", "decimal", "boolean", "choice")
COLUMN_TYPES = (
    "entity", "iri", "string", "edtf", "date", "integer", "decimal", "number", "boolean", "list",
    "source",
)  # fmt: skip
#: Types of charts, and what a hint of each must name: columns of the answer.
CHARTS: Mapping[str, tuple[str, ...]] = {
    "none": (), "table": (), "bar": ("x", "y"), "timeline": ("start", "label"),
    "matrix": ("x", "y", "value"), "network": ("source", "target"),
    "sankey": ("source", "target", "source_level", "target_level", "value", "unit"),
}  # fmt: skip


@dataclass(frozen=True)
class Parameter:
    """What a caller may give. `default` and `example` are texts as a caller writes them, lists of
    them where `many` are taken."""

    name: str
    type: str
    zh: str
    en: str
    required: bool = False
    default: Any = None
    example: Any = None
    many: bool = False
    kind: str | None = None
    values: tuple[str, ...] = ()
    prefix: str | None = None
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class Column:
    """A column of the answer: its type, its heading in zh and en, its unit."""

    name: str
    type: str
    zh: str
    en: str
    unit: str | None = None


@dataclass(frozen=True)
class Sentence:
    """What an answer rests on: sums of two columns, put into a sentence of each language."""

    known: str
    of: str
    zh: str
    en: str


@dataclass(frozen=True)
class Entry:
    """A named question. It has either the text of a query or the name of a function."""

    name: str
    topic: str
    path: Path
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    columns: tuple[Column, ...]
    parameters: tuple[Parameter, ...] = ()
    chart: Mapping[str, Any] = field(default_factory=dict)
    coverage: Sentence | None = None
    query: str | None = None
    function: str | None = None

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns that are no evidence."""
        return tuple(column for column in self.columns if column.type != "source")

    def parameter(self, name: str) -> Parameter | None:
        return next((given for given in self.parameters if given.name == name), None)


_KEYS = {
    "title_zh", "title_en", "description_zh", "description_en", "parameters", "columns", "chart",
    "coverage", "function",
}  # fmt: skip
T = TypeVar("T")


def read_entry(path: Path) -> Entry:
    """Read a .rq or .yaml file. ValueError says what its header lacks or has too much."""
    if path.suffix == ".rq":
        file = read_query(path)
        return make_entry(path, file.header, file.text)
    header = read_yaml(path.read_text("utf-8"))
    return make_entry(path, header if isinstance(header, dict) else {}, None)


def make_entry(path: Path, header: Mapping[str, Any], query: str | None) -> Entry:
    """The entry that a header and a text declare."""
    try:
        return _entry(path, header, query)
    except (KeyError, TypeError, ValueError) as error:
        said = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        raise ValueError(f"{path.name}: {said}") from None


def _entry(path: Path, header: Mapping[str, Any], query: str | None) -> Entry:
    if unknown := header.keys() - _KEYS:
        raise ValueError(f"unknown key {min(unknown)}")
    function = header.get("function")
    if (query is None) == (function is None):
        raise ValueError("either a query or a function is needed")
    return Entry(
        path.stem,
        path.parent.name,
        path,
        title_zh=str(header["title_zh"]).strip(),
        title_en=str(header["title_en"]).strip(),
        description_zh=str(header["description_zh"]).strip(),
        description_en=str(header["description_en"]).strip(),
        columns=tuple(_column(name, given) for name, given in header["columns"].items()),
        parameters=tuple(
            _parameter(name, given) for name, given in (header.get("parameters") or {}).items()
        ),
        chart=_chart(header.get("chart")),
        coverage=_make(Sentence, header["coverage"]) if "coverage" in header else None,
        query=query,
        function=function,
    )


def _make(kind: type[T], given: Mapping[str, Any], **more: Any) -> T:
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    if unknown := given.keys() - known:
        raise ValueError(f"{more.get('name', '')}: unknown key {min(unknown)}")
    return kind(**{**given, **more})


def _column(name: str, given: Mapping[str, Any]) -> Column:
    kind = given.get("type") or ("source" if _is_source(name) else "string")
    if kind not in COLUMN_TYPES:
        raise ValueError(f"{name}: unknown type {kind}")
    if (kind == "source") != _is_source(name):
        raise ValueError(f"{name}: evidence is named source or source_…, and nothing else is")
    return _make(Column, given, name=name, type=kind)


def _is_source(name: str) -> bool:
    return name == "source" or name.startswith("source_")


def _parameter(name: str, given: Mapping[str, Any]) -> Parameter:
    made = _make(
        Parameter, {**given, "values": tuple(map(str, given.get("values", ())))}, name=name
    )
    if made.type not in PARAMETER_TYPES:
        raise ValueError(f"{name}: unknown type {made.type}")
    if (made.type == "choice") != bool(made.values):
        raise ValueError(f"{name}: a choice has values, and nothing else has")
    if made.required and made.example is None:
        raise ValueError(f"{name}: a required parameter has an example")
    return made


def _chart(given: Mapping[str, Any] | None) -> Mapping[str, Any]:
    chart = given or {"type": "none"}
    if chart.get("type") not in CHARTS:
        raise ValueError(f"chart: unknown type {chart.get('type')}")
    if missing := [name for name in CHARTS[chart["type"]] if name not in chart]:
        raise ValueError(f"chart: {chart['type']} lacks {missing[0]}")
    return chart
