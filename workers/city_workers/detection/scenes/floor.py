"""Rendered ground seen from above and near: grass, straw, leaves, gravel, sand, asphalt, slabs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from city_workers.detection.scenes.model import Color
from city_workers.detection.scenes.noise import noise
from city_workers.detection.scenes.sketches import Rng, ragged_outline, some

Pixels = NDArray[np.float32]
GREENS: tuple[Color, ...] = ((84, 120, 46), (118, 146, 62), (60, 92, 36), (150, 160, 84))
STRAWS: tuple[Color, ...] = ((176, 156, 112), (146, 122, 84), (204, 188, 146), (110, 90, 62))
LEAVES: tuple[Color, ...] = ((150, 96, 40), (122, 76, 38), (186, 140, 52), (98, 66, 42), (168, 118, 70))
STONES: tuple[Color, ...] = ((150, 146, 140), (118, 112, 106), (178, 170, 158), (96, 92, 90), (146, 120, 100))
EARTHS: tuple[Color, ...] = ((98, 78, 58), (74, 60, 46), (128, 106, 80), (112, 108, 104), (86, 86, 88))


def floor(
    size: tuple[int, int], rng: Rng
) -> tuple[Image.Image, Callable[[Image.Image, tuple[int, int, int, int]], None]]:
    """A patch of ground, and a brush that strews some of the same stuff over a frame of it."""
    kind = str(
        rng.choice(
            ["grass", "straw", "leaves", "gravel", "bare", "slabs"], p=[0.2, 0.12, 0.2, 0.14, 0.24, 0.1]
        )
    )
    image = _earth(size, rng, kind)
    scale = float(rng.uniform(0.6, 1.8))
    if kind == "slabs":
        _joints(image, rng)
    everything = (0, 0, *size)
    count = {"grass": 3200, "straw": 1500, "leaves": 260, "gravel": 900, "bare": 60, "slabs": 30}[
        kind
    ] / scale**1.5
    strew(image, everything, kind, int(count * rng.uniform(0.5, 1.2)), scale, rng)
    if rng.random() < 0.5:
        strew(image, everything, "leaves", int(rng.integers(2, 40)), scale, rng)

    def brush(over: Image.Image, frame: tuple[int, int, int, int]) -> None:
        strew(over, frame, kind, int(rng.integers(3, 40 if kind in ("grass", "straw") else 6)), scale, rng)

    image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.0))))
    return _lit(image, rng), brush


def _earth(size: tuple[int, int], rng: Rng, kind: str) -> Image.Image:
    wide, high = size
    down, across = np.mgrid[0:high, 0:wide].astype(np.float32)
    salt = np.float32(rng.uniform(0, 5000))
    base = np.array(
        some(
            {"grass": GREENS[2:3], "gravel": STONES}.get(kind, EARTHS if rng.random() < 0.6 else STONES), rng
        ),
        np.float32,
    )
    coarse = noise(down + salt, across, float(rng.uniform(0.0006, 0.003)), (0.4, 0.3, 0.2, 0.1))
    fine = noise(across + salt, down, float(rng.uniform(0.002, 0.008)), (0.0, 0.1, 0.3, 0.6))
    field = 1 + (coarse - 0.5) * rng.uniform(0.2, 0.7) + (fine - 0.5) * rng.uniform(0.3, 1.0)
    grain = rng.normal(0, rng.uniform(2, 14), (high, wide, 1)).astype(np.float32)
    return Image.fromarray(np.clip(base * field[..., None] + grain, 0, 255).astype(np.uint8))


def _joints(image: Image.Image, rng: Rng) -> None:
    ink = ImageDraw.Draw(image)
    step, lean = int(rng.integers(60, 240)), float(rng.uniform(-0.6, 0.6))
    for a in range(-image.width, 2 * image.width, step):
        ink.line(
            (a, 0, a + lean * image.height, image.height), fill=(70, 68, 64), width=int(rng.integers(2, 5))
        )
        ink.line(
            (0, a, image.width, a - lean * image.width), fill=(70, 68, 64), width=int(rng.integers(2, 5))
        )


def strew(
    image: Image.Image, frame: tuple[int, int, int, int], kind: str, count: int, scale: float, rng: Rng
) -> None:
    """Strew blades, stalks, leaves or stones over a frame of the picture."""
    ink = ImageDraw.Draw(image)
    left, top, right, bottom = frame
    for x, y in zip(rng.uniform(left, right, count), rng.uniform(top, bottom, count), strict=True):
        shade = float(rng.uniform(0.55, 1.3))
        if kind in ("grass", "straw"):
            tint = _dimmed(some(GREENS if kind == "grass" else STRAWS, rng, 10), shade)
            turn = rng.normal(-1.57, 0.7) if kind == "grass" else rng.uniform(0, 6.28)
            long = scale * rng.uniform(10, 34) * (1.0 if kind == "grass" else 1.8)
            end = (x + long * np.cos(turn), y + long * np.sin(turn))
            ink.line([(x, y), end], fill=tint, width=max(1, int(scale * rng.uniform(1, 3.2))))
        else:
            _lump(ink, (x, y), kind, scale, shade, rng)


def _lump(
    ink: ImageDraw.ImageDraw, at: tuple[float, float], kind: str, scale: float, shade: float, rng: Rng
) -> None:
    leafy = kind == "leaves"
    long = int(scale * rng.uniform(12, 46) if leafy else scale * rng.uniform(3, 22)) + 3
    short = max(3, int(long * rng.uniform(0.35, 0.8)))
    turn = rng.uniform(0, 6.28)
    cos, sin = np.cos(turn), np.sin(turn)
    outline = [
        (
            (x - long / 2) * cos - (y - short / 2) * sin + at[0],
            (x - long / 2) * sin + (y - short / 2) * cos + at[1],
        )
        for x, y in ragged_outline(long, short, rng, 0.15)
    ]
    tint = _dimmed(some(LEAVES if leafy else STONES, rng), shade)
    ink.polygon([(x + 2 * scale, y + 2 * scale) for x, y in outline], fill=(34, 30, 26))
    ink.polygon(outline, fill=tint)
    if leafy:
        ink.line(
            [
                (at[0] - long / 2 * cos, at[1] - long / 2 * sin),
                (at[0] + long / 2 * cos, at[1] + long / 2 * sin),
            ],
            fill=_dimmed(tint, 0.75),
            width=1,
        )


def _dimmed(color: Color, by: float) -> Color:
    red, green, blue = (int(min(255, part * by)) for part in color)
    return red, green, blue


def _lit(image: Image.Image, rng: Rng) -> Image.Image:
    """Fall of light: even, sloping, or broken by shadows."""
    down, across = np.mgrid[0 : image.height, 0 : image.width].astype(np.float32)
    slope = (
        1
        + (across / image.width - 0.5) * rng.uniform(-0.4, 0.4)
        + (down / image.height - 0.5) * rng.uniform(-0.4, 0.4)
    )
    if rng.random() < 0.35:
        patchy = noise(down + rng.uniform(0, 900), across, 0.0012, (0.6, 0.3, 0.1, 0.0))
        slope = slope * np.where(patchy > 0.5, 1.05, rng.uniform(0.5, 0.85))
    return Image.fromarray(np.clip(np.asarray(image) * slope[..., None], 0, 255).astype(np.uint8))
