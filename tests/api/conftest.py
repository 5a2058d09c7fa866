"""A real API in this very event loop: uvicorn on loopback, a real mongod and Redis, and the village."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest

from city_api.app import create_app
from city_core.bootstrap import open_city
from city_core.kit.ids import new_id
from city_core.people.passwords import hash_password
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.support import PASSWORD, Api, running
from tests.conftest import settings_for
from tests.village import found_village

CHANGED_BY_TESTS = (
    "cases",
    "photos",
    "inbox_messages",
    "sign_in_tries",
    "one_time_codes",
    "devices",
    "sessions",
    "try_counts",
    "command_log",
    "device_queues",
    "original_readings",
    "audit_entries",
    "audit_head",
    "audit_salts",
    "components",
    "campaigns",
    "census_tasks",
)


@contextlib.asynccontextmanager
async def served_village(
    mongod: EmbeddedMongod, redis_server: EmbeddedRedis, **more: object
) -> AsyncIterator[Api]:
    """Found a village with a running API, and take both away in the end."""
    given = {"mongodb_database": f"test_{new_id()}", "upload_limit_bytes": 200_000, **more}
    settings = settings_for(mongod, redis_server.url, **given)
    async with open_city(settings, app_name="test-api", builds_indexes=True) as city:
        people = await found_village(city)
        staff = {"role": {"$ne": "CITIZEN"}}
        await city.database.people.update_many(staff, {"$set": {"password_hash": hash_password(PASSWORD)}})
        async with (
            running(create_app(city=city)) as address,
            httpx.AsyncClient(base_url=address, timeout=10, trust_env=False) as http,
        ):
            yield Api(city, people, address, http)
        await city.database.client.drop_database(city.database.name)


@pytest.fixture(scope="session")
async def served(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Api]:
    """One running API for all these tests."""
    async with served_village(mongod, redis_server) as api:
        yield api


@pytest.fixture
async def own_api(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Api]:
    """A running API of its own, for tests that change what the others rely on."""
    async with served_village(mongod, redis_server) as api:
        yield api


@pytest.fixture
async def api(served: Api) -> AsyncIterator[Api]:
    """The running API, left without any case, photo or message."""
    yield served
    for name in CHANGED_BY_TESTS:
        await served.city.database[name].delete_many({})
    served.city.numbering.begin_anew()
