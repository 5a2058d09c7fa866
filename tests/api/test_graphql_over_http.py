"""The GraphQL-over-HTTP specification, health, and what is told about failures."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from city_api.app import create_app
from city_core.kit.city import City
from city_core.kit.logs import failure
from tests.api.support import Api, new_uuid, running

_NEW = "application/graphql-response+json"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [(_NEW, _NEW), (f"{_NEW}, application/json;q=0.9", _NEW), ("application/json", "application/json"),
     ("*/*", "application/json")],
)  # fmt: skip
async def test_the_answer_has_the_type_that_was_asked_for(api: Api, accept: str, media_type: str) -> None:
    headers = {**await api.headers("citizen-1"), "accept": accept}
    answer = await api.http.post("/graphql", json={"query": "{ me { id } }"}, headers=headers)
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.json() == {"data": {"me": {"id": "citizen-1"}}}


@pytest.mark.parametrize(("accept", "status"), [(_NEW, 400), ("application/json", 200)])
async def test_an_invalid_document_has_no_data_and_the_status_of_its_type(
    api: Api, accept: str, status: int
) -> None:
    for query in ("{ nothing }", "{ me "):
        answer = await api.http.post("/graphql", json={"query": query}, headers={"accept": accept})
        assert (answer.status_code, list(answer.json())) == (status, ["errors"])


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"x"', b"{}", b'{"query": 1}', b'{"query": "{ me { id } }", "variables": []}',
     b'{"query": "{ me { id } }", "operationName": 1}', b'{"query": "{ me { id } }", "extensions": []}',
     b'{"query": "subscription { inboxMessages { id } }"}'],
)  # fmt: skip
async def test_a_request_that_is_not_well_formed_is_refused(api: Api, body: bytes) -> None:
    answer = await api.http.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 405)
    assert answer.json()["errors"][0]["extensions"]["code"] == "REQUEST_INVALID"


async def test_only_json_is_taken(api: Api) -> None:
    form = await api.http.post("/graphql", data={"query": "{ me { id } }"})
    assert form.status_code == 415


async def test_get_reads_and_never_commands(api: Api) -> None:
    headers = await api.headers("citizen-1")
    parameters = {"query": "query($first: Int!) { inbox(first: $first) { unreadCount } }"}
    answer = await api.http.get(
        "/graphql", params={**parameters, "variables": '{"first": 1}'}, headers=headers
    )
    assert answer.json() == {"data": {"inbox": {"unreadCount": 0}}}
    command = 'mutation { requestCode(input: {phone: "19905330001"}) { __typename } }'
    answer = await api.http.get("/graphql", params={"query": command}, headers=headers)
    assert answer.status_code == 405
    assert await api.city.database.one_time_codes.count_documents({}) == 0


@pytest.mark.parametrize("do", ["{}", "{acceptTask: null}", "{acceptTask: null, rateCase: null}"])
async def test_a_queued_command_that_is_none_or_several_is_a_bad_request(api: Api, do: str) -> None:
    queued = f'{{clientId: "{new_uuid()}", deviceSequence: 1, do: {do}}}'
    command = f'mutation {{ runCommands(input: {{deviceId: "d", commands: [{queued}]}}) {{ __typename }} }}'
    headers = await api.headers("inspector-1")
    answer = await api.http.post("/graphql", json={"query": command}, headers=headers)
    assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"REQUEST_INVALID"}


class _Broken:
    """Stands where the database should, and says something personal when it is used."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("secret: 19905330001 王芳")


@pytest.mark.parametrize("path", ["/graphql", "/media/00000000000040008000000000000001"])
async def test_an_unexpected_error_is_masked_and_found_again_by_its_reference(api: Api, path: str) -> None:
    city = City(_Broken(), api.city.clock, api.city.waker, api.city.settings)  # type: ignore[arg-type]
    headers = await api.headers("citizen-1")
    body = {"query": "{ me { id } }"} if path == "/graphql" else None
    async with (
        running(create_app(city=city)) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as http,
    ):
        answer = await http.request("POST" if body else "GET", path, headers=headers, json=body)
    told = answer.text
    error = answer.json()["errors"][0]["extensions"] if body else answer.json()
    assert error["code"] == "UNEXPECTED"
    assert len(error["reference"]) == 12
    assert "secret" not in told and "Traceback" not in told and "RuntimeError" not in told


def test_a_logged_failure_names_its_place_but_not_its_words() -> None:
    with pytest.raises(RuntimeError) as broken:
        str(_Broken().anything)
    line = failure(broken.value)
    assert line["error"] == "RuntimeError"
    assert str(line["where"]).endswith("__getattr__']")
    assert "199" not in json.dumps(line["where"]) and "secret" not in json.dumps(line)


async def test_health_says_what_is_missing(api: Api) -> None:
    assert (await api.http.get("/health/live")).json() == {"status": "live"}
    ready = await api.http.get("/health/ready")
    here = {"mongodb": "ok", "indexes": "ok", "redis": "ok", "feed": "behind", "disk": "ok"}
    assert (ready.status_code, ready.json()) == (200, {"status": "degraded", **here})  # nobody feeds
    settings = api.city.settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    city = City(api.city.database, api.city.clock, api.city.waker, settings)
    async with (
        running(create_app(city=city)) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as http,
    ):
        ready = await http.get("/health/ready")
    assert (ready.status_code, ready.json()["redis"]) == (200, "missing")


async def test_an_unknown_path_is_refused_in_the_usual_form(api: Api) -> None:
    answer = await api.http.get("/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "REQUEST_INVALID")
