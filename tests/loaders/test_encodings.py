"""One table in many encodings: the same quads, or a problem that says what is wrong."""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Callable
from typing import Any

import pytest

SIMPLE = "编号,名称\n" + "".join(f"{n},西园街道第{n}社区居民委员会\n" for n in range(1, 20))
TRADITIONAL = "編號,名稱\n" + "".join(f"{n},臺中市議會第{n}選區議員補助款\n" for n in range(1, 20))
UTF_16 = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def write(text: str, encoding: str) -> bytes:
    return UTF_16.get(encoding, b"") + text.encode(encoding)


def metadata(url: str, encoding: str | None = None) -> dict[str, Any]:
    declared = {"dialect": {"encoding": encoding}} if encoding else {}
    return {"@context": "http://www.w3.org/ns/csvw", "url": url, **declared}


@pytest.fixture(scope="module")
def values(load_files: Callable[..., Any]) -> Callable[..., tuple[list[Any], list[str]]]:
    """The literals of a file, and the codes of its problems."""

    def values(data: bytes, name: str = "t.csv", declared: str | None = None) -> Any:
        loaded = load_files({name: data, "csv-metadata.json": metadata(name, declared)})
        literals = [(q.predicate.value.rpartition("#")[2], q.object.value) for q in loaded.quads]
        return sorted(v for v in literals if v[0].startswith("%")), loaded.codes

    return values


ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "gbk", "big5", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("packed", [False, True], ids=["csv", "csv.gz"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("declared", [False, True], ids=["undeclared", "declared"])
def test_encodings_give_the_same_values(
    encoding: str, declared: bool, packed: bool, values: Callable[..., Any]
) -> None:
    text = TRADITIONAL if encoding == "big5" else SIMPLE
    data = write(text, encoding)
    name = "t.csv.gz" if packed else "t.csv"
    found, codes = values(
        gzip.compress(data) if packed else data, name, encoding if declared else None
    )
    assert found == values(text.encode())[0]
    assert len(found) == 19 * 2
    guessed = encoding in ("gb18030", "gbk", "big5") and not declared
    assert codes == (["encoding-guessed"] if guessed else [])


def test_a_byte_order_mark_wins_over_a_wrong_declaration(values: Callable[..., Any]) -> None:
    expected = values(SIMPLE.encode())
    assert values(SIMPLE.encode("utf-8-sig"), declared="gbk") == expected
    assert values(SIMPLE.encode("utf-16"), declared="utf-8") == expected


SHORT = ["a,b\n区,1\n", "编号,b\n1,x\n", "a,b\né,1\n", "名,b\n李,1\n", "a\n字\n", "a,b\n£,1\n"]


def encodable(text: str) -> list[tuple[str, bytes]]:
    found = []
    for encoding in ("gb18030", "big5", "latin-1", "cp1252"):
        with contextlib.suppress(UnicodeEncodeError):
            found.append((text, text.encode(encoding)))
    return found


@pytest.mark.parametrize("text,data", [pair for text in SHORT for pair in encodable(text)])
def test_short_files_are_not_guessed_wrongly(
    text: str, data: bytes, values: Callable[..., Any]
) -> None:
    """Either the right characters come out, or the bad bytes are reported."""
    right, _ = values(text.encode())
    found, codes = values(data)
    assert found == right or "invalid-encoding" in codes


FRENCH = "id,nom\n" + "".join(f"{n},Hôtel de ville: élus délégués à la santé\n" for n in range(9))
GERMAN = "id;Größe\n" + "".join(f"{n};Fläche für Bürgerämter, Straße {n}\n" for n in range(9))


@pytest.mark.parametrize("text", [FRENCH, GERMAN])
def test_western_text_is_not_taken_for_chinese(text: str, values: Callable[..., Any]) -> None:
    found, codes = values(text.encode("latin-1"))
    assert found == []
    assert set(codes) <= {"invalid-encoding"}
    assert codes


def test_a_bad_byte_is_reported_at_its_cell(load_files: Callable[..., Any]) -> None:
    rows = "".join(f"{n},西园社区,事项\n" for n in range(1, 50)).encode()
    data = b"id,name,note\n" + rows + b"50,caf\xe9,\xff\n51,x,y\n"
    loaded = load_files({"t.csv": data, "csv-metadata.json": metadata("t.csv")})
    assert loaded.found == [
        ["invalid-encoding", "t.csv", 50, 51, "name", "caf\ufffd"],
        ["invalid-encoding", "t.csv", 50, 51, "note", "\ufffd"],
    ]
    assert loaded.counts == {"t.csv": [51, 50, 1]}


@pytest.mark.parametrize("declared", ["utf-8", "gb18030", "utf-16"])
def test_text_in_another_encoding_than_declared_is_reported(
    declared: str, load_files: Callable[..., Any]
) -> None:
    other = {"utf-8": "gb18030", "gb18030": "big5", "utf-16": "gb18030"}[declared]
    data = write(TRADITIONAL, other)
    loaded = load_files({"t.csv": data, "csv-metadata.json": metadata("t.csv", declared)})
    right = {"臺中市議會第1選區議員補助款"}
    literals = {q.object.value for q in loaded.quads}
    assert loaded.codes or not (literals & right)
    assert loaded.ingested.errors or declared == "gb18030"


def test_utf_16_without_a_mark_is_reported(load_files: Callable[..., Any]) -> None:
    data = SIMPLE.encode("utf-16-le")
    loaded = load_files({"t.csv": data, "csv-metadata.json": metadata("t.csv")})
    assert {"nul-byte", "invalid-encoding"} & set(loaded.codes)
    assert not loaded.quads


@pytest.mark.parametrize("keep", [0, 5, 30, 200])
def test_a_truncated_gzip_is_reported(keep: int, load_files: Callable[..., Any]) -> None:
    data = gzip.compress(SIMPLE.encode() * 20)[:keep]
    loaded = load_files({"t.csv.gz": data, "csv-metadata.json": metadata("t.csv.gz", "utf-8")})
    assert "unreadable-file" in loaded.codes or (keep == 0 and "empty-file" in loaded.codes)
    assert loaded.ingested.errors


def test_a_corrupt_gzip_is_reported(load_files: Callable[..., Any]) -> None:
    data = bytearray(gzip.compress(SIMPLE.encode() * 20))
    data[40:60] = b"\x00" * 20
    for name in ("t.csv.gz", "T.CSV.GZ"):
        loaded = load_files({name: bytes(data), "csv-metadata.json": metadata(name)})
        assert "unreadable-file" in loaded.codes


def test_the_rows_before_the_break_of_a_gzip_are_counted(load_files: Callable[..., Any]) -> None:
    text = "id\n" + "".join(f"{n * 7919 % 10007}\n" for n in range(60_000))
    data = gzip.compress(text.encode())
    files = {"t.csv.gz": data[: len(data) // 2], "csv-metadata.json": metadata("t.csv.gz", "utf-8")}
    loaded = load_files(files)
    read, kept, rejected = loaded.counts["t.csv.gz"]
    assert read == kept + rejected
    assert 0 < read < 60_000
    assert loaded.codes == ["unreadable-file"]
