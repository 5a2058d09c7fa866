"""Who keeps the register of staff: posts, areas, standing."""

from __future__ import annotations

from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role

KEEPERS = frozenset({Role.SECURITY_ADMINISTRATOR})


def check_keeps_person(actor: Actor, person_id: str) -> None:
    """Refuse whoever does not keep the register, and its keeper their own row."""
    if actor.role not in KEEPERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(KEEPERS)))
    if actor.person_id == person_id:
        raise CityProblem("NOT_ALLOWED", field="personId", allowed="anybody but oneself")


def people_kept_by(actor: Actor) -> Row:
    """Give the filter of the people whose posts somebody changes: staff, never oneself."""
    if actor.role not in KEEPERS:
        return {"_id": None}
    return {"_id": {"$ne": actor.person_id}, "role": {"$nin": [Role.CITIZEN.value, Role.SYSTEM.value]}}
