"""The city that is attacked: two streets with objects of each kind, served three times, and who attacks."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx

from city_api.app import create_app
from city_api.documents.trusted import TrustedDocuments
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.people.open_session import sign_in_person
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.conftest import served_village
from tests.api.policy.seeded import FOREIGN, OWN, Ids, seed
from tests.api.support import Api, running
from tests.api.test_eye_over_http import a_key
from tests.attack.cop import Target
from tests.attack.judging import LONGEST_SECONDS, Heard, fault_of
from tests.hand_clock import HandClock

ANONYMOUS, DISABLED, EXPIRED, MACHINE = "anonymous", "disabled", "expired", "machine"
PEOPLE: Mapping[str, str] = {
    "citizen": "citizen-1", "citizen 2": "citizen-2", "inspector": "inspector-1",
    "inspector 2": "inspector-far", "officer": "officer-1", "acceptor": "acceptor-1",
    "shift leader": "leader-of-shift", "dispatcher": "dispatcher-1", "leader": "leader-of-street",
    "administrator": "administrator-1", "security adm.": "security-administrator-1", "auditor": "auditor-1",
}  # fmt: skip
ACTORS = (ANONYMOUS, *PEOPLE, DISABLED, EXPIRED, MACHINE)
# Nobody of the far street, and nobody who looks after all streets: they see no secret of it by any way.
_KEPT_FROM_SECRETS = (ANONYMOUS, "citizen", "citizen 2", DISABLED, EXPIRED, MACHINE)
_SIGN_IN = "SIGN_IN_REQUIRED"


@dataclass
class Town:
    """A served village with a far street, and the headers of everybody who attacks it.

    `development` takes any document, `production` those of the contract only; `behind` is as production is
    when somebody got round the list of documents: any document, told as little as in production.
    """

    development: Api
    production: Api
    behind: Api
    ids: Ids
    headers: dict[str, dict[str, str]]
    longest_seconds: float

    def target(self, api: Api, actor: str) -> Target:
        return Target(api.http, self.headers[actor])

    async def send(self, api: Api, actor: str, body: bytes, sent: str) -> tuple[Heard, str | None]:
        """Send a GraphQL request as somebody; answers what was heard and what is wrong with it."""
        heard = await self._posted(api, actor, body)
        if _SIGN_IN in heard.words and actor in PEOPLE:  # they signed out, or their account is to be deleted
            self.headers[actor] = await self.development.headers(PEOPLE[actor])
            heard = await self._posted(api, actor, body)
        return heard, self.judge(actor, heard, sent)

    def judge(self, actor: str, heard: Heard, sent: str) -> str | None:
        """Tell what is wrong with an answer to somebody."""
        sees_secrets = actor not in _KEPT_FROM_SECRETS
        return fault_of(heard, sent, sees_secrets=sees_secrets, longest_seconds=self.longest_seconds)

    async def _posted(self, api: Api, actor: str, body: bytes) -> Heard:
        headers = {**self.headers[actor], "content-type": "application/json"}
        began = time.perf_counter()
        answer = await api.http.post("/graphql", content=body, headers=headers)
        return Heard.of(answer, time.perf_counter() - began)


@contextlib.asynccontextmanager
async def open_town(
    mongod: EmbeddedMongod, redis_server: EmbeddedRedis, *, longest_seconds: float = LONGEST_SECONDS
) -> AsyncIterator[Town]:
    """Found the city, serve it, and sign everybody in."""
    async with served_village(mongod, redis_server, log_level="ERROR") as development:
        ids = await seed(development)
        await _rename_messages(development, ids)
        headers = await _signed_in(development)
        async with (
            _served_again(development, texts_too=False) as production,
            _served_again(development, texts_too=True) as behind,
        ):
            yield Town(development, production, behind, ids, headers, longest_seconds)


async def _rename_messages(api: Api, ids: Ids) -> None:
    """Give messages ids as the city does: a subscription reads the time out of them."""
    inboxes = api.city.database.inbox_messages
    for whose in (OWN, FOREIGN):
        message: Any = await inboxes.find_one_and_delete({"_id": ids["messageId"][whose]})
        ids["messageId"][whose] = new_id()
        await inboxes.insert_one({**message, "_id": ids["messageId"][whose]})


async def _signed_in(api: Api) -> dict[str, dict[str, str]]:
    people = api.city.database.people
    headers: dict[str, dict[str, str]] = {ANONYMOUS: {}}
    for actor, person_id in {**PEOPLE, DISABLED: "disabled-1"}.items():
        headers[actor] = await api.headers(person_id)
    await people.update_one({"_id": "disabled-1"}, {"$set": {"disabled": True}})
    long_ago = HandClock(api.city.clock.now() - timedelta(days=400))
    person: Any = await people.find_one({"_id": "officer-1"})
    expired = await sign_in_person(replace(api.city, clock=long_ago), person)
    headers[EXPIRED] = {"authorization": f"Bearer {expired.token}"}
    headers[MACHINE] = {"authorization": f"Machine {await a_key(api)}"}
    return headers


@contextlib.asynccontextmanager
async def _served_again(api: Api, *, texts_too: bool) -> AsyncIterator[Api]:
    settings = api.city.settings.model_copy(update={"environment": "production"})
    city = City(api.city.database, api.city.clock, api.city.waker, settings)
    app = create_app(city=city)
    async with (
        running(app) as address,
        httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as http,
    ):
        if texts_too:
            trusted = app.state.edge.documents.by_hash
            app.state.edge = replace(app.state.edge, documents=TrustedDocuments(trusted, texts_too=True))
        yield Api(city, api.people, address, http)
