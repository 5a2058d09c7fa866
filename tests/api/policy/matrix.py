"""Asking everything as everybody: questions, subscriptions, routes, commands, and queued commands."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from city_core.audit.seal import seal_entries
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.conftest import served_village
from tests.api.policy.answers import Answers
from tests.api.policy.asking import ask_questions, signed_in
from tests.api.policy.asking_commands import give_commands
from tests.api.policy.asking_routes import ask_routes
from tests.api.policy.asking_sockets import ask_sockets
from tests.api.policy.own_inputs import TEMPLATE
from tests.api.policy.seeded import Ids, seed
from tests.api.support import Api
from tests.api.test_client_policy import strict_contract
from tests.api.test_eye_over_http import a_key
from tests.integration.push_services.conftest import VAPID_KEY


@dataclass(frozen=True)
class Matrix:
    """What everybody was told of which objects."""

    answers: Answers
    ids: Ids


@contextlib.asynccontextmanager
async def village_with_everything(
    mongod: EmbeddedMongod, redis: EmbeddedRedis, folder: Path, **more: object
) -> AsyncIterator[Api]:
    """Serve a village with all set up: web push, WeChat, and a contract that says when apps are too old."""
    update = {"commandsUntil": "2099-01-01T00:00:00+08:00", "updateUrl": "https://city.example/app"}
    given = {
        "web_push_private_key": VAPID_KEY, "wechat_template_id": TEMPLATE,
        "mobile_contracts": strict_contract(folder / "contract", **update), "cost_scale": 1_000,
    }  # fmt: skip
    async with served_village(mongod, redis, **given, **more) as api:
        yield api


async def ask_everything(api: Api) -> Matrix:
    """Seed a village that nobody else uses and ask everything of it."""
    ids, answers = await seed(api), Answers()
    key, headers = await a_key(api), await signed_in(api)
    await seal_entries(api.city)
    await ask_questions(api, answers, ids, headers)
    await ask_sockets(api, answers, ids, headers)
    await ask_routes(api, answers, ids, headers, key)
    await give_commands(api, answers, ids, headers)
    return Matrix(answers, ids)
