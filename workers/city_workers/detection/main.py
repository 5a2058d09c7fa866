"""The detection process: `python -m city_workers.detection.main`."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import structlog

from city_core.bootstrap import open_city
from city_core.detection.models import note_model
from city_core.settings import Settings, WrongSetting, read_settings
from city_workers.detection.batches import Batches
from city_workers.detection.detector import Detector
from city_workers.detection.engines.choose import EngineMissing
from city_workers.detection.figures import card_beside, measured_figures
from city_workers.detection.job import looking_with
from city_workers.detection.weights_file import WEIGHTS
from city_workers.process import run
from city_workers.runner import keep_lane, run_worker

log = structlog.get_logger()
_PHONES_AT_ONCE, _FRAMES_AT_ONCE = 16, 8  # two batches of phones: one is read while one is looked at
_HUNG = 70


async def main() -> None:
    """Look at photos until told to stop; the model is loaded once.

    Frames of machines have a lane of their own, so that a flood of them never stands before a phone's photo.
    """
    settings = read_settings()
    detector = open_detector(settings)
    figures = measured_figures(card_beside(settings.detection_weights or WEIGHTS), detector.model_version)
    batches = Batches(detector, on_hang=partial(os._exit, _HUNG))
    look = looking_with(batches, detector.model_version)
    frames = partial(keep_lane, handlers={"look_at_frame": look}, queue="frames", concurrency=_FRAMES_AT_ONCE)
    async with open_city(settings, app_name="yiwang-detection") as city:
        await note_model(city, detector.model_version, figures)
        log.info("model_ready", version=detector.model_version, engine=detector.engine.name)
        await run_worker(
            city, {"look": look}, queue="detection", concurrency=_PHONES_AT_ONCE, duties=[frames]
        )


def open_detector(settings: Settings) -> Detector:
    """Load the model that the settings name, else the one in use, with the engine that serves best here."""
    weights: Path = settings.detection_weights or WEIGHTS
    if not weights.is_file():
        raise WrongSetting("DETECTION_WEIGHTS names no file; leave it empty for the model that ships.")
    try:
        return Detector(weights, engine=settings.detection_engine, threads=settings.detection_threads)
    except EngineMissing as missing:
        raise WrongSetting(f"DETECTION_ENGINE={settings.detection_engine} cannot be: {missing}.") from missing


if __name__ == "__main__":
    run(main)
