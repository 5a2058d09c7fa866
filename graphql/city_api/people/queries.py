"""Reads about people."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.people.types import Department, Me, SignInSession
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from city_core.people.session_queries import sessions_of


@strawberry.type
class PeopleQueries:
    @strawberry.field(graphql_type=Me, description="Whoever is signed in.")
    async def me(self, info: Info) -> Actor:
        return await info.context.actor()

    @strawberry.field(
        graphql_type=list[SignInSession], description="Where one is signed in, the last used first."
    )
    async def my_sessions(self, info: Info) -> list[Row]:
        return await sessions_of(info.context.city, await info.context.actor())

    @strawberry.field(graphql_type=list[Department], description="The departments 专业部门.")
    async def departments(self, info: Info) -> list[Row]:
        await info.context.actor()
        return list((await info.context.dictionary.get()).departments.values())
