"""An upload whose last byte has arrived becomes a photo."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim, Later
from city_core.media.room import ROOM
from city_core.media.store import keep_photo
from city_core.media.uploads import PARTS, UPLOADS, drop_parts

_PAUSE_SECONDS = 20.0


async def finish_upload(city: City, row: Row) -> Row:
    """Take the photo in, on the same way as one that came in one piece; done once, however often it is asked.

    A wrong SHA-256 empties the upload, so that all is sent again; bytes that are no photo are refused. The
    upload itself stays until it expires, so that a phone that missed the last answer is told.
    """
    if row["done"]:
        return row
    with ROOM.guest(city.settings, row["owner_id"]) as guest:
        guest.take(row["length_bytes"])
        data = await _all_bytes(city, row)
        try:
            await keep_photo(city, row["owner_id"], row["_id"], data, row["sha256"])
        except CityProblem as problem:
            await _give_up(city, row, problem)
            raise
    return await _settle(city, row, {"done": True})


async def finish_left_upload(city: City, held: Claim) -> bool:
    """Finish an upload whose process was killed between its last byte and its photo."""
    row = await city.database[UPLOADS].find_one({"_id": held.owner_id})
    if row is None or row["done"] or row["refusal"] is not None:
        return False
    try:
        await finish_upload(city, row)
    except CityProblem as problem:
        if problem.code == "BUSY":
            raise Later(_PAUSE_SECONDS, "no room, or the store does not answer", counts=False) from problem
    return True


async def _give_up(city: City, row: Row, problem: CityProblem) -> None:
    if problem.code == "CHECKSUM_WRONG":
        await _settle(city, row, {"offset_bytes": 0})
    elif problem.code != "BUSY":
        await _settle(city, row, {"refusal": problem.code})


async def _settle(city: City, row: Row, values: Row) -> Row:
    settled = {**values, "parts": [], "work": []}
    same = {"_id": row["_id"], "begun": row["begun"], "done": False, "parts": row["parts"]}
    result = await city.database[UPLOADS].update_one(same, {"$set": settled})
    if result.modified_count:
        await drop_parts(city, row)
    return {**row, **settled}


async def _all_bytes(city: City, row: Row) -> bytes:
    wanted = [part["id"] for part in row["parts"]]
    found = {part["_id"]: part["data"] async for part in city.database[PARTS].find({"_id": {"$in": wanted}})}
    if len(found) != len(wanted):  # somebody else finishes it in this moment
        raise CityProblem("BUSY")
    return b"".join(found[part_id] for part_id in wanted)
