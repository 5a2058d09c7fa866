"""The audit log is checked from its first entry to its end; the first bad row is named.

Rows are read once, in the order of the chain, a batch at a time: memory does not grow with the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from city_core.audit.entry import FIELDS, FIRST_SEAL, NUMBER, mark_of, seal_of
from city_core.audit.head import SignedHead
from city_core.audit.keys import AuditKey, audit_keys
from city_core.audit.model import ENTRIES, HEAD, SEALED, WAITING
from city_core.audit.seal import ONE
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.numbering import Run

BATCH = 5_000
_SHOWN = dict.fromkeys((*FIELDS, *NUMBER, "mark", "seq", "seal", "seal_key_id"), 1)


class Wrong(StrEnum):
    """What is wrong with a row."""

    HASH = "HASH"  # its contents are not what was written
    GAP = "GAP"  # rows before it are missing
    ORDER = (
        "ORDER"  # it is not the row that was sealed at this place: swapped, moved in, or after a removed one
    )
    KEY = "KEY"  # marked or sealed with a key that is unknown, or older than the seal before it
    TAIL = "TAIL"  # rows at the end are missing
    LACKING = "LACKING"  # one that its writer wrote before is missing: taken away before it was sealed
    HEAD = "HEAD"  # the head that was kept outside names another row at this place


@dataclass(frozen=True)
class BadRow:
    """The first row that is not right: its number in the chain, its id, and what is wrong.

    Of what lacks its writer's id and number, as `writer number`; `seq` and `id` are of what came after it.
    """

    seq: int | None
    id: str | None
    what: Wrong
    lacking: str | None = None


@dataclass(frozen=True)
class Verified:
    """What was found: how many rows were checked, how many wait for their seal, and the first bad row."""

    rows: int
    waiting: int
    bad: BadRow | None

    @property
    def is_whole(self) -> bool:
        return self.bad is None


@dataclass
class _Chain:
    """The end of what was checked so far."""

    keys: Mapping[str, AuditKey]
    age: Mapping[str, int]  # 0 is the present key
    kept: Mapping[int, str]
    seq: int = 0
    seal: bytes = FIRST_SEAL
    key_id: str = ""
    runs: dict[str, Run] = field(default_factory=dict)

    def see_number(self, row: Row) -> None:
        """Note which of its writer's entries a row is."""
        if "writer" in row:
            run = self.runs.get(row["writer"]) or self.runs.setdefault(row["writer"], Run())
            run.see(row["number"], row.get("unsettled", ()), row.get("unwritten", ()), row)

    def first_lacking(self) -> BadRow | None:
        """Find an entry that was written, and is neither sealed nor waiting."""
        for writer, run in self.runs.items():
            if (number := run.lacking()) is not None:
                after: Any = run.after_gap
                return BadRow(after.get("seq"), after["_id"], Wrong.LACKING, f"{writer} {number}")
        return None

    def fault_in(self, row: Row) -> Wrong | None:
        """Check the next row, and go on to it if it is right."""
        seq = row.get("seq")
        if seq != self.seq + 1:
            return Wrong.GAP
        sealer = self.keys.get(row.get("seal_key_id") or "")
        if sealer is None or (self.key_id and self.age[sealer.id] > self.age[self.key_id]):
            return Wrong.KEY
        if (wrong := _fault_in_contents(self.keys, row)) is not None:
            return wrong
        seal = seal_of(sealer.seal, self.seal, seq, row["mark"])
        if row.get("seal") != seal:
            return Wrong.ORDER
        if self.kept.get(seq, seal.hex()) != seal.hex():
            return Wrong.HEAD
        self.seq, self.seal, self.key_id = seq, seal, sealer.id
        self.see_number(row)
        return None


async def verify_audit(
    city: City, *, heads: Sequence[SignedHead] = (), told: Callable[[int], None] = lambda _: None
) -> Verified:
    """Check every row of the log, and that it reaches as far as the heads that were kept outside.

    `heads` are read by `read_own_head` or `read_head`, which check their signatures. `told` hears how many
    rows are done. Without a head a cut-off end is only seen where the stored head was not cut with it.
    """
    keys = {key.id: key for key in audit_keys(city.settings)}
    # Read before the rows: what is sealed meanwhile comes after it.
    stored = await city.database[HEAD].find_one({"_id": ONE}) or {"seq": 0, "seal": FIRST_SEAL}
    kept = {stored["seq"]: stored["seal"].hex(), **{head.seq: head.hash for head in heads}}
    chain = _Chain(keys, {name: age for age, name in enumerate(keys)}, kept)
    cursor = city.database[ENTRIES].find(SEALED, _SHOWN).sort("seq", 1).batch_size(BATCH)
    while rows := await cursor.to_list(BATCH):
        for row in rows:
            wrong = chain.fault_in(row)
            if wrong is not None:
                place = chain.seq + 1 if wrong is Wrong.GAP else row["seq"]
                named = None if wrong is Wrong.GAP else row["_id"]
                return Verified(chain.seq, 0, BadRow(place, named, wrong))
        told(chain.seq)
    return await _end(city, chain)


async def _end(city: City, chain: _Chain) -> Verified:
    """Check that nothing is missing after the last row, and the marks of what waits for its seal."""
    if chain.seq < max(chain.kept):
        return Verified(chain.seq, 0, BadRow(chain.seq + 1, None, Wrong.TAIL))
    waiting = 0
    async for row in city.database[ENTRIES].find(WAITING, _SHOWN).sort([("is_sealed", 1), ("_id", 1)]):
        wrong = _fault_in_contents(chain.keys, row)
        if wrong is not None:
            return Verified(chain.seq, waiting, BadRow(None, row["_id"], wrong))
        chain.see_number(row)
        waiting += 1
    # What was sealed between the two looks was seen by neither.
    async for row in (
        city.database[ENTRIES].find({**SEALED, "seq": {"$gt": chain.seq}}, _SHOWN).sort("seq", 1)
    ):
        if _fault_in_contents(chain.keys, row) is None:
            chain.see_number(row)
    return Verified(chain.seq, waiting, chain.first_lacking())


def _fault_in_contents(keys: Mapping[str, AuditKey], row: Mapping[str, Any]) -> Wrong | None:
    key = keys.get(row.get("key_id") or "")
    if key is None:
        return Wrong.KEY
    try:
        is_right = mark_of(key.mark, row) == row["mark"]
    except (KeyError, TypeError):  # a field is gone, or of another kind
        return Wrong.HASH
    return None if is_right else Wrong.HASH
