"""Prepares pictures for the network: decoded, scaled to its size, with grey where they are too narrow."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from city_workers.detection.engines.port import Floats

STRIDE_PX = 32
_GREY = 114


class UnreadablePicture(ValueError):
    """The bytes are no picture that can be looked at: truncated, foreign or empty."""


@dataclass(frozen=True)
class Prepared:
    """A picture as the network takes it (3, height, width), and how it lies in there: scale and margins."""

    values: Floats
    scale: float
    left: int
    top: int
    width_px: int
    height_px: int


def decode(jpeg_bytes: bytes) -> NDArray[np.uint8]:
    """Decode a photo into an array (height, width, 3) in the order red, green, blue."""
    try:
        with Image.open(io.BytesIO(jpeg_bytes)) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise UnreadablePicture(f"the picture cannot be decoded: {problem}") from problem


def prepare(pixels: NDArray[np.uint8], side_px: int) -> Prepared:
    """Scale a picture so that its longer side is `side_px`, and fill up to whole strides as in training."""
    import cv2

    height, width = pixels.shape[:2]
    scale = min(side_px / height, side_px / width)
    wide, high = max(1, round(width * scale)), max(1, round(height * scale))
    if (wide, high) != (width, height):
        resized = cv2.resize(pixels, (wide, high), interpolation=cv2.INTER_LINEAR)
        pixels = resized.astype(np.uint8, copy=False)
    spare_x, spare_y = -wide % STRIDE_PX / 2, -high % STRIDE_PX / 2
    left, top = round(spare_x - 0.1), round(spare_y - 0.1)
    framed = np.full((high + -high % STRIDE_PX, wide + -wide % STRIDE_PX, 3), _GREY, np.uint8)
    framed[top : top + high, left : left + wide] = pixels
    values = np.ascontiguousarray(framed.transpose(2, 0, 1), np.float32) / np.float32(255)
    return Prepared(values, scale, left, top, width, height)
