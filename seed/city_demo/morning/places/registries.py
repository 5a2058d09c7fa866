"""The keeper of the registries 名录 brings a file in, brings it in once more, and takes it out again."""

from __future__ import annotations

import asyncio
import time

from city_demo.morning.crew import KEEPER, Crew
from city_demo.morning.places.not_right import expect
from city_demo.morning.places.registry_file import (
    FAULTS,
    OF_EACH_FAULT,
    ROWS,
    TYPE,
    good_rows,
    places_in,
    read_codes,
    write_file,
)
from city_demo.morning.watch import Stuck
from city_demo.phones import Administrator
from city_demo.phones.over_http import Way, way_of
from city_demo.phones.phone import Row, fresh_id

_LIMIT_S = 40.0
_LOOK_EVERY_S = 0.2
_SAME_DEGREES = 1e-7
_BAD = OF_EACH_FAULT * len(FAULTS)


async def keep_registries(crew: Crew) -> str:
    """Bring 1,000 components in as GeoJSON, twice, and compare the export; gives the line of the result."""
    keeper = await crew.phone(KEEPER, Administrator)
    async with way_of(keeper) as way:
        places = places_in((await way.get("/registries/unit_grids.geojson")).json())
        street = places[0][0][:9]
        shifted = await way.get("/registries/unit_grids.geojson", datum="GCJ02", street=street)
        as_gcj02 = dict(places_in(shifted.json())[:OF_EACH_FAULT])
        file, firsts = write_file(places, as_gcj02)
        began = time.monotonic()
        first = await _bring_in(keeper, way, file)
        took_s = time.monotonic() - began
        again = await _bring_in(keeper, way, file)
        exported = await way.get("/registries/components.geojson", type=TYPE)
    wanted = good_rows(file)
    same = _same(wanted, read_codes(exported.content))
    expect(same == len(wanted), f"Of {len(wanted)} components {same} came out as they went in.")
    expect(again["unchanged"] == len(wanted), f"A file brought in again changes something: {again}.")
    return (
        f"{ROWS:,} components as GeoJSON in {took_s:.1f} s: {_counts(first)} ({_reasons(first, firsts)}); "
        f"again: {_counts(again)}; exported equal {same} of {len(wanted)}"
    )


async def _bring_in(keeper: Administrator, way: Way, file: bytes) -> Row:
    given = {"clientId": fresh_id(), "fileName": "notice-boards.geojson", "datum": "CGCS2000"}
    import_id = (await way.post("/registries/components/imports", file, **given)).json()["id"]
    deadline = time.monotonic() + _LIMIT_S
    while time.monotonic() < deadline:
        found = dict(await keeper.ask("placeImport", {"id": import_id}))
        if found["endedAt"] is not None:
            expect(found["state"] == "DONE", f"An import ended {found['state']}: {found['failure']}.")
            return found
        await asyncio.sleep(_LOOK_EVERY_S)
    raise Stuck(f"An import was not over within {_LIMIT_S:.0f} s.")


def _counts(found: Row) -> str:
    return f"new {found['new']}, unchanged {found['unchanged']}, refused {found['refused']}"


def _reasons(found: Row, firsts: list[int]) -> str:
    """Count for each fault the rows that were refused for it."""
    told = []
    for (name, words), first in zip(FAULTS, firsts, strict=True):
        rows = {
            fault["row"] for fault in found["badRows"]
            if first <= fault["row"] < first + OF_EACH_FAULT and words in fault["message"]
        }  # fmt: skip
        expect(len(rows) == OF_EACH_FAULT, f"Of the rows with {name}, {len(rows)} were refused for it.")
        told.append(f"{name} {len(rows)}")
    return ", ".join(told)


def _same(wanted: dict[str, tuple[float, float]], found: dict[str, tuple[float, float]]) -> int:
    return sum(
        code in found and all(abs(a - b) <= _SAME_DEGREES for a, b in zip(point, found[code], strict=True))
        for code, point in wanted.items()
    )
