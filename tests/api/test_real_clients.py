"""The clients that apps are built with, unpatched, against the real API."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

from city_core.notify.deliver import deliver
from tests.api.support import Api, new_uuid, operation
from tests.api.test_subscriptions import is_heard
from tests.api.test_trusted_documents import CONTRACT, document_id, served_with
from tests.clients.node import run_script
from tests.village import INSIDE

_AUDITS = 61


def _report() -> dict[str, Any]:
    point = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 6.5}
    return {"clientId": new_uuid(), "point": point, "description": "垃圾"}


async def _token(api: Api, who: str) -> str:
    return (await api.headers(who))["authorization"].removeprefix("Bearer ")


async def test_every_audit_of_graphql_over_http_passes(api: Api) -> None:
    results = (await run_script("audit", {"url": f"{api.address}/graphql"}))["results"]
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == _AUDITS


async def test_urql_reads_and_commands(api: Api) -> None:
    given = {
        "url": f"{api.address}/graphql",
        "token": await _token(api, "citizen-1"),
        "me": operation("citizen", "Me"),
        "submit": operation("citizen", "SubmitReport"),
        "input": _report(),
    }
    said = await run_script("urql", given)
    right = {"id": "citizen-1", "refused": "REQUEST_INVALID"}
    assert (said["error"], said["get"], said["post"]) == (None, right, right)
    [case] = await api.city.database.cases.find({}).to_list(2)
    assert said["caseId"] == said["again"] == case["_id"]


@pytest.mark.parametrize("environment", ["production", "development"])
async def test_apollo_client_sends_ids_of_the_manifest_and_never_loops(api: Api, environment: str) -> None:
    async with served_with(api, environment=environment) as served:
        given = {
            "url": f"{served.address}/graphql",
            "token": await _token(served, "citizen-1"),
            "manifest": str(CONTRACT / "operations" / "citizen" / "manifest.json"),
            "input": _report(),
        }
        said = await run_script("apollo", given)
    [case] = await api.city.database.cases.find({}).to_list(2)
    assert (said["me"], said["caseId"]) == ("citizen-1", case["_id"])
    assert [(row["method"], row["text"]) for row in said["known"]] == [("GET", False), ("POST", False)]
    unknown = said["unknown"]
    if environment == "production":
        assert (len(unknown["requests"]), unknown["id"]) == (1, None)
        assert unknown["code"] == "DOCUMENT_UNKNOWN"
    else:
        assert (len(unknown["requests"]), unknown["id"]) == (2, "citizen-1")


async def test_gql_asks_commands_and_is_told_of_refusals(api: Api) -> None:
    transport = AIOHTTPTransport(f"{api.address}/graphql", headers=await api.headers("citizen-1"))
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        seen = await session.execute(gql(operation("citizen", "Me")))
        assert seen["me"]["id"] == "citizen-1"
        command = gql(operation("citizen", "SubmitReport"))
        command.variable_values = {"input": _report()}
        reported = await session.execute(command)
        assert reported["submitReport"]["state"] == "REPORTED"
    anonymous = AIOHTTPTransport(f"{api.address}/graphql")
    async with Client(transport=anonymous) as session:
        with pytest.raises(TransportQueryError) as refused:
            await session.execute(gql(operation("citizen", "Me")))
    assert refused.value.errors is not None
    assert refused.value.errors[0]["extensions"]["code"] == "SIGN_IN_REQUIRED"


async def test_gql_hears_the_inbox_over_a_websocket(api: Api) -> None:
    transport = WebsocketsTransport(
        f"{api.address.replace('http', 'ws')}/graphql",
        init_payload={**await api.headers("officer-1"), "app": "officer/0.2.0"},
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
        connect_args={"proxy": None},
    )
    async with Client(transport=transport) as session:
        messages = session.subscribe(gql(operation("officer", "InboxMessages")))
        first = anext(messages)
        await _deliver_when_heard(api, first)
        await messages.aclose()


async def _deliver_when_heard(api: Api, first: Any) -> None:
    """Have a message come once somebody listens, and see that it is the one that is heard."""
    heard = asyncio.ensure_future(first)
    await is_heard(api, "inbox:officer-1")
    await deliver(api.city, "officer-1", "TASK_ASSIGNED", "c1", 1)
    assert (await asyncio.wait_for(heard, 5))["inboxMessages"]["caseId"] == "c1"


def test_ids_of_texts_that_apps_share_are_the_same() -> None:
    assert document_id("officer", "ClientPolicy") == document_id("citizen", "ClientPolicy")
