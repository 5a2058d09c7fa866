"""The audit log on real MongoDB: nobody is named, and one of many seals, in order."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from city_core.audit.entry import mark_of
from city_core.audit.forget_person import forget_person
from city_core.audit.keys import audit_keys
from city_core.audit.model import ENTRIES, SALTS
from city_core.audit.record import OPERATOR, Deed, Subject, entry_of, record, record_within
from city_core.audit.references import persons_of
from city_core.audit.seal import BATCH, LEASE, KeyMissing, SealerChanged, seal_batch, seal_entries, take_lease
from city_core.audit.verbs import Kind, Verb
from city_core.audit.verify import Wrong, verify_audit
from city_core.kit.city import City
from city_core.kit.clock import SystemClock
from city_core.kit.mongo import Session, in_transaction
from tests.audit_entries import LEADER, READ, chain, ten_entries, written
from tests.bench.audit_log import measure
from tests.hand_clock import HandClock


async def test_what_is_on_record_names_nobody_and_says_who_what_why_when_from_where(city: City) -> None:
    why = "核对现场, 电话 199 0533-0099"
    await record(
        city, LEADER, Deed(Verb.PERSON_CHANGED, Subject(Kind.PERSON, "officer-1"), why, "role=X", "c1")
    )
    [row] = await city.database[ENTRIES].find({}).to_list(None)
    text = repr(row)
    assert not any(told in text for told in ("leader-9", "officer-1", "张三", "19905330099", "0533-0099"))
    assert (row["verb"], row["post"], row["origin"], row["network"], row["reason"]) == (
        "PERSON_CHANGED", "LEADER", "phone:seat", "10.1.2.0/24", "核对现场, 电话 …",
    )  # fmt: skip
    both = {row["person_ref"]: "leader-9", row["subject_id"]: "officer-1"}
    assert await persons_of(city, list(both)) == both


async def test_a_command_that_comes_again_is_one_line_also_within_a_transaction(city: City) -> None:
    deed = replace(READ, command_id="c1")
    for _ in range(2):
        await written(city, 1, deed)
    entry = await entry_of(city, LEADER, deed)

    async def write(session: Session) -> None:
        await record_within(city, session, entry)

    await in_transaction(city.database, write)
    assert await city.database[ENTRIES].count_documents({}) == 1
    await record(city, replace(LEADER, person_id="leader-8"), deed)
    assert await city.database[ENTRIES].count_documents({}) == 2


async def test_many_writers_and_sealers_at_once_make_one_chain_without_gaps(city: City) -> None:
    async def sealer(name: str) -> int:
        return sum([await seal_entries(city, holder=name) for _ in range(8)])

    jobs = [written(city, 40) for _ in range(5)]
    done = await asyncio.gather(*(sealer(f"sealer-{number}") for number in range(3)), *jobs)
    last = await seal_entries(city)
    assert sum(done[:3]) + last == 200  # type: ignore[arg-type]
    found = await verify_audit(city)
    assert (found.rows, found.waiting, found.bad) == (200, 0, None)
    assert [row["seq"] for row in await chain(city)] == list(range(1, 201))


async def test_a_sealer_that_was_overtaken_or_died_half_way_leaves_nothing(city: City) -> None:
    clock = HandClock(SystemClock().now())
    city = replace(city, clock=clock)
    await written(city, 5)
    late = await take_lease(city, "late")
    assert late is not None and await seal_entries(city, holder="other") == 0
    rows = await city.database[ENTRIES].find({}).to_list(None)
    clock.turn(minutes=1)
    assert await seal_entries(city, holder="other") == 5
    key = audit_keys(city.settings)[0]
    with pytest.raises(SealerChanged):
        await seal_batch(city, key, late, rows)
    await written(city, 1)
    head = await take_lease(city, "dies")
    gone = await city.database[ENTRIES].find({}).sort("_id", 1).to_list(None)
    with pytest.raises(SealerChanged):  # one of them is sealed already: the whole batch is undone
        await seal_batch(city, key, head or {}, gone[-2:])
    assert (await verify_audit(city)).rows == 5
    clock.turn(minutes=1)
    assert await seal_entries(city, holder="next") == 1
    assert (await verify_audit(city)).is_whole


async def test_a_sealer_that_is_killed_at_any_moment_leaves_a_chain_that_the_next_goes_on_with(
    city: City,
) -> None:
    clock = HandClock(SystemClock().now())
    city = replace(city, clock=clock)
    for ticks in range(0, 24, 2):
        await written(city, 3)
        killed = asyncio.create_task(seal_entries(city, holder=f"killed-{ticks}"))
        for _ in range(ticks):
            await city.database.command("ping")
        killed.cancel()
        await asyncio.gather(killed, return_exceptions=True)
        assert (await verify_audit(city)).is_whole
        clock.turn(minutes=1)
    await seal_entries(city, holder="next")
    found = await verify_audit(city)
    assert (found.rows, found.waiting, found.bad) == (36, 0, None)


async def test_more_than_a_batch_is_sealed_in_one_go(city: City) -> None:
    first = await entry_of(city, LEADER, READ)
    rows = [{**first, "_id": f"{number:032x}"} for number in range(BATCH + 3)]
    key = audit_keys(city.settings)[0]
    await city.database[ENTRIES].insert_many([{**row, "mark": mark_of(key.mark, row)} for row in rows])
    assert await seal_entries(city) == BATCH + 3
    assert (await verify_audit(city)).rows == BATCH + 3


async def test_whoever_is_forgotten_cannot_be_read_any_more_and_the_chain_stays_whole(city: City) -> None:
    await ten_entries(city)
    references = await city.database[ENTRIES].distinct("person_ref")
    assert await persons_of(city, references) == dict.fromkeys(references, "leader-9")
    assert await forget_person(city, "leader-9") and not await forget_person(city, "leader-9")
    assert await persons_of(city, references) == {}
    assert await city.database[SALTS].count_documents({}) == 0
    assert (await verify_audit(city)).is_whole
    await written(city)  # should they ever come again, they are somebody else
    assert len(await city.database[ENTRIES].distinct("person_ref")) == 3  # and the operator


async def test_another_key_goes_on_with_the_chain_which_an_earlier_one_cannot(
    city: City,
) -> None:
    await ten_entries(city)

    def with_keys(**keys: object) -> City:
        return replace(city, settings=city.settings.model_copy(update=keys))

    new = SecretStr("c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1mb3ItdGVzdHMhIQ==")
    later = with_keys(audit_key=new)
    await written(later, 2)
    assert await seal_entries(later) == 2
    assert (await verify_audit(later)).rows == 12
    await written(later)
    with pytest.raises(KeyMissing):
        await seal_entries(city)
    assert await seal_entries(later) == 1
    bad = (await verify_audit(city)).bad
    assert bad is not None and (bad.seq, bad.what) == (11, Wrong.KEY)
    await record(city, OPERATOR, READ)
    head = await take_lease(city, "old")
    rows = await city.database[ENTRIES].find({"is_sealed": False}).to_list(None)
    await seal_batch(
        city, audit_keys(city.settings)[0], head or {}, rows
    )  # by the old key, after the new one
    bad = (await verify_audit(later)).bad
    assert bad is not None and (bad.seq, bad.what) == (14, Wrong.KEY)


def test_the_lease_outlasts_a_batch() -> None:
    assert timedelta(seconds=10) <= LEASE <= timedelta(minutes=1)


async def test_a_small_log_is_measured_as_a_large_one_is(city: City) -> None:
    figures = await measure(city, 1_000, recorded=10)
    assert figures["rows"] == 1_000
