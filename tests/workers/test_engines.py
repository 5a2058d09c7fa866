"""Torch and ONNX find the same, alone and in batches; ONNX does so without torch."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from city_workers.detection.detector import Box, Detector
from city_workers.detection.engines.choose import EngineMissing, open_engine
from city_workers.detection.engines.finds import read_finds
from city_workers.detection.engines.pictures import prepare
from city_workers.detection.figures import measured_figures
from city_workers.detection.scenes import render_scene
from city_workers.detection.scoring import overlap
from city_workers.detection.weights_file import WEIGHTS

ROOT = Path(__file__).parents[2]
SHAPES = ((640, 480), (480, 640), (640, 360), (500, 500), (320, 240), (123, 77))
FAINT = 0.1  # more finds to compare than at the city's own threshold


def jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


@pytest.fixture(scope="module")
def photos() -> list[bytes]:
    scenes = [render_scene(6_200_000 + turn, size=SHAPES[turn % 4]).image for turn in range(8)]
    noise = np.random.default_rng(3).integers(0, 255, (480, 640, 3), np.uint8)
    synthetic = [Image.new("RGB", shape, "grey") for shape in SHAPES] + [Image.fromarray(noise)]
    return [jpeg(image) for image in (*scenes, *synthetic)]


@pytest.fixture(scope="module")
def with_torch() -> Detector:
    return Detector(engine="torch", least_confidence=FAINT)


@pytest.fixture(scope="module")
def with_onnx() -> Detector:
    return Detector(engine="onnx", least_confidence=FAINT)


def assert_same(some: list[Box], others: list[Box]) -> None:
    assert len(some) == len(others)
    left = list(others)
    for one in some:
        twin = max(left, key=lambda box: (box.label == one.label) * overlap(one, box))
        assert twin.label == one.label and overlap(one, twin) > 0.95
        assert twin.confidence == pytest.approx(one.confidence, abs=0.005)
        left.remove(twin)


def test_both_engines_give_the_same_boxes(
    photos: list[bytes], with_torch: Detector, with_onnx: Detector
) -> None:
    assert with_onnx.labels == with_torch.labels
    assert with_onnx.model_version == with_torch.model_version
    found = 0
    for photo in photos:
        some, others = with_torch.look(photo), with_onnx.look(photo)
        assert_same(some, others)
        found += len(some)
    assert found >= 8, "photos that show something"


@pytest.mark.parametrize("engine", ["with_torch", "with_onnx"])
def test_a_batch_finds_what_single_looks_find(
    photos: list[bytes], engine: str, request: pytest.FixtureRequest
) -> None:
    detector: Detector = request.getfixturevalue(engine)
    together = detector.look_at_all([detector.prepared(photo) for photo in photos])
    for photo, found in zip(photos, together, strict=True):
        assert_same(detector.look(photo), found)


def test_a_file_of_other_weights_is_not_used(tmp_path: Path) -> None:
    other = tmp_path / "other.pt"
    shutil.copy(WEIGHTS, other)
    onnx = WEIGHTS.with_suffix(".onnx")
    assert open_engine(other, onnx, wanted="onnx").name == "onnx on cpu"
    other.write_bytes(WEIGHTS.read_bytes() + b" ")
    with pytest.raises(EngineMissing):
        open_engine(other, onnx, wanted="onnx")
    with pytest.raises(EngineMissing):
        open_engine(WEIGHTS, tmp_path / "none.onnx", wanted="onnx")


def test_boxes_of_networks_with_doubles_are_cleared() -> None:
    picture = prepare(np.zeros((320, 320, 3), np.uint8), 320)
    table = np.array(
        [[100, 102, 240], [100, 100, 240], [60, 60, 40], [60, 60, 40], [0.9, 0.8, 0.7], [0.0, 0.0, 0.3]],
        np.float32,
    )
    found = read_finds(table, picture, ("a", "b"), 0.25, is_free_of_doubles=False)
    assert [(box.label, round(box.confidence, 1)) for box in found] == [("a", 0.9), ("a", 0.7), ("b", 0.3)]
    assert found[0].x == pytest.approx(70 / 320) and found[0].width == pytest.approx(60 / 320)


PROBE = """
import sys
from city_workers.detection.detector import Detector
from city_workers.detection.scenes import render_scene
import io
photo = io.BytesIO()
render_scene(1, size=(320, 240)).image.save(photo, 'JPEG')
Detector(engine='onnx').look(photo.getvalue())
print([name for name in ('torch', 'torchvision', 'ultralytics', 'onnx') if name in sys.modules])
"""


def test_onnx_looks_without_torch() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "workers")}
    run = subprocess.run(
        [sys.executable, "-c", PROBE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout.strip()) == (0, "[]"), run.stderr


def test_figures_on_real_photos_go_before_those_on_rendered_ones() -> None:
    def score(label: str, precision: float) -> dict[str, object]:
        return {"label": label, "present": 50, "reported": 40, "precision": precision, "recall": 0.5}

    card = {
        "model": "m-1",
        "rendered": {"scores": [score("litter", 0.9), score("stall", 0.8)]},
        "real": {"scores": [score("litter", 0.6)]},
    }
    assert measured_figures(card, "m-1") == {
        "litter": {"precision": 0.6, "recall": 0.5, "samples": 40, "on": "REAL"},
        "stall": {"precision": 0.8, "recall": 0.5, "samples": 40, "on": "RENDERED"},
    }
    assert measured_figures(card, "m-2") == {} == measured_figures(None, "m-1")
