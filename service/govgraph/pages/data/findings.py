"""What is wrong with data, put in order: the worst first, a page of them, each with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from govgraph.pages.words import texts

Json = Mapping[str, Any]
_ORDER = {"error": 0, "warning": 1, "info": 2}
#: Findings of a page.
SHOWN = 100
#: What a reader may narrow them by.
FILTERS = ("severity", "dataset", "table", "code")


@dataclass(frozen=True)
class Findings:
    """A page of findings. `total` counts all that match what was asked for, `choices` how many of
    all there are by severity, dataset, table and code."""

    shown: Sequence[Json]
    total: int
    offset: int = 0
    choices: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Sequence[Json], codes: Mapping[str, int] | None = None) -> Findings:
        """The first of findings, of which there may be more than are at hand, by their codes."""
        ordered = sorted(found, key=_place)
        total = sum(codes.values()) if codes else len(found)
        return cls(ordered[:SHOWN], total, choices={"code": codes or {}})

    @classmethod
    def narrowed(cls, found: Sequence[Json], asked: Mapping[str, str], offset: int) -> Findings:
        """Those that have what is asked for in each of FILTERS."""
        choices = {name: Counter(str(one[name] or "") for one in found) for name in FILTERS}
        wanted = {name: asked[name] for name in FILTERS if asked.get(name)}
        kept = [one for one in found if all((one[n] or "") == v for n, v in wanted.items())]
        kept.sort(key=_place)
        return cls(kept[offset : offset + SHOWN], len(kept), offset, choices)

    @property
    def is_mixed(self) -> bool:
        """Whether there is anything to narrow them by."""
        return any(len(counts) > 1 for counts in self.choices.values())

    @property
    def more(self) -> bool:
        return self.offset + len(self.shown) < self.total


def _place(found: Json) -> tuple[Any, ...]:
    """What is in a file that was sent comes before what follows from it elsewhere."""
    where = found["dataset"] or "", found["table"] or "", found["row"] or 0, found["column"] or ""
    return _ORDER.get(found["severity"], len(_ORDER)), not found.get("uploaded", True), *where


def repair(code: str, severity: str = "error") -> str:
    """The key of the words that say what to do about a finding of a code. What a shape only warns
    of may be true: then nothing has to be mended."""
    family = code.partition("-")[0]
    told = f"repairs.{family}-warned"
    if severity != "error" and told in texts():
        return told
    return next(
        k for k in (f"repairs.{code}", f"repairs.{family}", "repairs.other") if k in texts()
    )
