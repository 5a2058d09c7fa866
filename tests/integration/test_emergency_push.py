"""Hints about an emergency's tasks go before all others, and stay hints."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from city_core.cases.emergency.end import end_emergency
from city_core.kit.city import City
from city_core.notify.adapters.fcm import _fcm_message
from city_core.notify.ports import PushAddress, PushMessage
from city_core.notify.urgency import urgency_of
from tests.integration.cases.emergencies import Town, command, found_town


@pytest.fixture
async def town(city: City) -> Town:
    return await found_town(city, datetime(2026, 7, 20, 2, 0, tzinfo=UTC))


async def urgencies(town: Town, about: str) -> list[str]:
    kinds = ("TASK_ASSIGNED", "LIMIT_CHANGED", "CASE_PROGRESS")
    return [await urgency_of(town.city, kind, about) for kind in kinds]


async def test_tasks_of_an_emergency_break_through_until_it_ends(town: Town) -> None:
    flooded, parked = await town.report(), await town.report(type_code="E0409", condition_id=None)
    assert await urgencies(town, flooded["_id"]) == ["high", "high", "normal"]
    emergency = await town.start()
    assert await urgencies(town, flooded["_id"]) == ["emergency", "emergency", "normal"]
    assert await urgencies(town, parked["_id"]) == ["high", "high", "normal"]
    assert await urgency_of(town.city, "EMERGENCY_STARTED", emergency["_id"]) == "emergency"
    await end_emergency(town.city, town.leader, emergency["_id"], command(), reason="水已退")
    assert await urgencies(town, flooded["_id"]) == ["high", "high", "normal"]
    assert await urgency_of(town.city, "EMERGENCY_ENDED", emergency["_id"]) == "normal"


async def test_a_kind_of_emergency_that_is_not_urgent_and_a_drill_raise_nothing(town: Town) -> None:
    case = await town.report()
    drill = await town.start(is_drill=True)
    assert await urgency_of(town.city, "DRILL_STARTED", drill["_id"]) == "normal"
    assert await urgencies(town, case["_id"]) == ["high", "high", "normal"]
    await town.start(profile="quiet")
    assert (await town.case(case))["emergency_id"] is not None
    assert await urgencies(town, case["_id"]) == ["high", "high", "normal"]


@pytest.mark.parametrize(
    ("urgency", "android", "apns", "level"),
    [
        ("normal", "normal", "5", None),
        ("high", "high", "10", None),
        ("emergency", "high", "10", "time-sensitive"),
    ],
)
def test_what_android_and_apple_are_told(urgency: str, android: str, apns: str, level: str | None) -> None:
    message = PushMessage("m", "TASK_ASSIGNED", "c", 5, urgency)  # type: ignore[arg-type]
    hint = _fcm_message(PushAddress("token", "t"), message)
    assert (hint.android.priority, hint.apns.headers["apns-priority"]) == (android, apns)
    assert (hint.apns.payload.aps.custom_data or {}).get("interruption-level") == level
    assert hint.data == {"type": "TASK_ASSIGNED", "id": "c", "seq": "5"}
