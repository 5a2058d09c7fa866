"""What a request may be made of: one object of at most 256 KiB, in production no word on what is wrong."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from strawberry.types.execution import PreExecutionError

from city_api.schema import CitySchema
from city_api.serve_graphql import MOST_BODY_BYTES
from city_api.sockets.protocol import MOST_MESSAGE_BYTES
from tests.api.support import Api, closing, hear, operation
from tests.api.test_limits import production  # noqa: F401

ME = {"query": "{ __typename }"}
JSON = {"content-type": "application/json"}


def padded(size: int) -> bytes:
    """Write a request of so many bytes; the blanks mean nothing."""
    text = json.dumps(ME).encode()
    return text + b" " * (size - len(text))


async def in_chunks(body: bytes) -> AsyncIterator[bytes]:
    """Send a body of which nobody says beforehand how long it is."""
    for start in range(0, len(body), 60_000):
        yield body[start : start + 60_000]


@pytest.mark.parametrize("says_its_length", [True, False], ids=["with its length", "in chunks"])
@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
async def test_a_body_has_256_kib_at_most(api: Api, says_its_length: bool, more: int, status: int) -> None:
    body = padded(MOST_BODY_BYTES + more)
    content: Any = body if says_its_length else in_chunks(body)
    answer = await api.http.post("/graphql", content=content, headers=JSON)
    assert answer.status_code == status
    told = answer.json()
    assert "data" in told or told["errors"][0]["extensions"]["code"] == "REQUEST_INVALID"


async def test_a_message_has_256_kib_at_most_also_in_fragments(api: Api) -> None:
    empty = len(json.dumps({"type": "ping", "payload": {"x": ""}}))
    fits = json.dumps({"type": "ping", "payload": {"x": "x" * (MOST_MESSAGE_BYTES - empty)}})
    async with api.phone("officer-1") as phone:
        await phone.send(fits)
        assert (await hear(phone))["type"] == "pong"
        await phone.send([fits[:100_000], fits[100_000:200_000], fits[200_000:] + " "])
        assert (await closing(phone))[0] == 1009


@pytest.mark.parametrize("body", [[ME, ME], [], "{ __typename }", None, 7], ids=repr)
async def test_a_request_is_one_object_in_production_too(
    api: Api,
    production: httpx.AsyncClient,  # noqa: F811
    body: Any,
) -> None:
    for http in (api.http, production):
        answer = await http.post("/graphql", content=json.dumps(body), headers=JSON)
        told = answer.json()
        assert (answer.status_code, list(told)) == (400, ["errors"])
        assert [error["extensions"]["code"] for error in told["errors"]] == ["REQUEST_INVALID"]


FAULTY = {
    "no field": "{ me { nam } }",
    "no argument": "{ cases(fist: 1) { nodes { id } } }",
    "no type": "query($x: Peple) { me { id } }",
    "no text of GraphQL": "{ me {",
    "introspection": "{ __schema { types { name } } }",
    "no such fragment": "{ me { ...F } }",
}


@pytest.mark.parametrize("document", FAULTY.values(), ids=FAULTY)
async def test_without_introspection_every_invalid_document_gets_the_same_words(document: str) -> None:
    result = await CitySchema(introspection=False).execute(document)
    assert isinstance(result, PreExecutionError) and result.errors is not None
    [error] = [one.formatted for one in result.errors]
    assert (error["message"], error["extensions"]["code"]) == ("该操作文档无效。", "DOCUMENT_INVALID")
    assert not {"locations", "path"} & set(error)


async def test_production_says_nothing_of_texts_nor_of_variables(
    api: Api,
    production: httpx.AsyncClient,  # noqa: F811
) -> None:
    answers = [(await production.post("/graphql", json={"query": text})).text for text in FAULTY.values()]
    assert len(set(answers)) == 1 and "DOCUMENT_UNKNOWN" in answers[0]
    headers = await api.headers("citizen-1")
    trusted = {"query": operation("citizen", "MyCases"), "variables": {"first": "ten of them"}}
    answer = await production.post("/graphql", json=trusted, headers=headers)
    assert "ten of them" not in answer.text and "first" not in answer.text
