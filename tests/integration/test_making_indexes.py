"""`make indexes` on a database that lacks some: until it ran production does not start, then it does."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

import pytest

from city_core.bootstrap import STORED_SHAPES, open_city
from city_core.cases.model import Case
from city_core.kit.city import City
from city_core.kit.indexes import indexes_of, wrong_indexes
from city_core.kit.waking import QuietWaker
from city_core.media.model import Photo
from city_core.settings import WrongSetting
from city_demo.embedded import EmbeddedMongod
from city_workers.indexes import main
from tests.conftest import TOKEN_KEY

Indexes = Callable[..., Awaitable[int]]


@pytest.fixture
def indexes(mongod: EmbeddedMongod, monkeypatch: pytest.MonkeyPatch) -> Indexes:
    """Run the command in production, as a shell would; answers its exit code."""
    for name, value in {
        "MONGODB_URL": mongod.url, "MONGODB_DATABASE": "test_city", "TOKEN_PRIVATE_KEY": TOKEN_KEY,
        "REDIS_URL": "redis://127.0.0.1:1/0", "ENVIRONMENT": "production",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    async def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["indexes", *arguments])
        return await asyncio.to_thread(main)

    return run


async def start_in_production(city: City) -> None:
    settings = city.settings.model_copy(update={"environment": "production"})
    async with open_city(settings, app_name="test", waker=QuietWaker()):
        pass


async def test_what_lacks_is_made_once_and_production_starts_then(
    city: City, indexes: Indexes, capsys: pytest.CaptureFixture[str]
) -> None:
    database = city.database
    lacking = [
        (database.cases, next(iter(indexes_of(Case)))),
        (database.photos, next(iter(indexes_of(Photo)))),
    ]
    for collection, name in lacking:
        await collection.drop_index(name)
    await database.drop_collection("campaigns")
    names = {f"{collection.name}.{name} is missing" for collection, name in lacking}
    assert names < set(await wrong_indexes(database, STORED_SHAPES))
    with pytest.raises(WrongSetting, match="run `make indexes`"):
        await start_in_production(city)
    assert await indexes("--check") == 2
    assert "is missing" in capsys.readouterr().err
    assert names < set(await wrong_indexes(database, STORED_SHAPES)), "looking makes none"

    assert await indexes() == 0
    assert "All indexes are as they should be" in capsys.readouterr().out
    assert await wrong_indexes(database, STORED_SHAPES) == []
    assert (await indexes(), await indexes("--check")) == (0, 0)
    await start_in_production(city)


async def test_an_index_that_differs_is_left_to_the_operator(
    city: City, indexes: Indexes, capsys: pytest.CaptureFixture[str]
) -> None:
    name = next(iter(indexes_of(Case)))
    await city.database.cases.drop_index(name)
    await city.database.cases.create_index([("_id", 1), ("version", 1)], name=name)
    try:
        assert await indexes() == 2
        said = capsys.readouterr().err
        assert said.startswith("An index could not be made") and name in said
    finally:
        await city.database.cases.drop_index(name)
    assert await indexes() == 0
