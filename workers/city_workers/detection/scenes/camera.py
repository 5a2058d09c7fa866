"""A phone camera standing in the street: projects world points to pixels and pixels to the ground."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from city_workers.detection.scenes.model import Point

NEAR_M = 0.12
Array = NDArray[np.float32]


@dataclass(frozen=True)
class Camera:
    """World axes: x across the street (pavement < 0 < road), y up, z along the street; metres and radians."""

    width: int
    height: int
    focal: float
    x: float
    eye: float
    yaw: float
    pitch: float
    roll: float

    @cached_property
    def rotation(self) -> NDArray[np.float64]:
        cy, sy, cp, sp = np.cos(self.yaw), np.sin(self.yaw), np.cos(self.pitch), np.sin(self.pitch)
        cr, sr = np.cos(self.roll), np.sin(self.roll)
        turn = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
        nod = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
        tilt = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        turned: NDArray[np.float64] = tilt @ nod @ turn
        return turned

    def seen(self, points: list[Point] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn world points into camera axes (right, up, forward)."""
        return (np.asarray(points, float) - [self.x, self.eye, 0.0]) @ self.rotation.T

    def to_pixels(self, seen: NDArray[np.float64]) -> list[tuple[float, float]]:
        scale = self.focal / np.maximum(seen[:, 2], 1e-6)
        across = self.width / 2 + seen[:, 0] * scale
        down = self.height / 2 - seen[:, 1] * scale
        return list(zip(across.tolist(), down.tolist(), strict=True))

    def outline(self, points: list[Point]) -> list[tuple[float, float]]:
        """The pixels of a world polygon, cut where it passes behind the camera."""
        seen = self.seen(points)
        kept: list[NDArray[np.float64]] = []
        for here, then in zip(seen, np.roll(seen, -1, axis=0), strict=True):
            if here[2] > NEAR_M:
                kept.append(here)
            if (here[2] > NEAR_M) != (then[2] > NEAR_M):
                kept.append(here + (then - here) * (NEAR_M - here[2]) / (then[2] - here[2]))
        return self.to_pixels(np.array(kept)) if len(kept) > 2 else []

    def depth(self, point: Point) -> float:
        return float(self.seen([point])[0, 2])

    @cached_property
    def rays(self) -> tuple[Array, Array, Array]:
        """The world direction of every pixel, as three arrays of the picture's shape."""
        down, across = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        local = np.stack(
            [
                (across - self.width / 2) / self.focal,
                (self.height / 2 - down) / self.focal,
                np.ones_like(down),
            ],
            -1,
        )
        world = (local @ self.rotation.astype(np.float32)).astype(np.float32)
        return world[..., 0], world[..., 1], world[..., 2]

    @cached_property
    def ground(self) -> tuple[Array, Array, NDArray[np.bool_], Array]:
        """For every pixel: the x and z of the ground it sees, whether it sees ground, and how far it is."""
        dx, dy, dz = self.rays
        hits = dy < -1e-3
        far = np.where(hits, -self.eye / np.where(hits, dy, -1), 1e6).astype(np.float32)
        return self.x + dx * far, dz * far, hits, far

    def ground_at(self, across: float, down: float) -> Point | None:
        """The spot of ground that a pixel shows, or None above the horizon."""
        x, z, hits, _ = self.ground
        row, column = int(np.clip(down, 0, self.height - 1)), int(np.clip(across, 0, self.width - 1))
        return (float(x[row, column]), 0.0, float(z[row, column])) if hits[row, column] else None
