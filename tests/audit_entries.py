"""Entries of the audit log for tests: somebody who reads, and what they put on record."""

from __future__ import annotations

from city_core.audit.model import ENTRIES
from city_core.audit.record import Deed, Subject, record
from city_core.audit.references import reference_of
from city_core.audit.seal import seal_entries
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor, Role

LEADER = Actor("leader-9", Role.LEADER, "张三", "19905330099", origin="phone:seat", network="10.1.2.0/24")
READ = Deed(Verb.POSITIONS_READ, Subject(Kind.PEOPLE, ids=["officer-1", "officer-2"]))


async def written(city: City, count: int = 1, deed: Deed = READ) -> None:
    """Put something on record, some times."""
    for _ in range(count):
        await record(city, LEADER, deed)


async def ten_entries(city: City) -> None:
    """Put ten entries on record and seal them."""
    await written(city, 10)
    assert await seal_entries(city) == 10


async def chain(city: City) -> list[Row]:
    """Read the chain, in its order."""
    rows: list[Row] = await city.database[ENTRIES].find({"is_sealed": True}).sort("seq", 1).to_list(None)
    return rows


async def verbs_on_record(city: City, person_id: str | None = None) -> list[str]:
    """Read what is on record, the oldest first; of one person, where one is named."""
    wanted = {} if person_id is None else {"person_ref": await reference_of(city, person_id)}
    rows = await city.database[ENTRIES].find(wanted, {"verb": 1}).sort([("at", 1), ("_id", 1)]).to_list(None)
    return [row["verb"] for row in rows]
