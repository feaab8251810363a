"""Answers in the coding that a client asks for, requests in the one that it says, HEAD as GET."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pytest
import zstandard
from tests.service.conftest import serve

from govgraph.http.compress import is_text
from govgraph.http.streaming import Streamed
from govgraph.settings import Settings

MANY = {"query": "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", "format": "csv"}
FEW = {"query": "ASK {}", "format": "csv"}
PLAIN = {"Accept-Encoding": "identity"}


def raw(
    web: httpx.Client, params: dict[str, str], coding: str, method: str = "GET"
) -> httpx.Response:
    """The answer as it came; `content` is decoded, `extensions['raw']` is not."""
    with web.stream(
        method, "/sparql", params=params, headers={"Accept-Encoding": coding}
    ) as response:
        response.extensions["raw"] = b"".join(response.iter_raw())
    return response


def unpacked(coding: str, content: bytes) -> bytes:
    if coding == "gzip":
        return gzip.decompress(content)
    return zstandard.ZstdDecompressor().decompressobj().decompress(content)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_stream_is_the_same_in_every_coding(web: httpx.Client, coding: str) -> None:
    plain = raw(web, MANY, "identity")
    coded = raw(web, MANY, coding)
    assert coded.headers["content-encoding"] == coding
    assert "content-length" not in coded.headers
    assert unpacked(coding, coded.extensions["raw"]) == plain.extensions["raw"]
    assert len(coded.extensions["raw"]) * 3 < len(plain.extensions["raw"])
    assert "content-encoding" not in plain.headers
    for response in (plain, coded):
        assert "accept-encoding" in response.headers["vary"].lower()
        assert response.headers["etag"].startswith("W/")


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_an_answer_in_one_piece_has_its_length(web: httpx.Client, coding: str) -> None:
    params = {"query": "SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 40"}
    coded = raw(web, params, coding)
    assert coded.headers["content-encoding"] == coding
    assert int(coded.headers["content-length"]) == len(coded.extensions["raw"])
    assert (
        unpacked(coding, coded.extensions["raw"]) == raw(web, params, "identity").extensions["raw"]
    )


def test_a_small_answer_is_not_worth_it(web: httpx.Client) -> None:
    assert "content-encoding" not in raw(web, FEW, "gzip").headers
    insisted = raw(web, FEW, "gzip, identity;q=0")
    assert insisted.headers["content-encoding"] == "gzip"
    assert gzip.decompress(insisted.extensions["raw"]).strip() == b"true"
    assert web.get("/sparql", params=FEW, headers={"Accept-Encoding": "*;q=0"}).status_code == 406


@pytest.mark.parametrize("params", [FEW, MANY], ids=["whole", "streamed"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_head_is_get_without_its_body(
    web: httpx.Client, params: dict[str, str], coding: str
) -> None:
    got, head = (raw(web, params, coding, method) for method in ("GET", "HEAD"))
    own = {"date", "x-request-id", "transfer-encoding"}
    assert {k: v for k, v in head.headers.items() if k not in own} == {
        k: v for k, v in got.headers.items() if k not in own
    }
    assert (head.status_code, head.extensions["raw"]) == (200, b"")
    assert web.get("/health").status_code == 200


@pytest.mark.parametrize(
    "path", ["/health", "/docs", "/ontology", "/openapi.json", "/api/v1/releases", "/no/such/path"]
)
def test_head_is_answered_everywhere(web: httpx.Client, path: str) -> None:
    head, got = (web.request(m, path, headers=PLAIN) for m in ("HEAD", "GET"))
    assert (head.status_code, head.content) == (got.status_code, b"")
    length = got.headers.get("content-length")
    assert head.headers.get("content-length") == length


def test_what_is_compressed_stays_as_it_is(web: httpx.Client) -> None:
    for kind in ("xlsx", "parquet"):
        response = web.get(
            "/api/v1/queries/people-of-place", params={"format": kind, "place": "ex-c01"}
        )
        if response.status_code == 200:
            assert "content-encoding" not in response.headers
    assert not is_text("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    assert not is_text("application/vnd.apache.parquet")
    assert not is_text("image/png")
    for text in ("text/turtle", "application/n-triples", "application/sparql-results+json",
                 "application/rdf+xml", "application/trig", "application/ld+json; charset=utf-8",
                 "application/problem+json", "image/svg+xml"):  # fmt: skip
        assert is_text(text)


@pytest.mark.parametrize("coding", ["gzip", "zstd", "identity"])
def test_a_request_may_be_coded(web: httpx.Client, coding: str) -> None:
    query = b"SELECT (1 AS ?one) {}"
    packed = {
        "gzip": gzip.compress(query),
        "zstd": zstandard.ZstdCompressor().compress(query),
        "identity": query,
    }[coding]
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": coding}
    response = web.post("/sparql", content=packed, headers=headers)
    assert response.json()["results"]["bindings"][0]["one"]["value"] == "1"


@pytest.mark.parametrize(
    ("coding", "content", "status", "code"),
    [
        ("gzip", gzip.compress(b"#" * (64 << 20), mtime=0), 413, "body-too-large"),
        ("zstd", zstandard.ZstdCompressor().compress(b"#" * (64 << 20)), 413, "body-too-large"),
        ("gzip", b"ASK {}", 400, "content-coding"),
        ("zstd", b"ASK {}", 400, "content-coding"),
        ("gzip", gzip.compress(b"ASK {}", mtime=0)[:-4], 400, "content-coding"),
        ("br", b"ASK {}", 415, "unsupported-media-type"),
    ],
)
def test_a_request_that_cannot_be_decoded(
    web: httpx.Client, coding: str, content: bytes, status: int, code: str
) -> None:
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": coding}
    response = web.post("/sparql", content=content, headers=headers)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_stream_that_breaks_is_seen_to_be_cut(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(_: Streamed) -> bytes:
        raise RuntimeError("on the way")

    monkeypatch.setattr(Streamed, "_next", breaks)
    for web in serve(Settings(home=home)):
        for coding in ("gzip", "zstd", "identity"):
            with pytest.raises(httpx.RemoteProtocolError):
                raw(web, MANY, coding)
