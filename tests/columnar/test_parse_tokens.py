"""Tokens keep what they stand for, and what lies between them does not matter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from govgraph.engine.columnar.algebra import Bgp, TriplePattern, Values, Var
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.tokens import tokenize
from govgraph.vocabulary import PREFIXES

QUERIES = Path(__file__).resolve().parents[2] / "queries"
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ESCAPES = {
    "\t": r"\t", "\b": r"\b", "\n": r"\n", "\r": r"\r", "\f": r"\f", "\\": r"\\", '"': r"\"",
    "'": r"\'",
}  # fmt: skip
GAP = st.lists(st.sampled_from([" ", "\n", "\r\n", "\t", "# a comment ' {\n", "#\r", "##\n"]))


def value(term: str) -> object:
    """The term as the parser reads it."""
    pattern = parse(f"ASK {{ VALUES ?x {{ {term} }} }}").pattern
    assert isinstance(pattern, Values)
    return pattern.rows[0][0]


def escaped(text: str, codepoints: list[bool]) -> str:
    """The text with its escapes, and some other characters as code points."""
    written = []
    for index, character in enumerate(text):
        plain = character > " " and character not in "\"'\\<>{}|^`"
        if plain and index < len(codepoints) and codepoints[index]:
            code = ord(character)
            written.append(f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08x}")
        else:
            written.append(ESCAPES.get(character, character))
    return "".join(written)


@given(TEXT, st.lists(st.booleans()), st.sampled_from(['"', "'", '"""', "'''"]))
def test_strings(text: str, codepoints: list[bool], quote: str) -> None:
    assert value(quote + escaped(text, codepoints) + quote) == Literal(text)


@given(TEXT.map(lambda text: text.replace("\\", "")), st.sampled_from("\"'"))
def test_long_strings_hold_quotes_and_lines_as_they_are(text: str, mark: str) -> None:
    text = re.sub(f"{mark}{{3,}}", mark, text).rstrip(mark)
    assert value(mark * 3 + text + mark * 3) == Literal(text)


@given(TEXT)
def test_oxigraph_reads_the_same_string(text: str) -> None:
    token = '"' + escaped(text, []) + '"'
    solutions = Store().query(f"SELECT ({token} AS ?x) {{}}")
    assert isinstance(solutions, QuerySolutions)
    assert next(solutions)["x"] == value(token)


@given(st.text(st.characters(categories=["L", "N"]) | st.sampled_from("-._~:/?#@!$&'()*+,;=%E4")))
def test_iris(tail: str) -> None:
    iri = "http://e/x" + re.sub(r"%(?![0-9A-F]{2})", "", tail).replace("/.", "/")
    try:
        expected = NamedNode(iri)
    except ValueError:
        return
    assert value(f"<{iri}>") == expected
    assert value(f"<{iri.replace('x', chr(92) + 'u0078')}>") == expected


@given(st.text(st.sampled_from("ab1_乡·-.:~!$&'()*+,;=/?@%")).map(lambda text: f"a{text}z"))
def test_prefixed_names(local: str) -> None:
    local = local.replace("%", "%4E")
    written = re.sub(r"([~!$&'()*+,;=/?@])", r"\\\1", local)
    query = parse(f"PREFIX e: <http://e/> ASK {{ ?s e:{written} e:{written}. }}")
    assert isinstance(query.pattern, Bgp)
    assert query.pattern.triples[0].predicate == NamedNode("http://e/" + local)


@given(
    st.from_regex(
        r"[+-]?([0-9]+|[0-9]*\.[0-9]+|([0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+)", fullmatch=True
    )
)
def test_numbers_keep_their_form(text: str) -> None:
    kind = "double" if "e" in text.lower() else "decimal" if "." in text else "integer"
    if text.isascii():
        datatype = NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}")
        assert value(text) == Literal(text, datatype=datatype)


def test_what_stands_close_together() -> None:
    tokens = tokenize("?a<?b&&?c>=-1.5e-3||<a>?x:b.a@en-x^^'a'_:b.c.#d\n1.")
    assert list(zip(tokens.kinds, tokens.texts, strict=True))[:-2] == [
        ("iri", "<?b&&?c>") if kind == "iri?" else (kind, text)
        for kind, text in [
            ("var", "a"), ("iri?", ""), ("=", "="), ("-", "-"), ("double", "1.5e-3"),
            ("||", "||"), ("iri", "<a>"), ("var", "x"), ("pname", ":b.a"), ("lang", "en-x"),
            ("^^", "^^"), ("string", "'a'"), ("blank", "_:b.c"), (".", "."), ("integer", "1"),
            (".", "."),
        ]
    ]  # fmt: skip


# -- what lies between ---------------------------------------------------------------------------

SAMPLES = sorted(QUERIES.glob("**/*.rq"))


@given(st.data())
@pytest.mark.parametrize("path", SAMPLES[::6], ids=lambda path: path.stem)
def test_space_and_comments_do_not_matter(path: Path, data: st.DataObject) -> None:
    text = path.read_text()
    tokens = tokenize(text)
    pieces = [
        tokens.text[end - len(value) - (kind in ("var", "lang")) : end]
        for kind, value, end in zip(tokens.kinds, tokens.texts, tokens.ends, strict=True)
    ]
    random = data.draw(st.randoms(use_true_random=False))
    spaces = [" ", "\n", "\r\n", "\t\t", " # a comment ' {\n", " #\r", "##\n"]
    spaced = "".join(
        piece if _bound(before, piece) else random.choice(spaces) + piece
        for before, piece in zip(["", *pieces], pieces, strict=False)
    )
    assert parse(spaced, prefixes=PREFIXES) == parse(text, prefixes=PREFIXES)


def _bound(before: str, piece: str) -> bool:
    """Whether space here would change the tokens: a sign and its number, a string and its tag."""
    return piece[:1] == "@" or (before in ("+", "-") and piece[:1].isdigit())


@given(GAP.map("".join), GAP.map("".join))
def test_gaps(first: str, second: str) -> None:
    triple = TriplePattern(Var("s"), Var("p"), Literal("# no comment"))
    assert parse(f"ASK{first}{{{second}?s{first} ?p{second}'# no comment'{first}}}").pattern == Bgp(
        (triple,)
    )
