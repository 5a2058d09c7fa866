"""Uploads that go on in pieces: found by their id, as those see them who began them."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

UPLOADS, PARTS = "uploads", "upload_parts"


async def find_upload(city: City, actor: Actor, upload_id: str) -> Row:
    """Find an upload of one's own; to others it does not exist. One that was refused says so again."""
    row = await city.database[UPLOADS].find_one({"_id": checked_client_id(upload_id, "mediaId")})
    if row is None or row["owner_id"] != actor.person_id:
        raise CityProblem("UPLOAD_UNKNOWN")
    if row["expires_at"] <= city.clock.now():
        raise CityProblem("UPLOAD_EXPIRED")
    if row["refusal"] is not None:
        raise CityProblem(row["refusal"], field="photo")
    return row


async def drop_parts(city: City, row: Row) -> None:
    """Forget the pieces of one upload; those of a later one under the same id stay."""
    await city.database[PARTS].delete_many({"_id": {"$in": [part["id"] for part in row["parts"]]}})
