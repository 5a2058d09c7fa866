"""The operator's command line, as it is run in a shell, on the city of the tests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner

from city_core.kit.city import City
from city_core.kit.logs import set_up_logs
from city_demo.embedded import EmbeddedMongod
from city_workers.operator.commands import yiwang
from tests.conftest import TOKEN_KEY

OTHER = "test_city_restored"


@dataclass(frozen=True)
class Answer:
    """How a command ended, what it answered, and what it said beside that."""

    code: int
    text: str
    said: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


Operator = Callable[..., Awaitable[Answer]]


@pytest.fixture
def operator(mongod: EmbeddedMongod) -> Iterator[Operator]:
    """Run `yiwang` with some arguments; `env` sets more of its environment."""

    async def run(*arguments: str, database: str = "test_city", **env: str) -> Answer:
        environment = {
            "MONGODB_URL": mongod.url, "MONGODB_DATABASE": database, "TOKEN_PRIVATE_KEY": TOKEN_KEY,
            "REDIS_URL": "redis://127.0.0.1:1/0", "ENVIRONMENT": "development", "LOGNAME": "ops", **env,
        }  # fmt: skip
        runner = CliRunner()
        done = await asyncio.to_thread(runner.invoke, yiwang, list(arguments), env=environment)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Answer(done.exit_code, done.stdout, done.stderr)

    yield run
    set_up_logs("INFO")


@pytest.fixture
async def other_database(opened_city: City) -> AsyncIterator[str]:
    """The name of a database that is not there yet."""
    await opened_city.database.client.drop_database(OTHER)
    yield OTHER
    await opened_city.database.client.drop_database(OTHER)
