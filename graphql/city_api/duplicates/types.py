"""Similar cases as reporters and seats see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import strawberry

from city_api.cases.types import Case
from city_api.cases.words import state_name
from city_api.catalogue.types import CaseType
from city_api.duplicates.words import likeness_in_words
from city_api.enums import State
from city_api.rows import computed
from city_core.cases.duplicates.find import FoundCase
from city_core.cases.duplicates.find import SimilarCase as Similar

if TYPE_CHECKING:
    from city_api.context import Context


def _thumbnail_url(similar: Similar, context: Context) -> str | None:
    base = context.city.settings.public_url.rstrip("/")
    return f"{base}/similar/{similar.token}" if similar.has_photo else None


def _type(similar: Similar, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.types.get(similar.type_code or ""))


def _reasons(found: Similar | FoundCase, context: Context) -> list[str]:
    return likeness_in_words(found.likeness.reasons, context.language)


@strawberry.type(description="An open case 相似案件 that a report may be about; nothing more is told.")
class SimilarCase:
    token: str = computed(
        lambda similar, _: similar.token, description="For `joinCase`; yours alone, for 30 minutes."
    )
    thumbnail_url: str | None = computed(
        _thumbnail_url, description="Its first photo, 160 pixels, blurred unless you may see the case."
    )
    distance_m: int = computed(lambda similar, _: similar.distance_m, description="To the next 10 metres.")
    state: State = computed(lambda similar, _: similar.state)
    state_name: str = computed(lambda similar, context: state_name(similar.state, context.language))
    type: CaseType | None = computed(_type)
    minutes_ago: int = computed(lambda similar, _: similar.minutes, description="When it was reported.")
    is_own: bool = computed(lambda similar, _: similar.is_own, description="You reported or joined it.")
    score: int = computed(lambda similar, _: similar.likeness.score, description="0 to 100.")
    reasons: list[str] = computed(_reasons, description="What was found alike, in words.")


@strawberry.type(description="Another open case that may be about the same thing, for seats.")
class DuplicateCandidate:
    case: Case = computed(lambda found, _: found.case)
    distance_m: float = computed(lambda found, _: found.likeness.distance_m)
    minutes_apart: int = computed(lambda found, _: found.likeness.minutes)
    score: int = computed(lambda found, _: found.likeness.score, description="0 to 100.")
    reasons: list[str] = computed(_reasons, description="What was found alike, in words.")
