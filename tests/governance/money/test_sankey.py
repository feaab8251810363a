"""Links of Sankey diagrams, and the circles among them."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from govgraph.governance.money.cycles import components
from govgraph.governance.money.sankey import sankey
from govgraph.governance.money.totals import totals

from .graphs import engine, flow, rows

LINKS = ("from_entity", "to_entity", "value", "unknown", "cycle")
WORLD = (
    flow("a", amount=10, funder=":f", recipient=":r", instrument="gov:subsidy")
    + flow("b", funder=":f", recipient=":r", instrument="gov:grant")
    + flow("c", amount=4, funder=":f", instrument="gov:subsidy")
    + flow("part", amount=3, funder=":f", recipient=":s", partOfFlow=":a")
)


def test_links_over_instruments() -> None:
    assert rows(sankey(engine(WORLD)).frame, "from_level", "to_level", *LINKS) == [
        ("funder", "instrument", "f", "grant", None, 1, False),
        ("funder", "instrument", "f", "subsidy", 14, 0, False),
        ("instrument", "recipient", "grant", "r", None, 1, False),
        ("instrument", "recipient", "subsidy", "r", 10, 0, False),
        ("instrument", "recipient", "subsidy", None, 4, 0, False),
    ]


def test_each_level_carries_what_the_totals_say() -> None:
    graph = engine(WORLD)
    (whole,) = rows(totals(graph).frame, "value", "lower", "flows", "unknown")
    found = sankey(graph).frame
    for level in ("funder", "instrument"):
        links = rows(found.filter(from_level=level), "value", "lower", "flows", "unknown")
        assert tuple(sum(v or 0 for v in each) for each in zip(*links, strict=True)) == whole


def test_an_organization_is_one_node_of_a_chain() -> None:
    world = (
        flow("a", amount=1, funder=":x", recipient=":y")
        + flow("b", amount=2, funder=":y", recipient=":x")
        + flow("c", amount=4, funder=":y", recipient=":z")
        + flow("d", amount=8, funder=":w", recipient=":w")
        + flow("e", amount=16, funder=":z")
    )
    assert rows(sankey(engine(world), levels="chain").frame, *LINKS) == [
        ("w", "w", 8, 0, True), ("x", "y", 1, 0, True), ("y", "x", 2, 0, True),
        ("y", "z", 4, 0, False), ("z", None, 16, 0, False),
    ]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), max_size=9))
def test_circles_are_those_that_paths_lead_back_on(links: list[tuple[str, str]]) -> None:
    found = components(links)
    reached = set(links)
    for _ in "abcde":
        reached |= {(a, d) for (a, b), (c, d) in permutations(reached, 2) if b == c}
    for start, end in links:
        assert (found[start] == found[end]) == (start == end or (end, start) in reached)


def test_a_long_chain_is_no_depth_of_calls() -> None:
    links = [(str(n), str(n + 1)) for n in range(5000)]
    assert len(set(components([*links, ("5000", "0")]).values())) == 1
