"""Who may see and who may change the elements of a grid: those who answer for it, and nobody else."""

from __future__ import annotations

from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.acting import ADMINISTRATOR, INSPECTOR, Acting, check_acting

SEATS = frozenset({"ACCEPTOR", "SHIFT_LEADER", "DISPATCHER"})
CHANGERS = SEATS | {INSPECTOR}
VIEWERS = CHANGERS | {"LEADER"}
_PEOPLE = "PERSON"


def elements_of(actor: Acting) -> Row:
    """Give the filter of the elements that somebody may see.

    Inspectors see those of their grids, seats and leaders those of their streets.
    """
    check_acting(actor, VIEWERS)
    if actor.role == INSPECTOR:
        return {"responsibility_grid_id": {"$in": sorted(actor.grid_ids)}}
    return {"street_code": {"$in": sorted(actor.street_codes)}}


def elements_on_file(actor: Acting) -> Row:
    """Give the filter of the elements that somebody looks up, or takes away, among the registries.

    Whoever brings files in reads those of all grids, but no people; officers read none.
    """
    if actor.role == ADMINISTRATOR:
        return {"kind": {"$ne": _PEOPLE}}
    return elements_of(actor) if actor.role in VIEWERS else {"_id": None}


def is_unseen_by_importers(row: Row) -> bool:
    """Tell whether an element is one that whoever brings files in does not read: a person 人."""
    return bool(row.get("kind") == _PEOPLE)


def may_change(actor: Acting, row: Row) -> bool:
    """Tell whether somebody may change what stands in a grid: its inspectors, and the seats of its street."""
    if actor.role == INSPECTOR:
        return row["responsibility_grid_id"] in actor.grid_ids
    return actor.role in SEATS and row["street_code"] in actor.street_codes


def unknown_element() -> CityProblem:
    """Refuse an element that is not there, or not theirs, which looks the same."""
    return CityProblem("ELEMENT_UNKNOWN", field="elementId", allowed="an element of your grids")
