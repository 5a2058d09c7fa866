"""Job: a photo's public copy is made, its faces and number plates veiled; one photo at a time."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim, Handler
from city_core.media.veil_photo import veil_photo, veil_photo_whole
from city_core.media.veiling import Veiler
from city_workers.patient_thread import patient_thread


def with_veiler(veiler: Veiler) -> Handler:
    """Make the handler of kind `veil`: what no veiler gets through is blurred all over."""
    looking = patient_thread("veiler")

    async def do(city: City, held: Claim) -> bool:
        return await veil_photo(city, held, veiler, looking)

    async def give_up(city: City, held: Claim) -> bool:
        return await veil_photo_whole(city, held, looking)

    return Handler(do, give_up)
