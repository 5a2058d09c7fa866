"""The files with copies of people's own data, from when they are made until they are taken away."""

from __future__ import annotations

import contextlib

from city_core.kit.city import City
from city_core.kit.mongo import NoFile, Row, photo_store
from city_core.privacy.holder import Holder
from city_core.privacy.model import FILES, REQUESTS, DataRequestKind, DataRequestState

_GOING_ON = (DataRequestState.WAITING.value, DataRequestState.RUNNING.value)
_NO_FILE: Row = {"file_id": None, "file_bytes": None, "file_until": None}


def expired_copies(city: City) -> Row:
    """Ask for the copies whose time is over."""
    return {"state": DataRequestState.READY.value, "file_until": {"$lte": city.clock.now()}}


async def drop_copy(city: City, request: Row) -> None:
    """Take the file of a request away, and say so on it."""
    await drop_file(city, request.get("file_id"))
    gone = {"state": DataRequestState.EXPIRED.value, **_NO_FILE}
    ready = {"_id": request["_id"], "state": DataRequestState.READY.value}
    await city.database[REQUESTS].update_one(ready, {"$set": gone})


async def drop_file(city: City, file_id: str | None) -> None:
    """Take one file away; one that is gone already is no matter."""
    if file_id is not None:
        with contextlib.suppress(NoFile):
            await photo_store(city.database, FILES).delete(file_id)


async def drop_copies_of(city: City, holder: Holder) -> int:
    """Take away the copies that a person asked for, and leave their old requests under the reference."""
    gone = 0
    async for request in city.database[REQUESTS].find({"person_id": holder.person_id}):
        if request["kind"] != DataRequestKind.COPY.value and request["state"] in _GOING_ON:
            continue  # the deletion that is being carried out
        await drop_file(city, request.get("file_id"))
        ended: Row = {"person_id": holder.reference, "work": [], **_NO_FILE}
        if request["state"] != DataRequestState.WITHDRAWN.value:
            ended["state"] = DataRequestState.EXPIRED.value
        await city.database[REQUESTS].update_one({"_id": request["_id"]}, {"$set": ended})
        gone += 1
    return gone
