"""Answers that are given again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from govgraph.pool.cache import LARGEST, Cache
from govgraph.pool.reply import Kept

ETAG = [(b"etag", b'W/"x"')]


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    (tmp_path / "current").write_text("one\n")
    return Cache(10_000, tmp_path)


def scope(
    path: str = "/sparql", query: bytes = b"", method: str = "GET", **headers: str
) -> dict[str, Any]:
    told = [(name.encode().replace(b"_", b"-"), value.encode()) for name, value in headers.items()]
    return {
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": told,
    }


def test_the_same_request_has_the_same_answer(cache: Cache) -> None:
    answer = Kept(200, ETAG, b"body")
    cache.put(cache.key(scope(query=b"query=ASK{}"), b""), answer)
    assert cache.get(cache.key(scope(query=b"query=ASK{}"), b"")) is answer
    assert (cache.hits, cache.misses) == (1, 0)


@pytest.mark.parametrize(
    ("other", "body"),
    [
        (scope(query=b"query=ASK{1}"), b""),
        (scope(query=b"query=ASK{}", method="POST"), b""),
        (scope(query=b"query=ASK{}", accept="text/csv"), b""),
        (scope(query=b"query=ASK{}", if_none_match='W/"x"'), b""),
        (scope(query=b"query=ASK{}", origin="https://a.example"), b""),
        (scope(query=b"query=ASK{}", cookie="x=y; lang=en"), b""),
        (scope(query=b"query=ASK{}", host="elsewhere.example"), b""),
        (scope("/api/v1/search", query=b"query=ASK{}"), b""),
        (scope(query=b"query=ASK{}"), b"x"),
    ],
)
def test_another_request_has_another(cache: Cache, other: dict[str, Any], body: bytes) -> None:
    cache.put(cache.key(scope(query=b"query=ASK{}"), b""), Kept(200, ETAG, b"body"))
    assert cache.get(cache.key(other, body)) is None


def test_headers_that_change_nothing_are_not_looked_at(cache: Cache) -> None:
    cache.put(cache.key(scope(), b""), Kept(200, ETAG, b"body"))
    assert cache.get(cache.key(scope(user_agent="x", cookie="y"), b"")) is not None


def test_a_new_release_has_answers_of_its_own(cache: Cache, tmp_path: Path) -> None:
    cache.put(cache.key(scope(), b""), Kept(200, ETAG, b"body"))
    (tmp_path / "new").write_text("two\n")
    (tmp_path / "new").replace(tmp_path / "current")
    assert cache.get(cache.key(scope(), b"")) is None
    (tmp_path / "current").unlink()
    assert cache.get(cache.key(scope(), b"")) is None


@pytest.mark.parametrize(
    "text", [b"SELECT (RAND() AS ?x) {}", b"select (now() as ?x) {}", b"STRUUID()", b"UuId()"]
)
def test_what_is_new_each_time_is_not_kept(cache: Cache, text: bytes) -> None:
    assert cache.key(scope(query=text), b"") is None
    assert cache.key(scope(method="POST"), text) is None


@pytest.mark.parametrize(
    "answer",
    [
        Kept(200, [], b"no etag"),
        Kept(404, ETAG, b"not found"),
        Kept(503, ETAG, b"busy"),
        Kept(200, ETAG, b"x" * (LARGEST + 1)),
    ],
)
def test_what_says_no_release_or_is_no_answer_is_not_kept(cache: Cache, answer: Kept) -> None:
    cache.put(cache.key(scope(), b""), answer)
    assert cache.get(cache.key(scope(), b"")) is None


def test_writes_are_never_kept(cache: Cache) -> None:
    for path in ("/update", "/graphs", "/api/v1/datasets/x/tables/y"):
        assert cache.key(scope(path, method="POST"), b"") is None
    assert cache.key(scope("/graphs"), b"") is not None
    assert cache.key(scope(method="PUT"), b"") is None


def test_an_answer_that_a_release_overtook_is_not_kept(cache: Cache, tmp_path: Path) -> None:
    key = cache.key(scope(), b"")
    (tmp_path / "current").write_text("two\n")
    cache.put(key, Kept(200, ETAG, b"body"))
    (tmp_path / "current").write_text("one\n")
    assert cache.get(cache.key(scope(), b"")) is None


def test_the_longest_unused_go_first(cache: Cache) -> None:
    for n in range(6):
        cache.put(cache.key(scope(query=b"%d" % n), b""), Kept(200, ETAG, b"x" * 2000))
        cache.get(cache.key(scope(query=b"0"), b""))
    assert cache.size <= cache.limit
    assert cache.get(cache.key(scope(query=b"0"), b"")) is not None
    assert cache.get(cache.key(scope(query=b"1"), b"")) is None


def test_nothing_is_kept_without_room(tmp_path: Path) -> None:
    assert Cache(0, tmp_path).key(scope(), b"") is None


@pytest.mark.parametrize(
    "query",
    [
        b"query=SELECT+(NOW()+AS+?x){}",
        b"query=SELECT+%28rand%28%29+AS+%3Fx%29",
        b"query=SELECT(uuid%0A%20+()AS+?x)",
        b"query=SELECT(STRUUID%23%0A()AS+?x)",
        b"query=SELECT+(%4eOW()+AS+?x)",
        b"query=SELECT+(\\u004eOW()+AS+?x)",
        b"query=SELECT+(%5Cu004eOW()+AS+?x)",
        b"query=SELECT+(bnode('a')+AS+?x)",
    ],
)
def test_values_that_are_new_each_time_are_not_kept(cache: Cache, query: bytes) -> None:
    assert cache.key(scope(query=query), b"") is None
    assert cache.key(scope(method="POST"), query) is None


@pytest.mark.parametrize(
    "query", [b"query=ASK{?known+?brand+?now}", b"query=ASK{ex:random+ex:unknown+'now'}"]
)
def test_words_that_look_like_them_are_kept(cache: Cache, query: bytes) -> None:
    assert cache.key(scope(query=query), b"") is not None
