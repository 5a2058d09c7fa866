"""Asks detection."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.detection.types import DetectionClass, PhotoAdvice
from city_core.detection.photo_advice import photo_advice
from city_core.kit.mongo import Row
from city_core.rules.detection_classes import detection_classes


@strawberry.type
class DetectionQueries:
    @strawberry.field(
        graphql_type=PhotoAdvice, description="What was seen in a photo that you uploaded, be it in no case."
    )
    async def photo_advice(self, info: Info, media_id: strawberry.ID) -> Row:
        return await photo_advice(info.context.city, await info.context.actor(), media_id)

    @strawberry.field(
        graphql_type=list[DetectionClass], description="What each class may do now, for seats and leaders."
    )
    async def detection_classes(self, info: Info) -> list[Row]:
        return await detection_classes(info.context.city, await info.context.actor())
