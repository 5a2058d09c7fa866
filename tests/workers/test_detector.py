"""The detector: loads the shipped weights, names what unseen scenes show, and refuses what is no picture."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from city_workers.detection.calibrate import best_cut
from city_workers.detection.detector import LEAST_CONFIDENCE, Box, Detector, UnreadablePicture
from city_workers.detection.labels import LABELS
from city_workers.detection.scenes import Scene, SceneBox, render_scene
from city_workers.detection.scoring import Tally, overlap
from city_workers.detection.weights_file import WEIGHTS

SMALL = (480, 360)
UNSEEN_SEEDS = range(5_000_000, 5_000_018)
LEAST_SHARE_NAMED = 0.4  # measured: 27 of 55
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(WEIGHTS)


def jpeg(scene: Scene) -> bytes:
    buffer = io.BytesIO()
    scene.image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def test_the_shipped_weights_are_small_and_know_the_labels(detector: Detector) -> None:
    assert WEIGHTS.stat().st_size <= 12 * 1024 * 1024
    assert detector.labels == LABELS


def test_the_model_version_names_the_very_file(detector: Detector) -> None:
    name, digest = detector.model_version.split("+")
    assert name.startswith("yiwang-street-n-")
    assert len(digest) == 8 and int(digest, 16) >= 0


def test_the_shipped_weights_carry_no_path_of_the_machine_that_trained_them() -> None:
    content = WEIGHTS.read_bytes()
    for trace in (str(Path.cwd()).encode(), b"/home/", b"/root/", b"/tmp/", b"optimizer"):
        assert trace not in content


def test_unseen_scenes_are_mostly_named_rightly(detector: Detector) -> None:
    scenes = [scene for scene in (render_scene(seed, size=SMALL) for seed in UNSEEN_SEEDS) if scene.boxes]
    named = sum(_names_the_largest(detector, scene) for scene in scenes)
    assert named / len(scenes) >= LEAST_SHARE_NAMED


def _names_the_largest(detector: Detector, scene: Scene) -> bool:
    largest = max(scene.boxes, key=lambda box: box.width * box.height)
    return any(
        found.label == largest.label and overlap(found, largest) >= 0.5
        for found in detector.look(jpeg(scene))
    )


def test_findings_are_sorted_and_lie_inside_the_picture(detector: Detector) -> None:
    for seed in range(5_100_000, 5_100_004):
        found = detector.look(jpeg(render_scene(seed, size=SMALL)))
        assert [box.confidence for box in found] == sorted((box.confidence for box in found), reverse=True)
        for box in found:
            assert box.confidence >= LEAST_CONFIDENCE
            assert box.x >= 0 and box.x + box.width <= 1.0001
            assert box.y >= 0 and box.y + box.height <= 1.0001


@pytest.mark.parametrize("garbage", [b"", b"not a picture", b"\xff\xd8\xff\xe0" + bytes(200)])
def test_bytes_that_are_no_picture_are_refused(detector: Detector, garbage: bytes) -> None:
    with pytest.raises(UnreadablePicture):
        detector.look(garbage)


def test_a_truncated_photo_is_refused(detector: Detector) -> None:
    whole = jpeg(render_scene(5_100_009, size=(320, 240)))
    with pytest.raises(UnreadablePicture, match="cannot be decoded"):
        detector.look(whole[: len(whole) // 2])


PROBE = """
import sys
from city_workers.detection.calibrate import best_cut
from city_workers.detection.detector import Detector
from city_workers.detection.weights_file import WEIGHTS
import io
from city_workers.detection.scenes import render_scene
photo = io.BytesIO()
render_scene(1, size=(320, 240)).image.save(photo, 'JPEG')
Detector(WEIGHTS).look(photo.getvalue())
from ultralytics.utils import SETTINGS, events
print('torchvision' in sys.modules, SETTINGS['sync'], events.events.enabled)
"""


def test_a_prediction_neither_imports_torchvision_nor_reports_home_nor_prints(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "workers"), "YOLO_CONFIG_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", PROBE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout.strip()) == (0, "False False False"), run.stderr


def test_the_tally_counts_each_truth_once() -> None:
    tally = Tally("litter")
    truth = (SceneBox("litter", 0.1, 0.1, 0.2, 0.2), SceneBox("litter", 0.6, 0.6, 0.2, 0.2))
    twice = [Box("litter", 0.9, 0.1, 0.1, 0.2, 0.2), Box("litter", 0.8, 0.11, 0.1, 0.2, 0.2)]
    tally.add(twice, truth)
    score = tally.score(0.25)
    assert (score.present, score.reported, score.precision, score.recall) == (2, 2, 0.5, 0.5)
    assert score.map50 == 0.5


def test_the_best_cut_keeps_the_hits_and_drops_the_misses() -> None:
    verdicts = [(0.9, True), (0.2, True), (0.15, True), (0.1, False), (0.05, False)]
    assert best_cut(verdicts, present=4) == 0.15
