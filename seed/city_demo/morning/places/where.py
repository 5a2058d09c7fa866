"""Where am I 我在哪里: a point of the public map leads to its grid, and to who answers for it."""

from __future__ import annotations

from collections.abc import Sequence

from city_demo.morning.crew import LEADER, Crew
from city_demo.morning.places.not_right import expect
from city_demo.morning.stories import GAO
from city_demo.morning.walk import Walk
from city_demo.phones import InspectorPhone, Phone, Refused, Seat
from city_demo.phones.phone import Row

_IN_ANOTHER_CITY = (117.0009, 36.6758)


async def ask_where(crew: Crew, walks: Sequence[Walk]) -> str:
    """Ask where the first report was made, as the phone measured it; gives the line of the result."""
    walk = walks[0]
    inspector = await crew.phone(GAO, InspectorPhone)
    place = await _where(inspector, walk.story.point, walk.story.datum, walk.story.type_code)
    case = await (await crew.phone(LEADER, Seat)).case(walk.watch.case_id) or {}
    expect(place["gridCode"] == case["place"]["gridCode"], "A report lies in another grid than its place.")
    try:
        await _where(inspector, _IN_ANOTHER_CITY, "WGS84", None)
    except Refused as refusal:
        outside = refusal.code
    else:
        outside = "found"
    expect(outside == "PLACE_OUTSIDE_CITY", f"A place in another city is {outside}.")
    answering = (place["answeringDepartment"] or {}).get("nameZh", "nobody")
    return (
        f"{walk.story.place} ({walk.story.datum}) → grid {place['gridCode']} ({place['foundBy']}), "
        f"{place['community']['nameZh']}, {place['street']['nameZh']}; answering {answering}, "
        f"departments {len(place['departments'])}, inspectors on duty {len(place['inspectors'])}; "
        f"its report lies in the same grid; another city refused"
    )


async def _where(phone: Phone, point: tuple[float, float], datum: str, type_code: str | None) -> Row:
    given = {"lng": point[0], "lat": point[1], "datum": datum, "typeCode": type_code}
    return dict(await phone.ask("whereAmI", given))
