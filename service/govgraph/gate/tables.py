"""CSV tables sent to a dataset: merged into what is there, or in its place, through the gate."""

from __future__ import annotations

import gzip
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, cast

from govgraph.build import Build
from govgraph.edits import Edits
from govgraph.engine.temporary import own_folder
from govgraph.errors import GovgraphError
from govgraph.gate.comparing import compare_facts, compare_rows
from govgraph.gate.files import (
    check_name,
    declaration,
    file_name,
    file_of,
    files_named,
    known_folder,
    metadata_of,
    recode,
    standard_tables,
)
from govgraph.gate.gate import Expected, Gate, Turn
from govgraph.gate.merging import Merged, Uploaded, merge, read_upload
from govgraph.gate.report import ChangeRefused, UploadedRows, upload_report
from govgraph.settings import in_bytes
from govgraph.sources import FOLDER, dataset_folders, take_over
from govgraph_loaders import Source, find_sources
from govgraph_loaders.dataset import METADATA, plain_name, table_iri

Mode = Literal["merge", "append", "replace"]
#: How many times larger than a body what it unpacks to may be.
UNPACKED = 8
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Upload:
    """A table as it was sent. `charset` is what the request says of its bytes, if it does;
    `metadata` its CSVW metadata, for a table that is not a standard one."""

    content: bytes
    charset: str | None = None
    metadata: bytes | None = None
    mode: Mode = "merge"
    max_rejects: int = 0
    dry_run: bool = False


@dataclass(frozen=True)
class Uploading:
    """What an upload came to: the releases before and after it, and the report."""

    before: str
    release: str
    report: dict[str, Any]


