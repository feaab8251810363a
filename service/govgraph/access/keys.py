"""The keys of a home, in HOME/keys.json: made, found, rotated, revoked."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from govgraph.access.clock import Clock
from govgraph.access.key import Key, Scope, digest_of, id_of, including, matches, new_secret
from govgraph.durable import held, telling_of_a_full_disk, write_whole
from govgraph.errors import GovgraphError

FILE, MODE = "keys.json", 0o600
_NAME = re.compile(r"[\w.@-]{1,64}")
Content = dict[str, Any]


@dataclass(frozen=True)
class _Read:
    """The file as it was read: what tells it from a later one, its keys by id, when it was written."""

    stamp: tuple[int, ...] | None
    keys: dict[str, Key]
    written: datetime | None


class Keys:
    """The keys of a home. The file is read again when it has changed."""

    def __init__(self, home: Path) -> None:
        self.home, self.path = home, home / FILE
        self.clock = Clock()
        self._known = _Read(None, {}, None)

    def find(self, secret: str) -> Key | None:
        """The key of a secret, expired or not; None if there is none. Found by its id; how long it
        takes says nothing about the rest. GovgraphError(keys-unusable)."""
        key = self._read().keys.get(id_of(secret) or "")
        return key if matches(secret, key) else None

    def all(self) -> list[Key]:
        """All keys, the oldest first. GovgraphError(keys-unusable)."""
        return list(self._read().keys.values())

    def now(self) -> datetime:
        """The time that keys expire by: never before the file was last written, so that a clock
        that is set back revives no key that had ended by then."""
        return self.clock.now(self._read().written)

    def add(self, name: str, scope: Scope, expires: datetime | None = None) -> tuple[Key, str]:
        """Make a key and its secret, which is not kept.

        GovgraphError(invalid-parameter, key-exists, keys-unusable, home-unusable, disk-full)."""
        if not _NAME.fullmatch(name):
            why = "1 to 64 letters, digits, . _ @ -"
            raise GovgraphError(
                "invalid-parameter", name="name", why=why, why_zh="1 至 64 个字母、数字或 . _ @ -"
            )
        with self._changing() as keys:
            if any(key.name == name for key in keys.values()):
                raise GovgraphError("key-exists", name=name)
            return self._put(keys, name, scope, expires)

    def rotate(
        self, name: str, grace: timedelta = timedelta(), expires: datetime | None = None
    ) -> tuple[Key, str]:
        """Make a new key of the same name and scope, for all keys of a name or the one of an id.
        Those end after `grace`, unless they end sooner; without grace they are gone at once.
        `expires` is the new one's end, that of the newest before it if left out.

        GovgraphError(unknown-key, invalid-parameter, keys-unusable, home-unusable, disk-full)."""
        with self._changing() as keys:
            before = self._named(keys, name)
            now = self.now()
            end = now + grace
            for key in before:
                if grace and not key.expired(now):
                    keys[key.id] = replace(key, expires=min(key.expires or end, end))
                else:
                    del keys[key.id]
            last = before[-1]
            return self._put(keys, last.name, last.scope, expires or last.expires)

    def revoke(self, name: str) -> list[Key]:
        """End all keys of a name, or the one of an id. GovgraphError(unknown-key, keys-unusable,
        home-unusable)."""
        with self._changing() as keys:
            ended = self._named(keys, name)
            for key in ended:
                del keys[key.id]
            return ended

    def _named(self, keys: dict[str, Key], name: str) -> list[Key]:
        found = [key for key in keys.values() if name in (key.name, key.id)]
        if not found:
            raise GovgraphError("unknown-key", id=name)
        return found

    def _put(
        self, keys: dict[str, Key], name: str, scope: Scope, expires: datetime | None
    ) -> tuple[Key, str]:
        created = self.now().replace(microsecond=0)
        if expires and expires <= created:
            why, why_zh = (
                f"{expires:%Y-%m-%d %H:%M} UTC is past",
                f"{expires:%Y-%m-%d %H:%M} UTC 已过",
            )
            raise GovgraphError("invalid-parameter", name="expires", why=why, why_zh=why_zh)
        key_id = next(i for i in iter(lambda: secrets.token_hex(4), "") if i not in keys)
        secret = new_secret(key_id)
        key = Key(key_id, name, including(scope), expires, created, digest_of(secret))
        keys[key_id] = key
        return key, secret

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Key]]:
        """The keys, to change; written when the block ends well. One at a time."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with held(self.home / ".keys.lock"), telling_of_a_full_disk(self.path):
                keys = dict(self._read().keys)
                yield keys
                kept = [key.as_dict() for key in keys.values()]
                content = {"written": self.clock.wall().isoformat(), "keys": kept}
                write_whole(self.path, json.dumps(content, indent=1).encode() + b"\n", MODE)
        except OSError as error:
            raise GovgraphError("home-unusable", path=self.home, why=error.strerror) from error

    def _read(self) -> _Read:
        try:
            found = self.path.stat()
            stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
            if stamp != self._known.stamp:
                self._known = _parsed(stamp, json.loads(self.path.read_bytes()))
        except (FileNotFoundError, NotADirectoryError):
            self._known = _Read(None, {}, None)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise GovgraphError("keys-unusable") from error
        return self._known


def _parsed(stamp: tuple[int, ...], content: Content) -> _Read:
    keys = [Key.of(kept) for kept in content["keys"]]
    written = datetime.fromisoformat(content["written"])
    if not written.tzinfo:
        raise ValueError("a time without its zone")
    return _Read(stamp, {key.id: key for key in keys}, written)
