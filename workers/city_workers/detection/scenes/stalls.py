"""Sets up street stalls: tables, goods, umbrellas, carts and the vendor behind them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from city_workers.detection.scenes.bystanders import blot, cuboid, person
from city_workers.detection.scenes.model import Color, Point
from city_workers.detection.scenes.painter import Painter

GOODS: tuple[Color, ...] = (
    (206, 48, 40),
    (236, 150, 40),
    (240, 206, 60),
    (92, 160, 60),
    (120, 50, 120),
    (230, 226, 214),
    (90, 130, 200),
    (240, 120, 160),
)
CLOTHS: tuple[Color, ...] = (
    (176, 50, 50),
    (60, 100, 170),
    (200, 196, 186),
    (70, 140, 90),
    (120, 84, 54),
    (236, 190, 60),
)


def vendor_stall(painter: Painter, at: Point, rng: np.random.Generator) -> None:
    """Put one trader's stall on the ground at `at`."""
    turn = float(rng.normal(0, 0.25) + rng.choice([0, np.pi / 2]))
    with painter.problem("vendor_stall"):
        kind = rng.random()
        if rng.random() < 0.6:
            person(
                painter, (at[0] + float(rng.normal(0, 0.4)), 0.0, at[2] + float(rng.uniform(0.6, 0.9))), rng
            )
        if kind < 0.5:
            _table(painter, at, turn, rng)
        elif kind < 0.8:
            _cart(painter, at, turn, rng)
        else:
            _ground_cloth(painter, at, rng)
        if rng.random() < (0.75 if kind < 0.8 else 0.25):
            _umbrella(
                painter, (at[0] + float(rng.normal(0, 0.25)), 0.0, at[2] + float(rng.uniform(-0.1, 0.3))), rng
            )
        _crates(painter, at, rng)


def _pick(colors: tuple[Color, ...], rng: np.random.Generator) -> Color:
    return colors[int(rng.integers(len(colors)))]


def _table(painter: Painter, at: Point, turn: float, rng: np.random.Generator) -> None:
    wide, deep, high = (
        float(rng.uniform(1.1, 2.2)),
        float(rng.uniform(0.6, 0.9)),
        float(rng.uniform(0.55, 0.85)),
    )
    blot(painter, at, wide * 0.55, deep * 0.6)
    if rng.random() < 0.6:
        cuboid(painter, at, (wide, high, deep), _pick(CLOTHS, rng), turn)
    else:
        for a, b in ((-0.45, 0.4), (0.45, 0.4), (-0.45, -0.4), (0.45, -0.4)):
            foot = _turned(at, a * wide, b * deep, turn)
            painter.stroke(foot, (foot[0], high, foot[2]), 0.05, (110, 110, 112))
        cuboid(painter, (at[0], high - 0.05, at[2]), (wide, 0.06, deep), _pick(CLOTHS, rng), turn)
    _spread(painter, (at[0], high, at[2]), (wide, deep), turn, rng)


def _turned(at: Point, along: float, back: float, turn: float) -> Point:
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    return at[0] + along * cos - back * sin, at[1], at[2] + along * sin + back * cos


def _spread(
    painter: Painter, at: Point, size: tuple[float, float], turn: float, rng: np.random.Generator
) -> None:
    """Lay goods out in patches of one kind each, the far ones first."""
    columns, rows = int(rng.integers(2, 5)), int(rng.integers(1, 3))
    cells = [(c, r, _pick(GOODS, rng), rng.random() < 0.65) for c in range(columns) for r in range(rows)]
    things = []
    for column, row, color, is_round in cells:
        for _ in range(int(rng.integers(5, 12))):
            a = (column + 0.5 + rng.uniform(-0.4, 0.4)) / columns - 0.5
            b = (row + 0.5 + rng.uniform(-0.4, 0.4)) / rows - 0.5
            spot = _turned(at, float(a) * size[0], float(b) * size[1], turn)
            things.append(
                (spot, color, is_round, float(rng.uniform(0.03, 0.075)), float(rng.uniform(0.85, 1.15)))
            )
    things.sort(key=lambda thing: -painter.camera.depth(thing[0]))
    for spot, color, is_round, radius, shade in things:
        tint = (int(color[0] * shade) % 256, int(color[1] * shade) % 256, int(color[2] * shade) % 256)
        if is_round:
            painter.ball((spot[0], spot[1] + radius, spot[2]), radius, tint)
        else:
            cuboid(painter, spot, (radius * 2.6, radius * 2.2, radius * 1.6), tint, turn)


