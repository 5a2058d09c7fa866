"""What the tests of duplicates share."""

from __future__ import annotations

import io
import random
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from city_core.cases.duplicates.find import SimilarCase, possible_duplicates
from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.media.store import receive_photo
from city_core.people.roles import Actor
from city_core.places.locate import GivenPoint
from tests.integration.cases.support import command, do_all_work, stored
from tests.village import INSIDE

__all__ = ["command", "do_all_work", "stored"]
METRE = 1 / 111_195  # of latitude, degrees
DRAFT = ReportDraft("E0110", "E0110-1", "墙边有垃圾", *INSIDE, "WGS84", 8.0, "柳泉路12号", [])


@dataclass
class SetClock:
    """A clock that stands where a test puts it, but for a millisecond a look: work becomes due."""

    at: datetime

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


def north(metres: float) -> tuple[float, float]:
    return INSIDE[0], INSIDE[1] + metres * METRE


async def report(city: City, actor: Actor, metres: float = 0, **more: Any) -> Row:
    lng, lat = north(metres)
    return await submit_report(city, actor, command(), replace(DRAFT, lng=lng, lat=lat, **more))


async def look(city: City, actor: Actor, metres: float = 0, **more: Any) -> list[SimilarCase]:
    given = GivenPoint(*north(metres))
    return await possible_duplicates(city, actor, given, **{"type_code": "E0110", **more})


async def told(city: City, person_id: str) -> list[Mapping[str, Any]]:
    rows = city.database.inbox_messages.find({"person_id": person_id, "kind": "CASE_PROGRESS"})
    return await rows.sort("_id", 1).to_list(None)


async def dispatched(city: City, people: Mapping[str, Actor], metres: float = 0) -> Row:
    case = await report(city, people["inspector-1"], metres)
    await do_all_work(city)
    return await stored(city, case["_id"])


def scene(seed: int) -> bytes:
    chance = random.Random(seed)
    small = Image.new("RGB", (16, 12))
    small.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(16 * 12)])
    out = io.BytesIO()
    small.resize((640, 480), Image.Resampling.BICUBIC).save(out, "JPEG")
    return out.getvalue()


async def photo(city: City, actor: Actor, seed: int) -> str:
    """Send a photo and have its copies made."""
    data = scene(seed)

    async def chunks() -> AsyncIterator[bytes]:
        yield data

    media_id = uuid.uuid4().hex
    await receive_photo(city, actor, media_id, chunks(), len(data))
    await do_all_work(city)
    return media_id
