"""Paints sky and house fronts: storeys, windows, shops with their (lawful) sign boards."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from city_workers.detection.scenes.camera import Camera
from city_workers.detection.scenes.noise import Field, hashed, noise
from city_workers.detection.scenes.street import WALLS, Street

Pixels = NDArray[np.float32]
SKIES = {
    "clear": (150, 190, 232),
    "overcast": (204, 208, 212),
    "dusk": (176, 130, 120),
    "rain": (168, 174, 180),
}
FAR_M = 90.0


def paint_sky(camera: Camera, street: Street) -> Pixels:
    _, up, _ = camera.rays
    lift = np.clip(up * 1.6, 0, 1)[..., None]
    haze = np.array((222, 222, 220), np.float32)
    sky: Pixels = haze * (1 - lift) + np.array(SKIES[street.weather], np.float32) * lift
    return sky


def paint_houses(canvas: Pixels, camera: Camera, street: Street) -> Pixels:
    """Set the two rows of houses and the end of the street into the picture."""
    for wall_x in (street.road_m + 4.5, -street.pavement_m):
        canvas = _row(canvas, camera, street, wall_x)
    return canvas


def _row(canvas: Pixels, camera: Camera, street: Street, wall_x: float) -> Pixels:
    dx, dy, dz = camera.rays
    toward = dx * (wall_x - camera.x) > 1e-4
    far = np.where(toward, (wall_x - camera.x) / np.where(toward, dx, 1), 1e6).astype(np.float32)
    y, z = camera.eye + dy * far, dz * far + np.float32(street.salt)
    house = np.floor(z / street.house_m)
    top = street.storeys_m * (0.6 + 0.7 * hashed(house, wall_x // 1))
    seen = toward & (y > 0) & (y < top) & (far < FAR_M)
    color = _front(y[seen], z[seen], house[seen], street, wall_x)
    mist = np.clip(far[seen] / FAR_M, 0, 0.75)[..., None]
    canvas[seen] = color * (1 - mist) + np.float32(205) * mist
    return canvas


def _front(y: Field, z: Field, house: Field, street: Street, wall_x: float) -> Pixels:
    pick = np.floor(hashed(house, wall_x // 1 + 3) * len(WALLS)).astype(int)
    wall = np.array(WALLS, np.float32)[(pick + street.wall_palette) % len(WALLS)]
    grime = 0.85 + 0.25 * noise(z, y, 0.25) + 0.1 * (noise(z, y, 3.0) - 0.5)
    brick = np.where((hashed(house, 5.0) < 0.4) & (np.mod(y, 0.075) < 0.012), 0.8, 1.0)
    color = wall * (grime * brick)[..., None]
    window = (np.mod(y, 3.1) > 1.0) & (np.mod(y, 3.1) < 2.5) & (np.mod(z, 3.0) > 0.8) & (np.mod(z, 3.0) < 2.2)
    pane = 60 + 70 * hashed(np.floor(y / 3.1), np.floor(z / 3.0))
    cell = np.stack([pane * 0.85, pane * 0.95, pane * 1.05], -1)
    color = np.where((window & (y > 3.4))[..., None], cell, color)
    return _shop(color, y, z, house, wall_x) if wall_x < 0 else _shop(color, y, z, house + 50, wall_x)


def _shop(color: Pixels, y: Field, z: Field, house: Field, wall_x: float) -> Pixels:
    """The ground floor: some houses are shops, others show a plain wall."""
    unit = np.floor(z / 4.2)
    is_shop = hashed(unit, wall_x // 1 + 9) < 0.55
    hue = hashed(unit, 2.0)[..., None]
    board = np.concatenate(
        [60 + 170 * hue, 40 + 120 * np.mod(hue * 7.3, 1), 40 + 150 * np.mod(hue * 3.1, 1)], -1
    )
    inside = np.mod(z, 4.2)
    writing = (np.mod(inside * 1.4, 0.9) < 0.62) & (y > 2.75) & (y < 3.25) & (inside > 0.6) & (inside < 3.6)
    writing &= hashed(np.floor(inside * 14), np.floor(y * 14) + unit) < 0.55
    color = np.where((is_shop & (y > 2.6) & (y < 3.4))[..., None], board, color)
    color = np.where((is_shop & writing)[..., None], np.float32(240), color)
    shut = hashed(unit, 4.0) < 0.3
    glass = 46 + 50 * noise(z, y, 0.5)[..., None] * np.array([0.9, 1.0, 1.1], np.float32)
    shutter = (165 + 25 * (np.mod(y, 0.09) > 0.045))[..., None] * np.ones(3, np.float32)
    opening = is_shop & (y < 2.5) & (inside > 0.35) & (inside < 3.85)
    bar = (np.abs(np.mod(inside, 1.2) - 0.35) < 0.03)[..., None]
    front = np.where(shut[..., None], shutter, np.where(bar, np.float32(170), glass))
    return np.where(opening[..., None], front, color)
