"""Strategies for RDF terms, the hostile ones above all."""

from __future__ import annotations

from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

XSD = "http://www.w3.org/2001/XMLSchema#"
DERIVED = """nonPositiveInteger negativeInteger nonNegativeInteger positiveInteger long int short
    byte unsignedLong unsignedInt unsignedShort unsignedByte"""

#: Edges of each datatype's lexical space, and texts just outside it: those without white space …
_WORDS = {
    "boolean": "true false 0 1 TRUE",
    "integer": """0 -0 +0 7 007 -7 +7 999999999999999 -999999999999999 1000000000000000 --1 1.0
        9999999999999999999 11111111111111111111111111 111111111111111111111111111 ٣""",
    "decimal": """0 -0 0.0 -0.0 1.5 1.50 01.5 .5 5. -0.5 +1.5 . 1e3 0.123456789012 0.1234567890123
        0.1234567890120 999999999999999 99999999999999.9 1000000000000000 123456789012345.6
        -123456789012.345 11111111111111111111111111.5 111111111111111111111111111""",
    "double": "1 1.0 1e400 -1e400 1e-400 -0 -0.0 INF -INF +INF NaN nan inf 1E5 .5e1 5.e-1 e5",
    "float": "1 1e39 16777217 0.1 NaN 3.4028236e38 1e-46 0x1p3",
    "date": """2013-06-01 0001-01-01 9999-12-31 0000-01-01 -0001-01-01 10000-01-01 2013-02-30
        2012-02-29 2013-02-29 2013-06-01Z 2013-06-01+08:00 2013-06-01-14:00 1900-02-29 2013-13-01
        2013-06-01+14:01 2013-6-1 -0004-02-29 300000-01-01 99999999999-01-01""",
    "dateTime": """2013-06-01T00:00:00 2013-06-01T23:59:59 2013-06-01T24:00:00 1969-12-31T23:59:59
        2013-06-01T24:00:01 2013-06-01T23:59:60 2013-06-01T10:00:00.5 2013-06-01T10:00:00.50Z
        2013-06-01T10:00:00Z 2013-06-01T10:00:00+08:00 2013-06-01T10:00 0001-01-01T00:00:00
        2013-06-01T10:00:00.1234567 2013-06-01T10:00:00.1234560 -0001-12-31T12:00:00Z
        2013-02-30T10:00:00 2013-06-01T24:00:00.000Z""",
    "gYear": "2013",
    "dayTimeDuration": "P1D",
    **dict.fromkeys(DERIVED.split(), "0 -0 7 007 -7 127 128 -128 -129 255 256 9223372036854775808"),
}
#: … and those with it.
_SPACED = {
    "boolean": ["", " true"],
    "integer": ["", " 1", "1\n", "1" * 400],
    "dateTime": ["2013-06-01 10:00:00"],
    "string": [
        "",
        "a",
        "中文",
        '"',
        "\\",
        "\\u0041",
        "\n\r\t",
        "\0",
        '"""',
        '" .',
        "<x> .",
        " a  b ",
    ],
}
EDGES = {
    name: _WORDS.get(name, "").split() + _SPACED.get(name, []) for name in {**_WORDS, **_SPACED}
}

digits = st.text("0123456789", max_size=20)
numbers = st.builds(
    lambda sign, whole, rest, exponent: sign + whole + rest + exponent,
    st.sampled_from(["", "-", "+"]),
    digits,
    st.just("") | digits.map(lambda fraction: "." + fraction),
    st.just("") | st.integers(-400, 400).map(lambda n: f"e{n}"),
)
days = st.dates().map(str) | st.builds(
    lambda y, m, d: f"{'-' if y < 0 else ''}{abs(y):04d}-{m:02d}-{d:02d}",
    st.integers(-400_000, 400_000) | st.integers(-10, 10_001),
    st.integers(0, 13),
    st.integers(0, 32),
)
zones = st.sampled_from(["", "", "Z", "+08:00", "-14:00", "+00:00", "+14:30"])
times = st.times(timezones=st.none()).map(str) | st.sampled_from(
    ["24:00:00", "12:00:60", "10:00:00"]
)
moments = st.builds(lambda day, time, zone: f"{day}T{time}{zone}", days, times, zones)
dates = st.builds(lambda day, zone: day + zone, days, zones)
texts = st.text(max_size=12) | st.text("\"\\\n\r\t <>.@^_:a\0\x01\x7f\u2028中,&;'", max_size=8)

datatypes = st.sampled_from([XSD + name for name in EDGES])
_EDGES = [(lex, XSD + name) for name, lexes in EDGES.items() for lex in lexes]
# by number: sampled_from would print them all
edges = st.integers(0, len(_EDGES) - 1).map(lambda n: _EDGES[n])
#: (lexical form, datatype), ill-typed ones among them.
typed = edges | st.tuples(numbers | dates | moments | texts, datatypes)

iris = st.text("abc/?&'(),;中é~!*+=@:", max_size=8).map(
    lambda end: NamedNode("http://x/%41#" + end)
)
blanks = st.sampled_from(["a", "b1", "B.2", "x-y"]).map(BlankNode)
languages = st.sampled_from(["en", "EN", "zh-Hant-TW", "de-1996"])
literals = (
    typed.map(lambda pair: Literal(pair[0], datatype=NamedNode(pair[1])))
    | st.builds(lambda lex, tag: Literal(lex, language=tag), texts, languages)
    | texts.map(Literal)
    | st.builds(lambda lex, iri: Literal(lex, datatype=iri), texts, iris)
)
terms = iris | blanks | literals
