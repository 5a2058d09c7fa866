"""Staff report whether a point can be used: a toilet that is closed, one that is open again."""

from __future__ import annotations

from city_core.audit.record import Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.cases.command import Command, input_hash
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import SEATS, Actor, Role
from city_core.places.points.model import POINTS, PointState
from city_core.signs.record import change_recorded

REPORTERS = SEATS | {Role.INSPECTOR, Role.ADMINISTRATOR}
SET_BY_STAFF = (PointState.IN_USE, PointState.CLOSED)  # what is removed for good is for the registry


async def set_point_state(
    city: City, actor: Actor, command: Command, point_id: str, state: PointState, *, note: str = ""
) -> Row:
    """Set the state of a point, once per client id.

    Inspectors do so in their grids, seats in their streets, the administrator everywhere.
    """
    if actor.role not in REPORTERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(REPORTERS)))
    if state not in SET_BY_STAFF:
        raise CityProblem("REQUEST_INVALID", field="state", allowed=", ".join(SET_BY_STAFF))
    said = checked_text(note, field="note", most=200)
    mark = input_hash("set_point_state", {"id": point_id, "state": state.value, "note": said})

    unknown = CityProblem("POINT_UNKNOWN", field="pointId", allowed="the id of a point")

    def decide(point: Row) -> Row:
        if point["state"] == PointState.REMOVED:
            raise unknown
        if not answers_for(actor, point):
            raise CityProblem("NOT_ALLOWED", allowed="points in your own grids or streets")
        return {"state": state.value}

    changed = await change_recorded(
        city, POINTS, point_id, decide, actor=actor, command=command, mark=mark, kind="STATE_SET", note=said,
        unknown=unknown,
    )  # fmt: skip
    point = Subject(Kind.PLACE, point_id)
    await record(city, actor, Deed(Verb.POINT_CHANGED, point, said, state.value, command.client_id))
    return changed


def answers_for(actor: Actor, point: Row) -> bool:
    """Tell whether somebody may say how a point is."""
    if actor.role is Role.INSPECTOR:
        return point.get("responsibility_grid_id") in actor.grid_ids
    return actor.role is Role.ADMINISTRATOR or point.get("street_code") in actor.street_codes
