"""A frame whose picture has arrived is kept, once, and its photo goes the way of all photos."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from city_core.eye.given_frames import GivenFrame, Outcome, refused
from city_core.eye.model import CAMERAS, FLIGHTS, FRAMES, FrameState
from city_core.eye.plan_frames import Planned
from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.media.store import by_machine, keep_photo


async def keep_frame(city: City, planned: Planned, data: bytes) -> Outcome:
    """Keep a frame and its photo; of two that come for one slot at the same moment, one is thinned.

    The frame is written first: a photo that was looked at always finds its frame. What is killed in between
    is mended when the source, which heard nothing, hands the same frame in again.
    """
    row, frame_id = planned.row, planned.given.frame_id
    if not await _written(city, row):
        return Outcome(frame_id, "THINNED")
    await asyncio.gather(_note_flight(city, row), _note_camera(city, row, planned.given))
    taken = by_machine(row["place"]["street_code"])
    try:
        photo = await keep_photo(city, row["source_id"], row["photo_id"], data, taken=taken)
    except CityProblem as problem:
        if problem.code != "BUSY":
            await refuse_frame(city, row["photo_id"], problem.code)
        return refused(frame_id, problem)
    return Outcome(frame_id, "DUPLICATE" if photo["already_here"] else "ACCEPTED")


async def refuse_frame(city: City, photo_id: str, code: str) -> None:
    """Note that nothing can be seen in a frame, and let another one have its slot."""
    waiting = {"photo_id": photo_id, "state": FrameState.WAITING.value}
    changes = {"state": FrameState.REFUSED.value, "refusal": code}
    await city.database[FRAMES].update_one(waiting, {"$set": changes, "$unset": {"slot": ""}})


async def _written(city: City, row: Row) -> bool:
    now = city.clock.now()
    times = {"received_at": now, "expires_at": now + timedelta(days=city.settings.eye_frame_days)}
    try:
        await city.database[FRAMES].insert_one({**row, **times})
    except DuplicateKeyError:
        return await city.database[FRAMES].find_one({"_id": row["_id"]}, {"_id": 1}) is not None
    return True


async def _note_flight(city: City, row: Row) -> None:
    if row["flight_id"] is None:
        return
    await city.database[FLIGHTS].update_one(
        {"_id": f"{row['source_id']}:{row['flight_id']}"},
        {
            "$setOnInsert": {
                "source_id": row["source_id"], "flight_id": row["flight_id"], "begun_at": city.clock.now(),
            },
            "$addToSet": {"street_codes": row["place"]["street_code"]},
            "$min": {"first_taken_at": row["taken_at"]},
            "$max": {"last_taken_at": row["taken_at"]},
        },
        upsert=True,
    )  # fmt: skip


async def _note_camera(city: City, row: Row, given: GivenFrame) -> None:
    if given.point is None or row["slot"] is None or not row["slot"].startswith("t"):
        return
    stands = {"lng": given.point.lng, "lat": given.point.lat, "datum": given.point.datum}
    await city.database[CAMERAS].update_one(
        {"_id": f"{row['source_id']}:{row['camera_id']}"},
        {"$set": {**stands, "told_at": city.clock.now()}},
        upsert=True,
    )
