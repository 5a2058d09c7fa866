"""Reading cases: who sees which, pages, projections."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from city_api.catalogue.dictionary import open_dictionary
from city_api.context import Context, Edge
from city_api.row_executor import RowExecutor
from city_api.schema import CitySchema
from city_core.people.open_session import sign_in_person
from tests.api.support import Api, operation
from tests.village import INSIDE

_PAGE = """query($first: Int!, $after: String) {
  cases(first: $first, after: $after) { nodes { id description } pageInfo { endCursor hasNextPage } total }
}"""


async def test_a_case_that_is_not_yours_looks_like_one_that_is_not_there(api: Api) -> None:
    case = await api.report("citizen-1")
    query = "query($id: ID!) { case(id: $id) { id } }"
    assert (await api.ask(query, {"id": case["_id"]}, "citizen-1"))["data"]["case"] == {"id": case["_id"]}
    theirs = await api.ask(query, {"id": case["_id"]}, "citizen-2")
    nobodys = await api.ask(query, {"id": "f" * 32}, "citizen-2")
    assert theirs == nobodys == {"data": {"case": None}}
    assert (await api.ask(query, {"id": case["_id"]}, "inspector-far"))["data"]["case"] is None


@pytest.mark.parametrize("end", ["reportedFrom", "reportedTo"])
async def test_cases_are_narrowed_to_instants_that_there_are(api: Api, end: str) -> None:
    await api.report("citizen-1")
    query = f"query($at: DateTime!) {{ cases(filter: {{{end}: $at}}) {{ total }} }}"
    for at, total in (("2020-01-01T00:00:00Z", 1), ("2020-01-01T00:00:00", 1), ("2099-01-01T00:00:00Z", 0)):
        told = await api.ask(query, {"at": at}, "citizen-1")
        assert told["data"]["cases"]["total"] == (total if end == "reportedFrom" else 1 - total), at
    for at in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        [error] = (await api.ask(query, {"at": at}, "citizen-1"))["errors"]
        assert (error["extensions"]["code"], error["extensions"]["field"]) == ("REQUEST_INVALID", end)


async def test_pages_follow_each_other_without_gap_or_repetition(api: Api) -> None:
    for number in range(5):
        await api.report(description=f"第{number}件")
    first = (await api.ask(_PAGE, {"first": 3}, "citizen-1"))["data"]["cases"]
    assert [row["description"] for row in first["nodes"]] == ["第4件", "第3件", "第2件"]
    assert (first["pageInfo"]["hasNextPage"], first["total"]) == (True, 5)
    await api.report(description="新的")
    after = first["pageInfo"]["endCursor"]
    second = (await api.ask(_PAGE, {"first": 3, "after": after}, "citizen-1"))["data"]["cases"]
    assert [row["description"] for row in second["nodes"]] == ["第1件", "第0件"]
    assert second["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize("given", [{"first": 0}, {"first": 101}, {"first": 5, "after": "nonsense!"}])
async def test_a_bad_cursor_or_size_is_refused_by_its_code(api: Api, given: dict[str, Any]) -> None:
    answer = await api.ask(_PAGE, given, "citizen-1")
    [error] = answer["errors"]
    assert answer["data"] is None
    assert error["extensions"]["code"] == "PAGE_INVALID"
    assert error["extensions"]["allowed"]


async def test_a_list_reads_only_what_was_asked_for(api: Api) -> None:
    await api.report()
    query = """query { cases { nodes { id ...More ... on Case { late } } } }
               fragment More on Case { kind: type { nameZh } place { address } }"""
    await api.city.database.command("profile", 2)
    answer = await api.ask(query, who="citizen-1")
    await api.city.database.command("profile", 0)
    assert answer["data"]["cases"]["nodes"][0]["kind"] == {"nameZh": "类别E0110"}
    asked = {"op": "query", "ns": f"{api.city.database.name}.cases"}
    [read] = await api.city.database["system.profile"].find(asked).to_list(None)
    always = {"_id", "version", "state"}
    assert set(read["command"]["projection"]) == always | {
        "type_code", "place", "reporter_id", "deadline_at", "handled_at",
    }  # fmt: skip


async def test_the_nearest_cases_come_with_their_distance(api: Api) -> None:
    await api.report()
    point = {"lng": INSIDE[0], "lat": INSIDE[1] + 0.001}
    [near] = await api.do("inspector-1", "inspector", "NearestCases", point=point)
    assert near["distanceM"] == pytest.approx(111.2, abs=0.5)
    assert near["case"]["place"]["wgs84Lng"] == INSIDE[0]


async def test_the_dictionary_and_the_divisions_are_read_by_who_is_signed_in(api: Api) -> None:
    types = await api.do("citizen-1", "citizen", "CaseTypes", kind="EVENT")
    assert [row["code"] for row in types] == ["E0110", "E0112", "E0409"]
    conditions = await api.do("inspector-1", "inspector", "FilingConditions", code="E0110")
    assert [(row["id"], row["limitValue"], row["limitUnit"]) for row in conditions["conditions"]] == [
        ("E0110-1", 4, "WORK_HOUR")
    ]
    assert [row["id"] for row in await api.do("dispatcher-1", "seat", "Departments")] == [
        "sanitation",
        "water",
    ]
    assert await api.do("inspector-1", "inspector", "Divisions", parent="370303") == []
    refused = await api.ask("{ caseTypes { code } }")
    assert refused["errors"][0]["extensions"]["code"] == "SIGN_IN_REQUIRED"


async def test_rows_are_shown_as_by_the_ordinary_executor_also_when_broken(api: Api) -> None:
    case = await api.report()
    await api.report(description="坏的")
    broken = {"$set": {"state": "LOST", "description": None, "place.accuracy_m": "near"}}
    await api.city.database.cases.update_one({"description": "坏的"}, broken)
    person = await api.city.database.people.find_one({"_id": "leader-of-shift"})
    headers = {"authorization": f"Bearer {(await sign_in_person(api.city, person)).token}"}
    edge = Edge(api.city, open_dictionary(api.city))
    answers = []
    for executor in (RowExecutor, StrawberryGraphQLCoreExecutionContext):
        schema = CitySchema(introspection=False)
        schema.execution_context_class = executor
        for name, given in (("CaseWithHistory", {"id": case["_id"]}), ("CasesPage", {})):
            context = Context(edge, headers)
            result = await schema.execute(operation("seat", name), given, context_value=context)
            errors = [(error.path, error.extensions["code"]) for error in result.errors or ()]
            answers.append((orjson.dumps(result.data), errors))
    assert answers[:2] == answers[2:]
    assert answers[0][1] == [] and answers[0][0] != b"null"
    assert {code for _, code in answers[1][1]} == {"UNEXPECTED"}
