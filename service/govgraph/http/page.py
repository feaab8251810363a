"""A plain page for one entity: its facts, what points at it, its evidence; zh and en together."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader
from pyoxigraph import BlankNode, Literal, NamedNode

from govgraph.engine.base import Row, Term
from govgraph.lookup.entities import Context
from govgraph.vocabulary import PREFIXES, PROV

_HIDDEN = {PROV + "wasDerivedFrom"}
_TERMS = "SELECT ?term ?label WHERE { VALUES ?term { %s } ?term rdfs:label|skos:prefLabel ?label }"
_environment = Environment(
    loader=PackageLoader("govgraph.http"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def entity_page(context: Context, iri: str, found: dict[str, Any]) -> str:
    """The page's HTML. Everything from the data is escaped."""
    out = [row for row in found["out"] if row["p"].value not in _HIDDEN]
    iris = {
        t.value for row in (*out, *found["in"]) for t in row.values() if isinstance(t, NamedNode)
    }
    labels = context.labels({iri, *iris})
    terms = _term_labels(context, iris)
    names = terms | labels
    return _environment.get_template("entity.html").render(
        iri=iri,
        title=labels.get(iri, {}),
        facts=_grouped(context, out, "o", names),
        inbound=_grouped(context, found["in"], "s", names),
        evidence=found["evidence"],
    )


def _term_labels(context: Context, iris: set[str]) -> dict[str, dict[str, str]]:
    """Labels of ontology terms in both languages."""
    values = " ".join(str(NamedNode(iri)) for iri in sorted(iris))
    labels: dict[str, dict[str, str]] = {}
    for row in context.select(_TERMS % values) if values else ():
        label = row["label"]
        if isinstance(label, Literal):
            labels.setdefault(row["term"].value, {})[label.language or "und"] = label.value
    return labels


def _grouped(
    context: Context, rows: list[Row], name: str, labels: dict[str, dict[str, str]]
) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["p"].value, []).append(_value(context, row[name], labels))
    return [
        {"iri": iri, "name": _short(iri), "label": labels.get(iri, {}), "values": values}
        for iri, values in groups.items()
    ]


def _value(context: Context, term: Term, labels: dict[str, dict[str, str]]) -> dict[str, Any]:
    if isinstance(term, NamedNode):
        kind, key = context.split(term.value)
        href = f"/id/{term.value.removeprefix(context.base)}" if kind else None
        return {
            "text": _short(term.value),
            "label": labels.get(term.value, {}),
            "href": href,
            "key": key,
        }
    if isinstance(term, BlankNode):
        return {"text": f"_:{term.value}", "label": {}, "href": None}
    return {"text": term.value, "label": {}, "href": None, "lang": term.language}


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
