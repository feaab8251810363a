"""The sources of a release: the dataset folders that it was built from, kept in it, so that it can be
built again, and changed by a table, without those who sent them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from govgraph.errors import GovgraphError
from govgraph.inputs import digest, files_of
from govgraph.release import Release
from govgraph_loaders.kept import link

FOLDER = "sources"


def dataset_folders(release: Release) -> list[Path]:
    """The dataset folders that a release keeps, in the order in which they were given.

    GovgraphError(release-without-sources) for one of an earlier version."""
    names = dict.fromkeys(item["dataset"] for item in release.manifest["inputs"])
    folders = [release.path / FOLDER / name for name in names]
    if not all(folder.is_dir() for folder in folders):
        raise GovgraphError("release-without-sources", id=release.id)
    return folders


def keep(datasets: Sequence[Path], work: Path, before: Release | None) -> list[Path]:
    """Copy the files of dataset folders to `work/sources/<dataset>`; return these folders.

    What the release before has already is one file with it; what is a user's own never is.
    GovgraphError(not-a-dataset, dataset-repeated)."""
    known = _digests(before) if before else {}
    kept = []
    for folder in datasets:
        if not folder.is_dir():
            raise GovgraphError("not-a-dataset", path=folder)
        target = work / FOLDER / folder.resolve().name
        if target in kept:
            raise GovgraphError("dataset-repeated", name=target.name)
        target.mkdir(parents=True)
        kept.append(target)
        for path in files_of(folder):
            file = path.relative_to(folder)
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            _keep(path, target / file, known.get((target.name, file.as_posix())))
    return kept


def take_over(folders: Iterable[Path], work: Path) -> list[Path]:
    """The dataset folders of a release once more in `work/sources`, their files the same files."""
    found = []
    for folder in folders:
        found.append(work / FOLDER / folder.name)
        shutil.copytree(folder, found[-1], copy_function=link)
    return found


def _digests(release: Release) -> dict[tuple[str, str], tuple[Path, int, str]]:
    """Where each file of a release's sources is, its size and its sha256."""
    return {
        (item["dataset"], item["file"]): (path, item["bytes"], item["sha256"])
        for item in release.manifest["inputs"]
        if (path := release.path / FOLDER / item["dataset"] / item["file"]).is_file()
    }


def _keep(path: Path, target: Path, known: tuple[Path, int, str] | None) -> None:
    if known and path.stat().st_size == known[1] and digest(path) == known[2]:
        link(known[0], target)
    else:
        shutil.copyfile(path, target)
