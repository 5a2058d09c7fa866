"""Any number of API processes serve the same city: events made through one reach the phones of all."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from redis.asyncio import Redis

from city_api.app import create_app
from city_api.sockets.open_sockets import SocketRules
from city_core.bootstrap import open_city
from city_core.cases.cancel import cancel_report
from city_core.cases.command import Command
from city_core.notify.deliver import deliver
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.conftest import served_village
from tests.api.support import Api, closing, hear, is_heard, new_uuid, operation, running, subscribe

_INBOX = operation("officer", "InboxMessages")
_CHANGED = operation("citizen", "CaseChanged")
_MANY = 200


async def test_an_event_of_one_process_reaches_the_phone_of_another(api: Api) -> None:
    case = await api.report("citizen-1")
    async with (
        open_city(api.city.settings, app_name="another-api") as other,
        running(create_app(city=other)) as address,
        api.phone("citizen-1", at=address) as far,
        api.phone("citizen-1") as near,
    ):
        for phone in (far, near):
            await subscribe(phone, _CHANGED, id=case["_id"])
            assert (await hear(phone))["payload"]["data"]["caseChanged"]["state"] == "REPORTED"
        await is_heard(api, f"case:{case['_id']}", count=2)
        command = Command(new_uuid(), None, "phone:test")
        await cancel_report(api.city, api.people["citizen-1"], case["_id"], command, opinion="弄错了")
        for phone in (far, near):
            shown = (await hear(phone, 2))["payload"]["data"]["caseChanged"]
            assert shown["state"] == "CANCELLED"


async def test_the_connections_to_redis_do_not_grow_with_the_sockets(api: Api) -> None:
    app = create_app(city=api.city, socket_rules=SocketRules(most_a_person=_MANY))
    async with (
        Redis.from_url(api.city.settings.redis_url) as redis,
        running(app) as address,
        contextlib.AsyncExitStack() as stack,
    ):
        cases = [await api.report("citizen-1") for _ in range(4)]
        counts = []
        for number in range(_MANY):
            phone = await stack.enter_async_context(api.phone("citizen-1", at=address))
            await subscribe(phone, _CHANGED, id=cases[number % 4]["_id"])
            assert (await hear(phone))["type"] == "next"
            if number in {3, _MANY - 1}:
                await is_heard(api, f"case:{cases[3]['_id']}")
                counts.append(len(await redis.client_list()))
        assert len(app.state.sockets) == _MANY
        assert counts[1] <= counts[0] + 1  # one more for two who announce at the same moment


async def test_revoked_phones_are_let_go_while_redis_is_gone(mongod: EmbeddedMongod, tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as redis:
        async with served_village(mongod, redis) as api, api.phone("officer-1") as phone:
            await subscribe(phone, _INBOX)
            await is_heard(api, "inbox:officer-1")
            redis.kill()
            people = api.city.database.people
            await people.update_one({"_id": "officer-1"}, {"$set": {"disabled": True}})
            began = time.monotonic()
            assert await closing(phone) == (4401, "SIGNED_OUT")
            assert time.monotonic() - began < 5


async def test_phones_hear_again_after_redis_was_gone(mongod: EmbeddedMongod, tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as redis:
        async with served_village(mongod, redis) as api, api.phone("officer-1") as phone:
            await subscribe(phone, _INBOX)
            await is_heard(api, "inbox:officer-1")
            redis.kill()
            await deliver(api.city, "officer-1", "TASK_ASSIGNED", "c1", 1)
            assert (await hear(phone, 10))["payload"]["data"]["inboxMessages"]["seq"] == 1
            redis.start()
            await is_heard(api, "inbox:officer-1")
            await deliver(api.city, "officer-1", "TASK_ASSIGNED", "c1", 2)
            assert (await hear(phone, 5))["payload"]["data"]["inboxMessages"]["seq"] == 2
