"""A citizen's whole life in the city, as it really writes: signs in, reports with a photo, answers, rates."""

from __future__ import annotations

import io
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from PIL import Image

from city_core.cases.answer_question import answer_question
from city_core.cases.ask_reporter import ask_reporter
from city_core.cases.check import check_case
from city_core.cases.close import close_case
from city_core.cases.command import Command
from city_core.cases.rate import rate_case
from city_core.cases.submit import submit_report
from city_core.cases.verify import verify_report
from city_core.commands.run_once import run_once
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.media.store import receive_photo
from city_core.notify.set_preferences import set_preferences
from city_core.people.devices import register_device
from city_core.people.one_time_codes import request_code, sign_in_citizen
from city_core.people.origin import Origin
from city_core.people.roles import Actor
from tests.hand_clock import HandClock
from tests.integration.cases.support import DRAFT, handled, stored
from tests.work_by_hand import do_due_work

PHONE, DEVICE = "13905330077", "phone-of-citizen-77"
ADDRESS = "203.0.113.77"


class HeardCodes:
    """Hears the one-time codes instead of a phone."""

    def __init__(self) -> None:
        self.code = ""

    async def send(self, city: City, phone: str, code: str) -> None:
        self.code = code


def command(*, device_time: Any = None) -> Command:
    """Make a command of a phone."""
    return Command(str(uuid.uuid4()), device_time, "phone:citizen/1.0")


def photo_with_gps() -> bytes:
    """Make a photo that tells where, when and with what it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "Model Of Citizen 77"
    exif[0x0132] = "2026:03:02 09:10:11"
    exif[0x8825] = {1: "N", 2: (36.0, 48.0, 18.123), 3: "E", 4: (118.0, 3.0, 18.456)}
    Image.new("RGB", (320, 240), "grey").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def send_photo(city: City, actor: Actor) -> str:
    """Send that photo."""
    data, media_id = photo_with_gps(), uuid.uuid4().hex

    async def chunks() -> AsyncIterator[bytes]:
        yield data

    await receive_photo(city, actor, media_id, chunks(), len(data))
    return media_id


async def sign_in(city: City) -> Actor:
    """Sign the citizen in with a one-time code, and register their phone."""
    heard, origin = HeardCodes(), Origin(ADDRESS, DEVICE, "citizen")
    await request_code(city, PHONE, heard, origin)
    actor = (await sign_in_citizen(city, PHONE, heard.code, origin)).actor
    await register_device(
        city, actor, device_id=DEVICE, address_kind="token", address="token-of-citizen-77-" + "x" * 20,
        platform="android", app="citizen/1.0",
    )  # fmt: skip
    quiet = {"quiet_from": "22:00", "quiet_to": "07:00", "muted_kinds": [], "language": None}
    await set_preferences(city, actor, command(), **quiet)
    return actor


@dataclass
class Life:
    """What the citizen did: the case that was closed and rated, and their photos."""

    actor: Actor
    case: Row
    in_case: str
    alone: str


async def live(city: City, people: dict[str, Actor], actor: Actor, clock: HandClock) -> Life:
    """Walk one report of somebody through the whole loop to its rating; one more photo is in no case."""
    media_id, alone = await send_photo(city, actor), await send_photo(city, actor)
    await do_due_work(city)
    said = command(device_time=clock.now() - timedelta(minutes=3))
    draft = _draft(f"墙边有垃圾，请致电 {actor.phone}" if actor.phone else "墙边有垃圾", media_id)
    case = await run_once(
        city, actor, said, "submit_report", "mark", lambda: submit_report(city, actor, said, draft)
    )
    await ask_reporter(city, people["acceptor-1"], case["_id"], command(), text="在哪一侧？")
    await answer_question(city, actor, case["_id"], command(device_time=clock.now()), text="东侧")
    await _on(city, clock)
    await verify_report(city, people["inspector-1"], case["_id"], command(), finding="EXISTS")
    await _on(city, clock)
    done = await handled(city, people, await stored(city, case))
    await _on(city, clock)
    checker = people[(await stored(city, done))["task"]["assignee_id"]]
    await check_case(city, checker, done["_id"], command(), passed=True, opinion="已清理")
    await close_case(city, people["leader-of-shift"], done["_id"], command(), opinion="办结")
    await _on(city, clock)
    await rate_case(city, actor, done["_id"], command(), stars=5, comment="快")
    await _on(city, clock)
    return Life(actor, await stored(city, done), media_id, alone)


def _draft(description: str, media_id: str) -> Any:
    return replace(DRAFT, description=description, media_ids=[media_id])


async def _on(city: City, clock: HandClock) -> None:
    clock.turn(minutes=7)
    await do_due_work(city)


async def everything_with(city: City, *words: str) -> list[str]:
    """Search every collection, files included, for some words; names where they stand."""
    found = []
    for name in await city.database.list_collection_names():
        async for row in city.database[name].find({}):
            text = repr(row)
            found += [f"{name}: {word}" for word in words if word in text]
            found += [
                f"{name}: bytes of {word}"
                for value in row.values()
                if isinstance(value, bytes)
                for word in words
                if word.encode() in value
            ]
    return found
