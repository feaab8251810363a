"""Facts of a release as a document: rules, axioms, cells, sentences and labels behind triples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from govgraph import resources
from govgraph.engine.base import Engine, Term
from govgraph.engine.columnar.algebra import Inverse, Link
from govgraph.inference.derive import Derivation, axioms_of
from govgraph.inference.graph import Graph
from govgraph.inference.rule import Axiom, terms
from govgraph.inference.rulefile import RuleFile, read
from govgraph.inference.why import Fact
from govgraph.lookup.cells import Cells, cells
from govgraph.lookup.entities import Context
from govgraph.lookup.evidence import evidence
from govgraph.lookup.terms import short
from govgraph.vocabulary import PREFIXES, PROLOGUE, inferred_graph

#: family -> (Chinese, English)
FAMILIES = {
    "subclass": ("上位类", "superclass"),
    "subproperty": ("上位属性", "superproperty"),
    "inverse": ("逆属性", "inverse property"),
    "transitive": ("传递属性", "transitive property"),
    "chain": ("属性链", "property chain"),
}
#: What an axiom says, by its predicate or class -> the rule's name in OWL 2 RL
OWL_RL = {
    "subClassOf": "cax-sco",
    "equivalentClass": "cax-eqc",
    "subPropertyOf": "prp-spo1",
    "equivalentProperty": "prp-eqp",
    "inverseOf": "prp-inv",
    "SymmetricProperty": "prp-symp",
    "TransitiveProperty": "prp-trp",
    "propertyChainAxiom": "prp-spo2",
}
_LABELS = """SELECT DISTINCT ?entity ?label WHERE { VALUES ?entity { %s }
  ?entity rdfs:label|skos:prefLabel ?label }"""
Json = dict[str, Any]


@cache
def rule_files(base: str) -> tuple[RuleFile, ...]:
    """The rules that ship as files, for instances of this base."""
    folder = resources.folder("queries") / "rules"
    return tuple(read(path, base) for path in sorted(folder.glob("*.rq")))


class FactDocument:
    """Facts, numbered in their order; what they rest on is named by these numbers."""

    def __init__(self, context: Context, facts: list[Fact]) -> None:
        self.context, self.facts = context, facts
        self.numbers = {fact.triple: number for number, fact in enumerate(facts)}
        self.graph = Graph(context.engine)
        self.files = {file.family: file for file in rule_files(context.base)}
        self.named: set[str] = set()
        tables = {f.triple: [g for g in f.stated_in if _is_table(context, g)] for f in facts}
        self.cells = cells(context.engine, {t: found for t, found in tables.items() if found})
        self.sentences = _sentences(context, self.cells)

    def as_dict(self) -> Json:
        facts = [self._fact(number, fact) for number, fact in enumerate(self.facts)]
        return {"facts": facts, "labels": _labels(self.context.engine, self.named)}

    def _fact(self, number: int, fact: Fact) -> Json:
        s, p, o = terms(fact.triple)
        return {
            "id": number,
            "text": " ".join(map(self._short, (s, p, o))),
            "s": _term(s),
            "p": _term(p),
            "o": _term(o),
            "asserted": bool(fact.stated_in),
            "graphs": fact.stated_in
            or [inferred_graph(self.context.base, f) for f in fact.families],
            "cells": [
                cell | {"sentences": self.sentences.get((s, cell["iri"]), [])}
                for cell in self.cells.get(fact.triple, [])
            ],
            "derivations": [self._derivation(d) for d in fact.derivations],
        }

    def _derivation(self, derivation: Derivation) -> Json:
        family = derivation.family
        zh, en = FAMILIES.get(family, (family, family))
        titles = self.files[family].titles if family in self.files else {}
        return {
            "family": family,
            "name": {"zh": zh, "en": en} | titles,
            "axioms": [self._axiom(axiom) for axiom in axioms_of(self.graph, derivation)],
            "premises": [self.numbers[premise] for premise in derivation.premises],
        }

    def _axiom(self, axiom: Axiom) -> Json:
        members = " ".join(map(self._member, axiom.objects))
        object_ = f"( {members} )" if axiom.is_list else members
        text = f"{self._short(axiom.subject)} {self._short(axiom.predicate)} {object_}"
        last = axiom.objects[0]
        kinds = [axiom.predicate, *([last] if isinstance(last, NamedNode) else [])]
        names = [OWL_RL.get(kind.value.rpartition("#")[2]) for kind in kinds]
        subject = axiom.subject.value if isinstance(axiom.subject, NamedNode) else None
        return {"text": text, "subject": subject, "owl_rl": next(filter(None, names), None)}

    def _member(self, member: Term | Inverse) -> str:
        if isinstance(member, Inverse):
            assert isinstance(member.path, Link)
            return f"[ owl:inverseOf {self._short(member.path.iri)} ]"
        return self._short(member)

    def _short(self, term: Term) -> str:
        """A term's short form; its label will be wanted too."""
        if isinstance(term, NamedNode):
            self.named.add(term.value)
        return short(term, self.context.base)


def _sentences(context: Context, found: Mapping[Triple, Cells]) -> dict[tuple[Term, str], Any]:
    """The sentences that a row names for its entity, by both."""
    subjects = {str(t.subject)[1:-1]: terms(t)[0] for t in found if _named(t)}
    proof = evidence(context.engine, subjects, context.passages)
    return {
        (subjects[iri], item["iri"]): item["sentences"]
        for iri, rows in proof.items()
        for item in rows
    }


def _named(triple: Triple) -> bool:
    return isinstance(triple.subject, NamedNode)


def _is_table(context: Context, graph: str) -> bool:
    return graph.startswith(f"{context.base}table/")


def _term(term: Term) -> Json:
    """A term as in the JSON of SPARQL results."""
    if isinstance(term, Literal):
        tagged = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
        plain = term.datatype.value == PREFIXES["xsd"] + "string"
        return {"type": "literal", "value": term.value} | ({} if plain else tagged)
    kind = "bnode" if isinstance(term, BlankNode) else "uri"
    return {"type": kind, "value": term.value}


def _labels(engine: Engine, iris: Iterable[str]) -> Mapping[str, dict[str, str]]:
    """Labels by IRI and language (`und` for none)."""
    values = " ".join(str(NamedNode(iri)) for iri in sorted(iris))
    found: dict[str, dict[str, str]] = {}
    for row in engine.select(PROLOGUE + _LABELS % values):
        label = row["label"]
        language = label.language if isinstance(label, Literal) else None
        found.setdefault(row["entity"].value, {}).setdefault(language or "und", label.value)
    return found
