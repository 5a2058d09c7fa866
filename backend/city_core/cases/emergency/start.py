"""A leader switches an area from normal to emergency 平急转换, or orders a drill 演练."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from city_core.cases.command import Command, input_hash
from city_core.cases.emergency.area import Area, checked_area
from city_core.cases.emergency.model import COLLECTION, EmergencyState
from city_core.cases.emergency.overlaps import one_at_a_time, refuse_overlap
from city_core.cases.emergency.record import (
    check_leads,
    note_step,
    refuse_id_of_other,
    reused,
    step_row,
    switching,
    telling,
    wake_after,
)
from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.cases.emergency.times import checked_times
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import DuplicateKeyError, Row, Session
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import open_rules
from city_core.kit.text import checked_text
from city_core.people.roles import Actor


@dataclass(frozen=True)
class EmergencyOrder:
    """What is ordered: which profile, where, until when, on whose authority (person and document number)."""

    profile: str
    name: str
    area_codes: Sequence[str]
    ends_at: datetime
    authority: str
    starts_at: datetime | None = None
    is_drill: bool = False


async def start_emergency(city: City, actor: Actor, command: Command, order: EmergencyOrder) -> Row:
    """Switch an area to emergency, now or at a time to come; refused where another one is on."""
    check_leads(actor)
    mark = input_hash("start_emergency", asdict(order))
    known = await _known(city, actor, command, mark)
    if known is not None:
        return known
    emergency = await _new(city, actor, command, mark, order)

    async def insert(session: Session) -> None:
        await refuse_overlap(city, emergency, session)
        await city.database[COLLECTION].insert_one(emergency, session=session)
        await note_step(city, actor, emergency, emergency["history"][0], session)

    try:
        await one_at_a_time(city, insert)
    except DuplicateKeyError:  # the same command at the same time
        stored = await _known(city, actor, command, mark)
        assert stored is not None
        return stored
    wake_after(city, emergency)
    return emergency


async def _known(city: City, actor: Actor, command: Command, mark: str) -> Row | None:
    query = {"started_by": actor.person_id, "client_id": command.client_id}
    known: Row | None = await city.database[COLLECTION].find_one(query)
    if known is None:
        await refuse_id_of_other(city, actor, "", command)
    elif known["history"][0]["input_hash"] != mark:
        raise reused()
    return known


async def _new(city: City, actor: Actor, command: Command, mark: str, order: EmergencyOrder) -> Row:
    now = city.clock.now()
    opened = await open_rules(city, EMERGENCY_PROFILES)
    if order.profile not in opened.rules:
        raise CityProblem("PROFILE_UNKNOWN", field="profile", allowed=", ".join(sorted(opened.rules)))
    name = checked_text(order.name, field="name", most=60, least=1)
    authority = checked_text(order.authority, field="authority", most=200, least=1)
    starts_at, ends_at = checked_times(order.starts_at, order.ends_at, now)
    area: Area = await checked_area(city, actor, order.area_codes)
    is_now = starts_at <= now
    emergency: Row = {
        "_id": new_id(),
        "version": 1,
        "state": (EmergencyState.ON if is_now else EmergencyState.PLANNED).value,
        "name": name,
        "profile": order.profile,
        "profile_version": opened.version,
        **area.row(),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "authority": authority,
        "is_drill": order.is_drill,
        "started_by": actor.person_id,
        "client_id": command.client_id,
        "ended_by": None,
        "ended_at": None,
        "created_at": now,
    }
    work = [switching(starts_at), *([telling(city, emergency, 1, over=False)] if is_now else [])]
    row = step_row(city, actor, "START", emergency, authority, command, mark)
    return {**emergency, "history": [row], "work": [item.row() for item in work]}
