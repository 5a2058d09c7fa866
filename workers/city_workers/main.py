"""The process that does everything but detection: `python -m city_workers.main`."""

from __future__ import annotations

from functools import partial

from city_core.bootstrap import open_city
from city_core.kit.starting import run_process
from city_core.media.darkroom.darkroom import darkroom
from city_core.notify.gateways import check_gateways, push_gateway_of
from city_core.notify.text_messages import sms_gateway_of
from city_core.settings import read_settings
from city_core.sync.feeder import feed_scopes
from city_workers.duties import keep_doing_duties
from city_workers.figures import keep_counting
from city_workers.jobs import handlers_with
from city_workers.runner import Duty, keep_lane, run_worker
from city_workers.sealing import keep_sealing

_JOBS_AT_ONCE = 12
_PHOTOS_AT_ONCE = 6  # two are developed, the others are read, written, or wait for their turn


async def main() -> None:
    """Do the city's jobs until told to stop.

    Photos have a lane of their own: those that take as long as photos may stand before no other job.
    """
    settings = read_settings()
    check_gateways(settings)
    sms = sms_gateway_of(settings)
    async with open_city(settings, app_name="yiwang-jobs") as city:
        gateway = await push_gateway_of(city)
        darkroom().open()
        try:
            handlers = dict(handlers_with(gateway, sms))
            photos = {"process_photo": handlers.pop("process_photo")}
            lane = partial(keep_lane, handlers=photos, queue="darkroom", concurrency=_PHOTOS_AT_ONCE)
            files = {"import_places": handlers.pop("import_places")}
            imports = partial(keep_lane, handlers=files, queue="imports", concurrency=1)
            duties: list[Duty] = [
                feed_scopes, keep_doing_duties, keep_sealing, lane, imports, keep_counting,
            ]  # fmt: skip
            await run_worker(city, handlers, queue="jobs", concurrency=_JOBS_AT_ONCE, duties=duties)
        finally:
            darkroom().close()
            await gateway.close()


if __name__ == "__main__":
    run_process(main)
