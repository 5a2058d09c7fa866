"""Why a rule chose as it did: a kind and its figures, kept on record; each edge puts it into words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Why(StrEnum):
    """The kinds of reasons that stand in a history."""

    ANSWERS_FOR = "ANSWERS_FOR"  # type_prefix, own_street: the department answers for the type here
    NO_DEPARTMENT = "NO_DEPARTMENT"  # type_code, street_code
    NEAREST = "NEAREST"  # own_street, open_tasks, distance_m (None: place unknown), candidates
    NOBODY = "NOBODY"  # nobody on duty who may do this
    BY_HAND = "BY_HAND"  # chosen by the dispatcher
    EMERGENCY = "EMERGENCY"  # emergency_id, name: an emergency asks for it
    EMERGENCY_OVER = "EMERGENCY_OVER"  # emergency_id, name: the normal rule holds again
    DETECTION = "DETECTION"  # models, labels: what the model saw


def reason(why: Why, **figures: Any) -> dict[str, Any]:
    """Write down one reason as it is kept on record."""
    return {"why": why.value, **figures}
