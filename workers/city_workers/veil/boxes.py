"""Boxes in pixels as rows of left, top, right, bottom, and which of them say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.floating[Any]]
_STEP = 32  # what the models halve five times
_MOST_PIXELS_AT_ONCE = 1_100_000
_BAND_OVERLAP_PX = 96  # what is larger, the smaller sizes of the picture find


def padded(picture: Image.Image) -> NDArray[np.float32]:
    """Put a picture's pixels (height, width, RGB) on black whose sides divide by 32."""
    high, wide = (-(-side // _STEP) * _STEP for side in (picture.height, picture.width))
    pixels = np.zeros((high, wide, 3), np.float32)
    pixels[: picture.height, : picture.width] = np.asarray(picture)
    return pixels


def resized(picture: Image.Image, longest_px: int) -> tuple[Image.Image, float]:
    """Bring a picture to a size, up or down; answers it with how many of its pixels were one before."""
    scale = longest_px / max(picture.size)
    wide, high = (max(_STEP, round(side * scale)) for side in picture.size)
    return picture.resize((wide, high), Image.Resampling.BILINEAR, reducing_gap=2.0), scale


def bands(picture: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Cut a large picture into overlapping bands, each with its distance from the top.

    A model takes memory by the pixel: half the picture at a time takes half of it.
    """
    count = -(-picture.width * picture.height // _MOST_PIXELS_AT_ONCE)
    high = picture.height / count
    for number in range(count):
        top = max(0, int(number * high) - (_BAND_OVERLAP_PX if number else 0))
        yield top, picture.crop((0, top, picture.width, int((number + 1) * high)))


def overlaps(box: Floats, others: Floats) -> Floats:
    """Tell how much of two boxes is common to both: intersection over union, 0 to 1, for each other box."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:4], others[:, 2:4])
    common = np.clip(high - low, 0, None).prod(1)
    sizes = np.clip(others[:, 2:4] - others[:, :2], 0, None).prod(1)
    own = float(np.clip(box[2:4] - box[:2], 0, None).prod())
    result: Floats = common / np.maximum(own + sizes - common, 1e-6)
    return result


def distinct(boxes: Floats, scores: Floats, most_overlap: float) -> list[int]:
    """Choose the boxes that are not said better by another one; answers their places, best first."""
    left = np.argsort(-scores)
    kept: list[int] = []
    while len(left):
        best, left = left[0], left[1:]
        kept.append(int(best))
        left = left[overlaps(boxes[best], boxes[left]) < most_overlap]
    return kept
