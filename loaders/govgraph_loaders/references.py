"""Which columns a schema's keys and templates name, and whether there are such columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govgraph_loaders.node import MetadataError, Node
from govgraph_loaders.table import Column, ForeignKey, Table

_FOREIGN_KEY = {"columnReference", "reference", "resource", "schemaReference"}
#: Variables of a template that do not come from a column.
_ROW_VARIABLES = {"_row", "_sourceRow"}


def read_primary_key(
    schema: Node, columns: Sequence[Column], to_the_letter: bool
) -> tuple[str, ...]:
    """The columns of the primary key. The standard ignores one of columns without names."""
    key = schema.texts("primaryKey") or ()
    if to_the_letter and not set(key) <= {column.name for column in columns if column.named}:
        schema.ignore("primaryKey")
        return ()
    return key


def read_foreign_keys(schema: Node) -> Iterator[ForeignKey]:
    """The foreign keys; MetadataError for one that says too little or too much."""
    for value in schema.objects("foreignKeys"):
        key = Node(value, f"{schema.where}foreignKeys/", schema.ignored)
        reference = key.child("reference")
        by_schema = reference.text("schemaReference")
        resource = by_schema or reference.text("resource")
        columns = key.texts("columnReference") or ()
        referenced = reference.texts("columnReference") or ()
        if not resource or not columns or len(columns) != len(referenced):
            raise key.error("a foreign key is incomplete", "外键不完整")
        if {*key.value, *reference.value} - _FOREIGN_KEY:
            raise key.error("a foreign key has other properties", "外键含有其他属性")
        yield ForeignKey(columns, resource, referenced, by_schema=by_schema is not None)


def check_names(table: Table) -> None:
    """Columns are declared once and virtual ones last; keys and templates name columns that
    exist. To the letter, keys take declared names only and templates leave out what is not."""
    names = [column.name for column in table.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise MetadataError(f"column declared twice: {twice}", f"列重复声明：{twice}")
    virtual = [column.virtual for column in table.columns]
    if virtual != sorted(virtual):
        raise MetadataError("a virtual column before another", "虚拟列排在了其他列之前")
    if all(virtual):
        return
    cells = {
        c.name for c in table.columns if not c.virtual and (c.named or not table.to_the_letter)
    }
    for name in _used(table):
        if name not in cells:
            raise MetadataError(f"unknown column {name!r} is used", f"引用了未声明的列 {name!r}")


def _used(table: Table) -> Iterator[str]:
    """The names of columns that a declaration uses."""
    yield from (name for key in table.foreign_keys for name in key.columns)
    if table.to_the_letter:
        return
    yield from table.primary_key
    for column in table.columns:
        for template in (column.about, column.property, column.value):
            yield from (n for n in (template.names if template else ()) if n not in _ROW_VARIABLES)
