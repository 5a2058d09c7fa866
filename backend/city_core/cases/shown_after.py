"""Handling is shown by a photo of afterwards that came with it: what is said of photos hides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.cases.evidence.flags import is_after
from city_core.cases.evidence.given import GivenPhotos
from city_core.cases.vocabulary import State
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem

_BEGINS = (State.DISPATCHED, State.REWORK)


def check_shown_after(case: Row, given: GivenPhotos, new_photos: Sequence[Row]) -> None:
    """Refuse handling that none of the given photos shows; raises PHOTO_REQUIRED.

    A photo that the case has already counts if it was added since this handling began: one that was sent
    back shows nothing new. One that is said to show something else is not looked at as one of afterwards.
    """
    begun = max((row["at"] for row in case["history"] if row["to_state"] in _BEGINS), default=None)
    known = [
        photo
        for photo in case["photos"]
        if photo["media_id"] in given.ids and (begun is None or photo["added_at"] >= begun)
    ]
    if not any(is_after(photo) for photo in (*new_photos, *known)):
        raise CityProblem("PHOTO_REQUIRED", field="mediaIds", allowed="at least 1, taken afterwards: AFTER")
