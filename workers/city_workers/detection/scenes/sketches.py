"""Small flat pictures drawn from nothing: crumpled bags, bottles, cans, cups, paper, handbills."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from city_workers.detection.scenes.model import Color

Rng = np.random.Generator


@lru_cache(maxsize=16)
def digits_font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def blank(wide: int, high: int) -> Image.Image:
    return Image.new("RGBA", (wide, high), (0, 0, 0, 0))


def some(colors: tuple[Color, ...], rng: Rng, spread: float = 14) -> Color:
    red, green, blue = (
        int(np.clip(part + rng.normal(0, spread), 0, 255)) for part in colors[int(rng.integers(len(colors)))]
    )
    return red, green, blue


def shaded(color: Color, by: float, alpha: int = 255) -> tuple[int, int, int, int]:
    red, green, blue = (int(np.clip(part * by, 0, 255)) for part in color)
    return red, green, blue, alpha


def ragged_outline(wide: int, high: int, rng: Rng, rough: float = 0.16) -> list[tuple[float, float]]:
    """A lumpy closed outline that fills the given frame."""
    count = int(rng.integers(9, 18))
    angles = np.sort(rng.uniform(0, 2 * np.pi, count))
    reach = 1 - rough + rng.uniform(-rough, rough, count)
    return [
        (wide / 2 * (1 + r * float(np.cos(a))), high / 2 * (1 + r * float(np.sin(a))))
        for a, r in zip(angles, reach, strict=True)
    ]


def creased(patch: Image.Image, rng: Rng, folds: int, strength: float = 0.35) -> Image.Image:
    """Fold light and dark facets into a flat patch, as crumpled film or paper has them."""
    wide, high = patch.size
    layer = Image.new("L", patch.size, 128)
    ink = ImageDraw.Draw(layer)
    for _ in range(folds):
        x, y = rng.uniform(0, wide), rng.uniform(0, high)
        corners = [(x + rng.normal(0, wide * 0.2), y + rng.normal(0, high * 0.2)) for _ in range(3)]
        ink.polygon(corners, fill=int(np.clip(128 + rng.normal(0, 128 * strength), 20, 240)))
    layer = layer.filter(ImageFilter.GaussianBlur(max(patch.size) / 90))
    rgb = np.asarray(patch.convert("RGB"), np.float32) * (np.asarray(layer, np.float32)[..., None] / 128)
    result = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8)).convert("RGBA")
    result.putalpha(patch.getchannel("A"))
    return result


def rounded(patch: Image.Image, across: bool = True) -> Image.Image:
    """Shade a patch as if it were a cylinder lying on its side, with one bright streak."""
    wide, high = patch.size
    span = np.linspace(-1, 1, high if across else wide, dtype=np.float32)
    light = (
        0.55
        + 0.55 * np.sqrt(np.clip(1 - (span + 0.25) ** 2, 0, 1))
        + 0.5 * np.exp(-((span + 0.4) ** 2) / 0.01)
    )
    field = np.repeat(light[:, None], wide, 1) if across else np.repeat(light[None], high, 0)
    rgb = np.asarray(patch.convert("RGB"), np.float32) * field[..., None]
    result = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8)).convert("RGBA")
    result.putalpha(patch.getchannel("A"))
    return result


def scribble(patch: Image.Image, frame: tuple[int, int, int, int], color: Color, rng: Rng, cell: int) -> None:
    """Fill a frame with made-up writing: short strokes in a grid, legible to nobody."""
    ink = ImageDraw.Draw(patch)
    left, top, right, bottom = frame
    for y in range(top, bottom - cell + 1, int(cell * 1.25)):
        for x in range(left, right - cell + 1, int(cell * 1.12)):
            for _ in range(int(rng.integers(3, 7))):
                a, b = rng.uniform(0, cell, 2)
                flat = rng.random() < 0.55
                end = (x + (cell if flat else a), y + (b if flat else cell))
                ink.line(
                    [(x + (0 if flat else a), y + (b if flat else 0)), end],
                    fill=(*color, 255),
                    width=max(1, cell // 8),
                )


def see_through(patch: Image.Image, opacity: float) -> Image.Image:
    patch.putalpha(ImageChops.multiply(patch.getchannel("A"), Image.new("L", patch.size, int(255 * opacity))))
    return patch
