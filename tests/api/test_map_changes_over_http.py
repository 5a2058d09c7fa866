"""Changes of the map over HTTP: from now on, to whoever watches the place, gone when a case ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from city_core.sync.feeder import feed_scopes
from tests.api.support import Api
from tests.api.test_map_over_http import get
from tests.waiting import until


@pytest.fixture
async def fed_api(own_api: Api) -> AsyncIterator[Api]:
    """A running API whose changes are fed to the scopes."""
    feeding = asyncio.create_task(feed_scopes(own_api.city))

    async def is_fed() -> bool:
        feed = await own_api.city.database.sync_feed.find_one({})
        return bool(feed and feed["is_complete"])

    await until(is_fed, "the feed")
    yield own_api
    feeding.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await feeding


async def changes(api: Api, who: str, checkpoint: str, case_id: str) -> dict[str, Any]:
    """Pull until a case has come: reports of before may be fed after the checkpoint was taken."""
    found: dict[str, Any] = {}

    async def came() -> bool:
        found.update((await get(api, who, "/map/changes", checkpoint=checkpoint)).json())
        return case_id in [row[0] for row in found["cases"]]

    await until(came, f"changes for {who}")
    return found


async def test_changes_come_from_now_on_to_whoever_watches_the_place(fed_api: Api) -> None:
    api = fed_api
    await api.report()
    people = ("acceptor-1", "leader-of-street", "inspector-1", "citizen-1", "inspector-far", "officer-1")
    begun = {who: (await get(api, who, "/map/changes")).json() for who in people}
    assert all(first["cases"] == [] and not first["resetRequired"] for first in begun.values())
    case = await api.report()
    for who in people[:4]:
        found = await changes(api, who, begun[who]["checkpoint"], case["_id"])
        assert [row[0] for row in found["cases"]][-1] == case["_id"], who
        assert found["gone"] == []
    for who in people[4:]:
        found = (await get(api, who, "/map/changes", checkpoint=begun[who]["checkpoint"])).json()
        assert (found["cases"], found["gone"]) == ([], []), who


async def test_a_case_that_ends_is_gone_and_one_that_is_given_to_a_department_comes(fed_api: Api) -> None:
    api = fed_api
    case = await api.report()
    seat = (await get(api, "acceptor-1", "/map/changes")).json()["checkpoint"]
    officer = (await get(api, "officer-1", "/map/changes")).json()["checkpoint"]
    given = {"$set": {"state": "DISPATCHED", "department_id": "sanitation"}}
    await api.city.database.cases.update_one({"_id": case["_id"]}, given)
    found = await changes(api, "officer-1", officer, case["_id"])
    assert [row[0] for row in found["cases"]] == [case["_id"]]
    await api.city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"state": "CLOSED"}})
    for who, checkpoint in {"officer-1": found["checkpoint"], "acceptor-1": seat}.items():
        ended: dict[str, Any] = {}

        async def is_gone(
            who: str = who, checkpoint: str = checkpoint, ended: dict[str, Any] = ended
        ) -> bool:
            ended.update((await get(api, who, "/map/changes", checkpoint=checkpoint)).json())
            return ended["gone"] == [case["_id"]]

        await until(is_gone, f"the end of the case for {who}")
        assert ended["cases"] == []


async def test_who_watches_other_streets_begins_anew(fed_api: Api) -> None:
    api = fed_api
    checkpoint = (await get(api, "acceptor-1", "/map/changes")).json()["checkpoint"]
    moved = {"$set": {"street_codes": ["370303002"]}}
    await api.city.database.people.update_one({"_id": "acceptor-1"}, moved)
    found = (await get(api, "acceptor-1", "/map/changes", checkpoint=checkpoint)).json()
    assert found["resetRequired"]
    broken = await get(api, "acceptor-1", "/map/changes", checkpoint="nonsense")
    assert (broken.status_code, broken.json()["code"]) == (400, "CHECKPOINT_INVALID")
