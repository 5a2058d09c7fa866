"""Divisions as phones see them."""

from __future__ import annotations

import strawberry

from city_api.enums import DivisionLevel
from city_api.places.position import Position, position_of
from city_api.rows import computed, stored


@strawberry.type(description="A district 区, street 街道 or community 社区.")
class Division:
    code: strawberry.ID = stored("_id")
    level: DivisionLevel = stored("level")
    name_zh: str = stored("name_zh")
    parent_code: str | None = stored("parent_code")
    lng: float = computed(lambda row, _: row["centre"]["coordinates"][0], description="Centre, WGS-84.")
    lat: float = computed(lambda row, _: row["centre"]["coordinates"][1])
    position: Position | None = position_of("centre")
