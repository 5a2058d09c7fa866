"""What a process is about when it is killed; each deed is done in a child that a fault point ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from city_core.audit.seal import seal_entries
from city_core.bootstrap import open_city
from city_core.cases.command import Command
from city_core.cases.submit import ReportDraft, submit_report
from city_core.cases.tallies.fold import fold_tallies
from city_core.kit.city import City
from city_core.kit.duties import Duty, take_turn
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.waking import QuietWaker, Wake
from city_core.media.begin_upload import UploadPlan, begin_upload
from city_core.media.continue_upload import continue_upload
from city_core.media.store import keep_photo
from city_core.media.uploads import find_upload
from city_core.notify.adapters.log import LogPushGateway
from city_core.notify.ports import Delivered, Outcome, PushAddress, PushMessage
from city_core.people.refresh_sign_in import refresh_sign_in
from city_core.people.roles import Actor
from city_core.people.tokens import actor_from
from city_core.settings import Settings
from city_core.sync.feed import feed
from city_core.sync.lease import take_lease
from city_workers.jobs import handlers_with
from tests.integration.commands.support import report, send
from tests.village import INSIDE

Given = Mapping[str, Any]
Deed = Callable[[City, Given], Awaitable[Any]]
DRAFT = ReportDraft("E0110", "E0110-1", "门口垃圾", *INSIDE, "WGS84", None, "柳泉路1号", [])
PUSHED = "pushed_in_trial"
FOLDING = Duty("fold_tallies", timedelta(minutes=1), fold_tallies)


class NotingGateway(LogPushGateway):
    """A push service that takes every hint, and whose memory outlives the process that sent it."""

    def __init__(self, city: City) -> None:
        self._pushed = city.database[PUSHED]

    async def send(self, batch: Sequence[tuple[PushAddress, PushMessage]]) -> list[Outcome]:
        await self._pushed.insert_many([{"message_id": message.message_id} for _, message in batch])
        return [Delivered("taken") for _ in batch]


async def _actor(city: City, who: str) -> Actor:
    person = await city.database.people.find_one({"_id": who})
    assert person is not None
    return actor_from(person)


async def submit(city: City, given: Given) -> Row:
    inspector = await _actor(city, "inspector-1")
    return await submit_report(city, inspector, Command(given["client_id"], None, "phone:test"), DRAFT)


async def work(city: City, given: Given) -> bool:
    wake = Wake(given["kind"], given["collection"], given["owner_id"], given["key"], city.clock.now())
    return await perform(city, handlers_with(NotingGateway(city)), wake)


async def append(city: City, given: Given) -> Row:
    citizen = await _actor(city, "citizen-1")

    async def body() -> AsyncIterator[bytes]:
        yield given["data"]

    await begin_upload(city, citizen, UploadPlan(given["photo_id"], len(given["data"])))
    row = await find_upload(city, citizen, given["photo_id"])
    return await continue_upload(city, citizen, given["photo_id"], row["offset_bytes"], body())


async def photograph(city: City, given: Given) -> Row:
    return await keep_photo(city, "citizen-1", given["photo_id"], given["data"])


async def hand_over_queue(city: City, given: Given) -> list[Any]:
    inspector = await _actor(city, "inspector-1")
    return await send(city, inspector, report(given.get("sequence", 1), client_id=given["client_id"]))


async def renew(city: City, given: Given) -> Any:
    return await refresh_sign_in(city, given["token"], given["device_id"])


async def fold(city: City, given: Given) -> int:
    return await fold_tallies(city)


async def feed_one(city: City, given: Given) -> set[str]:
    lease = await take_lease(city, given["holder"])
    assert lease is not None, "nobody else feeds"
    return await feed(city, lease, {"cases": [given["case_id"]]}, {"is_complete": True})


async def duty(city: City, given: Given) -> bool:
    return await take_turn(city, FOLDING)


async def seal(city: City, given: Given) -> int:
    return await seal_entries(city)


DEEDS: Mapping[str, Deed] = {
    deed.__name__: deed
    for deed in (submit, work, append, photograph, hand_over_queue, renew, fold, feed_one, duty, seal)
}


def do_in_child(name: str, given: Given, settings: Given) -> None:
    """Do a deed in a process of its own, with the city opened as any process opens it."""

    async def main() -> None:
        async with open_city(Settings(**settings), app_name="deed", waker=QuietWaker()) as city:
            await DEEDS[name](city, given)

    asyncio.run(main())
