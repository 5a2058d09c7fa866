"""Entries are sealed into the chain, in order, by one process at a time; writers never wait for it.

The right to seal is a short lease with a fence. Each batch is one transaction that moves the head on from
the very end that the seals were computed on: a sealer that lost its lease, or died half-way, leaves nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from pymongo import UpdateOne

from city_core.audit.entry import FIRST_SEAL, seal_of
from city_core.audit.keys import AuditKey, audit_keys
from city_core.audit.model import ENTRIES, HEAD, WAITING
from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.held import held
from city_core.kit.ids import new_id
from city_core.kit.mongo import DuplicateKeyError, Row, Session, in_transaction

ONE = "head"
LEASE = timedelta(seconds=20)
BATCH = 500
_MOST_BATCHES = 100
_HOLDER = f"{os.getpid()}-{new_id()[-8:]}"


class SealerChanged(Exception):
    """Somebody else seals by now, or an entry was sealed by them."""


class KeyMissing(Exception):
    """The chain was sealed with a key that this process was not given: AUDIT_KEY, or AUDIT_KEY_BEFORE."""


async def seal_entries(city: City, *, holder: str = _HOLDER) -> int:
    """Seal what waits, the oldest first; answers how many were sealed, none while somebody else seals.

    Raises KeyMissing where the last seal is of a key that this process does not have.
    """
    key = audit_keys(city.settings)[0]
    if await city.database[ENTRIES].find_one(WAITING, {"_id": 1}) is None:
        return 0
    async with held(take_lease(city, holder), partial(_release, city)) as head:
        return await _seal_after(city, key, head) if head is not None else 0


async def _seal_after(city: City, key: AuditKey, head: Row) -> int:
    if head["key_id"] and head["key_id"] not in {known.id for known in audit_keys(city.settings)}:
        raise KeyMissing
    sealed = 0
    for _ in range(_MOST_BATCHES):
        rows = await _waiting(city)
        if not rows:
            break
        try:
            head = await seal_batch(city, key, head, rows)
        except SealerChanged:
            return sealed
        sealed += len(rows)
        await point("seal.batch_sealed")
    return sealed


async def take_lease(city: City, holder: str) -> Row | None:
    """Take or keep the right to seal, and see the head; None while somebody else has it."""
    now = city.clock.now()
    first: Row = {"seq": 0, "seal": FIRST_SEAL, "key_id": "", "sealed_at": None}
    free = {"_id": ONE, "$or": [{"leased_until": {"$lte": now}}, {"holder": holder}]}
    change = {"$setOnInsert": first, "$set": {"holder": holder, "leased_until": now + LEASE},
              "$inc": {"fence": 1}}  # fmt: skip
    try:
        head: Row | None = await city.database[HEAD].find_one_and_update(
            free, change, upsert=True, return_document=True
        )
    except DuplicateKeyError:  # it is there, and leased to somebody
        return None
    return head


async def seal_batch(city: City, key: AuditKey, head: Row, rows: Sequence[Row]) -> Row:
    """Seal some entries after the head that was read, all of them or none; answers the new head."""
    now = city.clock.now()
    seq, seal = head["seq"], head["seal"]
    writes = []
    for row in rows:
        seq, seal = seq + 1, seal_of(key.seal, seal, seq + 1, row["mark"])
        own = {"is_sealed": True, "seq": seq, "seal": seal, "seal_key_id": key.id}
        writes.append(UpdateOne({"_id": row["_id"], "is_sealed": False}, {"$set": own}))
    end = {"seq": seq, "seal": seal, "key_id": key.id, "sealed_at": now, "leased_until": now + LEASE}

    async def write(session: Session) -> Row:
        is_the_end = {"_id": ONE, "fence": head["fence"], "seq": head["seq"], "seal": head["seal"]}
        moved: Row | None = await city.database[HEAD].find_one_and_update(
            is_the_end, {"$set": end}, return_document=True, session=session
        )
        if moved is None:
            raise SealerChanged
        await point("seal.half_sealed")
        done = await city.database[ENTRIES].bulk_write(writes, session=session)
        if done.modified_count != len(writes):
            raise SealerChanged
        return moved

    return await in_transaction(city.database, write)


async def _waiting(city: City) -> list[Row]:
    found = city.database[ENTRIES].find(WAITING, {"mark": 1}).sort([("is_sealed", 1), ("_id", 1)])
    return list(await found.limit(BATCH).to_list(BATCH))


async def _release(city: City, head: Row) -> None:
    own = {"_id": ONE, "fence": head["fence"]}
    await city.database[HEAD].update_one(own, {"$set": {"leased_until": city.clock.now()}})
