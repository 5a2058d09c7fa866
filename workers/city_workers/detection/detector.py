"""Looks at report photos and says which street problems they show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from city_workers.detection.engines.choose import open_engine
from city_workers.detection.engines.finds import Box, read_finds
from city_workers.detection.engines.pictures import Prepared, UnreadablePicture, decode, prepare
from city_workers.detection.engines.port import Engine
from city_workers.detection.weights_file import WEIGHTS, version_of

__all__ = ["IMAGE_SIZE_PX", "LEAST_CONFIDENCE", "Box", "Detector", "UnreadablePicture"]
IMAGE_SIZE_PX = 320
LEAST_CONFIDENCE = 0.25


class Detector:
    """Holds the model in memory and looks at photos; not safe to share between threads.

    Any detection model that ultralytics can open may be given as `weights`; its own labels are then reported.
    `engine` is `torch`, `onnx` or `auto`; the ONNX file lies beside the weights unless it is named.
    """

    def __init__(
        self,
        weights: Path = WEIGHTS,
        *,
        image_size_px: int = IMAGE_SIZE_PX,
        threads: int = 1,
        least_confidence: float = LEAST_CONFIDENCE,
        engine: str = "torch",
        onnx: Path | None = None,
    ) -> None:
        beside = weights.with_suffix(".onnx")
        self.engine: Engine = open_engine(weights, onnx or beside, wanted=engine, threads=threads)
        self._side_px = image_size_px
        self._least_confidence = least_confidence
        self.labels: tuple[str, ...] = self.engine.labels
        self.model_version = version_of(weights)
        # Now, so that the first citizen does not wait for it.
        self.engine.run(np.zeros((1, 3, image_size_px, image_size_px), np.float32))

    def look(self, jpeg_bytes: bytes) -> list[Box]:
        """Report what the photo shows, the surest finding first, or raise UnreadablePicture."""
        [found] = self.look_at_all([prepare(decode(jpeg_bytes), self._side_px)])
        return found

    def prepared(self, jpeg_bytes: bytes) -> Prepared:
        """Make a photo ready for `look_at_all`, or raise UnreadablePicture."""
        return prepare(decode(jpeg_bytes), self._side_px)

    def look_at_all(self, pictures: Sequence[Prepared]) -> list[list[Box]]:
        """Report what each picture shows; those of one shape are looked at in one run: the same finds."""
        found: list[list[Box]] = [[] for _ in pictures]
        for shape in dict.fromkeys(picture.values.shape for picture in pictures):
            places = [place for place, picture in enumerate(pictures) if picture.values.shape == shape]
            tables = self.engine.run(np.stack([pictures[place].values for place in places]))
            for place, table in zip(places, tables, strict=True):
                found[place] = read_finds(
                    table, pictures[place], self.labels, self._least_confidence,
                    is_free_of_doubles=self.engine.is_free_of_doubles,
                )  # fmt: skip
        return found
