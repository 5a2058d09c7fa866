"""Where the citizen with the phone stands and what the phone points at, for each kind of problem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from city_workers.detection.scenes.camera import Camera
from city_workers.detection.scenes.model import Point
from city_workers.detection.scenes.street import Street

Span = tuple[float, float]


@dataclass(frozen=True)
class Stance:
    """The ranges from which a photographer's stance is drawn: radians, metres."""

    pitch: Span
    eye: Span
    yaw: Span
    reach: Span


ALONG: Span = (-0.7, 0.7)
ROUND: Span = (-3.14, 3.14)
STANCES: dict[str, Stance] = {
    "vendor_stall": Stance((0.0, 0.25), (1.35, 1.7), ALONG, (2.4, 7.5)),
    "exposed_garbage": Stance((0.1, 0.6), (1.2, 1.7), (-1.4, 0.9), (1.3, 6.0)),
    "waterlogging": Stance((0.08, 0.55), (1.2, 1.7), (-0.6, 1.1), (2.0, 9.0)),
    "damaged_manhole": Stance((0.3, 1.1), (1.0, 1.7), ROUND, (0.9, 4.5)),
    "illegal_small_ads": Stance((-0.12, 0.14), (1.25, 1.7), (-2.2, -0.9), (0.9, 3.6)),
    "misparked_vehicle": Stance((0.0, 0.18), (1.35, 1.7), ALONG, (4.2, 12.0)),
    "litter": Stance((0.25, 1.2), (0.35, 1.6), ROUND, (0.35, 4.0)),
}
CLEAN = Stance((0.0, 0.9), (1.2, 1.7), ROUND, (2.0, 9.0))


def stand(subject: str | None, street: Street, size: tuple[int, int], rng: np.random.Generator) -> Camera:
    """Take a stance from which the subject can be seen."""
    stance = STANCES.get(subject or "", CLEAN)
    wide, high = size
    eye = float(np.exp(rng.uniform(*np.log(stance.eye))))
    x = float(rng.uniform(-street.pavement_m * 0.75, min(3.5, street.road_m * 0.4)))
    if subject == "illegal_small_ads":
        x = -street.pavement_m + float(rng.uniform(0.9, min(3.6, street.pavement_m)))
    return Camera(
        width=wide,
        height=high,
        focal=max(size) * float(rng.uniform(0.68, 0.98)),
        x=x,
        eye=eye,
        yaw=float(rng.uniform(*stance.yaw)),
        pitch=float(rng.uniform(*stance.pitch)),
        roll=float(rng.normal(0, 0.045)),
    )


def on_pavement(street: Street) -> Callable[[float], bool]:
    return lambda x: -street.pavement_m + 0.35 < x < -0.3


def on_road(street: Street) -> Callable[[float], bool]:
    return lambda x: 0.4 < x < street.road_m - 0.4


def on_either(street: Street) -> Callable[[float], bool]:
    return lambda x: -street.pavement_m + 0.3 < x < street.road_m + 2.5


def find_spot(
    camera: Camera,
    fits: Callable[[float], bool],
    reach: Span,
    rng: np.random.Generator,
    *,
    middle: float = 0.72,
) -> Point | None:
    """Pick a visible spot of ground that fits and lies within reach; None when the view has none."""
    edge = (1 - middle) / 2
    for _ in range(80):
        across = rng.uniform(edge, 1 - edge) * camera.width
        down = rng.uniform(0.08, 0.95) * camera.height
        spot = camera.ground_at(float(across), float(down))
        if spot is None or not fits(spot[0]):
            continue
        if reach[0] <= float(np.hypot(spot[0] - camera.x, spot[2])) <= reach[1]:
            return spot
    return None
