"""Whose map an open case is on: exactly of those who may see it, emergencies included."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from city_core.cases.visibility import may_see
from city_core.people.roles import Actor, Role
from city_core.sync.scopes import SyncScope, keys_of, keys_of_case, mark_of

_PEOPLE = some.sampled_from(["p1", "p2", "p3"])
_STREETS = ["370303001", "370303002"]
_DEPARTMENTS = ["water", "sanitation"]
_GRIDS = ["g1", "g2"]


@some.composite
def cases(draw: some.DrawFn) -> dict[str, Any]:
    reporter, holder = draw(_PEOPLE), draw(some.none() | _PEOPLE)
    street = draw(some.sampled_from(_STREETS))
    return {
        "_id": "c", "state": draw(some.sampled_from(["REPORTED", "IN_PROGRESS"])), "reporter_id": reporter,
        "joined_reports": [], "people_involved": [one for one in (reporter, holder) if one],
        "task": {"assignee_id": holder} if holder else None, "assistants": [],
        "department_id": draw(some.none() | some.sampled_from(_DEPARTMENTS)),
        "assisting_department_ids": draw(some.lists(some.sampled_from(_DEPARTMENTS), max_size=1)),
        "place": {"street_code": street, "community_code": f"{street}001",
                  "responsibility_grid_id": draw(some.sampled_from(_GRIDS))},
    }  # fmt: skip


@some.composite
def actors(draw: some.DrawFn) -> Actor:
    return Actor(
        draw(_PEOPLE), draw(some.sampled_from([role for role in Role if role is not Role.SYSTEM])),
        department_id=draw(some.none() | some.sampled_from(_DEPARTMENTS)),
        street_codes=draw(some.frozensets(some.sampled_from(_STREETS))),
        grid_ids=draw(some.frozensets(some.sampled_from(_GRIDS))),
        emergency_areas=draw(some.frozensets(some.sampled_from([*_STREETS, "370303001001"]))),
    )  # fmt: skip


@settings(max_examples=400)
@given(actors(), cases())
def test_who_may_see_an_open_case_is_told_of_it_on_the_map(actor: Actor, case: dict[str, Any]) -> None:
    told = bool(keys_of_case(case) & set(keys_of(actor, SyncScope.MAP)))
    if may_see(actor, case):
        assert told
    elif not actor.emergency_areas:
        assert not told


def test_a_case_that_ended_or_lies_nowhere_is_on_no_map_of_a_street() -> None:
    case = {"_id": "c", "state": "CLOSED", "reporter_id": "p1", "place": {"responsibility_grid_id": "g1"}}
    assert keys_of_case(case) == {"reports:p1"}
    assert keys_of_case({**case, "state": "FILED"}) == {"reports:p1", "grid:g1"}


def test_an_emergency_that_shows_more_makes_another_scope() -> None:
    seat = Actor("p1", Role.ACCEPTOR, street_codes=frozenset({"370303001"}))
    wider = Actor(
        "p1", Role.ACCEPTOR, street_codes=seat.street_codes, emergency_areas=frozenset({"370303002"})
    )
    assert mark_of(seat, SyncScope.MAP) != mark_of(wider, SyncScope.MAP)
    assert mark_of(seat, SyncScope.MY_TASKS) == mark_of(wider, SyncScope.MY_TASKS)
