"""Delta sync over the API: pulls, hints over a socket, long polls, compressed answers."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any

import pytest

from city_core.cases.cancel import cancel_report
from city_core.cases.command import Command
from tests.api.support import Api, hear, new_uuid, operation, photo_bytes, subscribe
from tests.api.test_subscriptions import is_heard
from tests.integration.sync.support import caught_up, fed
from tests.waiting import until

_HINTS = operation("citizen", "SyncHints")


@pytest.fixture
async def feeding(api: Api) -> AsyncIterator[Api]:
    """The running API, with a feeder beside it."""
    async with fed(api.city):
        yield api


async def pull(api: Api, who: str, app: str, checkpoint: str | None = None, **more: Any) -> dict[str, Any]:
    given = {"scope": "MY_REPORTS", "limit": 100, **more}
    found: dict[str, Any] = await api.do(who, app, "PullCases", checkpoint=checkpoint, **given)
    return found


async def cancel(api: Api, case_id: str) -> None:
    command = Command(new_uuid(), None, "phone:test")
    await cancel_report(api.city, api.people["citizen-1"], case_id, command, opinion="弄错了")


async def wait(api: Api, who: str, **given: Any) -> Any:
    return await api.http.get("/sync/wait", params=given, headers=await api.headers(who))


async def test_a_phone_pulls_its_cases_with_their_fields(feeding: Api) -> None:
    case = await feeding.report("citizen-1")
    await caught_up(feeding.city)
    first = await pull(feeding, "citizen-1", "citizen")
    [document] = first["documents"]
    assert (document["id"], document["deleted"]) == (case["_id"], False)
    assert (document["case"]["version"], document["case"]["type"]) == (1, {"code": "E0110"})
    assert (first["hasMore"], first["resetRequired"]) == (False, False)
    assert (await pull(feeding, "citizen-1", "citizen", first["checkpoint"]))["documents"] == []
    inspector = await pull(feeding, "inspector-1", "inspector", scope="MY_GRID")
    assert [row["id"] for row in inspector["documents"]] == [case["_id"]]
    await cancel(feeding, case["_id"])
    await caught_up(feeding.city)
    gone = await pull(feeding, "inspector-1", "inspector", inspector["checkpoint"], scope="MY_GRID")
    [tombstone] = gone["documents"]
    assert tombstone == {"id": case["_id"], "deleted": True, "seq": tombstone["seq"], "case": None}
    changed = await pull(feeding, "citizen-1", "citizen", first["checkpoint"])
    assert [row["case"]["state"] for row in changed["documents"]] == ["CANCELLED"]


async def test_a_refused_pull_has_its_code(feeding: Api) -> None:
    variables = {"scope": "MY_TASKS", "limit": 10, "checkpoint": "nonsense"}
    answer = await feeding.ask(operation("officer", "PullCases"), variables, "officer-1")
    assert answer["errors"][0]["extensions"]["code"] == "CHECKPOINT_INVALID"
    answer = await feeding.ask(operation("officer", "PullCases"), variables)
    assert answer["errors"][0]["extensions"]["code"] == "SIGN_IN_REQUIRED"


async def test_dictionaries_come_whole_and_then_only_what_changed(api: Api) -> None:
    first = await api.do("inspector-1", "inspector", "PullDictionaries", limit=10)
    lists = {row["id"]: row for row in first["documents"]}
    types = {row["code"]: row for row in lists["CASE_TYPES"]["caseTypes"]}
    assert types["E0110"]["conditions"][0]["id"] == "E0110-1"
    assert [row["unitGrids"][0]["areaClass"] for row in lists["GRIDS"]["grids"]] == []
    assert lists["DEPARTMENTS"]["caseTypes"] is None
    again = await api.do(
        "inspector-1", "inspector", "PullDictionaries", limit=10, checkpoint=first["checkpoint"]
    )
    assert again["documents"] == []


async def test_a_hint_comes_at_the_start_and_when_something_changed(feeding: Api) -> None:
    case = await feeding.report("citizen-1")
    await caught_up(feeding.city)
    async with feeding.phone("citizen-1") as phone:
        await subscribe(phone, _HINTS, scopes=["MY_REPORTS"])
        first = (await hear(phone))["payload"]["data"]["syncHints"]
        assert first["scope"] == "MY_REPORTS"
        await is_heard(feeding, "sync:reports:citizen-1")
        await cancel(feeding, case["_id"])
        second = (await hear(phone))["payload"]["data"]["syncHints"]
        assert second["seq"] > first["seq"]


async def test_a_long_poll_answers_when_something_changed(feeding: Api) -> None:
    first = await pull(feeding, "citizen-1", "citizen")
    tasks = await pull(feeding, "citizen-1", "citizen", scope="MY_TASKS")
    both = {"scopes": "MY_TASKS,MY_REPORTS", "checkpoint": f"{tasks['checkpoint']},{first['checkpoint']}"}
    assert (await wait(feeding, "citizen-1", **both, seconds=0)).status_code == 204
    waiting = asyncio.create_task(wait(feeding, "citizen-1", **both, seconds=25))
    await is_heard(feeding, "sync:reports:citizen-1")
    await feeding.report("citizen-1")
    answer = await waiting
    assert (answer.status_code, answer.json()) == (200, {"changed": ["MY_REPORTS"]})


async def test_a_long_poll_without_a_useful_checkpoint_answers_at_once(feeding: Api) -> None:
    other = await pull(feeding, "citizen-2", "citizen")
    given = {"scopes": "MY_REPORTS", "checkpoint": other["checkpoint"]}
    assert (await wait(feeding, "citizen-1", **given)).json() == {"changed": ["MY_REPORTS"]}
    assert (await wait(feeding, "citizen-1", scopes="DICTIONARIES")).json() == {"changed": ["DICTIONARIES"]}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"scopes": "MY_HOUSE"}, "REQUEST_INVALID"),
        ({"scopes": ""}, "REQUEST_INVALID"),
        ({"scopes": "MY_TASKS", "checkpoint": "a,b"}, "REQUEST_INVALID"),
        ({"scopes": "MY_TASKS", "checkpoint": "nonsense"}, "CHECKPOINT_INVALID"),
        ({"scopes": "MY_TASKS", "seconds": 61}, "REQUEST_INVALID"),
        ({"scopes": "MY_TASKS", "seconds": "long"}, "REQUEST_INVALID"),
    ],
)
async def test_a_long_poll_that_asks_for_nonsense_is_refused(
    feeding: Api, given: dict[str, Any], code: str
) -> None:
    answer = await wait(feeding, "citizen-1", **given)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_a_person_waits_in_three_places_at_most(feeding: Api) -> None:
    first = await pull(feeding, "citizen-2", "citizen")
    given = {"scopes": "MY_REPORTS", "checkpoint": first["checkpoint"]}
    waiting = [asyncio.create_task(wait(feeding, "citizen-2", **given, seconds=20)) for _ in range(3)]
    await is_heard(feeding, "sync:reports:citizen-2")

    async def refused() -> Any:
        answer = await wait(feeding, "citizen-2", **given, seconds=0)
        return answer if answer.status_code == 429 else None

    told = await until(refused, "all three to wait")
    assert told.json()["code"] == "TOO_MANY_WAITING"
    await feeding.report("citizen-2")
    assert [(await one).status_code for one in waiting] == [200] * 3
    assert (await wait(feeding, "citizen-2", **given, seconds=0)).status_code == 200


async def test_a_long_poll_needs_a_sign_in(feeding: Api) -> None:
    answer = await feeding.http.get("/sync/wait", params={"scopes": "MY_TASKS"})
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_IN_REQUIRED")


async def test_long_answers_are_compressed_for_who_takes_it_and_photos_are_not(api: Api) -> None:
    body = {"query": operation("officer", "PullDictionaries"), "variables": {"limit": 10}}
    headers = await api.headers("officer-1")
    async with api.http.stream("POST", "/graphql", json=body, headers=headers) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert b"caseTypes" in gzip.decompress(raw)
    plain = await api.http.post("/graphql", json=body, headers={**headers, "accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in (await api.http.get("/health/live")).headers
    media_id = new_uuid()
    sent = await api.http.put(f"/media/{media_id}", content=photo_bytes(), headers=headers)
    assert sent.status_code == 201
