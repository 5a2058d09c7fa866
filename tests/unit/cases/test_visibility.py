"""The question and the filter of the visibility rule agree on every case and every actor."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from city_core.cases.visibility import WIDENABLE, is_theirs, may_see, visible_filter
from city_core.people.roles import SYSTEM, Actor, Role

NAMES = ("a", "b")


def matches(case: dict[str, Any], query: dict[str, Any]) -> bool:
    """Evaluate the few operators that the filter uses."""
    return all(
        any(matches(case, part) for part in wanted) if name == "$or" else _fits(_value(case, name), wanted)
        for name, wanted in query.items()
    )


def _value(case: dict[str, Any], name: str) -> Any:
    for part in name.split("."):
        case = case.get(part)  # type: ignore[assignment]
    return case


def _fits(value: Any, wanted: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return any(one in wanted["$in"] if isinstance(wanted, dict) else one == wanted for one in values)


actors = st.builds(
    Actor,
    person_id=st.sampled_from(NAMES),
    role=st.sampled_from([role for role in Role if role is not Role.SYSTEM]),
    department_id=st.sampled_from([None, *NAMES]),
    street_codes=st.frozensets(st.sampled_from(NAMES)),
    grid_ids=st.frozensets(st.sampled_from(NAMES)),
    emergency_areas=st.frozensets(st.sampled_from((*NAMES, "community-a"))),
)
cases = st.fixed_dictionaries({
    "reporter_id": st.sampled_from(NAMES),
    "people_involved": st.lists(st.sampled_from(NAMES), unique=True),
    "department_id": st.sampled_from([None, *NAMES]),
    "place": st.fixed_dictionaries({
        "street_code": st.sampled_from(NAMES), "responsibility_grid_id": st.sampled_from(NAMES),
        "community_code": st.sampled_from(("community-a", "community-b")),
    }),
})  # fmt: skip


@given(actors, cases)
def test_question_and_filter_agree(actor: Actor, case: dict[str, Any]) -> None:
    assert may_see(actor, case) == matches(case, visible_filter(actor))


def test_rules_see_everything_and_a_citizen_only_their_own() -> None:
    assert visible_filter(SYSTEM) == {}
    for name, other in itertools.permutations(NAMES):
        case = {"people_involved": [other], "place": {}, "reporter_id": other}
        assert not may_see(Actor(name, Role.CITIZEN), case)
        assert may_see(Actor(other, Role.CITIZEN), case)


@given(actors, cases)
def test_an_emergency_shows_the_cases_of_its_area_to_staff_and_gives_nobody_another_to_act_on(
    actor: Actor, case: dict[str, Any]
) -> None:
    usual = replace(actor, emergency_areas=frozenset())
    in_area = bool({case["place"]["street_code"], case["place"]["community_code"]} & actor.emergency_areas)
    assert may_see(actor, case) == (may_see(usual, case) or (in_area and actor.role in WIDENABLE))
    assert is_theirs(actor, case) == may_see(usual, case)
