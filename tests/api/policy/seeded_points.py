"""The points of the two streets of the matrix: what everybody looks for, and cameras, which staff know of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from city_core.places.cells import cell_of
from tests.api.policy.seeded_rows import FOREIGN, MISSING, OWN, SECRET

Row = dict[str, Any]
POINTS = {OWN: "toilet:T-0", FOREIGN: "toilet:T-1", MISSING: "toilet:T-2"}
MANY = 51  # of one layer, more than the map shows one by one from afar


def points(whose: str, place: Row, now: datetime) -> list[Row]:
    """Make a toilet, a camera and a street full of parking in one of the two streets."""
    said = (lambda kind: f"{SECRET}_{kind}") if whose == FOREIGN else (lambda kind: "平常")
    mark = "1" if whose == FOREIGN else "0"
    change = {
        "seq": 2, "kind": "STATE_SET", "at": now, "person_id": "administrator-1", "command_id": "c" * 32,
        "input_hash": "h", "note": said("POINT"), "before": {"state": "CLOSED"}, "after": {"state": "IN_USE"},
    }  # fmt: skip
    toilet = {
        "layer": "toilet", "code": f"T-{mark}", "name_zh": said("POINT"), "name_en": said("POINT"),
        "address": said("POINT"), "phone": "12319", "attributes": {"无障碍": said("POINT")},
        "opening_hours": [{"days": [*range(1, 8)], "opens_at": "05:30", "closes_at": "22:00"}],
        "history": [change],
    }  # fmt: skip
    camera = {
        "layer": "camera", "code": f"K-{mark}", "name_zh": said("CAMERA"),
        "stream_address": f"rtsp://{said('STREAM')}",
    }  # fmt: skip
    parking = [
        {"layer": "parking", "code": f"P-{mark}-{number}", "name_zh": said("POINT")} for number in range(MANY)
    ]
    return [_point(place, row, now) for row in (toilet, camera, *parking)]


def _point(place: Row, row: Row, now: datetime) -> Row:
    return {
        **place, "cell": cell_of(*place["point"]["coordinates"]), "name_en": "", "address": "", "phone": "",
        "stream_address": "", "attributes": {}, "opening_hours": [], "state": "IN_USE", "version": 2,
        "updated_at": now, "is_invented": True, "history": [], "_id": f"{row['layer']}:{row['code']}", **row,
    }  # fmt: skip
