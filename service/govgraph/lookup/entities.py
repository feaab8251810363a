"""Entities by identifier: what a lookup shares, whatever its subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode

from govgraph.documents import Passages
from govgraph.engine.base import Engine, Row, Term
from govgraph.errors import GovgraphError
from govgraph.governance.time import Asked, Span
from govgraph.lookup.evidence import evidence
from govgraph.vocabulary import PROLOGUE

#: type in the IRI -> (Chinese, English) name of the kind
KINDS = {
    "place": ("地点", "place"),
    "organization": ("组织", "organization"),
    "person": ("人员", "person"),
    "post": ("岗位", "post"),
    "model": ("治理模式", "governance model"),
}
_LABELS = """SELECT ?entity ?label WHERE { VALUES ?entity { %s } ?entity skos:prefLabel ?label }"""
_EXISTS = """SELECT ?entity WHERE { ?entity a ?class } LIMIT 1"""


@dataclass(frozen=True)
class Context:
    """What a lookup works on: a release's engine, the texts at hand, the base of the IRIs."""

    engine: Engine
    passages: Passages
    base: str

    def iri(self, kind: str, key: str) -> str:
        """The IRI for a type and a key."""
        return f"{self.base}{quote(kind, safe='')}/{quote(key, safe='')}"

    def require(self, kind: str, key: str) -> str:
        """The IRI of an entity that exists. GovgraphError(not-found)."""
        iri = self.iri(kind, key)
        if not self.select(_EXISTS, entity=iri):
            zh, en = KINDS[kind]
            raise GovgraphError("not-found", kind=en, kind_zh=zh, id=key)
        return iri

    def select(self, query: str, **iris: str) -> list[Row]:
        """Rows of a query whose variables are bound to IRIs."""
        bindings: dict[str, Term] = {name: NamedNode(iri) for name, iri in iris.items()}
        return self.engine.select(PROLOGUE + query, bindings)

    def reference(self, iri: str, labels: Mapping[str, dict[str, str]]) -> dict[str, Any]:
        """How an answer names another entity."""
        kind, key = self.split(iri)
        return {"iri": iri, "type": kind, "id": key, "label": labels.get(iri, {})}

    def split(self, iri: str) -> tuple[str | None, str]:
        kind, slash, key = iri.removeprefix(self.base).partition("/")
        return (kind, unquote(key)) if slash and iri.startswith(self.base) else (None, iri)

    def labels(self, iris: Iterable[str]) -> dict[str, dict[str, str]]:
        """Preferred labels by language (`und` for none)."""
        values = " ".join(str(NamedNode(iri)) for iri in dict.fromkeys(iris))
        found: dict[str, dict[str, str]] = {}
        for row in self.engine.select(PROLOGUE + _LABELS % values) if values else ():
            label = row["label"]
            lang = label.language if isinstance(label, Literal) else None
            found.setdefault(row["entity"].value, {})[lang or "und"] = label.value
        return found

    def finish(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Replace the IRIs that items hold under `*_iri` by references, and add evidence."""
        iris = [v for item in items for k, v in item.items() if k.endswith("_iri") and v]
        labels = self.labels(iris)
        proof = evidence(self.engine, (item["evidence_of"] for item in items), self.passages)
        return [self._finished(item, labels, proof) for item in items]

    def _finished(
        self, item: dict[str, Any], labels: Mapping[str, dict[str, str]], proof: Mapping[str, Any]
    ) -> dict[str, Any]:
        done: dict[str, Any] = {}
        for name, value in item.items():
            if name.endswith("_iri"):
                done[name[:-4]] = self.reference(value, labels) if value else None
            elif name != "evidence_of":
                done[name] = value
        done["evidence"] = proof.get(item["evidence_of"], [])
        return done


def text(row: Row, name: str) -> str | None:
    """The text of a binding, None if it is unbound."""
    return row[name].value if name in row else None


def flag(row: Row, name: str) -> bool | None:
    """A boolean binding, None if it is unbound."""
    value = text(row, name)
    return None if value is None else value in ("true", "1")


def local(row: Row, name: str) -> str | None:
    """The local name of an IRI binding such as gov:elected."""
    value = text(row, name)
    return None if value is None else value.rpartition("#")[2]


def dated(items: list[dict[str, Any]], asked: Asked | None) -> tuple[list[dict[str, Any]], int]:
    """Give each item with `start` and `end` its verdict on the days asked about; leave out what
    surely did not hold then, and say how many those were."""
    if asked is None:
        return items, 0
    judged = [item | {"holds": asked.verdict(Span(item["start"], item["end"]))} for item in items]
    kept = [item for item in judged if item["holds"] != "no"]
    return kept, len(judged) - len(kept)
