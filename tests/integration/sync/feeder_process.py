"""A feeder in a process of its own, to be killed: `python -m tests.integration.sync.feeder_process URL`."""

from __future__ import annotations

import asyncio
import sys

from city_core.bootstrap import open_city
from city_core.kit.waking import QuietWaker
from city_core.settings import Settings
from city_core.sync.feeder import feed_scopes
from tests.conftest import TOKEN_KEY


async def main(url: str) -> None:
    settings = Settings(mongodb_url=url, mongodb_database="test_city", token_private_key=TOKEN_KEY)  # type: ignore[arg-type]
    async with open_city(settings, app_name="feeder", waker=QuietWaker()) as city:
        await feed_scopes(city)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
