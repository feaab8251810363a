"""Changes of a release by those who may not, by those who send harm, and by two at once."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.abuse.conftest import LIMITS, check_recovery
from tests.abuse.documents import bomb
from tests.abuse.server import OK, Server, until

from govgraph.access.keys import Keys

PERSONS = "/api/v1/datasets/tiny/tables/persons"
UPDATE = {"update": "INSERT DATA { <x:a> <x:p> 1 }"}


@dataclass(frozen=True)
class Written:
    """A server that takes changes, its home, and secrets of its keys."""

    server: Server
    home: Path
    secrets: dict[str, str]

    def outcome(self, method: str, path: str, secret: str = "write", **request: object) -> str:
        headers = {"authorization": f"Bearer {self.secrets[secret]}"}
        headers |= request.pop("headers", {})  # type: ignore[operator]
        return self.server.outcome(method, path, headers=headers, **request)

    def state(self) -> tuple[str, set[Path]]:
        """The current release, and every file there is but the audit log's lines."""
        return (self.home / "current").read_text(), set(self.home.parent.rglob("*"))


@pytest.fixture(scope="module")
def written(abused_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    folder = tmp_path_factory.mktemp("written")
    home = Path(shutil.copytree(abused_home, folder / "home"))
    keys, soon = Keys(home), datetime.now(UTC) + timedelta(seconds=1)
    secrets = {scope: keys.add(scope, scope)[1] for scope in ("read", "write", "admin")}
    secrets["expired"] = keys.add("expired", "admin", soon)[1]
    secrets["gone"] = keys.add("gone", "admin")[1]
    keys.revoke("gone")
    server = Server(
        tmp_path_factory.mktemp("writer"), "--home", str(home), "--allow-update",
        **(LIMITS | {"upload_limit": "8MB", "write_seconds": 60}),
    )  # fmt: skip
    running = Written(server, home, secrets)
    assert running.outcome("POST", "/update", data=UPDATE) == OK
    assert until(lambda: datetime.now(UTC) > soon)
    server.settle()
    yield running
    server.stop()


@pytest.fixture(autouse=True)
def nothing_is_left_of_a_write(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "written" in request.fixturenames:
        check_recovery(request.getfixturevalue("written").server)


def _basic(user: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


Secrets = dict[str, str]
KEYS: dict[str, tuple[str, Callable[[Secrets], dict[str, str]]]] = {
    "none": ("key-missing", lambda _: {}),
    "an empty one": ("key-missing", lambda _: {"authorization": "Bearer"}),
    "another scheme": ("key-missing", lambda s: {"authorization": f"Digest {s['write']}"}),
    "an unknown one": ("key-unknown", lambda _: {"authorization": "Bearer " + "a" * 64}),
    "half of one": ("key-unknown", lambda s: {"authorization": f"Bearer {s['write'][:-1]}"}),
    "one and more": ("key-unknown", lambda s: {"authorization": f"Bearer {s['write']}a"}),
    "a long one": ("key-unknown", lambda _: {"x-api-key": "a" * 100_000}),
    "no base 64": ("key-unknown", lambda _: {"authorization": "Basic ====="}),
    "a user of its name": ("key-unknown", lambda s: {"authorization": _basic(s["write"], "x")}),
    "one to read": ("key-scope", lambda s: {"authorization": f"Bearer {s['read']}"}),
    "one that has ended": ("key-expired", lambda s: {"authorization": f"Bearer {s['expired']}"}),
    "one that was revoked": ("key-unknown", lambda s: {"x-api-key": s["gone"]}),
    "a bad one before a good one": (
        "key-unknown", lambda s: {"x-api-key": "x", "authorization": f"Bearer {s['write']}"},
    ),
}  # fmt: skip
WRITES = {
    "an update": ("POST", "/update"),
    "a graph": ("PUT", "/graphs?graph=x:g"),
    "a graph below": ("PUT", "/graphs/x"),
    "a graph to delete": ("DELETE", "/graphs?graph=x:g"),
    "a patch": ("PATCH", "/graphs?graph=x:g"),
    "a table": ("POST", PERSONS),
    "a table to replace": ("PUT", PERSONS),
    "a table to delete": ("DELETE", PERSONS),
}


@pytest.mark.parametrize("case", KEYS)
def test_who_may_not_write_changes_nothing(written: Written, case: str) -> None:
    code, headers = KEYS[case]
    before = written.state()
    for method, path in WRITES.values():
        came = written.server.outcome(method, path, headers=headers(written.secrets))
        assert came == code, (method, path)
    assert written.state() == before


def test_a_key_in_a_url_is_none_and_is_not_logged(written: Written) -> None:
    secret = written.secrets["write"]
    assert (
        written.server.outcome("POST", f"/update?key={secret}&access_token={secret}")
        == "key-missing"
    )
    assert secret not in written.server.log()
    audit = written.home / "audit.jsonl"
    assert secret not in audit.read_text()


def test_a_server_that_takes_no_changes_takes_none(server: Server) -> None:
    for method, path in WRITES.values():
        assert server.outcome(method, path) == "updates-off", (method, path)


#: Bytes for a table, and what else the request says; none of them changes a release.
TABLES: dict[str, tuple[set[str], Callable[[], bytes], dict[str, str]]] = {
    "a gzip bomb": ({"body-too-large"}, lambda: bomb(200), {"content-type": "application/gzip"}),
    "a bomb in a coding": ({"body-too-large"}, lambda: bomb(200), {"content-encoding": "gzip"}),
    "a bomb in a bomb": ({"change-refused", "upload-syntax"}, lambda: _packed(bomb(100)), {"content-encoding": "gzip"}),
    "half a bomb": ({"upload-syntax"}, lambda: bomb(10)[:500], {}),
    "another coding": ({"unsupported-media-type"}, lambda: b"id", {"content-encoding": "br"}),
    "too large a body": ({"body-too-large"}, lambda: b"#" * (9 << 20), {}),
    "an archive": ({"change-refused", "upload-syntax"}, lambda: _archive("../../../slip.csv"), {}),
    "a type for archives": ({"unsupported-media-type"}, lambda: _archive("x"), {"content-type": "application/zip"}),
    "zero bytes": ({"change-refused", "upload-syntax"}, lambda: bytes(1_000_000), {}),
    "an open quote": ({"change-refused"}, lambda: b'id,label_zh\n"' + b"a" * 1_000_000, {}),
    "columns of thousands": (
        {"change-refused"}, lambda: ",".join(f"c{n}" for n in range(5000)).encode() + b"\n1\n", {},
    ),
    "columns of one name": ({"change-refused"}, lambda: b"id,id,id\n1,2,3\n", {}),
    "another character set": ({"upload-syntax"}, lambda: b"id\n\xff\n", {"content-type": "text/csv; charset=utf-7"}),
    "a set that is none": ({"upload-syntax"}, lambda: b"id\n1\n", {"content-type": "text/csv; charset=../x"}),
    "bytes beyond UTF-8": ({"change-refused"}, lambda: b"id,label_zh,assertion\n\xff\xfe,\xff,synthetic\n", {}),
    "keys that are places": (
        {"change-refused"}, lambda: b"id,label_zh,assertion\n../../x,\xe7\x94\xb2,\n,,\n", {},
    ),
}  # fmt: skip


def _packed(content: bytes) -> bytes:
    import gzip

    return gzip.compress(content)


def _archive(name: str) -> bytes:
    import zipfile
    from io import BytesIO

    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "id\n1\n")
    return packed.getvalue()


@pytest.mark.parametrize("case", TABLES)
def test_a_table_that_means_harm_changes_nothing(written: Written, case: str) -> None:
    codes, content, headers = TABLES[case]
    before = written.state()
    sent = {"content-type": "text/csv"} | headers
    assert written.outcome("POST", PERSONS, content=content(), headers=sent) in codes
    current, files = written.state()
    assert current == before[0]
    assert not [path for path in files - before[1] if "reports" not in path.parts]


NAMES = [
    "..",
    "../x",
    "..%2f..%2fx",
    "%2e%2e",
    ".hidden",
    "a" * 300,
    "x%00",
    "x%0a",
    "-x",
    "x%5cy",
    "x-metadata.json",
    "%ff",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_a_place_is_none(written: Written, name: str) -> None:
    before = written.state()
    for path in (f"/api/v1/datasets/{name}/tables/persons", f"/api/v1/datasets/tiny/tables/{name}"):
        for method in ("POST", "PUT", "DELETE", "GET"):
            came = written.outcome(
                method, path, content=b"id,label_zh\nx,y\n", headers={"content-type": "text/csv"}
            )
            assert came in {
                "invalid-parameter", "no-such-path", "method-not-allowed", "unknown-table",
                "unknown-dataset", "table-metadata", "change-refused", "not-found",
            }, (method, path)  # fmt: skip
    assert written.state()[0] == before[0]


GRAPH_UPDATES = {
    "a connection": ("LOAD <http://127.0.0.1:9/>", "remote-refused"),
    "a service": ("INSERT { ?a ?b ?c } WHERE { SERVICE <x:s> { ?a ?b ?c } }", "remote-refused"),
    "groups": ("INSERT {} WHERE " + "{" * 100_000, "query-refused"),
    "no update": ("DROP EVERYTHING", "update-syntax"),
    "the ontology": ("CLEAR GRAPH <https://w3id.org/govgraph/ontology>", "graph-protected"),
    "everything": ("CLEAR ALL", "default-graph"),
}  # fmt: skip


@pytest.mark.parametrize("case", GRAPH_UPDATES)
def test_an_update_that_means_harm_changes_nothing(written: Written, case: str) -> None:
    text, code = GRAPH_UPDATES[case]
    before = written.state()[0]
    assert written.outcome("POST", "/update", data={"update": text}) == code
    assert written.state()[0] == before


def test_two_writers_lose_nothing_of_each_other(written: Written) -> None:
    triples = [f"<x:w> <x:p{n}> {n}" for n in range(4)]

    def write(triple: str) -> str:
        """One that is told to wait asks again."""
        update = {"update": f"INSERT DATA {{ {triple} }}"}
        while (came := written.outcome("POST", "/update", data=update)) == "busy":
            pass
        return came

    with ThreadPoolExecutor(3) as threads:
        assert set(threads.map(write, triples)) == {OK}
    for triple in triples:
        assert written.server.ask(f"ASK {{ {triple} }}").json()["boolean"], triple


def test_a_writer_that_expects_another_release_changes_nothing(written: Written) -> None:
    before = written.state()[0]
    for tag in ('"20000101T000000Z-00000000"', "x" * 10_000, '"', "W/"):
        came = written.outcome("POST", "/update", data=UPDATE, headers={"if-match": tag})
        assert came == "release-changed", tag
    assert written.state()[0] == before
