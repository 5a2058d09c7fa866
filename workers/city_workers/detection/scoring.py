"""Compares what the model reports with what is there: precision, recall and average precision per label."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

import numpy as np

from city_workers.detection.detector import Box
from city_workers.detection.scenes import SceneBox

MATCH_IOU = 0.5
NORMAL_95 = 1.96
THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 19))
Interval = tuple[float, float]


@dataclass(frozen=True)
class Score:
    """How well one label is found; precision and recall hold at the threshold that the city uses.

    The intervals say between which values the true share lies, 19 times in 20: forty photos tell little.
    """

    label: str
    present: int
    reported: int
    precision: float | None
    recall: float | None
    map50: float | None
    precision_interval: Interval | None = None
    recall_interval: Interval | None = None

    def as_row(self) -> dict[str, object]:
        return asdict(self)


@dataclass
class Tally:
    """Collects the findings of one label over many photos."""

    label: str
    present: int = 0
    verdicts: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, found: Iterable[Box], truth: Iterable[SceneBox]) -> None:
        """Match one photo's findings to its truths, the surest finding first, each truth at most once."""
        open_truths = [box for box in truth if box.label == self.label]
        self.present += len(open_truths)
        for box in sorted((b for b in found if b.label == self.label), key=lambda b: -b.confidence):
            best = max(open_truths, key=lambda t: overlap(box, t), default=None)
            hit = best is not None and overlap(box, best) >= MATCH_IOU
            if hit and best is not None:
                open_truths.remove(best)
            self.verdicts.append((box.confidence, hit))

    def score(self, threshold: float) -> Score:
        used = [hit for confidence, hit in self.verdicts if confidence >= threshold]
        hits, reported = sum(used), len(used)
        return Score(
            self.label,
            self.present,
            reported,
            _share(hits, reported),
            _share(hits, self.present),
            self._average_precision(),
            wilson(hits, reported),
            wilson(hits, self.present),
        )

    def curve(self) -> list[dict[str, float | int | None]]:
        """Precision and recall at every threshold that the city might use instead."""
        scores = [(threshold, self.score(threshold)) for threshold in THRESHOLDS]
        return [
            {"threshold": at, "reported": s.reported, "precision": s.precision, "recall": s.recall}
            for at, s in scores
        ]

    def _average_precision(self) -> float | None:
        """The area under the precision-recall curve, precision made monotone from the right."""
        if not self.present:
            return None
        hits = np.array([hit for _, hit in sorted(self.verdicts, key=lambda verdict: -verdict[0])], float)
        if not len(hits):
            return 0.0
        recall = np.concatenate([[0.0], np.cumsum(hits) / self.present])
        precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
        envelope = np.maximum.accumulate(precision[::-1])[::-1]
        return round(float(np.sum(np.diff(recall) * envelope)), 3)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def wilson(part: int, whole: int) -> Interval | None:
    """The 95 % interval of a share, after Wilson (1927): stays between 0 and 1, and is honest for few."""
    if whole == 0:
        return None
    share, spread = part / whole, NORMAL_95**2 / whole
    middle = (share + spread / 2) / (1 + spread)
    half = NORMAL_95 / (1 + spread) * math.sqrt(share * (1 - share) / whole + spread / (4 * whole))
    return round(max(0.0, middle - half), 3), round(min(1.0, middle + half), 3)


def overlap(one: Box | SceneBox, other: Box | SceneBox) -> float:
    """Intersection over union of two relative boxes."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(0.0, wide) * max(0.0, high)
    total = one.width * one.height + other.width * other.height - shared
    return shared / total if total > 0 else 0.0
