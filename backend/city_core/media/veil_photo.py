"""A photo gets the copy that citizens may see: its faces and number plates are veiled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row, set_stage
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim, Later, work_stage
from city_core.media.files import COPIES, begin_dropping, drop_files, read_file, settle_files, write_file
from city_core.media.look_bands import look_keys
from city_core.media.model import PhotoState
from city_core.media.store import COLLECTION
from city_core.media.stores.port import FileGone
from city_core.media.veiling import WHOLE, RegionKind, Veiler, count_of, veil_picture, veil_whole

_PAUSE_SECONDS = 20.0


async def veil_photo(city: City, held: Claim, veiler: Veiler, looking: Executor) -> bool:
    """Veil a photo that is ready; False when there was nothing left to do.

    `looking` is where the veiler works, off the event loop. A photo that this very version has veiled is left
    as it is. A store that does not answer says nothing about the photo: that is no try.
    """
    photo = await _photo_to_veil(city, held)
    if photo is None or (photo["veil"] or {}).get("veiler_version") == veiler.version:
        return False

    def make(large: bytes) -> tuple[bytes, Row]:
        regions = veiler.find(large)
        faces, plates = count_of(regions, RegionKind.FACE), count_of(regions, RegionKind.PLATE)
        return veil_picture(large, regions), _veil_row(city, faces, plates, veiler.version)

    return await _publish(city, held, photo, make, looking)


async def veil_photo_whole(city: City, held: Claim, looking: Executor) -> bool:
    """Give a photo that no veiler gets through one that is blurred all over: never none, never clear."""
    photo = await _photo_to_veil(city, held)
    if photo is None:
        return False

    def make(large: bytes) -> tuple[bytes, Row]:
        return veil_whole(large), _veil_row(city, 0, 0, WHOLE)

    return await _publish(city, held, photo, make, looking)


async def _photo_to_veil(city: City, held: Claim) -> Row | None:
    fields = dict.fromkeys(("large_file", "public_file", "veil", "origin", "look_hash", "look_bands"), 1)
    query = {"_id": held.owner_id, "state": PhotoState.READY}
    photo: Row | None = await city.database[COLLECTION].find_one(query, fields)
    return None if photo is None else {"public_file": None, "veil": None} | photo


async def _publish(
    city: City, held: Claim, photo: Row, make: Callable[[bytes], tuple[bytes, Row]], looking: Executor
) -> bool:
    try:
        large = await _large_copy(city, photo)
        public, veil = await asyncio.get_running_loop().run_in_executor(looking, make, large)
        written = await write_file(city, COPIES, held.owner_id, public)
        values = {"public_file": written, "veil": veil, **_missing_look_keys(photo)}
        return await _finish(city, held, photo, values)
    except CityProblem as problem:
        if problem.code != "BUSY":
            raise
        raise Later(_PAUSE_SECONDS, "the store of photos does not answer", counts=False) from problem


def _missing_look_keys(photo: Row) -> Row:
    """Give a photo of an earlier release the keys that its likes are found by: all of those come by here."""
    return look_keys(photo, photo.get("look_hash")) if "look_bands" not in photo else {}


async def _large_copy(city: City, photo: Row) -> bytes:
    """Read the large copy; one that is gone leaves nothing to show, and so nothing to veil."""
    try:
        return await read_file(city, photo, "large_file")
    except FileGone:
        return b""


async def _finish(city: City, held: Claim, photo: Row, values: Row) -> bool:
    earlier = {"_id": photo["_id"], "public_file": photo["public_file"]}
    replaced = await begin_dropping(city, earlier)
    same: dict[str, Any] = {"_id": held.owner_id, "public_file": photo["public_file"], **held.filter}
    stages: list[Any] = [set_stage(values), work_stage([], held)]
    result = await city.database[COLLECTION].update_one(same, stages)
    if not result.modified_count:
        await drop_files(city, [values["public_file"]])
        return True
    await settle_files(city, [values["public_file"]])
    await drop_files(city, replaced)
    return True


def _veil_row(city: City, faces: int, plates: int, version: str) -> Row:
    return {"faces": faces, "plates": plates, "veiler_version": version, "made_at": city.clock.now()}
