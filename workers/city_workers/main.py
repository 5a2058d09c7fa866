"""The process that does everything but detection: `python -m city_workers.main`."""

from __future__ import annotations

from collections.abc import Mapping

from city_core.bootstrap import open_city
from city_core.kit.starting import run_process
from city_core.kit.work import Handler
from city_core.media.darkroom.darkroom import darkroom
from city_core.notify.gateways import check_gateways, push_gateway_of
from city_core.notify.text_messages import sms_gateway_of
from city_core.operation.lanes import KINDS_OF_LANE
from city_core.settings import read_settings
from city_core.sync.feeder import feed_scopes
from city_workers.duties import keep_doing_duties
from city_workers.figures import keep_counting
from city_workers.jobs import handlers_with
from city_workers.lane import Lane
from city_workers.runner import Duty, run_worker
from city_workers.sealing import keep_sealing

# Of six photos two are developed, the others are read, written, or wait for their turn. A push mostly waits
# for an answer: of a service that gives none, up to five seconds.
_PLACES = {"jobs": 12, "push": 48, "darkroom": 6, "imports": 1}


def lanes_with(handlers: Mapping[str, Handler]) -> list[Lane]:
    """Part the jobs into lanes: what takes long, or asks a service outside, stands before no other job."""
    return [
        Lane(queue, {kind: handlers[kind] for kind in KINDS_OF_LANE[queue]}, places)
        for queue, places in _PLACES.items()
    ]


async def main() -> None:
    """Do the city's jobs until told to stop."""
    settings = read_settings()
    check_gateways(settings)
    sms = sms_gateway_of(settings)
    async with open_city(settings, app_name="yiwang-jobs") as city:
        gateway = await push_gateway_of(city)
        darkroom().open()
        try:
            duties: list[Duty] = [feed_scopes, keep_doing_duties, keep_sealing, keep_counting]
            await run_worker(city, lanes_with(handlers_with(gateway, sms)), duties)
        finally:
            darkroom().close()
            await gateway.close()


if __name__ == "__main__":
    run_process(main)
