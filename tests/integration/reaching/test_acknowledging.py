"""Answers to messages: forward only, each once, from a device of one's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from city_core.kit.problems import CityProblem
from city_core.notify.acknowledge import acknowledge_message
from city_core.notify.acknowledgement import Acknowledgement
from city_core.notify.deliver import deliver
from city_core.notify.read import mark_read
from city_core.people.devices import register_device
from city_core.people.roles import Actor
from tests.integration.reaching.town import Town

DELIVERED, READ, REFUSED, ACCEPTED = Acknowledgement


def on(town: Town, person_id: str, device: str = "phone") -> Actor:
    """See a person as signed in on one of their devices."""
    return replace(town.people[person_id], device_id=f"{person_id}-{device}")


async def test_delivered_is_noted_for_each_device_and_stops_nothing(town: Town) -> None:
    message = await town.report()
    who = message["person_id"]
    for device in ("phone", "tablet", "phone"):
        await acknowledge_message(town.city, on(town, who, device), message["_id"], DELIVERED)
    after = await town.message(message)
    assert [row["device_id"] for row in after["acknowledgements"]] == [f"{who}-phone", f"{who}-tablet"]
    assert (after["answer"], after["read_at"]) == ("DELIVERED", None)
    await town.turn(121)
    assert (await town.rungs(message))[-1] == ("PUSH_AGAIN", "PUSHED")


async def test_read_stops_what_reaches_for_the_person_and_others_are_told_still(town: Town) -> None:
    message = await town.report()
    await mark_read(town.city, on(town, message["person_id"]), message["_id"])
    for _ in range(5):
        await town.turn(601)
    assert await town.rungs(message) == [
        ("PUSH", "PUSHED"), ("PUSH_AGAIN", "READ"), ("SMS", "READ"), ("NEXT_OFFICER", "TOLD"),
        ("SUPERVISOR", "TOLD"),
    ]  # fmt: skip
    texts = [name for *_, name in town.providers.rung]
    assert not [name for name in texts if name.startswith(message["_id"])]


async def test_read_ends_the_ladder_of_what_asks_for_no_answer(town: Town) -> None:
    case = (await town.report())["case_id"]
    await deliver(town.city, "officer-1", "LIMIT_CHANGED", case, 99)
    message = await town.city.database.inbox_messages.find_one({"kind": "LIMIT_CHANGED"})
    assert message is not None
    read = await mark_read(town.city, on(town, "officer-1"), message["_id"])
    assert read["work"] == []


async def test_a_refusal_has_the_next_colleague_told_at_once_and_then_the_supervisors(town: Town) -> None:
    message = await town.report()
    actor = on(town, message["person_id"])
    await acknowledge_message(town.city, actor, message["_id"], REFUSED, reason="车坏了")
    await town.work()
    assert await town.rungs(message) == [("PUSH", "PUSHED"), ("NEXT_OFFICER", "TOLD")]
    await town.turn(601)
    assert (await town.rungs(message))[2:] == [("SUPERVISOR", "TOLD")]
    await town.turn(9_000)
    assert len(await town.rungs(message)) == 3
    told = await town.city.database.inbox_messages.find_one({"kind": "COLLEAGUE_UNREACHED"})
    assert "车坏了" not in str(told), "the reason is between the person and the city"


async def test_a_refusal_needs_a_reason_and_a_message_that_asks(town: Town) -> None:
    message = await town.report()
    actor = on(town, message["person_id"])
    for reason in (None, "  ", "x" * 201, "a\x00b"):
        with pytest.raises(CityProblem) as refused:
            await acknowledge_message(town.city, actor, message["_id"], REFUSED, reason=reason)
        assert (refused.value.code, refused.value.field) == ("TEXT_INVALID", "reason")
    await deliver(town.city, actor.person_id, "LIMIT_CHANGED", message["case_id"], 99)
    news = await town.city.database.inbox_messages.find_one({"kind": "LIMIT_CHANGED"})
    assert news is not None
    with pytest.raises(CityProblem) as refused:
        await acknowledge_message(town.city, actor, news["_id"], REFUSED, reason="不")
    assert refused.value.code == "ANSWER_NOT_ASKED"
    assert (await town.message(message))["acknowledgements"] == []


async def test_answers_go_forward_only_and_late_ones_are_on_record(town: Town) -> None:
    message = await town.report()
    actor = on(town, message["person_id"])
    for state in (READ, DELIVERED, ACCEPTED, READ, REFUSED):
        await acknowledge_message(town.city, actor, message["_id"], state, reason="晚了")
    after = await town.message(message)
    assert [row["state"] for row in after["acknowledgements"]] == [
        "READ", "DELIVERED", "ACCEPTED", "REFUSED",
    ]  # fmt: skip
    assert (after["answer"], after["work"]) == ("ACCEPTED", [])


async def test_somebody_who_refused_may_still_accept(town: Town) -> None:
    message = await town.report()
    actor = on(town, message["person_id"])
    await acknowledge_message(town.city, actor, message["_id"], REFUSED, reason="忙")
    after = await acknowledge_message(town.city, actor, message["_id"], ACCEPTED)
    assert (after["answer"], after["work"]) == ("ACCEPTED", [])
    await town.turn(5_000)
    assert await town.rungs(message) == [("PUSH", "PUSHED")]


async def test_a_message_of_somebody_else_cannot_be_answered(town: Town) -> None:
    message = await town.report()
    for who in {"officer-1", "officer-2", "dispatcher-1"} - {message["person_id"]}:
        with pytest.raises(CityProblem) as refused:
            await acknowledge_message(town.city, on(town, who), message["_id"], ACCEPTED)
        assert refused.value.code == "MESSAGE_UNKNOWN"
    assert (await town.message(message))["answer"] is None


async def test_a_device_that_somebody_else_has_now_answers_for_nobody_before(town: Town) -> None:
    message = await town.report()
    actor = on(town, message["person_id"])
    await register_device(
        town.city, town.people["inspector-1"], device_id=actor.device_id, address_kind="token",
        address="new-address", platform="android",
    )  # fmt: skip
    with pytest.raises(CityProblem) as refused:
        await acknowledge_message(town.city, actor, message["_id"], ACCEPTED)
    assert refused.value.code == "DEVICE_NOT_YOURS"
    assert (await town.message(message))["answer"] is None


async def test_a_repeated_command_is_one_and_its_id_serves_nothing_else(town: Town) -> None:
    message = await town.report()
    actor, own = on(town, message["person_id"]), "a" * 32
    for _ in range(2):
        await acknowledge_message(
            town.city,
            actor,
            message["_id"],
            REFUSED,
            reason="忙",
            client_id=own,
            device_time=town.clock.now(),
        )
    [row] = (await town.message(message))["acknowledgements"]
    assert (row["state"], row["reason"], row["device_time"]) == ("REFUSED", "忙", town.clock.now())
    with pytest.raises(CityProblem) as refused:
        await acknowledge_message(town.city, actor, message["_id"], ACCEPTED, client_id=own)
    assert refused.value.code == "COMMAND_REUSED"


async def test_an_old_message_without_a_ladder_can_still_be_read(town: Town) -> None:
    await town.city.database.inbox_messages.insert_one({
        "_id": "old", "person_id": "officer-1", "kind": "TASK_ASSIGNED", "case_id": "c", "seq": 1,
        "created_at": town.clock.now(), "read_at": None, "pushes": [], "work": [],
    })  # fmt: skip
    read = await mark_read(town.city, on(town, "officer-1"), "old")
    assert (read["answer"], read["read_at"]) == ("READ", town.clock.now())
