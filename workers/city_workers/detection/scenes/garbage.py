"""Piles up exposed garbage: bags, cartons and loose refuse outside any bin."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from city_workers.detection.scenes.bystanders import bin_, blot, cuboid
from city_workers.detection.scenes.litter import litter
from city_workers.detection.scenes.model import Color, Point
from city_workers.detection.scenes.painter import Painter
from city_workers.detection.scenes.sketches import Rng, blank, creased, ragged_outline, shaded, some

BAGS: tuple[Color, ...] = (
    (34, 34, 38),
    (48, 50, 58),
    (220, 220, 222),
    (176, 50, 52),
    (60, 100, 170),
    (90, 130, 80),
    (214, 196, 150),
)


def bag_patch(rng: Rng) -> Image.Image:
    """One tied bag, standing, seen from the side."""
    wide, high = 200, int(rng.uniform(150, 230))
    patch = blank(wide, high)
    ink = ImageDraw.Draw(patch)
    color = some(BAGS, rng)
    lump = [(x, y * 0.84 + high * 0.16) for x, y in ragged_outline(wide, high, rng, 0.1)]
    ink.polygon(lump, fill=shaded(color, 1.0))
    neck = wide * float(rng.uniform(0.38, 0.62))
    ink.polygon(
        [
            (neck - 40, high * 0.3),
            (neck - 10, high * 0.1),
            (neck - 26, 0),
            (neck + 24, 2),
            (neck + 10, high * 0.1),
            (neck + 40, high * 0.3),
        ],
        fill=shaded(color, 0.85),
    )
    patch = creased(patch, rng, int(rng.integers(24, 50)), 0.5)
    shine = ImageDraw.Draw(patch)
    for _ in range(int(rng.integers(3, 9))):
        x, y = wide * rng.uniform(0.25, 0.7), high * rng.uniform(0.3, 0.75)
        if patch.getpixel((int(x), int(y)))[3]:  # type: ignore[index]
            shine.line(
                (x, y, x + rng.normal(0, 16), y + rng.uniform(6, 30)), fill=shaded(color, 1.9), width=3
            )
    return patch


def exposed_garbage(painter: Painter, at: Point, rng: Rng) -> None:
    """Leave a heap of garbage at `at`, now and then beside an overfull bin."""
    if rng.random() < 0.35:
        bin_(painter, (at[0] + float(rng.choice([-0.8, 0.8])), 0.0, at[2] + 0.5), rng)
    reach = float(rng.uniform(0.25, 0.9))
    blot(painter, at, reach * 1.3, reach * 0.8, 0.4)
    with painter.problem("exposed_garbage"):
        _stain(painter, at, reach, rng)
        spots = [
            (at[0] + float(rng.normal(0, reach * 0.55)), at[2] + float(rng.normal(0, reach * 0.3)))
            for _ in range(int(rng.integers(3, 6 + int(reach * 9))))
        ]
        for x, z in sorted(spots, key=lambda spot: -painter.camera.depth((spot[0], 0.0, spot[1]))):
            _thing(painter, (x, 0.0, z), rng)
        for _ in range(int(rng.integers(0, 6))):
            drop = (at[0] + float(rng.normal(0, reach * 0.7)), 0.0, at[2] + float(rng.normal(0, reach * 0.5)))
            litter(painter, drop, rng, owned=False)


def _stain(painter: Painter, at: Point, reach: float, rng: Rng) -> None:
    patch = blank(160, 160)
    ImageDraw.Draw(patch).polygon(
        ragged_outline(160, 160, rng, 0.25), fill=(52, 46, 38, int(rng.uniform(60, 105)))
    )
    x, _, z = at
    painter.sticker(
        patch,
        [
            (x - reach, 0.0, z + reach),
            (x + reach, 0.0, z + reach),
            (x + reach, 0.0, z - reach * 0.7),
            (x - reach, 0.0, z - reach * 0.7),
        ],
    )


def _thing(painter: Painter, at: Point, rng: Rng) -> None:
    kind = rng.random()
    if kind < 0.68:
        _stand(painter, bag_patch(rng), at, float(rng.uniform(0.28, 0.62)), rng)
    elif kind < 0.86:
        size = float(rng.uniform(0.2, 0.5))
        tilt = float(rng.uniform(0, np.pi))
        cuboid(
            painter,
            at,
            (size, size * float(rng.uniform(0.4, 0.9)), size * 0.8),
            some(((176, 138, 92), (196, 160, 116)), rng),
            tilt,
        )
    else:
        plank = some(((120, 90, 60), (150, 150, 150), (90, 110, 130)), rng)
        end = (
            at[0] + float(rng.normal(0, 0.5)),
            float(rng.uniform(0.05, 0.6)),
            at[2] + float(rng.normal(0, 0.3)),
        )
        painter.stroke((at[0], 0.05, at[2]), end, float(rng.uniform(0.04, 0.14)), plank)


def _stand(painter: Painter, patch: Image.Image, at: Point, wide: float, rng: Rng) -> None:
    """Stand a flat patch up so that it faces the camera."""
    right = painter.camera.rotation[0]
    back = painter.camera.rotation[2]
    high = wide * patch.height / patch.width * float(rng.uniform(0.75, 1.05))
    lean = float(np.clip(-back[1], 0, 0.9)) * high
    dx, dz = float(right[0]) * wide / 2, float(right[2]) * wide / 2
    flat = float(np.hypot(back[0], back[2])) or 1.0
    push = (float(back[0]) / flat * lean, float(back[2]) / flat * lean)
    x, y, z = at
    top = high * float(np.sqrt(max(0.1, 1 - min(0.9, -float(back[1])) ** 2)))
    corners = [
        (x - dx + push[0], y + top, z - dz + push[1]),
        (x + dx + push[0], y + top, z + dz + push[1]),
        (x + dx, y, z + dz),
        (x - dx, y, z - dz),
    ]
    painter.sticker(patch, corners, float(rng.uniform(0.8, 1.15)))
