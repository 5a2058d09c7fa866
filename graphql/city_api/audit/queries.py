"""Reads of the audit log, for the auditor alone."""

from __future__ import annotations

import strawberry

from city_api.audit.inputs import AuditFilterInput
from city_api.audit.types import AuditEntryConnection, AuditHead
from city_api.context import Info
from city_core.audit import queries
from city_core.audit.queries import EntryFilter, HeadView
from city_core.kit.pages import Page


@strawberry.type
class AuditQueries:
    @strawberry.field(
        graphql_type=AuditEntryConnection,
        description="What is on record, the newest first; for the auditor 审计员; a look is an entry too.",
    )
    async def audit_entries(
        self, info: Info, filter: AuditFilterInput | None = None, first: int = 50, after: str | None = None
    ) -> Page:
        city, actor = info.context.city, await info.context.actor()
        wanted = filter.wanted() if filter is not None else EntryFilter()
        return await queries.audit_entries(city, actor, wanted, first=first, after=after)

    @strawberry.field(
        graphql_type=AuditHead, description="The signed head of the audit log; for the auditor 审计员."
    )
    async def audit_head(self, info: Info) -> HeadView:
        return await queries.audit_head(info.context.city, await info.context.actor())
