"""How a value becomes a membership in a set: said by the caller, never guessed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from govgraph.errors import GovgraphError

#: Log odds of a membership of 0.95, at the threshold of full membership.
FULL = math.log(0.95 / 0.05)
_SPEC = re.compile(r"(?P<query>[a-z][a-z0-9-]*)(?:>=(?P<crisp>[^/=]+)|=(?P<fuzzy>[^=]+))?")


@dataclass(frozen=True)
class Calibrated:
    """A named query and its calibration: `crisp` a threshold, `fuzzy` the values of full
    non-membership, of the crossover and of full membership; neither for values of 0 and 1."""

    query: str
    crisp: float | None = None
    fuzzy: tuple[float, float, float] | None = None

    @property
    def column(self) -> str:
        """The name of the set in a table for R: letters, digits and underscores, in capitals."""
        return self.query.removeprefix("condition-").replace("-", "_").upper()

    @property
    def said(self) -> str:
        """The calibration in words that a reader can check."""
        if self.fuzzy:
            return "logistic {:g}/{:g}/{:g}".format(*self.fuzzy)
        return "0/1" if self.crisp is None else f">= {self.crisp:g}"

    def membership(self, value: float) -> float:
        """The membership of a value, from 0 to 1.

        Crisp: 1 from the threshold on. Fuzzy: the direct method, a logistic curve through 0.05,
        0.5 and 0.95 at the three values (Ragin 2008, Redesigning Social Inquiry, ch. 5), with log
        odds of ln 19 at full membership as in `calibrate` of R's package QCA. GovgraphError
        (invalid-parameter) for a value other than 0 and 1 without a calibration.
        """
        if self.fuzzy:
            return _logistic(value, *self.fuzzy)
        if self.crisp is not None:
            return float(value >= self.crisp)
        if value not in (0, 1):
            raise refused(self.query, f"its value {value:g} needs a calibration", "其取值需要校准")
        return float(value)


def _logistic(value: float, out: float, cross: float, full: float) -> float:
    above = (value >= cross) == (full > cross)
    end = full if above else out
    odds = (value - cross) / (end - cross) * (FULL if above else -FULL)
    return 1 / (1 + math.exp(-max(-700.0, min(700.0, odds))))


def refused(name: str, why: str, why_zh: str) -> GovgraphError:
    """What a caller hears of a condition that cannot be used."""
    return GovgraphError(
        "invalid-parameter", name="conditions", why=f"{name}: {why}", why_zh=f"{name}：{why_zh}"
    )


def calibrated(text: str) -> Calibrated:
    """Read `name`, `name>=threshold` or `name=out/crossover/full`.

    GovgraphError(invalid-parameter) for anything else, or for values that do not rise or fall.

    >>> calibrated("condition-number-of-bodies=1/2.5/4").fuzzy
    (1.0, 2.5, 4.0)
    """
    found = _SPEC.fullmatch(text.strip())
    if found is None:
        raise refused(text, "write NAME, NAME>=THRESHOLD or NAME=OUT/CROSSOVER/FULL",
                      "应写作 名称、名称>=阈值 或 名称=完全不隶属/交叉点/完全隶属")  # fmt: skip
    crisp, fuzzy = found["crisp"], found["fuzzy"]
    numbers = [_number(text, part) for part in (fuzzy or crisp or "").split("/") if fuzzy or crisp]
    if crisp:
        return Calibrated(found["query"], crisp=numbers[0])
    if not fuzzy:
        return Calibrated(found["query"])
    if len(numbers) != 3 or not (
        numbers[0] < numbers[1] < numbers[2] or numbers[0] > numbers[1] > numbers[2]
    ):
        raise refused(text, "three values that rise or fall are needed", "需要三个递增或递减的值")
    return Calibrated(found["query"], fuzzy=(numbers[0], numbers[1], numbers[2]))


def _number(text: str, part: str) -> float:
    try:
        number = float(part)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise refused(text, f"{part} is no number", f"{part} 不是数字")
    return number
