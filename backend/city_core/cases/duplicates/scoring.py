"""How likely two reports are about the same thing: by place, time, type, component and looks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from city_core.cases.duplicates.rules import DuplicateRule
from city_core.kit.geo import LngLat, distance_m
from city_core.media.looks import BITS, look_distance, says_something


class Likeness(StrEnum):
    """What two reports have in common."""

    NEAR = "NEAR"  # metres
    RECENT = "RECENT"  # minutes
    SAME_TYPE = "SAME_TYPE"
    SAME_MAJOR = "SAME_MAJOR"
    SAME_COMPONENT = "SAME_COMPONENT"
    SIMILAR_PHOTO = "SIMILAR_PHOTO"  # differing bits of 64


@dataclass(frozen=True)
class Sighting:
    """One report of something as far as it matters here; `looks` are the hashes of its photos."""

    point: LngLat
    at: datetime
    type_code: str | None = None
    component_code: str | None = None
    looks: Collection[str] = ()


@dataclass(frozen=True)
class Candidate:
    """How alike a candidate is: 0 to 100, and what was found alike, each with its figure."""

    score: int
    distance_m: float
    minutes: int
    reasons: dict[Likeness, int] = field(default_factory=dict)


_MOST = {
    Likeness.NEAR: 30, Likeness.RECENT: 10, Likeness.SAME_TYPE: 30, Likeness.SAME_MAJOR: 15,
    Likeness.SAME_COMPONENT: 60, Likeness.SIMILAR_PHOTO: 30,
}  # fmt: skip
_TELLS_WHAT_IT_IS = frozenset(_MOST) - {Likeness.NEAR, Likeness.RECENT}


def score(candidate: Sighting, report: Sighting, rule: DuplicateRule) -> Candidate | None:
    """Say how likely a candidate is what the report is about; None when it is not.

    The same component always counts. Otherwise the candidate must be near and recent enough and, where
    both have a type, share type or major class or look alike.
    """
    metres = distance_m(candidate.point, report.point)
    minutes = round(abs((report.at - candidate.at).total_seconds()) / 60)
    found = _in_common(candidate, report, rule, metres, minutes)
    if Likeness.SAME_COMPONENT not in found:
        if not {Likeness.NEAR, Likeness.RECENT} <= set(found):
            return None
        if candidate.type_code and report.type_code and not _TELLS_WHAT_IT_IS & set(found):
            return None
    points = sum(_points(kind, figure, rule) for kind, figure in found.items())
    return Candidate(min(100, round(points)), metres, minutes, found)


def _in_common(
    candidate: Sighting, report: Sighting, rule: DuplicateRule, metres: float, minutes: int
) -> dict[Likeness, int]:
    bits = _most_alike(candidate.looks, report.looks)
    kind = _kind_in_common(candidate.type_code, report.type_code)
    found: dict[Likeness, int] = {}
    if metres <= rule.radius_m:
        found[Likeness.NEAR] = round(metres)
    if minutes <= rule.within_hours * 60:
        found[Likeness.RECENT] = minutes
    if kind is not None:
        found[kind] = 1
    if candidate.component_code is not None and candidate.component_code == report.component_code:
        found[Likeness.SAME_COMPONENT] = 1
    if bits is not None and bits <= rule.photo_distance:
        found[Likeness.SIMILAR_PHOTO] = bits
    return found


def _kind_in_common(one: str | None, other: str | None) -> Likeness | None:
    """A code is kind letter, two digits of major class and those of the type."""
    if one is None or other is None:
        return None
    if one == other:
        return Likeness.SAME_TYPE
    return Likeness.SAME_MAJOR if one[:3] == other[:3] else None


def _most_alike(some: Collection[str], others: Collection[str]) -> int | None:
    telling = [look for look in others if says_something(look)]
    bits = [look_distance(one, other) for one in some if says_something(one) for other in telling]
    return min(bits, default=None)


def _points(kind: Likeness, figure: int, rule: DuplicateRule) -> float:
    """Give full points for what is equal, fewer the farther, the older or the less alike."""
    most = _MOST[kind]
    if kind is Likeness.NEAR:
        return most * (1 - figure / rule.radius_m / 2)
    if kind is Likeness.RECENT:
        return most * (1 - figure / (rule.within_hours * 60))
    if kind is Likeness.SIMILAR_PHOTO:
        return most * (1 - figure / BITS)
    return most
