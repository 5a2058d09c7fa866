"""What a city refuses to start on, tried on real servers: each in one sentence."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from redis import Redis
from structlog.testing import capture_logs

from city_core.bootstrap import check_indexes, open_city
from city_core.kit.city import City
from city_core.kit.clock import SystemClock
from city_core.kit.indexes import indexes_of, wrong_indexes
from city_core.kit.start_checks import check_mongodb, warn_of_redis
from city_core.kit.waking import QuietWaker
from city_core.people.model import Person
from city_core.secret_checks import fault_of_key, fault_of_shared_secret, password_in
from city_core.settings import WrongSetting, read_settings
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.conftest import TOKEN_KEY, settings_for
from tests.hand_clock import HandClock


class Alone(EmbeddedMongod):
    """A mongod that is no replica set, or one that nobody initiated."""

    set_name: str | None = None

    def _arguments(self) -> list[str]:
        given = super()._arguments()
        at = given.index("--replSet")
        return given[:at] + (["--replSet", self.set_name] if self.set_name else []) + given[at + 2 :]

    def _is_serving(self) -> bool:
        with MongoClient[dict[str, Any]]("127.0.0.1", self.port, directConnection=True) as client:
            return bool(client.admin.command("hello")["ok"])


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[list[Alone]]:
    """A server without the name of a set, and one that nobody initiated."""
    with ExitStack() as stack:
        servers = []
        for set_name in (None, "rs0"):
            server = Alone(tmp_path / str(set_name))
            server.set_name = set_name
            servers.append(stack.enter_context(server))
        yield servers


async def opened(url: str, **more: object) -> None:
    settings = settings_for(more.pop("mongod"), mongodb_url=url, **more)  # type: ignore[arg-type]
    async with open_city(settings, app_name="test", waker=QuietWaker()):
        pass


async def test_a_server_that_is_no_replica_set_is_refused_with_and_without_its_name(
    alone: list[Alone],
) -> None:
    async def refused(server: Alone, options: str) -> None:
        sentence = "was not initiated" if server.set_name else "is no replica set"
        with pytest.raises(WrongSetting, match=sentence):
            await opened(f"mongodb://127.0.0.1:{server.port}/{options}", mongod=server)

    ways = ("?directConnection=true", "?replicaSet=rs0")
    await asyncio.gather(*(refused(server, way) for server in alone for way in ways))


async def test_production_names_an_index_that_is_missing_or_differs(city: City) -> None:
    people = city.database.people
    name, wanted = next(
        (name, dict(index)) for name, index in indexes_of(Person).items() if index.get("unique")
    )
    keys, options = list(wanted.pop("key").items()), wanted
    assert await wrong_indexes(city.database, [Person]) == []
    await people.drop_index(name)
    try:
        with pytest.raises(WrongSetting, match=rf"\(people\.{name} is missing\): run `make indexes`"):
            await check_indexes(city.database)
        in_production = city.settings.model_copy(update={"environment": "production"})
        with pytest.raises(WrongSetting, match="is missing"):
            async with open_city(in_production, app_name="test", waker=QuietWaker()):
                pass
        await people.create_index(keys, name=name)
        with pytest.raises(WrongSetting, match=rf"people\.{name} differs"):
            await check_indexes(city.database)
        await people.drop_index(name)
    finally:
        await people.create_index(keys, **options)
    await check_indexes(city.database)


@pytest.mark.parametrize("minutes", [-3, 3])
async def test_a_clock_that_is_minutes_off_is_refused(city: City, minutes: int) -> None:
    off = HandClock(SystemClock().now() + timedelta(minutes=minutes))
    with pytest.raises(WrongSetting, match=r"differ by 1[78]\d seconds"):
        await check_mongodb(city.database, off, warns=False)


async def test_what_only_weakens_a_city_is_said(city: City, redis_server: EmbeddedRedis) -> None:
    settings = city.settings.model_copy(update={"redis_url": redis_server.url})
    with capture_logs() as lines, Redis.from_url(redis_server.url) as redis:
        await check_mongodb(city.database, SystemClock(), warns=True)
        await warn_of_redis(settings)
        redis.config_set("maxmemory-policy", "allkeys-lru")
        await warn_of_redis(settings)
        redis.config_set("maxmemory-policy", "noeviction")
    assert [line["event"] for line in lines] == ["mongodb_has_one_member", "redis_drops_keys"]


SEQUENCE = base64.b64encode(bytes(range(7, 39))).decode()


@pytest.mark.parametrize(
    ("weak", "sentence"),
    [
        ({"TOKEN_PRIVATE_KEY": SEQUENCE}, "TOKEN_PRIVATE_KEY follows a pattern"),
        (
            {"SIGN_KEY": base64.b64encode(b"correct horse battery staple 2026").decode()},
            "SIGN_KEY is a typed",
        ),
        ({"SMS_SECRET": "password"}, "SMS_SECRET is a default value"),
        ({"SMS_SECRET": "short-one"}, "SMS_SECRET must have 16 characters"),
        ({"MEDIA_S3_SECRET_ACCESS_KEY": "minioadmin"}, "MEDIA_S3_SECRET_ACCESS_KEY is a default value"),
        (
            {"MONGODB_URL": "mongodb://city:changeme@db/?replicaSet=rs0"},
            "password in MONGODB_URL is a default",
        ),
        ({"REDIS_URL": "redis://:secret@cache/0"}, "password in REDIS_URL is a default"),
    ],
)
def test_secrets_that_could_be_guessed_are_refused_in_production_only(
    monkeypatch: pytest.MonkeyPatch, weak: dict[str, str], sentence: str
) -> None:
    for name, value in {"TOKEN_PRIVATE_KEY": TOKEN_KEY, "ENVIRONMENT": "production", **weak}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting, match=sentence) as refused:
        read_settings()
    assert not any(value in str(refused.value) for value in weak.values())
    monkeypatch.setenv("ENVIRONMENT", "development")
    read_settings()


def test_a_key_is_judged_by_its_bytes() -> None:
    assert fault_of_key(base64.b64decode(TOKEN_KEY)) is None
    assert fault_of_key(b"\x01\x02" * 16) == "has too few different bytes"
    assert fault_of_shared_secret("aaaaaaaaaaaaaaaaaaaa") == "has too few different characters"
    assert fault_of_shared_secret("kV9-3hdo2_Lq81xZ") is None
    assert password_in("mongodb://u:p%40ss@h1,h2/?w=majority") == "p@ss"
    assert password_in("mongodb://h1/?appName=a:b@c") is None
