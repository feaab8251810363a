"""What is cited: a title, the release it is seen in, and an address that never changes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

#: Who answers for what is cited, and where it stands.
AUTHOR = "govgraph"
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_SHORT = 60


@dataclass(frozen=True)
class Work:
    """A page as it is cited. `english` is its title for styles that are English; `released` is the
    day of the release, as which it is cited, and as which it may be taken to be read: what stands
    at `url` does not change. `about` is its part of the key that bibliographies name it by."""

    title: str
    english: str
    language: str
    about: str
    release: str
    released: date
    url: str

    @property
    def key(self) -> str:
        """A name of plain letters, digits and hyphens, its own in each release; a digest stands for
        what they have no room or no letter for."""
        about = _NOT_PLAIN.sub("-", self.about).strip("-")
        if len(about) > _SHORT or not self.about.isascii():
            digest = sha256(self.about.encode()).hexdigest()[:8]
            about = f"{about[:_SHORT].strip('-')}-{digest}"
        return "-".join((AUTHOR, about, _NOT_PLAIN.sub("-", self.release)))


def clean(text: str) -> str:
    """A title on one line, without characters that steer a terminal or the direction of writing.

    >>> clean("a\\u202e b\\n\\tc")
    'a b c'
    """
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(plain.split())
