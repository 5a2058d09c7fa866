"""The doctor on a city that was broken on purpose: each fault is told in a sentence with what to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from city_core.bootstrap import RULEBOOKS, STORED_SHAPES
from city_core.catalogue.calendar import CALENDAR_BOOK
from city_core.kit.city import City
from city_core.kit.mongo import connect, database_of
from city_core.kit.work import WorkItem
from city_core.operation.doctor.finding import Finding, Patient, Severity
from city_core.operation.doctor.indexes import differences, wanted_indexes
from city_core.operation.doctor.look import CHECKS, examine
from city_core.operation.doctor.servers import _of_members
from city_core.operation.migrations.steps import STEPS
from city_demo.embedded import EmbeddedRedis
from tests.hand_clock import HandClock
from tests.integration.map.made_cases import made_case
from tests.rulebooks import put_in_force
from tests.village import found_village

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
YEARS = [{"year": 2026, "provisional": False}, {"year": 2027, "provisional": False}]


def patient_of(city: City) -> Patient:
    return Patient(city, STORED_SHAPES, RULEBOOKS, STEPS)


async def findings(city: City, *only: str) -> dict[str, list[Finding]]:
    return {one.check.name: one.findings async for one in examine(patient_of(city), only)}


@pytest.fixture
async def well(city: City, redis_server: EmbeddedRedis) -> City:
    """A city in which nothing is wrong."""
    settings = city.settings.model_copy(update={
        "environment": "production", "push_gateway": "providers", "sms_gateway": "http",
        "public_url": "https://city.example", "redis_url": redis_server.url,
        "sign_key": city.settings.token_private_key,
    })  # fmt: skip
    await found_village(city)
    await put_in_force(city, CALENDAR_BOOK, {**CALENDAR_BOOK.first_content, "years": YEARS})
    now = city.clock.now()
    await city.database.duties.insert_one({"_id": "fold_tallies", "due_at": now})
    await city.database.migrations.insert_many([{"_id": step.name} for step in STEPS])
    await city.database.sync_feed.insert_one({"_id": "feed", "leased_until": now, "is_complete": True})
    return replace(city, settings=settings)


async def test_a_city_that_is_well(well: City) -> None:
    found = await findings(well)
    assert found.keys() == {check.name for check in CHECKS}
    ill = {name: one for name, many in found.items() for one in many if one.severity is not Severity.FINE}
    # One member is all that a test has; how full its disk is, is not the city's matter.
    assert ill.keys() <= {"replica-set", "disk"} and "1 member(s)" in ill["replica-set"].says


Breaker = Callable[[City], Awaitable[City | None]]


async def _drop_index(city: City) -> None:
    await city.database.shifts.drop_index("person_id_1_starts_at_1")


async def _other_index(city: City) -> None:
    await _drop_index(city)
    await city.database.shifts.create_index([("person_id", 1), ("starts_at", 1)])


async def _no_redis(city: City) -> City:
    return _with(city, redis_url="redis://127.0.0.1:1/0")


async def _late_duty(city: City) -> None:
    late = {"$set": {"due_at": city.clock.now() - timedelta(minutes=30)}}
    await city.database.duties.update_one({}, late)


async def _no_feeder(city: City) -> None:
    ended = {"$set": {"leased_until": city.clock.now() - timedelta(hours=1)}}
    await city.database.sync_feed.update_one({}, ended)


async def _stuck_work(city: City) -> None:
    item = WorkItem("push", "push", city.clock.now()).row()
    late = {**item, "key": "late", "due_at": city.clock.now() - timedelta(minutes=9)}
    dead = {**item, "given_up": True, "due_at": None}
    await city.database.photos.insert_one({"_id": "stuck", "work": [dead, late]})


async def _uncounted(city: City) -> None:
    from random import Random

    case = made_case(Random(1), city.clock.now(), state="CLOSED")
    del case["tally_due"]
    await city.database.cases.insert_one(case)


async def _lost_rules(city: City) -> None:
    await city.database.rulebook_versions.delete_many({"name": "catalogue"})


async def _spring_of_2028(city: City) -> City:
    return replace(city, clock=HandClock(NOW.replace(year=2028)))


def _with(city: City, **settings: Any) -> City:
    return replace(city, settings=city.settings.model_copy(update=settings))


async def _setting(city: City, **settings: Any) -> City:
    return _with(city, **settings)


BROKEN: list[tuple[str, Breaker, str]] = [
    ("indexes", _drop_index, "person_id_1_starts_at_1 of shifts is missing"),
    ("indexes", _other_index, "person_id_1_starts_at_1 of shifts is not as the code asks"),
    ("redis", _no_redis, "Redis cannot be reached"),
    ("workers", _late_duty, "No jobs worker is alive: fold_tallies waits for 30 minutes"),
    ("workers", lambda city: city.database.duties.delete_many({}), "No jobs worker has ever run"),
    ("feed", _no_feeder, "Nobody has fed what phones keep for 60 minutes"),
    ("feed", lambda city: city.database.sync_feed.delete_many({}), "never made"),
    ("stuck-work", _stuck_work, "Work was given up: 1 push"),
    ("stuck-work", _stuck_work, "Work is late by minutes: 1 push"),
    ("tallies", _uncounted, "Tallies of ended cases differ"),
    ("rulebooks", _lost_rules, "of the rulebook catalogue cannot be opened"),
    ("rulebooks", lambda city: city.database.rules_in_force.delete_many({}), "catalogue is not in force"),
    ("calendar", _spring_of_2028, "The calendar does not know 2028"),
    ("clock", _spring_of_2028, "s off that of MongoDB"),
    ("migrations", lambda city: city.database.migrations.delete_many({}), STEPS[0].name),
    ("administrators", lambda city: city.database.people.delete_one({"role": "AUDITOR"}), "AUDITOR"),
    ("keys", lambda city: _setting(city, sign_key=None), "SIGN_KEY is not set"),
    ("services", lambda city: _setting(city, sms_gateway="log"), "nobody gets a one-time code"),
    ("services", lambda city: _setting(city, push_gateway="log"), "no phone is pushed to"),
    (
        "services",
        lambda city: _setting(city, public_url="http://127.0.0.1:8080"),
        "lead phones to themselves",
    ),
    ("services", lambda city: _setting(city, environment="development"), "GraphiQL"),
]


@pytest.mark.parametrize(("check", "harm", "says"), BROKEN, ids=[says for _, _, says in BROKEN])
async def test_what_is_wrong_is_said_with_what_to_do(
    well: City, check: str, harm: Breaker, says: str
) -> None:
    harmed = await harm(well)
    try:
        found = await findings(harmed if isinstance(harmed, City) else well, check)
    finally:
        await _mend_indexes(well)
    (told,) = [one for one in found[check] if says in one.says]
    assert told.severity in (Severity.WARNING, Severity.FAULT) and told.do


async def _mend_indexes(city: City) -> None:
    keys = [("person_id", 1), ("starts_at", 1)]
    if not (await city.database.shifts.index_information()).get("person_id_1_starts_at_1", {}).get("unique"):
        await city.database.shifts.drop_indexes()
        await city.database.shifts.create_index(keys, unique=True)


async def test_redis_that_forgets_is_told(well: City, redis_server: EmbeddedRedis) -> None:
    from redis.asyncio import Redis

    redis: Redis = Redis.from_url(redis_server.url)
    await redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        (told,) = (await findings(well, "redis"))["redis"]
    finally:
        await redis.config_set("maxmemory-policy", "noeviction")
        await redis.aclose()
    assert told.severity is Severity.WARNING and "allkeys-lru" in told.says


async def test_without_mongodb_the_rest_is_skipped(well: City) -> None:
    """Whoever cannot reach MongoDB is told so, once, and what needs no MongoDB is looked at all the same."""
    client = connect("mongodb://127.0.0.1:1/?replicaSet=rs0", app_name="t")
    found = await findings(replace(well, database=database_of(client, "nowhere")))
    client.close()
    assert "cannot be reached" in found["mongodb"][0].says
    faults = {name for name, many in found.items() for one in many if one.severity is Severity.FAULT}
    skipped = {name for name, many in found.items() for one in many if one.severity is Severity.SKIPPED}
    assert faults == {"mongodb"} and skipped == {check.name for check in CHECKS if check.needs}
    assert found["keys"][0].severity is Severity.FINE


async def test_looking_changes_nothing(well: City) -> None:
    before = {
        name: await well.database[name].count_documents({})
        for name in await well.database.list_collection_names()
    }
    await findings(well)
    for name, count in before.items():
        assert await well.database[name].count_documents({}) == count
    assert set(await well.database.list_collection_names()) == set(before)


@pytest.mark.parametrize(
    ("states", "severity"),
    [
        ([1, 2, 2], Severity.FINE), ([1, 2, 8], Severity.WARNING), ([1, 8, 8], Severity.FAULT),
        ([1], Severity.WARNING), ([1, 2, 3, 8, 8], Severity.FAULT),
    ],
)  # fmt: skip
def test_members_of_a_replica_set(states: list[int], severity: Severity) -> None:
    members = [
        {"name": f"m{n}", "state": state, "health": 0 if state == 8 else 1} for n, state in enumerate(states)
    ]
    assert _of_members("rs0", members, is_production=True)[0].severity is severity


def test_no_two_indexes_of_a_shape_have_the_same_fields() -> None:
    """Beanie takes two with the same fields for one, and never makes the other."""
    for shape in STORED_SHAPES:
        collection, indexes = wanted_indexes(shape)
        fields = [frozenset(dict(index["key"])) for index in indexes]
        assert len(fields) == len(set(fields)), collection


def test_options_of_an_index_matter() -> None:
    wanted = [{"name": "a_1", "key": {"a": 1}, "expireAfterSeconds": 60}]
    same = {"a_1": {"key": [("a", 1.0)], "expireAfterSeconds": 60, "v": 2}}
    assert differences("c", wanted, same) == []
    for other in ({"key": [("a", 1)]}, {"key": [("a", 1)], "expireAfterSeconds": 61}, {"key": [("a", -1)]}):
        assert len(differences("c", wanted, {"a_1": other})) == 1
