"""Measures one model on rendered and on real photos, the same way every time; the figures are its card."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from city_workers.detection.dataset import VALIDATION_SEEDS, as_jpeg
from city_workers.detection.detector import IMAGE_SIZE_PX, LEAST_CONFIDENCE, Detector
from city_workers.detection.labels import LABELS
from city_workers.detection.samples import (
    Sample,
    example_samples,
    litter_samples,
    rendered_samples,
    scenes_mark,
)
from city_workers.detection.scenes import render_scene
from city_workers.detection.scoring import Score, Tally

FAINTEST = 0.01
SPOT_CHECK_PHOTOS = 16
LITTER = ("litter",)


@dataclass(frozen=True)
class Sets:
    """On what to measure: so many rendered scenes (kept in `folder`), real litter, the city's examples.

    Time is the median of so many `looks`.
    """

    folder: Path
    rendered: int = 200
    litter: Path | None = None
    examples: Path | None = None
    spot_check: int = SPOT_CHECK_PHOTOS
    looks: int = 30


@dataclass(frozen=True)
class Measured:
    """How a model did on one set of photos."""

    photos: int
    tallies: Mapping[str, Tally]

    def as_row(self) -> dict[str, Any]:
        scores = [tally.score(LEAST_CONFIDENCE).as_row() for tally in self.tallies.values()]
        curves = {label: tally.curve() for label, tally in self.tallies.items()}
        return {"photos": self.photos, "scores": scores, "curves": curves}


def measure(weights: Path, sets: Sets, *, image_size_px: int = IMAGE_SIZE_PX) -> dict[str, Any]:
    """Look at every photo of the sets with one thread, and write down what that says about the model."""
    detector = Detector(weights, image_size_px=image_size_px, least_confidence=FAINTEST)
    seeds = VALIDATION_SEEDS[: sets.rendered]
    rendered = _look(detector, rendered_samples(sets.folder, seeds), LABELS)
    real = _look(detector, litter_samples(sets.litter) if sets.litter else (), LITTER)
    examples = _look(detector, example_samples(sets.examples) if sets.examples else (), LABELS)
    return {
        "model": detector.model_version,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "image_size_px": image_size_px,
        "threshold": LEAST_CONFIDENCE,
        "weights_bytes": weights.stat().st_size,
        "scenes": scenes_mark(),
        "rendered": rendered.as_row(),
        "real": real.as_row(),
        "examples": examples.as_row(),
        "spot_check": spot_check(detector, sets.folder, sets.spot_check),
        "milliseconds_per_photo": milliseconds(weights, image_size_px, sets.looks),
    }


def spot_check(detector: Detector, folder: Path, photos: int = SPOT_CHECK_PHOTOS) -> dict[str, Any]:
    """Measure on the first few rendered scenes only: quick enough to be checked with every test."""
    seeds = VALIDATION_SEEDS[:photos]
    found = _look(detector, rendered_samples(folder, seeds), LABELS)
    return {"photos": found.photos, "scores": found.as_row()["scores"]}


def _look(detector: Detector, samples: Iterable[Sample], labels: Iterable[str]) -> Measured:
    tallies = {label: Tally(label) for label in labels}
    photos = 0
    for sample in samples:
        photos += 1
        found = detector.look(sample.photo)
        for label, tally in tallies.items():
            if sample.says_about(label):
                tally.add(found, sample.truth)
    return Measured(photos, tallies)


def score(detector: Detector, samples: Iterable[Sample], labels: Iterable[str]) -> list[Score]:
    """Precision and recall at the used threshold, and the threshold-free mAP50, for each label."""
    return [tally.score(LEAST_CONFIDENCE) for tally in _look(detector, samples, labels).tallies.values()]


def milliseconds(weights: Path, image_size: int, rounds: int) -> float:
    """The median time of one look on one thread, decoding included."""
    detector = Detector(weights, image_size_px=image_size, threads=1)
    scene = render_scene(VALIDATION_SEEDS[0])
    photo, times = as_jpeg(scene, 0), []
    for _ in range(rounds):
        start = time.perf_counter()
        detector.look(photo)
        times.append((time.perf_counter() - start) * 1000)
    return round(sorted(times)[rounds // 2], 1)
