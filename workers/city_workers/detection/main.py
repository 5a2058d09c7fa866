"""The detection process: `python -m city_workers.detection.main`."""

from __future__ import annotations

from city_core.bootstrap import open_city
from city_core.kit.work import Handler
from city_core.settings import WrongSetting, read_settings
from city_workers.detection.detector import IMAGE_SIZE_PX, Detector
from city_workers.detection.job import with_model
from city_workers.detection.registry import ModelProblem, model_of
from city_workers.process import run
from city_workers.runner import run_worker


async def main() -> None:
    """Look at photos until told to stop; the model is loaded once."""
    settings = read_settings()
    if settings.detection_weights is not None and not settings.detection_weights.is_file():
        raise WrongSetting("DETECTION_WEIGHTS names no file; leave it empty for the model that ships.")
    try:
        model = model_of(settings)
    except ModelProblem as problem:
        raise WrongSetting(f"DETECTION_MODELS: {problem}") from problem
    detector = Detector(model.weights, image_size_px=model.card.get("image_size_px", IMAGE_SIZE_PX))
    async with open_city(settings, app_name="yiwang-detection") as city:
        handlers = {"detect": Handler(with_model(detector))}
        await run_worker(city, handlers, queue="detection", concurrency=2)


if __name__ == "__main__":
    run(main)
