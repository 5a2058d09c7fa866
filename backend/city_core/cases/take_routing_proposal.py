"""The keeper of the rules takes a proposed routing rule into the rules, or dismisses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.audit.publishing import noting_publication
from city_core.cases.command import Command, input_hash
from city_core.cases.routing_book import ROUTING_BOOK, ROUTING_TABLE
from city_core.cases.routing_draft import proposed_row, with_rule_first
from city_core.cases.routing_queries import KEEPERS_OF_ROUTING, check_post
from city_core.catalogue.catalogue import catalogue_of
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import content_of, publish, versions_in_force
from city_core.kit.rulebook.tables import Fault
from city_core.kit.text import checked_opinion
from city_core.people.roles import Actor

_FAULTS_TOLD = 3


async def take_routing_proposal(city: City, actor: Actor, proposal_id: str, command: Command) -> Row:
    """Publish the routing rules with the proposed one in front; what fails the checks changes nothing."""
    check_post(actor, KEEPERS_OF_ROUTING)
    mark = input_hash("take_routing_proposal", {"proposal": proposal_id})
    proposal = await _still_open(city, proposal_id, command, mark)
    if proposal["client_id"] == command.client_id:
        return proposal
    in_force = (await versions_in_force(city)).get(ROUTING_BOOK.name, 0)
    published = await publish(
        city,
        ROUTING_BOOK,
        await _content_with(city, proposal, in_force),
        by=actor.person_id,
        client_id=command.client_id,
        input_hash=mark,
        note=f"proposal {proposal_id}",
        beside=noting_publication(city, actor, command.client_id, f"proposal {proposal_id}"),
        based_on=in_force,
    )
    if published.faults:
        raise CityProblem("ROUTING_RULE_REFUSED", allowed=_in_short(published.faults))
    decided = {"state": "TAKEN", "version": published.version}
    return await _decide(city, actor, proposal_id, command, mark, decided)


async def dismiss_routing_proposal(
    city: City, actor: Actor, proposal_id: str, command: Command, *, reason: str
) -> Row:
    """Leave the rules as they are, with the reason; the same decision of a leader opens it again."""
    check_post(actor, KEEPERS_OF_ROUTING)
    said = checked_opinion(reason)
    mark = input_hash("dismiss_routing_proposal", {"proposal": proposal_id, "reason": said})
    proposal = await _still_open(city, proposal_id, command, mark)
    if proposal["client_id"] == command.client_id:
        return proposal
    return await _decide(city, actor, proposal_id, command, mark, {"state": "DISMISSED", "note": said})


async def _still_open(city: City, proposal_id: str, command: Command, mark: str) -> Row:
    """Load a proposal that is still open, or was decided by this very command."""
    row: Row | None = await city.database.routing_proposals.find_one({"_id": proposal_id})
    if row is None:
        raise CityProblem("PROPOSAL_UNKNOWN", field="proposalId", allowed="an id of routingProposals")
    if row["client_id"] == command.client_id:
        if row["input_hash"] != mark:
            raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
        return row
    if row["state"] != "OPEN":
        raise CityProblem("PROPOSAL_DECIDED", field="proposalId", allowed="an open proposal")
    return row


async def _content_with(city: City, proposal: Row, version: int) -> Mapping[str, Any]:
    rows = (await content_of(city, ROUTING_BOOK, version))[ROUTING_TABLE.name]
    code, department_id = proposal["type_code"], proposal["department_id"]
    known = (await catalogue_of(city)).rules.type(code) or {"name_zh": code, "name_en": code}
    department = await city.database.departments.find_one({"_id": department_id})
    shown = department or {"name_zh": department_id, "name_en": department_id}
    rule = proposed_row(proposal, (known["name_zh"], known["name_en"]), shown)
    return {ROUTING_TABLE.name: with_rule_first(rows, rule)}


async def _decide(
    city: City, actor: Actor, proposal_id: str, command: Command, mark: str, decided: Row
) -> Row:
    own = {
        "decided_by": actor.person_id, "decided_at": city.clock.now(),
        "client_id": command.client_id, "input_hash": mark,
    }  # fmt: skip
    row: Row | None = await city.database.routing_proposals.find_one_and_update(
        {"_id": proposal_id, "state": "OPEN"}, {"$set": {**decided, **own}}, return_document=True
    )
    return row if row is not None else await _still_open(city, proposal_id, command, mark)


def _in_short(faults: list[Fault]) -> str:
    told = "; ".join(str(fault) for fault in faults[:_FAULTS_TOLD])
    more = len(faults) - _FAULTS_TOLD
    return f"{told}; and {more} more" if more > 0 else told
