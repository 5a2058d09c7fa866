"""Sticks illegal small ads on walls and poles, and hangs up lawful notices beside them."""

from __future__ import annotations

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
    scribble,
    shaded,
    some,
)

BILLS: tuple[Color, ...] = (
    (238, 238, 232),
    (242, 216, 70),
    (232, 120, 150),
    (120, 190, 220),
    (230, 90, 60),
    (160, 210, 130),
)
INKS: tuple[Color, ...] = ((190, 20, 24), (24, 24, 28), (20, 40, 140))


def made_up_number(rng: Rng) -> str:
    """A string of digits that looks like a phone number and can be none: it starts with 000."""
    return "000" + "".join(str(digit) for digit in rng.integers(0, 10, 8))


def _bill(rng: Rng) -> tuple[Image.Image, float]:
    wide, high = (220, 300) if rng.random() < 0.6 else (280, 180)
    patch = blank(wide, high)
    ink = ImageDraw.Draw(patch)
    paper, writing = some(BILLS, rng), some(INKS, rng)
    ink.rectangle((0, 0, wide, high), fill=shaded(paper, 1.0))
    if rng.random() < 0.4:
        ink.rectangle((0, 0, wide, high * 0.26), fill=shaded(some(INKS, rng), 1.2))
    scribble(
        patch, (16, 14, wide - 14, int(high * 0.3)), some(INKS if rng.random() < 0.5 else BILLS, rng), rng, 44
    )
    scribble(patch, (16, int(high * 0.36), wide - 14, int(high * 0.74)), writing, rng, 20)
    ink.text((10, high * 0.8), made_up_number(rng), fill=(*writing, 255), font=digits_font(32))
    if rng.random() < 0.4:
        ink.polygon(
            [(wide, high), (wide - rng.uniform(10, 90), high), (wide, high - rng.uniform(10, 90))],
            fill=(0, 0, 0, 0),
        )
    return creased(patch, rng, int(rng.integers(0, 14)), 0.12), float(rng.uniform(0.12, 0.36))


def _remains(rng: Rng) -> tuple[Image.Image, float]:
    """What is left of a bill that someone has scraped off."""
    patch = blank(160, 160)
    ImageDraw.Draw(patch).polygon(
        ragged_outline(160, 160, rng, 0.4), fill=shaded(some(BILLS, rng), 0.95, 235)
    )
    scribble(patch, (40, 50, 120, 110), (120, 120, 120), rng, 22)
    return patch, float(rng.uniform(0.08, 0.2))


def _sprayed(rng: Rng) -> tuple[Image.Image, float]:
    patch = blank(520, 150)
    color = some(((20, 22, 26), (180, 24, 28), (24, 60, 160)), rng)
    ink = ImageDraw.Draw(patch)
    scribble(patch, (10, 10, int(rng.uniform(140, 280)), 66), color, rng, 56)
    ink.text((6, 78), made_up_number(rng), fill=(*color, 225), font=digits_font(62), stroke_width=2)
    return patch.rotate(float(rng.normal(0, 4)), expand=True), float(rng.uniform(0.6, 1.3))


class Wall:
    """The flat place where ads are stuck: an origin, a direction along it, and how high its middle is."""

    def __init__(self, origin: Point, along: tuple[float, float]) -> None:
        self.origin, self.along = origin, along

    def corners(self, shift: float, y: float, wide: float, high: float, turn: float) -> list[Point]:
        cos, sin = float(np.cos(turn)), float(np.sin(turn))
        square = ((-wide / 2, high / 2), (wide / 2, high / 2), (wide / 2, -high / 2), (-wide / 2, -high / 2))
        spots = [(shift + a * cos - b * sin, y + a * sin + b * cos) for a, b in square]
        return [
            (self.origin[0] + self.along[0] * t, up, self.origin[2] + self.along[1] * t) for t, up in spots
        ]


def illegal_small_ads(painter: Painter, wall: Wall, rng: Rng, spread: float = 1.0) -> None:
    """Stick a cluster of ads on a wall; `spread` is the half-width of the cluster in metres."""
    with painter.problem("illegal_small_ads"):
        middle = float(rng.uniform(1.0, 1.7))
        makers = [_bill] * int(rng.integers(2, 9)) + [_remains] * int(rng.integers(0, 4))
        makers += [_sprayed] * int(rng.random() < 0.45 and spread > 0.4)
        if rng.random() < 0.12 and spread > 0.4:
            makers = [_sprayed] * int(rng.integers(1, 3))
        for number in rng.permutation(len(makers)):
            patch, wide = makers[int(number)](rng)
            wide = min(wide, spread * 1.8)
            high = wide * patch.height / patch.width
            turn = float(rng.normal(0, 0.08))
            corners = wall.corners(
                float(rng.uniform(-spread, spread)) * 0.7,
                middle + float(rng.normal(0, 0.28)),
                wide,
                high,
                turn,
            )
            painter.sticker(patch, corners, float(rng.uniform(0.85, 1.1)))


def lawful_notice(painter: Painter, wall: Wall, shift: float, rng: Rng) -> None:
    """Hang a framed notice board or a house-number plate, as the city allows."""
    patch = blank(300, 200)
    ink = ImageDraw.Draw(patch)
    if rng.random() < 0.5:
        color: Color = [(24, 76, 160), (28, 110, 66), (150, 30, 34)][int(rng.integers(3))]
        ink.rounded_rectangle((0, 0, 299, 199), 16, fill=(*color, 255), outline=(240, 240, 240, 255), width=8)
        scribble(patch, (40, 50, 260, 150), (245, 245, 245), rng, 76)
        wide = float(rng.uniform(0.4, 1.0))
    else:
        ink.rectangle((0, 0, 299, 199), fill=(206, 208, 210, 255), outline=(96, 100, 106, 255), width=14)
        scribble(patch, (50, 40, 250, 165), (70, 70, 80), rng, 18)
        wide = float(rng.uniform(0.9, 1.6))
    painter.sticker(patch, wall.corners(shift, float(rng.uniform(1.5, 2.0)), wide, wide * 2 / 3, 0.0))
