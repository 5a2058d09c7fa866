"""The page with the map: in a real browser, live, and with nothing from outside."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image, ImageStat

from city_core.cases.command import Command
from city_core.cases.submit import ReportDraft, submit_report
from city_core.places.cells import cell_of
from city_core.sync.feeder import feed_scopes
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.conftest import served_village
from tests.api.support import PASSWORD, Api, new_uuid
from tests.api.test_trusted_documents import document_id
from tests.clients.node import run_script
from tests.conftest import REPOSITORY
from tests.village import INSIDE, STREET
from tests.waiting import until

_CASES = 90
_PHONE_OF_ACCEPTOR = "19905330008"
_NEIGHBOURS = {"370303002": ("科苑街道", 118.06, 36.80), "370303003": ("体育场街道", 118.05, 36.81)}


@pytest.fixture
async def city_with_cases(served_city: Api) -> Api:
    """The city with many cases."""
    chance = random.Random(7)
    for number in range(_CASES):
        await _report(served_city, chance, number)
    return served_city


@pytest.fixture
async def served_city(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Api]:
    """A village with three streets, served as in production, whose changes are fed."""
    async with served_village(mongod, redis_server, environment="production") as api:
        divisions = [_division(STREET, "车站街道", None), *(
            _division(code, name, _square(west, south)) for code, (name, west, south) in _NEIGHBOURS.items()
        )]  # fmt: skip
        await api.city.database.divisions.insert_many(divisions)
        feeding = asyncio.create_task(feed_scopes(api.city))
        await until(lambda: _is_fed(api), "the feed")
        yield api
        feeding.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await feeding


async def test_cases_appear_live_in_a_real_browser(city_with_cases: Api) -> None:
    api = city_with_cases
    folder = REPOSITORY / ".local"
    folder.mkdir(exist_ok=True)
    kinds = ("city", "close", "live", "heat", "phone")
    pictures = {kind: str(folder / ("map.png" if kind == "city" else f"map-{kind}.png")) for kind in kinds}
    point = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 5.0}
    given = {
        "address": api.address, "phone": _PHONE_OF_ACCEPTOR, "password": PASSWORD, "cases": _CASES,
        "pictures": pictures, "reporter": (await api.headers("citizen-1"))["authorization"],
        "submit": document_id("citizen", "SubmitReport"),
        "report": {"clientId": new_uuid(), "point": point, "description": "路口有垃圾"},
    }  # fmt: skip
    said = await run_script("map_page", given, seconds=240, niceness=10)
    _came_alive(said)
    assert said["faults"] == []
    assert said["loads"] == 1
    own = api.address, api.address.replace("http", "ws", 1), f"blob:{api.address}", "data:"
    assert [url for url in said["requests"] if not url.startswith(own)] == []
    assert any(url.startswith(own[1]) for url in said["requests"])
    for picture in pictures.values():
        _shows_something(Path(picture))
    left = [process for process in psutil.process_iter(["cmdline"]) if _is_browser(process)]
    assert left == []


async def test_the_page_is_narrowed_down_and_lasts(served_city: Api) -> None:
    api = served_city
    cases = [await api.report() for _ in range(4)]
    states = {cases[0]["_id"]: "DISPATCHED", cases[1]["_id"]: "CLOSED"}
    for case_id, state in states.items():
        await api.city.database.cases.update_one(
            {"_id": case_id}, {"$set": {"state": state, "tally_due": True}}
        )
    await api.city.database.points.insert_many([_toilet(number) for number in range(3)])
    point = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 5.0}
    async with _told_by_the_page(api, cases[0]["_id"]) as control:
        given = {
            "address": api.address, "phone": _PHONE_OF_ACCEPTOR, "password": PASSWORD, "control": control,
            "open": 3, "waiting": 2, "ended": 1, "toilets": 3,
            "reporter": (await api.headers("citizen-1"))["authorization"],
            "submit": document_id("citizen", "SubmitReport"),
            "report": {"clientId": new_uuid(), "point": point, "description": "路口有垃圾"},
        }  # fmt: skip
        said = await run_script("map_page_lasting", given, seconds=120, niceness=10)
    assert said["faults"] == []
    assert said["empty"] == "这里没有符合条件的案件"
    assert said["ringed"].startswith("公厕")
    assert "公共厕所" in said["point"]
    assert "每天 05:30-22:00" in said["point"]
    assert said["focused"] == "map"
    assert said["sockets"] > 1
    assert said["problem"] == "登录已结束，请重新登录。"


@contextlib.asynccontextmanager
async def _told_by_the_page(api: Api, case_id: str) -> AsyncIterator[str]:
    """Listen to what the script in the browser wants to happen in the city: a case closed, a person out."""

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"/close" in await reader.readuntil(b"\r\n\r\n"):
            await api.city.database.cases.update_one({"_id": case_id}, {"$set": {"state": "CLOSED"}})
        else:
            await api.city.database.sessions.delete_many({"person_id": "acceptor-1"})
        writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(hear, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _toilet(number: int) -> dict[str, Any]:
    lng = INSIDE[0] + number / 1000
    hours = {"days": [1, 2, 3, 4, 5, 6, 7], "opens_at": "05:30", "closes_at": "22:00"}
    return {
        "_id": f"toilet:{number}", "layer": "toilet", "code": str(number),
        "name_zh": f"公厕{number}", "name_en": "",
        "point": {"type": "Point", "coordinates": [lng, INSIDE[1]]}, "cell": cell_of(lng, INSIDE[1]),
        "state": "IN_USE", "opening_hours": [hours], "version": 1, "address": "", "attributes": {},
    }  # fmt: skip


def _came_alive(said: dict[str, Any]) -> None:
    """The person got in with the right password only, came from clusters to cases, and saw one arrive."""
    assert said["refused"] == "手机号或密码不正确。"
    assert (said["before"], said["english"], said["after"]) == ("未登录", "Live", "Not signed in")
    assert said["city"]["cases"] == _CASES
    assert said["city"]["clusters"] > 3
    assert said["zooms"] == sorted(said["zooms"])
    assert len(said["zooms"]) > 1
    assert said["close"]["singles"] > 0
    assert "垃圾" in said["details"]
    assert said["afterReport"]["cases"] == said["beforeReport"]["cases"] + 1
    assert "新上报" in said["news"]


def _is_browser(process: psutil.Process) -> bool:
    return any("/tmp/chromium" in part for part in process.info["cmdline"] or ())


def _shows_something(picture: Path) -> None:
    with Image.open(picture) as opened:
        spread = ImageStat.Stat(opened.convert("L")).stddev[0]
    assert spread > 8, picture


async def _is_fed(api: Api) -> bool:
    feed = await api.city.database.sync_feed.find_one({})
    return bool(feed and feed["is_complete"])


async def _report(api: Api, chance: random.Random, number: int) -> None:
    lng, lat = chance.gauss(INSIDE[0], 0.0017), chance.gauss(INSIDE[1], 0.0017)
    place = min(118.0598, max(118.0502, lng)), min(36.8098, max(36.8002, lat))
    draft = ReportDraft("E0110", "E0110-1", f"垃圾 {number}", *place, "WGS84", 5.0, "柳泉路", [])
    await submit_report(api.city, api.people["citizen-1"], Command(new_uuid(), None, "phone:test"), draft)


def _square(west: float, south: float) -> dict[str, Any]:
    east, north = west + 0.01, south + 0.01
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _division(code: str, name: str, shape: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "_id": code, "level": "street", "name_zh": name, "parent_code": "370303", "code_is_real": True,
        "centre": {"type": "Point", "coordinates": list(INSIDE)}, "shape": shape,
        "valid_from": "2026-01-01", "valid_to": None, "history": [],
    }  # fmt: skip
