"""A plain page for one entity: its facts, what points at it, its evidence; zh and en together."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape
from pyoxigraph import BlankNode, Literal, NamedNode

from govgraph.engine.base import Row, Term
from govgraph.lookup.entities import Context
from govgraph.lookup.evidence import Evidence
from govgraph.vocabulary import GOV, PREFIXES, PROV

_HIDDEN = {PROV + "wasDerivedFrom"}
_TITLES = {PREFIXES["dcterms"] + "title", GOV + "purpose"}
_TERMS = "SELECT ?term ?label WHERE { VALUES ?term { %s } ?term rdfs:label|skos:prefLabel ?label }"
_environment = Environment(
    loader=PackageLoader("govgraph.http"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def _code(text: str) -> Markup:
    """Text with its `quoted` words as code; everything else is escaped."""
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", str(escape(text))))


_environment.filters["code"] = _code


def render(template: str, **values: Any) -> str:
    """A page from its template; every value is escaped."""
    return _environment.get_template(template).render(**values)


def entity_page(
    context: Context, iri: str, facts: list[Row], inbound: list[Row], proof: Evidence, *, more: bool
) -> str:
    """The page's HTML. Everything from the data is escaped.

    `inbound` is what points at the entity, `more` says that there is more of it.
    """
    out = [row for row in facts if row["p"].value not in _HIDDEN]
    iris = {t.value for row in (*out, *inbound) for t in row.values() if isinstance(t, NamedNode)}
    labels = context.labels(sorted({iri, *iris}))
    terms = _term_labels(context, iris)
    names = terms | labels
    return render(
        "entity.html",
        iri=iri,
        title=labels.get(iri) or _titles(out),
        facts=_grouped(context, out, "o", names),
        inbound=_grouped(context, inbound, "s", names),
        more=more,
        evidence=proof,
    )


def _titles(facts: list[Row]) -> dict[str, str]:
    """What names an entity that has no label: a document's title, the purpose of a flow."""
    named = (row["o"] for row in facts if row["p"].value in _TITLES)
    return {o.language or "und": o.value for o in named if isinstance(o, Literal)}


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
