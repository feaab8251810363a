"""How the file lies in a release's columns: a line, the length of a header, the header, and arrays.

The header is JSON. `terms` counts the terms of each tag, as `terms.arrow` does; a term's *row* is its
place there. `texts` says where in `terms.arrow` the buffers of its columns lie, so that texts are
read without Arrow. An object's *code* is its row or, beyond the last row, its place among the inline
ids. The arrays:

- `starts`: row of an IRI or a blank node -> where its triples begin in the next two; one more at the end
- `predicates`: of each triple, in the order of subject, predicate and object: place in the header's list
- `objects`: of each triple: the object's code
- `inline`: the inline ids that are objects, in their order
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from govgraph.engine.columnar.ids import Tag

FILE = "things.bin"
_MAGIC = b"govgraph things 1\n"
_LENGTH = struct.Struct("<Q")
#: Arrays begin at multiples of this.
_ALIGNED = 64


Code = Literal["B", "h", "H", "i", "I", "q", "Q"]


@dataclass(frozen=True)
class Array:
    """Where an array lies and the code of its items, as `struct` and `memoryview` have it."""

    at: int
    count: int
    code: Code

    @property
    def end(self) -> int:
        return self.at + self.count * struct.calcsize("=" + self.code)


@dataclass(frozen=True)
class Header:
    """What the file says of itself. Places of arrays count from the header's end."""

    #: The file of the texts, and how many terms share a prefix there.
    file: str
    block: int
    terms: dict[Tag, int]
    predicates: list[str]
    #: Datatypes and languages, in the order of the dictionaries of `terms.arrow`.
    datatypes: list[str | None]
    languages: list[str | None]
    #: Literals that Oxigraph has in another form: row -> [lexical form, datatype].
    shown: dict[int, tuple[str, str]]
    arrays: dict[str, Array]
    texts: dict[str, Array]

    def packed(self) -> bytes:
        """The file's beginning, up to its first array."""
        content = json.dumps(asdict(self), ensure_ascii=False).encode()
        size = aligned(len(_MAGIC) + _LENGTH.size + len(content))
        content = content.ljust(size - len(_MAGIC) - _LENGTH.size)
        return _MAGIC + _LENGTH.pack(len(content)) + content

    @classmethod
    def read(cls, data: Any) -> tuple[Self, int]:
        """The header of a file's bytes, and where it ends. ValueError if it is none of ours."""
        begin = len(_MAGIC) + _LENGTH.size
        if data[: len(_MAGIC)] != _MAGIC:
            raise ValueError("not a file of things, or of another version")
        (length,) = _LENGTH.unpack(data[len(_MAGIC) : begin])
        end = begin + length
        found = json.loads(data[begin:end])
        found["terms"] = {Tag(int(tag)): count for tag, count in found["terms"].items()}
        found["shown"] = {int(row): tuple(form) for row, form in found["shown"].items()}
        for kind in ("arrays", "texts"):
            found[kind] = {name: Array(**array) for name, array in found[kind].items()}
        return cls(**found), end


def aligned(place: int) -> int:
    """The next place at which an array may begin."""
    return -(-place // _ALIGNED) * _ALIGNED


def first_rows(terms: dict[Tag, int]) -> dict[Tag, int]:
    """Tag -> the row of its first term. Rows are in the order of tags."""
    rows, row = {}, 0
    for tag in sorted(terms):
        rows[tag] = row
        row += terms[tag]
    return rows
