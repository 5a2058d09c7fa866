"""Pulls of delta sync."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.rows import stored_fields
from city_api.sync.types import CasePull, CaseScope, ComponentPull, DictionaryPull
from city_core.sync.pull import Pulled, pull_cases, pull_components
from city_core.sync.pull_dictionaries import pull_dictionaries
from city_core.sync.scopes import SyncScope


@strawberry.type
class SyncQueries:
    @strawberry.field(
        graphql_type=CasePull,
        description="The cases of a scope that changed since a checkpoint, 1 to 100; without one, all.",
    )
    async def pull_cases(
        self, info: Info, scope: CaseScope, limit: int, checkpoint: str | None = None
    ) -> Pulled:
        context = info.context
        fields = stored_fields(info, "Case", ["documents", "case"])
        chosen = SyncScope(scope.value)
        return await pull_cases(
            context.city, await context.actor(), chosen, checkpoint=checkpoint, limit=limit, fields=fields
        )

    @strawberry.field(
        graphql_type=ComponentPull,
        description="The components 部件 in your grids that changed since a checkpoint, 1 to 100.",
    )
    async def pull_components(self, info: Info, limit: int, checkpoint: str | None = None) -> Pulled:
        context = info.context
        fields = stored_fields(info, "Component", ["documents", "component"])
        return await pull_components(
            context.city, await context.actor(), checkpoint=checkpoint, limit=limit, fields=fields
        )

    @strawberry.field(
        graphql_type=DictionaryPull,
        description="The lists to look things up in that are not as they were at a checkpoint.",
    )
    async def pull_dictionaries(self, info: Info, limit: int, checkpoint: str | None = None) -> Pulled:
        context = info.context
        pulled = await pull_dictionaries(
            context.city, await context.actor(), checkpoint=checkpoint, limit=limit
        )
        if pulled.documents:
            context.dictionary.forget()  # what is shown must not be older than the version that it is given
        return pulled
