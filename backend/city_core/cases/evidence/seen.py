"""Who sees what photos are worth as evidence: those who judge them, never those who are judged by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.people.roles import SEATS, Actor, Role

FIELDS_ASKED = ("photos", "handler_id", "assistants")
_JUDGES = SEATS | {Role.INSPECTOR, Role.LEADER}


def sees_evidence(actor: Actor, case: Mapping[str, Any]) -> bool:
    """Tell whether somebody who may see a case sees its evidence: inspectors, seats and leaders.

    Officers do not, neither those who handle the case nor others of a department: who knew what is looked at
    would learn to get around it.
    """
    if actor.role not in _JUDGES or actor.person_id == case.get("handler_id"):
        return False
    return all(row["assignee_id"] != actor.person_id for row in case.get("assistants") or ())


def sees_evidence_of(actor: Actor, case: Mapping[str, Any], media_id: str) -> bool:
    """Tell whether somebody sees what one photo is worth; nobody does of a photo of their own."""
    if not sees_evidence(actor, case):
        return False
    return all(
        photo["added_by"] != actor.person_id for photo in case["photos"] if photo["media_id"] == media_id
    )
