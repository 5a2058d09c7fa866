"""Of somebody unknown neither the phone nor the exact time is kept, and the deadlines hold all the same."""

from __future__ import annotations

import secrets

from city_core.kit.city import City
from city_core.people.origin import Origin
from city_core.people.roles import Actor
from city_core.people.sign_in_with_claim import sign_in_with_claim
from city_core.people.tokens import actor_in_session
from city_core.privacy.agree import is_notice_due
from city_core.privacy.retention import run_retention
from tests.hand_clock import HandClock
from tests.integration.cases.support import clock_values
from tests.integration.privacy.whole_life import ADDRESS, DEVICE, everything_with, live


async def test_nothing_tells_their_phone_or_the_minute(
    village: tuple[City, dict[str, Actor]], clock: HandClock
) -> None:
    city, people = village
    signed_in = await sign_in_with_claim(city, secrets.token_urlsafe(32), Origin(ADDRESS, DEVICE, "citizen"))
    actor = await actor_in_session(city, signed_in.actor.session_id)
    assert actor.is_unknown
    assert not await is_notice_due(city, actor)
    life = await live(city, people, actor, clock)
    mine = [row for row in life.case["history"] if row["person_id"] == actor.person_id]
    assert len(mine) == 3
    assert {(row["device_time"], row["made_at"], row["origin"]) for row in mine} == {(None, None, "phone")}
    photo = await city.database.photos.find_one({"_id": life.in_case})
    assert (photo["state"], photo["capture"], photo["original_file"]) == ("READY", None, None)
    assert (
        await city.database["photo_originals.files"].count_documents({"_id": {"$regex": life.in_case}}) == 0
    )
    assert await everything_with(city, DEVICE, ADDRESS, "Model Of Citizen 77") == []
    logged = await city.database.command_log.find_one({"person_id": actor.person_id})
    assert (logged["device_time"], logged["device_id"], logged["origin"]) == (None, None, "phone")
    assert int(life.case["_id"][:12], 16) % 3_600_000 == 0
    person = await city.database.people.find_one({"_id": actor.person_id})
    assert (person["created_at"].minute, int(person["_id"][:12], 16) % 3_600_000) == (0, 0)

    assert (await run_retention(city, dry_run=True))["blur_unknown"] == 1
    assert (await run_retention(city, dry_run=False))["blur_unknown"] == 1
    assert (await run_retention(city, dry_run=False))["blur_unknown"] == 0
    case = await city.database.cases.find_one({"_id": life.case["_id"]})
    assert case["reported_at"] == case["history"][0]["at"] == life.case["reported_at"].replace(minute=0)
    told = [row["at"] for row in case["history"]]
    assert told == sorted(told)
    exact = {row["at"] for row in life.case["history"] if row["person_id"] == actor.person_id}
    others = {row["at"] for row in case["history"] if row["person_id"] != actor.person_id}
    assert not (exact - others) & {row["at"] for row in case["history"]}
    now = await clock_values(city, case["history"])
    assert now == {name: case[name] for name in now}
