"""The ladder that reaches a person: rung by rung, each once, until somebody answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from city_core.cases.accept import accept_task
from city_core.cases.confirm_supervision import confirm_supervision
from city_core.cases.supervise import supervise_case
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.waking import Wake
from city_core.kit.work import claim
from city_core.notify.acknowledge import acknowledge_message
from city_core.notify.acknowledgement import Acknowledgement
from city_core.notify.climb import climb
from city_core.notify.deliver import deliver
from city_core.notify.ports import AddressGone, Delivered, Outcome, Rejected, RetryAfter, Unknown
from tests.hand_clock import HandClock
from tests.integration.reaching.town import HIGH, Killed, Town, found_town
from tests.work_by_hand import command

ALL_DONE = list(zip(HIGH, ["PUSHED", "PUSHED", "SENT", "TOLD", "TOLD"], strict=True))


def other_of(message: Row) -> str:
    return "officer-2" if message["person_id"] == "officer-1" else "officer-1"


async def test_a_task_that_nobody_answers_climbs_to_the_top_each_rung_once(town: Town) -> None:
    message = await town.report()
    who, other = message["person_id"], other_of(message)
    assert await town.rungs(message) == ALL_DONE[:1]
    await town.turn(119)
    assert await town.rungs(message) == ALL_DONE[:1]
    await town.turn(2)
    assert await town.rungs(message) == ALL_DONE[:2]
    assert town.pushes_to("TASK_ASSIGNED") == [f"phone-of-{who}"] * 2
    await town.turn(301)
    assert await town.rungs(message) == ALL_DONE[:3]
    [(how, phone, text, name)] = town.providers.rung
    person = await town.city.database.people.find_one({"_id": who})
    assert person is not None
    assert (how, phone, text) == ("sms", person["phone"], "您有新的任务。请打开应用查看。")
    assert name == f"{message['_id']}:3"
    await town.turn(601)
    assert await town.told("COLLEAGUE_UNREACHED") == [other]
    assert town.pushes_to("COLLEAGUE_UNREACHED") == [f"phone-of-{other}"]
    await town.turn(601)
    assert await town.rungs(message) == ALL_DONE
    assert await town.told("RECEIVER_UNREACHED") == ["dispatcher-1", "leader-of-shift"]
    await town.turn(86_400)
    after = await town.message(message)
    assert (await town.rungs(message), after["work"]) == (ALL_DONE, [])
    case = await town.city.database.cases.find_one({"_id": message["case_id"]})
    assert case is not None and case["task"]["assignee_id"] == who, "who holds the case is not changed"


async def test_accepting_the_task_in_the_app_answers_the_message_and_ends_the_ladder(town: Town) -> None:
    message = await town.report()
    await town.turn(121)
    holder = town.people[message["person_id"]]
    await accept_task(town.city, holder, message["case_id"], command())
    await town.work()
    after = await town.message(message)
    assert (after["answer"], after["work"]) == ("ACCEPTED", [])
    assert after["read_at"] == town.clock.now()
    await town.turn(5_000)
    assert await town.rungs(message) == ALL_DONE[:2]
    assert town.providers.rung == []


async def test_a_task_that_went_elsewhere_reaches_for_nobody_any_more(town: Town) -> None:
    message = await town.report()
    await town.city.database.cases.update_one(
        {"_id": message["case_id"]}, {"$set": {"task.assignee_id": other_of(message)}}
    )
    await town.turn(121)
    assert await town.rungs(message) == [*ALL_DONE[:1], ("PUSH_AGAIN", "OVER")]
    assert (await town.message(message))["work"] == []


async def test_a_case_that_is_gone_reaches_for_nobody_any_more(town: Town) -> None:
    await deliver(town.city, "officer-1", "TASK_WITHDRAWN", "no such case", 3)
    await town.work()
    await town.turn(200)
    [message] = await town.city.database.inbox_messages.find({}).to_list(None)
    assert await town.rungs(message) == [*ALL_DONE[:1], ("PUSH_AGAIN", "OVER")]


async def test_others_are_told_of_nothing_that_asks_for_no_answer(town: Town) -> None:
    message = await town.report()
    await deliver(town.city, "officer-1", "LIMIT_CHANGED", message["case_id"], 99)
    for _ in range(8):
        await town.turn(400)
    found = await town.city.database.inbox_messages.find_one({"kind": "LIMIT_CHANGED"})
    assert found is not None
    assert [row["action"] for row in found["rungs"]] == ["PUSH", "PUSH_AGAIN", "SMS"]


async def test_news_is_pushed_once_and_climbs_no_ladder(town: Town) -> None:
    await deliver(town.city, "officer-1", "CASE_PROGRESS", "c", 1)
    await town.work()
    [message] = await town.city.database.inbox_messages.find({"kind": "CASE_PROGRESS"}).to_list(None)
    assert (await town.rungs(message), message["work"]) == (ALL_DONE[:1], [])


async def test_whoever_has_no_device_gets_a_text_at_once(slow_city: City, clock: HandClock) -> None:
    town = await found_town(slow_city, clock, devices=())
    message = await town.report()
    assert await town.rungs(message) == [("PUSH", "NO_DEVICE"), ("PUSH_AGAIN", "NO_DEVICE"), ("SMS", "SENT")]
    assert len(town.providers.rung) == 1


async def test_a_device_that_is_gone_meanwhile_is_passed_over(town: Town) -> None:
    town.providers.answer = lambda where: AddressGone("UNREGISTERED") if "phone" in where else Delivered("x")
    message = await town.report()
    await town.turn(121)
    assert await town.rungs(message) == [("PUSH", "PUSHED"), ("PUSH_AGAIN", "NO_DEVICE"), ("SMS", "SENT")]


async def test_a_confirmed_supervision_is_an_accepted_message(town: Town) -> None:
    task = await town.report()
    holder = town.people[task["person_id"]]
    case = await supervise_case(town.city, town.people["leader-1"], task["case_id"], command(), text="请尽快")
    await town.work()
    row = case["supervisions"][0]["id"]
    await confirm_supervision(town.city, holder, task["case_id"], command(), supervision_id=row)
    await town.work()
    told = await town.city.database.inbox_messages.find_one({"kind": "SUPERVISED"})
    assert told is not None and (told["answer"], told["work"]) == ("ACCEPTED", [])
    assert (await town.message(task))["answer"] is None, "the task itself is another message"


async def test_a_rung_whose_worker_died_is_climbed_once_by_another(town: Town) -> None:
    message = await town.report()
    town.clock.turn(seconds=121)
    wake = Wake("climb", "inbox_messages", message["_id"], "climb:2", town.clock.now())
    dead = await claim(town.city, wake)
    assert dead is not None
    await town.work()
    assert await town.rungs(message) == ALL_DONE[:1], "the lease of the dead one still holds"
    await town.turn(town.city.settings.work_lease_seconds + 1)
    assert await town.rungs(message) == ALL_DONE[:2]
    assert await climb(town.city, dead), "the dead one wakes up and comes too late"
    await town.work()
    assert await town.rungs(message) == ALL_DONE[:2]
    assert len(town.pushes_to("TASK_ASSIGNED")) == 2


async def test_a_worker_that_dies_after_a_text_sends_the_same_text_again(town: Town) -> None:
    """Nobody can tell whether it went out; the provider can, by its name."""
    message = await town.report()
    await town.turn(121)
    town.clock.turn(seconds=301)
    town.providers.dies_after_sending = True
    wake = Wake("climb", "inbox_messages", message["_id"], "climb:3", town.clock.now())
    with pytest.raises(Killed):
        await perform(town.city, town.handlers, wake)
    assert await town.rungs(message) == [*ALL_DONE[:2], ("SMS", "STARTED")]
    await town.turn(town.city.settings.work_lease_seconds + 1)
    assert {name for *_, name in town.providers.rung} == {f"{message['_id']}:3"}
    assert await town.rungs(message) == ALL_DONE[:3]


async def test_an_answer_while_a_rung_is_being_climbed_wins(town: Town) -> None:
    message = await town.report()
    town.clock.turn(seconds=121)
    wake = Wake("climb", "inbox_messages", message["_id"], "climb:2", town.clock.now())
    held = await claim(town.city, wake)
    assert held is not None
    holder = town.people[message["person_id"]]
    await acknowledge_message(town.city, holder, message["_id"], Acknowledgement.ACCEPTED)
    assert await climb(town.city, held)
    after = await town.message(message)
    assert (await town.rungs(message), after["work"]) == (ALL_DONE[:1], [])
    assert len(town.pushes_to("TASK_ASSIGNED")) == 1


async def test_a_device_that_has_to_wait_delays_no_other_and_no_rung(
    slow_city: City, clock: HandClock
) -> None:
    town = await found_town(slow_city, clock, devices=("busy", "free"))

    def answer(where: str) -> Outcome:
        return RetryAfter(100) if "busy" in where else Delivered(where)

    town.providers.answer = answer
    message = await town.report()
    who = message["person_id"]
    assert town.pushes_to("TASK_ASSIGNED") == [f"free-of-{who}"]
    for _ in range(10):
        await town.turn(101)
    assert (await town.rungs(message))[:3] == ALL_DONE[:3], "the ladder goes on meanwhile"
    assert town.pushes_to("TASK_ASSIGNED") == [f"free-of-{who}"] * 2
    [waits] = [item for item in (await town.message(message))["work"] if item["kind"] == "push"]
    assert (waits["given_up"], waits["attempts"]) == (False, 0), "being asked to wait is no failed try"
    assert waits["due_at"] > town.clock.now(), "nothing is sent to it before it may"
    town.providers.answer = Delivered
    await town.turn(101)
    assert town.pushes_to("TASK_ASSIGNED").count(f"busy-of-{who}") == 1


async def test_a_text_that_is_refused_holds_up_nothing(town: Town) -> None:
    town.providers.answer = lambda where: Rejected("no") if where == "sms" else Delivered(where)
    message = await town.report()
    for _ in range(3):
        await town.turn(601)
    assert (await town.rungs(message))[2:4] == [("SMS", "FAILED"), ("NEXT_OFFICER", "TOLD")]


async def test_a_message_that_is_days_old_never_climbs(town: Town) -> None:
    message = await town.report()
    await town.turn(timedelta(days=4).total_seconds())
    assert (await town.rungs(message))[-1] == ("PUSH_AGAIN", "OVER")
    assert (await town.message(message))["work"] == []


async def test_nobody_on_duty_is_on_record(town: Town) -> None:
    message = await town.report()
    await town.city.database.people.update_one({"_id": other_of(message)}, {"$set": {"on_duty": False}})
    for _ in range(3):
        await town.turn(601)
    assert (await town.rungs(message))[3] == ("NEXT_OFFICER", "NOBODY")
    await town.turn(601)
    assert await town.told("RECEIVER_UNREACHED") == ["dispatcher-1", "leader-of-shift"]


async def test_a_push_service_that_was_down_for_long_is_tried_again_by_the_next_rung(town: Town) -> None:
    town.providers.answer = lambda where: Unknown("TIMEOUT") if "phone-of" in where else Delivered("x")
    message = await town.report()
    for _ in range(8):
        await town.turn(14)
    assert town.pushes_to("TASK_ASSIGNED") == []
    town.providers.answer = Delivered
    await town.turn(20)
    after = await town.message(message)
    assert town.pushes_to("TASK_ASSIGNED") == [f"phone-of-{message['person_id']}"]
    assert [push["outcome"] for push in after["pushes"]] == ["GIVEN_UP", "DELIVERED"]
    assert not [item for item in after["work"] if item["given_up"]]
