"""Staff have signs printed: sheets of cards, or one sign as a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.signs.picture import picture_of_sign
from city_core.signs.queries import note_printed, signs_to_print
from city_core.signs.sheet import sheet_of_signs

MOST_SIGNS = 200
_LONGEST_ID = 64


async def print_sheets(city: City, actor: Actor, ids: Sequence[str]) -> bytes:
    """Draw sheets of up to 200 signs as PDF, in the order asked for, and note that they were printed."""
    signs = await signs_to_print(city, actor, _checked(ids, MOST_SIGNS))
    sheets = await asyncio.to_thread(sheet_of_signs, city.settings, signs)
    await note_printed(city, ids)
    return sheets


async def print_picture(city: City, actor: Actor, ids: Sequence[str]) -> bytes:
    """Draw one sign as a PNG, and note that it was printed."""
    [sign] = await signs_to_print(city, actor, _checked(ids, 1))
    picture = await asyncio.to_thread(picture_of_sign, city.settings, sign)
    await note_printed(city, ids)
    return picture


def _checked(ids: Sequence[str], most: int) -> Sequence[str]:
    if not 1 <= len(ids) <= most or not all(1 <= len(one) <= _LONGEST_ID for one in ids):
        raise CityProblem("REQUEST_INVALID", field="ids", allowed=f"1 to {most} ids, comma between")
    return ids
