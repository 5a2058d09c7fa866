"""The routing rules of the reference folder: read, checked, and published where they are the seed's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from city_core.cases.routing_book import ROUTING_BOOK, ROUTING_TABLE
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.rulebook.store import content_of, publish, versions_in_force
from city_core.kit.rulebook.tables import Fault, read_csv
from city_seed.rulebooks import RulesRefused
from city_seed.store import Counted

FILE = "routing_rules.csv"
SEEDER = "seed"
Row = dict[str, Any]


def read_routing(folder: Path) -> tuple[list[Row], list[str]]:
    """Read the routing rules; answers the rows, and what is wrong with them by themselves."""
    read = read_csv(ROUTING_TABLE, (folder / FILE).read_text(encoding="utf-8"))
    faults = read.faults or ROUTING_BOOK.check({ROUTING_TABLE.name: read.rows})
    return read.rows, [_told(fault) for fault in faults]


async def publish_routing(city: City, rows: list[Row]) -> Counted:
    """Publish the rules where they differ, unless somebody has published others: those are theirs to keep."""
    version = (await versions_in_force(city)).get(ROUTING_BOOK.name, 0)
    counted = Counted(ROUTING_TABLE.name, unchanged=len(rows))
    present = (await content_of(city, ROUTING_BOOK, version))[ROUTING_TABLE.name]
    if list(present) == rows or not await _is_the_seeds_own(city, version):
        return counted
    client_id = new_id()
    published = await publish(
        city, ROUTING_BOOK, {ROUTING_TABLE.name: rows}, by=SEEDER, client_id=client_id, input_hash=client_id
    )
    if published.faults:
        raise RulesRefused("\n".join(_told(fault) for fault in published.faults))
    known = {row["position"] for row in present}
    new = sum(1 for row in rows if row["position"] not in known)
    changed = sum(1 for row in rows if row["position"] in known and row not in present)
    return Counted(ROUTING_TABLE.name, new=new, changed=changed, unchanged=len(rows) - new - changed)


async def _is_the_seeds_own(city: City, version: int) -> bool:
    if version == 0:
        return True
    query = {"_id": f"{ROUTING_BOOK.name}:{version}", "published_by": SEEDER}
    return await city.database.rulebook_versions.find_one(query, {"_id": 1}) is not None


def _told(fault: Fault) -> str:
    return f"{FILE}, row {fault.row}: {fault.column}: {fault.en}"
