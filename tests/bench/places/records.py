"""What a city keeps: cases as they look after days or years, components, points of layers.

A case has the fields that lists, maps and indexes read, with photos and a history of up to eight steps, and
weighs some 5 KB; a real one weighs 7 to 12, by reasons and facts in its history that no list looks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from city_core.cases.tallies.counted import counted_as
from city_core.places.cells import cell_of

Row = dict[str, Any]
_STEPS: tuple[tuple[str, str, str], ...] = (
    ("SUBMIT", "REPORTED", "reporter"),
    ("REQUEST_VERIFICATION", "PENDING_VERIFICATION", "system"),
    ("VERIFY", "PENDING_FILING", "inspector"),
    ("FILE", "FILED", "seat"),
    ("DISPATCH", "DISPATCHED", "system"),
    ("ACCEPT", "IN_PROGRESS", "officer"),
    ("REPORT_HANDLED", "PENDING_CHECK", "officer"),
    ("PASS_CHECK", "PENDING_CLOSING", "checker"),
    ("CLOSE", "CLOSED", "seat"),
)
_STATES = [state for _, state, _ in _STEPS]
# In which state open cases stand, and how ended ones ended: shares out of a hundred.
OPEN_SHARES: Mapping[str, int] = {
    "PENDING_VERIFICATION": 8, "PENDING_FILING": 6, "FILED": 5, "DISPATCHED": 17, "IN_PROGRESS": 45,
    "PENDING_CHECK": 12, "PENDING_CLOSING": 7,
}  # fmt: skip
ENDED_SHARES: Mapping[str, int] = {"CLOSED": 88, "REJECTED": 5, "CANCELLED": 3, "MERGED": 4}
_STEPS_UNTIL: Mapping[str, int] = {
    **{state: number for number, state in enumerate(_STATES, start=1)},
    "REJECTED": 3, "CANCELLED": 1, "MERGED": 3,
}  # fmt: skip
_WORDS = "路口东侧人行道边有物品堆放影响通行请尽快安排处理已拍照上传市民多次反映该处问题"
LAYERS = (
    "toilet",
    "parking",
    "car_wash",
    "police_box",
    "charging",
    "rest_stop",
    "shelter",
    "restaurant",
    "camera",
)


@dataclass(frozen=True)
class Draws:
    """What dice said about one case."""

    at: datetime
    lng: float
    lat: float
    grid: Row
    type_code: str
    department_id: str
    state: str
    people: Mapping[str, str]
    days_to_close: float
    limit_hours: float
    luck: float
    noise: bytes
    serial: int


def case_row(draws: Draws) -> Row:
    """Write a case down as its steps have left it."""
    hexes = [draws.noise[start : start + 16].hex() for start in range(0, 160, 16)]
    steps = _STEPS_UNTIL[draws.state]
    is_open = draws.state in OPEN_SHARES
    at = [draws.at + timedelta(days=draws.days_to_close * number / 9) for number in range(steps + 1)]
    is_filed, is_handled = steps >= 4, steps >= 7
    people = dict.fromkeys(draws.people[_STEPS[number][2]] for number in range(steps))
    deadline = draws.at + timedelta(hours=draws.limit_hours) if is_filed else None
    officer = draws.people["officer"] if steps >= 5 else None
    row = {
        "_id": _id_of(draws.at, draws.noise[160:170]),
        "version": steps,
        "state": draws.state,
        "number": f"3703032{draws.serial:012d}" if is_filed else None,
        "source": "INSPECTOR" if draws.people["reporter"].startswith("i") else "CITIZEN",
        "reporter_id": draws.people["reporter"],
        "client_id": hexes[0],
        "type_code": draws.type_code,
        "condition_id": f"{draws.type_code}-1",
        "description": _WORDS[int(draws.luck * 12) :],
        "place": place_row(draws.lng, draws.lat, draws.grid),
        "photos": [_photo(hexes[1 + n], use, draws.people["reporter"], at[0]) for n, use in _photos(steps)],
        "evidence": [{"media_id": hexes[1], "taken_at": at[0], "distance_m": 12, "flags": []}],
        "detections": [],
        "verification": "EXISTS" if steps >= 3 else None,
        "department_id": draws.department_id if steps >= 5 else None,
        "handler_id": officer if is_handled else None,
        "task": _task(officer, draws.department_id, at[-1]) if is_open and officer else None,
        "limit_value": 8, "limit_unit": "work_hour",
        "filed_at": at[3] if is_filed else None,
        "deadline_at": deadline,
        "handled_at": at[6] if is_handled else None,
        "closed_at": at[-1] if not is_open else None,
        "rework_count": 0, "rules": {"catalogue": 1, "routing": 1},
        "clocks": {"stage": None, "past": []},
        "red_at": deadline if is_open else None,
        "yellow_at": draws.at + timedelta(hours=draws.limit_hours * 0.8) if is_open and is_filed else None,
        "unassigned_since": at[3] if draws.state == "FILED" else None,
        "requests": [], "assistants": [], "assisting_department_ids": [], "child_ids": [], "cards": [],
        "level": "DISTRICT", "supervisions": [], "joined_reports": [], "recurrence_ids": [],
        "merged_into": hexes[9] if draws.state == "MERGED" else None,
        "people_involved": [person for person in people if person != "system"],
        "reported_at": draws.at,
        "updated_at": at[-1],
        "history": [_step(number, draws.people, at[number], hexes) for number in range(steps)],
        "work": [{"kind": "escalate", "due_at": deadline, "attempts": 0, "token": None}]
        if is_open and deadline
        else [],
    }  # fmt: skip
    counted = counted_as(row)
    return row if counted is None else {**row, "tally": counted}


def place_row(lng: float, lat: float, grid: Row) -> Row:
    """Write a place of a case down."""
    return {
        "given_lng": lng, "given_lat": lat, "datum": "WGS84", "accuracy_m": 8.0, "source": "device",
        "point": {"type": "Point", "coordinates": [lng, lat]}, "cell": cell_of(lng, lat), "address": "",
        "grid_code": grid["_id"], "responsibility_grid_id": grid["responsibility_grid_id"],
        "community_code": grid["community_code"], "street_code": grid["street_code"],
        "district_code": grid["district_code"], "area_class": grid["area_class"],
    }  # fmt: skip


def component_row(
    number: int, lng: float, lat: float, grid: Row, type_code: str, department_id: str, at: datetime
) -> Row:
    """Write a component down; `number` makes its code."""
    return {
        "_id": f"370303{type_code[1:]}{number:06d}", "type_code": type_code, "name_zh": "井盖",
        "point": {"type": "Point", "coordinates": [lng, lat]}, "cell": cell_of(lng, lat), "state": "IN_USE",
        "grid_code": grid["_id"], "responsibility_grid_id": grid["responsibility_grid_id"],
        "community_code": grid["community_code"], "street_code": grid["street_code"],
        "authority_department_id": department_id, "owner_department_id": department_id,
        "keeper_department_id": department_id, "owner_is_known": True, "owner_name_zh": "",
        "data_source": "SURVEYED",
        "version": 1, "updated_at": at, "note": "", "is_invented": True,
        "history": [
            {"seq": 1, "kind": "IMPORTED", "at": at, "person_id": "system", "command_id": None, "after": {}}
        ],
    }  # fmt: skip


def point_row(number: int, lng: float, lat: float, grid: Row, at: datetime) -> Row:
    """Write a point of a layer down; every third one closes at night."""
    layer, code = LAYERS[number % len(LAYERS)], f"{number:06d}"
    hours = [{"days": [1, 2, 3, 4, 5, 6, 7], "opens_at": "08:00", "closes_at": "20:00"}]
    return {
        "_id": f"{layer}:{code}", "layer": layer, "code": code, "name_zh": f"点位{number}", "name_en": "",
        "point": {"type": "Point", "coordinates": [lng, lat]}, "cell": cell_of(lng, lat), "state": "IN_USE",
        "grid_code": grid["_id"], "responsibility_grid_id": grid["responsibility_grid_id"],
        "community_code": grid["community_code"], "street_code": grid["street_code"], "address": "",
        "opening_hours": hours if number % 3 == 0 else [], "attributes": {}, "version": 1, "updated_at": at,
        "is_invented": True, "history": [],
    }  # fmt: skip


def shares_of(table: Mapping[str, int]) -> tuple[Sequence[str], np.ndarray[Any, Any]]:
    """Give the names of a table of shares, and the shares as parts of one."""
    weights = np.array(list(table.values()), dtype=float)
    return list(table), weights / weights.sum()


def _photos(steps: int) -> list[tuple[int, str]]:
    uses = [(0, "REPORT"), (1, "REPORT"), (2, "VERIFY"), (3, "HANDLE"), (4, "CHECK")]
    return uses[: 2 + (steps >= 3) + (steps >= 7) + (steps >= 8)]


def _photo(media_id: str, use: str, person_id: str, at: datetime) -> Row:
    return {
        "media_id": media_id, "use": use, "added_by": person_id, "added_at": at, "role": None,
        "taken_with": None,
    }  # fmt: skip


def _task(officer: str, department_id: str, at: datetime) -> Row:
    return {
        "kind": "HANDLE", "seq": 5, "assignee_id": officer, "department_id": department_id, "assigned_at": at,
        "accepted_at": None,
    }  # fmt: skip


def _step(number: int, people: Mapping[str, str], at: datetime, hexes: list[str]) -> Row:
    action, state, who = _STEPS[number]
    by_rule = who == "system"
    return {
        "seq": number + 1, "action": action, "from_state": _STATES[number - 1] if number else None,
        "to_state": state, "person_id": people[who], "role": "SYSTEM" if by_rule else "INSPECTOR",
        "person_name": people[who], "at": at, "device_time": None,
        "origin": "rule" if by_rule else "phone:app",
        "opinion": "" if by_rule else "情况属实", "media_ids": [], "receiver_id": None, "reasons": [],
        "facts": {"rules": {"catalogue": 1}} if number in (0, 3) else {}, "changed": ["task"],
        "command_id": None if by_rule else hexes[(number + 3) % 10][::-1],
    }  # fmt: skip


def _id_of(at: datetime, noise: bytes) -> str:
    raw = bytearray(int(at.timestamp() * 1000).to_bytes(6, "big") + noise)
    raw[6] = (raw[6] & 0x0F) | 0x70
    raw[8] = (raw[8] & 0x3F) | 0x80
    return raw.hex()
