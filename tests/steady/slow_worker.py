"""A worker process with one slow kind of work: `slow` takes as long as its input says, in seconds."""

from __future__ import annotations

import asyncio

from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.starting import run_process
from city_core.kit.work import Claim, Handler
from city_core.settings import read_settings
from city_workers.lane import Lane
from city_workers.runner import run_worker


async def work_slowly(city: City, held: Claim) -> bool:
    """Note that it was begun, take the time, note that it was done."""
    await city.database.emergencies.update_one({"_id": held.owner_id}, {"$inc": {"begun": 1}})
    await asyncio.sleep(held.input["seconds"])
    await city.database.emergencies.update_one({"_id": held.owner_id}, {"$inc": {"done": 1}})
    return False


async def main() -> None:
    """Do slow work until told to stop."""
    settings = read_settings()
    async with open_city(settings, app_name="slow-worker") as city:
        await run_worker(city, [Lane("jobs", {"slow": Handler(work_slowly)}, places=4)])


if __name__ == "__main__":
    run_process(main)
