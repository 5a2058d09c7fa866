"""Joining, merging, and undoing a merge: hand the input to the use-case, show the case."""

from __future__ import annotations

import strawberry

from city_api.cases.types import Case
from city_api.commands.plain import plain
from city_api.context import Info
from city_api.duplicates.inputs import JoinCaseInput, MergeCasesInput, UnmergeCaseInput
from city_api.results import result_of
from city_core.cases.duplicates.join import join_case
from city_core.cases.duplicates.merge import merge_cases
from city_core.cases.duplicates.unmerge import unmerge_case
from city_core.kit.mongo import Row


@strawberry.type
class DuplicateMutations:
    @strawberry.mutation(
        graphql_type=result_of("JoinCase", Case),
        description="Join a similar case 附议: you follow it from now on as its reporter does.",
    )
    async def join_case(self, info: Info, input: JoinCaseInput) -> Row:
        context = info.context
        return await join_case(
            context.city,
            await context.actor(),
            context.command_of(input),
            token=input.token,
            description=input.description,
            media_ids=list(input.media_ids),
            photos=plain(input.photos),
        )

    @strawberry.mutation(
        graphql_type=result_of("MergeCases", Case),
        description="Merge a duplicate into another case 合并; answers the duplicate.",
    )
    async def merge_cases(self, info: Info, input: MergeCasesInput) -> Row:
        context = info.context
        return await merge_cases(
            context.city,
            await context.actor(),
            input.case_id,
            context.command_of(input),
            into_case_id=input.into_case_id,
            reason=input.reason,
        )

    @strawberry.mutation(
        graphql_type=result_of("UnmergeCase", Case),
        description="Undo a merge 撤销合并: the case is again what it was; answers it.",
    )
    async def unmerge_case(self, info: Info, input: UnmergeCaseInput) -> Row:
        context = info.context
        return await unmerge_case(
            context.city,
            await context.actor(),
            input.case_id,
            context.command_of(input),
            reason=input.reason,
        )
