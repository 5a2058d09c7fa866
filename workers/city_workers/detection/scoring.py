"""Compares what the model reports with what is there: precision, recall and average precision per label."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

import numpy as np

from city_workers.detection.detector import Box
from city_workers.detection.scenes import SceneBox

MATCH_IOU = 0.5


@dataclass(frozen=True)
class Score:
    """How well one label is found; precision and recall hold at the threshold that the city uses."""

    label: str
    present: int
    reported: int
    precision: float | None
    recall: float | None
    map50: float | None

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
        precision = round(sum(used) / len(used), 3) if used else None
        recall = round(sum(used) / self.present, 3) if self.present else None
        return Score(self.label, self.present, len(used), precision, recall, self._average_precision())

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


def overlap(one: Box | SceneBox, other: Box | SceneBox) -> float:
    """Intersection over union of two relative boxes."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(0.0, wide) * max(0.0, high)
    total = one.width * one.height + other.width * other.height - shared
    return shared / total if total > 0 else 0.0
