"""Whose components somebody reads in full: the question and both filters give one answer."""

from __future__ import annotations

from random import Random
from typing import Any

from city_core.cases.components.visibility import component_filter, component_parts, sees_component
from city_core.people.roles import Actor, Role
from tests.integration.map.made_cases import DEPARTMENTS, GRIDS, STREETS, any_actor


def component(dice: Random) -> dict[str, Any]:
    street = dice.choice(STREETS)
    departments = ("keeper_department_id", "owner_department_id", "authority_department_id")
    return {
        "_id": "x", "street_code": street, "responsibility_grid_id": dice.choice(GRIDS[f"{street}001"]),
        **{name: dice.choice([*DEPARTMENTS, None]) for name in departments},
    }  # fmt: skip


def holds(query: dict[str, Any], row: dict[str, Any]) -> bool:
    """Tell whether a row fits a filter, of the few operators that these filters are made of."""
    for name, wanted in query.items():
        if name == "$or":
            if not any(holds(way, row) for way in wanted):
                return False
        elif isinstance(wanted, dict):
            if "$in" in wanted and row[name] not in wanted["$in"]:
                return False
            if "$ne" in wanted and row[name] == wanted["$ne"]:
                return False
        elif row[name] != wanted:
            return False
    return True


def test_the_filters_agree_with_the_question_and_parts_do_not_overlap() -> None:
    dice = Random(6)
    seen = 0
    for _ in range(4_000):
        actor, row = any_actor(dice), component(dice)
        expected = sees_component(actor, row)
        assert holds(component_filter(actor), row) is expected, actor
        assert sum(holds(part, row) for part in component_parts(actor)) == expected, actor
        seen += expected
    assert 0 < seen < 4_000


def test_whoever_sees_a_case_of_it_reads_a_component_but_no_citizen() -> None:
    row = component(Random(1))
    for role in set(Role) - {Role.CITIZEN, Role.SYSTEM}:
        assert sees_component(Actor("somebody", role), row, cases_seen=1)
    assert not sees_component(Actor("somebody", Role.CITIZEN), row, cases_seen=1)
