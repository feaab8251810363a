"""Archives that were changed, cut, or made to get out of their folder or to fill the disk."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from tests.backup.conftest import NEW, OLD, digests, make, make_home

from govgraph.backup.restoring import restore
from govgraph.backup.table import NAME
from govgraph.backup.writing import backup
from govgraph.errors import GovgraphError
from govgraph.release import Home

Member = tuple[tarfile.TarInfo, bytes]
FIRST = f"releases/{NEW}/store/000001.sst"


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> list[Member]:
    """A good backup's members, to change."""
    folder = tmp_path_factory.mktemp("good")
    backup(make_home(folder / "home"), folder / "good", None)
    found = []
    with (
        (folder / "good").open("rb") as stream,
        tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(stream), mode="r|") as tar,
    ):
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            found.append((member, content.read()))
    return found


def packed(members: list[Member], path: Path) -> Path:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for member, content in members:
            tar.addfile(member, io.BytesIO(content))
    path.write_bytes(zstandard.compress(buffer.getvalue()))
    return path


def member(
    name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = ""
) -> Member:
    made = tarfile.TarInfo(name)
    made.size, made.type, made.linkname = len(content), kind, link
    return made, content


def table_of(members: list[Member]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(members[0][1])
    return found


def with_table(members: list[Member], table: object) -> list[Member]:
    return [member(NAME, json.dumps(table).encode()), *members[1:]]


def named(members: list[Member], name: str, content: bytes = b"x") -> list[Member]:
    """The members with one more, which the table names."""
    table = table_of(members)
    table["files"][name] = {
        "size": len(content), "sha256": hashlib.sha256(content).hexdigest()
    }  # fmt: skip
    return [*with_table(members, table), member(name, content)]


def refused(path: Path, home: Home) -> GovgraphError:
    """Restore into a home that serves something; nothing of it changes."""
    before = digests(home.path)
    outside = digests(home.path.parent)
    with pytest.raises(GovgraphError) as error:
        restore(path, home)
    assert digests(home.path) == before
    assert digests(home.path.parent) == outside
    assert error.value.status < 500
    return error.value


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that serves a release that the backup does not have."""
    served = Home(tmp_path / "served")
    make(served, OLD)
    return served


@pytest.fixture
def fresh(tmp_path: Path) -> Home:
    return Home(tmp_path / "fresh")


def test_the_unchanged_archive_is_good(members: list[Member], tmp_path: Path, fresh: Home) -> None:
    """So whatever is refused below is refused for what was changed."""
    assert restore(packed(members, tmp_path / "good"), fresh).restored == [NEW]


@pytest.mark.parametrize("place", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
@pytest.mark.parametrize("how", ["cut", "flip"])
def test_cut_or_changed_bytes(
    members: list[Member], tmp_path: Path, fresh: Home, place: float, how: str
) -> None:
    path = packed(members, tmp_path / "bad")
    content = bytearray(path.read_bytes())
    at = int(len(content) * place)
    if how == "cut":
        del content[at:]
    else:
        content[at] ^= 0x55
    path.write_bytes(content)
    with pytest.raises(GovgraphError) as error:
        restore(path, fresh)
    assert error.value.code == "backup-invalid"
    assert fresh.releases() == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"x" * 5000])
def test_no_archive_at_all(content: bytes, tmp_path: Path, home: Home) -> None:
    (tmp_path / "bad").write_bytes(content)
    assert refused(tmp_path / "bad", home).code == "backup-invalid"
    (tmp_path / "bad").write_bytes(zstandard.compress(content))
    assert refused(tmp_path / "bad", home).code == "backup-invalid"


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../outside",
        f"releases/{NEW}/../../../outside",
        f"releases/{NEW}/..",
        f"releases/{NEW}/./x",
        f"releases/{NEW}//x",
        f"releases/{NEW}/",
        f"releases/{NEW}",
        f"releases/{NEW}/a\0b",
        f"releases/{OLD}/x",
        "releases/current/x",
        "C:/x",
        "current",
        "keys.json",
        "",
        ".",
    ],
)
def test_paths_that_lead_elsewhere(
    members: list[Member], tmp_path: Path, home: Home, name: str
) -> None:
    assert refused(packed(named(members, name), tmp_path / "bad"), home).code == "backup-invalid"
    stray = packed([*members, member(name or "x", b"x")], tmp_path / "bad")
    assert refused(stray, home).code == "backup-invalid"


@pytest.mark.parametrize(
    "kind",
    [
        tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE,
        tarfile.FIFOTYPE,
    ],
)  # fmt: skip
def test_what_is_no_plain_file(
    members: list[Member], tmp_path: Path, home: Home, fresh: Home, kind: bytes
) -> None:
    name = f"releases/{NEW}/extra"
    changed = [*named(members, name, b"")[:-1], member(name, kind=kind, link="/etc/passwd")]
    assert refused(packed(changed, tmp_path / "bad"), home).code == "backup-invalid"
    with pytest.raises(GovgraphError):
        restore(tmp_path / "bad", fresh)


def replaced(members: list[Member], name: str, content: bytes) -> list[Member]:
    return [member(m.name, content if m.name == name else c) for m, c in members]


Change = Callable[[list[Member]], list[Member]]
CHANGES: dict[str, Change] = {
    "no table": lambda m: m[1:],
    "the table is not first": lambda m: [*m[1:], m[0]],
    "the table is a folder": lambda m: [member(NAME, kind=tarfile.DIRTYPE), *m[1:]],
    "the table is no JSON": lambda m: [member(NAME, b"{"), *m[1:]],
    "the table is deep": lambda m: [member(NAME, b"[" * 100_000), *m[1:]],
    "the table is a list": lambda m: with_table(m, []),
    "another format": lambda m: with_table(m, table_of(m) | {"format": 2}),
    "releases without names": lambda m: with_table(m, table_of(m) | {"releases": [7]}),
    "a release that is a path": lambda m: with_table(m, table_of(m) | {"releases": ["../x"]}),
    "no releases": lambda m: with_table(m, table_of(m) | {"releases": None}),
    "files are no table": lambda m: with_table(m, table_of(m) | {"files": 7}),
    "serves what it has not": lambda m: with_table(m, table_of(m) | {"current": OLD}),
    "a size below zero": lambda m: with_table(
        m, table_of(m) | {"files": {FIRST: {"size": -1, "sha256": "0" * 64}}}
    ),
    "a size that is true": lambda m: with_table(
        m, table_of(m) | {"files": {FIRST: {"size": True, "sha256": "0" * 64}}}
    ),
    "no manifest": lambda m: with_table(m, table_of(m) | {"files": {}}),
    "a file missing": lambda m: [x for x in m if x[0].name != FIRST],
    "a file twice": lambda m: [*m, member(FIRST, b"other")],
    "one more file": lambda m: [*m, member(f"releases/{NEW}/more", b"x")],
    "another content": lambda m: replaced(m, FIRST, bytes(25_600)),
    "a shorter content": lambda m: replaced(m, FIRST, b""),
    "a longer content": lambda m: replaced(m, FIRST, bytes(25_601)),
    "a file that is a folder": lambda m: named(m, f"{FIRST}/x"),
    "more than the release names": lambda m: named(m, f"releases/{NEW}/more"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_changes(
    members: list[Member], tmp_path: Path, home: Home, fresh: Home, change: Change
) -> None:
    path = packed(change(members), tmp_path / "bad")
    assert refused(path, home).code == "backup-invalid"
    with pytest.raises(GovgraphError):
        restore(path, fresh)
    assert fresh.releases() == []
    assert not list(fresh.path.glob(".build-*"))


@pytest.mark.parametrize("name", ["manifest.json", "contents.json"])
@pytest.mark.parametrize("content", [b"", b"7", b"[" * 100_000, b"{}x"])
def test_a_release_whose_own_tables_are_none(
    members: list[Member], tmp_path: Path, fresh: Home, name: str, content: bytes
) -> None:
    """All digests of the archive are right."""
    name, table = f"releases/{NEW}/{name}", table_of(members)
    table["files"][name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    path = packed(replaced(with_table(members, table), name, content), tmp_path / "bad")
    with pytest.raises(GovgraphError) as error:
        restore(path, fresh)
    assert error.value.code == "backup-invalid"
    assert fresh.releases() == []


def test_a_release_that_calls_itself_otherwise(
    members: list[Member], tmp_path: Path, fresh: Home
) -> None:
    """All digests are right, the manifest is another release's."""
    name, content = f"releases/{NEW}/manifest.json", json.dumps({"id": OLD}).encode()
    table = table_of(members)
    table["files"][name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    path = packed(replaced(with_table(members, table), name, content), tmp_path / "bad")
    with pytest.raises(GovgraphError) as error:
        restore(path, fresh)
    assert error.value.code == "backup-invalid"
    assert fresh.releases() == []


def bomb(path: Path, header: bytes, size: int) -> Path:
    """A few bytes that unpack to a header and `size` zeros."""
    compressor = zstandard.ZstdCompressor(level=1).compressobj()
    with path.open("wb") as stream:
        stream.write(compressor.compress(header))
        for _ in range(size >> 20):
            stream.write(compressor.compress(bytes(1 << 20)))
        stream.write(compressor.flush())
    return path


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XGLTYPE])
def test_a_header_as_large_as_a_disk(
    members: list[Member], tmp_path: Path, home: Home, kind: bytes
) -> None:
    """tarfile would read all of such a header into memory."""
    good = io.BytesIO()
    with tarfile.open(fileobj=good, mode="w") as tar:
        tar.addfile(members[0][0], io.BytesIO(members[0][1]))
    size = 64 << 20
    giant = tarfile.TarInfo("x")
    giant.type, giant.size = kind, size
    first = good.getvalue()[: good.getvalue().rstrip(b"\0").__len__() // 512 * 512 + 512]
    for start in (b"", first):
        path = bomb(tmp_path / "bomb", start + giant.tobuf(tarfile.GNU_FORMAT), size)
        assert path.stat().st_size < 100_000
        error = refused(path, home)
        assert (error.code, error.details["why"]) == (
            "backup-invalid", "it holds more than it says",
        )  # fmt: skip


def test_a_table_as_large_as_a_disk(tmp_path: Path, home: Home) -> None:
    giant = tarfile.TarInfo(NAME)
    giant.size = 1 << 40
    path = bomb(tmp_path / "bomb", giant.tobuf(tarfile.GNU_FORMAT), 1 << 20)
    assert refused(path, home).code == "backup-invalid"


def test_more_than_the_disk_has_is_not_begun(
    members: list[Member], tmp_path: Path, home: Home
) -> None:
    table = table_of(members)
    table["files"][FIRST]["size"] = 1 << 60
    before = digests(home.path)
    with pytest.raises(GovgraphError) as error:
        restore(packed(with_table(members, table), tmp_path / "bad"), home)
    assert (error.value.code, error.value.status) == ("disk-full", 507)
    assert digests(home.path) == before
