"""What photos are worth as evidence, and how often people and machine disagree, as phones see it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from city_api.cases.words import role_name
from city_api.enums import FlagKind, Role
from city_api.evidence.words import FLAG_NAMES, flag_in_words
from city_api.rows import computed, stored
from city_core.cases.evidence.known import evidence_of
from city_core.cases.evidence.rules import FlagKind as Kind
from city_core.cases.evidence.seen import sees_evidence_of
from city_core.kit.mongo import Row

if TYPE_CHECKING:
    from city_api.context import Context
    from city_api.duplicates.parts import FollowedCase

_FollowedCase = Annotated["FollowedCase", strawberry.lazy("city_api.duplicates.parts")]


def evidence_by_photo(case: Row, context: Context) -> dict[str, Row]:
    """Give what the viewer may read of the evidence of a case, by photo."""
    return {
        row["media_id"]: row
        for row in evidence_of(case)
        if sees_evidence_of(context.viewer, case, row["media_id"])
    }


def _other_case(flag: Row, context: Context) -> Any:
    return context.followed.find(flag.get("case_id"))


@strawberry.type(description="Something doubtful about a photo 疑点; it decides nothing.")
class EvidenceFlag:
    kind: FlagKind = stored("kind")
    title: str = computed(lambda flag, context: FLAG_NAMES[Kind(flag["kind"])][context.language == "en"])
    text: str = computed(lambda flag, context: flag_in_words(flag, context.language))
    distance_m: int | None = stored("distance_m", "PLACE_DIFFERS: from the place of the case, metres.")
    other_case: _FollowedCase | None = computed(
        _other_case,
        later=True,
        description="SAME_PICTURE: the case that had it first, if it is yours to see.",
    )
    same_sender: bool | None = stored("same_sender", "SAME_PICTURE: both were sent by one person.")


@strawberry.type(description="What a photo is worth as evidence 照片证据.")
class PhotoEvidence:
    taken_at: datetime | None = stored("taken_at", "When it was taken, as its metadata says.")
    distance_m: int | None = stored("distance_m", "From where it was taken to the case's place, metres.")
    similarity: float | None = stored(
        "similarity", "How alike its scene is to that of the photos before, 0 to 1; for photos of afterwards."
    )
    flags: list[EvidenceFlag] = stored("flags")


@strawberry.type(description="How often a person disagreed with flags of photos and advice on types.")
class PersonDisagreement:
    person_id: strawberry.ID = stored("person_id")
    person_name: str | None = computed(lambda row, context: context.names.name(row["person_id"]), later=True)
    role: Role = stored("role")
    role_name: str = computed(lambda row, context: role_name(row["role"], context.language))
    checks: int = stored("checks", "Checks 核查 of cases whose photos raised flags.")
    passed_though_flagged: int = stored("passed_though_flagged", "Those of them that the person passed.")
    flags_shown: int = stored("flags_shown")
    flags_held: int = stored("flags_held", "Flags that the person said are right.")
    flags_overruled: int = stored(
        "flags_overruled", "Flags said to be wrong, or passed over in silence by passing the case."
    )
    advice_accepted: int = stored("advice_accepted", "Advice of detection 识别建议 taken.")
    advice_overruled: int = stored("advice_overruled")
