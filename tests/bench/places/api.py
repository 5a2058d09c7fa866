"""The API as a process of its own, at the hour of the generated cities."""

from __future__ import annotations

import argparse
import asyncio

import uvicorn

from city_api.app import create_app
from city_api.serve import MANNERS
from city_core.bootstrap import open_city
from city_core.kit.waking import QuietWaker
from city_core.settings import read_settings
from city_demo.embedded.ports import LOOPBACK
from tests.bench.places.records import NOW
from tests.hand_clock import HandClock


async def serve(port: int) -> None:
    """Serve the city that the settings name until told to stop."""
    async with open_city(
        read_settings(), app_name="bench-api", clock=HandClock(NOW), waker=QuietWaker()
    ) as city:
        manners = {**MANNERS, "log_level": "warning", "timeout_graceful_shutdown": 1}
        await uvicorn.Server(
            uvicorn.Config(create_app(city=city), host=LOOPBACK, port=port, **manners)
        ).serve()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="tests.bench.places.api")
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(serve(parser.parse_args().port))
