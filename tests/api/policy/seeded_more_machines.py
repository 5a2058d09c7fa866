"""What was decided on what machines saw, a frame that nothing is seen in, and a drill, in each street."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.api.policy.seeded_rows import FAR, FOREIGN, OWN, SECRET
from tests.api.support import Api, new_uuid
from tests.village import STREET

Row = dict[str, Any]
_MARKS = {OWN: "0", FOREIGN: "1"}


async def seed_more_of_machines(api: Api, whose: str, ids: dict[str, dict[str, str]], now: datetime) -> None:
    """Add them beside what each street has one of."""
    database, mark = api.city.database, _MARKS[whose]
    event = await database.eye_events.find_one({"_id": ids["eventId"][whose]})
    frame = await database.eye_frames.find_one({"_id": ids["frameId"][whose]})
    emergency = await database.emergencies.find_one({"_id": ids["emergencyId"][whose]})
    assert event is not None and frame is not None and emergency is not None
    said = f"{SECRET}_EVENT" if whose == FOREIGN else "平常"
    decided: Row = {"decided_by": "acceptor-1", "decided_at": now, "decide_until": None}
    await database.eye_events.insert_many([
        {**event, **decided, "_id": f"0d{mark}{'0' * 29}", "state": "DISMISSED", "reason": said},
        {**event, **decided, "_id": f"0e{mark}{'0' * 29}", "state": "CONFIRMED", "reason": "",
         "case_id": ids["caseId"][whose]},
    ])  # fmt: skip
    await database.eye_frames.insert_one({
        **frame, "_id": f"{frame['_id']}-too", "frame_id": f"{frame['frame_id']}-too", "slot": None,
        "state": "REFUSED", "refusal": "PHOTO_NOT_AN_IMAGE", "heading": 90.0, "finds": [], "event_ids": [],
        "photo_id": f"b{mark}" + "0" * 30,
    })  # fmt: skip
    drill = {**emergency, "is_drill": True, "client_id": new_uuid()}
    await database.emergencies.insert_one({**drill, "_id": f"{mark}d{'0' * 30}"})
    if whose == FOREIGN:  # one of both streets, which the near one's people hear of too
        streets = {name: [STREET, FAR] for name in ("area_codes", "street_codes", "touched_street_codes")}
        wide = {"name": "大范围演练", "authority": "区", "client_id": new_uuid(), **streets}
        story = [{**drill["history"][0], "person_name": "区领导"}]
        await database.emergencies.insert_one({**drill, **wide, "history": story, "_id": "2d" + "0" * 30})
