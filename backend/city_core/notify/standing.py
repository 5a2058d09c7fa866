"""Whether what a message is about still stands: a case that moved on needs nobody reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from city_core.cases.emergency.in_force import is_on
from city_core.cases.emergency.model import COLLECTION as EMERGENCIES
from city_core.cases.notices import NoticeKind
from city_core.cases.workflow import OPEN_STATES
from city_core.census.campaigns.model import CAMPAIGNS, CampaignState
from city_core.census.campaigns.running import state_of
from city_core.kit.city import City

Row = Mapping[str, Any]
LONGEST_CLIMB = timedelta(days=3)
_FIELDS = {"state": 1, "task": 1, "assistants": 1, "supervisions": 1}
_PRESSED = {NoticeKind.SUPERVISED: "SUPERVISE", NoticeKind.URGED: "URGE"}


async def still_stands(city: City, message: Row) -> bool:
    """Tell whether a person has still to be reached for a message: not when it is days old or settled."""
    if city.clock.now() - message["created_at"] > LONGEST_CLIMB:
        return False
    if message["kind"] == NoticeKind.EMERGENCY_STARTED:
        emergency = await city.database[EMERGENCIES].find_one(
            {"_id": message["case_id"]}, {"state": 1, "starts_at": 1, "ends_at": 1}
        )
        return emergency is not None and is_on(emergency, city.clock.now())
    if message["kind"] == NoticeKind.CENSUS_STARTED:
        fields = {"starts_at": 1, "ends_at": 1, "ended_at": 1}
        campaign = await city.database[CAMPAIGNS].find_one({"_id": message["case_id"]}, fields)
        return campaign is not None and state_of(campaign, city.clock.now()) is CampaignState.RUNNING
    case = await city.database.cases.find_one({"_id": message["case_id"]}, _FIELDS)
    return case is not None and concerns_still(message, case)


def concerns_still(message: Row, case: Row) -> bool:
    """Tell whether a case still waits for what a message asked its receiver to do."""
    if case["state"] not in OPEN_STATES:
        return False
    person_id, kind = message["person_id"], message["kind"]
    if kind == NoticeKind.TASK_ASSIGNED:
        return _has_task(case, person_id, message["seq"]) or _is_to_assist(case, person_id)
    if kind in _PRESSED:
        return any(
            row["to_person_id"] == person_id and row["kind"] == _PRESSED[kind] and row["confirmed_at"] is None
            for row in case.get("supervisions", ())
        )
    return True


def _has_task(case: Row, person_id: str, seq: int) -> bool:
    task = case.get("task")
    if task is None or task["assignee_id"] != person_id:
        return False
    return task["seq"] <= seq and task["accepted_at"] is None


def _is_to_assist(case: Row, person_id: str) -> bool:
    return any(
        row["assignee_id"] == person_id and row["answered_at"] is None for row in case.get("assistants", ())
    )
