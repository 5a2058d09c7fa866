"""Job: after-photos of a case are compared with its before-photos; what was measured goes on record."""

from __future__ import annotations

import asyncio

from city_core.cases.evidence.compare import record_likeness, scenes_of
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim, Job, Later
from city_core.media.serve import read_rendition
from city_workers.evidence.likeness import Points, likeness, points_of
from city_workers.patient_thread import patient_thread

_PAUSE_SECONDS = 20.0


def comparing() -> Job:
    """Make the job that compares scenes, one photo at a time, off the event loop.

    A store that does not answer says nothing about the photos: that is no try.
    """
    looking = patient_thread("scenes")

    async def do(city: City, held: Claim) -> bool:
        scenes = await scenes_of(city, held.owner_id)
        if not scenes:
            return False
        loop = asyncio.get_running_loop()
        seen: dict[str, Points] = {}
        for media_id in dict.fromkeys([*scenes, *(one for before in scenes.values() for one in before)]):
            seen[media_id] = await loop.run_in_executor(looking, points_of, await _small_copy(city, media_id))
        found = {
            after: {
                one: await loop.run_in_executor(looking, likeness, seen[one], seen[after]) for one in before
            }
            for after, before in scenes.items()
        }
        await record_likeness(city, held, found)
        return True

    return do


async def _small_copy(city: City, media_id: str) -> bytes:
    try:
        return (await read_rendition(city, {"_id": media_id}, "small")).data
    except CityProblem as problem:
        if problem.code != "BUSY":
            raise
        raise Later(_PAUSE_SECONDS, "the store of photos does not answer", counts=False) from problem
