"""Rendered scenes: the same seed gives the same street, and boxes tell where its problems are."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from city_workers.detection.labels import LABELS
from city_workers.detection.scenes import render_report_photo, render_scene
from city_workers.detection.scenes.export_demo_photos import ORIENTATION, SIDEWAYS
from city_workers.detection.scenes.small_ads import made_up_number

SMALL = (320, 240)
DEMO_PHOTOS = Path(__file__).parents[2] / "seed" / "demo" / "photos"


def test_the_same_seed_gives_the_same_scene() -> None:
    first, second = render_scene(42, size=SMALL), render_scene(42, size=SMALL)
    assert first.boxes == second.boxes
    assert np.array_equal(np.asarray(first.image), np.asarray(second.image))


def test_another_seed_gives_another_scene() -> None:
    first, second = render_scene(42, size=SMALL), render_scene(43, size=SMALL)
    assert not np.array_equal(np.asarray(first.image), np.asarray(second.image))


@pytest.mark.parametrize("seed", range(12))
def test_boxes_lie_inside_the_picture_and_carry_known_labels(seed: int) -> None:
    for box in render_scene(seed, size=SMALL).boxes:
        assert box.label in LABELS
        assert box.width > 0 and box.height > 0
        assert box.x >= 0 and box.y >= 0
        assert box.x + box.width <= 1.0001 and box.y + box.height <= 1.0001


@pytest.mark.parametrize("label", LABELS)
def test_a_scene_with_a_subject_mostly_shows_it(label: str) -> None:
    shown = [
        any(box.label == label for box in render_scene(seed, subject=label, size=SMALL).boxes)
        for seed in range(6)
    ]
    assert sum(shown) >= 3


def test_the_scene_after_the_work_is_done_shows_no_problem_and_the_same_street() -> None:
    before = render_scene(7_003, subject="exposed_garbage", size=SMALL)
    after = render_scene(7_003, subject="exposed_garbage", size=SMALL, with_problem=False)
    assert after.boxes == ()
    alike = np.abs(np.asarray(before.image, int) - np.asarray(after.image, int)).max(-1) == 0
    assert 0.4 < alike.mean() < 1.0


def test_a_report_photo_is_a_jpeg_of_the_asked_size() -> None:
    photo = render_report_photo("damaged_manhole", 3, size=(640, 480))
    with Image.open(io.BytesIO(photo)) as image:
        assert (image.format, image.size) == ("JPEG", (640, 480))


def test_a_report_photo_of_an_unknown_problem_is_refused() -> None:
    with pytest.raises(ValueError, match="no such street problem: 'ufo'; known are vendor_stall"):
        render_report_photo("ufo", 1)


def test_numbers_on_rendered_ads_can_be_nobodys() -> None:
    assert all(made_up_number(np.random.default_rng(seed)).startswith("000") for seed in range(20))


def test_the_demo_photos_are_complete_small_and_paired() -> None:
    before = sorted(DEMO_PHOTOS.glob("*_before.jpg"))
    assert len(before) == 12
    for path in before:
        after = path.with_name(path.name.replace("_before", "_after"))
        assert after.exists()
        assert max(path.stat().st_size, after.stat().st_size) <= 200_000


def test_one_demo_photo_is_stored_sideways_and_knows_its_place() -> None:
    label, number = SIDEWAYS
    with Image.open(DEMO_PHOTOS / f"{label}_{number}_before.jpg") as image:
        exif = image.getexif()
        assert exif[ORIENTATION] == 6
        assert image.size == (960, 1280)
        degrees, minutes, _ = exif.get_ifd(0x8825)[2]
        assert (int(degrees), int(minutes)) == (36, 48)
