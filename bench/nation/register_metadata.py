"""The CSVW metadata of the second register: a column for each property, all lists of texts or IRIs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.nation.register_properties import DATES, GOV, KINDS, SKOS, Property, term
from govgraph_loaders.namespaces import DEFAULT_BASE as BASE

#: columns that are not made from KINDS
TEXTS = {name: GOV + name for name in ("uscc", "currency", "sha256", "statCode", "upper")}


def _column(name: str, prop: str, value: str | None = None, **more: Any) -> dict[str, Any]:
    column = {"name": name, "titles": name, "propertyUrl": prop, **more}
    return column | ({"valueUrl": value} if value else {})


def _columns() -> Iterator[dict[str, Any]]:
    yield {"name": "entity", "titles": "entity", "required": True, "suppressOutput": True}
    yield _column("type", "rdf:type", "{+type}", separator="|")
    yield _column("label", SKOS + "prefLabel", lang="zh", separator="|")
    properties = {prop.name: prop for kind in KINDS for prop in kind.properties}
    for name, prop in properties.items():
        typed = {"datatype": "decimal"} if "n" in prop.marks else {"separator": "|"}
        yield _column(name, term(name), _value(prop), **typed)
    for name in DATES:
        yield _column(name, GOV + name)
    for name, iri in TEXTS.items():
        yield _column(name, iri)
    # Here an empty cell is a text without characters; nothing is written as a dash.
    yield _column("unit", GOV + "unit", null="-")
    yield _column("assertion", GOV + "assertion", GOV + "{assertion}")


def _value(prop: Property) -> str | None:
    """The template of the IRIs that a property's cells stand for, None for texts."""
    if prop.resource:
        return BASE + "{+" + prop.name + "}"
    return GOV + "{" + prop.name + "}" if "i" in prop.marks else None


METADATA: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "register.csv",
    "tableSchema": {"aboutUrl": BASE + "{+entity}", "columns": [*_columns()]},
}
COLUMNS = tuple(column["name"] for column in METADATA["tableSchema"]["columns"])
