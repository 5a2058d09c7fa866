"""Makes a photo hard to read, as real ones are: night, glare, fog, rain on the lens, dirt, haste, hard shade.

Only light and sharpness change, nothing moves: the boxes of a picture stay right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Rng = np.random.Generator
Pixels = NDArray[np.floating[Any]]
Hardship = Callable[[Pixels, Rng], Pixels]


def make_hard(image: Image.Image, rng: Rng) -> Image.Image:
    """Lay one or two hardships over a picture; the same random numbers give the same picture."""
    pixels = np.asarray(image.convert("RGB"), np.float32)
    for number in rng.choice(len(HARDSHIPS), int(rng.integers(1, 3)), replace=False):
        pixels = HARDSHIPS[int(number)](pixels, rng)
    return _picture(pixels)


def _night(pixels: Pixels, rng: Rng) -> Pixels:
    """Dark, yellow or bluish from the lamps, brighter in the middle where the flash reaches, and grainy."""
    down, across = _places(pixels)
    x, y, reach = rng.uniform(0.2, 0.8), rng.uniform(0.3, 0.9), rng.uniform(0.25, 0.8)
    glow = np.exp(-((down - y) ** 2 + (across - x) ** 2) / (2 * reach**2))
    tint = np.array([1 + rng.uniform(-0.1, 0.25), 1.0, 1 - rng.uniform(-0.15, 0.35)], np.float32)
    dark = pixels * ((rng.uniform(0.12, 0.35) + rng.uniform(0.3, 0.7) * glow)[..., None] * tint)
    return _grainy(dark, float(rng.uniform(4, 12)), rng)


def _glare(pixels: Pixels, rng: Rng) -> Pixels:
    """The low sun in the lens: one side washed out."""
    down, across = _places(pixels)
    x, y = rng.uniform(-0.1, 1.1), rng.uniform(-0.2, 0.3)
    light = np.exp(-((down - y) ** 2 + (across - x) ** 2) / (2 * rng.uniform(0.2, 0.5) ** 2))
    return pixels * np.float32(rng.uniform(0.7, 1.0)) + (light * rng.uniform(60, 170))[..., None] * np.array(
        [1.0, 0.95, 0.82], np.float32
    )


def _fog(pixels: Pixels, rng: Rng) -> Pixels:
    """Grey air, thicker towards the top of the picture, which is farther away."""
    down, _ = _places(pixels)
    thick = np.clip(rng.uniform(0.2, 0.45) + (0.5 - down) * rng.uniform(0.0, 0.7), 0, 0.8)[..., None]
    return pixels * (1 - thick) + thick * np.float32(rng.uniform(150, 215))


def _drops(pixels: Pixels, rng: Rng) -> Pixels:
    """Raindrops on the lens: round spots where the picture is blurred and lifted."""
    return _through_spots(pixels, int(rng.integers(6, 30)), (0.01, 0.05), float(rng.uniform(4, 9)), 1.12, rng)


def _dirt(pixels: Pixels, rng: Rng) -> Pixels:
    """Fingerprints and dust on the lens: wide dull patches."""
    return _through_spots(pixels, int(rng.integers(2, 8)), (0.06, 0.2), float(rng.uniform(2, 5)), 0.93, rng)


def _haste(pixels: Pixels, rng: Rng) -> Pixels:
    """The phone moved: the picture is smeared along one direction."""
    long, turn = int(rng.integers(3, 13)), rng.uniform(0, np.pi)
    steps = np.linspace(-long / 2, long / 2, long)
    moved = [np.roll(pixels, (round(s * np.sin(turn)), round(s * np.cos(turn))), (0, 1)) for s in steps]
    smeared: Pixels = np.mean(moved, 0, dtype=np.float32)
    return smeared


def _hard_shade(pixels: Pixels, rng: Rng) -> Pixels:
    """The shadow of the person who takes the photo, of a wall or of branches, with a sharp edge."""
    high, wide = pixels.shape[:2]
    layer = Image.new("L", (wide, high), 0)
    ink = ImageDraw.Draw(layer)
    for _ in range(int(rng.integers(1, 7))):
        corners = [(rng.uniform(-0.3, 1.3) * wide, rng.uniform(-0.3, 1.3) * high) for _ in range(4)]
        ink.polygon(corners, fill=255)
    soft = np.asarray(layer.filter(ImageFilter.GaussianBlur(float(rng.uniform(1, 6)))), np.float32) / 255
    return pixels * (1 - soft * np.float32(rng.uniform(0.3, 0.65)))[..., None]


def _coarse(pixels: Pixels, rng: Rng) -> Pixels:
    """Sent on from chat to chat: scaled down, squeezed and scaled up again."""
    picture = _picture(pixels)
    share = rng.uniform(0.3, 0.7)
    small = picture.resize(
        (int(picture.width * share), int(picture.height * share)), Image.Resampling.BILINEAR
    )
    return _grainy(np.asarray(small.resize(picture.size), np.float32), float(rng.uniform(0, 4)), rng)


HARDSHIPS: tuple[Hardship, ...] = (_night, _glare, _fog, _drops, _dirt, _haste, _hard_shade, _coarse)


def _through_spots(
    pixels: Pixels, count: int, reach: tuple[float, float], blur: float, light: float, rng: Rng
) -> Pixels:
    high, wide = pixels.shape[:2]
    layer = Image.new("L", (wide, high), 0)
    ink = ImageDraw.Draw(layer)
    for _ in range(count):
        x, y, radius = rng.uniform(0, wide), rng.uniform(0, high), rng.uniform(*reach) * wide
        ink.ellipse((x - radius, y - radius * 0.9, x + radius, y + radius * 0.9), fill=255)
    mask = np.asarray(layer.filter(ImageFilter.GaussianBlur(wide / 200)), np.float32)[..., None] / 255
    dull = np.asarray(_picture(pixels).filter(ImageFilter.GaussianBlur(blur)), np.float32) * np.float32(light)
    return pixels * (1 - mask) + dull * mask


def _grainy(pixels: Pixels, spread: float, rng: Rng) -> Pixels:
    return pixels + rng.normal(0, spread, pixels.shape).astype(np.float32)


def _places(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """How far down and across each pixel lies, 0..1."""
    high, wide = pixels.shape[:2]
    return np.linspace(0, 1, high, dtype=np.float32)[:, None], np.linspace(0, 1, wide, dtype=np.float32)[None]


def _picture(pixels: Pixels) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
