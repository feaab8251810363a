"""Who holds which posts of a community, as its model's rules ask."""

from __future__ import annotations

from random import Random

from bench.nation import dates

#: (person, post) -> the terms, each from and to; people are numbered from 0
Holdings = dict[tuple[int, str], list[tuple[str, str]]]


def lawful(random: Random, model: str, party: str) -> Holdings:
    """Holdings that keep every rule of the model. `party`: is the director a Party member?

    Dates are of mixed precision; where a rule asks for two posts together, both have the same
    dates, or the second is undated or held in two terms back to back, which is lawful too.
    """
    head, director = _term(random), _term(random)
    held: Holdings = {(1, "gz"): [head], (2, "zr"): [director]}
    if model == "n-gm-a":
        held[1, "fsj"] = _together(random, head)
        held[2, "sg"] = [director]
        if party == "true":
            held[2, "fsj"] = [director]
    else:
        held[7, "fsj"] = [_term(random)]
        held[8 if party == "true" else 2, "sg"] = [director]
    held[3, "sgy"] = [_term(random)]
    held[4, "cy"] = held[5, "cy"] = [_term(random)]
    held[6, "gz"] = [(dates.start(random, 2008, 2010), dates.day(random, 2014))]
    return held


def _term(random: Random) -> tuple[str, str]:
    return dates.start(random, 2017, 2021), dates.end(random, 2023, 2025)


def _together(random: Random, term: tuple[str, str]) -> list[tuple[str, str]]:
    """The terms of a post that must be held with another, held for `term`."""
    start, end = term
    draw = random.random()
    if draw < 0.05:
        return [("", end)]
    if draw < 0.15 and len(start) == 10 and end in ("", ".."):
        change = dates.after(start, 365)
        return [(start, change), (dates.after(change, 1), end)]
    return [term]
