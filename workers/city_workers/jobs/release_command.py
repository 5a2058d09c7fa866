"""Job: a command that waits for an earlier one of its phone goes on, at the latest when its time is up."""

from __future__ import annotations

from city_core.commands.queue import release_command
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await release_command(city, held)
