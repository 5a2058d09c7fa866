"""What somebody may do, asked about one thing and found by filter, is the same on the real database."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor, Role
from city_core.policy.match import matches
from city_core.policy.may import NOTHING, known_rules, may, may_filter

_STREETS, _GRIDS, _DEPARTMENTS = ["north", "south"], ["n-1", "s-1"], ["sanitation", "water"]
_PEOPLE = [f"person-{number}" for number in range(4)]
_ROWS, _ACTORS = 150, 60


def _some(chance: random.Random, values: list[str]) -> list[str]:
    return chance.sample(values, chance.randint(0, len(values)))


def _actor(chance: random.Random, role: Role) -> Actor:
    return Actor(
        chance.choice(_PEOPLE), role, department_id=chance.choice([None, *_DEPARTMENTS]),
        street_codes=frozenset(_some(chance, _STREETS)), grid_ids=frozenset(_some(chance, _GRIDS)),
        emergency_areas=frozenset(_some(chance, ["north", "north-west"])),
    )  # fmt: skip


def _row(chance: random.Random, number: int) -> Row:
    """Make a thing that has what any rule asks about; a rule looks at its own part."""
    street, grid, person = chance.choice(_STREETS), chance.choice(_GRIDS), chance.choice(_PEOPLE)
    departments = {
        f"{name}_department_id": chance.choice([None, *_DEPARTMENTS])
        for name in ("keeper", "owner", "authority")
    }
    place = {
        "street_code": street, "community_code": chance.choice([None, "north-west", "south-east"]),
        "responsibility_grid_id": grid,
    }  # fmt: skip
    return {
        "_id": chance.choice([f"thing-{number}", f"{person}-{number}"]), "place": place, **departments,
        "street_code": street, "responsibility_grid_id": grid, "person_id": person, "owner_id": person,
        "reporter_id": person, "people_involved": _some(chance, _PEOPLE), 
        "origin": chance.choice(["MACHINE", "X"]),
        "department_id": chance.choice([None, *_DEPARTMENTS]), "street_codes": _some(chance, _STREETS),
        "assisting_department_ids": _some(chance, _DEPARTMENTS), "kind": chance.choice(["PERSON", "SPOT"]),
        "role": chance.choice(list(Role)).value,
    }  # fmt: skip


async def test_question_and_filter_agree_for_every_kind_verb_and_post(city: City) -> None:
    chance = random.Random(32)
    rows = [_row(chance, number) for number in range(_ROWS)]
    things = city.database.things
    await things.insert_many(rows)
    actors = [_actor(chance, role) for role in Role for _ in range(_ACTORS // len(Role) + 1)]
    asked: dict[str, set[str]] = {}
    for kind, verb in known_rules():
        for actor in actors:
            query = may_filter(actor, verb, kind)
            key = repr(query)
            if key not in asked:
                asked[key] = {row["_id"] async for row in things.find(query, {"_id": 1})}
            assert {row["_id"] for row in rows if may(actor, verb, kind, row)} == asked[key], (
                kind,
                verb,
                actor,
            )
            assert {row["_id"] for row in rows if matches(query, row)} == asked[key], (kind, verb, actor)
    assert any(asked.values()) and len(asked) > 50


@pytest.mark.parametrize("role", Role)
async def test_what_nobody_thought_of_is_refused(role: Role) -> None:
    chance = random.Random(1)
    row, actor = _row(chance, 1), _actor(chance, role)
    strange: Any = "MAYOR"
    for who in (actor, None, replace(actor, role=strange)):
        for kind, verb in (("CASE", "SELL"), ("TREASURY", "READ"), ("", "")):
            assert not may(who, verb, kind, row)
            assert may_filter(who, verb, kind) == NOTHING
    for kind, verb in known_rules():
        for who in (None, replace(actor, role=strange)):
            assert not may(who, verb, kind, row)
            assert may_filter(who, verb, kind) == NOTHING


def test_administrations_are_apart_and_see_no_case() -> None:
    row = {**_row(random.Random(1), 1), "_id": "officer-9", "role": "OFFICER"}
    may_do = {
        role: sorted((kind, verb) for kind, verb in known_rules() if may(_everywhere(role), verb, kind, row))
        for role in (Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)
    }
    assert may_do[Role.AUDITOR] == [("AUDIT_ENTRY", "READ"), ("ORIGINAL_READING", "READ")]
    assert may_do[Role.SECURITY_ADMINISTRATOR] == [("MACHINE_SOURCE", "KEEP"), ("PERSON", "KEEP")]
    assert {kind for kind, _ in may_do[Role.ADMINISTRATOR]}.isdisjoint(
        {"CASE", "AUDIT_ENTRY", "PERSON", "MACHINE_SOURCE", "EYE_EVENT", "FRAME"}
    )


def _everywhere(role: Role) -> Actor:
    return Actor("somebody", role, street_codes=frozenset(_STREETS), grid_ids=frozenset(_GRIDS))


def test_an_operator_that_no_rule_uses_is_refused() -> None:
    for query in ({"a": {"$regex": "."}}, {"$where": "1"}, {"$expr": {}}):
        with pytest.raises(ValueError, match="no operator"):
            matches(query, {"a": "b"})
