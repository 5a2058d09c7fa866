"""Drawing grids anew, and keeping their elements."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.places.element_types import GridElement, share_in_percent
from city_api.places.inputs import ChangeGridElementInput, RedrawGridInput, change_of, redrawing_of
from city_api.places.types import UnitGrid
from city_api.results import result_of
from city_api.rows import computed
from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.places.elements.change import change_element
from city_core.places.redraw import Redrawn, redraw_grids


@strawberry.type(description="Unit grids 单元网格 that were drawn anew.")
class RedrawnGrids:
    ended: list[UnitGrid] = computed(lambda redrawn, _: redrawn.ended)
    begun: list[UnitGrid] = computed(lambda redrawn, _: redrawn.begun)
    percent_off: float = computed(
        share_in_percent, description="How much of the old ground the new grids leave out or add."
    )


@strawberry.type
class GridMutations:
    @strawberry.mutation(
        graphql_type=result_of("RedrawGrid", RedrawnGrids),
        description="Draw unit grids 单元网格 anew: old ones end on a day, new ones begin on it.",
    )
    async def redraw_grid(self, info: Info, input: RedrawGridInput) -> Redrawn:
        actor = await info.context.actor()
        client_id = checked_client_id(input.client_id)
        return await redraw_grids(info.context.city, actor, client_id, redrawing_of(input))

    @strawberry.mutation(
        graphql_type=result_of("ChangeGridElement", GridElement),
        description="Add, change or retire an element 网格要素 of a grid that you answer for.",
    )
    async def change_grid_element(self, info: Info, input: ChangeGridElementInput) -> Row:
        actor = await info.context.actor()
        client_id = checked_client_id(input.client_id)
        return await change_element(
            info.context.city, actor, client_id, change_of(input), base_version=input.base_version
        )
