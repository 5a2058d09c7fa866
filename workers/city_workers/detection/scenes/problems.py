"""Stages one problem of each kind in a street, where such a problem is found."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from city_workers.detection.scenes.bystanders import cuboid
from city_workers.detection.scenes.garbage import exposed_garbage
from city_workers.detection.scenes.litter import litter
from city_workers.detection.scenes.manholes import damaged_manhole, sound_cover
from city_workers.detection.scenes.model import Point
from city_workers.detection.scenes.painter import Painter
from city_workers.detection.scenes.small_ads import Wall, illegal_small_ads
from city_workers.detection.scenes.stalls import vendor_stall
from city_workers.detection.scenes.standpoint import STANCES, find_spot, on_either, on_pavement, on_road
from city_workers.detection.scenes.street import Street
from city_workers.detection.scenes.vehicles import Car
from city_workers.detection.scenes.water import waterlogging

Rng = np.random.Generator
Act = tuple[float, Callable[[], None]]
GROUND = 1000.0
SHARE_ON_BOXES = 0.25


def stage(label: str, painter: Painter, street: Street, rng: Rng) -> list[Act]:
    """Prepare a problem: acts of painting with the distance at which each is to be painted."""
    return STAGERS[label](painter, street, rng)


def mend(label: str, painter: Painter, street: Street, rng: Rng) -> list[Act]:
    """What stands on the spot once the problem is solved: a sound cover, a clean switch box, or nothing."""
    if label == "damaged_manhole":
        return _manhole(painter, street, rng, sound_cover)
    if label == "illegal_small_ads" and rng.random() < SHARE_ON_BOXES:
        return _ads_on_box(painter, street, rng, with_ads=False)
    return []


def _placed(
    painter: Painter, spot: Point | None, draw: Callable[[Point], None], lift: float = 0.0
) -> list[Act]:
    return [] if spot is None else [(painter.camera.depth(spot) + lift, lambda: draw(spot))]


def _stall(painter: Painter, street: Street, rng: Rng) -> list[Act]:
    spot = find_spot(painter.camera, on_pavement(street), STANCES["vendor_stall"].reach, rng)
    return _placed(painter, spot, lambda at: vendor_stall(painter, at, rng))


def _garbage(painter: Painter, street: Street, rng: Rng) -> list[Act]:
    where = on_pavement(street) if rng.random() < 0.75 else on_either(street)
    spot = find_spot(painter.camera, where, STANCES["exposed_garbage"].reach, rng)
    return _placed(painter, spot, lambda at: exposed_garbage(painter, at, rng))


def _water(painter: Painter, street: Street, rng: Rng) -> list[Act]:
    where = on_road(street) if rng.random() < 0.8 else on_either(street)
    spot = find_spot(painter.camera, where, STANCES["waterlogging"].reach, rng)
    reach = (float(rng.uniform(0.7, 2.4)), float(rng.uniform(0.9, 4.0)))
    return _placed(painter, spot, lambda at: waterlogging(painter, at, reach, rng), 2 * GROUND)


def _manhole(
    painter: Painter, street: Street, rng: Rng, draw: Callable[[Painter, Point, Rng], None] = damaged_manhole
) -> list[Act]:
    spot = find_spot(painter.camera, on_either(street), STANCES["damaged_manhole"].reach, rng)
    return _placed(painter, spot, lambda at: draw(painter, at, rng), GROUND)


def _ads(painter: Painter, street: Street, rng: Rng) -> list[Act]:
    if rng.random() < SHARE_ON_BOXES:
        return _ads_on_box(painter, street, rng)
    camera = painter.camera
    wall_x = -street.pavement_m + 0.01
    slope = float(np.sin(camera.yaw))
    if slope > -0.2:
        return []
    middle = (wall_x - camera.x) / slope * float(np.cos(camera.yaw))
    wall = Wall((wall_x, 0.0, middle + float(rng.normal(0, 0.3))), (0.0, 1.0))
    spread = float(rng.uniform(0.25, 1.1))
    return [(GROUND, lambda: illegal_small_ads(painter, wall, rng, spread))]


def _ads_on_box(painter: Painter, street: Street, rng: Rng, *, with_ads: bool = True) -> list[Act]:
    """Ads on a switch box or a thick pole, which stands between the camera and the wall."""
    camera = painter.camera
    away = float(rng.uniform(0.9, 2.6))
    x, z = camera.x + away * float(np.sin(camera.yaw)), away * float(np.cos(camera.yaw))
    half = float(rng.choice([0.16, 0.5]))
    high = 2.6 if half < 0.3 else float(rng.uniform(1.3, 1.9))
    along = (float(np.cos(camera.yaw)), -float(np.sin(camera.yaw)))
    grey = int(rng.uniform(90, 190))

    def draw() -> None:
        cuboid(painter, (x, 0.0, z), (half * 2.1, high, half), (grey, grey + 4, grey), -camera.yaw)
        front = half / 2 + 0.02
        face = (x - front * float(np.sin(camera.yaw)), 0.0, z - front * float(np.cos(camera.yaw)))
        if with_ads:
            illegal_small_ads(painter, Wall(face, along), rng, half * 0.9)

    return [(away, draw)]


def _car(painter: Painter, street: Street, rng: Rng) -> list[Act]:
    camera = painter.camera
    ahead = street.crossing_z + 1.5
    if rng.random() < 0.25 and 5 < ahead < 14:
        at: Point | None = (
            float(rng.uniform(1.2, street.road_m - 1.5)),
            0.0,
            ahead + float(rng.normal(0, 0.6)),
        )
        heading = float(rng.choice([0, np.pi]) + rng.normal(0, 0.1))
    else:
        at = find_spot(camera, on_pavement(street), STANCES["misparked_vehicle"].reach, rng)
        heading = float(
            rng.choice([0, np.pi / 2, np.pi, -np.pi / 2, 0.5], p=[0.32, 0.2, 0.22, 0.16, 0.1])
            + rng.normal(0, 0.15)
        )

    def draw(spot: Point) -> None:
        with painter.problem("misparked_vehicle"):
            Car(spot, heading, rng).draw(painter)

    return _placed(painter, at, draw)


def _litter(painter: Painter, street: Street, rng: Rng) -> list[Act]:
    camera = painter.camera
    many = int(rng.integers(1, 4)) if rng.random() < 0.6 else int(rng.integers(3, 10))
    reach = STANCES["litter"].reach
    acts: list[Act] = []
    for _ in range(many):
        grown = float(rng.uniform(0.85, 1.25))
        spot = find_spot(camera, lambda x: True, reach, rng, middle=0.92)
        if spot is not None:
            near = camera.depth(spot)
            piece = np.random.default_rng(int(rng.integers(2**32)))
            acts.append((near, lambda s=spot, g=grown, p=piece: litter(painter, s, p, grown=g)))  # type: ignore[misc]
    return acts


STAGERS: dict[str, Callable[[Painter, Street, Rng], list[Act]]] = {
    "vendor_stall": _stall,
    "exposed_garbage": _garbage,
    "waterlogging": _water,
    "damaged_manhole": _manhole,
    "illegal_small_ads": _ads,
    "misparked_vehicle": _car,
    "litter": _litter,
}
