"""A phone passes from one person to another, and nobody takes hints with an id that they overheard."""

from __future__ import annotations

import asyncio

import pytest

from city_core.kit.problems import CityProblem
from city_core.people.devices import register_device
from city_core.people.roles import Actor
from tests.integration.people.conftest import DEVICE, Village

ADDRESS = "token-of-the-phone"


async def register(village: Village, actor: Actor, address: str = ADDRESS, device: str = DEVICE) -> str:
    """Register a phone and give the refusal, or nothing."""
    try:
        await register_device(
            village.city, actor, device_id=device, address_kind="token", address=address, platform="android"
        )
    except CityProblem as problem:
        return problem.code
    return ""


async def holder(village: Village) -> tuple[str, str]:
    row = await village.city.database.devices.find_one({"_id": DEVICE})
    assert row is not None
    return row["person_id"], row["address"]


@pytest.fixture
async def officer(village: Village) -> Actor:
    """An officer who is signed in on their phone and gets its hints."""
    actor = (await village.sign_in()).actor
    assert await register(village, actor) == ""
    return actor


async def test_staff_pass_a_phone_on_by_signing_in(village: Village, officer: Actor) -> None:
    await village.sign_in("inspector-1")
    assert await holder(village) == ("inspector-1", ADDRESS)


async def test_a_citizen_who_overheard_the_id_takes_nothing_from_staff(
    village: Village, officer: Actor
) -> None:
    thief = (await village.sign_in("citizen-1")).actor
    assert await holder(village) == ("officer-1", ADDRESS)
    assert await register(village, thief, "token-of-the-thief") == "DEVICE_NOT_YOURS"
    assert await holder(village) == ("officer-1", ADDRESS)


@pytest.mark.parametrize("who", ["citizen-1", "officer-2"])
async def test_a_phone_is_not_taken_from_another_phone(village: Village, officer: Actor, who: str) -> None:
    for device in (None, "device-9999"):
        elsewhere = (await village.sign_in(who, device)).actor
        assert await register(village, elsewhere, "token-of-the-thief") == "DEVICE_NOT_YOURS"
    assert await holder(village) == ("officer-1", ADDRESS)


async def test_whoever_shows_the_address_has_the_phone_in_their_hand(
    village: Village, officer: Actor
) -> None:
    next_one = (await village.sign_in("citizen-1")).actor
    assert await register(village, next_one) == ""
    assert await holder(village) == ("citizen-1", ADDRESS)


async def test_a_phone_that_was_left_is_anybodys(village: Village, officer: Actor) -> None:
    await village.city.database.sessions.update_many({}, {"$set": {"ended_at": village.clock.now()}})
    await village.sign_in("citizen-1")
    assert await holder(village) == ("citizen-1", ADDRESS)
    elsewhere = (await village.sign_in("citizen-2", "device-9999")).actor
    assert await register(village, elsewhere, "another-address") == "DEVICE_NOT_YOURS"
    village.clock.turn(days=31)
    assert await register(village, elsewhere, "another-address") == ""


async def test_many_who_register_one_phone_at_once_leave_one_holder(village: Village) -> None:
    people = [(await village.sign_in(f"officer-{number}")).actor for number in (1, 2)]
    answers = await asyncio.gather(
        *(register(village, one, f"address-{index}") for index, one in enumerate(people * 4))
    )
    assert "" in answers and set(answers) <= {"", "DEVICE_NOT_YOURS", "BUSY"}
    assert await village.city.database.devices.count_documents({"_id": DEVICE}) == 1
