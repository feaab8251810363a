"""One thing that was looked at: how it is, and what to do if it is not well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from govgraph.settings import Settings

Level = Literal["ok", "warning", "error"]
Repair = Callable[[], None]


@dataclass(frozen=True)
class Finding:
    """`check` is stable, for machines. `zh` and `en` say how it is, `do_zh` and `do_en` what to do.
    `repair` does that itself; it raises OSError or GovgraphError."""

    check: str
    level: Level
    zh: str
    en: str
    do_zh: str = ""
    do_en: str = ""
    repair: Repair | None = None
    fixed: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "level": self.level,
            "message_zh": self.zh,
            "message_en": self.en,
            "action_zh": self.do_zh,
            "action_en": self.do_en,
            "fixable": self.repair is not None,
            "fixed": self.fixed,
        }

    def mended(self) -> Self:
        """The finding after its repair, if it has one."""
        if self.repair is None:
            return self
        self.repair()
        return replace(self, fixed=True)


@dataclass(frozen=True)
class Asked:
    """What the doctor is asked about; `deep` reads every file of every release."""

    settings: Settings
    deep: bool = False


Check = Callable[[Asked], Iterator[Finding]]


def size(count: float) -> str:
    """Bytes for people."""
    units = ["B", "kB", "MB", "GB", "TB"]
    while count >= 1000 and len(units) > 1:
        count /= 1000
        units.pop(0)
    return f"{count:.3g} {units[0]}"
