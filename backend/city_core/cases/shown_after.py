"""Handling is shown by a photo of afterwards that came with it: what is said of photos hides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.cases.evidence.flags import is_after
from city_core.cases.evidence.given import GivenPhotos
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem


def check_shown_after(case: Row, given: GivenPhotos, new_photos: Sequence[Row]) -> None:
    """Refuse handling that none of the given photos shows; raises PHOTO_REQUIRED.

    One that the case has already counts too, but not what was handed in before the case came back 返工: that
    one failed its check. One that is said to show something else does not count either: it is not looked at
    as one of afterwards.
    """
    came_back_at = case["task"]["assigned_at"] if case["rework_count"] and case["task"] else None
    known = [
        photo
        for photo in case["photos"]
        if photo["media_id"] in given.ids and (came_back_at is None or photo["added_at"] >= came_back_at)
    ]
    if not any(is_after(photo) for photo in (*new_photos, *known)):
        raise CityProblem("PHOTO_REQUIRED", field="mediaIds", allowed="at least 1, taken afterwards: AFTER")
