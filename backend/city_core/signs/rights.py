"""Who keeps the signs of a street: its seats, and the administrator those of the whole city."""

from __future__ import annotations

from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import SEATS, Actor, Role

KEEPERS = SEATS | {Role.ADMINISTRATOR}


def check_keeps_signs(actor: Actor, street_code: str | None = None) -> None:
    """Refuse whoever does not keep signs, or not those of a street."""
    if actor.role not in KEEPERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(KEEPERS)))
    if street_code is not None and not keeps_street(actor, street_code):
        raise CityProblem("NOT_ALLOWED", allowed="places in your own streets")


def keeps_street(actor: Actor, street_code: str) -> bool:
    """Tell whether the signs of a street are somebody's to keep, whose post keeps signs."""
    return actor.role is Role.ADMINISTRATOR or street_code in actor.street_codes


def keeps_sign(actor: Actor, sign: Row) -> bool:
    """Tell whether a sign is somebody's to keep; agrees with `kept_by` (under test)."""
    return actor.role in KEEPERS and keeps_street(actor, sign["street_code"])


def kept_by(actor: Actor) -> Row:
    """Give the filter of the signs that somebody keeps."""
    check_keeps_signs(actor)
    if actor.role is Role.ADMINISTRATOR:
        return {}
    return {"street_code": {"$in": sorted(actor.street_codes)}}
