"""Paints number plates into painted streets, small and slanted, so that many can be counted.

No font with Chinese characters is at hand everywhere: the province is a made-up character of strokes. These
pictures say how small and how slanted a plate may be; what real ones do is measured on real photos.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from city_core.media.veiling import RegionKind
from city_workers.detection.scenes.compose import render_scene

SIZE = (2048, 1536)
WIDTHS_PX = (28, 44, 70, 110, 180)  # of the plates in one picture
_SCENE_SEEDS = 7_000_000
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_SIGNS = "0123456789" + _LETTERS
_PAINTS = {  # ground, signs, signs after the first two, lines
    "blue": ((22, 62, 170), "white", 5, 1),
    "new energy": ((120, 205, 150), "black", 6, 1),
    "yellow": ((240, 186, 30), "black", 5, 2),
    "police": ((238, 238, 238), "black", 5, 1),
}
_HIGH = 140
Rng = np.random.Generator


def render_plates(seed: int) -> tuple[Image.Image, dict[RegionKind, list[Sequence[float]]]]:
    """Paint a street with one plate of each width; answers it with the boxes, in shares of the picture."""
    rng = np.random.default_rng(seed)
    scene = render_scene(_SCENE_SEEDS + seed, size=(1024, 768)).image.resize(SIZE, Image.Resampling.BICUBIC)
    pixels = np.asarray(scene.convert("RGB")).copy()
    boxes: list[Sequence[float]] = []
    for place, width in enumerate(rng.permutation(WIDTHS_PX)):
        middle = (SIZE[0] * (place + 0.5) / len(WIDTHS_PX), float(rng.uniform(0.45, 0.85)) * SIZE[1])
        boxes.append(_put(pixels, _bumper(_plate(rng), rng), middle, float(width), rng))
    noisy = pixels + rng.normal(0, 4, pixels.shape)
    picture = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
    return picture.filter(ImageFilter.GaussianBlur(0.6)), {RegionKind.FACE: [], RegionKind.PLATE: boxes}


def _plate(rng: Rng) -> Image.Image:
    ground, ink, rest, lines = _PAINTS[str(rng.choice(list(_PAINTS)))]
    wide = 440 if rest == 5 else 480
    plate = Image.new("RGB", (wide, _HIGH if lines == 1 else 220), ground)
    draw = ImageDraw.Draw(plate)
    draw.rounded_rectangle((5, 5, plate.width - 6, plate.height - 6), 10, outline=ink, width=4)
    letter, signs = str(rng.choice(list(_LETTERS))), "".join(rng.choice(list(_SIGNS), rest))
    if lines == 1:
        _province(draw, (20, 25, 75, 115), ink, rng)
        step = (wide - 100) / (rest + 1)
        for number, sign in enumerate(letter + signs):
            _sign(draw, sign, (90 + step * (number + 0.5) + (8 if number else -4), _HIGH / 2), 98, ink)
    else:
        _province(draw, (120, 18, 190, 82), ink, rng)
        _sign(draw, letter, (275, 50), 76, ink)
        for number, sign in enumerate(signs):
            _sign(draw, sign, (60 + 80 * number, 148), 112, ink)
    return plate


def _province(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], ink: str, rng: Rng) -> None:
    left, top, right, bottom = box
    for share in (0.1, 0.5, 0.9):
        y = top + (bottom - top) * share
        draw.line((left + int(rng.integers(8)), y, right - int(rng.integers(8)), y), fill=ink, width=8)
    x = left + (right - left) * float(rng.uniform(0.35, 0.65))
    draw.line((x, top, x, bottom), fill=ink, width=8)
    draw.line((x, (top + bottom) / 2, left if rng.random() < 0.5 else right, bottom), fill=ink, width=8)


def _sign(draw: ImageDraw.ImageDraw, sign: str, middle: tuple[float, float], size: int, ink: str) -> None:
    draw.text(middle, sign, fill=ink, font=ImageFont.load_default(size), anchor="mm", stroke_width=2)


def _bumper(plate: Image.Image, rng: Rng) -> Image.Image:
    paint = tuple(int(part) for part in rng.integers(20, 220, 3))
    body = Image.new("RGB", (plate.width * 2, plate.height * 3), paint)
    body.paste(plate, (plate.width // 2, plate.height))
    return body


def _put(
    pixels: np.ndarray, body: Image.Image, middle: tuple[float, float], width: float, rng: Rng
) -> Sequence[float]:
    """Draw a body slanted around a middle; answers the box of the plate on it."""
    wide, high = body.size
    scale = width / (wide / 2)
    lean, drop = float(rng.uniform(-0.25, 0.25)), float(rng.uniform(-0.2, 0.2))
    squeeze = float(rng.uniform(0.7, 1.0))
    turn = np.array([[scale * squeeze, scale * lean * 0.3], [scale * drop, scale]])
    shift = np.array(middle) - turn @ np.array([wide / 2, high / 2])
    matrix = np.column_stack([turn, shift])
    small = np.asarray(body.filter(ImageFilter.GaussianBlur(max(0.0, 0.45 / scale - 0.5))))
    drawn = cv2.warpAffine(small, matrix, SIZE, flags=cv2.INTER_AREA)
    mask = cv2.warpAffine(np.full((high, wide), 255, np.uint8), matrix, SIZE)
    pixels[mask > 127] = drawn[mask > 127]
    corners = np.array([(x, y) for x in (wide / 4, wide * 3 / 4) for y in (high / 3, high * 2 / 3)])
    there = corners @ turn.T + shift
    low, extent = there.min(0) / SIZE, np.ptp(there, axis=0) / SIZE
    return [float(low[0]), float(low[1]), float(extent[0]), float(extent[1])]
