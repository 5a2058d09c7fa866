"""Photos as phones take them: small ones, no two with the same bytes, and an album as cameras store it."""

from __future__ import annotations

import io
import random
from functools import cache

import numpy as np
from PIL import Image, ImageOps

from city_demo.morning.pictures import PHOTOS
from tests.journey.photos import distinct

SIZE_PX = (1280, 960)
QUALITY = 85
MOST_PICTURES = 24
LARGE_PX, SMALL_PX = (4032, 3024), (1600, 1200)  # 12 megapixels, and what a messenger leaves of them
LARGE_QUALITY, SENSOR_NOISE = 85, 7.0  # together about 3 MB
SMALL_IN = 3  # one of so many photos is a small one
HELD_SIDEWAYS_IN = 4
ALBUM = 12
_ORIENTATION, _TURNED = 0x0112, 6


def a_photo(*, after: bool, dice: random.Random) -> bytes:
    """Take any photo of a problem, or of the place put right."""
    return distinct(dice.choice(_pictures("after" if after else "before")))


@cache
def phone_photos() -> list[bytes]:
    """Take the same album each time: streets in 12 megapixels, some held sideways, some small ones."""
    streets = _pictures("before")
    return [_as_stored(streets[turn % len(streets)], turn) for turn in range(ALBUM)]


def _as_stored(street: bytes, turn: int) -> bytes:
    is_small, exif = turn % SMALL_IN == SMALL_IN - 1, Image.Exif()
    with Image.open(io.BytesIO(street)) as opened:
        image = opened.resize(SMALL_PX if is_small else LARGE_PX, Image.Resampling.BICUBIC)
    image = _grainy(image, np.random.default_rng(turn))
    if turn % HELD_SIDEWAYS_IN == 0:
        image = image.transpose(Image.Transpose.ROTATE_90)
        exif[_ORIENTATION] = _TURNED
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=LARGE_QUALITY, exif=exif)
    return buffer.getvalue()


def _grainy(image: Image.Image, dice: np.random.Generator) -> Image.Image:
    """Give a picture the grain of a sensor: without it, an enlarged one is far too easy to store."""
    pixels = np.asarray(image, np.float32)
    grain = dice.normal(0.0, SENSOR_NOISE, pixels.shape[:2]).astype(np.float32)
    return Image.fromarray(np.clip(pixels + grain[..., None], 0, 255).astype(np.uint8))


@cache
def _pictures(moment: str) -> list[bytes]:
    files = sorted(PHOTOS.glob(f"*_{moment}.jpg"))[:MOST_PICTURES]
    return [_as_jpeg(Image.open(file)) for file in files] or [_as_jpeg(_noise())]


def _noise() -> Image.Image:
    """Stand in for missing photos with something that is as hard to encode as a street."""
    return Image.effect_noise(SIZE_PX, 40).convert("RGB")


def _as_jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    ImageOps.fit(image.convert("RGB"), SIZE_PX).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
