"""Citations: the source, the row and the sentences behind each thing that a comparison says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from govgraph.engine.base import Engine
from govgraph.governance.models.nodes import Node, Words, listed, nodes


@dataclass(frozen=True)
class Citation:
    """One numbered citation: the entity, the title and address of its source where they are
    named, the rows that state it and the sentences that they rest on."""

    number: int
    entity: str
    title: Words
    address: str | None
    rows: tuple[str, ...]
    sentences: tuple[str, ...]


_OWN = ("gov:sourceTitle", "gov:sourceAddress", "prov:wasDerivedFrom")


def citations(engine: Engine, entities: Iterable[str]) -> list[Citation]:
    """The citations of entities, numbered in the order in which these come."""
    cited = list(dict.fromkeys(entities))
    if not cited:
        return []
    found = nodes(engine, f"VALUES ?s {{ {listed(cited)} }}", _OWN)
    told = [found.get(entity, Node(entity)) for entity in cited]
    sentences = {each for node in told for each in node.iris("prov:wasDerivedFrom")}
    titles = _documents(engine, {each for each in sentences if not _is_row(each)})
    return [_citation(number, node, titles) for number, node in enumerate(told, 1)]


def _is_row(iri: str) -> bool:
    return "#row=" in iri


def _citation(number: int, node: Node, titles: dict[str, Words]) -> Citation:
    derived = node.iris("prov:wasDerivedFrom")
    sentences = tuple(each for each in derived if each in titles)
    own = node.one("gov:sourceTitle")
    title = Words(own, own) if own else next((titles[each] for each in sentences), Words())
    rows = tuple(each for each in derived if _is_row(each))
    return Citation(number, node.iri, title, node.one("gov:sourceAddress"), rows, sentences)


def _documents(engine: Engine, sentences: Iterable[str]) -> dict[str, Words]:
    """The title of the document that each sentence stands in."""
    wanted = list(sentences)
    if not wanted:
        return {}
    placed = nodes(engine, f"VALUES ?s {{ {listed(wanted)} }}", ("nif:referenceContext",))
    document = {
        iri: next(iter(node.iris("nif:referenceContext")), "") for iri, node in placed.items()
    }
    named = set(document.values()) - {""}
    titles = nodes(engine, f"VALUES ?s {{ {listed(named)} }}", ("dcterms:title",)) if named else {}
    return {
        iri: titles[of].words("dcterms:title") if of in titles else Words()
        for iri, of in document.items()
    }


def numbers(found: Sequence[Citation]) -> dict[str, int]:
    """The number of each cited entity."""
    return {citation.entity: citation.number for citation in found}
