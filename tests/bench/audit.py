"""Looks behind the API after a run: is every case complete, and is nothing left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.bench.figures import Figures
from tests.journey.running_city import Row, RunningCity

HANDLING = ["SUBMIT", "FILE", "DISPATCH", "ACCEPT", "REPORT_HANDLED", "REQUEST_CHECK", "PASS_CHECK", "CLOSE"]


def audit(city: RunningCity, case_ids: Sequence[str]) -> Figures:
    """Count what is wrong with these cases; all counts but the first are zero after a good run."""
    cases = list(city.database.cases.find({"_id": {"$in": list(case_ids)}}))
    photos = list(city.database.photos.find({}, {"state": 1}))
    messages = Counter(
        (row["case_id"], row["seq"], row["person_id"], row["kind"])
        for row in city.database.inbox_messages.find({"case_id": {"$in": list(case_ids)}})
    )
    numbers = Counter(case["number"] for case in cases)
    return {
        "cases": len(cases),
        "lost": len(set(case_ids)) - len(cases),
        "not_closed": sum(case["state"] != "CLOSED" for case in cases),
        "histories_with_gaps": sum(not has_whole_history(case) for case in cases),
        "numbers_given_twice": sum(count > 1 for count in numbers.values()),
        "photos_not_looked_at": sum(unseen(case) for case in cases),
        "photos_looked_at_twice": sum(len(seen(case)) - len(set(seen(case))) for case in cases),
        "photos_not_ready": sum(photo["state"] != "READY" for photo in photos),
        "messages_told_twice": sum(count > 1 for count in messages.values()),
        "work_left": len(city.open_work()),
    }


def has_whole_history(case: Row) -> bool:
    """Tell whether every step is there, in order, each starting where the one before ended."""
    rows = case["history"]
    states = [None, *(row["to_state"] for row in rows)]
    actions = [row["action"] for row in rows if row["action"] in HANDLING]
    return (
        [row["seq"] for row in rows] == list(range(1, case["version"] + 1))
        and [row["from_state"] for row in rows] == states[:-1]
        and states[-1] == case["state"]
        and actions == HANDLING
    )


def seen(case: Row) -> list[str]:
    return [found["media_id"] for found in case["detections"]]


def unseen(case: Row) -> int:
    return len({photo["media_id"] for photo in case["photos"]} - set(seen(case)))
