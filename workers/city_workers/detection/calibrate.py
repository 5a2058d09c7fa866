"""Shifts the model's confidence so that the city's threshold cuts where it serves best.

A briefly trained model is shyer than it need be: it is right more often than its confidence says.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from city_workers.detection.dataset import VALIDATION_SEEDS
from city_workers.detection.detector import LEAST_CONFIDENCE, Detector
from city_workers.detection.labels import LABELS
from city_workers.detection.measure import FAINTEST
from city_workers.detection.samples import rendered_samples
from city_workers.detection.scoring import Tally
from city_workers.detection.weights_file import save

CALIBRATION_SEEDS = VALIDATION_SEEDS[5_000:5_080]


def calibrate(weights: Path, folder: Path) -> float:
    """Find the best cut on rendered scenes set aside for this, and rewrite the weights so that it is 0.25."""
    detector = Detector(weights, least_confidence=FAINTEST)
    tallies = [Tally(label) for label in LABELS]
    for sample in rendered_samples(folder, CALIBRATION_SEEDS):
        found = detector.look(sample.photo)
        for tally in tallies:
            tally.add(found, sample.truth)
    cut = best_cut(
        [verdict for tally in tallies for verdict in tally.verdicts], sum(t.present for t in tallies)
    )
    shift = _logit(LEAST_CONFIDENCE) - _logit(cut)
    _shift(weights, shift)
    return shift


def best_cut(verdicts: list[tuple[float, bool]], present: int) -> float:
    """The confidence at which precision and recall are best together (the largest F1)."""
    ordered = sorted(verdicts, reverse=True)
    hits = np.cumsum([hit for _, hit in ordered])
    f1 = 2 * hits / (np.arange(1, len(ordered) + 1) + present)
    return ordered[int(np.argmax(f1))][0]


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def _shift(weights: Path, shift: float) -> None:
    import torch

    saved: dict[str, Any] = torch.load(weights, map_location="cpu", weights_only=False)
    head = saved["model"].model[-1]
    for branch in head.one2one_cv3:
        branch[-1].bias.data += shift
    save(saved, weights)
