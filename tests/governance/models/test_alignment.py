"""Slots stand together by what they are for; names decide only where functions do not."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from govgraph.governance.models.alignment import align
from govgraph.governance.models.blueprint import Blueprints, BodySlot, PostSlot
from govgraph.governance.models.closeness import closeness
from govgraph.governance.models.nodes import Words

NOTHING = frozenset()


def body(iri, model, name, *functions):
    return BodySlot(
        iri, model, Words(name), NOTHING, frozenset(functions), "stated", False, NOTHING
    )


def post(iri, model, name, of):
    return PostSlot(iri, model, Words(name), NOTHING, "stated", of, NOTHING)


def blueprints(bodies, posts=()):
    return Blueprints({b.iri: b for b in bodies}, {p.iri: p for p in posts}, {}, {}, NOTHING)


def groups(*bodies):
    return align(blueprints(bodies)).bodies


def test_one_function_under_two_names_is_one_row():
    found = groups(body("a1", "a", "社居委", "deliberate"), body("b1", "b", "议事会", "deliberate"))
    assert found == {"a1": "a1", "b1": "a1"}


def test_one_name_for_two_functions_is_two_rows():
    found = groups(body("a1", "a", "工作站", "execute"), body("b1", "b", "工作站", "serve"))
    assert found == {"a1": "a1", "b1": "b1"}


def test_without_a_function_the_same_name_is_one_row_and_another_is_not():
    found = groups(
        body("a1", "a", "社区党委"), body("b1", "b", "社区党委", "lead"), body("a2", "a", "调委会")
    )
    assert found == {"a1": "a1", "b1": "a1", "a2": "a2"}


def test_within_a_function_the_closest_names_go_together():
    found = groups(
        body("a1", "a", "社区工作站", "serve"), body("a2", "a", "老年食堂", "serve"),
        body("b1", "b", "老年食堂", "serve"), body("b2", "b", "工作站", "serve"),
    )  # fmt: skip
    assert found == {"a1": "a1", "b2": "a1", "a2": "a2", "b1": "a2"}


def test_a_deputy_is_not_the_head():
    assert closeness({"主任"}, {"副主任"}) == 0
    assert closeness({"deputy head"}, {"head"}) == 0
    assert closeness({"副主任"}, {"副主任"}) == 1


def test_posts_stand_together_by_title_within_their_body():
    bodies = [body("a1", "a", "社居委", "deliberate"), body("b1", "b", "议事会", "deliberate")]
    posts = [
        post("p1", "a", "社居委主任", "a1"), post("q1", "b", "议事会主任", "b1"),
        post("q2", "b", "议事会副主任", "b1"),
    ]  # fmt: skip
    assert align(blueprints(bodies, posts)).posts == {"p1": "p1", "q1": "p1", "q2": "q2"}


slots = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.sampled_from(["党委", "社居委", "工作站", "服务站", "议事会"]),
        st.frozensets(st.sampled_from(["lead", "deliberate", "execute", "serve"]), max_size=2),
    ),
    max_size=12,
)


@given(slots, st.randoms())
def test_the_order_does_not_matter_and_a_model_has_one_slot_in_a_group(made, random):
    bodies = [body(f"{m}{n}", m, name, *f) for n, (m, name, f) in enumerate(made)]
    found = groups(*bodies)
    shuffled = list(bodies)
    random.shuffle(shuffled)
    assert groups(*shuffled) == found
    taken = [(found[b.iri], b.model) for b in bodies]
    assert len(taken) == len(set(taken))
    for name in set(found.values()):
        assert name == min(iri for iri, group in found.items() if group == name)


@given(slots)
def test_two_bodies_with_functions_stand_together_only_if_they_share_one(made):
    bodies = [body(f"{m}{n}", m, name, *f) for n, (m, name, f) in enumerate(made) if f]
    found = groups(*bodies)
    for group in set(found.values()):
        members = [b for b in bodies if found[b.iri] == group]
        for member in members:
            others = [b for b in members if b is not member]
            assert not others or any(member.functions & other.functions for other in others)


@given(slots)
def test_a_copy_of_a_model_is_aligned_with_it_slot_by_slot(made):
    """One slot for each set of functions: with several the names decide."""
    one = {f: (name, f) for _, name, f in made if f}
    ours = [body(f"a{n}", "a", name, *f) for n, (name, f) in enumerate(one.values())]
    copy = [replace(b, iri=f"b{b.iri[1:]}", model="b") for b in ours]
    found = groups(*ours, *copy)
    assert all(found[b.iri] == found[f"b{b.iri[1:]}"] for b in ours)
