"""Grid elements as phones see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from city_api.enums import ElementKind
from city_api.paging import PageInfo, page_info
from city_api.places.position import Position, position_of
from city_api.rows import computed, stored


@strawberry.type(description="An element 网格要素 of a unit grid: 人, 地, 事, 物 or 组织.")
class GridElement:
    id: strawberry.ID = stored("_id")
    kind: ElementKind = stored("kind")
    name_zh: str = stored("name_zh")
    category: str = stored("category")
    note: str = stored("note", "Of a person: a reason to visit, no more.")
    grid_code: str = stored("grid_code", "Unit grid 单元网格.")
    responsibility_grid_id: strawberry.ID = stored("responsibility_grid_id")
    position: Position | None = position_of("point")
    is_retired: bool = computed(lambda row, _: row["state"] == "REMOVED", needs=("state",))
    version: int = stored("version")
    updated_at: datetime = stored("updated_at")
    is_invented: bool = stored("is_invented", "Made up for trying out, not surveyed.")


@strawberry.type(description="One page of grid elements.")
class GridElementConnection:
    nodes: list[GridElement] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


def share_in_percent(redrawn: Any, _: Any) -> float:
    """Show a share as percent, to two digits."""
    return round(redrawn.share_off * 100, 2)
