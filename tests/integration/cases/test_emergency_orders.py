"""Orders of leaders about emergencies: repeated, wrong, by the wrong post, over the same ground, at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from city_core.cases.emergency.end import end_emergency
from city_core.cases.emergency.extend import extend_emergency
from city_core.cases.emergency.preview import preview_emergency
from city_core.cases.emergency.start import start_emergency
from city_core.kit.problems import CityProblem
from tests.integration.cases.emergencies import (
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_STREET,
    Town,
    command,
    refused,
)
from tests.village import STREET


async def test_repeated_commands_change_nothing_and_a_reused_id_is_refused(town: Town) -> None:
    once, order = command(), town.order()
    starts = [start_emergency(town.city, town.leader, once, order) for _ in range(5)]
    assert len({row["_id"] for row in await asyncio.gather(*starts)}) == 1
    await refused("COMMAND_REUSED", start_emergency(town.city, town.leader, once, town.order(name="另一")))
    [emergency] = await town.city.database.emergencies.find({}).to_list(None)
    await refused(
        "COMMAND_REUSED", end_emergency(town.city, town.leader, emergency["_id"], once, reason="完")
    )
    done = command()
    for _ in range(3):
        await end_emergency(town.city, town.leader, emergency["_id"], done, reason="完")
    ended = await town.emergency(emergency)
    assert [row["action"] for row in ended["history"]] == ["START", "END"]
    await refused(
        "EMERGENCY_OVER", end_emergency(town.city, town.leader, emergency["_id"], command(), reason="完")
    )


Order = dict[str, Any]
_WRONG: list[tuple[str, Callable[[Town], Order]]] = [
    ("PROFILE_UNKNOWN", lambda _: {"profile": "fire"}),
    ("AREA_UNKNOWN", lambda _: {"area_codes": [STREET, "999"]}),
    ("AREA_UNKNOWN", lambda _: {"area_codes": []}),
    ("NOT_ALLOWED", lambda _: {"area_codes": ["370303009"]}),
    ("TEXT_INVALID", lambda _: {"authority": " "}),
    ("TEXT_INVALID", lambda _: {"name": ""}),
    ("EMERGENCY_TIME_INVALID", lambda town: {"ends_at": town.clock.now()}),
    ("EMERGENCY_TIME_INVALID", lambda town: {"ends_at": town.clock.now() + timedelta(days=30, minutes=1)}),
    ("EMERGENCY_TIME_INVALID", lambda town: {"starts_at": town.clock.now() - timedelta(hours=1)}),
]


@pytest.mark.parametrize(("code", "more"), _WRONG)
async def test_a_wrong_order_is_refused_and_says_what_is_allowed(
    town: Town, code: str, more: Callable[[Town], Order]
) -> None:
    order = town.order(**more(town))
    problem = await refused(code, start_emergency(town.city, town.leader, command(), order))
    assert problem.allowed
    assert await town.city.database.emergencies.count_documents({}) == 0


@pytest.mark.parametrize("who", ["acceptor-1", "officer-1", "citizen-1", "administrator-1"])
async def test_only_leaders_switch(town: Town, who: str) -> None:
    actor = town.people[who]
    await refused("NOT_ALLOWED", start_emergency(town.city, actor, command(), town.order()))
    await refused("NOT_ALLOWED", preview_emergency(town.city, actor, profile="flood", area_codes=[STREET]))
    emergency = await town.start()
    await refused("NOT_ALLOWED", end_emergency(town.city, actor, emergency["_id"], command(), reason="完"))
    stranger = replace(town.leader, person_id="x", street_codes=frozenset({OTHER_STREET}))
    ending = end_emergency(town.city, stranger, emergency["_id"], command(), reason="完")
    await refused("EMERGENCY_UNKNOWN", ending)  # as if it was not there
    assert (await town.emergency(emergency))["version"] == 1


async def test_a_second_emergency_over_the_same_ground_is_refused_however_it_is_drawn(town: Town) -> None:
    first = await town.start(area_codes=[COMMUNITY])
    for codes in ([DISTRICT], [STREET], [COMMUNITY, OTHER_STREET]):
        doing = start_emergency(town.city, town.leader, command(), town.order(area_codes=codes))
        assert first["_id"] in str((await refused("EMERGENCY_OVERLAPS", doing)).allowed)
    await town.start(area_codes=[OTHER_COMMUNITY])
    after = {"starts_at": first["ends_at"], "ends_at": first["ends_at"] + timedelta(hours=1)}
    await town.start(area_codes=[COMMUNITY], **after)
    longer = first["ends_at"] + timedelta(minutes=30)
    doing2 = extend_emergency(
        town.city, town.leader, first["_id"], command(), ends_at=longer, reason="雨未停"
    )
    await refused("EMERGENCY_OVERLAPS", doing2)
    assert (await town.emergency(first))["ends_at"] == first["ends_at"]


async def test_of_many_starts_at_once_one_is_on(town: Town) -> None:
    orders = [town.order(name=f"第{number}号") for number in range(6)]
    starts = [start_emergency(town.city, town.leader, command(), order) for order in orders]
    results = await asyncio.gather(*starts, return_exceptions=True)
    codes = [result.code for result in results if isinstance(result, CityProblem)]
    assert codes == ["EMERGENCY_OVERLAPS"] * 5
    assert await town.city.database.emergencies.count_documents({}) == 1
