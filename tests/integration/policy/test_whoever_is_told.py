"""Nobody is told of something that they may not see: the filters of who is told agree with the rules."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from city_core.cases.emergency.concerned import concerned_filter as concerned_by_emergency
from city_core.cases.notices import notices_of
from city_core.cases.workflow import Action
from city_core.census.campaigns.concerned import concerned_filter as concerned_by_census
from city_core.kit.mongo import Row
from city_core.people.roles import Role
from city_core.people.tokens import actor_from
from city_core.policy.kinds import Kind, Verb
from city_core.policy.match import matches
from city_core.policy.may import may
from tests.integration.policy.things import GRIDS, NOW, STREETS, some_actor, some_thing

_CHANCE = random.Random(11)


def _person(number: int) -> Row:
    actor = some_actor(_CHANCE, _CHANCE.choice(list(Role)))
    return {
        "_id": f"person-{number}", "name": "", "role": actor.role.value, "disabled": False, "on_duty": True,
        "street_codes": sorted(actor.street_codes), "responsibility_grid_ids": sorted(actor.grid_ids),
        "department_id": actor.department_id,
    }  # fmt: skip


def _told(concerned: Mapping[str, Any], people: list[Row]) -> list[Row]:
    return [row for row in people if matches(concerned, row)]


def test_whoever_is_told_of_an_emergency_that_is_on_may_read_it() -> None:
    people = [_person(number) for number in range(80)]
    told = 0
    for number in range(80):
        on = {"state": "ON", "starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}
        emergency = {**some_thing(_CHANCE, number), **on}
        for row in _told(concerned_by_emergency(emergency), people):
            told += 1
            assert may(actor_from(row), Verb.READ, Kind.EMERGENCY, emergency, now=NOW), (row, emergency)
    assert told


def test_whoever_is_told_of_a_census_may_see_it() -> None:
    people = [_person(number) for number in range(80)]
    told = 0
    for street in STREETS:
        for named in ([], [row["_id"] for row in people[::2]]):
            grids = [{"responsibility_grid_id": grid} for grid in GRIDS]
            census = {"_id": "c", "street_codes": [street], "grids": grids, "person_ids": named}
            for row in _told(concerned_by_census(census), people):
                told += 1
                assert may(actor_from(row), Verb.READ, Kind.CAMPAIGN, census), (row, census)
    assert told


def test_whoever_is_told_of_a_step_is_involved_in_the_case() -> None:
    before = {**some_thing(_CHANCE, 1), "task": None, "reporter_id": "citizen-1", "joined_reports": []}
    after = {**before, "task": {"assignee_id": "officer-1", "seq": 2}, "state": "DISPATCHED",
             "people_involved": ["citizen-1", "officer-1"], "source": "CITIZEN"}  # fmt: skip
    told = {notice.person_id for notice in notices_of(before, after, Action.DISPATCH)}
    assert told == {"citizen-1", "officer-1"}
    for role, person_id in ((Role.CITIZEN, "citizen-1"), (Role.OFFICER, "officer-1")):
        who = actor_from({"_id": person_id, "role": role, "name": ""})
        assert may(who, Verb.READ, Kind.CASE, after)
