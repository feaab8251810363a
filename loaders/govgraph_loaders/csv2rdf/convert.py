"""A table or a group of tables, with the metadata that describes it, to the RDF of csv2rdf.

Source: https://www.w3.org/TR/csv2rdf/ . Rows, cells, datatypes, templates and keys are those of the
loader; only what is written of them differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from govgraph_loaders.annotations import Annotations
from govgraph_loaders.context import Context, read_context
from govgraph_loaders.csv2rdf.locate import load, locate
from govgraph_loaders.csv2rdf.rows import (
    CSVW,
    RowStatements,
    comment_statements,
    table_statements,
)
from govgraph_loaders.csv2rdf.web import Web, normal
from govgraph_loaders.dataset import Source
from govgraph_loaders.datatypes import RDF
from govgraph_loaders.keys import check_keys, with_referenced
from govgraph_loaders.metadata import Reading, read_tables
from govgraph_loaders.node import MetadataError, Node
from govgraph_loaders.problems import Problem, problem
from govgraph_loaders.rows import read_batches
from govgraph_loaders.table import ForeignKey, Table
from govgraph_loaders.tablekeys import TableKeys
from govgraph_loaders.uri import encode, is_iri, resolve


@dataclass
class Described:
    """What came of it: N-Triples, and the problems of the metadata and of every cell. Bad cells
    are in the triples too, as strings."""

    triples: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """Whether a validator accepts the tables."""
        return not any(found.severity == "error" for found in self.problems)


def csv2rdf(url: str, web: Web, *, metadata: str | None = None, minimal: bool = False) -> Described:
    """Convert what stands at a URL: metadata (`….json`) or a CSV file, whose metadata is sought
    unless its URL is given. `minimal` leaves out tables, rows and annotations.

    MetadataError if the metadata cannot be used or a file is not there.
    """
    strangers: list[str] = []
    if metadata or url.partition("?")[0].endswith(".json"):
        place = metadata or url
        document = load(web, place)
    else:
        place, document, strangers = locate(web, url)
    group = _Group(web, place, document)
    described = group.describe(minimal)
    described.problems = [*map(_stranger, strangers), *group.ignored(), *described.problems]
    return described


class _Group:
    """The tables of one metadata document."""

    def __init__(self, web: Web, place: str, document: dict[str, Any]) -> None:
        self.web, self.document = web, document
        self.context: Context = read_context(Node(document, "", {}))
        self.base = urljoin(place, self.context.base)
        reading = Reading(lambda url: load(web, urljoin(self.base, url)), to_the_letter=True)
        self.tables = [self._placed(table) for table in read_tables(document, reading)]

    def _placed(self, table: Table) -> Table:
        """A table with absolute URLs, its own and those that its keys refer to."""
        keys = tuple(
            replace(key, resource=normal(self._resolved(table, key))) for key in table.foreign_keys
        )
        schema = normal(self._url(table.schema)) if table.schema else ""
        url = normal(self._url(table.url))
        return replace(table, url=url, schema=schema, foreign_keys=keys)

    def _resolved(self, table: Table, key: ForeignKey) -> str:
        base = self._url(table.schema) if key.by_schema else self.base
        return encode(resolve(key.resource, base), reserved=True)

    def ignored(self) -> list[Problem]:
        """What the metadata says in vain."""
        return [_note("metadata-ignored", "", what=what) for what in self.tables[0].ignored]

    def describe(self, minimal: bool) -> Described:
        sources, problems = with_referenced([self._source(table) for table in self.tables])
        for found in problems:
            raise MetadataError(found.message_en, found.message_zh)
        self._check_resources()
        out = Described()
        keys = [TableKeys(source) for source in sources]
        parts = [] if minimal else [*self._annotations()]
        for number, table_keys in enumerate(keys):
            parts += self._table(number, table_keys, minimal, out.problems)
        out.triples = "".join(parts)
        out.problems += check_keys(keys)
        return out

    def _source(self, table: Table) -> Source:
        path = self.web.table(table.url)
        if path is None:
            raise MetadataError(f"{table.url}: no such file", f"{table.url}：没有该文件")
        return Source(path, table, self.base, table.url, standard=False)

    def _check_resources(self) -> None:
        known = {table.url for table in self.tables}
        schemas = {table.schema for table in self.tables}
        for table in self.tables:
            for key in table.foreign_keys:
                if key.resource not in (schemas if key.by_schema else known):
                    why, why_zh = f"no table {key.resource}", f"没有表 {key.resource}"
                    raise MetadataError(f"foreign key: {why}", f"外键：{why_zh}")

    def _table(
        self, number: int, keys: TableKeys, minimal: bool, problems: list[Problem]
    ) -> Iterator[str]:
        source = keys.source
        term = None if minimal or source.table.suppress else self._term(number)
        batches = read_batches(source.path, source.table, dataset=source.dataset, iri=source.iri)
        for batch in batches:
            converted = RowStatements(batch, number, term).run()
            problems += converted.problems
            keys.add(converted)
            if term is not None:
                yield comment_statements(term, batch.comments)
            yield converted.quads

    def _descriptions(self) -> list[Mapping[str, Any]]:
        """The JSON of the tables, in order."""
        if "url" in self.document:
            return [self.document]
        return [table for table in self.document["tables"] if isinstance(table, dict)]

    def _term(self, number: int) -> str:
        return self._named(self._descriptions()[number], f"_:t{number}")

    def _named(self, node: Mapping[str, Any], blank: str) -> str:
        if "@id" not in node:
            return blank
        name = node["@id"]  # what is no string has been noted and counts as an empty one
        return f"<{self._url(name if isinstance(name, str) else '')}>"

    def _url(self, reference: str) -> str:
        """A reference of the document as an absolute URL that triples can hold."""
        url = encode(resolve(reference, self.base), reserved=True)
        if not is_iri(url):
            raise MetadataError(f"{reference!r} is not a URL", f"{reference!r} 不是 URL")
        return url

    def _annotations(self) -> Iterator[str]:
        """The group and its tables, with what the metadata says of them."""
        writer = Annotations(self.context, self.base)
        own = {} if "url" in self.document else self.document
        group = self._named(own, "_:g")
        yield f"{group} <{RDF}type> <{CSVW}TableGroup> .\n"
        yield from writer.of(group, own)
        for number, node in enumerate(self._descriptions()):
            table = self.tables[number]
            if not table.suppress:
                yield table_statements(group, self._term(number), table.url)
                yield from writer.of(self._term(number), node)


def _stranger(place: str) -> Problem:
    return _note("metadata-ignored", Path(place).name, what=place)


def _note(code: str, table: str, **details: Any) -> Problem:
    return problem(code, dataset="", table=table, **details)
