"""Quiet hours and what is muted: hints wait, the inbox does not; what is urgent comes all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from city_core.cases.command import Command
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.notify.deliver import deliver
from city_core.notify.preferences import preferences_of
from city_core.notify.set_preferences import set_preferences
from tests.hand_clock import beijing
from tests.integration.reaching.town import Town
from tests.work_by_hand import command

WHO = "officer-1"


async def prefer(town: Town, sent: Command | None = None, **more: object) -> Row:
    given = {"quiet_from": "22:00", "quiet_to": "06:30", "muted_kinds": [], "language": None, **more}
    return await set_preferences(town.city, town.people[WHO], sent or command(), **given)  # type: ignore[arg-type]


async def news(town: Town, kind: str = "CASE_PROGRESS", case_id: str = "c") -> Row:
    await deliver(town.city, WHO, kind, case_id, 7)
    await town.work()
    found = await town.city.database.inbox_messages.find_one({"kind": kind, "person_id": WHO})
    assert found is not None
    return found


async def test_news_waits_for_the_end_of_quiet_hours(town: Town) -> None:
    await prefer(town)
    town.clock.set(beijing(3, 23, 30))
    case_id = (await town.report())["case_id"]
    message = await news(town, case_id=case_id)
    assert (await town.rungs(message), town.pushes_to("CASE_PROGRESS")) == ([], [])
    [item] = message["work"]
    assert item["due_at"] == beijing(4, 6, 30)
    town.clock.set(beijing(4, 6, 31))
    await town.work()
    assert await town.rungs(message) == [("PUSH", "PUSHED")]
    assert town.pushes_to("CASE_PROGRESS") == [f"phone-of-{WHO}"]


async def test_news_that_was_read_meanwhile_is_not_pushed_in_the_morning(town: Town) -> None:
    await prefer(town)
    town.clock.set(beijing(3, 23, 30))
    message = await news(town, case_id=(await town.report())["case_id"])
    await town.city.database.cases.delete_many({})
    town.clock.set(beijing(4, 6, 31))
    await town.work()
    assert await town.rungs(message) == [("PUSH", "OVER")]


async def test_quiet_hours_that_begin_while_a_rung_waits_hold_it(town: Town) -> None:
    await prefer(town, quiet_from="09:01", quiet_to="12:00")
    await town.city.database.people.update_one({"_id": WHO}, {"$set": {"on_duty": False}})
    case_id = (await town.report())["case_id"]
    message = await news(town, "LIMIT_CHANGED", case_id)
    assert await town.rungs(message) == [("PUSH", "PUSHED")]
    await town.turn(121)
    assert await town.rungs(message) == [("PUSH", "PUSHED")]
    town.clock.set(beijing(3, 12, 0) + timedelta(seconds=1))
    await town.work()
    assert (await town.rungs(message))[1:] == [("PUSH_AGAIN", "PUSHED")]


async def test_a_task_reaches_whoever_is_on_duty_at_any_hour(town: Town) -> None:
    await prefer(town, quiet_from="00:00", quiet_to="23:59")
    case_id = (await town.report())["case_id"]
    assert await town.rungs(await news(town, "LIMIT_CHANGED", case_id)) == [("PUSH", "PUSHED")]
    await town.city.database.inbox_messages.delete_many({"kind": "LIMIT_CHANGED"})
    await town.city.database.people.update_one({"_id": WHO}, {"$set": {"on_duty": False}})
    assert await town.rungs(await news(town, "LIMIT_CHANGED", case_id)) == []


async def test_an_emergency_knows_no_quiet_hours(town: Town) -> None:
    await prefer(town, quiet_from="00:00", quiet_to="23:59")
    await town.city.database.people.update_one({"_id": WHO}, {"$set": {"on_duty": False}})
    now = town.clock.now()
    await town.city.database.emergencies.insert_one({
        "_id": "e", "state": "ON", "starts_at": now, "ends_at": now + timedelta(days=1), "is_drill": False,
        "profile": "flood", "profile_version": 0, "street_codes": [], "community_codes": [], "work": [],
        "client_id": "e", "ordered_by": "x",
    })  # fmt: skip
    message = await news(town, "EMERGENCY_STARTED", "e")
    assert message["urgency"] == "emergency"
    assert await town.rungs(message) == [("PUSH", "PUSHED")]
    for _ in range(5):
        await town.turn(61)
    assert [action for action, _ in await town.rungs(message)] == ["PUSH", "PUSH_AGAIN", "SMS", "VOICE"]
    assert [how for how, *_ in town.providers.rung] == ["sms", "call"]


async def test_a_muted_kind_comes_to_the_inbox_alone(town: Town) -> None:
    await prefer(town, muted_kinds=["CASE_PROGRESS"])
    message = await news(town)
    assert (await town.rungs(message), message["work"]) == ([("PUSH", "MUTED")], [])
    assert town.providers.pushed == []


async def test_texts_are_in_the_language_that_was_chosen(town: Town) -> None:
    message = await town.report()
    await set_preferences(
        town.city, town.people[message["person_id"]], command(), quiet_from=None, quiet_to=None,
        muted_kinds=[], language="en",
    )  # fmt: skip
    await town.turn(121)
    await town.turn(301)
    [(_, _, text, _)] = town.providers.rung
    assert text == "You have a new task. Please open the app."


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("quietFrom", {"quiet_from": "22:00", "quiet_to": None}),
        ("quietFrom", {"quiet_from": "22:00", "quiet_to": "22:00"}),
        ("quietFrom", {"quiet_from": "25:00"}),
        ("quietFrom", {"quiet_from": "9:00"}),
        ("quietFrom", {"quiet_to": "06:30:00"}),
        ("mutedKinds", {"muted_kinds": ["TASK_ASSIGNED"]}),
        ("mutedKinds", {"muted_kinds": ["EMERGENCY_STARTED"]}),
        ("mutedKinds", {"muted_kinds": ["NO_SUCH"]}),
        ("language", {"language": "fr"}),
    ],
)
async def test_preferences_that_make_no_sense_are_refused(town: Town, field: str, given: Row) -> None:
    with pytest.raises(CityProblem) as refused:
        await prefer(town, **given)
    assert (refused.value.code, refused.value.field) == ("PREFERENCES_INVALID", field)
    assert (await preferences_of(town.city, WHO))["quiet_from"] is None


async def test_a_command_that_comes_again_late_changes_nothing(town: Town) -> None:
    first = command()
    await prefer(town, first, quiet_from="21:00")
    await prefer(town, quiet_from="23:00")
    again = await prefer(town, first, quiet_from="21:00")
    assert again["quiet_from"] == (await preferences_of(town.city, WHO))["quiet_from"] == "23:00"
    with pytest.raises(CityProblem) as refused:
        await prefer(town, first, quiet_from="20:00")
    assert refused.value.code == "COMMAND_REUSED"
