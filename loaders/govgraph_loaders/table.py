"""The declaration of a table: its columns, keys and dialect, as the loader uses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from govgraph_loaders.datatypes import Datatype
from govgraph_loaders.uri import Template


@dataclass(frozen=True)
class Column:
    """A declared column. Templates are absolute or relative to the table's IRI. `languages` are
    those of its titles; `named` if its name is declared, not made from a title or a place."""

    name: str
    titles: tuple[str, ...]
    languages: tuple[str, ...]
    named: bool
    datatype: Datatype
    property: Template
    about: Template | None
    value: Template | None
    lang: str | None
    direction: str | None
    null: tuple[str, ...]
    default: str
    separator: str | None
    ordered: bool
    required: bool
    virtual: bool
    suppress: bool
    bounds: tuple[str, str] | None
    check: str | None
    must_exist: bool
    precision: bool


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose values must stand in the referenced columns of the table `resource`, or of
    the tables whose schema is `resource`."""

    columns: tuple[str, ...]
    resource: str
    referenced: tuple[str, ...]
    by_schema: bool = False


@dataclass(frozen=True)
class Dialect:
    """How a file is written. `encoding` None: by byte-order mark, UTF-8 or safe detection;
    `comment` None: no line is a comment, so that no row is lost by a default."""

    encoding: str | None = None
    delimiter: str = ","
    quote: str | None = '"'
    double_quote: bool = True
    skip_rows: int = 0
    skip_columns: int = 0
    header_rows: int = 1
    comment: str | None = None
    trim: str = "false"
    skip_blank_rows: bool = False
    skip_initial_space: bool = False


@dataclass(frozen=True)
class Table:
    """A table's declaration: what its rows mean. `columns` empty means: all of the header,
    each with the `inherited` properties. `referenced` are the keys that other tables point at,
    `ignored` what the metadata says in vain. `to_the_letter`: read as the standard has it (columns
    by place, bad cells kept as strings, no key that refers to nothing) where the loader has its own way.
    `open`: where no columns are declared, any header will do."""

    url: str
    title: str
    columns: tuple[Column, ...]
    inherited: Mapping[str, Any]
    about: Template | None
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    dialect: Dialect
    strict: bool
    suppress: bool
    base: str
    schema: str = ""
    referenced: tuple[tuple[str, ...], ...] = ()
    ignored: tuple[str, ...] = ()
    row_titles: tuple[str, ...] = ()
    to_the_letter: bool = False
    open: bool = True

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)
