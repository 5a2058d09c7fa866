"""A model has looked at a photo: its finds are kept once for the very bytes, and the photo says by whom."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row, set_stage
from city_core.kit.work import Claim, WorkItem, wakes_for, work_stage
from city_core.media.model import PhotoState
from city_core.media.store import COLLECTION as PHOTOS

FINDS = "photo_finds"
KEPT_FOR = timedelta(days=30)  # then it is asked whether a photo of these bytes is still there
LOOKS = ("look", "look_at_frame")  # of phones first; of machines behind them


def finds_id(sha256: str, model_version: str) -> str:
    """Name what one model saw in the photos of the same bytes."""
    return f"{sha256}:{model_version}"


async def photo_to_look_at(city: City, photo_id: str) -> Row | None:
    """Find a photo that is ready and that no model has looked at yet."""
    photo: Row | None = await city.database[PHOTOS].find_one(
        {"_id": photo_id}, {"state": 1, "sha256": 1, "small_file": 1, "looked_by": 1, "origin": 1}
    )
    is_open = photo is not None and photo["state"] == PhotoState.READY and photo.get("looked_by") is None
    return photo if is_open else None


async def is_known(city: City, sha256: str, model_version: str) -> bool:
    """Tell whether a model has looked at the very same bytes already, be it in another photo."""
    return (
        await city.database[FINDS].find_one({"_id": finds_id(sha256, model_version)}, {"_id": 1}) is not None
    )


async def keep_finds(
    city: City, sha256: str, model_version: str, boxes: Sequence[Row], *, given_up: bool = False
) -> None:
    """Keep what a model saw; who comes second with the same photo changes nothing."""
    now = city.clock.now()
    row: dict[str, Any] = {
        "_id": finds_id(sha256, model_version),
        "sha256": sha256,
        "model_version": model_version,
        "boxes": list(boxes),
        "given_up": given_up,
        "looked_at": now,
        "look_for_photo_at": now + KEPT_FOR,
    }
    with contextlib.suppress(DuplicateKeyError):
        await city.database[FINDS].insert_one(row)


async def photo_was_looked_at(city: City, held: Claim, model_version: str) -> bool:
    """Note on the photo whose finds hold for it; whoever waits for them is told by `photo_seen`."""
    seen = WorkItem("photo_seen", "photo_seen", city.clock.now())
    stages: list[Any] = [set_stage({"looked_by": model_version}), work_stage([seen], held)]
    done = await city.database[PHOTOS].update_one({"_id": held.owner_id, **held.filter}, stages)
    if done.modified_count:
        for wake in wakes_for(PHOTOS, held.owner_id, [seen]):
            city.waker.wake(wake)
    return True


async def give_up_looking(city: City, held: Claim, model_version: str) -> bool:
    """Leave a photo that no model can look at to people: whatever waits for its finds goes on without."""
    photo = await photo_to_look_at(city, held.owner_id)
    if photo is None:
        return False
    await keep_finds(city, photo["sha256"], model_version, [], given_up=True)
    return await photo_was_looked_at(city, held, model_version)