def _cart(painter: Painter, at: Point, turn: float, rng: np.random.Generator) -> None:
    """A snack cart: body on wheels, glass box, sometimes a roof with a banner."""
    wide, deep = float(rng.uniform(1.2, 1.9)), float(rng.uniform(0.7, 0.9))
    blot(painter, at, wide * 0.55, deep * 0.6)
    body = _pick(CLOTHS, rng)
    cuboid(painter, (at[0], 0.28, at[2]), (wide, 0.62, deep), body, turn)
    for along in (-0.32, 0.32):
        hub = _turned(at, along * wide, -deep / 2, turn)
        painter.ball((hub[0], 0.2, hub[2]), 0.2, (36, 36, 38))
    _spread(painter, (at[0], 0.9, at[2]), (wide * 0.9, deep * 0.8), turn, rng)
    if rng.random() < 0.6:
        for a, b in ((-0.48, 0.45), (0.48, 0.45), (-0.48, -0.45), (0.48, -0.45)):
            foot = _turned((at[0], 0.9, at[2]), a * wide, b * deep, turn)
            painter.stroke(foot, (foot[0], 1.85, foot[2]), 0.04, (170, 170, 172))
        cuboid(painter, (at[0], 1.85, at[2]), (wide * 1.1, 0.22, deep * 1.1), _pick(CLOTHS, rng), turn)


def _ground_cloth(painter: Painter, at: Point, rng: np.random.Generator) -> None:
    """Goods spread out on a cloth on the pavement."""
    wide, deep = float(rng.uniform(0.7, 1.2)), float(rng.uniform(0.5, 0.8))
    x, _, z = at
    corners = [
        (x - wide, 0.01, z + deep),
        (x + wide, 0.01, z + deep),
        (x + wide, 0.01, z - deep),
        (x - wide, 0.01, z - deep),
    ]
    painter.face(corners, _pick(CLOTHS, rng))
    _spread(painter, (x, 0.02, z), (wide * 1.8, deep * 1.8), 0.0, rng)


def _umbrella(painter: Painter, at: Point, rng: np.random.Generator) -> None:
    high, reach, drop = (
        float(rng.uniform(1.95, 2.35)),
        float(rng.uniform(0.9, 1.45)),
        float(rng.uniform(0.3, 0.5)),
    )
    painter.stroke((at[0], 0.4, at[2]), (at[0], high, at[2]), 0.04, (200, 200, 200))
    first, second = _pick(CLOTHS, rng), _pick(CLOTHS, rng)
    ribs = 8
    angles = np.linspace(0, 2 * np.pi, ribs + 1)
    tip = (at[0], high, at[2])
    panels = []
    for number, (a, b) in enumerate(pairwise(angles)):
        left = (at[0] + reach * float(np.cos(a)), high - drop, at[2] + reach * float(np.sin(a)))
        right = (at[0] + reach * float(np.cos(b)), high - drop, at[2] + reach * float(np.sin(b)))
        panels.append(
            (
                painter.camera.depth(left),
                [tip, left, right],
                first if number % 2 else second,
                0.8 + 0.25 * float(np.cos(a)),
            )
        )
    for _, panel, color, shade in sorted(panels, key=lambda item: -item[0]):
        painter.face(panel, color, shade)


def _crates(painter: Painter, at: Point, rng: np.random.Generator) -> None:
    for _ in range(int(rng.integers(0, 4))):
        spot = (
            at[0] + float(rng.choice([-1, 1]) * rng.uniform(0.8, 1.3)),
            0.0,
            at[2] + float(rng.uniform(-0.5, 0.4)),
        )
        size = float(rng.uniform(0.3, 0.5))
        cuboid(
            painter,
            spot,
            (size, size * 0.7, size * 0.8),
            _pick(((170, 136, 92), (60, 110, 180), (190, 60, 50)), rng),
            float(rng.normal(0, 0.3)),
        )
        _spread(
            painter, (spot[0], size * 0.7, spot[2]), (size * 0.8, size * 0.6), 0.0, rng
        ) if rng.random() < 0.5 else None
