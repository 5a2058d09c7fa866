"""What is on record of the case of each street: filed, put off, handled, checked, sent back, asked about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.api.policy.seeded_rows import FOREIGN, SECRET
from tests.api.policy.seeded_rules import SEASON
from tests.api.policy.seeded_steps import question, step

Row = dict[str, Any]
_LIMIT = {"value": 5, "unit": "season_day", "season": SEASON}
_JUDGED = {"shown": 2, "passed": False, "overruled": 1, "held": 1, "advice": "ACCEPTED"}


def worked_on(whose: str, case: Row, versions: Mapping[str, int], now: datetime) -> list[Row]:
    """Give the whole history, which ends in the hands of the department."""
    is_far = whose == FOREIGN
    said, name = (f"{SECRET}_CASE", f"{SECRET}_NAME") if is_far else ("平常", "某人")
    department, officer = ("far", "inspector-far") if is_far else ("sanitation", "officer-1")
    reporter, inspector = case["reporter_id"], "inspector-far" if is_far else "inspector-2"
    dispatcher, desk = ("dispatcher-1", "DISPATCHER"), ("leader-of-shift", "SHIFT_LEADER")
    handler, checker, city = (officer, "OFFICER"), (inspector, "INSPECTOR"), ("system", "SYSTEM")
    filed = {"limit": _LIMIT, "rules": dict(versions)}
    sent = {"receiver_id": officer, "receiver_department_id": department}
    waits = {"approved": True, "final": True}
    taken: list[tuple[str, str, tuple[str, str], Row]] = [
        ("FILE", "FILED", desk, {"facts": filed}),
        ("DISPATCH", "DISPATCHED", dispatcher, sent),
        ("ACCEPT", "IN_PROGRESS", handler, {"device_time": now}),
        ("DECIDE_SUSPENSION", "SUSPENDED", desk, {"facts": waits}),
        ("RESUME", "IN_PROGRESS", desk, {}),
        ("REPORT_HANDLED", "HANDLED", handler, {}),
        ("REQUEST_CHECK", "PENDING_CHECK", city, {}),
        ("FAIL_CHECK", "REWORK", checker, {"facts": {"judged": {**_JUDGED, "at": now}}}),
        ("ACCEPT", "IN_PROGRESS", handler, {}),
    ]
    begun = case["history"][0]
    history, state = [{**begun, "at": now - timedelta(hours=20)}], str(begun["to_state"])
    for action, leads_to, who, more in taken:
        at = now - timedelta(hours=20 - len(history))
        own = {"seq": len(history) + 1, "opinion": said, "person_name": name}
        history.append(step(action, (state, leads_to), who, at, **own, **more))
        state = leads_to
    asked = question(reporter, officer, said, {"state": state, "history": history}, now)
    return [*history, {**asked, "person_name": name}]
