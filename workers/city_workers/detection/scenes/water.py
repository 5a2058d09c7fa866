"""Floods a low spot of the street: a ragged sheet of water that mirrors what stands behind it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from city_workers.detection.scenes.model import Point
from city_workers.detection.scenes.noise import noise
from city_workers.detection.scenes.painter import Painter


def waterlogging(painter: Painter, at: Point, reach: tuple[float, float], rng: np.random.Generator) -> None:
    """Lay standing water around `at`; `reach` is its half-width and half-length in metres."""
    camera = painter.camera
    x, z, hits, far = camera.ground
    salt = float(rng.uniform(0, 200))
    away = np.sqrt(((x - at[0]) / reach[0]) ** 2 + ((z - at[2]) / reach[1]) ** 2)
    ragged = away + (noise(x + salt, z, 0.16, (0.5, 0.3, 0.15, 0.05)) - 0.5) * 1.5
    wet = hits & (ragged < 1.12) & (far < 40)
    water = hits & (ragged < 1.0) & (far < 40)
    if water.sum() < 40:
        return
    pixels = np.asarray(painter.image, np.float32)
    pixels = np.where((wet & ~water)[..., None], pixels * 0.66, pixels)
    sheet = _sheet(painter, pixels, x + salt, z, rng)
    pixels = np.where(water[..., None], sheet, pixels)
    painter.replace(np.clip(pixels, 0, 255).astype(np.uint8))
    with painter.problem("waterlogging"):
        painter.claim(water)


def _sheet(
    painter: Painter,
    pixels: NDArray[np.float32],
    x: NDArray[np.float32],
    z: NDArray[np.float32],
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """The look of the water: a wavering mirror picture over a murky ground, with a bright sky in it."""
    camera = painter.camera
    _, up, _ = camera.rays
    high, wide = up.shape
    horizon = camera.height / 2 - camera.focal * np.tan(camera.pitch)
    rows, columns = np.mgrid[0:high, 0:wide]
    ripple = (noise(x, z, 0.45) - 0.5) * rng.uniform(2, 18)
    mirrored = np.clip(2 * horizon - rows + ripple, 0, high - 1).astype(int)
    sideways = np.clip(columns + ripple * 0.6, 0, wide - 1).astype(int)
    mirror = pixels[mirrored, sideways]
    sky = np.array([196, 206, 216], np.float32) * painter.light
    outside = np.clip((rows - 2 * horizon) / 40 + 0.3, 0, 1)[..., None]
    mirror = mirror * (1 - outside) + sky * outside
    mud = (
        np.array([rng.uniform(62, 112), rng.uniform(58, 96), rng.uniform(46, 84)], np.float32) * painter.light
    )
    slant = np.clip(1 + up * rng.uniform(0.7, 1.3), 0.25, 0.9)[..., None]
    glint = np.clip((noise(z, x, 0.5) - 0.6) * 5, 0, 1)[..., None] * 26
    sheet: NDArray[np.float32] = mirror * slant + mud * (1 - slant) + glint
    return sheet
