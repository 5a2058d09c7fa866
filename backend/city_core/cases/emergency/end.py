"""An area goes back from emergency to normal: by a leader's hand, or when its time is over."""

from __future__ import annotations

from datetime import datetime

from city_core.cases.command import Command, input_hash
from city_core.cases.emergency.model import EmergencyState
from city_core.cases.emergency.record import (
    EmergencyChange,
    change_emergency,
    check_leads,
    refuse_id_of_other,
    switching,
    telling,
    wake_after,
)
from city_core.kit.city import City
from city_core.kit.mongo import Row, Session, in_transaction
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion
from city_core.people.roles import Actor


async def end_emergency(city: City, actor: Actor, emergency_id: str, command: Command, *, reason: str) -> Row:
    """End an emergency at once, or call off one that is planned; every case gets its normal clock back."""
    check_leads(actor)
    said = checked_opinion(reason)
    mark = input_hash("end_emergency", {"reason": said})
    await refuse_id_of_other(city, actor, emergency_id, command)

    def decide(emergency: Row) -> EmergencyChange:
        refuse_ended(emergency, city.clock.now())
        return ending(city, emergency, actor, city.clock.now(), said)

    async def end(session: Session) -> Row:
        return await change_emergency(
            city, actor, emergency_id, "END", decide, command=command, mark=mark, session=session
        )

    ended = await in_transaction(city.database, end)
    wake_after(city, ended)
    return ended


def ending(city: City, emergency: Row, actor: Actor, at: datetime, note: str) -> EmergencyChange:
    """Decide what ending an emergency changes; one that never began is nobody's news and changed no clock."""
    changes = {"state": EmergencyState.ENDED.value, "ended_at": at, "ended_by": actor.person_id}
    work = [switching(city.clock.now())]
    if emergency["state"] == EmergencyState.ON:
        work.append(telling(city, emergency, emergency["version"] + 1, over=True))
    return EmergencyChange(changes, note, work, drops_work=("switch_clocks",))


def refuse_ended(emergency: Row, now: datetime) -> None:
    """Refuse to change an emergency that is over."""
    if emergency["state"] == EmergencyState.ENDED or emergency["ends_at"] <= now:
        raise CityProblem("EMERGENCY_OVER", field="emergencyId", allowed="an emergency that is planned or on")
