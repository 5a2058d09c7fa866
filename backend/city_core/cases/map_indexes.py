"""Indexes in which cases are counted for the map and for lists, without reading a case.

Open cases are few whatever the history, so each step may rewrite their keys; ended ones get theirs once.
Beanie takes two indexes of the same fields for one, whatever their order: hence the last field of some.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pymongo import ASCENDING, IndexModel

from city_core.cases.workflow import FINAL_STATES, OPEN_STATES

_OPEN = {"state": {"$in": sorted(OPEN_STATES)}}
_ENDED = {"state": {"$in": sorted(FINAL_STATES)}}
_PLACE = ("place.street_code", "place.community_code", "place.responsibility_grid_id", "department_id")


def _index(name: str, only: Mapping[str, object], fields: Sequence[str]) -> IndexModel:
    return IndexModel([(one, ASCENDING) for one in fields], partialFilterExpression=only, name=name)


MAP_INDEXES = (
    _index(
        "open_map",
        _OPEN,
        ("place.cell", "state", "type_code", *_PLACE, "reported_at", "deadline_at", "handled_at"),
    ),
    _index("open_own", _OPEN, ("people_involved", *_PLACE)),
    _index("open_assisting_departments", _OPEN, ("assisting_department_ids",)),
    _index("ended_map", _ENDED, ("place.cell", "state", "type_code", "reported_at", *_PLACE)),
    _index("ended_times", _ENDED, ("reported_at", "place.cell", "state", "type_code", *_PLACE, "_id")),
    _index("ended_types", _ENDED, ("type_code", "reported_at", "place.cell", "state", *_PLACE, "source")),
    # What is theirs by another way is skipped in whole runs: first the department, then the street.
    _index(
        "ended_people",
        _ENDED,
        (
            "people_involved",
            "department_id",
            "place.street_code",
            "place.responsibility_grid_id",
            "place.community_code",
            "state",
            "place.cell",
        ),
    ),
    _index("tally_due", {"tally_due": True}, ("tally_due",)),
)
