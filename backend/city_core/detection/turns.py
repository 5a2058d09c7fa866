"""Photos that were on the table when a process died: looked at one at a time, each paying for its own try."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.media.store import COLLECTION as PHOTOS

TRIES_IN_COMPANY = 1


def is_suspect(held: Claim) -> bool:
    """Tell whether a photo was being looked at before and nothing came of it: now it is looked at alone."""
    return held.attempts > TRIES_IN_COMPANY


async def wait_uncounted(city: City, held: Claim) -> Claim:
    """Take the try back that the claim has counted, as long as the photo only waits for its turn."""
    await _write_tries(city, held, held.attempts - 1)
    return replace(held, attempts=held.attempts - 1)


async def take_turn_alone(city: City, held: Claim) -> bool:
    """Count the try of a photo whose turn has come, with a fresh lease; False when it lost its claim."""
    return await _write_tries(city, held, held.attempts + 1)


async def _write_tries(city: City, held: Claim, tries: int) -> bool:
    due_at = city.clock.now() + timedelta(seconds=city.settings.work_lease_seconds)
    written = await city.database[PHOTOS].update_one(
        {"_id": held.owner_id, **held.filter}, {"$set": {"work.$.attempts": tries, "work.$.due_at": due_at}}
    )
    return bool(written.matched_count)
