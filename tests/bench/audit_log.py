"""Measures the audit log: `python -m tests.bench.audit_log [--rows 1000000]`; prints its figures.

Fills a log of its own with sealed entries, checks it whole, then with one row changed near the end, and
measures what putting one reading on record costs.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from city_core.audit.entry import FIRST_SEAL, mark_of, seal_of
from city_core.audit.keys import audit_keys
from city_core.audit.model import ENTRIES, HEAD
from city_core.audit.record import Deed, Subject, entry_of, record
from city_core.audit.seal import seal_entries, take_lease
from city_core.audit.verbs import Kind, Verb
from city_core.audit.verify import verify_audit
from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.waking import QuietWaker
from city_core.people.roles import Actor, Role
from city_demo.embedded import EmbeddedMongod
from tests.conftest import settings_for

_PIECE = 10_000
_RECORDED = 500
_LEADER = Actor("leader-1", Role.LEADER, origin="phone:seat", network="10.1.2.0/24")
_DEED = Deed(Verb.POSITIONS_READ, Subject(Kind.PEOPLE, "", ["officer-1", "officer-2"]), detail="case 1")


async def fill(city: City, count: int) -> None:
    """Fill the log with entries that are sealed already."""
    await take_lease(city, "bench")
    first, seal = await entry_of(city, _LEADER, _DEED), FIRST_SEAL
    for start in range(0, count, _PIECE):
        rows = list(_sealed(city, first, seal, range(start, min(start + _PIECE, count))))
        seal = rows[-1]["seal"]
        await city.database[ENTRIES].insert_many(rows, ordered=False)
    key = audit_keys(city.settings)[0]
    end = {"seq": count, "seal": seal, "key_id": key.id, "leased_until": city.clock.now()}
    await city.database[HEAD].update_one({}, {"$set": end})


def _sealed(city: City, first: Row, seal: bytes, numbers: range) -> Iterator[Row]:
    key = audit_keys(city.settings)[0]
    for number in numbers:
        row = {**first, "_id": f"{number:032x}", "command_id": f"{number:032x}", "writer": "bench",
               "number": number + 1}  # fmt: skip
        mark = mark_of(key.mark, row)
        seal = seal_of(key.seal, seal, number + 1, mark)
        own = {"is_sealed": True, "seq": number + 1, "seal": seal, "seal_key_id": key.id}
        yield {**row, "mark": mark, **own}


async def measure(city: City, count: int, recorded: int = _RECORDED) -> dict[str, object]:
    """Fill, check, change a row and check again; answers the figures."""
    began = time.monotonic()
    await fill(city, count)
    filled = time.monotonic()
    computed = time.process_time()
    whole = await verify_audit(city)
    checked, computed = time.monotonic(), time.process_time() - computed
    assert whole.is_whole and whole.rows == count, whole
    await city.database[ENTRIES].update_one({"seq": count - 1}, {"$set": {"post": "CITIZEN"}})
    bad = (await verify_audit(city)).bad
    assert bad is not None and bad.seq == count - 1, bad
    again = time.monotonic()
    for _ in range(recorded):
        await record(city, _LEADER, _DEED)
    noted = time.monotonic()
    assert await seal_entries(city) == recorded
    sealed = time.monotonic()
    return {
        "rows": count,
        "fill_s": round(filled - began, 1),
        "verify_s": round(checked - filled, 1),
        "verify_own_processor_s": round(computed, 1),
        "verify_rows_a_second": round(count / (checked - filled)),
        "verify_with_a_bad_row_s": round(again - checked, 1),
        "record_ms": round((noted - again) / recorded * 1000, 2),
        f"seal_{recorded}_s": round(sealed - noted, 2),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


async def bench(count: int) -> dict[str, object]:
    """Measure on a real mongod with data of its own."""
    with tempfile.TemporaryDirectory(prefix="audit-") as folder, EmbeddedMongod(Path(folder)) as mongod:
        settings = settings_for(mongod, mongodb_database="bench_audit")
        async with open_city(settings, app_name="bench-audit", waker=QuietWaker()) as city:
            return await measure(city, count)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measures the audit log.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    for name, value in asyncio.run(bench(parser.parse_args().rows)).items():
        print(f"{name:28} {value}")


if __name__ == "__main__":
    main()
