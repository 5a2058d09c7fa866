"""Somebody says why they need the original of a photo, and is given a link that lasts two minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from city_core.audit.record import Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.cases.command import Command
from city_core.cases.originals.model import COLLECTION
from city_core.cases.originals.rights import FIELDS_JUDGED, READERS, may_read_original
from city_core.cases.photos import cases_with_photo
from city_core.cases.visibility import may_see, may_see_photo
from city_core.kit.city import City
from city_core.kit.ids import checked_client_id, new_id
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.media.links import ORIGINAL, signed_link
from city_core.media.model import PhotoState
from city_core.people.roles import Actor

GOOD_FOR = timedelta(minutes=2)
_LEAST_REASON, _MOST_REASON = 5, 200
_PHOTO_FIELDS = {"owner_id": 1, "state": 1, "original_file": 1, "size_bytes": 1, "sha256": 1}


@dataclass(frozen=True)
class OriginalLink:
    """Where an original can be read for two minutes, and the row of the audit that says so."""

    reading_id: str
    media_id: str
    url: str
    expires_at: datetime
    size_bytes: int
    sha256: str


async def read_original(
    city: City, actor: Actor, media_id: str, command: Command, *, reason: str, address: str = ""
) -> OriginalLink:
    """Put on record who reads the original of a photo and why, then give the link to it.

    The same command again is the same reading and gives the same link, for as long as that lasts.
    """
    if actor.role not in READERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(READERS)))
    photo_id = checked_client_id(media_id, "mediaId")
    said = checked_text(reason, field="reason", least=_LEAST_REASON, most=_MOST_REASON)
    photo, case = await readable_original(city, actor, photo_id)
    now = city.clock.now()
    row = {
        "_id": new_id(),
        "client_id": command.client_id,
        "media_id": photo_id,
        "case_id": case["_id"],
        "street_code": case["place"]["street_code"],
        "person_id": actor.person_id,
        "role": actor.role.value,
        "session_id": actor.session_id,
        "device_id": actor.device_id,
        "origin": command.origin,
        "address": address,
        "reason": said,
        "read_at": now,
        "link_expires_at": (now + GOOD_FOR).replace(microsecond=0),
        "opened_at": None,
        "last_opened_at": None,
        "openings": 0,
    }
    reading = await _on_record(city, row)
    read = Subject(Kind.PHOTO, photo_id)
    detail = f"reading {reading['_id']}, case {case['_id']}"
    await record(city, actor, Deed(Verb.ORIGINAL_READ, read, said, detail, command.client_id))
    return _link(city, photo, reading)


async def readable_original(city: City, actor: Actor, photo_id: str) -> tuple[Row, Row]:
    """Find a photo and the case for whose sake somebody may read its original, as things stand now.

    A photo that they may not see does not exist; one of which they may only see the copies is NOT_ALLOWED.
    """
    photo = await city.database.photos.find_one({"_id": photo_id}, _PHOTO_FIELDS)
    cases = [] if photo is None else await cases_with_photo(city, photo, *FIELDS_JUDGED)
    seen = [case for case in cases if may_see(actor, case) and may_see_photo(actor, case["photos"][0])]
    if photo is None or not seen:
        raise CityProblem("PHOTO_UNKNOWN")
    case = next((case for case in seen if may_read_original(actor, case)), None)
    if case is None:
        raise CityProblem("NOT_ALLOWED", allowed="acceptors, shift leaders, leaders, and who checks the case")
    if photo["state"] == PhotoState.REFUSED:
        raise CityProblem("PHOTO_UNKNOWN")
    if photo.get("original_file") is None:
        raise CityProblem("ORIGINAL_GONE")
    return photo, case


async def _on_record(city: City, row: Row) -> Row:
    try:
        await city.database[COLLECTION].insert_one(row)
    except DuplicateKeyError:
        same = {"person_id": row["person_id"], "client_id": row["client_id"]}
        known: Row | None = await city.database[COLLECTION].find_one(same)
        if known is None:
            raise CityProblem("BUSY") from None
        if (known["media_id"], known["reason"]) != (row["media_id"], row["reason"]):
            raise CityProblem(
                "COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each reading"
            ) from None
        return known
    return row


def _link(city: City, photo: Row, reading: Row) -> OriginalLink:
    link = signed_link(city, photo["_id"], ORIGINAL, reading["_id"], reading["link_expires_at"])
    return OriginalLink(
        reading_id=reading["_id"],
        media_id=photo["_id"],
        url=link.url,
        expires_at=link.expires_at,
        size_bytes=photo["size_bytes"],
        sha256=photo["sha256"],
    )
