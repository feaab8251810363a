"""Documents and bodies that mean harm, sent to a dataset that takes whatever it is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.abuse.documents import ACCEPTED, INVALID, REFUSED, TURTLE, bomb
from tests.abuse.server import OK, Server

FORM = "multipart/form-data; boundary=b"


def put(server: Server, content: bytes | Iterator[bytes] | str, media: str, **headers: str) -> str:
    """What comes of a document for the default graph; whatever it is, others can be sent then."""
    sent = content.encode() if isinstance(content, str) else content
    came = server.outcome(
        "PUT", "/graphs?default", content=sent, headers={"content-type": media} | headers
    )
    assert (
        server.outcome("PUT", "/graphs?default", content="", headers={"content-type": TURTLE}) == OK
    )
    return came


@pytest.mark.parametrize("case", REFUSED)
def test_too_deep_a_document_is_refused(scratch: Server, case: str) -> None:
    media, content = REFUSED[case]
    assert put(scratch, content, media) == "upload-refused"


@pytest.mark.parametrize("case", INVALID)
def test_what_is_no_document_is_told(scratch: Server, case: str) -> None:
    media, content = INVALID[case]
    assert put(scratch, content, media) == "upload-syntax"


@pytest.mark.parametrize("case", ACCEPTED)
def test_a_strange_document_is_taken(scratch: Server, case: str) -> None:
    media, content = ACCEPTED[case]
    assert put(scratch, content, media) == OK


def _pieces(megabytes: int) -> Iterator[bytes]:
    """A body without a length."""
    for _ in range(megabytes):
        yield b"#" * (1 << 20)


BODIES = {
    "a body that is too large": ("body-too-large", lambda: b"#" * (17 << 20), TURTLE, {}),
    "a body without a length": ("body-too-large", lambda: _pieces(40), TURTLE, {}),
    "a packed body": ("body-too-large", lambda: bomb(100), TURTLE, {"content-encoding": "gzip"}),
    "codings of codings": ("unsupported-media-type", lambda: bomb(1), TURTLE, {"content-encoding": "gzip, gzip"}),
    "bytes beyond UTF-8": ("not-utf8", lambda: b"<x:a> <x:b> '\xc0\xaf' .", TURTLE, {}),
    "another character set": ("unsupported-media-type", lambda: b"", f"{TURTLE}; charset=utf-7", {}),
    "two character sets": ("unsupported-media-type", lambda: b"", f"{TURTLE}; charset=utf-16; charset=utf-8", {}),
    "a type of marks": ("unsupported-media-type", lambda: b"", "{{7*7}}/<script>", {}),
    "a form of thousands": ("upload-refused", lambda: b"--b\r\n\r\n\r\n" * 10_000 + b"--b--", FORM, {}),
    "a form that stays open": ("upload-syntax", lambda: b"--b\r\n\r\n", FORM, {}),
    "a form without marks": ("upload-syntax", lambda: b"x" * 1_000_000, FORM, {}),
    "a form in a form": (
        "unsupported-media-type", lambda: b"--b\r\nContent-Type: " + FORM.encode() + b"\r\n\r\n\r\n--b--", FORM, {},
    ),
    "a head of a part of 1 MB": (
        "upload-syntax", lambda: b"--b\r\nX: " + b"a" * 1_000_000 + b"\r\n--b--", FORM, {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BODIES)
def test_a_body_that_means_harm_is_refused(scratch: Server, case: str) -> None:
    expected, content, media, headers = BODIES[case]
    assert put(scratch, content(), media, **headers) == expected


NAMES = [
    "../../../../etc/passwd",
    "/etc/passwd",
    "..\\..\\x.ttl",
    "x\x00.ttl",
    "a" * 10_000 + ".ttl",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_is_no_place(scratch: Server, name: str) -> None:
    head = f'Content-Disposition: form-data; name="f"; filename="{name}"\r\nContent-Type: {TURTLE}'
    content = f"--b\r\n{head}\r\n\r\n<x:a> <x:b> 1 .\r\n--b--".encode()
    before = {path.name for path in scratch.folder.rglob("*") if path.is_file()}
    assert put(scratch, content, FORM) == OK
    after = {path.name for path in scratch.folder.rglob("*") if path.is_file()}
    assert not {"passwd", "x.ttl"} & (after - before)


UPDATES = {
    "operations of thousands": ("CLEAR ALL; " * 20_000, {OK, "write-timeout", "update-syntax"}),
    "semicolons": (";" * 2_000_000, {"update-syntax", "write-timeout", "query-refused"}),
    "groups": ("INSERT {} WHERE " + "{" * 100_000, {"query-refused"}),
    "data of depth": ("INSERT DATA { <x:a> <x:b> " + "[ <x:p> " * 100_000, {"query-refused"}),
    "a product": (
        "INSERT DATA { " + " . ".join(f"<x:{n}> <x:p> {n}" for n in range(300)) + " } ; "
        "INSERT { ?a <x:q> ?d } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
        {"write-timeout", "write-ended"},
    ),
    "texts that double": (
        'INSERT { <x:a> <x:b> ?x30 } WHERE { BIND("x" AS ?x0)'
        + "".join(f" BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40)) + " }",
        {"write-timeout", "write-ended"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UPDATES)
def test_an_update_without_an_end_is_stopped(scratch: Server, case: str) -> None:
    text, expected = UPDATES[case]
    assert scratch.outcome("POST", "/update", data={"update": text}) in expected
    assert scratch.outcome("POST", "/update", data={"update": "CLEAR ALL"}) == OK
