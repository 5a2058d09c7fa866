"""Bytes that arrived are added to an upload by one conditional write on its offset."""

from __future__ import annotations

from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import WorkItem
from city_core.media.uploads import PARTS, UPLOADS

MOST_PART_BYTES = 4_000_000
_SMALL_PART_BYTES = 64_000
_TIME_TO_FINISH = timedelta(seconds=15)


async def add_piece(city: City, row: Row, data: bytes) -> Row:
    """Keep bytes that follow on those of an upload; answers the upload as it is then.

    Of two that add at the same offset one wins, the other is told UPLOAD_OFFSET_WRONG. A small last part is
    joined with what follows, so that however often a link breaks, the parts stay few.
    """
    kept, joined = list(row["parts"]), []
    if kept and kept[-1]["size_bytes"] < _SMALL_PART_BYTES:
        joined = [kept.pop()]
        last = await city.database[PARTS].find_one({"_id": joined[0]["id"]})
        if last is None:
            raise offset_wrong()
        data = last["data"] + data
    new = await _write_parts(city, row, data)
    await point("upload.part_kept")
    values = {"parts": kept + new, "offset_bytes": sum(part["size_bytes"] for part in kept + new)}
    if values["offset_bytes"] == row["length_bytes"]:
        item = WorkItem("finish_upload", "finish_upload", city.clock.now() + _TIME_TO_FINISH)
        values["work"] = [item.row()]
    at_this_offset = {"_id": row["_id"], "begun": row["begun"], "offset_bytes": row["offset_bytes"]}
    changed = await city.database[UPLOADS].update_one(at_this_offset, {"$set": values})
    lost = new if not changed.modified_count else joined
    if lost:
        await city.database[PARTS].delete_many({"_id": {"$in": [part["id"] for part in lost]}})
    if not changed.modified_count:
        raise offset_wrong()
    return {**row, **values}


def offset_wrong(offset_bytes: int | None = None) -> CityProblem:
    """Make the refusal of bytes that do not follow on those that are here."""
    allowed = "the offset that HEAD tells" if offset_bytes is None else str(offset_bytes)
    return CityProblem("UPLOAD_OFFSET_WRONG", field="Upload-Offset", allowed=allowed)


async def _write_parts(city: City, row: Row, data: bytes) -> list[Row]:
    pieces = [data[start : start + MOST_PART_BYTES] for start in range(0, len(data), MOST_PART_BYTES)]
    rows = [
        {"_id": new_id(), "upload_id": row["_id"], "data": piece, "expires_at": row["expires_at"]}
        for piece in pieces
    ]
    await city.database[PARTS].insert_many(rows)
    return [{"id": part["_id"], "size_bytes": len(part["data"])} for part in rows]