class Tables:
    """The tables of the datasets of a home, to read and to change."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def send(
        self, dataset: str, table: str, upload: Upload, expected: Expected = None
    ) -> Uploading:
        """Merge a table into a dataset, add rows to it or replace it; a dataset or a table that is
        not there is made.

        ChangeRefused with the report if rows beyond the allowed number were rejected or a shape is
        broken. GovgraphError(invalid-parameter, table-metadata, table-unmergeable, upload-syntax,
        body-too-large) and those of `Gate.turn`."""
        check_name(dataset, "dataset")
        check_name(table, "table")
        with self.gate.turn(expected) as turn:
            folders = take_over(dataset_folders(turn.release), turn.work)
            folder = _folder(folders, dataset, turn)
            change = _Change(turn, folder, table)
            with change.received(upload, self._unpacked(upload)) as (uploaded, merged):
                return self._built(change, folders, upload, uploaded, merged)

    def drop(
        self, dataset: str, table: str, *, dry_run: bool = False, expected: Expected = None
    ) -> Uploading:
        """Take a table away, with metadata of its own, and a dataset with its last table.

        ChangeRefused, GovgraphError(unknown-dataset, unknown-table) and those of `Gate.turn`."""
        with self.gate.turn(expected) as turn:
            folders = take_over(dataset_folders(turn.release), turn.work)
            folder = known_folder(folders, dataset)
            change = _Change(turn, folder, file_of(folder, table).name)
            for each in (change.path, *metadata_of(change.path)):
                each.unlink(missing_ok=True)
            left = [f for f in folders if f != folder or find_sources(f, standard_tables())[0]]
            for gone in set(folders) - set(left):
                shutil.rmtree(gone)
            return self._built(change, left, Upload(b"", dry_run=dry_run, mode="replace"))

    def _unpacked(self, upload: Upload) -> bytes:
        """The content of an upload, which may be packed by gzip."""
        limit = UNPACKED * in_bytes(self.gate.settings.upload_limit)
        if not upload.content.startswith(_GZIP):
            return upload.content
        try:
            with gzip.open(BytesIO(upload.content)) as stream:
                content = stream.read(limit + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise GovgraphError("upload-syntax", media="application/gzip", why=str(error)) from None
        if len(content) > limit:
            raise GovgraphError("body-too-large", limit=limit)
        return content

    def _built(
        self,
        change: _Change,
        folders: list[Path],
        upload: Upload,
        uploaded: Uploaded | None = None,
        merged: Merged | None = None,
    ) -> Uploading:
        """Build with what was sent in place, and publish it if it is good and changes anything."""
        turn, edits = change.turn, Edits.of(change.turn.release)
        rows = UploadedRows(change.dataset, change.name, uploaded, merged.places if merged else {})
        allowed = change.rejected_before(upload.mode) + upload.max_rejects
        lie_over = edits.of_graph(table_iri(turn.settings.base, change.dataset, change.name))
        done = turn.build(
            folders, edits, allowed, publish=not upload.dry_run and change.differs,
            accept=lambda ingested: rows.rejected(ingested) <= upload.max_rejects,
            sent=[f"{change.dataset}/{change.name}"],
        )  # fmt: skip
        release = done.release or turn.release
        report = upload_report(rows, done) | {
            "mode": upload.mode,
            "dry_run": upload.dry_run,
            "changed": done.release is not None,
            "edits": lie_over,
            "refused": done.refused,
            "release": release.id,
            **change.came_to(done),
        }
        if done.refused and not upload.dry_run:
            raise ChangeRefused(report)
        return Uploading(turn.release.id, release.id, report)


class _Change:
    """One table of a dataset folder in the work folder, before and after."""

    def __init__(self, turn: Turn, folder: Path, table: str) -> None:
        self.turn, self.folder = turn, folder
        self.dataset = folder.name
        self.path = next(files_named(folder, table), folder / file_name(table))
        self.before = self.path.read_bytes() if self.path.exists() else None
        self.differs = True
        self.source: Source | None = None
        self.rows: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def _earlier(self) -> Path | None:
        """The file as the release has it."""
        path = self.turn.release.path / FOLDER / self.dataset / self.name
        return path if self.before is not None else None

    def came_to(self, done: Build) -> dict[str, Any]:
        """The rows and facts by which a table that is good differs from what it was; None if that
        cannot be told, as of facts when the release before went by the rules of retention."""
        if done.refused or self.source is None:
            return {}
        iri, manifest = self.source.iri, self.turn.release.manifest
        ingested, before = done.ingested, self.turn.release.quads
        after = done.release.quads if done.release else self.turn.work / "quads"
        pairs = zip(ingested.tables, ingested.files, strict=True)
        new = next(after / path.name for table, path in pairs if table.iri == iri)
        old = before / manifest["files"][iri] if iri in manifest["files"] else None
        facts = compare_facts(iri, old, new) if old is None or old.exists() else None
        return {"rows": self.rows, "facts": facts}

    def rejected_before(self, mode: Mode) -> int:
        """Rows that the release did without: all of them, or of other tables only."""
        report = self.turn.release.report
        own = [
            t for t in report["tables"] if (t["dataset"], t["table"]) == (self.dataset, self.name)
        ]
        taken = sum(t["rows_rejected"] for t in own) if mode == "replace" else 0
        return int(report["rows_rejected"]) - taken

    @contextmanager
    def received(
        self, upload: Upload, content: bytes
    ) -> Iterator[tuple[Uploaded | None, Merged | None]]:
        """Put what was sent in its place; its rows and where they went, if they were merged."""
        self._set_metadata(upload.metadata)
        with TemporaryDirectory(dir=own_folder()) as name:
            sent = Path(name) / plain_name(self.name)
            sent.write_bytes(content)
            self.source = source = self._source(sent)
            if upload.charset:
                recode(sent, upload.charset, source.table.dialect.encoding)
            uploaded = merged = None
            if upload.mode != "replace" and self.before is not None:
                uploaded = read_upload(source, sent)
                if not uploaded.unusable:
                    merged = merge(source, self.path, uploaded, replacing=upload.mode == "merge")
            self._put(merged.content if merged else sent.read_bytes(), upload.metadata)
            self.rows = compare_rows(source.table, self._earlier, self.path)
            yield uploaded if merged else None, merged

    def _set_metadata(self, metadata: bytes | None) -> None:
        if metadata is None:
            return
        for old in metadata_of(self.path):
            old.unlink(missing_ok=True)
        (self.folder / f"{plain_name(self.name)}{METADATA}").write_bytes(metadata)

    def _source(self, sent: Path) -> Source:
        """The declaration of the table. GovgraphError(table-metadata, upload-syntax)."""
        if self.before is None:
            self.path.write_bytes(b"")
        return replace(declaration(self.folder, self.path, self.turn.settings.base), path=sent)

    def _put(self, content: bytes, metadata: bytes | None) -> None:
        """Write the file anew: the one that is there is that of the release before too."""
        packed = self.name.lower().endswith(".gz")
        if self.before is not None:
            same = gzip.decompress(self.before) if packed else self.before
            self.differs = metadata is not None or content != same
        if not self.differs:
            return
        self.path.unlink(missing_ok=True)
        self.path.write_bytes(gzip.compress(content, mtime=0) if packed else content)


def _folder(folders: list[Path], dataset: str, turn: Turn) -> Path:
    """The folder of a dataset, made if it is a new one."""
    found = next((folder for folder in folders if folder.name == dataset), None)
    if found is None:
        found = turn.work / "sources" / dataset
        found.mkdir(parents=True)
        folders.append(found)
    return found


def mode_of(text: str) -> Mode:
    """A mode by its name. GovgraphError(invalid-parameter)."""
    if text not in ("merge", "append", "replace"):
        why, why_zh = "write merge, append or replace", "应为 merge、append 或 replace"
        raise GovgraphError("invalid-parameter", name="mode", why=why, why_zh=why_zh)
    return cast(Mode, text)
