"""What the tests of signs share: points and components of the village, and signs made of them."""

from __future__ import annotations

import uuid
from typing import Any

from city_core.cases.command import Command
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.places.cells import cell_of
from city_core.places.locate import GivenPoint
from city_core.signs.make_signs import make_signs
from city_core.signs.subjects import NewSign
from tests.hand_clock import beijing
from tests.integration.cases.support import People
from tests.village import COMMUNITY, GRID, INSIDE, RESPONSIBILITY, STREET

COVER = "3703030102000001"
TOILET = "toilet:0001"
METRE = 1 / 111_195  # degrees of latitude


def command() -> Command:
    """Make a command of a phone."""
    return Command(str(uuid.uuid4()), None, "phone:test")


def a_point(layer: str, code: str, metres: float, **more: Any) -> Row:
    """Make a point so many metres north of the middle of the village."""
    lng, lat = INSIDE[0], round(INSIDE[1] + metres * METRE, 7)
    return {
        "_id": f"{layer}:{code}", "layer": layer, "code": code, "name_zh": f"{layer}{code}", "name_en": "",
        "point": {"type": "Point", "coordinates": [lng, lat]}, "cell": cell_of(lng, lat), "address": "柳泉路",
        "grid_code": GRID, "responsibility_grid_id": RESPONSIBILITY, "community_code": COMMUNITY,
        "street_code": STREET, "state": "IN_USE", "opening_hours": [], "phone": "", "stream_address": "",
        "attributes": {}, "version": 1, "updated_at": beijing(2, 9), "is_invented": True,
        "history": [], **more,
    }  # fmt: skip


async def furnish(city: City) -> None:
    """Put a manhole cover and some points into the village."""
    await city.database.components.insert_one({
        "_id": COVER, "type_code": "C0102", "name_zh": "", "grid_code": GRID, "state": "IN_USE",
        "responsibility_grid_id": RESPONSIBILITY, "version": 1, "updated_at": beijing(2, 9),
        "point": {"type": "Point", "coordinates": list(INSIDE)},
    })  # fmt: skip
    night = [{"days": [1, 2, 3, 4, 5, 6, 7], "opens_at": "08:00", "closes_at": "20:00"}]
    await city.database.points.insert_many([
        a_point("toilet", "0001", 0), a_point("toilet", "0002", 300, opening_hours=night),
        a_point("toilet", "0003", 200, state="CLOSED"), a_point("toilet", "0004", 100, state="REMOVED"),
        a_point("toilet", "0005", 400), a_point("parking", "0001", 2_900),
        a_point("parking", "0002", 3_100), a_point("camera", "0001", 10, stream_address="rtsp://a.example"),
        a_point("restaurant", "0001", 20),
    ])  # fmt: skip


async def a_sign(city: City, people: People, who: str = "acceptor-1", **given: Any) -> Row:
    """Have one sign made; of the place in the middle of the village, unless said otherwise."""
    wanted = NewSign(**given) if given else NewSign(place=GivenPoint(*INSIDE), name="村口")
    [sign] = await make_signs(city, people[who], command(), [wanted])
    return sign
