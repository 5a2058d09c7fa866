"""An account is deleted after seven days: nothing leads back to the person, and their case stays."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from city_core.cases.photos import find_photo
from city_core.kit.city import City
from city_core.kit.perform import perform
from city_core.kit.problems import CityProblem
from city_core.kit.work import Wake
from city_core.media.sweep_orphans import sweep_files
from city_core.notify.adapters.log import LogPushGateway
from city_core.people.gone import reference_to
from city_core.people.tokens import actor_in_session
from city_core.privacy.agree import agree_to_privacy, is_notice_due
from city_core.privacy.ask import DELETION_WORK, ask_for_deletion, withdraw_deletion
from city_core.privacy.stores import STEPS
from city_workers.jobs import handlers_with
from tests.integration.cases.support import clock_values
from tests.integration.privacy.conftest import Town
from tests.integration.privacy.whole_life import DEVICE, PHONE, command, everything_with, sign_in
from tests.work_by_hand import do_due_work


async def _request(city: City) -> Any:
    return await city.database.data_requests.find_one({"kind": "DELETION", "state": {"$ne": "WITHDRAWN"}})


async def test_it_waits_and_can_be_withdrawn(town: Town) -> None:
    actor = town.life.actor
    asked = await ask_for_deletion(town.city, actor, command())
    assert (asked["state"], (asked["due_at"] - asked["asked_at"]).days) == ("WAITING", 7)
    assert (await ask_for_deletion(town.city, actor, command()))["_id"] == asked["_id"]
    town.clock.turn(days=6)
    await do_due_work(town.city, {DELETION_WORK})
    assert (await withdraw_deletion(town.city, actor))["state"] == "WITHDRAWN"
    assert (await withdraw_deletion(town.city, actor))["state"] == "WITHDRAWN"
    town.clock.turn(days=2)
    await do_due_work(town.city, {DELETION_WORK})
    assert await town.city.database.people.find_one({"_id": actor.person_id, "disabled": False})
    with pytest.raises(CityProblem, match="DATA_REQUEST_UNKNOWN"):
        await withdraw_deletion(town.city, town.people["citizen-1"])


async def test_a_deletion_goes_on_after_every_kill_and_leaves_nothing(town: Town) -> None:
    city, actor, life = town.city, town.life.actor, town.life
    await agree_to_privacy(city, actor, 1, "zh")
    assert not await is_notice_due(city, actor)
    before = await city.database.cases.find_one({"_id": life.case["_id"]})
    await ask_for_deletion(city, actor, command())
    town.clock.turn(days=7, minutes=1)
    kills = await _killed_again_and_again(town)
    assert kills >= 3
    request = await _request(city)
    assert set(request["steps_done"]) == {"closed", *(step.name for step in STEPS)}
    town.clock.turn(minutes=11)
    await do_due_work(city, {DELETION_WORK})
    request = await _request(city)
    assert (request["state"], request["person_id"]) == ("DONE", reference_to(city, actor.person_id))
    town.clock.turn(days=2)
    await sweep_files(city)  # what a kill left between a row and its file
    assert (
        await everything_with(city, actor.person_id, PHONE, actor.name, DEVICE, "token-of-citizen-77") == []
    )
    assert await everything_with(city, "Model Of Citizen 77") == []
    await _the_case_stays(town, before)


async def _killed_again_and_again(town: Town) -> int:
    """Do the deletion in a worker that is killed a little later each time; its lease has to end between."""
    handlers = handlers_with(LogPushGateway())
    for kills in range(60):
        request = await _request(town.city)
        due = [item for item in request["work"] if item["key"] == DELETION_WORK]
        if not due:
            return kills
        wake = Wake(DELETION_WORK, "data_requests", request["_id"], DELETION_WORK, town.clock.now())
        working = asyncio.create_task(perform(town.city, handlers, wake))
        await asyncio.wait([working], timeout=0.01 * (kills + 1))
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        town.clock.turn(seconds=town.city.settings.work_lease_seconds + 1)
        await town.city.database.data_requests.update_one(
            {"_id": request["_id"], "work.key": DELETION_WORK}, {"$set": {"work.$.attempts": 0}}
        )
    raise AssertionError("the deletion never came to its end")


async def _the_case_stays(town: Town, before: Any) -> None:
    city, reference = town.city, reference_to(town.city, town.life.actor.person_id)
    case = await city.database.cases.find_one({"_id": before["_id"]})
    assert (case["version"], case["state"], case["reporter_id"]) == (before["version"], "CLOSED", reference)
    assert [row["seq"] for row in case["history"]] == [row["seq"] for row in before["history"]]
    assert case["description"] == "墙边有垃圾，请致电 ***"
    assert [row["at"] for row in case["history"]] == [row["at"] for row in before["history"]]
    now = await clock_values(city, case["history"])
    assert now == {name: case[name] for name in now}
    photo = await city.database.photos.find_one({"_id": town.life.in_case})
    kept = (photo["owner_id"], photo["original_file"], photo["large_file"], photo["capture"])
    assert kept == (reference, None, None, None)
    shown = await find_photo(city, town.people["acceptor-1"], town.life.in_case, "large")
    assert shown.reference == photo["public_file"]
    assert await city.database.photos.find_one({"_id": town.life.alone}) is None
    files = [row["_id"] async for row in city.database["photo_originals.files"].find({})]
    assert not [name for name in files if town.life.in_case in name or town.life.alone in name]


async def test_the_number_begins_anew(town: Town) -> None:
    with pytest.raises(CityProblem, match="SIGN_IN_REQUIRED"):
        await actor_in_session(town.city, town.life.actor.session_id)
    town.clock.turn(hours=1)
    anew = await sign_in(town.city)
    assert anew.person_id != town.life.actor.person_id
    assert await is_notice_due(town.city, anew)
