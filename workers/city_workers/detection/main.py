"""The detection process: `python -m city_workers.detection.main`."""

from __future__ import annotations

from functools import partial

from city_core.bootstrap import open_city
from city_core.kit.work import Handler
from city_core.settings import read_settings
from city_workers.detection.job import looking_with
from city_workers.detection.registry import registry_of
from city_workers.detection.sight import Sights
from city_workers.evidence.compare import comparing
from city_workers.process import run
from city_workers.runner import Duty, keep_lane, run_worker

_PHONES_AT_ONCE, _FRAMES_AT_ONCE = 16, 8  # two batches of phones: one is read while one is looked at


async def main() -> None:
    """Look at photos until told to stop; another model that is put in use is taken up within seconds.

    Frames of machines have a lane of their own, so that a flood of them never stands before a phone's photo.
    """
    settings = read_settings()
    sights = Sights(settings, registry_of(settings))
    look = looking_with(lambda: sights.now)
    frames = partial(keep_lane, handlers={"look_at_frame": look}, queue="frames", concurrency=_FRAMES_AT_ONCE)
    async with open_city(settings, app_name="yiwang-detection") as city:
        duties: list[Duty] = [frames, sights.follow]
        handlers = {"look": look, "compare": Handler(comparing())}
        await run_worker(city, handlers, queue="detection", concurrency=_PHONES_AT_ONCE, duties=duties)


if __name__ == "__main__":
    run(main)
