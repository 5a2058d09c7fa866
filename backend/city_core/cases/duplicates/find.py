"""Looks for open cases that a report may be about (查重), before it is submitted or afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from city_core.cases.duplicates.handles import seal_handle
from city_core.cases.duplicates.rules import DUPLICATES, DuplicateRule
from city_core.cases.duplicates.scoring import Candidate, Sighting, score
from city_core.cases.photos import checked_photos
from city_core.cases.record import load_case
from city_core.cases.reports import reporters_of
from city_core.cases.submit import checked_component
from city_core.cases.visibility import visible_filter
from city_core.cases.workflow import OPEN_STATES, SUBMITTERS, State
from city_core.catalogue.queries import checked_type
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import open_rules
from city_core.people.roles import SEATS, Actor, Role
from city_core.places.locate import GivenPoint, checked_wgs84

MOST_CANDIDATES = 10
_MOST_LOOKED_AT = 40
_MOST_PHOTOS_COMPARED = 3
_COARSE_M = 10
_FIELDS = dict.fromkeys(
    ("place.point", "place.street_code", "reported_at", "type_code", "component_code", "photos", "state",
     "merged_into", "reporter_id", "joined_reports"), 1,
)  # fmt: skip


@dataclass(frozen=True)
class SimilarCase:
    """All that a reporter is shown about a case that may be the same; the token is theirs alone."""

    token: str
    has_photo: bool
    distance_m: int
    state: str
    type_code: str | None
    minutes: int
    is_own: bool
    likeness: Candidate


@dataclass(frozen=True)
class FoundCase:
    """A case that a seat may see, and how alike it is."""

    case: Row
    likeness: Candidate


async def possible_duplicates(
    city: City,
    actor: Actor,
    given: GivenPoint,
    *,
    type_code: str | None = None,
    component_code: str | None = None,
    media_ids: Sequence[str] = (),
) -> list[SimilarCase]:
    """Show a reporter which open cases their report may be about, before they submit it.

    They may not see these cases: distances are coarse, and no word, address, name or id is told.
    """
    if actor.role not in SUBMITTERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(SUBMITTERS)))
    await checked_type(city, type_code, None)
    photos = await checked_photos(city, actor, media_ids)
    looks = [row["look_hash"] for row in (await _looks(city, photos)).values()]
    lng, lat = checked_wgs84(given)["coordinates"]
    report = Sighting((lng, lat), city.clock.now(), type_code, checked_component(component_code), looks)
    found = await _candidates(city, report, {}, without=())
    return [_as_shown(city, actor, one) for one in found]


async def duplicate_candidates(
    city: City, actor: Actor, case_id: str, fields: Collection[str] = ()
) -> list[FoundCase]:
    """Show a seat which other open cases that they may see a case may be the same as."""
    if actor.role not in SEATS | {Role.LEADER}:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(SEATS | {Role.LEADER})))
    case = await load_case(city, actor, case_id)
    looks = await _looks(city, _report_photos(case))
    report = _sighting(case, looks)
    visible = visible_filter(actor)
    found = await _candidates(city, report, visible, without=(case_id, case["merged_into"]))
    return await _with_fields(city, found, visible, fields)


async def _with_fields(
    city: City, found: Sequence[FoundCase], visible: Row, fields: Collection[str]
) -> list[FoundCase]:
    query = {"_id": {"$in": [one.case["_id"] for one in found]}, **visible}
    cursor = city.database.cases.find(query, dict.fromkeys({"_id", *fields}, 1))
    rows = {row["_id"]: row async for row in cursor}
    return [FoundCase(rows[one.case["_id"]], one.likeness) for one in found if one.case["_id"] in rows]


async def _candidates(
    city: City, report: Sighting, visible: Row, *, without: Collection[str | None]
) -> list[FoundCase]:
    rule = (await open_rules(city, DUPLICATES)).rules.rule_for(report.type_code)
    near = await _near(city, report, rule, visible)
    looks = await _looks(city, [photo for case in near.values() for photo in _report_photos(case)])
    best: dict[str, FoundCase] = {}
    for case in near.values():
        likeness = score(_sighting(case, looks), report, rule)
        leads_to = await _open_case_of(city, case, visible)
        if likeness is None or leads_to is None or leads_to["_id"] in without:
            continue
        known = best.get(leads_to["_id"])
        if known is None or known.likeness.score < likeness.score:
            best[leads_to["_id"]] = FoundCase(leads_to, likeness)
    found = sorted(best.values(), key=lambda one: (-one.likeness.score, one.case["_id"]))
    return found[:MOST_CANDIDATES]


async def _near(city: City, report: Sighting, rule: DuplicateRule, visible: Row) -> dict[str, Row]:
    """Read the cases around a report, open or merged, and the open ones about the same component."""
    point = {"type": "Point", "coordinates": list(report.point)}
    around = {"$nearSphere": {"$geometry": point, "$maxDistance": rule.radius_m}}
    hours = timedelta(hours=rule.within_hours)
    recent: Row = {"reported_at": {"$gte": report.at - hours, "$lte": report.at + hours}}
    is_open: Row = {"state": {"$in": sorted(OPEN_STATES)}}
    queries: list[Row] = [
        {"place.point": around, **is_open, **recent, **visible},
        {"place.point": around, "state": State.MERGED.value, **recent, **visible},
    ]
    if report.component_code is not None:
        queries.append({"component_code": report.component_code, **is_open, **visible})
    found: dict[str, Row] = {}
    for query in queries:
        cursor = city.database.cases.find(query, _FIELDS).limit(_MOST_LOOKED_AT)
        found |= {row["_id"]: row async for row in cursor}
    return found


async def _open_case_of(city: City, case: Row, visible: Row) -> Row | None:
    """Follow merges to the case that is worked on; nothing when that has ended or may not be seen."""
    for _ in range(_MOST_LOOKED_AT):
        if case["state"] != State.MERGED:
            return case if case["state"] in OPEN_STATES else None
        following = await city.database.cases.find_one({"_id": case["merged_into"], **visible}, _FIELDS)
        if following is None:
            return None
        case = following
    return None


def _sighting(case: Row, looks: Mapping[str, Row]) -> Sighting:
    lng, lat = case["place"]["point"]["coordinates"]
    seen = [looks[photo]["look_hash"] for photo in _report_photos(case) if photo in looks]
    return Sighting((lng, lat), case["reported_at"], case["type_code"], case["component_code"], seen)


def _report_photos(case: Row) -> list[str]:
    photos = [photo["media_id"] for photo in case["photos"] if photo["use"] == "REPORT"]
    return photos[:_MOST_PHOTOS_COMPARED]


async def _looks(city: City, media_ids: Sequence[str]) -> dict[str, Row]:
    """Read the hashes of photos; older photos and those that are still on their way have none."""
    if not media_ids:
        return {}
    query: dict[str, Any] = {"_id": {"$in": list(media_ids)}, "look_hash": {"$type": "string"}}
    return {row["_id"]: row async for row in city.database.photos.find(query, {"look_hash": 1})}


def _as_shown(city: City, actor: Actor, found: FoundCase) -> SimilarCase:
    case, likeness = found.case, found.likeness
    return SimilarCase(
        token=seal_handle(city, actor, case["_id"]),
        has_photo=bool(_report_photos(case)),
        distance_m=_COARSE_M * max(1, round(likeness.distance_m / _COARSE_M)),
        state=case["state"],
        type_code=case["type_code"],
        minutes=likeness.minutes,
        is_own=actor.person_id in reporters_of(case),
        likeness=likeness,
    )
