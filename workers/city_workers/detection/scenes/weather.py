"""What stands between a street and its photo: light, rain, the phone's lens, noise and haste."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from city_workers.detection.scenes.street import Street


def through_the_phone(image: Image.Image, street: Street, rng: np.random.Generator) -> Image.Image:
    """Give a rendered street the look of a hurried phone photo."""
    image = _rain(image, rng) if street.weather == "rain" else image
    image = _blur(image, rng)
    pixels = np.asarray(image, np.float32) * _white_balance(street, rng)
    pixels = _toned(pixels, rng) * _vignette(image.size, rng)[..., None]
    if street.weather == "dusk":
        pixels = _lamps(pixels, rng)
    spread = rng.uniform(1.0, 4.5) + (5.0 if street.weather == "dusk" else 0.0)
    pixels += rng.normal(0, spread, pixels.shape).astype(np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _white_balance(street: Street, rng: np.random.Generator) -> NDArray[np.float32]:
    warm = street.warmth + rng.normal(0, 0.03)
    return np.array([1 + warm, 1.0, 1 - warm], np.float32) * np.float32(rng.uniform(0.9, 1.1))


def _toned(pixels: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    gamma, contrast = rng.uniform(0.85, 1.2), rng.uniform(0.85, 1.2)
    curve = 255 * (np.clip(pixels, 0, 255) / 255) ** gamma
    grey = curve.mean(-1, keepdims=True)
    colorful = grey + (curve - grey) * rng.uniform(0.7, 1.25)
    toned: NDArray[np.float32] = ((colorful - 118) * contrast + 118).astype(np.float32)
    return toned


def _vignette(size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    wide, high = size
    down, across = np.mgrid[-1 : 1 : high * 1j, -1 : 1 : wide * 1j]
    falloff: NDArray[np.float32] = (1 - rng.uniform(0, 0.22) * (down**2 + across**2) / 2).astype(np.float32)
    return falloff


def _lamps(pixels: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    high, wide = pixels.shape[:2]
    down, across = np.mgrid[0:high, 0:wide].astype(np.float32)
    for _ in range(int(rng.integers(1, 4))):
        x, y, reach = rng.uniform(0, wide), rng.uniform(0, high * 0.7), rng.uniform(0.1, 0.3) * wide
        glow = np.exp(-((down - y) ** 2 + (across - x) ** 2) / (2 * reach**2))
        pixels = pixels + glow[..., None] * np.array([48, 36, 12], np.float32)
    return pixels


def _rain(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    layer = Image.new("L", image.size, 0)
    ink = ImageDraw.Draw(layer)
    lean, long = rng.uniform(-5, 5), image.height * rng.uniform(0.02, 0.05)
    for _ in range(int(rng.integers(40, 160))):
        x, y = rng.uniform(0, image.width), rng.uniform(0, image.height)
        ink.line([(x, y), (x + lean, y + long)], fill=int(rng.uniform(30, 90)))
    image = image.copy()
    image.paste((215, 220, 226), (0, 0), layer)
    return image


def _blur(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    radius = float(rng.choice([0.0, 0.4, 0.8, 1.4], p=[0.3, 0.35, 0.25, 0.1])) * max(image.size) / 640
    return image.filter(ImageFilter.GaussianBlur(radius)) if radius else image
