"""Finds the same picture, or nearly the same, in other cases: through the index of looks, among all photos.

Whichever of two cases took the picture in later is the one that is flagged. As a photo may arrive long after
its report, the earlier of the two may be seen last: it then has the later case weighed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from city_core.cases.evidence.flags import Twin
from city_core.cases.evidence.known import evidence_of
from city_core.cases.evidence.rules import FlagKind
from city_core.cases.reports import joined
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.media.look_bands import look_bands
from city_core.media.looks import look_distance

MOST_CANDIDATES = 1_000
_MOST_ALIKE = 200
_MOST_CASES = 50
_FIELDS = dict.fromkeys(
    ("photos.media_id", "photos.added_at", "photos.added_by", "evidence.media_id", "evidence.flags.kind",
     "merged_into", "parent_id", "child_ids", "joined_reports.merged_case_id"), 1,
)  # fmt: skip


@dataclass(frozen=True)
class Twins:
    """The twin of a photo in another case, if it has one, and the cases that took it in later."""

    twin: Twin | None = None
    later: Mapping[str, str] = field(default_factory=dict)  # case id to photo id


async def find_twins(city: City, case: Row, photo: Row, row: Row, most_bits: int) -> Twins:
    """Look for a photo of a case in all other cases; `row` is the photo itself."""
    alike = await _alike(city, row, most_bits)
    found: list[tuple[datetime, str, Twin]] = []
    later: dict[str, str] = {}
    query = {"photos.media_id": {"$in": list(alike)}, "_id": {"$ne": case["_id"]}}
    async for other in city.database.cases.find(query, _FIELDS).limit(_MOST_CASES):
        if _family(other) & _family(case):
            continue
        for one in other["photos"]:
            if one["media_id"] not in alike or alike[one["media_id"]][1] != one["added_by"]:
                continue
            if (one["added_at"], other["_id"]) < (photo["added_at"], case["_id"]):
                twin = Twin(alike[one["media_id"]][0], other["_id"], one["added_by"] == photo["added_by"])
                found.append((one["added_at"], other["_id"], twin))
            elif not _is_flagged(other, one["media_id"]):
                later[other["_id"]] = one["media_id"]
    return Twins(min(found, key=lambda one: one[:2])[2] if found else None, later)


async def _alike(city: City, row: Row, most_bits: int) -> dict[str, tuple[int, str]]:
    """Name the photos that look like one, itself among them: how many bits apart, and whose they are."""
    own = {row["_id"]: (0, row["owner_id"])}
    bands = look_bands(row.get("look_hash"))
    if bands is None:
        return own
    fields = {"look_hash": 1, "owner_id": 1}
    candidates = city.database.photos.find({"look_bands": {"$in": bands}}, fields).sort("received_at", 1)
    near = [
        (look_distance(row["look_hash"], one["look_hash"]), one)
        async for one in candidates.limit(MOST_CANDIDATES)
    ]
    alike = sorted((pair for pair in near if pair[0] <= most_bits), key=lambda pair: pair[0])
    return own | {one["_id"]: (bits, one["owner_id"]) for bits, one in alike[:_MOST_ALIKE]}


def _family(case: Mapping[str, Any]) -> set[str]:
    """Name a case and those that are the same thing: parts, the whole, and what was merged."""
    merged = [report["merged_case_id"] for report in joined(case) if report.get("merged_case_id")]
    above = [case.get("merged_into"), case.get("parent_id"), *(case.get("child_ids") or ())]
    return {case["_id"], *merged, *(case_id for case_id in above if case_id)}


def _is_flagged(case: Mapping[str, Any], media_id: str) -> bool:
    return any(
        flag["kind"] == FlagKind.SAME_PICTURE
        for row in evidence_of(case)
        if row["media_id"] == media_id
        for flag in row["flags"]
    )
