"""How likely two photos show the same scene: points of interest that fit one move of the camera.

A hash of looks does not survive another standpoint; points of interest (SIFT) do. Two photos of one scene
share tens of points that one change of perspective carries over into each other, other pairs at most a few
by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAME_FOR_SURE = 40  # so many points in common are full likeness
_LONGEST_PX = 512
_MOST_POINTS = 1_000
_FEWEST_POINTS = 12
_CLEARLY_NEARER = 0.8
_MOST_OFF_PX = 4.0
_LEAST_ZOOM, _MOST_ZOOM = 0.02, 50.0  # of areas; beyond, what fits is no picture any more


@dataclass(frozen=True)
class Points:
    """Points of interest of one photo: where, and what their surroundings look like."""

    places: NDArray[np.float32]
    looks: NDArray[np.float32]

    @property
    def tell_something(self) -> bool:
        return len(self.places) >= _FEWEST_POINTS


def points_of(picture: bytes) -> Points:
    """Find the points of interest of a photo; none in what cannot be read or shows nothing but a wall."""
    import cv2

    nothing = Points(np.empty((0, 2), np.float32), np.empty((0, 128), np.float32))
    try:
        grey = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        return nothing
    if grey is None:
        return nothing
    shrink = min(1.0, _LONGEST_PX / max(grey.shape))
    grey = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    found, looks = cv2.SIFT.create(_MOST_POINTS).detectAndCompute(grey, None)
    if looks is None:
        return nothing
    return Points(np.array([point.pt for point in found], np.float32), np.asarray(looks, np.float32))


def likeness(before: Points, after: Points) -> float | None:
    """Say how alike the scenes of two photos are, 0 to 1; None where the earlier one shows too little."""
    if not before.tell_something:
        return None
    if not after.tell_something:
        return 0.0
    return min(1.0, _points_in_common(before, after) / SAME_FOR_SURE)


def _points_in_common(before: Points, after: Points) -> int:
    import cv2

    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(after.looks, before.looks, k=2)
    near = [
        pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < _CLEARLY_NEARER * pair[1].distance
    ]
    if len(near) < _FEWEST_POINTS // 2:
        return 0
    there = after.places[[match.queryIdx for match in near]]
    here = before.places[[match.trainIdx for match in near]]
    move, fits = cv2.findHomography(there, here, cv2.USAC_MAGSAC, _MOST_OFF_PX, maxIters=2_000)
    if move is None or not _is_a_view(move):
        return 0
    # Many points may fit one point of the other photo, as in a collapsed picture: each counts once.
    kept: Any = here[fits.ravel().astype(bool)]
    return len(np.unique(np.round(kept), axis=0))


def _is_a_view(move: Any) -> bool:
    zoom = float(np.linalg.det(move[:2, :2]))
    return _LEAST_ZOOM < zoom < _MOST_ZOOM
