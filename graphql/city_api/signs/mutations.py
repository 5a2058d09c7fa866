"""Signs are made and taken out of use; staff say how points are."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.results import result_of
from city_api.signs.inputs import DisableSignInput, MakeSignsInput, NewSignInput, SetPointStateInput
from city_api.signs.types import MadeSigns, ReportedPoint, Sign
from city_core.kit.mongo import Row
from city_core.places.given import GivenPoint
from city_core.signs.disable_sign import disable_sign
from city_core.signs.make_signs import make_signs
from city_core.signs.set_point_state import set_point_state
from city_core.signs.subjects import NewSign


@strawberry.type
class SignMutations:
    @strawberry.mutation(
        graphql_type=result_of("MakeSigns", MadeSigns),
        description="Have signs made 制作标牌: seats in their streets, the administrator everywhere.",
    )
    async def make_signs(self, info: Info, input: MakeSignsInput) -> list[Row]:
        context = info.context
        wanted = [_new_sign(given) for given in input.signs]
        return await make_signs(context.city, await context.actor(), context.command_of(input), wanted)

    @strawberry.mutation(
        graphql_type=result_of("DisableSign", Sign),
        description="Take a sign out of use 停用标牌: its code opens nothing any more.",
    )
    async def disable_sign(self, info: Info, input: DisableSignInput) -> Row:
        context = info.context
        actor, command = await context.actor(), context.command_of(input)
        return await disable_sign(context.city, actor, command, input.sign_id, note=input.note)

    @strawberry.mutation(
        graphql_type=result_of("SetPointState", ReportedPoint),
        description="Say how a point is: inspectors in their grids, seats in their streets.",
    )
    async def set_point_state(self, info: Info, input: SetPointStateInput) -> Row:
        context = info.context
        actor, command = await context.actor(), context.command_of(input)
        return await set_point_state(
            context.city, actor, command, input.point_id, input.state, note=input.note
        )


def _new_sign(given: NewSignInput) -> NewSign:
    place = given.place
    point = None
    if place is not None:
        point = GivenPoint(place.lng, place.lat, place.datum.value, place.accuracy_m)
    return NewSign(given.component_code, given.point_id, point, given.name, given.address)
