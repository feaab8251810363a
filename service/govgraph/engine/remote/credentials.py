"""Who we are to a server: HTTP's Basic and Digest authentication (RFC 7617, RFC 7616)."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field

_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@dataclass(frozen=True)
class Credentials:
    """A user and a password, which no representation of it shows."""

    user: str
    password: str = field(repr=False)

    def basic(self) -> str:
        """The Authorization header that needs no challenge."""
        pair = f"{self.user}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"

    def answer(self, challenge: str, method: str, target: str, count: int = 1) -> str | None:
        """The header that answers a WWW-Authenticate challenge for the `count`-th time; None if it
        is of a kind that is not known here."""
        scheme, _, rest = challenge.strip().partition(" ")
        if scheme.lower() == "basic":
            return self.basic()
        return self._digest(rest, method, target, count) if scheme.lower() == "digest" else None

    def _digest(self, challenge: str, method: str, target: str, count: int) -> str | None:
        given = {
            name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(challenge)
        }
        algorithm = given.get("algorithm", "MD5")
        if algorithm.upper() not in _HASHES or "nonce" not in given:
            return None

        def hashed(*parts: str) -> str:
            return _HASHES[algorithm.upper()](":".join(parts).encode()).hexdigest()

        secret = hashed(self.user, given.get("realm", ""), self.password)
        request, once = hashed(method, target), secrets.token_hex(8)
        said = {
            "username": self.user,
            "realm": given.get("realm", ""),
            "nonce": given["nonce"],
            "uri": target,
        }
        if "auth" in [word.strip() for word in given.get("qop", "").split(",")]:
            proof = hashed(secret, given["nonce"], f"{count:08x}", once, "auth", request)
            plain = f", qop=auth, nc={count:08x}, algorithm={algorithm}"
            said |= {"cnonce": once, "response": proof}
        else:
            proof = hashed(secret, given["nonce"], request)
            plain = f", algorithm={algorithm}"
            said |= {"response": proof}
        said |= {"opaque": given["opaque"]} if "opaque" in given else {}
        quoted = ", ".join(f'{name}="{_escaped(value)}"' for name, value in said.items())
        return f"Digest {quoted}{plain}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
