"""A leader lets an emergency last longer."""

from __future__ import annotations

from datetime import datetime

from city_core.cases.command import Command, input_hash
from city_core.cases.emergency.end import refuse_ended
from city_core.cases.emergency.overlaps import one_at_a_time, refuse_overlap
from city_core.cases.emergency.record import (
    EmergencyChange,
    change_emergency,
    check_leads,
    load_emergency,
    refuse_id_of_other,
)
from city_core.cases.emergency.times import checked_end
from city_core.kit.city import City
from city_core.kit.mongo import Row, Session
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion
from city_core.people.roles import Actor


async def extend_emergency(
    city: City, actor: Actor, emergency_id: str, command: Command, *, ends_at: datetime, reason: str
) -> Row:
    """Put off the end of an emergency that is planned or on, to thirty days from now at the latest."""
    check_leads(actor)
    said = checked_opinion(reason)
    mark = input_hash("extend_emergency", {"ends_at": ends_at, "reason": said})
    await refuse_id_of_other(city, actor, emergency_id, command)
    await load_emergency(city, actor, emergency_id)

    def decide(emergency: Row) -> EmergencyChange:
        now = city.clock.now()
        refuse_ended(emergency, now)
        if ends_at <= emergency["ends_at"]:
            allowed = f"later than {emergency['ends_at'].isoformat(timespec='minutes')}"
            raise CityProblem("EMERGENCY_TIME_INVALID", field="endsAt", allowed=allowed)
        return EmergencyChange({"ends_at": checked_end(ends_at, max(now, emergency["starts_at"]))}, said)

    async def extend(session: Session) -> Row:
        changed = await change_emergency(
            city, actor, emergency_id, "EXTEND", decide, command=command, mark=mark, session=session
        )
        if changed["ends_at"] == ends_at:
            await refuse_overlap(city, changed, session)
        return changed

    return await one_at_a_time(city, extend)
