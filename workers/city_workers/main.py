"""The process that does everything but detection: `python -m city_workers.main`."""

from __future__ import annotations

from city_core.bootstrap import open_city
from city_core.media.darkroom.darkroom import darkroom
from city_core.notify.gateways import check_gateways, push_gateway_of
from city_core.notify.text_messages import sms_gateway_of
from city_core.settings import read_settings
from city_core.sync.feeder import feed_scopes
from city_workers.duties import keep_doing_duties
from city_workers.jobs import handlers_with
from city_workers.process import run
from city_workers.runner import run_worker


async def main() -> None:
    """Do the city's jobs until told to stop."""
    settings = read_settings()
    check_gateways(settings)
    sms = sms_gateway_of(settings)
    async with open_city(settings, app_name="yiwang-jobs") as city:
        gateway = await push_gateway_of(city)
        darkroom().open()
        try:
            duties = [feed_scopes, keep_doing_duties]
            handlers = handlers_with(gateway, sms)
            await run_worker(city, handlers, queue="jobs", concurrency=12, duties=duties)
        finally:
            darkroom().close()
            await gateway.close()


if __name__ == "__main__":
    run(main)
