"""What a document may ask for, and that a document is read only once."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import httpx
import pytest
from graphql import get_introspection_query, parse

from city_api.app import create_app
from city_api.limits import MOST_ALIASES, MOST_DEPTH, MOST_REPEATS, excess
from city_api.schema import CitySchema, city_schema
from city_core.kit.city import City
from tests.api.support import Api, running


@pytest.fixture
async def production(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    settings = api.city.settings.model_copy(update={"environment": "production"})
    city = City(api.city.database, api.city.clock, api.city.waker, settings)
    async with (
        running(create_app(city=city)) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as http,
    ):
        yield http


def _fault(query: str) -> str | None:
    faults = CitySchema(introspection=False).reader.faults(query)
    return faults[0].message if faults else None


async def test_a_document_is_parsed_and_judged_once_however_often_it_comes(api: Api) -> None:
    reader = city_schema(introspection=True).reader
    query = "query OftenAsked { me { id } }"
    before = reader.parsed.cache_info().misses, reader.faults.cache_info().misses
    hits = reader.faults.cache_info().hits
    for _ in range(5):
        assert (await api.ask(query, who="citizen-1"))["data"]["me"]["id"] == "citizen-1"
    after = reader.parsed.cache_info().misses, reader.faults.cache_info().misses
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)
    assert reader.faults.cache_info().hits - hits == 4


def test_too_deep_a_document_is_refused_also_when_fragments_hide_the_depth() -> None:
    nested = "a" + "{a" * MOST_DEPTH + "}" * MOST_DEPTH
    assert excess(parse(f"{{ {nested} }}")) is None
    assert excess(parse(f"{{ b {{ ...F }} }} fragment F on X {{ {nested} }}")) == (
        f"The operation is nested {MOST_DEPTH + 1} deep; at most {MOST_DEPTH} is allowed."
    )


def test_too_many_aliases_are_refused_also_when_a_fragment_multiplies_them() -> None:
    few = " ".join(f"a{number}: id" for number in range(MOST_ALIASES))
    assert _fault(f"{{ me {{ {few} }} }}") is None
    assert "aliases" in (_fault(f"{{ me {{ {few} one_more: id }} }}") or "")
    spread = "{ x: me { ...F } y: me { ...F } } fragment F on Me { " + " ".join(
        f"a{number}: id" for number in range(8)
    )
    assert "18 aliases" in (_fault(spread + "}") or "")


def test_a_field_may_be_named_again_only_so_often() -> None:
    assert _fault("{ me { " + "id " * (MOST_REPEATS + 1) + "} }") is None
    assert f"repeats {MOST_REPEATS + 1} fields" in (
        _fault("{ me { " + "id " * (MOST_REPEATS + 2) + "} }") or ""
    )
    spread = "{ me { ...F ...F } } fragment F on Me { " + "id " * 10 + "}"
    assert "repeats 18 fields" in (_fault(spread) or "")


def test_fragments_that_double_each_other_are_judged_at_once() -> None:
    chain = " ".join(f"fragment F{n} on Me {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
    started = time.perf_counter()
    _fault(f"{{ me {{ ...F0 }} }} {chain} fragment F60 on Me {{ id }}")
    assert time.perf_counter() - started < 2


async def test_too_long_a_document_is_refused_before_it_is_read(api: Api) -> None:
    tokens = await api.ask("{ me { " + "id " * 1001 + "} }")
    assert "more than 1000 tokens" in tokens["errors"][0]["message"]
    comment = await api.ask("{ me { id } } #" + "x" * 20_000)
    assert comment["errors"][0]["extensions"]["code"] == "REQUEST_INVALID"
    body = b'{"query": "' + b"x" * 300_000 + b'"}'
    answer = await api.http.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 413


async def test_one_command_a_request(api: Api) -> None:
    command = 'requestCode(input: {phone: "19905330001"}) { __typename }'
    answer = await api.ask(f"mutation {{ a: {command} b: {command} }}")
    assert answer["errors"][0]["message"].startswith("One command a request")
    answer = await api.ask(f"mutation {{ ...F }} fragment F on Mutation {{ {command} }}")
    assert answer["errors"][0]["message"].startswith("One command a request")
    assert await api.city.database.one_time_codes.count_documents({}) == 0


def test_one_operation_a_document() -> None:
    assert _fault("query A { me { id } } query B { me { id } }") == "One operation a document."


async def test_a_wrong_name_gets_one_error_without_suggestions(api: Api) -> None:
    answer = await api.ask("{ me { nam rol } }")
    [error] = answer["errors"]
    assert error["message"] == "Cannot query field 'nam' on type 'Me'."
    assert error["extensions"]["code"] == "REQUEST_INVALID"


async def test_in_production_the_schema_and_graphiql_are_closed(
    api: Api, production: httpx.AsyncClient
) -> None:
    query = {"query": get_introspection_query(descriptions=False)}
    closed = (await production.post("/graphql", json=query)).json()
    assert closed["errors"][0]["extensions"]["code"] == "DOCUMENT_UNKNOWN"
    assert "introspection has been disabled" in (_fault(query["query"]) or "")
    page = await production.get("/graphql", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (400, "application/json; charset=utf-8")
    opened = await api.ask(query["query"])
    assert opened["data"]["__schema"]["queryType"]["name"] == "Query"
    page = await api.http.get("/graphql", headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
