"""The queue of a phone: in order, held, released, forced, repeated, and never lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from city_core.commands.log import COLLECTION, claim
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from tests.hand_clock import HandClock
from tests.integration.commands.support import (
    DEVICE,
    descriptions,
    queued,
    release_what_is_due,
    report,
    send,
    statuses,
)

People = dict[str, Actor]


async def test_a_batch_is_carried_out_in_the_order_of_its_numbers_and_answered_in_its_own(
    town: City, people: People
) -> None:
    batch = [report(2, "二"), report(1, "一"), report(3, "三")]
    answers = await send(town, people["citizen-1"], *batch)
    assert statuses(answers) == ["APPLIED", "APPLIED", "APPLIED"]
    assert [answer.client_id for answer in answers] == [one.client_id for one in batch]
    assert await descriptions(town) == ["一", "二", "三"]


async def test_a_repeated_batch_changes_nothing_and_says_so(town: City, people: People) -> None:
    batch = [report(1), report(2, "")]
    await send(town, people["citizen-1"], *batch)
    answers = await send(town, people["citizen-1"], *batch)
    assert statuses(answers) == ["DUPLICATE", "DUPLICATE"]
    assert len(await descriptions(town)) == 2


async def test_an_early_command_is_held_until_its_predecessor_has_come(town: City, people: People) -> None:
    first, second, third = report(1, "一"), report(2, "二"), report(3, "三")
    assert statuses(await send(town, people["citizen-1"], second, third)) == ["HELD", "HELD"]
    assert await descriptions(town) == []
    assert statuses(await send(town, people["citizen-1"], first)) == ["APPLIED"]
    assert await descriptions(town) == ["一", "二", "三"]
    assert statuses(await send(town, people["citizen-1"], second)) == ["DUPLICATE"]


async def test_a_held_command_is_forced_when_its_time_is_up_though_the_phone_never_comes_back(
    town: City, people: People, clock: HandClock
) -> None:
    await send(town, people["citizen-1"], report(3, "三"), report(5, "五"))
    clock.turn(minutes=9)
    await release_what_is_due(town)
    assert await descriptions(town) == []
    clock.turn(minutes=1, seconds=1)
    await release_what_is_due(town)
    assert await descriptions(town) == ["三", "五"]
    late = await send(town, people["citizen-1"], report(1, "一"), report(6, "六"))
    assert statuses(late) == ["APPLIED", "APPLIED"]
    assert await town.database[COLLECTION].count_documents({"work": {"$exists": True}}) == 0


async def test_a_rejected_predecessor_does_not_hold_up_the_rest(town: City, people: People) -> None:
    bad = queued(1, "rate_case", {"case_id": "nowhere", "stars": 5, "comment": ""})
    answers = await send(town, people["citizen-1"], bad, report(2))
    assert statuses(answers) == ["REJECTED", "APPLIED"]
    assert answers[0].problem is not None and answers[0].problem.code == "CASE_NOT_FOUND"
    again = await send(town, people["citizen-1"], bad)
    assert (statuses(again), str(again[0].problem)) == (["REJECTED"], str(answers[0].problem))


async def test_commands_that_are_wrong_at_the_door_are_told_so_and_passed_over(
    town: City, people: People
) -> None:
    known = report(1, "一")
    await send(town, people["citizen-1"], known)
    wrong = [
        report(2, "别的", client_id=known.client_id),
        report(3, client_id="17"),
        report(4, at=town.clock.now().replace(tzinfo=None)),
    ]
    answers = await send(town, people["citizen-1"], *wrong, report(5, "五"))
    assert statuses(answers) == ["REJECTED", "REJECTED", "REJECTED", "APPLIED"]
    codes = [answer.problem.code for answer in answers if answer.problem]
    assert codes == ["COMMAND_REUSED", "CLIENT_ID_INVALID", "REQUEST_INVALID"]


async def test_the_same_command_at_once_in_two_batches_is_carried_out_once(
    town: City, people: People
) -> None:
    batch = [report(number, str(number)) for number in range(1, 9)]
    both = await asyncio.gather(
        send(town, people["citizen-1"], *batch[:6]), send(town, people["citizen-1"], *batch[3:])
    )
    await send(town, people["citizen-1"], *batch)
    assert await descriptions(town) == [one.given["description"] for one in batch]
    assert {status for answers in both for status in statuses(answers)} <= {"APPLIED", "DUPLICATE", "HELD"}


async def test_a_command_whose_process_was_killed_is_carried_out_by_the_sweep(
    town: City, people: People, clock: HandClock
) -> None:
    await send(town, people["citizen-1"], report(2, "二"))
    [row] = await town.database[COLLECTION].find({}).to_list(2)
    await town.database.device_queues.update_one({"person_id": "citizen-1"}, {"$set": {"last": 1}})
    assert await claim(town, row) is not None  # and then nothing more, as a killed process would
    assert statuses(await send(town, people["citizen-1"], report(3, "三"))) == ["HELD"]
    clock.turn(seconds=town.settings.work_lease_seconds + 1)
    await release_what_is_due(town)
    assert await descriptions(town) == ["二", "三"]


async def test_what_a_person_queued_before_they_were_disabled_is_refused(
    town: City, people: People, clock: HandClock
) -> None:
    early = report(2)
    await send(town, people["citizen-1"], early)
    await town.database.people.update_one({"_id": "citizen-1"}, {"$set": {"disabled": True}})
    clock.turn(minutes=11)
    await release_what_is_due(town)
    [row] = await town.database[COLLECTION].find({"client_id": {"$ne": None}}).to_list(2)
    assert (row["state"], row["outcome"]["problem"]["code"]) == ("DONE", "NOT_ALLOWED")
    assert "given" not in row


async def test_queues_of_two_phones_of_one_person_do_not_wait_for_each_other(
    town: City, people: People
) -> None:
    assert statuses(await send(town, people["citizen-1"], report(2))) == ["HELD"]
    assert statuses(await send(town, people["citizen-1"], report(1), device="another-phone")) == ["APPLIED"]
    assert statuses(await send(town, people["citizen-2"], report(1), device=DEVICE)) == ["APPLIED"]


async def test_the_skew_of_the_phones_clock_is_measured_and_both_times_are_kept(
    town: City, people: People, clock: HandClock
) -> None:
    behind = timedelta(minutes=7)
    made = clock.now() - timedelta(hours=5)
    one = report(1, at=made - behind)
    await send(town, people["citizen-1"], one, sent_at=clock.now() - behind)
    [row] = await town.database[COLLECTION].find({}).to_list(2)
    assert (row["device_time"], row["made_at"], row["skew_ms"]) == (made - behind, made, 420_000)
    [case] = await town.database.cases.find({}).to_list(2)
    [step] = case["history"]
    assert (step["device_time"], step["made_at"], step["at"]) == (made - behind, made, clock.now())


async def test_a_batch_that_is_none_is_refused_whole(town: City, people: People) -> None:
    for commands, device in (([], DEVICE), ([report(1)] * 51, DEVICE), ([report(1)], "short")):
        with pytest.raises(CityProblem) as refused:
            await send(town, people["citizen-1"], *commands, device=device)
        assert refused.value.code == "COMMAND_BATCH_INVALID"


async def test_the_queries_of_the_log_use_its_indexes(town: City, people: People) -> None:
    await send(town, people["citizen-1"], report(1), report(3))
    log = town.database[COLLECTION]
    due = {"kind": {"$in": ["release_command"]}, "due_at": {"$lte": town.clock.now()}}
    waiting = {"queue_id": "a:b", "state": {"$in": ["HELD", "RUNNING"]}, "sequence": {"$lte": 3}}
    for query, order, index in (
        ({"work": {"$elemMatch": due}}, "work.due_at", "work"),
        (waiting, "sequence", "queue"),
    ):
        plan = await log.find(query).sort(order, 1).explain()
        chosen = str(plan["queryPlanner"]["winningPlan"])
        assert f"'indexName': '{index}'" in chosen and "COLLSCAN" not in chosen, chosen


async def test_nobody_multiplies_what_waits_by_making_up_phones(
    town: City, people: People, clock: HandClock
) -> None:
    mine = people["citizen-1"]
    for number in range(20):
        assert statuses(await send(town, mine, report(2), device=f"made-up-phone-{number}")) == ["HELD"]
    with pytest.raises(CityProblem, match="COMMAND_QUEUE_FULL"):
        await send(town, mine, report(2), device="one-more-phone")
    assert statuses(await send(town, mine, report(1), device="made-up-phone-0")) == ["APPLIED"]
    assert statuses(await send(town, people["citizen-2"], report(1), device="one-more-phone")) == ["APPLIED"]
    clock.turn(days=1)
    assert statuses(await send(town, mine, report(1), device="one-more-phone")) == ["APPLIED"]
