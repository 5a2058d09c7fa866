"""A batch in a process of its own, to be killed: `python -m …commands.batch_process URL MARK`."""

from __future__ import annotations

import asyncio
import sys
import uuid

from city_core.bootstrap import open_city
from city_core.commands.batch import Queued
from city_core.kit.waking import QuietWaker
from city_core.people.tokens import actor_from
from city_core.settings import Settings
from tests.conftest import TOKEN_KEY
from tests.integration.commands.support import report, send

MOST = 20


def batch_of(mark: str) -> list[Queued]:
    """Make the same commands in whichever process."""
    return [
        report(number, f"{mark}-{number}", client_id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{mark}-{number}")))
        for number in range(1, MOST + 1)
    ]


async def main(url: str, mark: str) -> None:
    settings = Settings(mongodb_url=url, mongodb_database="test_city", token_private_key=TOKEN_KEY)  # type: ignore[arg-type]
    async with open_city(settings, app_name="batch", waker=QuietWaker()) as city:
        person = await city.database.people.find_one({"_id": "citizen-1"})
        assert person is not None
        await send(city, actor_from(person), *batch_of(mark), device=mark)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
