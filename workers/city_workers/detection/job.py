"""Job: a model looks at a photo, once for the same bytes; what it saw is kept as advice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Protocol

import structlog

from city_core.detection.look import (
    give_up_looking,
    is_known,
    keep_finds,
    photo_to_look_at,
    photo_was_looked_at,
)
from city_core.detection.turns import is_suspect, take_turn_alone, wait_uncounted
from city_core.kit.city import City
from city_core.kit.metrics import DETECTION
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim, Handler, Later
from city_core.media.model import PhotoOrigin
from city_core.media.serve import read_rendition
from city_workers.detection.batches import Batches, TurnLost
from city_workers.detection.engines.finds import Box
from city_workers.detection.engines.pictures import UnreadablePicture

log = structlog.get_logger()
_PAUSE_SECONDS = 20.0


class Sight(Protocol):
    """A model with what waits for it."""

    @property
    def batches(self) -> Batches: ...
    @property
    def model_version(self) -> str: ...


def looking_with(sight_now: Callable[[], Sight]) -> Handler:
    """Make the job that looks through the model of the moment; people do what no model can."""

    async def do(city: City, held: Claim) -> bool:
        waits = await wait_uncounted(city, held) if is_suspect(held) else None
        photo = await photo_to_look_at(city, held.owner_id)
        if photo is None:
            return False
        sight = sight_now()
        if not await is_known(city, photo["sha256"], sight.model_version):
            try:
                with DETECTION.time():
                    boxes = await _look(city, photo, waits, sight.batches)
            except TurnLost:
                return True
            found = [asdict(box) for box in boxes]
            await keep_finds(city, photo["sha256"], sight.model_version, found)
        return await photo_was_looked_at(city, held, sight.model_version)

    async def give_up(city: City, held: Claim) -> bool:
        return await give_up_looking(city, held, sight_now().model_version)

    return Handler(do, give_up)


async def _look(city: City, photo: Row, waits: Claim | None, batches: Batches) -> list[Box]:
    data = await _small_copy(city, photo)
    try:
        if waits is not None:
            return await batches.look_alone(data, partial(take_turn_alone, city, waits))
        return await batches.look(data, is_of_machine=photo.get("origin") == PhotoOrigin.MACHINE)
    except UnreadablePicture:
        log.warning("picture_unreadable", photo=photo["_id"])
        return []


async def _small_copy(city: City, photo: Row) -> bytes:
    try:
        return (await read_rendition(city, photo, "small")).data
    except CityProblem as problem:
        if problem.code != "BUSY":
            raise
        raise Later(_PAUSE_SECONDS, "the store of photos does not answer", counts=False) from problem
