"""A report that is begun at a sign: where it is comes from the sign, not from the phone."""

from __future__ import annotations

from dataclasses import replace

from city_core.cases.submit import ReportDraft, SignedPlace
from city_core.kit.city import City
from city_core.places.given import GivenPoint, PointSource
from city_core.signs.scan import find_sign


async def at_sign(city: City, draft: ReportDraft) -> ReportDraft:
    """Complete a report with the sign that its code names.

    Where there is no such sign the draft stays as it is: a report that is new is then refused, one that
    was taken in before its sign was taken down is answered again.
    """
    if draft.sign_code is None:
        return draft
    sign = await find_sign(city, draft.sign_code)
    if sign is None:
        return draft
    lng, lat = sign["point"]["coordinates"]
    place = SignedPlace(
        sign["_id"],
        GivenPoint(lng, lat, source=PointSource.SIGN.value),
        sign["component_code"],
        sign["address"],
    )
    return replace(draft, sign=place)
