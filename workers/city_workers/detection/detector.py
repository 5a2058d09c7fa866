"""Looks at one report photo and says which street problems it shows."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from city_workers.detection.engine import open_library
from city_workers.detection.weights_file import WEIGHTS, version_of

IMAGE_SIZE_PX = 320
LEAST_CONFIDENCE = 0.25


class UnreadablePicture(ValueError):
    """The bytes are no picture that can be looked at: truncated, foreign or empty."""


@dataclass(frozen=True)
class Box:
    """One problem seen in a photo: top-left corner and size relative to the picture (0..1)."""

    label: str
    confidence: float
    x: float
    y: float
    width: float
    height: float


class Detector:
    """Holds the model in memory and looks at photos one after the other; not safe to share between threads.

    Any detection model that ultralytics can open may be given as `weights`; its own labels are then reported.
    """

    def __init__(
        self,
        weights: Path = WEIGHTS,
        *,
        image_size_px: int = IMAGE_SIZE_PX,
        threads: int = 1,
        least_confidence: float = LEAST_CONFIDENCE,
    ) -> None:
        library = open_library()
        import torch

        torch.set_grad_enabled(False)
        self._take_threads = partial(torch.set_num_threads, threads)
        self._model = library.YOLO(str(weights), task="detect", verbose=False)
        self._model.add_callback("on_predict_start", _skip_library_warm_up)
        self._settings: dict[str, Any] = {
            "imgsz": image_size_px,
            "conf": least_confidence,
            "device": "cpu",
            "verbose": False,
            "save": False,
        }
        self.labels: tuple[str, ...] = tuple(
            self._model.names[number] for number in sorted(self._model.names)
        )
        self.model_version = version_of(weights)
        self._warm_up(image_size_px)

    def look(self, jpeg_bytes: bytes) -> list[Box]:
        """Report what the photo shows, the surest finding first, or raise UnreadablePicture."""
        pixels = decode(jpeg_bytes)
        # Counted per calling thread; and the library, when it starts, sets its own number.
        self._take_threads()
        (result,) = self._model.predict(pixels, nms=False, **self._settings)
        found = result.boxes.cpu().numpy()
        boxes = (
            self._box(int(kind), float(confidence), corners)
            for kind, confidence, corners in zip(found.cls, found.conf, found.xyxyn, strict=True)
        )
        return sorted(boxes, key=lambda box: -box.confidence)

    def _box(self, kind: int, confidence: float, corners: NDArray[np.float32]) -> Box:
        left, top, right, bottom = (float(np.clip(value, 0.0, 1.0)) for value in corners)
        return Box(self._model.names[kind], confidence, left, top, right - left, bottom - top)

    def _warm_up(self, side: int) -> None:
        """Fuse and prepare the model now, so that the first citizen does not wait for it."""
        self._model.predict(np.zeros((side, side, 3), np.uint8), nms=False, **self._settings)


def _skip_library_warm_up(predictor: Any) -> None:
    """On a CPU the library's own warm-up does nothing but import torchvision for models that need an NMS."""
    predictor.done_warmup = True


def decode(jpeg_bytes: bytes) -> NDArray[np.uint8]:
    """Decode a photo into the blue-green-red order that the model library expects of arrays."""
    try:
        with Image.open(io.BytesIO(jpeg_bytes)) as image:
            pixels = np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise UnreadablePicture(f"the picture cannot be decoded: {problem}") from problem
    return np.ascontiguousarray(pixels[..., ::-1])
