"""The long duty of counting what Prometheus is shown of the whole city."""

from __future__ import annotations

import asyncio

import structlog

from city_core.bootstrap import WORK_COLLECTIONS
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.logs import failure
from city_core.operation.counting import COUNT_SECONDS, count_in_turn

log = structlog.get_logger()


async def keep_counting(city: City) -> None:
    """Count once a scrape, where this process has a port for Prometheus; else never."""
    holder = new_id()
    while city.settings.metrics_port is not None:
        try:
            await count_in_turn(city, holder, WORK_COLLECTIONS)
        except Exception as error:
            log.warning("figures_not_counted", **failure(error))
        await asyncio.sleep(COUNT_SECONDS)
