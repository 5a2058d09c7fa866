"""Drops litter: bottles, cans, cups, bags, paper, boxes and wrappers, as they lie about."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from city_workers.detection.scenes.model import Color, Point
from city_workers.detection.scenes.painter import Painter
from city_workers.detection.scenes.sketches import (
    Rng,
    blank,
    creased,
    digits_font,
    ragged_outline,
    rounded,
    scribble,
    see_through,
    shaded,
    some,
)

PLASTICS: tuple[Color, ...] = (
    (190, 206, 214),
    (110, 160, 96),
    (214, 220, 220),
    (96, 140, 190),
    (130, 90, 50),
)
PRINTS: tuple[Color, ...] = (
    (204, 36, 40),
    (40, 90, 180),
    (30, 140, 80),
    (238, 190, 40),
    (236, 236, 232),
    (60, 60, 64),
    (230, 120, 40),
)
PAPERS: tuple[Color, ...] = ((236, 234, 228), (214, 206, 190), (190, 160, 120), (222, 222, 230))
FILMS: tuple[Color, ...] = (
    (236, 236, 238),
    (206, 214, 220),
    (210, 60, 60),
    (70, 130, 200),
    (50, 52, 56),
    (240, 200, 80),
)


def _bottle(rng: Rng) -> tuple[Image.Image, float]:
    long, thick = 256, int(rng.uniform(66, 96))
    patch = blank(long, thick)
    ink = ImageDraw.Draw(patch)
    body, cap = some(PLASTICS, rng), some(PRINTS, rng)
    neck, mid = thick * 0.17, thick / 2
    ink.rounded_rectangle((0, 0, long * 0.72, thick - 1), thick // 4, fill=shaded(body, 0.95))
    ink.polygon(
        [(long * 0.68, 1), (long * 0.86, mid - neck), (long * 0.86, mid + neck), (long * 0.68, thick - 2)],
        fill=shaded(body, 1.0),
    )
    ink.rectangle((long * 0.85, mid - neck, long * 0.92, mid + neck), fill=shaded(body, 0.85))
    if rng.random() < 0.75:
        ink.rectangle((long * 0.9, mid - neck * 1.2, long * 0.985, mid + neck * 1.2), fill=shaded(cap, 0.9))
    for x in np.arange(0.06, 0.66, 0.07):
        ink.line((long * x, 0, long * x, thick), fill=shaded(body, 0.8), width=3)
    if rng.random() < 0.65:
        label = some(PRINTS, rng)
        ink.rectangle((long * 0.2, 0, long * 0.5, thick), fill=shaded(label, 1.0))
        scribble(patch, (int(long * 0.24), 8, int(long * 0.48), thick - 6), some(PAPERS, rng), rng, 20)
    patch = creased(rounded(patch), rng, int(rng.integers(0, 14)), 0.3)
    return see_through(patch, float(rng.uniform(0.72, 1.0))), float(rng.uniform(0.19, 0.28))


def _can(rng: Rng) -> tuple[Image.Image, float]:
    long, thick = 200, 108
    patch = blank(long, thick)
    ink = ImageDraw.Draw(patch)
    color = some(PRINTS, rng)
    ink.rounded_rectangle((8, 0, long - 9, thick - 1), 10, fill=shaded(color, 1.0))
    ink.rectangle((8, 3, 18, thick - 4), fill=(190, 192, 196, 255))
    ink.ellipse(
        (long - 30, 2, long - 2, thick - 3), fill=(186, 188, 192, 255), outline=(120, 120, 124, 255), width=3
    )
    scribble(patch, (40, 20, 150, 90), some(PAPERS, rng), rng, 30)
    return creased(rounded(patch), rng, int(rng.integers(0, 16)), 0.4), float(rng.uniform(0.11, 0.16))


def _cup(rng: Rng) -> tuple[Image.Image, float]:
    long, thick = 200, 130
    patch = blank(long, thick)
    ink = ImageDraw.Draw(patch)
    color = some((*PAPERS, *PRINTS[:3]), rng)
    ink.polygon([(0, 22), (long * 0.86, 0), (long * 0.86, thick), (0, thick - 22)], fill=shaded(color, 1.0))
    ink.ellipse(
        (long * 0.74, 0, long * 0.98, thick - 1),
        fill=shaded(color, 0.55),
        outline=shaded(color, 1.15),
        width=5,
    )
    scribble(patch, (40, 40, 120, 96), some(PRINTS, rng), rng, 36)
    patch = creased(rounded(patch), rng, int(rng.integers(0, 10)), 0.25)
    if rng.random() < 0.35:
        ImageDraw.Draw(patch).line((long * 0.5, 40, long - 4, 6), fill=(*some(PRINTS, rng), 255), width=7)
    return patch, float(rng.uniform(0.11, 0.17))


def _paper(rng: Rng) -> tuple[Image.Image, float]:
    wide, high = 200, int(rng.uniform(90, 200))
    patch = blank(wide, high)
    ImageDraw.Draw(patch).polygon(ragged_outline(wide, high, rng, 0.24), fill=shaded(some(PAPERS, rng), 1.0))
    if rng.random() < 0.4:
        scribble(patch, (40, 30, 160, high - 30), (90, 90, 96), rng, 14)
        patch.putalpha(patch.getchannel("A"))
    return creased(patch, rng, int(rng.integers(10, 40)), 0.25), float(rng.uniform(0.08, 0.3))


def _film(rng: Rng) -> tuple[Image.Image, float]:
    wide, high = 220, int(rng.uniform(110, 220))
    patch = blank(wide, high)
    ink = ImageDraw.Draw(patch)
    color = some(FILMS, rng)
    ink.polygon(ragged_outline(wide, high, rng, 0.3), fill=shaded(color, 1.0))
    if rng.random() < 0.4:
        x, y = wide * rng.uniform(0.3, 0.6), high * rng.uniform(0.3, 0.6)
        ink.ellipse((x, y, x + 50, y + 36), fill=shaded(some(PRINTS, rng), 1.0))
    patch = creased(patch, rng, int(rng.integers(24, 60)), 0.42)
    return see_through(patch, float(rng.uniform(0.75, 1.0))), float(rng.uniform(0.15, 0.42))


def _wrapper(rng: Rng) -> tuple[Image.Image, float]:
    wide, high = 200, int(rng.uniform(60, 140))
    patch = blank(wide, high)
    ink = ImageDraw.Draw(patch)
    color = some(PRINTS, rng)
    zigzag = [(0 if n % 2 else 8, high * n / 10) for n in range(11)]
    ink.polygon(
        [*zigzag, *[(wide - (1 if n % 2 else 9), high * n / 10) for n in range(10, -1, -1)]],
        fill=shaded(color, 1.0),
    )
    ink.ellipse((wide * 0.25, high * 0.2, wide * 0.7, high * 0.8), fill=shaded(some(PRINTS, rng), 1.0))
    ink.text(
        (wide * 0.3, high * 0.3),
        "".join(rng.choice(list("AEKMOSTXZ"), 4)),
        fill=(250, 250, 250, 255),
        font=digits_font(34),
    )
    return creased(patch, rng, int(rng.integers(8, 34)), 0.4), float(rng.uniform(0.08, 0.22))


def _box(rng: Rng) -> tuple[Image.Image, float]:
    """A food box, a flattened carton or a cigarette packet, seen at a slant."""
    patch = blank(220, 190)
    ink = ImageDraw.Draw(patch)
    color = some(((236, 236, 230), (188, 150, 104), *PRINTS[:4]), rng)
    lean, rise = rng.uniform(10, 50), rng.uniform(24, 90)
    ink.polygon(
        [(lean, 0), (219, rng.uniform(0, 20)), (219 - lean, 189 - rise), (0, 180 - rise)],
        fill=shaded(color, 1.08),
    )
    ink.polygon(
        [(0, 180 - rise), (219 - lean, 189 - rise), (219 - lean, 189), (0, 180)], fill=shaded(color, 0.72)
    )
    ink.polygon(
        [(219, 10), (219 - lean, 189 - rise), (219 - lean, 189), (219, 10 + rise)], fill=shaded(color, 0.55)
    )
    if rng.random() < 0.6:
        scribble(patch, (60, 30, 150, int(160 - rise)), some(PRINTS, rng), rng, 26)
    return creased(patch, rng, int(rng.integers(0, 18)), 0.25), float(rng.uniform(0.09, 0.3))


MAKERS: tuple[Callable[[Rng], tuple[Image.Image, float]], ...] = (
    _bottle,
    _can,
    _cup,
    _paper,
    _film,
    _wrapper,
    _box,
)
SHARES = (0.26, 0.14, 0.13, 0.12, 0.15, 0.12, 0.08)


def litter_patch(rng: Rng) -> tuple[Image.Image, float]:
    """One piece of litter as a flat picture, and its longer side in metres."""
    maker = MAKERS[int(rng.choice(len(MAKERS), p=SHARES))]
    return maker(rng)


def litter(painter: Painter, at: Point, rng: Rng, *, grown: float = 1.0, owned: bool = True) -> None:
    """Drop one piece of litter at `at`; `grown` enlarges it for views from farther away."""
    patch, length = litter_patch(rng)
    length *= grown
    aspect = patch.height / patch.width
    turn = float(rng.uniform(0, 2 * np.pi))
    lift = length * aspect * float(rng.uniform(0.0, 0.35))
    painter.darken(_square(at, length * 0.92, aspect, turn, 0.0, length * 0.06), 0.3)
    corners = _square(at, length, aspect, turn, lift, 0.0)
    shade = float(rng.uniform(0.8, 1.15))
    if not owned:
        painter.sticker(patch, corners, shade)
        return
    with painter.problem("litter"):
        painter.sticker(patch, corners, shade)


def _square(at: Point, length: float, aspect: float, turn: float, lift: float, shift: float) -> list[Point]:
    cos, sin = float(np.cos(turn)), float(np.sin(turn))

    def corner(a: float, b: float, up: float) -> Point:
        along, across = a * length / 2, b * length * aspect / 2
        return at[0] + along * cos - across * sin + shift, up, at[2] + along * sin + across * cos - shift

    return [corner(-1, 1, lift), corner(1, 1, lift), corner(1, -1, 0.004), corner(-1, -1, 0.004)]
