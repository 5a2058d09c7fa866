"""The model that looks at the city's photos now, and how another one takes its place between two photos."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import structlog

from city_core.detection.models import note_model
from city_core.kit.city import City
from city_core.kit.logs import failure
from city_core.settings import Settings, WrongSetting
from city_workers.detection.batches import Batches
from city_workers.detection.detector import IMAGE_SIZE_PX, Detector
from city_workers.detection.engines.choose import EngineMissing
from city_workers.detection.figures import measured_figures
from city_workers.detection.registry import ModelProblem, Registry, model_of

log = structlog.get_logger()
_LOOK_SECONDS = 3.0
_PAUSE_SECONDS = 10.0
_HUNG = 70


@dataclass(frozen=True)
class Sight:
    """One model with what waits for it; a photo that began with it ends with it."""

    batches: Batches
    detector: Detector
    figures: dict[str, dict[str, object]]

    @property
    def model_version(self) -> str:
        """The name under which its finds are kept."""
        return self.detector.model_version


class Sights:
    """Holds the sight of this process and changes it when the registry names another model."""

    def __init__(
        self,
        settings: Settings,
        registry: Registry,
        *,
        look_seconds: float = _LOOK_SECONDS,
        pause_seconds: float = _PAUSE_SECONDS,
    ) -> None:
        self._settings = settings
        self._registry = registry
        self._look_seconds = look_seconds
        self._pause_seconds = pause_seconds
        self._mark = registry.mark()
        self.now = open_sight(settings)

    async def follow(self, city: City) -> None:
        """Look every few seconds whether another model was put in use.

        One that cannot be opened is tried again after a pause; until then the one before goes on looking.
        """
        await self._note(city)
        while self._settings.detection_weights is None:
            await asyncio.sleep(self._look_seconds)
            try:
                await self._look_again(city)
            except Exception as error:
                log.error("model_not_opened", **failure(error))
                await asyncio.sleep(self._pause_seconds)

    async def _look_again(self, city: City) -> None:
        mark = self._registry.mark()
        if not self._registry.changed_since(self._mark):
            return
        if self._registry.in_use().version != self.now.model_version:
            self.now = await asyncio.to_thread(open_sight, self._settings)
            await self._note(city)
        self._mark = mark

    async def _note(self, city: City) -> None:
        sight = self.now
        await _until_written(lambda: note_model(city, sight.model_version, sight.figures))
        log.info("model_ready", version=sight.model_version, engine=sight.detector.engine.name)


async def _until_written(write: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            return await write()
        except Exception as error:  # without its figures a model may do nothing by itself: tried again
            log.warning("model_not_noted", **failure(error))
            await asyncio.sleep(_LOOK_SECONDS)


def open_sight(settings: Settings) -> Sight:
    """Load the model that the settings or the registry name, with the engine that serves best here."""
    if settings.detection_weights is not None and not settings.detection_weights.is_file():
        raise WrongSetting("DETECTION_WEIGHTS names no file; leave it empty for the model that ships.")
    try:
        model = model_of(settings)
        detector = Detector(
            model.weights,
            image_size_px=model.card.get("image_size_px", IMAGE_SIZE_PX),
            engine=settings.detection_engine,
            threads=settings.detection_threads,
            onnx=model.onnx,
        )
    except ModelProblem as problem:
        raise WrongSetting(f"DETECTION_MODELS: {problem}") from problem
    except EngineMissing as missing:
        raise WrongSetting(f"DETECTION_ENGINE={settings.detection_engine} cannot be: {missing}.") from missing
    figures = measured_figures(dict(model.card), detector.model_version)
    return Sight(Batches(detector, on_hang=partial(os._exit, _HUNG)), detector, figures)
