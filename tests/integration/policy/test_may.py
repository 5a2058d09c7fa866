"""What somebody may do, asked about one thing and found by filter, is the same on the real database."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from city_core.kit.city import City
from city_core.people.roles import Actor, Role
from city_core.policy.kinds import COLLECTION_OF, Kind, Verb
from city_core.policy.match import matches
from city_core.policy.may import NOTHING, known_rules, may, may_filter
from tests.integration.policy.things import GRIDS, NOW, STREETS, some_actor, some_thing
from tests.village import found_village

_ROWS, _ACTORS = 150, 60


async def test_question_and_filter_agree_for_every_kind_verb_and_post(city: City) -> None:
    chance = random.Random(32)
    rows = [some_thing(chance, number) for number in range(_ROWS)]
    things = city.database.things
    await things.insert_many(rows)
    village = list((await found_village(city)).values())
    actors = [some_actor(chance, role) for role in Role for _ in range(_ACTORS // len(Role) + 1)]
    asked: dict[str, set[str]] = {}
    opened: set[tuple[str, str]] = set()
    for kind, verb in known_rules():
        for actor in [*village, *actors]:
            query = may_filter(actor, verb, kind, now=NOW)
            key = repr(query)
            if key not in asked:
                asked[key] = {row["_id"] async for row in things.find(query, {"_id": 1})}
            about = (kind, verb, actor)
            assert {row["_id"] for row in rows if may(actor, verb, kind, row, now=NOW)} == asked[key], about
            assert {row["_id"] for row in rows if matches(query, row)} == asked[key], about
            opened |= {(kind, verb)} if asked[key] else set()
    assert opened == set(known_rules()) and len(asked) > 50  # of every rule something was shown


@pytest.mark.parametrize("role", Role)
async def test_what_nobody_thought_of_is_refused(role: Role) -> None:
    chance = random.Random(1)
    row, actor = some_thing(chance, 1), some_actor(chance, role)
    strange: Any = "MAYOR"
    for who in (actor, None, replace(actor, role=strange)):
        for kind, verb in (("CASE", "SELL"), ("TREASURY", "READ"), ("", "")):
            assert not may(who, verb, kind, row)
            assert may_filter(who, verb, kind) == NOTHING
    for kind, verb in known_rules():
        for who in (None, replace(actor, role=strange)):
            assert not may(who, verb, kind, row, now=NOW)
            assert may_filter(who, verb, kind, now=NOW) == NOTHING


def test_a_rule_that_depends_on_the_time_opens_nothing_without_it() -> None:
    row = {**some_thing(random.Random(1), 1), "touched_street_codes": STREETS}
    leader = _everywhere(Role.LEADER)
    assert may(leader, Verb.READ, Kind.EMERGENCY, row, now=NOW)
    assert not may(leader, Verb.READ, Kind.EMERGENCY, row)
    assert may_filter(leader, Verb.READ, Kind.EMERGENCY) == NOTHING


def test_every_kind_has_a_rule_and_a_place() -> None:
    assert {kind for kind, _ in known_rules()} == set(Kind) == set(COLLECTION_OF)


def test_administrations_are_apart_and_see_no_case() -> None:
    row = {**some_thing(random.Random(1), 1), "_id": "officer-9", "role": "OFFICER", "use": "REPORT"}
    may_do = {
        role: sorted(
            (kind, verb) for kind, verb in known_rules() if may(_everywhere(role), verb, kind, row, now=NOW)
        )
        for role in (Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)
    }
    within_a_case = ("CASE_PHOTO", "READ")  # for whoever sees the case, which none of them does
    assert may_do[Role.AUDITOR] == [("AUDIT_ENTRY", "READ"), within_a_case, ("ORIGINAL_READING", "READ")]
    assert may_do[Role.SECURITY_ADMINISTRATOR] == [
        within_a_case, ("MACHINE_SOURCE", "KEEP"), ("PERSON", "KEEP"),
    ]  # fmt: skip
    assert {kind for kind, _ in may_do[Role.ADMINISTRATOR]}.isdisjoint({
        "CASE", "TASK", "AUDIT_ENTRY", "ORIGINAL_READING", "PERSON", "MACHINE_SOURCE", "EYE_EVENT", "FRAME",
        "EMERGENCY",
    })  # fmt: skip


def _everywhere(role: Role) -> Actor:
    return Actor("somebody", role, street_codes=frozenset(STREETS), grid_ids=frozenset(GRIDS))


def test_an_operator_that_no_rule_uses_is_refused() -> None:
    for query in ({"a": {"$regex": "."}}, {"$where": "1"}, {"$expr": {}}):
        with pytest.raises(ValueError, match="no operator"):
            matches(query, {"a": "b"})


async def test_paths_through_lists_and_times_are_matched_as_the_database_does(city: City) -> None:
    rows: list[dict[str, Any]] = [
        {"_id": 1, "parts": [{"who": "a", "at": None}, {"who": "b", "at": NOW}]},
        {"_id": 2, "parts": [{"who": "b", "at": None}, {"who": "a", "at": NOW}]},
        {"_id": 3, "parts": [], "at": NOW},
        {"_id": 4, "parts": None, "at": "noon"},
    ]
    await city.database.things.insert_many(rows)
    for query in (
        {"parts.who": "a"}, {"parts": {"$elemMatch": {"who": "a", "at": None}}}, {"parts.who": {"$ne": "a"}},
        {"at": {"$lte": NOW}}, {"at": {"$gt": NOW}}, {"parts.at": {"$gte": NOW}},
        {"parts.who": {"$in": ["b"]}}, {"parts.who": {"$nin": ["a", "c"]}}, {"at": {"$lt": "z"}},
    ):  # fmt: skip
        found = {row["_id"] async for row in city.database.things.find(query)}
        assert {row["_id"] for row in rows if matches(query, row)} == found, query
