"""Paints what belongs in a street and is no problem: trees, poles, people, bins, lawful signs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from city_workers.detection.scenes.model import Color, Point
from city_workers.detection.scenes.painter import Painter

CLOTHES: tuple[Color, ...] = (
    (40, 44, 60),
    (150, 40, 42),
    (70, 100, 150),
    (190, 186, 178),
    (60, 90, 66),
    (200, 160, 60),
)


def cuboid(
    painter: Painter, at: Point, size: tuple[float, float, float], color: Color, turn: float = 0.0
) -> None:
    """Paint a box standing at `at` (centre of its foot); `size` is width, height, depth in metres."""
    wide, high, deep = size
    cos, sin = float(np.cos(turn)), float(np.sin(turn))

    def corner(a: float, b: float, up: float) -> Point:
        return (
            at[0] + a * wide / 2 * cos - b * deep / 2 * sin,
            at[1] + up,
            at[2] + a * wide / 2 * sin + b * deep / 2 * cos,
        )

    ring = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    sides = [
        [corner(a, b, 0), corner(c, d, 0), corner(c, d, high), corner(a, b, high)]
        for (a, b), (c, d) in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]
    shades = (0.78, 0.95, 0.7, 0.86)
    order = sorted(range(4), key=lambda n: -painter.camera.depth(_middle(sides[n])))
    for number in order:
        painter.face(sides[number], color, shades[number])
    if painter.camera.eye > at[1] + high:
        painter.face([corner(a, b, high) for a, b in ring], color, 1.1)


def _middle(points: list[Point]) -> Point:
    x, y, z = (float(part) for part in np.mean(points, axis=0))
    return x, y, z


def blot(painter: Painter, at: Point, reach_x: float, reach_z: float, by: float = 0.35) -> None:
    """The soft dark patch where a thing meets the ground."""
    ring = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    painter.darken(
        [(at[0] + reach_x * float(np.cos(a)), 0.0, at[2] + reach_z * float(np.sin(a))) for a in ring], by
    )


def tree(painter: Painter, at: Point, rng: np.random.Generator) -> None:
    high = float(rng.uniform(2.4, 3.6))
    painter.stroke(at, (at[0], high, at[2]), float(rng.uniform(0.14, 0.26)), (88, 70, 54))
    green = (int(rng.uniform(50, 90)), int(rng.uniform(95, 135)), int(rng.uniform(40, 70)))
    for _ in range(int(rng.integers(14, 26))):
        dx, dy, dz = rng.normal(0, 0.6, 3)
        painter.ball((at[0] + dx, high + 0.8 + dy, at[2] + dz), float(rng.uniform(0.25, 0.6)), green)


def pole(painter: Painter, at: Point, rng: np.random.Generator) -> None:
    grey = int(rng.uniform(90, 180))
    high = float(rng.uniform(3, 6))
    painter.stroke(at, (at[0], high, at[2]), float(rng.uniform(0.08, 0.2)), (grey, grey, grey))
    if rng.random() < 0.5:
        plate: Color = [(32, 84, 170), (30, 120, 70), (220, 220, 216)][int(rng.integers(3))]
        wide = float(rng.uniform(0.3, 0.6))
        y = high - 0.7
        painter.face(
            [
                (at[0] - wide, y, at[2]),
                (at[0] + wide, y, at[2]),
                (at[0] + wide, y + 0.5, at[2]),
                (at[0] - wide, y + 0.5, at[2]),
            ],
            plate,
        )


def person(painter: Painter, at: Point, rng: np.random.Generator) -> None:
    top, legs = (CLOTHES[int(rng.integers(len(CLOTHES)))] for _ in range(2))
    tall, stride = float(rng.uniform(1.55, 1.82)), float(rng.uniform(0.02, 0.22))
    blot(painter, at, 0.3, 0.25, 0.25)
    for side in (-1, 1):
        foot = (at[0] + side * 0.09, 0.0, at[2] + side * stride)
        painter.stroke(foot, (at[0] + side * 0.07, tall * 0.5, at[2]), 0.15, legs)
        hand = (at[0] + side * 0.28, tall * 0.5, at[2] - side * stride)
        painter.stroke((at[0] + side * 0.2, tall * 0.8, at[2]), hand, 0.1, top)
    painter.stroke((at[0], tall * 0.48, at[2]), (at[0], tall * 0.83, at[2]), 0.4, top)
    painter.ball((at[0], tall - 0.11, at[2]), 0.12, (202, 160, 130))
    painter.ball((at[0], tall - 0.06, at[2] + 0.02), 0.11, (40, 34, 30))


def bin_(painter: Painter, at: Point, rng: np.random.Generator) -> None:
    """A closed litter bin with nothing beside it: as it should be."""
    color: Color = [(46, 96, 62), (52, 74, 120), (110, 112, 116), (150, 60, 48)][int(rng.integers(4))]
    blot(painter, at, 0.45, 0.4)
    turn = float(rng.uniform(-0.5, 0.5))
    cuboid(painter, at, (0.6, 0.95, 0.55), color, turn)
    cuboid(
        painter, (at[0], 0.95, at[2]), (0.66, 0.09, 0.62), (color[0] // 2, color[1] // 2, color[2] // 2), turn
    )


def bicycle(painter: Painter, at: Point, rng: np.random.Generator) -> None:
    """A rental bicycle on its stand; small enough to be no one's vehicle case here."""
    color: Color = [(240, 190, 40), (60, 160, 210), (60, 180, 90), (60, 60, 64)][int(rng.integers(4))]
    heading = float(rng.uniform(0, np.pi))
    cos, sin = float(np.cos(heading)), float(np.sin(heading))

    def spot(along: float, up: float) -> Point:
        return at[0] + along * cos, up, at[2] + along * sin

    for hub in (-0.5, 0.5):
        ring = [
            spot(hub + 0.32 * float(np.cos(a)), 0.33 + 0.32 * float(np.sin(a)))
            for a in np.linspace(0, 2 * np.pi, 13)
        ]
        for start, end in pairwise(ring):
            painter.stroke(start, end, 0.035, (40, 40, 44))
    frame = [spot(-0.5, 0.33), spot(-0.1, 0.35), spot(0.35, 0.75), spot(-0.2, 0.75), spot(-0.5, 0.33)]
    for start, end in pairwise(frame):
        painter.stroke(start, end, 0.05, color)
    painter.stroke(spot(0.5, 0.33), spot(0.32, 1.0), 0.04, (60, 60, 60))
    painter.stroke(spot(-0.3, 0.88), spot(-0.08, 0.9), 0.08, (30, 30, 30))


def fallen_leaves(painter: Painter, at: Point, rng: np.random.Generator) -> None:
    """Scatter leaves and pebbles: small things on the ground that are no litter."""
    autumn: Color = [(150, 110, 50), (120, 86, 44), (170, 140, 60), (96, 110, 50), (130, 126, 118)][
        int(rng.integers(5))
    ]
    for _ in range(int(rng.integers(4, 30))):
        x, z = at[0] + float(rng.normal(0, 0.6)), at[2] + float(rng.normal(0, 0.6))
        size, turn = float(rng.uniform(0.012, 0.05)), float(rng.uniform(0, np.pi))
        ring = [(1.0, 0.0), (0.3, 0.45), (-0.5, 0.4), (-1.0, 0.0), (-0.4, -0.45), (0.4, -0.4)]
        cos, sin = float(np.cos(turn)), float(np.sin(turn))
        leaf = [(x + size * (a * cos - b * sin), 0.0, z + size * (a * sin + b * cos)) for a, b in ring]
        painter.face(leaf, autumn, float(rng.uniform(0.7, 1.25)))
