"""The map of a rule set as a drawing: boxes of bodies with their posts, arrows of rules.

Boxes stand in one or two columns. An arrow leaves its post sideways, runs up or down in a lane of
its own beside or between the columns, and enters the other post sideways; no two arrows share a
lane or a height, so lines cross but never run over each other or over a box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govgraph.pages.page import Page
from govgraph.pages.rules.boxes import Box, placed
from govgraph.pages.rules.lanes import Arrow, routed
from govgraph.pages.rules.ruleset import Rule, Ruleset

#: Above this a table is read more easily.
BODIES, RULES = 14, 24


@dataclass(frozen=True)
class Drawing:
    """What is drawn, in pixels, and how many rules are not: they join no two posts."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    manners: tuple[str, ...]
    undrawn: int
    any_new: bool


def drawing(page: Page, found: Ruleset, columns: int) -> Drawing | None:
    """The drawing in so many columns (1 or 2); None if there is nothing or too much to draw."""
    known = {body.iri for body in found.bodies}
    known |= {post.iri for body in found.bodies for post in body.posts}
    links = [rule for rule in found.rules if _joins(rule, known)]
    if not found.bodies or len(found.bodies) > BODIES or len(links) > RULES:
        return None
    scene = placed(page, found, links, min(columns, len(found.bodies)))
    arrows = routed(scene, links)
    alone = [rule for rule in found.rules if rule not in links and rule.slot in known]
    return Drawing(
        scene.width, scene.height, scene.boxes, arrows,
        tuple(dict.fromkeys(rule.manner for rule in links)),
        len(found.rules) - len(links) - len(alone), any(body.new for body in found.bodies),
    )  # fmt: skip


def _joins(rule: Rule, known: Sequence[str] | set[str]) -> bool:
    return rule.slot in known and rule.second in known and rule.slot != rule.second
