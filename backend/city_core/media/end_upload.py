"""A phone gives an upload up."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.media.uploads import UPLOADS, drop_parts, find_upload
from city_core.people.roles import Actor


async def end_upload(city: City, actor: Actor, upload_id: str) -> None:
    """Forget an upload and its bytes; a photo that was already made of them stays."""
    row = await find_upload(city, actor, upload_id)
    gone = await city.database[UPLOADS].find_one_and_delete({"_id": row["_id"], "begun": row["begun"]})
    if gone is not None:
        await drop_parts(city, gone)
