"""The first download of an inspector's grid, with the data of Zhangdian, fits through a 2G link."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from city_api.app import create_app
from city_core.bootstrap import open_city
from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.waking import QuietWaker
from city_core.people.tokens import actor_from
from city_demo.embedded import EmbeddedMongod
from city_seed import load as seed
from city_seed.components import build_components
from city_seed.display import Silent
from tests.api.support import Api, operation, running
from tests.conftest import settings_for
from tests.integration.cases.support import command
from tests.integration.sync.support import fed

_MOST_BYTES = 300_000
_OPEN_CASES = 200
_WORDS = ("路边", "井盖", "破损", "垃圾", "占道", "堆放", "严重", "小区", "门口", "东侧", "绿化带", "夜间",
          "积水", "异味", "行人", "不便", "请尽快", "处理", "公交站", "学校", "人行道", "车辆")  # fmt: skip


@pytest.fixture
async def zhangdian(mongod: EmbeddedMongod) -> AsyncIterator[City]:
    """A city of its own with the data of the seed."""
    settings = settings_for(mongod, mongodb_database=f"test_{new_id()}")
    async with open_city(settings, app_name="test", waker=QuietWaker()) as city:
        await seed.load_into(city, seed.prepare(), Silent())
        yield city
        await city.database.client.drop_database(city.database.name)


async def fill(city: City, grid: dict[str, Any], inspector: dict[str, Any]) -> None:
    """Have 200 reports come in, each another; every tenth waits for this inspector."""
    chance = random.Random(7)
    citizen = await city.database.people.find_one({"role": "CITIZEN"})
    types = [row async for row in city.database.unit_grids.find({"_id": {"$in": grid["grid_codes"]}})]
    for number in range(_OPEN_CASES):
        lng, lat = chance.choice(types)["centre"]["coordinates"]
        place = (lng + chance.uniform(-4e-4, 4e-4), lat + chance.uniform(-4e-4, 4e-4))
        said = "".join(chance.choices(_WORDS, k=chance.randrange(4, 25)))
        where = "".join(chance.choices(_WORDS, k=3)) + f"{chance.randrange(400)}号"
        draft = ReportDraft(
            chance.choice(["E0110", "C0101", "E0402"]), None, said, *place, "WGS84", 8.0, where, []
        )
        case = await submit_report(city, actor_from(citizen), command(), draft)
        photos = [{"media_id": new_id(), "use": "REPORT", "added_by": "x", "added_at": city.clock.now()}]
        changed: dict[str, Any] = {"photos": photos * 2, "deadline_at": city.clock.now()}
        if number % 10 == 0:
            changed["task"] = {"kind": "VERIFY", "seq": 2, "assignee_id": inspector["_id"],
                               "assigned_at": city.clock.now(), "accepted_at": None}  # fmt: skip
        await city.database.cases.update_one(
            {"_id": case["_id"]}, {"$set": changed, "$addToSet": {"people_involved": inspector["_id"]}}
        )


async def download(api: Api, who: str, name: str, **variables: Any) -> tuple[int, int, int]:
    """Pull all of a scope; answers bytes on the wire, requests and documents."""
    headers, checkpoint, size, requests, documents = await api.headers(who), None, 0, 0, 0
    more = True
    while more:
        given = {"limit": 100, "checkpoint": checkpoint, **variables}
        body = {"query": operation("inspector", name), "variables": given}
        async with api.http.stream("POST", "/graphql", json=body, headers=headers) as answer:
            size += sum([len(chunk) async for chunk in answer.aiter_raw()])
            size += sum(len(key) + len(value) + 4 for key, value in answer.headers.raw)
        # Read once more, as a stream is read either raw or not.
        found = (await api.http.post("/graphql", json=body, headers=headers)).json()["data"]
        [pulled] = found.values()
        checkpoint, more = pulled["checkpoint"], pulled["hasMore"]
        requests, documents = requests + 1, documents + len(pulled["documents"])
    return size, requests, documents


async def test_the_first_download_of_a_grid_is_at_most_300_kb_compressed(zhangdian: City) -> None:
    city = zhangdian
    inspector = await city.database.people.find_one(
        {"role": "INSPECTOR", "responsibility_grid_ids.0": {"$exists": True}}
    )
    assert inspector is not None
    who, grid_id = inspector["_id"], inspector["responsibility_grid_ids"][0]
    grid = await city.database.responsibility_grids.find_one({"_id": grid_id})
    assert grid is not None
    await fill(city, grid, inspector)
    async with (
        fed(city),
        running(create_app(city=city)) as address,
        httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as http,
    ):
        api = Api(city, {}, address, http)
        got = {
            "grid": await download(api, who, "PullCases", scope="MY_GRID"),
            "tasks": await download(api, who, "PullCases", scope="MY_TASKS"),
            "components": await download(api, who, "PullComponents"),
            "dictionaries": await download(api, who, "PullDictionaries"),
        }
    assert got["grid"][2] >= _OPEN_CASES and got["tasks"][2] == _OPEN_CASES // 10
    assert got["components"][2] == 12 * len(inspector["responsibility_grid_ids"])
    assert sum(size for size, _, _ in got.values()) <= _MOST_BYTES, got
    assert sum(requests for _, requests, _ in got.values()) <= 8, got


def test_components_are_the_same_at_every_run_and_stand_in_their_grids() -> None:
    load = seed.prepare()
    names = {row["code"]: row["name_zh"] for row in load.reference.catalogue["case_types"]}
    places = load.places
    rows = build_components(places.unit_grids, places.responsibility_grids, names)
    assert rows == build_components(places.unit_grids, places.responsibility_grids, names)
    assert len({row["_id"] for row in rows}) == len(rows) == 12 * len(places.responsibility_grids)
    assert all(len(row["_id"]) == 16 and row["_id"].isdigit() and row["is_invented"] for row in rows)
    shapes = {row["_id"]: row["shape"]["coordinates"][0] for row in places.unit_grids}
    for row in rows:
        lng, lat = row["point"]["coordinates"]
        ring = shapes[row["grid_code"]]
        assert min(p[0] for p in ring) < lng < max(p[0] for p in ring)
        assert min(p[1] for p in ring) < lat < max(p[1] for p in ring)
