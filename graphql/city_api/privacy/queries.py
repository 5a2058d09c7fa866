"""Reads of one's own data requests, and of the privacy notice."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.privacy.types import DataRequest, PrivacyNotice
from city_core.kit.mongo import Row
from city_core.privacy.ask import my_data_requests
from city_core.privacy.notices import notice_of


@strawberry.type
class PrivacyQueries:
    @strawberry.field(
        graphql_type=PrivacyNotice,
        description="The privacy notice 隐私政策 in force, or one version of it; for anybody.",
    )
    async def privacy_notice(self, info: Info, version: int | None = None) -> object:
        return notice_of(version, info.context.now, info.context.city.settings.privacy_notices)

    @strawberry.field(
        graphql_type=list[DataRequest],
        description="What you asked about your own data, the latest first, 50 at most.",
    )
    async def my_data_requests(self, info: Info) -> list[Row]:
        return await my_data_requests(info.context.city, await info.context.actor())
