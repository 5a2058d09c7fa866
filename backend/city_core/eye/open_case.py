"""A case is made of a confirmed event, once, however often this is tried."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.submit import Arrival, ReportDraft, take_in
from city_core.cases.workflow import Action
from city_core.eye.model import EVENTS, SOURCES, EventState
from city_core.eye.record import TRIES, EventChange, write_change
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim
from city_core.media.ask_for_veils import ask_for_veil
from city_core.people.roles import Actor, Role
from city_core.places.given import PointSource

OPEN_CASE = "open_event_case"
_ARRIVAL = Arrival(Action.SUBMIT, source="MACHINE")


async def do_open_case(city: City, held: Claim) -> bool:
    """Make the case of an event whose seat's request was cut off."""
    event = await city.database[EVENTS].find_one({"_id": held.owner_id})
    if event is not None:
        await open_case(city, event)
    return False


async def open_case(city: City, event: Row) -> Row:
    """Make the case of a confirmed event, under the event's own id; answers the event with its case.

    The source reports it. What comes in from a machine is verified by an inspector like a citizen's report.
    """
    if event["state"] != EventState.CONFIRMED or event["case_id"] is not None:
        return event
    case = await _taken_in(city, event)
    for photo_id in event["photo_ids"]:  # citizens may come to see the case: it needs their copy now
        await ask_for_veil(city, photo_id)
    for _ in range(TRIES):
        changed = await write_change(city, event, EventChange({"case_id": case["_id"]}))
        if changed is not None:
            await _finished(city, event["_id"])
            return changed
        found: Row | None = await city.database[EVENTS].find_one({"_id": event["_id"]})
        assert found is not None, "an event stays on record"
        event = found
        if event["case_id"] is not None:
            return event
    raise CityProblem("CASE_BUSY")


async def _finished(city: City, event_id: str) -> None:
    await city.database[EVENTS].update_one({"_id": event_id}, {"$pull": {"work": {"kind": OPEN_CASE}}})


async def _taken_in(city: City, event: Row) -> Row:
    source = await city.database[SOURCES].find_one({"_id": event["source_id"]}, {"name": 1})
    assert source is not None, "a source stays on record, also when it is disabled"
    reporter = Actor(event["source_id"], Role.SYSTEM, source["name"])
    place = event["place"]
    draft = ReportDraft(
        type_code=event["type_code"],
        condition_id=event["condition_id"],
        description=f"城市之眼发现，来源：{source['name']}",
        lng=place["given_lng"],
        lat=place["given_lat"],
        datum=place["datum"],
        accuracy_m=place["accuracy_m"],
        address="",
        media_ids=event["photo_ids"],
        point_source=PointSource.SENSOR.value,
    )
    command = Command(event["_id"], event["last_seen_at"], "machine")
    return await take_in(city, reporter, command, draft, _ARRIVAL, input_hash("eye", {"event": event["_id"]}))
