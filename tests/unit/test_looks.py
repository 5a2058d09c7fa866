"""Photos that look alike have hashes that are close; a copy of a photo keeps its looks."""

from __future__ import annotations

import io
import random

from PIL import Image

from city_core.media.darkroom.develop import develop
from city_core.media.looks import look_distance, look_hash, says_something
from city_core.media.pictures import make_glimpse


def scene(seed: int, size: tuple[int, int] = (1280, 960)) -> Image.Image:
    chance = random.Random(seed)
    small = Image.new("RGB", (16, 12))
    small.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(16 * 12)])
    return small.resize(size, Image.Resampling.BICUBIC)


def encoded(picture: Image.Image, quality: int = 90) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def test_the_same_scene_smaller_darker_and_encoded_anew_looks_alike() -> None:
    for seed in range(20):
        first = look_hash(scene(seed))
        smaller = develop(encoded(scene(seed, (800, 600)), 60)).look_hash
        darker = look_hash(scene(seed).point(lambda value: round(value * 0.8)))
        assert look_distance(first, smaller) <= 6
        assert look_distance(first, darker) <= 6
        assert look_distance(first, look_hash(scene(seed + 100))) > 10


def test_a_hash_has_sixteen_digits_and_an_even_picture_says_nothing() -> None:
    assert look_hash(Image.new("RGB", (640, 480), "grey")) == "0" * 16
    assert not says_something("0" * 16)
    assert says_something(look_hash(scene(1)))
    assert len(look_hash(scene(2))) == 16


def test_a_glimpse_is_small_and_keeps_no_detail() -> None:
    striped = Image.new("RGB", (640, 480), "white")
    for column in range(0, 640, 8):
        striped.paste("black", (column, 0, column + 4, 480))
    glimpse = Image.open(io.BytesIO(make_glimpse(encoded(striped), longest_px=160, blur_px=5)))
    assert glimpse.size == (160, 120)
    low, high = glimpse.convert("L").crop((20, 20, 140, 100)).getextrema()
    assert high - low < 20  # the stripes are gone
