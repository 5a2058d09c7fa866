"""The copy for citizens, written by hand where a test needs one and no detector."""

from __future__ import annotations

import io

from PIL import Image

from city_core.kit.city import City
from city_core.kit.ids import checked_client_id
from city_core.media.files import COPIES, settle_files, write_file


async def veil(city: City, media_id: str, colour: str = "white") -> bytes:
    """Give a photo its copy for citizens: an even picture that no other copy looks like."""
    photo_id = checked_client_id(media_id)
    out = io.BytesIO()
    Image.new("RGB", (96, 64), colour).save(out, "JPEG")
    reference = await write_file(city, COPIES, photo_id, out.getvalue())
    made = {"faces": 1, "plates": 0, "veiler_version": "by-hand", "made_at": city.clock.now()}
    values = {"public_file": reference, "veil": made}
    await city.database.photos.update_one({"_id": photo_id}, {"$set": values})
    await settle_files(city, [reference])
    return out.getvalue()
