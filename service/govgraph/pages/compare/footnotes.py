"""The sources of a comparison: citations by the document they stand in, with the sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govgraph.engine.base import Engine
from govgraph.governance.models.citations import Citation
from govgraph.governance.models.nodes import Words, listed, nodes
from govgraph.pages.page import Page
from govgraph.pages.proofs import Sentence

#: Citations that a page lists; files hold all.
MOST = 300
_PLACED = ("nif:referenceContext", "nif:beginIndex", "nif:endIndex", "dcterms:identifier")


@dataclass(frozen=True)
class Note:
    """One numbered citation: the entity, its rows as (table, row, address), its sentences by
    number and address."""

    number: int
    entity: str
    rows: tuple[tuple[str, int], ...]
    sentences: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Source:
    """A document with what is cited of it; without a title the rows are the source."""

    title: Words
    address: str | None
    notes: tuple[Note, ...]
    sentences: tuple[Sentence, ...]


def sources(page: Page, citations: Sequence[Citation]) -> list[Source]:
    """The first citations by their sources, in the order in which these are first cited."""
    assert page.opened is not None
    shown = citations[:MOST]
    placed = _placed(page, page.opened.engine, [s for each in shown for s in each.sentences])
    groups: dict[tuple[str | None, str | None], list[Citation]] = {}
    for each in shown:
        groups.setdefault((each.title.zh or each.title.en, each.address), []).append(each)
    return [
        _source(_title(found), address, found, placed) for (_, address), found in groups.items()
    ]


def _title(cited: Sequence[Citation]) -> Words:
    """The title of a document: a row gives it in one language, the document itself in two."""
    titles = [each.title for each in cited]
    return next((title for title in titles if title.zh != title.en), titles[0])


def _source(
    title: Words, address: str | None, cited: Sequence[Citation], placed: dict[str, Sentence]
) -> Source:
    used = dict.fromkeys(s for each in cited for s in each.sentences if s in placed)
    return Source(
        title, address, tuple(_note(each, placed) for each in cited), tuple(placed[s] for s in used)
    )


def _note(citation: Citation, placed: dict[str, Sentence]) -> Note:
    told = [placed[iri] for iri in citation.sentences if iri in placed]
    return Note(
        citation.number,
        citation.entity,
        tuple(_row(iri) for iri in citation.rows),
        tuple((sentence.number, sentence.href) for sentence in told),
    )


def _row(iri: str) -> tuple[str, int]:
    """`dataset/table.csv` and the row's number, as all evidence counts: IRIs count the header too."""
    table, _, number = iri.partition("#row=")
    return "/".join(table.split("/")[-2:]), int(number) - 1


def _placed(page: Page, engine: Engine, iris: Sequence[str]) -> dict[str, Sentence]:
    """Where sentences stand, with their text if the document is at hand."""
    if not iris:
        return {}
    assert page.opened is not None
    found = nodes(engine, f"VALUES ?s {{ {listed(iris)} }}", _PLACED)
    told = {}
    for iri, node in found.items():
        begin, end = node.integer("nif:beginIndex") or 0, node.integer("nif:endIndex") or 0
        document = next(iter(node.iris("nif:referenceContext")), "")
        text = page.opened.context.passages.cut(document, begin, end)
        number = node.one("dcterms:identifier") or iri.rpartition("/")[2]
        told[iri] = Sentence(number, page.entity(iri), begin, end, text)
    return told
