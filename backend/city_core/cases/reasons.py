"""Why a rule chose as it did: a kind and its figures, kept on record; each edge puts it into words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Why(StrEnum):
    """The kinds of reasons that stand in a history."""

    ANSWERS_FOR = "ANSWERS_FOR"  # type_prefix, own_street: the department answers for the type here
    NO_DEPARTMENT = "NO_DEPARTMENT"  # type_code, street_code
    ROUTED = "ROUTED"  # position, name_zh, name_en, version: a routing rule says so
    DEPARTMENT_GONE = "DEPARTMENT_GONE"  # the same and department_id: the rule's department is not there
    CONDITION_SAYS = "CONDITION_SAYS"  # condition_id: its default department, as no routing rule fits
    CONDITION_WITHOUT_DEPARTMENT = "CONDITION_WITHOUT_DEPARTMENT"  # the same and department_ids: all gone
    NAMED_ABSENT = "NAMED_ABSENT"  # officer_ids: nobody whom the routing rule names can take it now
    NEAREST = "NEAREST"  # own_street, open_tasks, distance_m (None: place unknown), candidates
    NOBODY = "NOBODY"  # nobody on duty who may do this
    BY_HAND = "BY_HAND"  # chosen by the dispatcher
    CARD = "CARD"  # kind, clock, step: a clock of the case runs out, or nobody has it
    PASSED_OVER = "PASSED_OVER"  # rungs: nobody there could be told, so the next above was
    LEADER_OF = "LEADER_OF"  # streets: the leader who answers for so many streets
    DECIDED = "DECIDED"  # returns: a leader decided after so many returns
    ASSISTS = "ASSISTS"  # department_id: is asked to assist
    NOBODY_AT_LEVEL = "NOBODY_AT_LEVEL"  # level: no department there answers for it
    LEVEL_TIME_USED = "LEVEL_TIME_USED"  # level, due_at: its own time is used up
    EMERGENCY = "EMERGENCY"  # emergency_id, name: an emergency asks for it
    EMERGENCY_OVER = "EMERGENCY_OVER"  # emergency_id, name: the normal rule holds again
    FILED_ON_ADVICE = "FILED_ON_ADVICE"  # label, confidence, model, precision, samples: the class may
    CLOSED_ON_ADVICE = "CLOSED_ON_ADVICE"  # the same: checked, and not seen any more
    DETECTION = "DETECTION"  # models, labels: what the model saw


def reason(why: Why, **figures: Any) -> dict[str, Any]:
    """Write down one reason as it is kept on record."""
    return {"why": why.value, **figures}
