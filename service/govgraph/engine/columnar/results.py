"""SPARQL results in JSON, XML, CSV and TSV, written column by column from decoded batches.

Text is escaped once for each distinct term; rows are then put together by Arrow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from pyoxigraph import QueryResultsFormat

from govgraph.engine.columnar.decode import Decoded
from govgraph.engine.columnar.ids import XSD, Tag

_XML_HEAD = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
_XML_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
_TSV_SPECIAL = {"\t": r"\t", "\n": r"\n", "\r": r"\r", '"': r"\"", "\\": "\\\\"}
_BLANK, _IRI = str(int(Tag.BLANK)), str(int(Tag.IRI))
_PLAIN = "^" + XSD + "string"

Around = tuple[str, str]
_TEXT = pa.large_string()
#: A column of texts, or a text that stands in each row.
_Part: TypeAlias = pa.Array | str
_Parts: TypeAlias = Callable[[Decoded, Sequence[pa.Array]], Iterator[_Part]]


@dataclass(frozen=True)
class _Style:
    """How a format writes a term.

    `special` finds the texts to escape, in the syntax that RE2 and Python share. `around` gives
    what stands before and after the text, for the kind of term: `1` for a blank node, `2` for an
    IRI, `@` and the language, or `^` and the datatype.
    """

    special: str
    escape: Callable[[str], str]
    around: Callable[[str], Around]

    def write(self, terms: pa.Table) -> pa.Array:
        """The terms as the format writes them, row by row."""
        tag, lex, dt, lang = (terms[name].combine_chunks() for name in terms.column_names)
        kinds = pc.coalesce(
            join_texts("@", lang), join_texts("^", dt), tag.cast(pa.large_string())
        ).dictionary_encode()
        around = [self.around(kind) for kind in kinds.dictionary.to_pylist()]
        before, after = (
            pa.array(texts, pa.large_string()).take(kinds.indices)
            for texts in (zip(*around, strict=True) if around else ((), ()))
        )
        return join_texts(before, self._escaped(lex), after)

    def _escaped(self, texts: pa.Array) -> pa.Array:
        mask = pc.match_substring_regex(texts, self.special)
        if not pc.any(mask).as_py():
            return texts
        changed = [self.escape(text) for text in texts.filter(mask).to_pylist()]
        return pc.replace_with_mask(texts, mask, pa.array(changed, pa.large_string()))


# -- the formats ---------------------------------------------------------------------------------


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _json_around(kind: str) -> Around:
    if kind in (_BLANK, _IRI):
        name = "uri" if kind == _IRI else "bnode"
        return f'{{"type":"{name}","value":"', '"}'
    before = '{"type":"literal","value":"'
    if kind[0] == "@":
        return before, f'","xml:lang":"{kind[1:]}"}}'
    return before, '"}' if kind == _PLAIN else f'","datatype":"{_json(kind[1:])}"}}'


def _xml(text: str) -> str:
    """White space at the ends, and carriage returns anywhere, would not survive a parser."""
    escaped = "".join(_XML_SPECIAL.get(character, character) for character in text)
    ends = re.compile(r"\A[ \t\n]+|[ \t\n]+\Z")
    return ends.sub(lambda m: "".join(f"&#{ord(space)};" for space in m[0]), escaped)


def _xml_around(kind: str) -> Around:
    if kind in (_BLANK, _IRI):
        name = "uri" if kind == _IRI else "bnode"
        return f"<{name}>", f"</{name}>"
    attribute = f' xml:lang="{kind[1:]}"' if kind[0] == "@" else f' datatype="{_xml(kind[1:])}"'
    return f"<literal{'' if kind == _PLAIN else attribute}>", "</literal>"


def _csv(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _csv_around(kind: str) -> Around:
    return "_:" if kind == _BLANK else "", ""


def _tsv(text: str) -> str:
    return "".join(_TSV_SPECIAL.get(character, character) for character in text)


def _tsv_around(kind: str) -> Around:
    if kind in (_BLANK, _IRI):
        return ("<", ">") if kind == _IRI else ("_:", "")
    if kind[0] == "@":
        return '"', '"' + kind
    return '"', '"' if kind == _PLAIN else f'"^^<{kind[1:]}>'


_STYLES = {
    QueryResultsFormat.JSON: _Style(r'["\\\x00-\x1f]', _json, _json_around),
    QueryResultsFormat.XML: _Style(r'[&<>"\r]|\A[ \t\n]|[ \t\n]\z', _xml, _xml_around),
    QueryResultsFormat.CSV: _Style(r'[",\r\n]', _csv, _csv_around),
    QueryResultsFormat.TSV: _Style(r'[\t\n\r"\\]', _tsv, _tsv_around),
}


def turtle_terms(terms: pa.Table) -> pa.Array:
    """The terms (schema TERMS) as N-Triples, Turtle and TSV write them."""
    return _STYLES[QueryResultsFormat.TSV].write(terms)


# -- whole results -------------------------------------------------------------------------------


def serialise(
    names: Sequence[str], batches: Iterable[Decoded], form: QueryResultsFormat
) -> Iterator[bytes]:
    """The results of SELECT, a piece for each batch. `names` are the variables in order."""
    yield _head(names, form).encode()
    first = True
    for batch in batches:
        if batch.rows:
            body = _rows(batch, form)
            # each row of JSON begins with the comma that parts it from the one before
            yield body[1:] if first and form == QueryResultsFormat.JSON else body
            first = False
    yield _FEET.get(form, "").encode()


def serialise_boolean(value: bool, form: QueryResultsFormat) -> bytes:
    """The result of ASK. CSV and TSV have no form for it in the specification: just the word."""
    word = "true" if value else "false"
    if form == QueryResultsFormat.JSON:
        return f'{{"head":{{}},"boolean":{word}}}'.encode()
    if form == QueryResultsFormat.XML:
        return f"{_XML_HEAD}</head><boolean>{word}</boolean></sparql>".encode()
    return word.encode()


_FEET = {QueryResultsFormat.JSON: "]}}", QueryResultsFormat.XML: "</results></sparql>"}


def _head(names: Sequence[str], form: QueryResultsFormat) -> str:
    if form == QueryResultsFormat.JSON:
        variables = json.dumps(list(names), ensure_ascii=False)
        return f'{{"head":{{"vars":{variables}}},"results":{{"bindings":['
    if form == QueryResultsFormat.XML:
        variables = "".join(f'<variable name="{name}"/>' for name in names)
        return f"{_XML_HEAD}{variables}</head><results>"
    if form == QueryResultsFormat.CSV:
        return ",".join(names) + "\r\n"
    return "\t".join(f"?{name}" for name in names) + "\n"


def _rows(batch: Decoded, form: QueryResultsFormat) -> bytes:
    """The rows of a batch, put together in one pass over their texts."""
    terms = _STYLES[form].write(batch.terms)
    cells = [terms.take(place) for place in batch.places]
    return text_bytes(join_texts(pa.array([""] * batch.rows, _TEXT), *_PARTS[form](batch, cells)))


def _json_parts(batch: Decoded, cells: Sequence[pa.Array]) -> Iterator[_Part]:
    """Each row begins with a comma; so does each cell but the first."""
    keys = [f"{json.dumps(name, ensure_ascii=False)}:" for name in batch.names]
    if cells and cells[0].null_count:  # the first cell of a row may be any
        found = join_texts(*(_or_nothing(f",{k}", c) for k, c in zip(keys, cells, strict=True)))
        yield from (",{", pc.utf8_ltrim(found, ","), "}")
        return
    yield ",{"
    for number, (key, cell) in enumerate(zip(keys, cells, strict=True)):
        yield from _bound("," + key if number else key, cell)
    yield "}"


def _xml_parts(batch: Decoded, cells: Sequence[pa.Array]) -> Iterator[_Part]:
    yield "<result>"
    for name, cell in zip(batch.names, cells, strict=True):
        yield from _bound(f'<binding name="{name}">', cell, "</binding>")
    yield "</result>"


def _separated(separator: str, end: str) -> _Parts:
    def parts(_batch: Decoded, cells: Sequence[pa.Array]) -> Iterator[_Part]:
        for number, cell in enumerate(cells):
            if number:
                yield separator
            yield pc.fill_null(cell, "")
        yield end

    return parts


_PARTS: dict[QueryResultsFormat, _Parts] = {
    QueryResultsFormat.JSON: _json_parts,
    QueryResultsFormat.XML: _xml_parts,
    QueryResultsFormat.CSV: _separated(",", "\r\n"),
    QueryResultsFormat.TSV: _separated("\t", "\n"),
}


def _bound(before: str, cell: pa.Array, after: str = "") -> Iterator[_Part]:
    """A cell with what stands around it; nothing where it is unbound."""
    if cell.null_count:
        yield _or_nothing(before, cell, after)
    else:
        yield from (before, cell, after) if after else (before, cell)


def _or_nothing(before: str, cell: pa.Array, after: str = "") -> pa.Array:
    return pc.fill_null(join_texts(before, cell, after), "")


def join_texts(*parts: _Part) -> pa.Array:
    """Parts put together; null where one of them is."""
    texts = [_text(part) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*texts, _text(""))


def _text(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def text_bytes(texts: pa.Array) -> bytes:
    """All texts of an array, one after the other, as they lie in memory."""
    _, offsets, data = texts.buffers()
    ends = memoryview(offsets).cast("q")
    return bytes(memoryview(data)[ends[texts.offset] : ends[texts.offset + len(texts)]])
