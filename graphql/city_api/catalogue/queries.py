"""Reads of the dictionary."""

from __future__ import annotations

import strawberry

from city_api.catalogue.types import CaseType
from city_api.context import Info
from city_api.enums import TypeKind
from city_core.kit.mongo import Row


@strawberry.type
class CatalogueQueries:
    @strawberry.field(graphql_type=list[CaseType], description="The types 类别 of components and events.")
    async def case_types(self, info: Info, kind: TypeKind | None = None) -> list[Row]:
        await info.context.actor()
        book = await info.context.dictionary.get()
        return [row for row in book.types.values() if kind is None or row["kind"] == kind.value]

    @strawberry.field(graphql_type=CaseType | None, description="One type 小类 with its filing conditions.")
    async def case_type(self, info: Info, code: strawberry.ID) -> Row | None:
        await info.context.actor()
        return (await info.context.dictionary.get()).types.get(code)
