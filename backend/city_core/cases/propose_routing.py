"""What a leader decided about a case that nobody wanted is proposed as a routing rule."""

from __future__ import annotations

from typing import Any

from city_core.cases.assign import assign_department
from city_core.kit.city import City
from city_core.kit.mongo import Row, literal
from city_core.kit.work import Claim


async def propose_routing_rule(city: City, case_id: str, held: Claim) -> bool:
    """Count a leader's decision towards a rule for its type and street; each case counts once.

    Nothing is proposed where the rules in force already say so. A proposal that was dismissed is open again
    when the same is decided once more. Answers whether something was proposed.
    """
    case = await city.database.cases.find_one({"_id": case_id})
    department_id = held.input["department_id"]
    if case is None or case["type_code"] is None:
        return False
    if (await assign_department(city, case)).id == department_id:
        return False
    street_code = case["place"]["street_code"]
    await city.database.routing_proposals.update_one(
        {"_id": f"{case['type_code']}:{street_code}:{department_id}"},
        _counted(city, case, department_id, held.input["decided_by"]),
        upsert=True,
    )
    return True


def _counted(city: City, case: Row, department_id: str, decided_by: str) -> list[dict[str, Any]]:
    """Write the one update that makes a proposal, or adds a case to it, or changes nothing."""
    now, own = city.clock.now(), literal(case["_id"])
    is_known = {"$in": [own, {"$ifNull": ["$case_ids", []]}]}
    nothing = dict.fromkeys(("decided_by", "decided_at", "version", "client_id", "input_hash"))
    kept = {name: {"$ifNull": [f"${name}", value]} for name, value in nothing.items()}
    reopened = {"$cond": [{"$eq": ["$state", "TAKEN"]}, "TAKEN", "OPEN"]}
    return [
        {"$set": {
            "type_code": literal(case["type_code"]),
            "street_code": literal(case["place"]["street_code"]),
            "department_id": literal(department_id),
            "state": {"$cond": [is_known, "$state", reopened]},
            "first_at": {"$ifNull": ["$first_at", now]},
            "last_at": {"$cond": [is_known, "$last_at", now]},
            "last_proposed_by": {"$cond": [is_known, "$last_proposed_by", literal(decided_by)]},
            "note": {"$ifNull": ["$note", ""]},
            "case_ids": {"$cond": [is_known, "$case_ids",
                         {"$concatArrays": [{"$ifNull": ["$case_ids", []]}, [own]]}]},
            **kept,
        }},
        {"$set": {"times": {"$size": "$case_ids"}}},
    ]  # fmt: skip
