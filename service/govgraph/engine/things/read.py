"""The file of things, open for reading: the row of an IRI, what is stated of it, terms as JSON."""

from __future__ import annotations

import mmap
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

from govgraph.engine.columnar.ids import Tag, inlined, tag_of
from govgraph.engine.things.layout import FILE, Array, Header, first_rows

#: Terms and IRIs that are remembered.
REMEMBERED = 1 << 16


class Things:
    """The things of one release. OSError if the folder has no such file, ValueError for one of
    another version."""

    def __init__(self, folder: Path) -> None:
        data = _mapped(folder / FILE)
        header, end = Header.read(data)
        self._starts, self._predicates, self._objects, self._inline = (
            _items(data, header.arrays[name], end)
            for name in ("starts", "predicates", "objects", "inline")
        )
        self._texts, self._header = _Texts(_mapped(folder / header.file), header), header
        self._rows = sum(header.terms.values())
        first = first_rows(header.terms)
        self._tags, self._firsts = list(first), list(first.values())
        #: Codes below are those of blank nodes.
        self.first_iri = header.terms.get(Tag.BLANK, 0)
        self._iris = self.first_iri, header.terms.get(Tag.IRI, 0)
        #: What each predicate is as a value of SPARQL's results in JSON, in their order.
        self.predicates = [_uri(iri) for iri in header.predicates]
        self._places = {iri: place for place, iri in enumerate(header.predicates)}
        self.row: Callable[[str], int | None] = lru_cache(REMEMBERED)(self._row)
        #: The terms of codes, in the same form.
        self.terms = _Remembered(self._term)

    def predicate(self, iri: str) -> int | None:
        """The place of a predicate, None if nothing is stated by it."""
        return self._places.get(iri)

    def stated(self, row: int, most: int) -> tuple[list[int], list[int]] | None:
        """The predicates' places and the objects' codes of what is stated of the IRI of a row; None
        if it is more than so many triples."""
        begin, end = self._starts[row], self._starts[row + 1]
        if end - begin > most:
            return None
        return self._predicates[begin:end].tolist(), self._objects[begin:end].tolist()

    def _row(self, iri: str) -> int | None:
        """The row of an IRI, None if it is nowhere in the data. Its code as an object is the same."""
        low, count = self._iris
        high, wanted = low + count, iri.encode()
        end = high
        while low < high:
            middle = (low + high) // 2
            if self._texts.lexical(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < end and self._texts.lexical(low) == wanted else None

    def _term(self, code: int) -> str:
        """The term of a code as a value of SPARQL's results in JSON, in the form that Oxigraph has."""
        if code >= self._rows:
            return _inline(self._inline[code - self._rows])
        if form := self._header.shown.get(code):
            return _literal(*form)
        tag, lex = (
            self._tags[bisect_right(self._firsts, code) - 1],
            self._texts.lexical(code).decode(),
        )
        if tag == Tag.IRI:
            return _uri(lex)
        if tag == Tag.BLANK:
            return f'{{"type":"bnode","value":{encode_basestring(lex)}}}'
        if tag == Tag.STRING:
            return f'{{"type":"literal","value":{encode_basestring(lex)}}}'
        if tag == Tag.LANG_STRING:
            language = encode_basestring(self._texts.language(code))
            return f'{{"type":"literal","value":{encode_basestring(lex)},"xml:lang":{language}}}'
        return _literal(lex, self._texts.datatype(code))


class _Remembered(dict[int, str]):
    """What was made of numbers; a dictionary that finds what it has without a call."""

    def __init__(self, make: Callable[[int], str]) -> None:
        self.make = make

    def __missing__(self, number: int) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        made = self[number] = self.make(number)
        return made


class _Texts:
    """The texts of terms where they lie in the file of the lexicon."""

    def __init__(self, data: mmap.mmap, header: Header) -> None:
        self._data, self._block, places = data, header.block, header.texts
        if not places:
            return
        self._prefix, self._rest = places["prefix"].at, places["rest"].at
        self._prefix_starts = _items(data, places["prefix_starts"])
        self._rest_starts = _items(data, places["rest_starts"])
        self._datatype = _items(data, places["datatype"])
        self._language = _items(data, places["language"])
        self._datatypes, self._languages = header.datatypes, header.languages

    def lexical(self, row: int) -> bytes:
        """The IRI, label or lexical form of a row, in UTF-8."""
        data, starts, rests = self._data, self._prefix_starts, self._rest_starts
        block = row // self._block
        prefix = data[self._prefix + starts[block] : self._prefix + starts[block + 1]]
        return prefix + data[self._rest + rests[row] : self._rest + rests[row + 1]]

    def datatype(self, row: int) -> str:
        return self._datatypes[self._datatype[row]] or ""

    def language(self, row: int) -> str:
        return self._languages[self._language[row]] or ""


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _items(data: mmap.mmap, array: Array, base: int = 0) -> Any:
    return memoryview(data)[base + array.at : base + array.end].cast(array.code)


def _inline(ident: int) -> str:
    lex, datatype = inlined(ident)
    tag = tag_of(ident)
    if tag == Tag.BOOLEAN:
        lex = {"0": "false", "1": "true"}.get(lex, lex)
    elif tag == Tag.DECIMAL and "." in lex:
        lex = lex.rstrip("0").rstrip(".")
    return _literal(lex, datatype)


def _uri(iri: str) -> str:
    return f'{{"type":"uri","value":{encode_basestring(iri)}}}'


def _literal(lex: str, datatype: str) -> str:
    value, kind = encode_basestring(lex), encode_basestring(datatype)
    return f'{{"type":"literal","value":{value},"datatype":{kind}}}'
