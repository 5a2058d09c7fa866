"""Cases beside the one of each street: a part, one merged into it, one that no rule sends, one to review."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from city_core.cases.clocks.stored import clock_fields_after, clock_rules_of, versions_of
from city_core.kit.rulebook.store import versions_in_force
from tests.api.policy.seeded_history import worked_on
from tests.api.policy.seeded_rows import FOREIGN, OWN, SECRET
from tests.api.support import Api, new_uuid

Row = dict[str, Any]
_MARKS = {OWN: "0", FOREIGN: "1"}
_ORDER = ("part", "merged", "unsent", "toReview")
# Who reviews which request: of the far street the only one who sees it.
_REVIEWS = {OWN: ("EXTENSION", "DISPATCHER"), FOREIGN: ("FORCED_CLOSE", "LEADER")}


async def seed_more_cases(api: Api, whose: str, case_id: str, now: datetime) -> dict[str, str]:
    """Give the case of a street its history, its clocks, and the cases around it; answers their ids."""
    cases, versions = api.city.database.cases, await versions_in_force(api.city)
    case = await cases.find_one({"_id": case_id})
    assert case is not None
    history = worked_on(whose, case, versions, now)
    rules = await clock_rules_of(api.city, versions_of(history))
    ids = {kind: _id_of(kind, whose) for kind in _ORDER}
    joined = {
        **case["joined_reports"][0], "media_ids": [case["photos"][0]["media_id"]],
        "merged_case_id": ids["merged"], "rating": case["rating"],
    }  # fmt: skip
    confirmed = {**case["supervisions"][0], "id": "supervision-2", "confirmed_at": now}
    changed: Row = {
        "history": history, "clocks": clock_fields_after(history, rules)["clocks"],
        "child_ids": [ids["part"]], "joined_reports": [joined],
        "supervisions": [*case["supervisions"], confirmed],
        "after_advice.decided_by": "inspector-far" if whose == FOREIGN else "inspector-1",
    }  # fmt: skip
    await cases.update_one({"_id": case_id}, {"$set": changed})
    alone = {
        "photos": [], "evidence": [], "detections": [], "component_code": None, "emergency_id": None,
        "recurrence_of": None, "requests": [], "joined_reports": [], "supervisions": [], "cards": [],
    }  # fmt: skip
    plain = {**case, **changed, **alone, "child_ids": []}
    plain.pop("after_advice.decided_by")
    for kind, more in _kinds(whose, case, now).items():
        number = f"{case['number']}-{kind}"
        row = {**plain, **more, "_id": ids[kind], "number": number, "client_id": new_uuid()}
        await cases.insert_one(row)
    return {f"{kind}Id": own for kind, own in ids.items()}


def _id_of(kind: str, whose: str) -> str:
    """Older than all others, so that pages begin with the case that is asked for."""
    return f"00{_ORDER.index(kind)}{_MARKS[whose]}" + "0" * 27 + "1"


def _kinds(whose: str, case: Row, now: datetime) -> dict[str, Row]:
    said = f"{SECRET}_CASE" if whose == FOREIGN else "平常"
    kind, reviewer = _REVIEWS[whose]
    request = {
        **case["requests"][0], "id": "request-2", "kind": kind, "state": "PENDING", "reviews": [],
        "reason": said,
    }  # fmt: skip
    fault = {
        "why": "DEPARTMENT_GONE", "position": 3, "version": 1, "name_zh": said, "name_en": said,
        "department_id": "gone", "at": now - timedelta(hours=1),
    }  # fmt: skip
    return {
        "part": {"parent_id": case["_id"]},
        "merged": {"state": "MERGED", "merged_into": case["_id"], "task": None},
        "unsent": {"state": "FILED", "task": None, "department_id": None, "routing_fault": fault},
        "toReview": {"requests": [request], "review": {"role": reviewer, "since": now}},
    }
