"""A person answers a message: delivered, read, accepted or refused, from a device of their own."""

from __future__ import annotations

from datetime import datetime

from city_core.kit.city import City
from city_core.kit.mongo import Row, literal, set_stage
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.kit.work import work_stage
from city_core.notify.acknowledgement import MOST_ACKNOWLEDGEMENTS, Acknowledgement, Said, answered
from city_core.notify.climb import ladder_of
from city_core.notify.deliver import COLLECTION, wake_due
from city_core.notify.urgency import asks_for_answer
from city_core.people.roles import Actor

_MOST_REASON = 200
_TRIES = 10


async def acknowledge_message(
    city: City,
    actor: Actor,
    message_id: str,
    state: Acknowledgement,
    *,
    reason: str | None = None,
    device_time: datetime | None = None,
    client_id: str | None = None,
) -> Row:
    """Note how far a message has come with its receiver; said again from one device it counts once.

    Read ends what is to reach the person, accepted ends the ladder, refused (with a reason of 1 to 200
    characters, only where an answer is asked for) has others told at once. What comes late is on record.
    """
    message = await _own(city, actor, message_id)
    await _check_device(city, actor)
    refuses = state is Acknowledgement.REFUSED
    if refuses and not asks_for_answer(message["kind"]):
        raise CityProblem("ANSWER_NOT_ASKED", field="state", allowed="DELIVERED, READ, ACCEPTED")
    why = checked_text(reason, field="reason", most=_MOST_REASON, least=1 if refuses else 0)
    said = Said(state, actor.device_id, why, device_time, client_id)
    _refuse_reused_id(message, said)
    return await note(city, message, said)


async def note(city: City, message: Row, said: Said) -> Row:
    """Write one acknowledgement: answer, record and work at once, if nobody was faster."""
    rungs = await ladder_of(city, message)
    for _ in range(_TRIES):
        if _is_known(message, said):
            return message
        done = answered(message, said, rungs, city.clock.now())
        row = literal([said.row(city.clock.now())])
        stored: Row | None = await city.database[COLLECTION].find_one_and_update(
            _as_it_was(message, said),
            [
                set_stage(done.values),
                {
                    "$set": {
                        "acknowledgements": {"$concatArrays": [{"$ifNull": ["$acknowledgements", []]}, row]}
                    }
                },
                work_stage(done.work, None, done.drops),
            ],
            return_document=True,
        )
        if stored is not None:
            wake_due(city, stored, done.work)
            return stored
        message = await city.database[COLLECTION].find_one({"_id": message["_id"]}) or message
    raise CityProblem("BUSY")


def _as_it_was(message: Row, said: Said) -> Row:
    """Match the message as it was decided on: its answer, its rungs, and without this acknowledgement."""
    same = {"state": said.state.value, "device_id": said.device_id}
    return {
        "_id": message["_id"], "answer": message.get("answer"),
        f"rungs.{len(message.get('rungs', ()))}": {"$exists": False},
        "acknowledgements": {"$not": {"$elemMatch": same}},
    }  # fmt: skip


def _is_known(message: Row, said: Said) -> bool:
    known = message.get("acknowledgements", ())
    is_full = len(known) >= MOST_ACKNOWLEDGEMENTS
    return is_full or any((row["state"], row["device_id"]) == (said.state, said.device_id) for row in known)


async def _own(city: City, actor: Actor, message_id: str) -> Row:
    own = {"_id": message_id, "person_id": actor.person_id}
    message = await city.database[COLLECTION].find_one(own)
    if message is None:
        raise CityProblem("MESSAGE_UNKNOWN", field="messageId", allowed="an id of your inbox")
    return message


async def _check_device(city: City, actor: Actor) -> None:
    """Refuse a phone that somebody else has signed in on since: it is not the receiver who looks at it."""
    if not actor.device_id:
        return
    device = await city.database.devices.find_one({"_id": actor.device_id}, {"person_id": 1})
    if device is not None and device["person_id"] != actor.person_id:
        raise CityProblem("DEVICE_NOT_YOURS", field="device", allowed="the device that you are signed in on")


def _refuse_reused_id(message: Row, said: Said) -> None:
    if said.client_id is None:
        return
    for row in message.get("acknowledgements", ()):
        if row["client_id"] == said.client_id and (row["state"], row["reason"]) != (said.state, said.reason):
            raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
