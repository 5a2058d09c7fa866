"""Reads of the registries: imports for their keeper, rows and histories for staff."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.registries.types import PlaceImport, PlaceImportsPage, RegistryChangesPage, RegistryPage
from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.kit.pages import Page
from city_core.places.registries.queries import Looked
from city_core.rules import registry_keepers


@strawberry.type
class RegistryQueries:
    @strawberry.field(graphql_type=PlaceImport, description="How far an import of places 导入 has come.")
    async def place_import(self, info: Info, id: strawberry.ID) -> Row:
        context = info.context
        actor = await context.actor()
        return await registry_keepers.place_import(context.city, actor, checked_client_id(id, "id"))

    @strawberry.field(graphql_type=PlaceImportsPage, description="The imports of places, the newest first.")
    async def place_imports(self, info: Info, first: int = 20, after: str | None = None) -> Page:
        context = info.context
        actor = await context.actor()
        return await registry_keepers.place_imports(context.city, actor, first=first, after=after)

    @strawberry.field(
        graphql_type=RegistryPage,
        description="Rows of a registry 名录 that you may see, whose code or name begins with `prefix`.",
    )
    async def places(
        self,
        info: Info,
        registry: str,
        prefix: str = "",
        layer: str | None = None,
        street: str | None = None,
        state: str | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Page:
        context = info.context
        actor = await context.actor()
        looked = Looked(registry, prefix, layer, street, state)
        return await registry_keepers.look_up(context.city, actor, looked, first=first, after=after)

    @strawberry.field(
        graphql_type=RegistryChangesPage, description="What became of one row of a registry 变更记录."
    )
    async def place_history(
        self, info: Info, registry: str, id: strawberry.ID, first: int = 20, after: str | None = None
    ) -> Page:
        context = info.context
        actor = await context.actor()
        return await registry_keepers.look_up_history(
            context.city, actor, registry, id, first=first, after=after
        )
