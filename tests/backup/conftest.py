"""A home with two small releases that were not built: their files are of no use but to be kept."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest

from govgraph import contents
from govgraph.release import Home, Release

OLD, NEW = "20260101T000000Z-00000001", "20260201T000000Z-00000002"
FILES = {
    "quads/一 二.nq": b"<a> <b> <c> .\n" * 500,
    "store/000001.sst": bytes(range(256)) * 100,
    "columns/empty": b"",
    "quads/a\\..\\b ?*[x]\n.nq": b"odd",
    f"keys/{'长' * 60}/{'x' * 120}/rows.arrow": b"deep",
}
if sys.platform == "linux":
    FILES["quads/\udcff.nq"] = b"a name that is no UTF-8"


def make(home: Home, release_id: str, **more: bytes) -> Release:
    """Publish a release of plain files."""
    with home.workshop() as work:
        for name, content in {**FILES, "id": release_id.encode(), **more}.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_bytes(content)
        (work / "manifest.json").write_text(json.dumps({"id": release_id, "inputs": []}))
        return home.publish(work, release_id)


def make_home(path: Path) -> Home:
    home = Home(path)
    for release_id in (OLD, NEW):
        make(home, release_id)
    return home


@pytest.fixture
def full(tmp_path: Path) -> Home:
    """A home with two releases, the newer of which is served."""
    return make_home(tmp_path / "主 目录")


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    return Home(tmp_path / "empty")


def digests(folder: Path) -> dict[str, str]:
    """Every file under a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def whole(release: Release) -> bool:
    """Whether a release is what its table of contents says."""
    kept = contents.read(release.path)
    return kept is not None and not any(contents.faults(release.path, kept, deep=True))
