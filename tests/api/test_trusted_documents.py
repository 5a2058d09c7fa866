"""Trusted documents: the ways to name one, what production takes, and what an API refuses to start with."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from city_api.app import create_app
from city_api.schema import city_schema
from city_core.kit.city import City
from city_core.kit.clock import Clock
from city_core.notify.deliver import deliver
from tests.api.support import Api, hear, operation, running, say
from tests.api.test_loop_over_graphql import step, walk_to_checked
from tests.api.test_subscriptions import is_heard
from tests.conftest import REPOSITORY

CONTRACT = REPOSITORY / "mobile_contracts"
_NEW = "application/graphql-response+json"


def document_id(app: str, name: str) -> str:
    """Give the id that a build of the app has for an operation."""
    manifest = json.loads((CONTRACT / "operations" / app / "manifest.json").read_text(encoding="utf-8"))
    return next(str(row["id"]) for row in manifest["operations"] if row["name"] == name)


class IdApi(Api):
    """An API whose phones send nothing but the ids of documents, as published apps do."""

    async def do(self, who: str | None, app: str, name: str, /, **variables: Any) -> Any:
        signed_in = await self.headers(who) if who else {}
        body = {"documentId": document_id(app, name), "variables": variables}
        answer = (await self.http.post("/graphql", json=body, headers=signed_in)).json()
        assert "errors" not in answer, answer
        [value] = answer["data"].values()
        return value


@contextlib.asynccontextmanager
async def served_with(api: Api, clock: Clock | None = None, **settings: Any) -> AsyncIterator[IdApi]:
    """Serve the same village by another process with other settings, or by another clock."""
    chosen = api.city.settings.model_copy(update=settings)
    city = City(api.city.database, clock or api.city.clock, api.city.waker, chosen)
    async with (
        running(create_app(city=city)) as address,
        httpx.AsyncClient(base_url=address, timeout=10, trust_env=False) as http,
    ):
        yield IdApi(city, api.people, address, http)


@pytest.fixture
async def production(api: Api) -> AsyncIterator[IdApi]:
    async with served_with(api, environment="production") as served:
        yield served


_ME = document_id("citizen", "Me")


def _apollo(sha256: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256}}


@pytest.mark.parametrize(
    "named",
    [{"documentId": _ME}, {"documentId": f"sha256:{_ME}"}, {"documentId": _ME.upper()}, {"doc_id": _ME},
     {"id": _ME}, {"extensions": _apollo(_ME)}, {"documentId": _ME, "query": "{ nothing }"},
     {"documentId": _ME, "query": "", "operationName": "Me"}],
)  # fmt: skip
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_every_client_names_a_document_in_its_own_way(
    production: IdApi, named: dict[str, Any], method: str
) -> None:
    headers = await production.headers("citizen-1")
    if method == "POST":
        answer = await production.http.post("/graphql", json=named, headers=headers)
    else:
        flat = {name: json.dumps(v) if isinstance(v, dict) else v for name, v in named.items()}
        answer = await production.http.get("/graphql", params=flat, headers=headers)
    assert answer.json()["data"]["me"]["id"] == "citizen-1"
    assert answer.headers["cache-control"] == "private, no-store"


async def test_get_takes_variables_and_never_commands(production: IdApi) -> None:
    headers = await production.headers("citizen-1")
    given = {"documentId": document_id("citizen", "MyCases"), "variables": '{"first": 1}'}
    answer = await production.http.get("/graphql", params=given, headers=headers)
    assert answer.json()["data"]["cases"]["nodes"] == []
    given = {"documentId": document_id("citizen", "RequestCode"), "variables": '{"input": {"phone": "1"}}'}
    answer = await production.http.get("/graphql", params=given, headers=headers)
    assert answer.status_code == 405


_UNKNOWN = "0" * 64


@pytest.mark.parametrize(
    "asked",
    [{"documentId": _UNKNOWN}, {"documentId": "md5:1"}, {"documentId": 7}, {"extensions": _apollo(_UNKNOWN)},
     {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": _ME}}},
     {"extensions": {"persistedQuery": []}}, {"query": "{ me { id } }"},
     {"query": operation("citizen", "Me")}, {"query": "{ me { id } }", "documentId": _UNKNOWN},
     {"query": "{ me { id } }", "extensions": _apollo(_UNKNOWN)},
     {"documentId": _UNKNOWN, "operationName": "Me"}],
)  # fmt: skip
async def test_production_takes_nothing_but_trusted_documents(
    production: IdApi, asked: dict[str, Any]
) -> None:
    headers = {**await production.headers("citizen-1"), "accept": _NEW, "accept-language": "en"}
    answer = await production.http.post("/graphql", json=asked, headers=headers)
    [error] = answer.json()["errors"]
    assert (answer.status_code, list(answer.json())) == (400, ["errors"])
    told = error["extensions"]
    assert (told["code"], told["retryable"]) == ("DOCUMENT_UNKNOWN", False)
    assert told["zh"].startswith("该操作未登记") and told["en"] == error["message"]
    # What Apollo's clients take as a request for the text would make them send it in vain.
    assert "PersistedQuery" not in answer.text


async def test_without_any_document_the_request_is_no_graphql(production: IdApi) -> None:
    answer = await production.http.post("/graphql", json={"variables": {}})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "REQUEST_INVALID")


async def test_development_asks_for_the_text_and_takes_it(api: Api) -> None:
    text = "{ me { __typename id } }"
    extensions = _apollo(hashlib.sha256(text.encode()).hexdigest())
    headers = await api.headers("citizen-1")
    answer = (await api.http.post("/graphql", json={"extensions": extensions}, headers=headers)).json()
    assert answer["errors"][0]["message"] == "PersistedQueryNotFound"
    body = {"extensions": extensions, "query": text}
    answer = (await api.http.post("/graphql", json=body, headers=headers)).json()
    assert answer["data"]["me"] == {"__typename": "Me", "id": "citizen-1"}


async def test_a_trusted_document_is_neither_parsed_nor_judged_again(production: IdApi) -> None:
    reader = city_schema(introspection=False).reader
    before = reader.parsed.cache_info(), reader.faults.cache_info()
    for _ in range(3):
        assert (await production.do("citizen-1", "citizen", "Me"))["id"] == "citizen-1"
    assert (reader.parsed.cache_info(), reader.faults.cache_info()) == before


@pytest.mark.parametrize("form", ["documentId", "extensions"])
async def test_a_subscription_is_asked_for_by_its_id_too(production: IdApi, form: str) -> None:
    sha256 = document_id("officer", "InboxMessages")
    named = {"documentId": sha256} if form == "documentId" else {"query": "", "extensions": _apollo(sha256)}
    async with production.phone("officer-1") as phone:
        await say(phone, {"id": "1", "type": "subscribe", "payload": named})
        await is_heard(production, "inbox:officer-1")
        await deliver(production.city, "officer-1", "TASK_ASSIGNED", "c1", 1)
        assert (await hear(phone))["payload"]["data"]["inboxMessages"]["caseId"] == "c1"


@pytest.mark.parametrize(
    "asked", [{"query": "{ me { id } }"}, {"documentId": _UNKNOWN, "operationName": "X"}]
)
async def test_a_socket_of_production_takes_nothing_else_and_stays_open(
    production: IdApi, asked: dict[str, Any]
) -> None:
    async with production.phone("officer-1") as phone:
        await say(phone, {"id": "1", "type": "subscribe", "payload": asked})
        told = await hear(phone)
        assert told["type"] == "error"
        assert told["payload"][0]["extensions"]["code"] == "DOCUMENT_UNKNOWN"
        await say(phone, {"id": "2", "type": "subscribe", "payload": {"documentId": _ME}})
        assert (await hear(phone))["payload"]["data"]["me"]["id"] == "officer-1"


async def test_a_text_that_cannot_be_read_is_one_error_on_a_socket(api: Api) -> None:
    async with api.phone("officer-1") as phone:
        await say(phone, {"id": "1", "type": "subscribe", "payload": {"query": "{ me {"}})
        told = await hear(phone)
        assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "REQUEST_INVALID")


async def test_production_serves_the_whole_loop_by_ids(production: IdApi) -> None:
    case_id = await walk_to_checked(production)
    await step(production, "leader-of-shift", "seat", "CloseCase", case_id)
    await step(production, "citizen-1", "citizen", "RateCase", case_id, stars=5)
    case = await production.do("citizen-1", "citizen", "CaseWithHistory", id=case_id)
    assert (case["state"], case["rating"]["stars"]) == ("CLOSED", 5)


async def test_an_app_of_an_older_release_is_served_by_its_manifest(production: IdApi) -> None:
    [older] = (CONTRACT / "manifests").glob("0.2.0.json")
    for row in json.loads(older.read_text(encoding="utf-8"))["operations"]:
        answer = await production.http.post("/graphql", json={"documentId": row["id"]})
        codes = [error.get("extensions", {}).get("code") for error in answer.json().get("errors", [])]
        assert "DOCUMENT_UNKNOWN" not in codes, row["name"]


def _contract_with(folder: Path, manifest: Any) -> Path:
    shutil.copytree(CONTRACT, folder)
    (folder / "manifests" / "0.1.9.json").write_text(json.dumps(manifest))
    return folder


def _manifest(text: str, **more: Any) -> dict[str, Any]:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    row = {"id": sha256, "name": "Old", "type": "query", "body": text, **more}
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [row]}


@pytest.mark.parametrize(
    ("manifest", "sentence"),
    [
        (_manifest("query Old { me { gone } }"), "Old: Cannot query field 'gone' on type 'Me'."),
        (_manifest("query Old { me {"), "Old: Syntax Error"),
        (_manifest("query Old { me { id } }", id="1"), "Old: its id is not the SHA-256 of its body."),
        (_manifest("query New { me { id } }"), "Old: its name or its type is not that of its body."),
        (_manifest("query Old { me { id } }", body=None), "Old: it has no body."),
        ({"operations": []}, "is not of the form apollo-persisted-query-manifest"),
    ],
)
async def test_an_api_does_not_start_with_a_manifest_that_it_cannot_serve(
    api: Api, tmp_path: Path, capsys: pytest.CaptureFixture[str], manifest: Any, sentence: str
) -> None:
    folder = _contract_with(tmp_path / "contract", manifest)
    settings = api.city.settings.model_copy(update={"mobile_contracts": folder})
    with pytest.raises(SystemExit) as ended:
        create_app(settings=settings)
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert sentence in told and "0.1.9.json" in told and len(told.strip().splitlines()) == 1


async def test_a_manifest_of_another_build_is_trusted_too(api: Api, tmp_path: Path) -> None:
    text = "query Old {\n  me {\n    __typename\n    id\n  }\n}"
    folder = _contract_with(tmp_path / "contract", _manifest(text))
    async with served_with(api, environment="production", mobile_contracts=folder) as served:
        body = {"documentId": hashlib.sha256(text.encode()).hexdigest(), "operationName": "Old"}
        headers = await served.headers("citizen-1")
        answer = (await served.http.post("/graphql", json=body, headers=headers)).json()
        assert answer == {"data": {"me": {"__typename": "Me", "id": "citizen-1"}}}
