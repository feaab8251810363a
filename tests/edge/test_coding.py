"""Content codings: which one, into it and out of it, and what is never decoded whole."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from govgraph.edge.coding import ENCODERS, allows_identity, choose, decoded
from govgraph.errors import GovgraphError

PIECES = st.lists(st.binary(max_size=300), max_size=8)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP;Q=1, zstd;q=0.5", "gzip"),
        ("zstd;q=0, gzip;q=0", "identity"),
        ("*", "zstd"),
        ("*;q=0.5, zstd;q=0", "gzip"),
        ("gzip;q=0.2, identity;q=0.9", "identity"),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.001", "gzip"),
        ("*;q=0, gzip", "gzip"),
        ("br", "identity"),
        ("gzip;q=nonsense", "identity"),
        ("identity", "identity"),
        (", ,;q=1,gzip", "gzip"),
    ],
)
def test_the_coding_that_a_client_likes_best(header: str | None, expected: str) -> None:
    assert choose(header) == expected


@pytest.mark.parametrize("header", ["identity;q=0", "*;q=0", "br, *;q=0", "identity;q=0, zstd;q=0"])
def test_a_client_that_takes_none_of_ours(header: str) -> None:
    with pytest.raises(GovgraphError) as caught:
        choose(header)
    assert caught.value.code == "not-acceptable"
    assert not allows_identity(header)


@pytest.mark.parametrize("header", [None, "", "gzip", "identity;q=0.1, *;q=0", "*"])
def test_most_take_an_answer_as_it_is(header: str | None) -> None:
    assert allows_identity(header)


@pytest.mark.parametrize("coding", ENCODERS)
@given(pieces=PIECES, last=st.binary(max_size=300))
def test_what_is_encoded_is_decoded(coding: str, pieces: list[bytes], last: bytes) -> None:
    encoder = ENCODERS[coding]()
    sent = b"".join([*map(encoder.piece, pieces), encoder.end(last)])
    content = b"".join([*pieces, last])
    assert decoded(sent, coding, len(content)) == content


def _so_far(coding: str, sent: bytes) -> bytes:
    """What a client has of a stream at some point of it."""
    if coding == "gzip":
        return zlib.decompressobj(31).decompress(sent)
    return zstandard.ZstdDecompressor().decompressobj().decompress(sent)


@pytest.mark.parametrize("coding", ENCODERS)
def test_each_piece_can_be_read_when_it_arrives_and_a_cut_is_seen(coding: str) -> None:
    encoder, sent = ENCODERS[coding](), b""
    for number in range(1, 4):
        sent += encoder.piece(b"row\n" * 100)
        assert _so_far(coding, sent) == b"row\n" * 100 * number
    with pytest.raises(GovgraphError) as caught:
        decoded(sent, coding, 10_000)
    assert caught.value.code == "content-coding"
    assert decoded(sent + encoder.end(b""), coding, 10_000) == b"row\n" * 300


def test_files_one_after_the_other_are_one() -> None:
    zstd = zstandard.ZstdCompressor()
    assert decoded(gzip.compress(b"a") + gzip.compress(b"b"), "gzip", 9) == b"ab"
    assert decoded(zstd.compress(b"a") + zstd.compress(b"b"), "zstd", 9) == b"ab"


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("content", [b"nonsense", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"])
def test_what_is_not_in_its_coding(coding: str, content: bytes) -> None:
    with pytest.raises(GovgraphError) as caught:
        decoded(content, coding, 1000)
    assert caught.value.code == "content-coding"


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "x" * 5000])
def test_other_codings_are_not_taken(coding: str) -> None:
    with pytest.raises(GovgraphError) as caught:
        decoded(b"", coding, 1000)
    assert (caught.value.status, caught.value.code) == (415, "unsupported-media-type")
    assert len(caught.value.message_en) < 200


def _bomb(coding: str) -> bytes:
    """Few bytes that stand for 256 MB or more."""
    if coding == "gzip":
        return gzip.compress(bytes(256 << 20), 9)
    run = (128 * 1024 << 3 | 1 << 1).to_bytes(3, "little") + b"\0"  # a block: 2^17 times one byte
    return b"\x28\xb5\x2f\xfd\x00\x58" + run * 4096


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_bomb_is_not_decoded(coding: str) -> None:
    bomb = _bomb(coding)
    assert len(bomb) < 300_000
    tracemalloc.start()
    try:
        with pytest.raises(GovgraphError) as caught:
            decoded(bomb, coding, 1 << 20)
        assert (caught.value.status, caught.value.code) == (413, "body-too-large")
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()
