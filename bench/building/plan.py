"""What a dataset's tables state, in the words of RML: one map of triples for each kind of subject.

A plan is as close to the tables' declarations as a mapping without functions can be. Left out is
what RML has no words for: the bounds of EDTF dates, checks and keys, defaults of empty cells,
cells of several values (one value each is taken), and the evidence of each row.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from govgraph_loaders import Source
from govgraph_loaders.table import Column

STRING = "http://www.w3.org/2001/XMLSchema#string"
#: A variable that keeps reserved characters, which RML's templates would encode.
_RESERVED = re.compile(r"\{\+([^{}]+)\}")
_VARIABLE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Statement:
    """A property and where its value comes from: a `column` gives literals of a datatype or in a
    language, a `template` IRIs, a `constant` a literal if it has a datatype, else an IRI."""

    property: str
    template: str = ""
    constant: str = ""
    column: str = ""
    datatype: str = ""
    language: str = ""


@dataclass(frozen=True)
class TriplesMap:
    """What the rows of a file state of one subject, in a graph."""

    file: Path
    graph: str
    subject: str
    statements: tuple[Statement, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"file": str(self.file)}


def plan(sources: Iterable[Source]) -> list[TriplesMap]:
    """The maps of all tables, for the columns that their files have."""
    return [one for source in sources for one in _maps(source)]


def _maps(source: Source) -> Iterator[TriplesMap]:
    header = set(_header(source.path))
    by_subject: dict[str, list[Statement]] = {}
    for column in source.table.columns:
        subject = column.about.text if column.about else f"{source.iri}#entity={{_row}}"
        if not column.suppress and _has_all(header, column, subject):
            by_subject.setdefault(_plain(subject), []).append(_statement(column))
    for subject, statements in by_subject.items():
        yield TriplesMap(source.path, source.iri, subject, tuple(statements))


def _has_all(header: set[str], column: Column, subject: str) -> bool:
    """Whether the file has what a column's statement is made of."""
    value = column.value.text if column.value else ""
    own = set() if column.virtual else {column.name}
    return own | set(_VARIABLE.findall(_plain(subject + value))) <= header


def _statement(column: Column) -> Statement:
    predicate = column.property.text
    if column.value is None and column.virtual:
        return Statement(predicate, constant=column.default, datatype=column.datatype.iri)
    if column.value is None:
        datatype = "" if column.datatype.iri == STRING else column.datatype.iri
        language = "" if datatype else column.lang or ""
        return Statement(predicate, column=column.name, datatype=datatype, language=language)
    text = _plain(column.value.text)
    return (
        Statement(predicate, template=text) if "{" in text else Statement(predicate, constant=text)
    )


def _plain(template: str) -> str:
    return _RESERVED.sub(r"{\1}", template)


def _header(path: Path) -> list[str]:
    opened = gzip.open if path.name.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
        return next(csv.reader(stream), [])
