"""Whoever took a task or confirmed a supervision in the app has accepted the message that told them."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim
from city_core.notify.acknowledge import note
from city_core.notify.acknowledgement import Acknowledgement, Said
from city_core.notify.deliver import COLLECTION


async def note_answered(city: City, held: Claim) -> bool:
    """Note the answer on every message that asked for it; noted twice, it is there once."""
    given = held.input
    sent: Row = {"$lte": given["seq"]} if given["sent_seq"] is None else {"$eq": given["sent_seq"]}
    query = {
        "case_id": held.owner_id, "seq": sent, "person_id": given["person_id"],
        "kind": {"$in": given["kinds"]},
    }  # fmt: skip
    said = Said(Acknowledgement.ACCEPTED, given["device_id"])
    for message in await city.database[COLLECTION].find(query).to_list(None):
        await note(city, message, said)
    return False
