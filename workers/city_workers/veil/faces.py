"""Finds faces with CenterFace: a heat map of their centres, and for each centre its size."""

from __future__ import annotations

import numpy as np
from PIL import Image

from city_workers.veil.boxes import Floats, bands, distinct, padded, resized
from city_workers.veil.model_files import FACES, path_of
from city_workers.veil.sessions import open_session, without_fixed_size

SIZES_PX = (2048, 800)  # the longest side of the picture, for small faces and for those that fill it
LEAST_CONFIDENCE = 0.25
_STRIDE = 4  # pixels for one cell of the maps
_MOST_OVERLAP = 0.4
_LEAST_PX = 5  # of a face's shorter side in the large copy: below, nobody is to be recognised


class FaceFinder:
    """The model, opened once."""

    def __init__(self) -> None:
        self._session = open_session(without_fixed_size(path_of(FACES)))
        self._given = self._session.get_inputs()[0].name

    def find(
        self,
        picture: Image.Image,
        sizes_px: tuple[int, ...] = SIZES_PX,
        least: float = LEAST_CONFIDENCE,
    ) -> Floats:
        """Find faces; answers rows of left, top, right, bottom in pixels and the confidence."""
        wanted = sorted({min(size, max(picture.size)) for size in sizes_px}, reverse=True)
        found = np.concatenate([self._find_at(picture, size, least) for size in wanted])
        large = np.minimum(found[:, 2] - found[:, 0], found[:, 3] - found[:, 1]) >= _LEAST_PX
        found = found[large]
        kept: Floats = found[distinct(found[:, :4], found[:, 4], _MOST_OVERLAP)]
        return kept

    def _find_at(self, picture: Image.Image, size: int, least: float) -> Floats:
        scaled, scale = (picture, 1.0) if size == max(picture.size) else resized(picture, size)
        parts = [self._find_in(band, least) + np.array([0, top, 0, top, 0]) for top, band in bands(scaled)]
        rows: Floats = np.concatenate(parts) / np.array([scale, scale, scale, scale, 1])
        return rows

    def _find_in(self, scaled: Image.Image, least: float) -> Floats:
        pixels = padded(scaled).transpose(2, 0, 1)[None]
        heat, sizes, offsets, _ = self._session.run(None, {self._given: np.ascontiguousarray(pixels)})
        down, right = np.nonzero(heat[0, 0] > least)
        high, wide = np.exp(sizes[0][:, down, right]) * _STRIDE
        off_down, off_right = offsets[0][:, down, right]
        middle_x, middle_y = (right + off_right + 0.5) * _STRIDE, (down + off_down + 0.5) * _STRIDE
        corners = [middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2]
        boxes = np.stack(corners, 1)
        rows: Floats = np.concatenate([boxes, heat[0, 0][down, right][:, None]], 1)
        return rows
