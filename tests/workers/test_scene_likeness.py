"""Scenes are told apart by what is in them, not by light, standpoint or crop."""

from __future__ import annotations

import io

from PIL import Image

from city_workers.evidence.likeness import likeness, points_of
from tests.integration.cases.evidence.test_comparing import from_elsewhere, street


def jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def test_a_scene_is_itself_from_elsewhere_and_no_other() -> None:
    before = points_of(jpeg(street(1)))
    assert likeness(before, points_of(jpeg(from_elsewhere(street(1))))) == 1.0
    others = [likeness(before, points_of(jpeg(street(seed)))) for seed in range(2, 12)]
    assert max(value for value in others if value is not None) < 0.25


def test_a_wall_before_tells_nothing_and_a_wall_after_is_another_scene() -> None:
    wall, scene = points_of(jpeg(Image.new("RGB", (640, 480), "grey"))), points_of(jpeg(street(1)))
    assert likeness(wall, scene) is None
    assert likeness(scene, wall) == 0.0


def test_what_is_no_picture_has_no_points() -> None:
    for broken in (b"", b"\xff\xd8\xff no picture", jpeg(street(1))[:300]):
        assert not points_of(broken).tell_something
