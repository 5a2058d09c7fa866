"""Staying signed in, on a real mongod: lost answers, races, copies, ends."""

from __future__ import annotations

import asyncio

import pytest

from city_core.kit.problems import CityProblem
from city_core.people.open_session import MOST_SESSIONS
from city_core.people.refresh_sign_in import refresh_sign_in
from city_core.people.session_queries import sessions_of
from city_core.people.sign_out import sign_out, sign_out_everywhere
from city_core.people.tokens import actor_of
from tests.integration.people.conftest import DEVICE, Village


async def refused(village: Village, token: str | None, device: str = DEVICE) -> str:
    assert token is not None
    with pytest.raises(CityProblem) as problem:
        await refresh_sign_in(village.city, token, device)
    return problem.value.code


async def test_an_access_token_lasts_a_quarter_of_an_hour_and_a_refresh_gives_the_next(
    village: Village,
) -> None:
    signed_in = await village.sign_in()
    assert (signed_in.expires_at - village.clock.now()).total_seconds() == 15 * 60
    village.clock.turn(minutes=15)
    with pytest.raises(CityProblem, match="SIGN_IN_REQUIRED"):
        await actor_of(village.city, signed_in.token)
    following = await refresh_sign_in(village.city, signed_in.refresh_token or "", DEVICE)
    actor = await actor_of(village.city, following.token)
    assert (actor.person_id, actor.device_id) == ("officer-1", DEVICE)
    assert following.refresh_token not in (None, signed_in.refresh_token)


async def test_no_raw_token_is_kept(village: Village) -> None:
    signed_in = await village.sign_in()
    following = await refresh_sign_in(village.city, signed_in.refresh_token or "", DEVICE)
    stored = str(await village.city.database.sessions.find({}).to_list(None))
    for secret in (signed_in.refresh_token, following.refresh_token, signed_in.token, following.token):
        assert secret is not None and secret not in stored and secret[40:80] not in stored


async def test_a_lost_answer_is_given_once_more_within_the_minute(village: Village) -> None:
    token = (await village.sign_in()).refresh_token or ""
    lost = await refresh_sign_in(village.city, token, DEVICE)
    village.clock.turn(seconds=60)
    again = await refresh_sign_in(village.city, token, DEVICE)
    assert again.refresh_token == lost.refresh_token
    assert (await actor_of(village.city, again.token)).person_id == "officer-1"
    assert await refresh_sign_in(village.city, again.refresh_token or "", DEVICE)


async def test_many_refreshes_at_once_give_one_answer_and_one_generation(village: Village) -> None:
    token = (await village.sign_in()).refresh_token or ""
    answers = await asyncio.gather(*(refresh_sign_in(village.city, token, DEVICE) for _ in range(12)))
    assert len({answer.refresh_token for answer in answers}) == 1
    [session] = await village.city.database.sessions.find({}).to_list(None)
    assert (session["generation"], session["ended_at"]) == (2, None)


async def test_a_copy_used_after_the_grace_ends_the_sign_in_for_both(
    village: Village, capfd: pytest.CaptureFixture[str]
) -> None:
    token = (await village.sign_in()).refresh_token or ""
    following = await refresh_sign_in(village.city, token, DEVICE)
    village.clock.turn(seconds=61)
    capfd.readouterr()
    assert await refused(village, token) == "REFRESH_REUSED"
    [line] = capfd.readouterr().out.splitlines()
    assert '"event":"refresh_token_copied"' in line
    assert "officer" not in line and DEVICE not in line
    assert await refused(village, following.refresh_token) == "REFRESH_REUSED"
    with pytest.raises(CityProblem, match="SIGN_IN_REQUIRED"):
        await actor_of(village.city, following.token)
    assert ("person:officer-1", {}) in village.waker.announcements


async def test_a_stolen_token_on_another_phone_ends_the_sign_in(village: Village) -> None:
    token = (await village.sign_in()).refresh_token
    assert await refused(village, token, "device-of-a-thief") == "REFRESH_REUSED"
    assert await refused(village, token) == "REFRESH_REUSED"


async def test_what_was_made_up_ends_nobodys_sign_in(village: Village) -> None:
    signed_in = await village.sign_in()
    token = signed_in.refresh_token or ""
    for made_up in ("", "nonsense", token[:-4] + "AAAA", token[::-1], "é" * 20):
        assert await refused(village, made_up) == "SIGN_IN_ENDED"
    assert (await actor_of(village.city, signed_in.token)).person_id == "officer-1"


