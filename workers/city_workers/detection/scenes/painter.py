"""Paints world shapes onto a photo and remembers which pixels belong to which problem."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from city_workers.detection.scenes.camera import Camera
from city_workers.detection.scenes.model import Color, Point, SceneBox

NOTHING = 0
LEAST_SIDE_PX = 9


class Painter:
    """A picture under way, with a hidden second one that holds the number of the object in each pixel."""

    def __init__(self, image: Image.Image, camera: Camera, light: float) -> None:
        self.image, self.camera, self.light = image, camera, light
        self.owner = Image.new("L", image.size, NOTHING)
        self.labels: list[str] = []
        self._current = NOTHING
        self._renew()

    def _renew(self) -> None:
        self._ink, self._mark = ImageDraw.Draw(self.image), ImageDraw.Draw(self.owner)

    @contextmanager
    def problem(self, label: str) -> Iterator[None]:
        """Everything painted inside belongs to one problem of this label."""
        self.labels.append(label)
        self._current = len(self.labels)
        try:
            yield
        finally:
            self._current = NOTHING

    def tint(self, color: Color, shade: float = 1.0) -> Color:
        red, green, blue = (int(max(0, min(255, part * shade * self.light))) for part in color)
        return red, green, blue

    def face(self, points: list[Point], color: Color, shade: float = 1.0) -> None:
        """Paint one flat face."""
        outline = self.camera.outline(points)
        if len(outline) > 2:
            self._ink.polygon(outline, fill=self.tint(color, shade))
            self._mark.polygon(outline, fill=self._current)

    def stroke(self, start: Point, end: Point, width_m: float, color: Color) -> None:
        seen = self.camera.seen([start, end])
        if seen[:, 2].min() < 0.15:
            return
        pixels = self.camera.to_pixels(seen)
        wide = max(1, round(width_m * self.camera.focal / float(seen[:, 2].mean())))
        self._ink.line(pixels, fill=self.tint(color), width=wide)
        self._mark.line(pixels, fill=self._current, width=wide)

    def ball(self, centre: Point, radius_m: float, color: Color) -> None:
        """Paint a round thing with a lit top: fruit, a head, a tree's crown."""
        seen = self.camera.seen([centre])
        if seen[0, 2] < 0.2:
            return
        ((across, down),) = self.camera.to_pixels(seen)
        size = radius_m * self.camera.focal / float(seen[0, 2])
        for part, shade, lift in ((1.0, 0.75, 0.0), (0.78, 1.0, 0.16), (0.4, 1.2, 0.36)):
            r, up = size * part, size * lift
            box = (across - r, down - r - up, across + r, down + r - up)
            self._ink.ellipse(box, fill=self.tint(color, shade))
        full = (across - size, down - size, across + size, down + size)
        self._mark.ellipse(full, fill=self._current)

    def darken(self, points: list[Point], by: float) -> None:
        """Cast a shadow over ground without claiming it."""
        outline = self.camera.outline(points)
        frame = self._frame(outline)
        if frame is None:
            return
        left, top, right, bottom = frame
        mask = Image.new("L", (right - left, bottom - top), 0)
        ImageDraw.Draw(mask).polygon([(a - left, d - top) for a, d in outline], fill=int(255 * by))
        self.image.paste((8, 9, 14), (left, top), mask)
        self._renew()

    def _frame(self, outline: list[tuple[float, float]]) -> tuple[int, int, int, int] | None:
        if len(outline) < 3:
            return None
        across, down = [a for a, _ in outline], [d for _, d in outline]
        left, top = max(0, int(min(across))), max(0, int(min(down)))
        right = min(self.image.width, int(max(across)) + 2)
        bottom = min(self.image.height, int(max(down)) + 2)
        return (left, top, right, bottom) if right - left > 1 and bottom - top > 1 else None

    def sticker(self, patch: Image.Image, corners: list[Point], shade: float = 1.0) -> None:
        """Lay a flat RGBA picture on a world rectangle (top-left, top-right, bottom-right, bottom-left)."""
        seen = self.camera.seen(corners)
        if seen[:, 2].min() < NEAR_STICKER_M:
            return
        outline = self.camera.to_pixels(seen)
        frame = self._frame(outline)
        if frame is None:
            return
        left, top, right, bottom = frame
        patch = _near_size(patch, max(right - left, bottom - top))
        local = [(a - left, d - top) for a, d in outline]
        size = (right - left, bottom - top)
        flat = patch.transform(
            size, Image.Transform.PERSPECTIVE, _warp(local, patch.size), Image.Resampling.BILINEAR
        )
        self._lay(flat, (left, top), shade)

    def _lay(self, patch: Image.Image, corner: tuple[int, int], shade: float) -> None:
        alpha = patch.getchannel("A")
        factor = shade * self.light
        body = patch.convert("RGB").point(lambda value: int(min(255, value * factor)))
        self.image.paste(body, corner, alpha)
        self.owner.paste(self._current, corner, alpha.point(lambda value: 255 if value > 110 else 0))
        self._renew()

    def claim(self, mask: NDArray[np.bool_]) -> None:
        """Mark pixels that were painted by other means (water) as the current problem's."""
        owner = np.array(self.owner)
        owner[mask] = self._current
        self.owner = Image.fromarray(owner)
        self._renew()

    def replace(self, pixels: NDArray[np.uint8]) -> None:
        self.image = Image.fromarray(pixels)
        self._renew()

    def boxes(self) -> list[SceneBox]:
        """The visible extent of every problem that still shows enough of itself."""
        owner = np.asarray(self.owner)
        found = (self._box(owner == number, label) for number, label in enumerate(self.labels, start=1))
        return [box for box in found if box is not None]

    def _box(self, mask: NDArray[np.bool_], label: str) -> SceneBox | None:
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        least = LEAST_SIDE_PX * max(mask.shape) / 640
        if not len(rows) or min(np.ptp(rows), np.ptp(columns)) < least * 0.6 or mask.sum() < least * least:
            return None
        high, wide = mask.shape
        top, left = rows[0] / high, columns[0] / wide
        return SceneBox(
            label, float(left), float(top), float(np.ptp(columns) + 1) / wide, float(np.ptp(rows) + 1) / high
        )


NEAR_STICKER_M = 0.2


def _near_size(patch: Image.Image, extent_px: int) -> Image.Image:
    """Shrink a patch that is much finer than its place in the photo, so that it does not shimmer."""
    times = max(patch.size) // max(1, extent_px)
    return patch.reduce(times) if times >= 2 else patch


def _warp(corners: list[tuple[float, float]], size: tuple[int, int]) -> list[float]:
    """The eight numbers that carry a photo's pixel back into the patch."""
    wide, high = size
    goals = [(0.0, 0.0), (float(wide), 0.0), (float(wide), float(high)), (0.0, float(high))]
    rows, values = [], []
    for (a, d), (u, v) in zip(corners, goals, strict=True):
        rows += [[a, d, 1, 0, 0, 0, -u * a, -u * d], [0, 0, 0, a, d, 1, -v * a, -v * d]]
        values += [u, v]
    try:
        return [float(value) for value in np.linalg.solve(np.array(rows), np.array(values))]
    except np.linalg.LinAlgError:
        return [0.0, 0.0, -10.0, 0.0, 0.0, -10.0, 0.0, 0.0]
