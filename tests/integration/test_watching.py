"""Figures of the city, on a real mongod: who counts, what is counted, and that it is read from indexes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest

from city_core.bootstrap import QUEUE_OF_WORK, WORK_COLLECTIONS
from city_core.kit.city import City
from city_core.kit.doing import Doing, add_words, doing, request_id_from, words_of_work
from city_core.kit.metrics import CITY_FIGURES, REGISTRY, names_of_metrics
from city_core.kit.perform import perform
from city_core.kit.waking import QuietWaker, Wake
from city_core.kit.work import Claim, Handler, WorkItem
from city_core.notify.adapters.log import LogPushGateway
from city_core.operation.counting import count_in_turn
from city_core.operation.figures import FIGURES, count_city, count_work
from city_core.operation.lanes import KINDS_OF_LANE, KINDS_OF_WORK
from city_workers.jobs import handlers_with
from tests.conftest import REPOSITORY
from tests.hand_clock import HandClock, beijing

ALARMS = REPOSITORY / "backend" / "alarms.yml"
PAGE = REPOSITORY / "backend" / "alarms.md"


async def _case_with(city: City, name: str, *items: dict[str, Any], **more: Any) -> None:
    row = {"_id": name, "reporter_id": "r", "client_id": name, "work": list(items), **more}
    await city.database.cases.insert_one(row)


async def test_work_is_counted_by_kind(city: City) -> None:
    now = city.clock.now()
    waiting = WorkItem("triage", "triage", now - timedelta(minutes=4)).row()
    held = WorkItem("file", "file", now - timedelta(minutes=1)).row()
    held |= {"due_at": now + timedelta(seconds=20), "token": "t", "attempts": 1}
    later = WorkItem("escalate", "escalate", now + timedelta(hours=3)).row()
    lost = WorkItem("push", "push", now).row() | {"due_at": None, "given_up": True}
    await _case_with(city, "a", waiting, held, later)
    await _case_with(city, "b", waiting, lost)
    counted = await count_work(city, WORK_COLLECTIONS, KINDS_OF_WORK)
    triage, file_, push = counted["triage"], counted["file"], counted["push"]
    assert (triage.waiting, triage.active, round(triage.oldest_seconds, -1)) == (2, 0, 240)
    assert (file_.waiting, file_.active, push.waiting, push.given_up) == (1, 1, 0, 1)
    assert counted["escalate"].waiting == 0


async def test_figures_are_read_from_indexes(city: City) -> None:
    await city.database.divisions.insert_one({"_id": "370303001", "parent_code": "370303", "valid_to": None})
    late = {"state": "FILED", "red_at": city.clock.now(), "place": {"street_code": "370303001"}}
    await _case_with(city, "late", WorkItem("triage", "triage", city.clock.now()).row(), **late)
    await city.database.command("profile", 2)
    figures = await count_city(city, WORK_COLLECTIONS, KINDS_OF_WORK)
    await city.database.command("profile", 0)
    profile = city.database["system.profile"].find({"planSummary": "COLLSCAN"})
    scanned = {row["ns"].partition(".")[2] async for row in profile}
    assert scanned <= {"system.profile"}
    by_name = {figure.name: dict(figure.rows) for figure in figures}
    assert by_name["yiwang_late_cases"] == {("370303001",): 1}
    assert by_name["yiwang_feed_running"] == {(): 0.0}


async def test_one_process_counts_until_it_is_gone(city: City) -> None:
    clock = HandClock(city.clock.now())
    timed = replace(city, clock=clock)
    assert await count_in_turn(timed, "one", WORK_COLLECTIONS)
    assert b'yiwang_work_waiting{kind="triage"} 0.0' in generate_latest(REGISTRY)
    assert not await count_in_turn(timed, "two", WORK_COLLECTIONS)
    assert b"yiwang_work_waiting" not in generate_latest(REGISTRY)
    assert await count_in_turn(timed, "one", WORK_COLLECTIONS)
    clock.turn(minutes=1)
    assert await count_in_turn(timed, "two", WORK_COLLECTIONS)
    CITY_FIGURES.figures = ()


def test_every_kind_of_work_has_its_lane() -> None:
    known = {*handlers_with(LogPushGateway()), *QUEUE_OF_WORK}
    assert set(KINDS_OF_WORK) == known and len(KINDS_OF_WORK) == len(known)
    assert all(
        QUEUE_OF_WORK.get(kind, "jobs") == lane for lane, kinds in KINDS_OF_LANE.items() for kind in kinds
    )


def test_every_metric_is_described_and_every_alarm_asks_for_one() -> None:
    names = set(names_of_metrics(FIGURES))
    described = set(re.findall(r"^\| `([a-z_]+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert described == names
    rules = [rule for group in yaml.safe_load(ALARMS.read_text())["groups"] for rule in group["rules"]]
    page = PAGE.read_text(encoding="utf-8")
    for rule in rules:
        asked = set(re.findall(r"\b(?:yiwang|process)_[a-z_]+", rule["expr"]))
        assert asked or rule["expr"] == "up == 0"
        assert {re.sub(r"_(bucket|count|sum)$", "", name) for name in asked} <= names, rule["alert"]
        assert f"## {rule['alert']}" in page
    assert re.findall(r"^## ([A-Z]\w+)$", page, re.MULTILINE) == [rule["alert"] for rule in rules]


async def test_work_goes_on_under_the_request_that_asked_for_it(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    request = Doing("0" * 32, city.clock.now(), {"operation": "SubmitReport"})
    with doing(request):
        await _case_with(city, "c", WorkItem("first", "first", city.clock.now()).row())
    followed: list[str | None] = []

    async def first(inside: City, held: Claim) -> bool:
        item = WorkItem("second", "second", inside.clock.now())
        await inside.database.cases.update_one({"_id": "c"}, {"$push": {"work": item.row()}})
        inside.waker.wake(Wake("second", "cases", "c", "second", item.due_at))
        return False

    async def second(_: City, held: Claim) -> bool:
        followed.append(held.track.get("request_id"))
        return False

    handlers = {"first": Handler(first), "second": Handler(second)}
    quiet = replace(city, waker=QuietWaker())
    assert await perform(quiet, handlers, Wake("first", "cases", "c", "first", city.clock.now()))
    assert followed == ["0" * 32]
    tried = [line for line in capsys.readouterr().out.splitlines() if '"work_tried"' in line]
    assert [('"kind":"first"' in line, '"attempt":1' in line) for line in tried] == [
        (True, True),
        (False, True),
    ]
    assert all('"request_id":"00000000000000000000000000000000"' in line for line in tried)


@pytest.mark.parametrize("given", [None, "", "13905330001", "a" * 32 + "x", "340102199001011234", "g" * 32])
def test_no_other_text_becomes_a_request_id(given: str | None) -> None:
    made = request_id_from(given)
    assert made != given and re.fullmatch("[0-9a-f]{32}", made)


def test_a_uuid_is_kept_as_the_request_id_and_lines_name_nobody() -> None:
    given = "0191E0C4-7B1A-7C3D-8E2F-0123456789AB"
    assert request_id_from(given) == given.lower()
    words = words_of_work("release_command", "command_log", "person-1:id", "release", 2)
    with doing(Doing("1" * 32, beijing(2, 9), words)):
        line = add_words(None, "", {"event": "x"})
    assert "person-1" not in str(line) and line["attempt"] == 2 and line["request_id"] == "1" * 32
