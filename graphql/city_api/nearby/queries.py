"""Reads of what and who is near."""

from __future__ import annotations

import strawberry

from city_api.cases.inputs import PointInput
from city_api.context import Info
from city_api.enums import Datum, PointState
from city_api.nearby.inputs import PointAttributeInput
from city_api.nearby.types import NearbyComponent, NearbyOfficer, NearbyPoint
from city_core.cases.nearest_officers import nearest_officers_to_case, nearest_officers_to_point
from city_core.cases.nearest_officers_rules import Ranked
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.components.model import ComponentState
from city_core.places.components.nearest import nearest_components
from city_core.places.locate import GivenPoint
from city_core.places.points.nearest import NearPoints, nearest_points


def _given(point: PointInput) -> GivenPoint:
    return GivenPoint(point.lng, point.lat, point.datum.value, point.accuracy_m)


@strawberry.type
class NearbyQueries:
    @strawberry.field(
        graphql_type=list[NearbyPoint],
        description="The points of a layer nearest to a place, 50 at most; of those with hours or "
        "attributes that are asked for, among the 500 nearest.",
    )
    async def nearby(
        self,
        info: Info,
        layer: str,
        point: PointInput,
        first: int = 20,
        within_m: int = 10_000,
        open_now: bool = False,
        state: PointState | None = None,
        attributes: list[PointAttributeInput] | None = None,
        datum: Datum | None = None,
    ) -> list[Row]:
        actor = await info.context.actor()
        wanted = NearPoints(
            layer,
            _given(point),
            first=first,
            within_m=within_m,
            open_now=open_now,
            state=state,
            attributes={pair.name: pair.value for pair in attributes or ()},
            answer_in=datum.value if datum else None,
        )
        return await nearest_points(info.context.city, wanted, staff=actor.works_in_the_streets)

    @strawberry.field(
        graphql_type=list[NearbyComponent],
        description="The components 部件 nearest to a place, 50 at most within 2,000 m; for staff.",
    )
    async def nearby_components(
        self,
        info: Info,
        point: PointInput,
        type_codes: list[str] | None = None,
        states: list[ComponentState] | None = None,
        first: int = 20,
        within_m: int = 200,
        datum: Datum | None = None,
    ) -> list[Row]:
        actor = await info.context.actor()
        return await nearest_components(
            info.context.city,
            _given(point),
            staff=actor.is_staff,
            type_codes=type_codes or (),
            states=states,
            first=first,
            within_m=within_m,
            answer_in=datum.value if datum else None,
        )

    @strawberry.field(
        graphql_type=list[NearbyOfficer],
        description="Who is nearest on duty, for a case or for a place and a type, best first and with "
        "the reason; for dispatchers, shift leaders and leaders in their own streets.",
    )
    async def nearest_officers(
        self,
        info: Info,
        case_id: strawberry.ID | None = None,
        point: PointInput | None = None,
        type_code: str | None = None,
        first: int = 10,
    ) -> list[Ranked]:
        city, actor = info.context.city, await info.context.actor()
        if case_id is not None and point is None and type_code is None:
            return await nearest_officers_to_case(city, actor, case_id, first=first)
        if case_id is None and point is not None and type_code is not None:
            return await nearest_officers_to_point(city, actor, _given(point), type_code, first=first)
        raise CityProblem("REQUEST_INVALID", field="caseId", allowed="caseId, or point and typeCode")
