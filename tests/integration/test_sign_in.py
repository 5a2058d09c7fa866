"""Signing in on a real mongod: passwords, one-time codes, tries, tokens, devices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.devices import register_device
from city_core.people.one_time_codes import MOST_TRIES, request_code, sign_in_citizen
from city_core.people.passwords import hash_password
from city_core.people.roles import Role
from city_core.people.sign_in import MOST_FAILURES, sign_in_staff
from city_core.people.tokens import READ, actor_of
from tests.hand_clock import HandClock
from tests.village import found_village

PHONE = "13800138000"


class Caught:
    """A sender that keeps the code instead of bringing it to a phone."""

    code = ""

    async def send(self, city: City, phone: str, code: str) -> None:
        self.code = code


async def with_password(city: City) -> str:
    people = await found_village(city)
    await city.database.people.update_one(
        {"_id": "officer-1"}, {"$set": {"password_hash": hash_password("right")}}
    )
    return people["officer-1"].phone


async def test_the_right_password_opens_and_the_token_names_the_person(city: City) -> None:
    signed_in = await sign_in_staff(city, await with_password(city), "right")
    actor = await actor_of(city, signed_in.token)
    assert (actor.person_id, actor.role, actor.department_id) == ("officer-1", Role.OFFICER, "sanitation")


@pytest.mark.parametrize("change", [{"disabled": True}, {"token_version": 2}])
async def test_a_disabled_person_and_an_old_token_are_nobody(city: City, change: dict[str, object]) -> None:
    signed_in = await sign_in_staff(city, await with_password(city), "right")
    await city.database.people.update_one({"_id": "officer-1"}, {"$set": change})
    with pytest.raises(CityProblem, match="SIGN_IN_REQUIRED"):
        await actor_of(city, signed_in.token)
    with pytest.raises(CityProblem, match="SIGN_IN_REQUIRED"):
        await actor_of(city, signed_in.token[:-6] + "aaaaaa")


async def test_tokens_that_are_over_are_not_remembered(city: City) -> None:
    READ.clear()
    clock = HandClock(city.clock.now())
    later = replace(city, clock=clock)
    phone, tokens = await with_password(city), []
    for _ in range(3):
        tokens.append((await sign_in_staff(later, phone, "right")).token)
        assert (await actor_of(later, tokens[-1])).person_id == "officer-1"
        clock.turn(minutes=city.settings.access_token_minutes / 2 + 0.1)
    assert [token for _, token in READ if token in tokens] == tokens[1:]


async def test_wrong_passwords_and_unknown_phones_look_the_same_and_are_counted(city: City) -> None:
    phone = await with_password(city)
    for tried in (phone, "13911112222"):
        for _ in range(MOST_FAILURES):
            with pytest.raises(CityProblem, match="SIGN_IN_FAILED"):
                await sign_in_staff(city, tried, "wrong")
        with pytest.raises(CityProblem, match="TOO_MANY_TRIES"):
            await sign_in_staff(city, tried, "right")


async def test_a_code_works_once_and_makes_a_citizen(city: City) -> None:
    sender = Caught()
    await request_code(city, f"+86 {PHONE}", sender)
    signed_in = await sign_in_citizen(city, PHONE, sender.code)
    assert signed_in.actor.role is Role.CITIZEN
    with pytest.raises(CityProblem, match="CODE_WRONG"):
        await sign_in_citizen(city, PHONE, sender.code)
    await request_code(city, PHONE, sender)
    again = await sign_in_citizen(city, PHONE, sender.code)
    assert again.actor.person_id == signed_in.actor.person_id


async def test_codes_cannot_be_guessed_or_asked_for_in_a_row(city: City) -> None:
    sender = Caught()
    await request_code(city, PHONE, sender)
    with pytest.raises(CityProblem, match="TOO_MANY_TRIES"):
        await request_code(city, PHONE, sender)
    wrong = "000000" if sender.code != "000000" else "111111"
    for _ in range(MOST_TRIES):
        with pytest.raises(CityProblem, match="CODE_WRONG"):
            await sign_in_citizen(city, PHONE, wrong)
    with pytest.raises(CityProblem, match="CODE_WRONG"):
        await sign_in_citizen(city, PHONE, sender.code)


@pytest.mark.parametrize("phone", ["", "12345", "23800138000", "1380013800a", "138001380001"])
async def test_what_is_no_phone_number_is_refused(city: City, phone: str) -> None:
    with pytest.raises(CityProblem, match="PHONE_INVALID"):
        await request_code(city, phone, Caught())


async def test_a_push_address_belongs_to_the_last_who_registered_it(city: City) -> None:
    people = await found_village(city)
    for number, name in enumerate(("officer-1", "officer-2")):
        await register_device(
            city, people[name], device_id=f"device-{number}", address_kind="token",
            address="token-0123456789", platform="android",
        )  # fmt: skip
    [device] = await city.database.devices.find({}).to_list(None)
    assert (device["_id"], device["person_id"]) == ("device-1", "officer-2")
    with pytest.raises(CityProblem, match="DEVICE_INVALID"):
        await register_device(
            city, people["officer-1"], device_id="device-9", address_kind="pigeon",
            address="token-0123456789", platform="android",
        )  # fmt: skip
