"""What the keeper of the rules does with proposed routing rules."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.results import result_of
from city_api.routing.types import RoutingProposal
from city_core.cases.take_routing_proposal import dismiss_routing_proposal, take_routing_proposal
from city_core.kit.mongo import Row


@strawberry.input(description="A proposed routing rule to be taken into the rules.")
class TakeRoutingProposalInput:
    client_id: strawberry.ID
    proposal_id: strawberry.ID


@strawberry.input(description="A proposed routing rule to be dismissed.")
class DismissRoutingProposalInput(TakeRoutingProposalInput):
    reason: str


@strawberry.type
class RoutingMutations:
    @strawberry.mutation(
        graphql_type=result_of("TakeRoutingProposal", RoutingProposal),
        description="Publish the routing rules with a proposed one in front.",
    )
    async def take_routing_proposal(self, info: Info, input: TakeRoutingProposalInput) -> Row:
        context = info.context
        command = context.command(input.client_id)
        return await take_routing_proposal(context.city, await context.actor(), input.proposal_id, command)

    @strawberry.mutation(
        graphql_type=result_of("DismissRoutingProposal", RoutingProposal),
        description="Dismiss a proposed rule, with the reason.",
    )
    async def dismiss_routing_proposal(self, info: Info, input: DismissRoutingProposalInput) -> Row:
        context = info.context
        return await dismiss_routing_proposal(
            context.city,
            await context.actor(),
            input.proposal_id,
            context.command(input.client_id),
            reason=input.reason,
        )
