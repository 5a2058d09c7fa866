"""Paints the ground of a street: paving, kerb, road with its markings, verge, stains and shade."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from city_workers.detection.scenes.camera import Camera
from city_workers.detection.scenes.model import Color
from city_workers.detection.scenes.noise import Field, hashed, noise
from city_workers.detection.scenes.street import Street

Pixels = NDArray[np.float32]
VERGE_COLORS: dict[str, Color] = {
    "grass": (84, 112, 52),
    "soil": (124, 98, 72),
    "gravel": (150, 146, 138),
    "leaves": (128, 100, 58),
}


def paint_ground(camera: Camera, street: Street) -> tuple[Pixels, NDArray[np.bool_]]:
    """The ground as seen by the camera, and which pixels see ground."""
    x, z, hits, far = camera.ground
    z = z + np.float32(street.salt)
    color = _pavement(x, z, far, street)
    on_road = (x > 0) & (x < street.road_m)
    color = np.where(on_road[..., None], _road(x, z, z - np.float32(street.salt), street), color)
    color = _kerbs(color, x, street)
    color = _verge(color, x, z, street)
    fine = np.clip(4.0 / np.maximum(far, 0.5), 0.05, 1.0)
    grain = 1 + (noise(x, z, 0.9) - 0.5) * 0.35 + (noise(z, x, 6.0) - 0.5) * 0.5 * fine
    stains = np.clip((noise(x + 31, z, 0.11) - 0.55) * 2.0, 0, 0.24)
    color = color * grain[..., None] * (1 - stains)[..., None]
    return color * _shade(x, z, street)[..., None], hits


def _tone(color: Color) -> NDArray[np.float32]:
    return np.array(color, np.float32)


def _pavement(x: Field, z: Field, far: Field, street: Street) -> Pixels:
    base = np.broadcast_to(_tone(street.paving_color), (*x.shape, 3))
    if street.paving in ("asphalt", "concrete"):
        joint = (np.mod(z, 4.0) < 0.02) & (street.paving == "concrete")
        return base * np.where(joint, 0.6, 1.0)[..., None]
    wide = street.tile_m
    long = wide * (2.0 if street.paving == "bricks" else 1.0)
    row = np.floor(z / wide)
    shift = np.where(np.mod(row, 2) == 0, 0, long / 2) if street.paving == "bricks" else 0
    column = np.floor((x + shift) / long)
    tile = 0.88 + 0.24 * hashed(row, column)
    edge = np.minimum(np.mod(z, wide), np.mod(x + shift, long))
    joint = np.where(edge < 0.012 + far * 0.0006, 0.62, 1.0)
    color = base * (tile * joint)[..., None]
    return _tactile(color, x, z) if street.has_tactile else color


def _tactile(color: Pixels, x: Field, z: Field) -> Pixels:
    strip = (x > -1.5) & (x < -1.15)
    groove = 0.85 + 0.2 * (np.mod(x, 0.07) > 0.03)
    return np.where(strip[..., None], _tone((196, 160, 62)) * groove[..., None], color)


def _road(x: Field, z: Field, plain_z: Field, street: Street) -> Pixels:
    color = np.broadcast_to(_tone(street.road_color), (*x.shape, 3))
    color = color * (1 + (noise(x, z, 11.0, (0.1, 0.2, 0.3, 0.4)) - 0.5) * 0.5)[..., None]
    crack = np.abs(noise(x * 0.6, z * 0.6, 0.35) - 0.5) < 0.006
    color = color * np.where(crack, 0.66, 1.0)[..., None]
    centre = np.abs(x - street.road_m / 2) < 0.07
    dashes = centre & (np.mod(z, 6.0) < 3.0)
    edge_line = np.abs(x - 0.35) < 0.06
    across = (plain_z > street.crossing_z) & (plain_z < street.crossing_z + 3.0)
    zebra = across & (np.mod(x, 0.9) < 0.45) & (x > 0.3) & (x < street.road_m - 0.3)
    worn = noise(x, z, 1.7) > 0.36
    white = (dashes | edge_line & ~across | zebra) & worn
    return np.where(white[..., None], np.float32(214) * np.ones_like(color), color)


def _kerbs(color: Pixels, x: Field, street: Street) -> Pixels:
    kerb = ((x > -0.16) & (x < 0.0)) | ((x > street.road_m) & (x < street.road_m + 0.16))
    gutter = (x >= 0) & (x < 0.1)
    color = np.where(kerb[..., None], _tone((178, 174, 166)), color)
    return color * np.where(gutter, 0.7, 1.0)[..., None]


def _verge(color: Pixels, x: Field, z: Field, street: Street) -> Pixels:
    if street.verge == "none":
        return color
    ragged = (noise(x, z, 0.5) - 0.5) * 0.25
    inside = (x > -street.pavement_m + ragged) & (x < -street.pavement_m + street.verge_m + ragged)
    beyond = x > street.road_m + 2.6
    tint = _tone(VERGE_COLORS[street.verge])
    blades = 0.5 + noise(x, z, 3.3, (0.1, 0.2, 0.3, 0.4)) * (1.0 if street.verge != "leaves" else 1.1)
    warm = (noise(z, x, 5.1) - 0.5)[..., None] * np.array([60, 30, -10], np.float32)
    return np.where((inside | beyond)[..., None], tint * blades[..., None] + warm, color)


def _shade(x: Field, z: Field, street: Street) -> Field:
    """Dappled shade of trees and houses on a clear day, next to nothing otherwise."""
    if street.weather != "clear":
        return (0.94 + 0.1 * noise(x, z, 0.06)).astype(np.float32)
    blotch = noise(x, z, 0.09, (0.5, 0.3, 0.15, 0.05))
    depth = float(hashed(np.float32(street.salt)))
    dim = 1.06 - (0.08 + 0.34 * depth) * (np.float32(0.55) - np.clip(blotch, 0.47, 0.55)) / 0.08
    return dim.astype(np.float32)
