"""Every way to tamper with the audit log is seen, and the first bad row is named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest

from city_core.audit.entry import mark_of
from city_core.audit.head import HeadInvalid, export_head, public_key, read_head, read_own_head
from city_core.audit.keys import audit_keys
from city_core.audit.model import ENTRIES, HEAD
from city_core.audit.record import entry_of, record_within
from city_core.audit.seal import seal_entries
from city_core.audit.verify import Wrong, verify_audit
from city_core.kit.city import City
from city_core.kit.faults import Struck
from city_core.kit.mongo import Session, in_transaction
from city_core.kit.numbering import Numbering
from city_workers.verify_audit import check_log
from tests.audit_entries import LEADER, READ, chain, ten_entries, written

Tamper = Callable[[City], Awaitable[object]]


@pytest.fixture
async def ten(city: City) -> AsyncIterator[City]:
    """A city with ten sealed entries."""
    await ten_entries(city)
    yield city


def _set(place: int, /, **values: object) -> Tamper:
    return lambda city: city.database[ENTRIES].update_one({"seq": place, "is_sealed": True}, {"$set": values})


async def _remove(city: City) -> None:
    await city.database[ENTRIES].delete_one({"seq": 4})


async def _swap(city: City) -> None:
    fourth, fifth = (await chain(city))[3:5]
    await _set(4, is_sealed=False, seq=-1)(city)
    for row, other in ((fifth, fourth), (fourth, fifth)):
        own = {name: other[name] for name in ("seq", "seal", "is_sealed")}
        await city.database[ENTRIES].update_one({"_id": row["_id"]}, {"$set": own})


async def _remove_and_close_the_gap(city: City) -> None:
    await city.database[ENTRIES].delete_one({"seq": 4})
    for seq in range(5, 11):
        await _set(seq, seq=seq - 1)(city)
    await city.database[HEAD].update_one({}, {"$set": {"seq": 9}})


async def _insert(city: City) -> None:
    last = (await chain(city))[-1]
    await city.database[ENTRIES].insert_one({**last, "_id": "f" * 32, "seq": 11})


async def _cut_off(city: City) -> None:
    await city.database[ENTRIES].delete_many({"seq": {"$gt": 7}})


async def _lose_a_field(city: City) -> None:
    await city.database[ENTRIES].update_one({"seq": 4}, {"$unset": {"reason": 1}})


async def _change_before_the_seal(city: City) -> None:
    await written(city)
    await city.database[ENTRIES].update_one({"is_sealed": False}, {"$set": {"post": "CITIZEN"}})


async def _remove_before_the_seal(city: City) -> None:
    await written(city, 3)
    await _take_away(city, 12)
    await seal_entries(city)


async def _remove_the_first_before_the_seal(city: City) -> None:
    other = replace(city, numbering=Numbering())
    await written(other, 2)
    await _take_away(city, 1, is_sealed=False)
    await seal_entries(city)


async def _take_away(city: City, number: int, **more: object) -> None:
    gone = await city.database[ENTRIES].delete_one({"number": number, **more})
    assert gone.deleted_count == 1


@pytest.mark.parametrize(("tamper", "seq", "what"), [
    (_set(4, verb="SIGN_IN"), 4, Wrong.HASH),
    (_set(4, person_ref="somebody"), 4, Wrong.HASH),
    (_set(4, mark=b"x" * 32), 4, Wrong.HASH),
    (_set(4, seal=b"x" * 32), 4, Wrong.ORDER),
    (_set(4, key_id="unknown"), 4, Wrong.KEY),
    (_set(4, seal_key_id="unknown"), 4, Wrong.KEY),
    (_lose_a_field, 4, Wrong.HASH),
    (_remove, 4, Wrong.GAP),
    (_swap, 4, Wrong.ORDER),
    (_remove_and_close_the_gap, 4, Wrong.ORDER),
    (_insert, 11, Wrong.HASH),
    (_cut_off, 8, Wrong.TAIL),
    (_change_before_the_seal, None, Wrong.HASH),
    (_set(4, number=40), 4, Wrong.HASH),
    (_set(4, unwritten=[3]), 4, Wrong.HASH),
    (_remove_before_the_seal, 12, Wrong.LACKING),
    (_remove_the_first_before_the_seal, 11, Wrong.LACKING),
])  # fmt: skip
async def test_the_first_bad_row_is_named(ten: City, tamper: Tamper, seq: int | None, what: Wrong) -> None:
    assert (await verify_audit(ten)).is_whole
    await tamper(ten)
    bad = (await verify_audit(ten)).bad
    assert bad is not None and (bad.seq, bad.what) == (seq, what)


async def test_what_lacks_is_named_also_while_nothing_is_sealed(ten: City) -> None:
    await written(ten, 2)
    rows = await ten.database[ENTRIES].find({"is_sealed": False}).sort("number", 1).to_list(None)
    await _take_away(ten, 12)
    assert (await verify_audit(ten)).is_whole  # the very last one is missed as soon as its writer goes on
    await written(ten)
    found = await verify_audit(ten)
    assert (found.rows, found.waiting) == (10, 2)
    assert found.bad is not None and found.bad.lacking == f"{rows[1]['writer']} 12"
    assert (await check_log(ten)).said.startswith(f"The first bad row: entry {found.bad.lacking} of a writer")


async def test_entries_that_never_came_to_be_are_not_missed(ten: City) -> None:
    deed = replace(READ, command_id="c1")
    entry = await entry_of(ten, LEADER, replace(READ, command_id="c2"))

    async def refused(session: Session) -> None:
        await record_within(ten, session, entry)
        raise Struck

    await written(ten, 2, deed)  # the second is the same again
    with pytest.raises(Struck):
        await in_transaction(ten.database, refused)
    killed = asyncio.create_task(written(ten, 50))
    await ten.database.command("ping")
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    await written(ten)
    taken = await ten.database[ENTRIES].distinct("number")
    assert len(taken) < max(taken), "no number was left out, so nothing was tested"
    await seal_entries(ten)
    assert (await verify_audit(ten)).is_whole


async def test_entries_from_before_they_had_numbers_are_good(ten: City) -> None:
    old = await entry_of(ten, LEADER, READ)
    mark = mark_of(audit_keys(ten.settings)[0].mark, old)
    await ten.database[ENTRIES].insert_one({**old, "mark": mark})
    await seal_entries(ten)
    assert (await verify_audit(ten)).is_whole


async def test_a_head_kept_outside_shows_an_end_that_was_cut_off_with_the_stored_head(ten: City) -> None:
    kept = (await export_head(ten)).to_json()
    seventh = (await chain(ten))[6]
    await _cut_off(ten)
    await ten.database[HEAD].update_one({}, {"$set": {"seq": 7, "seal": seventh["seal"]}})
    assert (await verify_audit(ten)).is_whole  # nothing inside tells
    found = await verify_audit(ten, heads=[read_own_head(ten, kept)])
    assert found.bad is not None and (found.bad.seq, found.bad.what) == (8, Wrong.TAIL)
    await written(ten, 3)
    await seal_entries(ten)
    found = await verify_audit(ten, heads=[read_own_head(ten, kept)])
    assert found.bad is not None and (found.bad.seq, found.bad.what) == (10, Wrong.HEAD)


async def test_a_head_is_checked_with_the_public_key_alone(ten: City) -> None:
    kept = (await export_head(ten)).to_json()
    assert read_head(kept, public_key(ten)).seq == 10
    for wrong in (kept.replace('"seq": 10', '"seq": 9'), "{}", "[1]", "no", kept.replace("signature", "s")):
        with pytest.raises(HeadInvalid):
            read_head(wrong, public_key(ten))
    with pytest.raises(HeadInvalid):
        read_head(kept, "00" * 32)
