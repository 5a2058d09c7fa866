"""The detection process: `python -m city_workers.detection.main`."""

from __future__ import annotations

from city_core.bootstrap import open_city
from city_core.kit.work import Handler
from city_core.settings import WrongSetting, read_settings
from city_workers.detection.detector import Detector
from city_workers.detection.job import with_model
from city_workers.detection.weights_file import WEIGHTS
from city_workers.process import run
from city_workers.runner import run_worker
from city_workers.veil.job import with_veiler
from city_workers.veil.veiler import BuiltInVeiler


async def main() -> None:
    """Look at photos until told to stop; the model is loaded once."""
    settings = read_settings()
    weights = settings.detection_weights or WEIGHTS
    if not weights.is_file():
        raise WrongSetting("DETECTION_WEIGHTS names no file; leave it empty for the model that ships.")
    detector = Detector(weights)
    veiling = with_veiler(BuiltInVeiler())
    async with open_city(settings, app_name="yiwang-detection") as city:
        handlers = {"detect": Handler(with_model(detector)), "veil": veiling}
        await run_worker(city, handlers, queue="detection", concurrency=2)


if __name__ == "__main__":
    run(main)
