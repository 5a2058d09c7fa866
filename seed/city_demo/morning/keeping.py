"""At the end a phone downloads its part of the city 同步 and compares it with the lists of the city."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from city_demo.morning.crew import Crew
from city_demo.phones import InspectorPhone, Phone
from city_demo.phones.copies import Copy, Row

_LIMIT_S = 15.0
_LOOK_EVERY_S = 0.2
_PAGE = 50
_LISTS = {"MY_TASKS": "myTasks", "MY_REPORTS": "MyCases"}
Known = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Kept:
    """What a phone downloaded, how many cases were as the lists had them, and which copies were not."""

    documents: int
    requests: int
    received_bytes: int
    compared: int
    differs: tuple[str, ...]


async def keep_copies(crew: Crew, inspector_id: str, citizen_id: str, officer_id: str | None) -> Kept:
    """Download all scopes of an inspector; compare tasks and a citizen's reports with the lists of the city.

    Bytes are those of the inspector's answers as they came over the network, gzipped.
    """
    inspector = await crew.phone(inspector_id, InspectorPhone)
    tasks, grid, reports = (
        Copy(inspector, "pullCases", scope=scope) for scope in ("MY_TASKS", "MY_GRID", "MY_REPORTS")
    )
    whole = (tasks, grid, reports, Copy(inspector, "pullDictionaries"), Copy(inspector, "pullComponents"))
    before = inspector.received_bytes
    for copy in whole:
        await copy.pull()
    downloaded, requests = inspector.received_bytes - before, sum(copy.requests for copy in whole)
    compared = [tasks, Copy(await crew.phone(citizen_id, Phone), "pullCases", scope="MY_REPORTS")]
    if officer_id is not None:
        compared.append(Copy(await crew.phone(officer_id, Phone), "pullCases", scope="MY_TASKS"))
    differs = [copy.name for copy in compared if not await _equals(copy)]
    same = sum(len(copy.documents) for copy in compared)
    held = sum(len(copy.documents) for copy in whole)
    return Kept(held, requests, downloaded, same, tuple(differs))


async def _equals(copy: Copy) -> bool:
    """Pull until the copy is what the list says: the last changes may still be on their way."""
    deadline = time.monotonic() + _LIMIT_S
    while time.monotonic() < deadline:
        await copy.pull()
        if _known(copy) == await _listed(copy):
            return True
        await asyncio.sleep(_LOOK_EVERY_S)
    return False


def _known(copy: Copy) -> Known:
    return {case_id: _mark(row["case"]) for case_id, row in copy.documents.items()}


async def _listed(copy: Copy) -> Known:
    found: Known = {}
    after: str | None = None
    while True:
        page = await copy.phone.ask(_LISTS[copy.scope], {"first": _PAGE, "after": after})
        found |= {row["id"]: _mark(row) for row in page["nodes"]}
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def _mark(case: Row) -> tuple[int, str]:
    return case["version"], case["state"]
