"""Photos as phones take them, 1280 by 960, no two with the same bytes."""

from __future__ import annotations

import io
import random
from functools import cache

from PIL import Image, ImageOps

from city_demo.morning.pictures import PHOTOS
from tests.journey.photos import distinct

SIZE_PX = (1280, 960)
QUALITY = 85
MOST_PICTURES = 24


def a_photo(*, after: bool, dice: random.Random) -> bytes:
    """Take any photo of a problem, or of the place put right."""
    return distinct(dice.choice(_pictures("after" if after else "before")))


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
