"""Job: the owner of a refused photo is asked for another one; a machine's frame is noted as refused."""

from __future__ import annotations

from city_core.eye.keep_frame import refuse_frame
from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.media.model import PhotoOrigin
from city_core.notify.tell_photo_refused import tell_photo_refused


async def do(city: City, held: Claim) -> bool:
    photo = await city.database.photos.find_one({"_id": held.owner_id}, {"origin": 1, "refusal": 1})
    if photo is not None and photo.get("origin") == PhotoOrigin.MACHINE:
        await refuse_frame(city, held.owner_id, photo["refusal"])
    else:
        await tell_photo_refused(city, held.owner_id)
    return False
