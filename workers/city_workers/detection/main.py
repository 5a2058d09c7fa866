"""The detection process: `python -m city_workers.detection.main`."""

from __future__ import annotations

from city_core.bootstrap import open_city
from city_core.kit.starting import run_process
from city_core.kit.work import Handler
from city_core.settings import read_settings
from city_workers.detection.job import looking_with
from city_workers.detection.registry import registry_of
from city_workers.detection.sight import Sights
from city_workers.evidence.compare import comparing
from city_workers.lane import Lane
from city_workers.runner import run_worker
from city_workers.veil.job import with_veiler
from city_workers.veil.veiler import BuiltInVeiler

_PHONES_AT_ONCE, _FRAMES_AT_ONCE = 16, 8  # two batches of phones: one is read while one is looked at
_SLOW_AT_ONCE = 2  # what nobody waits for: one is read while one is worked on


async def main() -> None:
    """Look at photos until told to stop; another model that is put in use is taken up within seconds.

    Frames of machines, veils and comparisons have lanes of their own: a flood of them never stands before
    the photo of a report.
    """
    settings = read_settings()
    sights = Sights(settings, registry_of(settings))
    look = looking_with(lambda: sights.now)
    lanes = [
        Lane("detection", {"look": look}, _PHONES_AT_ONCE),
        Lane("frames", {"look_at_frame": look}, _FRAMES_AT_ONCE),
        Lane("veils", {"veil": with_veiler(BuiltInVeiler())}, _SLOW_AT_ONCE),
        Lane("scenes", {"compare": Handler(comparing())}, _SLOW_AT_ONCE),
    ]
    async with open_city(settings, app_name="yiwang-detection") as city:
        await run_worker(city, lanes, [sights.follow])


if __name__ == "__main__":
    run_process(main)
