"""Finds number plates 号牌 with a RetinaFace-like model: boxes told as shifts from a grid of squares."""

from __future__ import annotations

import numpy as np
from PIL import Image

from city_workers.veil.boxes import Floats, bands, distinct, padded, resized
from city_workers.veil.model_files import PLATES, path_of
from city_workers.veil.sessions import open_session

SIZES_PX = (2048, 960)
LEAST_CONFIDENCE = 0.2
DOUBTFUL_CONFIDENCE = 0.02  # from here up to the other, a plate must also read like one
_MEAN_BLUE_GREEN_RED = np.array([104, 117, 123], np.float32)
_SQUARES = ((8, (24, 48)), (16, (96, 192)), (32, (384, 768)))  # pixels: distance on the grid, sides
_SHIFT, _GROWTH = 0.1, 0.2  # the units in which the model tells place and size
_MOST_OVERLAP = 0.3


class PlateFinder:
    """The model, opened once."""

    def __init__(self) -> None:
        self._session = open_session(path_of(PLATES))
        self._given = self._session.get_inputs()[0].name

    def find(
        self,
        picture: Image.Image,
        sizes_px: tuple[int, ...] = SIZES_PX,
        least: float = DOUBTFUL_CONFIDENCE,
    ) -> Floats:
        """Find plates; answers rows of left, top, right, bottom in pixels and the confidence."""
        found = np.concatenate([self._find_at(picture, size, least) for size in sizes_px])
        kept: Floats = found[distinct(found[:, :4], found[:, 4], _MOST_OVERLAP)]
        return kept

    def _find_at(self, picture: Image.Image, size: int, least: float) -> Floats:
        scaled, scale = (picture, 1.0) if size == max(picture.size) else resized(picture, size)
        parts = [self._find_in(band, least) + np.array([0, top, 0, top, 0]) for top, band in bands(scaled)]
        rows: Floats = np.concatenate(parts) / np.array([scale, scale, scale, scale, 1])
        return rows

    def _find_in(self, scaled: Image.Image, least: float) -> Floats:
        pixels = padded(scaled)[..., ::-1] - _MEAN_BLUE_GREEN_RED
        given = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])
        shifts, confidences, _ = self._session.run(["loc", "conf", "landms"], {self._given: given})
        scores = confidences[0][:, 1]
        sure = scores > least
        squares, shifts, scores = _squares(*pixels.shape[:2])[sure], shifts[0][sure], scores[sure]
        middles = squares[:, :2] + shifts[:, :2] * _SHIFT * squares[:, 2:]
        sides = squares[:, 2:] * np.exp(shifts[:, 2:] * _GROWTH)
        boxes = np.concatenate([middles - sides / 2, middles + sides / 2], 1)
        rows: Floats = np.concatenate([boxes, scores[:, None]], 1)
        return rows


def _squares(high: int, wide: int) -> Floats:
    rows = []
    for step, sides in _SQUARES:
        down, right = np.mgrid[0 : high // step, 0 : wide // step]
        middles = (np.stack([right, down], -1).reshape(-1, 1, 2) + 0.5) * step
        for_each = np.repeat(middles, len(sides), 1)
        both = np.broadcast_to(np.array(sides, float)[None, :, None], for_each.shape)
        rows.append(np.concatenate([for_each, both], 2).reshape(-1, 4))
    return np.concatenate(rows)
