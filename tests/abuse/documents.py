"""Documents and bodies that mean harm, with their media types, by what comes of them."""

from __future__ import annotations

import gzip
from io import BytesIO
from itertools import repeat

from tests.abuse.queries import many, nested

TURTLE, XML, JSON_LD = "text/turtle", "application/rdf+xml", "application/ld+json"
NTRIPLES = "application/n-triples"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LAUGHS = "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "ha">' for n in range(10)
)


def _xml(inside: str, attributes: str = "") -> str:
    return f'<rdf:RDF xmlns:rdf="{_RDF}" xmlns:x="x:" {attributes}>{inside}</rdf:RDF>'


#: More than the parsers stand.
REFUSED = {
    "brackets": (TURTLE, "<x:a> <x:b> " + nested("[ <x:p> ", 100_000, "1", " ]")),
    "lists": (TURTLE, "<x:a> <x:b> " + nested("(", 200_000, "", ")")),
    "triple terms": (TURTLE, "<x:a> <x:b> " + nested("<<( <x:a> <x:b> ", 100_000, "1", " )>>")),
    "triple terms, line by line": (NTRIPLES, nested("<x:a> <x:b> <<( ", 100_000, "", " )>>")),
    "elements": (XML, _xml(nested("<x:a>", 200_000, "", "</x:a>"))),
    "arrays": (JSON_LD, nested("[", 200_000, "", "]")),
    "objects": (JSON_LD, nested('{"x:p":', 100_000, "1", "}")),
    "lists in lists": (JSON_LD, '{"@id":"x:a","x:p":' + nested('{"@list":[', 50_000, "", "]}") + "}"),
    "marks": (TURTLE, "<" * 1_000_000),
    "entities of entities": (XML, f"<!DOCTYPE r [{_LAUGHS}]><r>&a9;</r>"),
    "an entity without an end": (XML, '<!DOCTYPE r [<!ENTITY a "&a;">]><r>&a;</r>'),
    "a DOCTYPE of nothing": (XML, "<!DOCTYPE rdf:RDF>" + _xml("")),
}  # fmt: skip

#: What is no such document.
INVALID = {
    "an open string": (TURTLE, '<x:a> <x:b> "' + "a" * 1_000_000),
    "an open long string": (TURTLE, '<x:a> <x:b> """' + '"a ' * 300_000),
    "half a character": (TURTLE, r'<x:a> <x:b> "\uD800" .'),
    "beyond all characters": (NTRIPLES, r'<x:a> <x:b> "\U00110000" .'),
    "half a character in JSON": (JSON_LD, r'{"@id":"x:a","x:p":"\ud800"}'),
    "a key that is half a character": (JSON_LD, r'{"@id":"x:a","x:\udfff":1}'),
    "a number of 100,000 digits": (JSON_LD, '{"@id":"x:a","x:p":' + "9" * 100_000 + "}"),
    "no document": (JSON_LD, ""),
    "another coding": (XML, '<?xml version="1.0" encoding="UTF-16"?>' + _xml("<x:a")),
    "elements that stay open": (XML, _xml("") + "<a>"),
    "a prefix that is none": (XML, "<r:a/>"),
    "a base that is none": (TURTLE, "@base <x y> . <a> <b> <c> ."),
    "zero bytes": (TURTLE, "\x00" * 100_000),
}  # fmt: skip

#: Documents that are large or strange, and good.
ACCEPTED = {
    "an IRI of 64 kB": (TURTLE, f"<x:{'a' * 65_536}> <x:b> 1 ."),
    "a literal of 1 MB": (TURTLE, f'<x:a> <x:b> "{"a" * 1_000_000}" .'),
    "prefixes of thousands": (TURTLE, many("@prefix p#: <x:#> .", 20_000)),
    "objects of thousands": (TURTLE, "<x:a> <x:b> " + many("#", 20_000, ",") + " ."),
    "attributes of thousands": (XML, _xml("<x:a " + many('x:p#="1"', 5000) + "/>")),
    "names of thousands": (XML, _xml("", many('xmlns:p#="x:#"', 5000))),
    "numbers without an end": (TURTLE, f"<x:a> <x:b> {'9' * 100_000}, 0.{'9' * 100_000}, 1e{'9' * 1000} ."),
    "days of no calendar": (TURTLE, '<x:a> <x:b> "1000000000-13-45"^^<http://www.w3.org/2001/XMLSchema#date> .'),
    "a zero byte": (TURTLE, r'<x:a> <x:b> "\u0000" .'),
    "right to left": (TURTLE, '<x:a> <x:b> "\u202e" .'),
    "a mark of UTF-8": (TURTLE, "\ufeff<x:a> <x:b> 1 ."),
}  # fmt: skip


def bomb(megabytes: int) -> bytes:
    """So many megabytes of zeros in a thousandth of the bytes."""
    packed = BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        for zeros in repeat(bytes(1 << 20), megabytes):
            file.write(zeros)
    return packed.getvalue()
