"""Routing over HTTP: faults for seats, trials and proposals for the keeper of the rules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from city_core.cases.propose_routing import propose_routing_rule
from city_core.kit.work import Claim
from tests.api.support import Api, new_uuid, operation
from tests.api.test_loop_over_graphql import do_all_work
from tests.audit_entries import verbs_on_record
from tests.routing_rows import csv_of, name_divisions, publish_rules, rule_row
from tests.village import STREET

_RULES = ("rulebook_versions", "rules_in_force", "routing_proposals", "divisions")


@pytest.fixture
async def ruled(api: Api) -> AsyncIterator[Api]:
    """The running API without any routing rule, before and after."""
    kept = {name: await api.city.database[name].find().to_list(None) for name in _RULES}
    await name_divisions(api.city)
    yield api
    for name, rows in kept.items():
        await api.city.database[name].delete_many({})
        if rows:
            await api.city.database[name].insert_many(rows)
    await api.city.database.departments.update_one({"_id": "water"}, {"$unset": {"disabled": ""}})


async def problem_of(api: Api, who: str | None, app: str, name: str, **variables: Any) -> str:
    answer = await api.ask(operation(app, name), variables, who)
    assert answer["data"] is None or list(answer["data"].values()) == [None]
    code: str = answer["errors"][0]["extensions"]["code"]
    return code


async def test_a_seat_sees_the_fault_dispatches_and_it_is_gone(ruled: Api) -> None:
    api = ruled
    await publish_rules(api.city, rule_row(10, "water", type_prefixes=["E0110"]))
    await api.city.database.departments.update_one({"_id": "water"}, {"$set": {"disabled": True}})
    case = await api.report("inspector-1")
    await do_all_work(api)
    page = await api.do("dispatcher-1", "seat", "RoutingFaults")
    [node] = page["nodes"]
    assert (node["kind"], node["rulePosition"], node["rulesVersion"]) == ("DEPARTMENT_GONE", 10, 1)
    assert node["reason"] == "派遣规则第10条“规则10”（第1版）失效：没有部门water"
    assert (node["case"]["id"], node["case"]["state"]) == (case["_id"], "FILED")
    history = await api.do("dispatcher-1", "seat", "CaseWithHistory", id=case["_id"])
    assert history["history"][-1]["action"] == "NOTE_ROUTING_FAULT"
    given = {"clientId": new_uuid(), "caseId": case["_id"]}
    refused = await api.do("dispatcher-1", "seat", "DispatchCase", input=given)
    assert (refused["code"], refused["field"]) == ("ROUTING_FAULT", "departmentId")
    given = {**given, "clientId": new_uuid(), "departmentId": "sanitation"}
    done = await api.do("dispatcher-1", "seat", "DispatchCase", input=given)
    assert done["state"] == "DISPATCHED"
    assert (await api.do("dispatcher-1", "seat", "RoutingFaults"))["nodes"] == []


async def test_faults_are_for_seats_and_leaders_only(ruled: Api) -> None:
    for who in ("citizen-1", "officer-1", "inspector-1", "administrator-1"):
        assert await problem_of(ruled, who, "seat", "RoutingFaults") == "NOT_ALLOWED"
    assert await problem_of(ruled, None, "seat", "RoutingFaults") == "SIGN_IN_REQUIRED"
    assert await problem_of(ruled, "leader-1", "seat", "RoutingFaults", after="x") == "PAGE_INVALID"


async def test_a_trial_shows_where_last_months_cases_would_go(ruled: Api) -> None:
    api = ruled
    case = await api.report("inspector-1", description="不可外传")
    await do_all_work(api)
    draft = csv_of(rule_row(5, "water", street_codes=[STREET]))
    query, variables = operation("administrator", "TryRouting"), {"input": {"csv": draft}}
    answer = await api.ask(query, variables, "administrator-1", **{"accept-language": "en"})
    trial = answer["data"]["tryRouting"]
    assert (trial["caseCount"], trial["changedCount"], trial["faults"]) == (1, 1, [])
    assert trial["ruleUses"] == [{"position": 5, "count": 1}]
    [difference] = trial["differences"]
    assert (difference["before"]["id"], difference["after"]["id"]) == ("sanitation", "water")
    [example] = trial["examples"]
    stored = await api.city.database.cases.find_one({"_id": case["_id"]})
    assert (example["number"], example["type"]["code"]) == (stored["number"], "E0110")
    assert example["after"]["reason"] == "routing rule 5, rule 5 (version 0)"
    assert "不可外传" not in str(answer) and case["_id"] not in str(answer)


async def test_a_bad_draft_is_told_in_the_language_that_was_asked_for(ruled: Api) -> None:
    query, variables = operation("administrator", "TryRouting"), {"input": {"csv": csv_of(rule_row(1, "x"))}}
    for language, told in (("zh", "没有部门'x'"), ("en", "unknown department 'x'")):
        answer = await ruled.ask(query, variables, "administrator-1", **{"accept-language": language})
        assert answer["data"]["tryRouting"]["faults"] == [
            {"row": 2, "column": "department_id", "message": told}
        ]


async def test_a_trial_is_for_the_keeper_of_the_rules(ruled: Api) -> None:
    given = {"csv": csv_of(rule_row(1, "water"))}
    for who in ("dispatcher-1", "leader-1", "citizen-1"):
        assert await problem_of(ruled, who, "administrator", "TryRouting", input=given) == "NOT_ALLOWED"
    naive = {**given, "since": "2026-06-01T00:00:00"}
    code = await problem_of(ruled, "administrator-1", "administrator", "TryRouting", input=naive)
    assert code == "PERIOD_INVALID"


async def test_proposals_are_read_taken_and_dismissed(ruled: Api) -> None:
    api = ruled
    case = await api.report("inspector-1")
    await do_all_work(api)
    for department_id in ("water", "sanitation"):
        given = {"department_id": department_id, "decided_by": "leader-1"}
        held = Claim("cases", case["_id"], "propose_routing", department_id, "t", 1, given)
        await propose_routing_rule(api.city, case["_id"], held)
    [node] = (await api.do("administrator-1", "administrator", "RoutingProposals"))["nodes"]
    assert (node["department"]["id"], node["streetCode"], node["times"]) == ("water", STREET, 1)
    take = {"clientId": new_uuid(), "proposalId": node["id"]}
    for who in ("leader-1", "dispatcher-1"):
        refused = await api.do(who, "administrator", "TakeRoutingProposal", input=take)
        assert refused["code"] == "NOT_ALLOWED"
    taken = await api.do("administrator-1", "administrator", "TakeRoutingProposal", input=take)
    assert (taken["__typename"], taken["state"], taken["rulesVersion"]) == ("RoutingProposal", "TAKEN", 1)
    assert await api.do("administrator-1", "administrator", "TakeRoutingProposal", input=take) == taken
    assert await verbs_on_record(api.city, "administrator-1") == ["RULES_PUBLISHED"]
    dismiss = {"clientId": new_uuid(), "proposalId": node["id"], "reason": "不需要"}
    late = await api.do("administrator-1", "administrator", "DismissRoutingProposal", input=dismiss)
    assert late["code"] == "PROPOSAL_DECIDED"
