"""The one rule about who may see a case, as a question and as a MongoDB filter; every path uses it.

An emergency may let more people see the cases of its area for as long as it is on; that lets them look, it
does not make a case theirs to act on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from city_core.kit.mongo import Row
from city_core.people.roles import SEATS, Actor, Role

FIELDS_ASKED = ("reporter_id", "people_involved", "department_id", "assisting_department_ids", "place")
WIDENABLE = SEATS | {Role.LEADER, Role.OFFICER, Role.INSPECTOR}  # posts that an emergency may show more to


def visible_filter(actor: Actor) -> Row:
    """Give the filter of the cases that somebody may see."""
    if actor.role is Role.SYSTEM:
        return {}
    ways: list[Row] = [{"people_involved": actor.person_id}]
    wider = _wider_filter(actor)
    if wider is not None:
        ways.append(wider)
    if actor.role in WIDENABLE and actor.emergency_areas:
        areas = sorted(actor.emergency_areas)
        ways += [{"place.street_code": {"$in": areas}}, {"place.community_code": {"$in": areas}}]
    return ways[0] if len(ways) == 1 else {"$or": ways}


def may_see(actor: Actor, case: Row) -> bool:
    """Tell whether somebody may see this very case; agrees with `visible_filter` (under test)."""
    if is_theirs(actor, case):
        return True
    codes = {case["place"].get("street_code"), case["place"].get("community_code")}
    return actor.role in WIDENABLE and not actor.emergency_areas.isdisjoint(codes)


def own_cases_filter(actor: Actor) -> Row:
    """Give the filter of the cases that are somebody's to act on, without what an emergency shows."""
    return visible_filter(replace(actor, emergency_areas=frozenset()))


def is_theirs(actor: Actor, case: Row) -> bool:
    """Tell whether a case is somebody's to act on, as far as their post goes; no emergency changes that."""
    if actor.role is Role.SYSTEM or actor.person_id in case["people_involved"]:
        return True
    place: dict[str, Any] = case["place"]
    if actor.role is Role.INSPECTOR:
        return place["responsibility_grid_id"] in actor.grid_ids
    if actor.role is Role.OFFICER:
        working = {case.get("department_id"), *case.get("assisting_department_ids", ())}
        return actor.department_id is not None and actor.department_id in working
    if actor.role in SEATS or actor.role is Role.LEADER:
        return place["street_code"] in actor.street_codes
    return False


def sees_first_report(actor: Actor, case: Row) -> bool:
    """Tell whether somebody may read the words and the address of the first reporter: not another citizen."""
    return actor.role is not Role.CITIZEN or case["reporter_id"] == actor.person_id


def may_see_photo(actor: Actor, photo: Row) -> bool:
    """Tell whether somebody who may see a case may see one of its photos.

    Citizens who reported the same thing do not see each other's photos, only what the city's people took.
    """
    if actor.role is not Role.CITIZEN or photo["added_by"] == actor.person_id:
        return True
    return bool(photo["use"] != "REPORT")


def photos_filter(actor: Actor) -> Row:
    """Give the filter of the photos within a case that somebody sees, who sees the case."""
    if actor.role is not Role.CITIZEN:
        return {}
    return {"$or": [{"added_by": actor.person_id}, {"use": {"$ne": "REPORT"}}]}


def may_see_frame(actor: Actor, photo: Row) -> bool:
    """Tell whether somebody may see what a machine took, in a case or not: who watches its street."""
    if actor.role not in SEATS | {Role.LEADER} or photo.get("origin") != "MACHINE":
        return False
    return photo.get("street_code") in actor.street_codes


def frames_filter(actor: Actor) -> Row:
    """Give the filter of the photos taken by machines that somebody may see."""
    if actor.role not in SEATS | {Role.LEADER}:
        return {"_id": None}
    return {"origin": "MACHINE", "street_code": {"$in": sorted(actor.street_codes)}}


def _wider_filter(actor: Actor) -> Row | None:
    if actor.role is Role.INSPECTOR:
        return {"place.responsibility_grid_id": {"$in": sorted(actor.grid_ids)}}
    if actor.role is Role.OFFICER and actor.department_id is not None:
        own = actor.department_id
        return {"$or": [{"department_id": own}, {"assisting_department_ids": own}]}
    if actor.role in SEATS or actor.role is Role.LEADER:
        return {"place.street_code": {"$in": sorted(actor.street_codes)}}
    return None
