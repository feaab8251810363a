"""A key: 256 random bits behind an id that finds it, kept as a digest only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self, get_args

Scope = Literal["read", "write", "admin"]
#: Each scope includes those before it.
SCOPES: tuple[Scope, ...] = get_args(Scope)
_PREFIX = "govgraph"
#: What the digest of an unknown key is compared with, so that it takes as long as a known one.
_NOBODY = "0" * 64


@dataclass(frozen=True)
class Key:
    """What is known of a key; `scopes` are all that it has, `expires` is UTC."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    expires: datetime | None
    created: datetime
    digest: str

    @property
    def scope(self) -> Scope:
        """The widest of its scopes."""
        return self.scopes[-1]

    def expired(self, now: datetime) -> bool:
        return self.expires is not None and self.expires <= now

    def as_dict(self) -> dict[str, Any]:
        """What is kept in the file."""
        expires = self.expires.isoformat() if self.expires else None
        return {
            "id": self.id,
            "name": self.name,
            "scope": self.scope,
            "created": self.created.isoformat(),
            "expires": expires,
            "digest": self.digest,
        }

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """A key as the file has it. ValueError, KeyError, TypeError if that is not one."""
        expires = kept["expires"] and datetime.fromisoformat(kept["expires"])
        created = datetime.fromisoformat(kept["created"])
        if not created.tzinfo or (expires and not expires.tzinfo):
            raise ValueError("a time without its zone")
        return cls(
            kept["id"], kept["name"], including(kept["scope"]), expires, created, kept["digest"]
        )


def including(scope: str) -> tuple[Scope, ...]:
    """A scope with those that it includes. ValueError if there is no such scope."""
    return SCOPES[: [str(each) for each in SCOPES].index(scope) + 1]


def new_secret(key_id: str) -> str:
    """A secret that names its key. Nobody can guess 256 bits, so a plain hash is enough of it."""
    return f"{_PREFIX}_{key_id}_{secrets.token_hex(32)}"


def id_of(secret: str) -> str | None:
    """The id that a secret names, None if it is no secret of ours."""
    prefix, _, rest = secret.partition("_")
    key_id, _, random = rest.partition("_")
    return key_id if prefix == _PREFIX and key_id and random else None


def digest_of(secret: str) -> str:
    """SHA-256 of a secret, in hex."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def matches(secret: str, key: Key | None) -> bool:
    """Whether a secret is that of a key, in a time that does not depend on either."""
    same = hmac.compare_digest(digest_of(secret), key.digest if key else _NOBODY)
    return same and key is not None
