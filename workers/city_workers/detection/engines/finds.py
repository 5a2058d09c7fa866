"""Reads finds out of the network's tables: those that are sure enough, as boxes in parts of the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from city_workers.detection.engines.pictures import Prepared
from city_workers.detection.engines.port import Floats

MOST_FINDS = 300
_SAME_THING_IOU = 0.7


@dataclass(frozen=True)
class Box:
    """One problem seen in a photo: top-left corner and size relative to the picture (0..1)."""

    label: str
    confidence: float
    x: float
    y: float
    width: float
    height: float


def read_finds(
    table: Floats,
    picture: Prepared,
    labels: tuple[str, ...],
    least_confidence: float,
    *,
    is_free_of_doubles: bool,
) -> list[Box]:
    """Give what the network reports of one picture, the surest find first."""
    confidences = table[4:]
    kinds, places = np.nonzero(confidences >= least_confidence)
    order = np.argsort(-confidences[kinds, places], kind="stable")[: MOST_FINDS * 4]
    kinds, places = kinds[order], places[order]
    corners, sure = table[:4, places].T, confidences[kinds, places]
    if not is_free_of_doubles:
        corners = _corners_of(corners)
        kept = _without_doubles(corners, kinds)
        corners, kinds, sure = corners[kept], kinds[kept], sure[kept]
    return [
        _box(labels[int(kind)], float(confidence), corner, picture)
        for kind, confidence, corner in zip(kinds[:MOST_FINDS], sure, corners, strict=False)
    ]


def _box(label: str, confidence: float, corners: Floats, picture: Prepared) -> Box:
    margins = (picture.left, picture.top, picture.left, picture.top)
    sides = (picture.width_px, picture.height_px, picture.width_px, picture.height_px)
    left, top, right, bottom = (
        min(1.0, max(0.0, (float(value) - margin) / picture.scale / side))
        for value, margin, side in zip(corners, margins, sides, strict=True)
    )
    return Box(label, confidence, left, top, right - left, bottom - top)


def _corners_of(centred: Floats) -> Floats:
    half = centred[:, 2:] / 2
    return np.concatenate([centred[:, :2] - half, centred[:, :2] + half], axis=1)


def _without_doubles(corners: Floats, kinds: NDArray[np.intp]) -> list[int]:
    """Of boxes of one label about one thing keep the surest; they come in that order."""
    kept: list[int] = []
    for place in range(len(corners)):
        rivals = [other for other in kept if kinds[other] == kinds[place]]
        if all(_overlap(corners[other], corners[place]) <= _SAME_THING_IOU for other in rivals):
            kept.append(place)
    return kept


def _overlap(one: Floats, other: Floats) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0.0, float(wide)) * max(0.0, float(high))
    both = float((one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]))
    return shared / (both - shared) if both > shared else 0.0
