"""Real servers for every test that needs them: one mongod replica set and one Redis for the session."""

from __future__ import annotations

import base64
import gc
import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from city_core.bootstrap import open_city
from city_core.kit.city import City, OpenedRules
from city_core.kit.memory import keep_what_stands
from city_core.kit.mongo import Database
from city_core.kit.numbering import Numbering
from city_core.kit.waking import QuietWaker
from city_core.settings import Settings
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis

# Folders whose tests share one running city, or compute for minutes: each goes to one process as a whole, the
# longest first, so that two processes end at about the same time.
_TOGETHER = ("phones", "faults", "journey", "clients", "architecture", "workers")

TOKEN_KEY = base64.b64encode(hashlib.sha256(b"the key of the tests").digest()).decode()


def _group_of(file: str) -> str:
    """Tell what a test is run together with: all of its folder, or its file."""
    folder = file.split("/")[1]
    return folder if folder in _TOGETHER else file


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what lasts longest begin first."""

    def turn_of(item: pytest.Item) -> int:
        group = _group_of(item.nodeid.split("::")[0])
        return _TOGETHER.index(group) if group in _TOGETHER else len(_TOGETHER)

    items.sort(key=turn_of)


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and not among what stands: that took a seventh of the computing."""
    keep_what_stands()
    gc.set_threshold(10_000, 10, 10)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each group to one process as a whole: what it shares is set up once.

    The plugin's own groups need marks in the ids of tests, which this pytest no longer lets it write.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group_of(nodeid.split("::", maxsplit=1)[0])

    return Together(config, log)


@pytest.fixture(scope="session")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedMongod]:
    """A real mongod, a replica set of one."""
    with EmbeddedMongod(tmp_path_factory.mktemp("mongod")) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    """A real Redis."""
    with EmbeddedRedis(tmp_path_factory.mktemp("redis")) as server:
        yield server


def settings_for(
    mongod: EmbeddedMongod, redis_url: str = "redis://127.0.0.1:1/0", **more: object
) -> Settings:
    """Settings of a city in the one database that tests share and leave empty.

    Its indexes are files: a thousand databases with a hundred indexes each are more than a server holds open.
    """
    given = {
        "mongodb_url": mongod.url,
        "mongodb_database": "test_city",
        "redis_url": redis_url,
        "token_private_key": TOKEN_KEY,
        "environment": "development",
        "rate_scale": 1_000.0,  # tests of limits set their own
        "citizen_reports_an_hour": 1_000,
        "citizen_reports_a_day": 1_000,
        **more,
    }
    return Settings(**given)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
async def opened_city(mongod: EmbeddedMongod) -> AsyncIterator[City]:
    """A city that was opened once: making sure of two hundred indexes takes a tenth of a second."""
    async with open_city(settings_for(mongod), app_name="test", waker=QuietWaker()) as opened:
        yield opened


@pytest.fixture
async def city(opened_city: City) -> AsyncIterator[City]:
    """A city with an empty database, that wakes nobody."""
    yield replace(opened_city, waker=QuietWaker(), opened_rules=OpenedRules(), numbering=Numbering())
    await empty(opened_city.database)


async def empty(database: Database) -> None:
    """Take everything out of a database but its indexes."""
    await database.command("profile", 0)
    names = await database.list_collection_names()
    if "system.profile" in names:
        await database.drop_collection("system.profile")
    for name in await _with_rows(database, [name for name in names if name != "system.profile"]):
        await database[name].delete_many({})


async def _with_rows(database: Database, names: list[str]) -> list[str]:
    """Name the collections that hold anything: one question, a tenth of the time of emptying all."""

    def name_of(name: str) -> list[dict[str, Any]]:
        return [{"$limit": 1}, {"$project": {"_id": 0, "name": {"$literal": name}}}]

    if not names:
        return []
    others = [{"$unionWith": {"coll": name, "pipeline": name_of(name)}} for name in names[1:]]
    found = await database[names[0]].aggregate([*name_of(names[0]), *others]).to_list(None)
    return [row["name"] for row in found]


REPOSITORY = Path(__file__).parent.parent
