"""Asking everything as everybody: questions, subscriptions, routes, commands, and queued commands."""

from __future__ import annotations

from dataclasses import dataclass

from city_core.audit.seal import seal_entries
from tests.api.policy.answers import Answers
from tests.api.policy.asking import ask_questions, signed_in
from tests.api.policy.asking_commands import give_commands
from tests.api.policy.asking_routes import ask_routes
from tests.api.policy.asking_sockets import ask_sockets
from tests.api.policy.seeded import Ids, seed
from tests.api.support import Api
from tests.api.test_eye_over_http import a_key


@dataclass(frozen=True)
class Matrix:
    """What everybody was told of which objects."""

    answers: Answers
    ids: Ids


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
