"""Who may read the original of a photo: every post, as a stranger, in their own case, and as who checks."""

from __future__ import annotations

from typing import Any

import pytest

from city_core.cases.originals.rights import may_read_original, readings_filter
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role

_STREET, _GRID = "370303001", "37030300100101"
_ALWAYS = {Role.ACCEPTOR, Role.SHIFT_LEADER, Role.LEADER}


def actor(role: Role, **more: Any) -> Actor:
    return Actor("me", role, **more)


def case(**more: Any) -> dict[str, Any]:
    place = {"street_code": _STREET, "community_code": "c", "responsibility_grid_id": _GRID}
    return {
        "reporter_id": "somebody", "people_involved": [], "department_id": "sanitation",
        "assisting_department_ids": [], "place": place, "task": None, **more,
    }  # fmt: skip


def theirs(role: Role) -> Actor:
    return actor(
        role, street_codes=frozenset({_STREET}), grid_ids=frozenset({_GRID}), department_id="sanitation"
    )


@pytest.mark.parametrize("role", Role)
def test_who_judges_a_case_of_theirs_reads_and_no_other_post(role: Role) -> None:
    assert may_read_original(theirs(role), case()) is (role in _ALWAYS)
    assert may_read_original(actor(role), case(people_involved=["me"])) is (role in _ALWAYS)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_nobody_reads_of_a_case_that_is_not_theirs_whatever_an_emergency_shows(role: Role) -> None:
    check = {"kind": "CHECK", "assignee_id": "me"}
    assert not may_read_original(actor(role), case(task=check))
    assert not may_read_original(actor(role, emergency_areas=frozenset({_STREET})), case(task=check))


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ({"kind": "CHECK", "assignee_id": "me"}, True),
        ({"kind": "CHECK", "assignee_id": "another"}, False),
        ({"kind": "CHECK", "assignee_id": None}, False),
        ({"kind": "VERIFY", "assignee_id": "me"}, False),
        (None, False),
    ],
)
def test_an_inspector_reads_while_they_are_asked_to_check(
    task: dict[str, Any] | None, expected: bool
) -> None:
    assert may_read_original(theirs(Role.INSPECTOR), case(task=task)) is expected


@pytest.mark.parametrize("role", Role)
def test_the_record_is_for_leaders_of_the_street_and_the_auditor(role: Role) -> None:
    if role is Role.AUDITOR:
        assert readings_filter(theirs(role)) == {}
    elif role is Role.LEADER:
        assert readings_filter(theirs(role)) == {"street_code": {"$in": [_STREET]}}
    else:
        with pytest.raises(CityProblem, match="NOT_ALLOWED"):
            readings_filter(theirs(role))
