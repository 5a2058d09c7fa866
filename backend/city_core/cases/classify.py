"""Type and condition that a person gives a case, and what that makes of detection's advice."""

from __future__ import annotations

from city_core.catalogue.queries import checked_type
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor, Role


async def classified(city: City, type_code: str, condition_id: str | None) -> Row:
    """Give the fields of a checked type and condition."""
    await checked_type(city, type_code, condition_id)
    return {"type_code": type_code, "condition_id": condition_id}


def decided_advice(case: Row, type_code: str, actor: Actor) -> Row | None:
    """Note whether a person took detection's advice or overruled it; a rule's choice decides nothing."""
    advice: Row | None = case["advice"]
    if advice is None or actor.role is Role.SYSTEM:
        return advice
    outcome = "ACCEPTED" if advice["type_code"] == type_code else "OVERRULED"
    return {**advice, "outcome": outcome, "decided_by": actor.person_id}
