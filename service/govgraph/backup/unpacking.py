"""Unpacking a backup into a folder of its own: nothing gets out of it, and nothing beyond what the
table says is read or written."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import zstandard

from govgraph.backup.table import NAME, Notify, Table
from govgraph.contents import BLOCK, Digesting, Entry
from govgraph.errors import GovgraphError

#: The largest table of contents: a million files. Windows of zstd beyond this are not our own.
_TABLE, _WINDOW = 256 << 20, 128 << 20
#: Bytes of headers and padding that come with a member; archives are read ahead by this as well.
_BESIDE = 1 << 20


def invalid(why: str, why_zh: str) -> GovgraphError:
    """GovgraphError(backup-invalid) in both languages."""
    return GovgraphError("backup-invalid", why=why, why_zh=why_zh)


class Archive:
    """A backup that is open to be read once, from its table to its end."""

    def __init__(self, allowance: _Allowance, tar: tarfile.TarFile) -> None:
        self._allowance, self._tar = allowance, tar
        member = self._next()
        if member is None or member.name != NAME or not _is_plain(member) or member.size > _TABLE:
            raise invalid(f"{NAME} does not come first", f"首个文件不是 {NAME}")
        self._allowance.more(member.size)
        text = self._content(member).read()
        try:
            self.table = Table.from_json(text)
        except ValueError as error:
            raise invalid(f"{NAME}: {error}", f"{NAME} 内容有误") from error

    def unpack(self, folder: Path, notify: Notify) -> None:
        """Write the files that the table names into a folder. GovgraphError(backup-invalid), and
        what has been written is of no use; OSError."""
        missing, done = dict(self.table.files), 0
        while (member := self._next()) is not None:
            entry = missing.pop(member.name, None)
            if entry is None or not _is_plain(member) or member.size != entry.size:
                raise invalid(
                    f"{member.name!r} is not what the table of contents says",
                    f"{member.name!r} 与目录不符",
                )
            self._allowance.more(member.size)
            self._write(member, folder / member.name, entry)
            done += entry.size
            notify(done, self.table.size)
        if missing:
            raise invalid(f"{min(missing)} is missing", f"缺少 {min(missing)}")

    def _write(self, member: tarfile.TarInfo, path: Path, entry: Entry) -> None:
        source = Digesting(self._content(member))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as stream:
                while block := source.read(BLOCK):
                    stream.write(block)
        except (FileExistsError, NotADirectoryError) as error:
            raise invalid(f"{member.name!r} comes twice", f"{member.name!r} 重复出现") from error
        if source.entry != entry:
            raise invalid(f"{member.name!r} has been changed", f"{member.name!r} 已被改动")

    def _next(self) -> tarfile.TarInfo | None:
        self._allowance.more(_BESIDE)
        return self._tar.next()

    def _content(self, member: tarfile.TarInfo) -> IO[bytes]:
        stream = self._tar.extractfile(member)
        if stream is None:
            raise invalid(f"{member.name!r} is not a file", f"{member.name!r} 不是文件")
        return stream


def _is_plain(member: tarfile.TarInfo) -> bool:
    """A file of its own: no link, no device, no folder, no file with holes."""
    return member.isreg() and not member.issparse()


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A backup to be read. GovgraphError(backup-invalid) whenever it turns out to be none;
    GovgraphError(file-unusable)."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise GovgraphError("file-unusable", path=path, why=error.strerror) from None
    with stream:
        decompressor = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        allowance = _Allowance(decompressor.stream_reader(stream))
        try:
            with tarfile.open(fileobj=cast(IO[bytes], allowance), mode="r|") as tar:
                yield Archive(allowance, tar)
        except (tarfile.TarError, zstandard.ZstdError, EOFError) as error:
            raise invalid("it is cut short, or no archive", "文件不完整，或不是备份") from error


class _Allowance:
    """A stream of which no more is read than was allowed: a few bytes that unpack to many, or a
    header that is larger than all files, end here."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.left = stream, _BESIDE

    def more(self, size: int) -> None:
        self.left = min(self.left, _BESIDE) + size

    def read(self, size: int) -> bytes:
        if size > self.left:
            raise invalid("it holds more than it says", "内容超出目录所列")
        block = self.stream.read(size)
        self.left -= len(block)
        return block
