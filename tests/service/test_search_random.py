"""The index finds what a look at every name finds, on names and searches made at random."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store
from tests.service.conftest import BASE

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.lookup.search import how_many, nearest, search, write_index
from govgraph.lookup.search.letters import parts, plain
from govgraph.lookup.search.words import phrases

LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
#: Few characters, so that pairs of them are frequent and names repeat them.
NAMES = st.text(alphabet="社区党x2 (", min_size=1, max_size=9).filter(lambda text: parts(text))
KINDS = st.sampled_from(["place", "post", "post-slot"])


def named_so(name: str, text: str) -> bool:
    """Whether a name has all phrases of a text: Chinese characters in a row wherever they stand,
    other words from their beginning, single letters whole."""
    words = parts(plain(name))
    return all(_stands_in(words, phrase) for phrase in phrases(plain(text)))


def _stands_in(words: list[str], phrase: list[str]) -> bool:
    if phrase[0].isascii() and len(phrase[0]) > 1:
        return any(word.startswith(phrase[0]) for word in words)
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words)))


def rank(name: tuple[str, str, str], text: str) -> tuple[bool, bool, int, str, str]:
    """What comes first: the whole name, a name that begins so, a short one, by kind and key."""
    kind, key, label = name
    words, first = parts(plain(label)), phrases(plain(text))[0]
    whole = " ".join(words) == " ".join(parts(plain(text)))
    return not whole, words[: len(first)] != first, len(label), kind, key


def index_of(names: list[tuple[str, str, str]], folder: str) -> Path:
    store = Store()
    for kind, key, text in names:
        entity = NamedNode(f"{BASE}{kind}/{key}")
        store.add(Quad(entity, LABEL, Literal(text, language="zh"), NamedNode("x:t")))
    path = Path(folder) / "labels.sqlite"
    write_index(OxigraphEngine(store), BASE, path)
    return path


@st.composite
def _named(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    drawn = draw(st.lists(st.tuples(KINDS, NAMES), min_size=1, max_size=40))
    return [(kind, f"k{number:02}", text) for number, (kind, text) in enumerate(drawn)]


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_named(), st.lists(NAMES, min_size=30, max_size=30), KINDS)
def test_as_a_look_at_every_name(
    names: list[tuple[str, str, str]], texts: list[str], kind: str
) -> None:
    with TemporaryDirectory() as folder:
        index = index_of(names, folder)
        for text in texts:
            expected = {BASE + f"{k}/{key}" for k, key, name in names if named_so(name, text)}
            hits = search(index, text, limit=50)
            by_name = [hit.iri for hit in hits if hit.how == "name"]
            assert set(by_name) == expected, text
            of_kind = {iri for iri in expected if iri.startswith(f"{BASE}{kind}/")}
            found = {h.iri for h in search(index, text, limit=50, kind=kind) if h.how == "name"}
            assert found == of_kind, (text, kind)
            assert sum(how_many(index, text, 50)[0].values()) == len(hits)
            nearest(index, text, limit=5)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    _named(),
    st.lists(st.text(alphabet="社区党", min_size=2, max_size=5), min_size=30, max_size=30),
)
def test_in_the_order_of_rank(names: list[tuple[str, str, str]], texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        index = index_of(names, folder)
        for text in texts:
            found = [hit.iri for hit in search(index, text, limit=50) if hit.how == "name"]
            expected = [one for one in names if named_so(one[2], text)]
            expected.sort(key=lambda one, text=text: rank(one, text))
            assert found == [f"{BASE}{kind}/{key}" for kind, key, _ in expected], text


@pytest.mark.parametrize(
    ("wrong", "found"),
    [("社区党委会", True), ("社区工党委会", True), ("社区委会", True), ("会党区社", False)],
)
def test_one_character_that_is_wrong(wrong: str, found: bool, tmp_path: Path) -> None:
    """Nearly written so: a character that is another, too much or missing."""
    index = index_of([("place", "here", "社区工委会"), ("place", "far", "南门大街")], str(tmp_path))
    close = {hit.iri for hit in nearest(index, wrong, limit=5)}
    assert close == ({f"{BASE}place/here"} if found else set())
