"""The components of the two streets of the matrix, what became of them, and cases that they had."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from city_core.places.cells import cell_of
from tests.api.policy.seeded_places import COVER
from tests.api.policy.seeded_rows import FOREIGN, MISSING, OWN, SECRET
from tests.api.support import Api, new_uuid

Row = dict[str, Any]
COMPONENTS = {OWN: "3703030101000001", FOREIGN: "3703030101000002", MISSING: "3703030101000009"}
WITHOUT_OWNER = {OWN: "3703030101000003", FOREIGN: "3703030101000004"}
WITH_SIGN = {OWN: "3703030101000005", FOREIGN: "3703030101000006"}


def components(whose: str, place: Row, ids: dict[str, str], now: datetime) -> list[Row]:
    """Make three covers: one with an owner of its own, one that nobody owns up to, one with a sign.

    `ids` names the import and the census that they are on record by, and a photo of them.
    """
    said = _words(whose)
    department = "far" if whose == FOREIGN else "sanitation"
    common = {
        **place, "cell": cell_of(*place["point"]["coordinates"]), "type_code": COVER, "state": "IN_USE",
        "note": said("NOTE"), "owner_is_known": True, "owner_name_zh": "", "version": 2, "updated_at": now,
        "checked_at": now, "history": _history(whose, ids, now), "data_source": "OTHER", "is_invented": True,
    }  # fmt: skip
    return [
        {**common, "_id": COMPONENTS[whose], "name_zh": said("COMPONENT"), "owner_name_zh": said("OWNER"),
         "authority_department_id": department, "keeper_department_id": department},
        {**common, "_id": WITHOUT_OWNER[whose], "name_zh": said("COMPONENT"), "owner_is_known": False,
         "owner_unknown_since": now},
        {**common, "_id": WITH_SIGN[whose], "name_zh": said("SIGNED"), "owner_department_id": department},
    ]  # fmt: skip


async def seed_cases_of_components(api: Api, whose: str, case_id: str, sign_id: str, now: datetime) -> None:
    """Add two cases beside that of the street: one that is over, and one that was begun at a sign.

    They are older than all others, which lists of a few show before them.
    """
    cases = api.city.database.cases
    pattern = await cases.find_one({"_id": case_id})
    assert pattern is not None
    mark = "9" if whose == FOREIGN else "8"
    plain = {
        **pattern, "photos": [], "evidence": [], "detections": [], "requests": [], "supervisions": [],
        "joined_reports": [], "assistants": [], "recurrence_of": None, "emergency_id": None, "work": [],
    }  # fmt: skip
    over = {"state": "CLOSED", "task": None, "closed_at": now + timedelta(hours=1)}
    at_sign = {"sign_id": sign_id, "phone_distance_m": 12, "is_far": False}
    await cases.insert_many([
        {**plain, "_id": f"{mark:0>32}", "number": f"OVER-{whose}", "client_id": new_uuid(), **over,
         "component_code": COMPONENTS[whose]},
        {**plain, "_id": f"{mark + '0':0>32}", "number": f"SIGN-{whose}", "client_id": new_uuid(),
         "sign": at_sign, "component_code": WITHOUT_OWNER[whose]},
    ])  # fmt: skip


def _history(whose: str, ids: dict[str, str], now: datetime) -> list[Row]:
    """Say that it was brought in by a file, and looked at in a census since."""
    said = _words(whose)
    looked_at_by = "inspector-far" if whose == FOREIGN else "inspector-1"
    return [
        {"seq": 1, "kind": "IMPORTED", "at": now, "person_id": "administrator-1",
         "import_id": ids["importId"], "before": {"note": said("NOTE")},
         "after": {"owner_name_zh": said("OWNER")}},
        {"seq": 2, "kind": "CHECKED", "at": now, "person_id": looked_at_by, "command_id": "d" * 32,
         "input_hash": "h", "before": {"note": said("NOTE")}, "after": {"state": "IN_USE"},
         "note": said("NOTE"), "media_ids": [ids["photoOfComponentId"]], "campaign_id": ids["campaignId"]},
    ]  # fmt: skip


def _words(whose: str) -> Any:
    return (lambda kind: f"{SECRET}_{kind}") if whose == FOREIGN else (lambda kind: "平常")
