"""What leaders decide again and again is proposed as a rule, and taken into the rules or dismissed."""

from __future__ import annotations

import pytest

from city_core.cases.propose_routing import propose_routing_rule
from city_core.cases.routing_book import ROUTING_BOOK
from city_core.cases.routing_model import RoutingProposal
from city_core.cases.routing_queries import page_of_routing_proposals
from city_core.cases.take_routing_proposal import dismiss_routing_proposal, take_routing_proposal
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import content_of, versions_in_force
from city_core.kit.work import Claim, WorkItem
from tests.integration.cases.support import People, command, do_all_work, stored
from tests.integration.cases.test_dispatch_by_rules import reported
from tests.routing_rows import name_divisions, publish_rules, rule_row
from tests.village import STREET

ID = f"E0110:{STREET}:water"


async def decided(city: City, people: People) -> Row:
    """Have a case for which a leader has decided that the water department handles it."""
    await name_divisions(city)
    case = await reported(city, people)
    given = {"department_id": "water", "decided_by": "leader-1"}
    item = WorkItem("propose_routing", "propose_routing:9", city.clock.now(), given)
    await city.database.cases.update_one({"_id": case["_id"]}, {"$push": {"work": item.row()}})
    return case


async def proposal(city: City) -> Row:
    found = await city.database.routing_proposals.find_one({"_id": ID})
    assert found is not None
    return found


async def test_each_case_counts_once_towards_a_proposal(city: City, people: People) -> None:
    first = await decided(city, people)
    await do_all_work(city)
    assert {item["kind"] for item in (await stored(city, first))["work"]} <= {"escalate"}
    second = await decided(city, people)
    await do_all_work(city)
    for case in (first, second):
        given = {"department_id": "water", "decided_by": "leader-1"}
        held = Claim("cases", case["_id"], "propose_routing", "again", "t", 1, given)
        assert await propose_routing_rule(city, case["_id"], held)
    row = await proposal(city)
    assert (row["state"], row["times"], row["case_ids"]) == ("OPEN", 2, [first["_id"], second["_id"]])
    assert (row["type_code"], row["street_code"], row["department_id"]) == ("E0110", STREET, "water")
    assert row["last_proposed_by"] == "leader-1"
    assert set(row) == set(RoutingProposal.model_fields) - {"id", "revision_id"} | {"_id"}


async def test_what_the_rules_say_already_is_not_proposed(city: City, people: People) -> None:
    await publish_rules(city, rule_row(10, "water"))
    await decided(city, people)
    await do_all_work(city)
    assert await city.database.routing_proposals.count_documents({}) == 0


async def test_a_taken_proposal_is_the_first_rule_and_covers_none(city: City, people: People) -> None:
    await publish_rules(
        city, rule_row(4, "sanitation", type_prefixes=["E0110"], street_codes=[STREET]),
        rule_row(7, "sanitation"),
    )  # fmt: skip
    await decided(city, people)
    await do_all_work(city)
    once = command()
    taken = await take_routing_proposal(city, people["administrator-1"], ID, once)
    assert (taken["state"], taken["version"], taken["decided_by"]) == ("TAKEN", 2, "administrator-1")
    assert await take_routing_proposal(city, people["administrator-1"], ID, once) == taken
    assert (await versions_in_force(city))["routing"] == 2
    rows = (await content_of(city, ROUTING_BOOK, 2))["routing_rules"]
    assert [(row["position"], row["department_id"], row["enabled"]) for row in rows] == [
        (1, "water", True), (11, "sanitation", False), (14, "sanitation", True),
    ]  # fmt: skip
    assert (await reported(city, people))["department_id"] == "water"
    with pytest.raises(CityProblem, match="PROPOSAL_DECIDED"):
        await take_routing_proposal(city, people["administrator-1"], ID, command())


async def test_a_rule_that_fails_the_checks_leaves_everything_as_it_was(city: City, people: People) -> None:
    await decided(city, people)
    await do_all_work(city)
    await city.database.departments.delete_one({"_id": "water"})
    before = await proposal(city)
    with pytest.raises(CityProblem, match=r"ROUTING_RULE_REFUSED.*unknown department 'water'"):
        await take_routing_proposal(city, people["administrator-1"], ID, command())
    assert await proposal(city) == before
    assert "routing" not in await versions_in_force(city)


async def test_a_crash_between_publishing_and_noting_is_made_good_by_repeating(
    city: City, people: People
) -> None:
    await decided(city, people)
    await do_all_work(city)
    before = await proposal(city)
    once = command()
    await take_routing_proposal(city, people["administrator-1"], ID, once)
    await city.database.routing_proposals.replace_one({"_id": ID}, before)  # as if it had died in between
    taken = await take_routing_proposal(city, people["administrator-1"], ID, once)
    assert (taken["state"], taken["version"]) == ("TAKEN", 1)
    assert await city.database.rulebook_versions.count_documents({"name": "routing"}) == 1


async def test_a_dismissed_proposal_comes_back_with_the_next_decision(city: City, people: People) -> None:
    await decided(city, people)
    await do_all_work(city)
    administrator = people["administrator-1"]
    with pytest.raises(CityProblem, match="OPINION_REQUIRED"):
        await dismiss_routing_proposal(city, administrator, ID, command(), reason=" ")
    once = command()
    row = await dismiss_routing_proposal(city, administrator, ID, once, reason="个案")
    assert (row["state"], row["note"]) == ("DISMISSED", "个案")
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await dismiss_routing_proposal(city, administrator, ID, once, reason="别的")
    await decided(city, people)
    await do_all_work(city)
    row = await proposal(city)
    assert (row["state"], row["times"]) == ("OPEN", 2)
    again = await dismiss_routing_proposal(city, administrator, ID, once, reason="个案")
    assert again["state"] == "OPEN"  # a late repetition of an old command decides nothing new


async def test_proposals_are_for_the_keeper_of_the_rules_only(city: City, people: People) -> None:
    await decided(city, people)
    await do_all_work(city)
    for who in ("dispatcher-1", "leader-1", "officer-1", "citizen-1"):
        with pytest.raises(CityProblem, match="NOT_ALLOWED"):
            await take_routing_proposal(city, people[who], ID, command())
        with pytest.raises(CityProblem, match="NOT_ALLOWED"):
            await dismiss_routing_proposal(city, people[who], ID, command(), reason="x")
        with pytest.raises(CityProblem, match="NOT_ALLOWED"):
            await page_of_routing_proposals(city, people[who], state="OPEN", first=10)
    with pytest.raises(CityProblem, match="PROPOSAL_UNKNOWN"):
        await take_routing_proposal(city, people["administrator-1"], "none", command())
    assert (await proposal(city))["state"] == "OPEN"


async def test_proposals_come_page_by_page(city: City, people: People) -> None:
    await decided(city, people)
    await do_all_work(city)
    row = await proposal(city)
    await city.database.routing_proposals.insert_one({**row, "_id": "a"})
    await city.database.routing_proposals.insert_one({**row, "_id": "z"})
    administrator = people["administrator-1"]
    page = await page_of_routing_proposals(city, administrator, state="OPEN", first=2)
    rest = await page_of_routing_proposals(city, administrator, state="OPEN", first=2, after=page.end_cursor)
    assert [row["_id"] for row in [*page.rows, *rest.rows]] == ["z", "a", ID]
    assert (await page_of_routing_proposals(city, administrator, state="TAKEN", first=2)).rows == []