async def test_a_silent_phone_is_signed_out_after_thirty_days_an_active_one_after_half_a_year(
    village: Village,
) -> None:
    token = (await village.sign_in()).refresh_token or ""
    for _ in range(8):
        village.clock.turn(days=20)
        token = (await refresh_sign_in(village.city, token, DEVICE)).refresh_token or ""
    village.clock.turn(days=20)
    assert await refused(village, token) == "REFRESH_EXPIRED"
    other = (await village.sign_in("officer-2", "device-0002")).refresh_token
    village.clock.turn(days=30)
    assert await refused(village, other, "device-0002") == "REFRESH_EXPIRED"


async def test_without_a_device_there_is_no_refresh_token_and_the_sign_in_is_brief(village: Village) -> None:
    signed_in = await village.sign_in(device=None)
    assert (signed_in.refresh_token, signed_in.refresh_expires_at) == (None, None)
    actor = await actor_of(village.city, signed_in.token)
    await sign_out(village.city, actor)
    with pytest.raises(CityProblem, match="SIGN_IN_REQUIRED"):
        await actor_of(village.city, signed_in.token)


async def test_signing_out_ends_this_phone_alone_and_its_pushes(village: Village) -> None:
    here, there = await village.sign_in(), await village.sign_in(device="device-0002")
    for device in (DEVICE, "device-0002"):
        await village.city.database.devices.insert_one(
            {"_id": device, "person_id": "officer-1", "address": device}
        )
    await sign_out(village.city, here.actor)
    assert await refused(village, here.refresh_token) == "SIGN_IN_ENDED"
    assert (await actor_of(village.city, there.token)).person_id == "officer-1"
    assert await village.city.database.devices.distinct("_id") == ["device-0002"]
    [left] = await sessions_of(village.city, there.actor)
    assert (left["device_id"], left["is_this_one"]) == ("device-0002", True)


async def test_signing_out_everywhere_ends_every_phone_and_every_push(village: Village) -> None:
    phones = [await village.sign_in(device=f"device-000{number}") for number in range(3)]
    await village.city.database.devices.insert_one({"_id": DEVICE, "person_id": "officer-1", "address": "a"})
    await sign_out_everywhere(village.city, phones[0].actor)
    for number, phone in enumerate(phones):
        assert await refused(village, phone.refresh_token, f"device-000{number}") == "SIGN_IN_ENDED"
        with pytest.raises(CityProblem, match="SIGN_IN_REQUIRED"):
            await actor_of(village.city, phone.token)
    assert await village.city.database.devices.count_documents({}) == 0
    assert (await actor_of(village.city, (await village.sign_in()).token)).person_id == "officer-1"


async def test_signing_out_everywhere_counts_from_its_first_write(village: Village) -> None:
    """Killed after that write, it leaves sessions that look alive and open nothing."""
    phone = await village.sign_in()
    await village.city.database.people.update_one({"_id": "officer-1"}, {"$inc": {"token_version": 1}})
    assert await refused(village, phone.refresh_token) == "SIGN_IN_ENDED"
    with pytest.raises(CityProblem, match="SIGN_IN_REQUIRED"):
        await actor_of(village.city, phone.token)


async def test_a_new_sign_in_on_a_phone_takes_the_place_of_the_old_one_and_the_pushes_of_others(
    village: Village,
) -> None:
    first = await village.sign_in()
    await village.city.database.devices.insert_one({"_id": DEVICE, "person_id": "officer-1", "address": "a"})
    await village.sign_in()
    assert await refused(village, first.refresh_token) == "SIGN_IN_ENDED"
    await village.sign_in("officer-2")
    device = await village.city.database.devices.find_one({"_id": DEVICE})
    assert device is not None and device["person_id"] == "officer-2"


async def test_nobody_keeps_more_sessions_than_the_most(village: Village) -> None:
    first = await village.sign_in()
    for number in range(MOST_SESSIONS):
        village.clock.turn(seconds=1)
        last = await village.sign_in(device=f"another-{number:04d}")
    assert len(await sessions_of(village.city, last.actor)) == MOST_SESSIONS
    assert await refused(village, first.refresh_token) == "SIGN_IN_ENDED"


async def test_the_pushes_of_a_phone_whose_sign_in_was_copied_stop(village: Village) -> None:
    token = (await village.sign_in()).refresh_token
    await village.sign_in(device="device-0002")
    for device in (DEVICE, "device-0002", "device-of-a-thief"):
        row = {"_id": device, "person_id": "officer-1", "address": device}
        await village.city.database.devices.insert_one(row)
    assert await refused(village, token, "device-of-a-thief") == "REFRESH_REUSED"
    assert await village.city.database.devices.distinct("_id") == ["device-0002"]
