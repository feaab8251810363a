"""From the headers of a request to the key that may do what it asks."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable

from govgraph.access.key import Key, Scope
from govgraph.access.keys import Keys
from govgraph.errors import GovgraphError
from govgraph.settings import Settings

Headers = Iterable[tuple[bytes, bytes]]
#: Paths that need no key where reading needs one: what watches a service has to reach them.
OPEN = ("/health", "/ready")


def authorize(headers: Headers, keys: Keys, scope: Scope) -> Key:
    """The key that a request carries, if it has the scope. It is sent as `Authorization: Bearer KEY`,
    as the password of `Authorization: Basic`, or as `X-Api-Key`.

    GovgraphError as of `authorize_secret`."""
    return authorize_secret(_secret(headers), keys, scope)


def authorize_secret(secret: str, keys: Keys, scope: Scope) -> Key:
    """The key of a secret, if it has the scope.

    GovgraphError(key-missing, key-unknown, key-expired, key-scope, keys-unusable)."""
    if not secret:
        raise GovgraphError("key-missing")
    key = keys.find(secret)
    if key is None:
        raise GovgraphError("key-unknown")
    if key.expired(keys.now()):
        raise GovgraphError("key-expired")
    if scope not in key.scopes:
        raise GovgraphError("key-scope", scope=scope)
    return key


def authorize_write(headers: Headers, keys: Keys, settings: Settings) -> Key:
    """The key of a request that writes. GovgraphError(updates-off) and those of `authorize`."""
    if not settings.allow_update:
        raise GovgraphError("updates-off")
    return authorize(headers, keys, "write")


def authorize_form(secret: str, keys: Keys, settings: Settings) -> Key:
    """The key that a page's form carries. What the browser sends of itself, cookies or credentials
    that it keeps, has no say in it: another site's page that makes it send the form has no key.

    GovgraphError(updates-off) and those of `authorize_secret`."""
    if not settings.allow_update:
        raise GovgraphError("updates-off")
    return authorize_secret(secret.strip(), keys, "write")


def authorize_read(
    method: str, path: str, headers: Headers, keys: Keys, settings: Settings
) -> Key | None:
    """The key of a request that reads, where reading needs one. A preflight carries no key, and
    is told nothing of the data. GovgraphError as of `authorize`."""
    if not settings.read_key or path in OPEN or method == "OPTIONS":
        return None
    return authorize(headers, keys, "read")


def _secret(headers: Headers) -> str:
    """The secret that the headers carry, empty if none does. X-Api-Key is meant for us alone;
    Authorization may be a proxy's."""
    told: dict[bytes, bytes] = {}
    for name, value in headers:
        told.setdefault(name.lower(), value.strip())
    own = told.get(b"x-api-key", b"").decode("latin-1")
    return own or _credentials(told.get(b"authorization", b""))


def _credentials(value: bytes) -> str:
    scheme, _, given = value.partition(b" ")
    if scheme.lower() == b"bearer":
        return given.strip().decode("latin-1")
    if scheme.lower() != b"basic":
        return ""
    try:
        pair = base64.b64decode(given.strip(), validate=True)
    except binascii.Error:
        raise GovgraphError("key-unknown") from None
    return pair.partition(b":")[2].decode("latin-1")
