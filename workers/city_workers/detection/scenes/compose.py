"""Composes a whole street photo: the street, what belongs there, the problem, and the phone's view of it."""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

import numpy as np
from PIL import Image

from city_workers.detection.labels import LABELS
from city_workers.detection.scenes import bystanders
from city_workers.detection.scenes.camera import Camera
from city_workers.detection.scenes.ground import paint_ground
from city_workers.detection.scenes.houses import paint_houses, paint_sky
from city_workers.detection.scenes.manholes import sound_cover
from city_workers.detection.scenes.model import Point, Scene
from city_workers.detection.scenes.painter import Painter
from city_workers.detection.scenes.problems import GROUND, Act, mend, stage
from city_workers.detection.scenes.small_ads import Wall, lawful_notice
from city_workers.detection.scenes.standpoint import find_spot, on_either, on_pavement, stand
from city_workers.detection.scenes.street import Street, lay_street
from city_workers.detection.scenes.vehicles import Car
from city_workers.detection.scenes.weather import through_the_phone

Rng = np.random.Generator
Draw = Callable[[Painter, Point, Rng], None]
SUBJECT_SHARES = (0.13, 0.14, 0.13, 0.13, 0.13, 0.12, 0.16, 0.06)
SIDE_PROBLEM_CHANCE = 0.1


def render_scene(
    seed: int, *, subject: str | None = None, with_problem: bool = True, size: tuple[int, int] | None = None
) -> Scene:
    """Render one street photo; the same seed always gives the same picture.

    Without `subject` the seed picks one (about one scene in sixteen shows no problem at all). With
    `with_problem=False` the same street is shown from the same spot after the problem has been dealt with.
    """
    subject = subject or _drawn_subject(_stream(seed, "subject"))
    pose = _stream(seed, "pose")
    frame = size or ((480, 640) if pose.random() < 0.35 else (640, 480))
    street = lay_street(_stream(seed, "street"))
    camera = stand(subject, street, frame, pose)
    painter = Painter(_empty_street(camera, street), camera, street.light)
    acts = _belongings(painter, street, _stream(seed, "belongings"))
    if with_problem:
        acts += _problems(painter, street, subject, seed)
    elif subject:
        acts += mend(subject, painter, street, _stream(seed, subject))
    for _, draw in sorted(acts, key=lambda act: -act[0]):
        draw()
    photo = through_the_phone(painter.image, street, _stream(seed, "phone"))
    return Scene(photo, tuple(painter.boxes()))


def _stream(seed: int, purpose: str) -> Rng:
    """Random numbers for one purpose, so that leaving the problem out changes nothing else."""
    return np.random.default_rng([seed, crc32(purpose.encode())])


def _drawn_subject(rng: Rng) -> str | None:
    number = int(rng.choice(len(LABELS) + 1, p=SUBJECT_SHARES))
    return LABELS[number] if number < len(LABELS) else None


def _empty_street(camera: Camera, street: Street) -> Image.Image:
    ground, hits = paint_ground(camera, street)
    canvas = np.where(hits[..., None], ground, paint_sky(camera, street))
    canvas = paint_houses(canvas, camera, street) * np.float32(street.light)
    return Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8))


def _problems(painter: Painter, street: Street, subject: str | None, seed: int) -> list[Act]:
    if subject is None:
        return []
    rng = _stream(seed, "problem")
    sides = [label for label in LABELS if label != subject and rng.random() < SIDE_PROBLEM_CHANCE]
    acts: list[Act] = []
    for label in [subject, *sides]:
        acts += stage(label, painter, street, _stream(seed, label))
    return acts


def _belongings(painter: Painter, street: Street, rng: Rng) -> list[Act]:
    acts = _traffic(painter, street, rng)
    acts += _scattered(painter, street, rng, bystanders.person, 0, 2, (4.0, 22.0))
    acts += _scattered(painter, street, rng, bystanders.tree, 0, 2, (5.0, 24.0))
    acts += _scattered(painter, street, rng, bystanders.pole, 0, 2, (4.5, 20.0))
    acts += _scattered(painter, street, rng, bystanders.bin_, 0, 1, (3.2, 12.0))
    acts += _scattered(painter, street, rng, bystanders.bicycle, 0, 1, (3.2, 14.0))
    acts += _scattered(painter, street, rng, bystanders.fallen_leaves, 0, 4, (0.4, 6.0), GROUND)
    acts += _scattered(painter, street, rng, sound_cover, 0, 2, (1.0, 8.0), GROUND)
    return acts + _notices(painter, street, rng)


def _scattered(
    painter: Painter,
    street: Street,
    rng: Rng,
    draw: Draw,
    least: int,
    most: int,
    reach: tuple[float, float],
    lift: float = 0.0,
) -> list[Act]:
    acts: list[Act] = []
    where = on_either(street) if lift else on_pavement(street)
    for _ in range(int(rng.integers(least, most + 1))):
        spot = find_spot(painter.camera, where, reach, rng, middle=1.0)
        own = np.random.default_rng(int(rng.integers(2**32)))
        if spot is not None:
            acts.append((painter.camera.depth(spot) + lift, lambda s=spot, o=own: draw(painter, s, o)))  # type: ignore[misc]
    return acts


def _traffic(painter: Painter, street: Street, rng: Rng) -> list[Act]:
    """Cars where cars belong: along the kerb or under way, never on the crossing."""
    acts: list[Act] = []
    for _ in range(int(rng.integers(0, 5))):
        lane = float(
            rng.choice([1.15, street.road_m - 1.15, street.road_m * 0.3 + 0.6, street.road_m * 0.7 - 0.6])
        )
        z = float(rng.uniform(4.5, 32) * rng.choice([1, -1], p=[0.8, 0.2]))
        own = np.random.default_rng(int(rng.integers(2**32)))
        at = (lane, 0.0, z)
        clear = abs(z - street.crossing_z - 1.5) > 4.5 and abs(lane - painter.camera.x) + abs(z) / 6 > 1.6
        if clear and painter.camera.depth(at) > 3.2:
            heading = float(rng.choice([0, np.pi]) + rng.normal(0, 0.03))
            acts.append((painter.camera.depth(at), lambda a=at, h=heading, o=own: Car(a, h, o).draw(painter)))  # type: ignore[misc]
    return acts


def _notices(painter: Painter, street: Street, rng: Rng) -> list[Act]:
    acts: list[Act] = []
    for _ in range(int(rng.integers(0, 3))):
        wall = Wall((-street.pavement_m + 0.005, 0.0, float(rng.uniform(-4, 8))), (0.0, 1.0))
        own = np.random.default_rng(int(rng.integers(2**32)))
        acts.append((GROUND + 1, lambda w=wall, o=own: lawful_notice(painter, w, 0.0, o)))  # type: ignore[misc]
    return acts
