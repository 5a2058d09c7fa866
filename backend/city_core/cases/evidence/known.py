"""What is known of the photos of a case, put together from the case and the rows of its photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from city_core.cases.evidence.flags import Known, Twin, is_after, is_before, raised
from city_core.cases.evidence.given import PhotoRole, TakenWith
from city_core.cases.evidence.rules import FlagKind, FlagRules
from city_core.cases.vocabulary import State
from city_core.kit.geo import LngLat
from city_core.kit.mongo import Row
from city_core.media.looks import look_distance, says_something

Photos = Mapping[str, Row]
Twins = Mapping[str, Twin | None]
_BEGINS = (State.DISPATCHED, State.REWORK)
_NOTHING: Row = {"similarity": None, "compared_with": [], "flags": []}


def weighed(case: Row, photos: Photos, twins: Twins, rules: FlagRules) -> list[Row]:
    """Say what is on record about the photos of a case from now on.

    `photos` are the rows of those whose copies are made; `twins` says which of them were looked for in other
    cases, and what was found. What was found out about the others before stays.
    """
    before = {row["media_id"]: row for row in evidence_of(case)}
    own = _twins_within(case, photos, rules[FlagKind.SAME_PICTURE].limit)
    found = []
    for photo in case["photos"]:
        media_id = photo["media_id"]
        known_before = before.get(media_id, {"media_id": media_id, **_NOTHING})
        row = photos.get(media_id)
        if row is None:
            found += [known_before] if media_id in before else []
            continue
        twin = own.get(media_id) or (twins[media_id] if media_id in twins else _twin_before(known_before))
        known = _known(case, photo, row, photos, twin, known_before["similarity"])
        found.append({
            "media_id": media_id,
            "taken_at": known.taken_at,
            "distance_m": known.distance_m,
            "similarity": known_before["similarity"],
            "compared_with": known_before["compared_with"],
            "flags": raised(known, rules),
        })  # fmt: skip
    return found


def evidence_of(case: Mapping[str, Any]) -> Sequence[Row]:
    """Give what is on record about the photos of a case; older cases have nothing."""
    return case.get("evidence") or ()


def scenes_to_compare(case: Row, ready: Sequence[str]) -> dict[str, list[str]]:
    """Name the after-photos of a case, each with the before-photos that it was not compared with yet."""
    compared = {row["media_id"]: set(row["compared_with"]) for row in evidence_of(case)}
    shown = [photo for photo in case["photos"] if photo["media_id"] in set(ready)]
    before = [photo["media_id"] for photo in shown if photo["media_id"] in _shown_before(case)]
    found = {
        photo["media_id"]: [other for other in before if other not in compared.get(photo["media_id"], ())]
        for photo in shown
        if is_after(photo)
    }
    return {media_id: others for media_id, others in found.items() if others}


def _shown_before(case: Row) -> set[str]:
    """Name the photos that after-photos are measured by: what was reported.

    What came with the handling itself only counts where nothing was reported in pictures: two photos of
    another place, one of them said to be of before, are alike too.
    """
    before = [photo for photo in case["photos"] if is_before(photo)]
    of_report = [photo for photo in before if photo["use"] != "HANDLE"]
    return {photo["media_id"] for photo in of_report or before}


def new_flags(before: Sequence[Row], after: Sequence[Row]) -> list[Row]:
    """Name the flags that were not there before."""
    had = set(_flags(before))
    return [
        {"media_id": media_id, "flag": kind}
        for media_id, kind in _flags(after)
        if (media_id, kind) not in had
    ]


def _flags(rows: Sequence[Row]) -> list[tuple[str, str]]:
    return [(row["media_id"], flag["kind"]) for row in rows for flag in row["flags"]]


def _known(
    case: Row, photo: Row, row: Row, photos: Photos, twin: Twin | None, similarity: float | None
) -> Known:
    capture = row.get("capture") or {}
    lng, lat = case["place"]["point"]["coordinates"]
    role, taken_with = photo.get("role"), photo.get("taken_with")
    return Known(
        media_id=photo["media_id"],
        use=photo["use"],
        role=PhotoRole(role) if role else None,
        sent_at=_sent_at(case, photo),
        received_at=row["received_at"],
        place=(lng, lat),
        accuracy_m=case["place"].get("accuracy_m"),
        taken_with=TakenWith(taken_with) if taken_with else None,
        taken_at=capture.get("taken_at"),
        taken_place=_taken_place(capture),
        software=capture.get("software"),
        app_mark=capture.get("app_mark"),
        began_at=_began_at(case, photo, photos),
        twin=twin,
        similarity=similarity,
    )


def _taken_place(capture: Mapping[str, Any]) -> LngLat | None:
    lng, lat = capture.get("lng"), capture.get("lat")
    return None if lng is None or lat is None else (lng, lat)


def _sent_at(case: Row, photo: Row) -> datetime:
    """Tell when a person took the step that brought a photo; a phone may have queued it for days."""
    added: datetime = photo["added_at"]
    for row in case["history"]:
        if photo["media_id"] in row["media_ids"]:
            made: datetime | None = row.get("made_at") or row["device_time"]
            return min(added, made or added)
    return added


def _began_at(case: Row, photo: Row, photos: Photos) -> datetime | None:
    """Tell when the handling began that a photo shows: its dispatch or rework, else its first photo."""
    begun: list[datetime] = [
        row["at"]
        for row in case["history"]
        if row["to_state"] in _BEGINS
        and row["from_state"] != row["to_state"]
        and row["at"] <= photo["added_at"]
    ]
    if begun:
        return max(begun)
    captures = [photos[one["media_id"]].get("capture") or {} for one in case["photos"]
                if is_before(one) and one["media_id"] in photos]  # fmt: skip
    taken: list[datetime] = [capture["taken_at"] for capture in captures if capture.get("taken_at")]
    return min(taken, default=None)


def _twin_before(known: Row) -> Twin | None:
    for flag in known["flags"]:
        if flag["kind"] == FlagKind.SAME_PICTURE and flag.get("case_id") is not None:
            return Twin(flag["bits"], flag["case_id"], flag["same_sender"])
    return None


def _twins_within(case: Row, photos: Photos, most_bits: int) -> dict[str, Twin]:
    """Find after-photos that are before-photos of the same case once more."""
    looks = {media_id: row["look_hash"] for media_id, row in photos.items()
             if row.get("look_hash") and says_something(row["look_hash"])}  # fmt: skip
    before = [
        photo["media_id"] for photo in case["photos"] if is_before(photo) and photo["media_id"] in looks
    ]
    found: dict[str, Twin] = {}
    for photo in case["photos"]:
        media_id = photo["media_id"]
        if not is_after(photo) or media_id not in looks:
            continue
        nearest = min(
            ((look_distance(looks[media_id], looks[other]), other) for other in before), default=None
        )
        if nearest is not None and nearest[0] <= most_bits:
            found[media_id] = Twin(nearest[0], media_id=nearest[1])
    return found
