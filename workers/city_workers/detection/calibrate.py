"""Shifts the model's confidence so that the city's threshold cuts where it serves best.

A briefly trained model is shyer than it need be: it is right more often than its confidence says.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from city_workers.detection.dataset import VALIDATION_SEEDS, labels_of
from city_workers.detection.detector import LEAST_CONFIDENCE, Detector
from city_workers.detection.labels import LABELS
from city_workers.detection.measure import FAINTEST
from city_workers.detection.samples import Sample, rendered_samples, truths
from city_workers.detection.scoring import Tally
from city_workers.detection.weights_file import save

CALIBRATION_SEEDS = VALIDATION_SEEDS[5_000:5_080]


def calibrate(weights: Path, folder: Path, photos: Sequence[Path] = ()) -> dict[str, float]:
    """Rewrite the weights so that the best cut of each label is 0.25; answers how far each was shifted.

    The best cut is found on rendered scenes set aside for this, one for all labels together; the one of
    litter on real photos, where some were held out of the training for it.
    """
    detector = Detector(weights, least_confidence=FAINTEST)
    cut = _cut(detector, rendered_samples(folder, CALIBRATION_SEEDS), LABELS)
    cuts = dict.fromkeys(LABELS, cut)
    if photos:
        cuts["litter"] = _cut(detector, held_out_samples(photos), ("litter",))
    shifts = {label: _logit(LEAST_CONFIDENCE) - _logit(cut) for label, cut in cuts.items()}
    _shift(weights, [shifts[label] for label in LABELS])
    return shifts


def held_out_samples(photos: Iterable[Path]) -> Iterator[Sample]:
    """Real litter photos that a training left out, with what is on them."""
    for photo in photos:
        yield Sample(photo.read_bytes(), truths(labels_of(photo), ("litter",)))


def _cut(detector: Detector, samples: Iterable[Sample], labels: tuple[str, ...]) -> float:
    tallies = [Tally(label) for label in labels]
    for sample in samples:
        found = detector.look(sample.photo)
        for tally in tallies:
            tally.add(found, sample.truth)
    verdicts = [verdict for tally in tallies for verdict in tally.verdicts]
    return best_cut(verdicts, sum(tally.present for tally in tallies))


def best_cut(verdicts: list[tuple[float, bool]], present: int) -> float:
    """The confidence at which precision and recall are best together (the largest F1)."""
    ordered = sorted(verdicts, reverse=True)
    hits = np.cumsum([hit for _, hit in ordered])
    f1 = 2 * hits / (np.arange(1, len(ordered) + 1) + present)
    return ordered[int(np.argmax(f1))][0]


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def _shift(weights: Path, shifts: list[float]) -> None:
    import torch

    saved: dict[str, Any] = torch.load(weights, map_location="cpu", weights_only=False)
    head = saved["model"].model[-1]
    for branch in head.one2one_cv3:
        branch[-1].bias.data += torch.tensor(shifts, dtype=branch[-1].bias.dtype)
    save(saved, weights)
