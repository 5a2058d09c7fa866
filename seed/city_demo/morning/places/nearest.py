"""Who is nearest 就近: officers say where they are, a dispatcher asks for a case and is told why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from city_demo.morning.crew import DISPATCHER, LEADER, Crew
from city_demo.morning.places.not_right import expect
from city_demo.morning.walk import Walk
from city_demo.phones import OfficerPhone, Seat
from city_demo.phones.phone import Row

_METRE = 1 / 111_320  # of latitude, in degrees
_FAR_M, _NEAR_M = 700, 90


async def ask_for_nearest(crew: Crew, walks: Sequence[Walk]) -> str:
    """Ask who is nearest to a case that is being handled; gives the line of the result."""
    watch = next((walk.watch for walk in walks if walk.watch.state == "IN_PROGRESS"), None)
    if watch is None:
        return "nobody was at work"
    assigned = await watch.assignee()
    case = await (await crew.phone(LEADER, Seat)).case(watch.case_id) or {}
    dispatcher = await crew.phone(DISPATCHER, Seat)
    before = await _nearest(dispatcher, watch.case_id)
    colleague = next((row["id"] for row in before if row["id"] != assigned), None)
    await _say_where(await crew.phone(assigned, OfficerPhone), case["place"], _FAR_M)
    if colleague is not None:
        await _say_where(await crew.phone(colleague, OfficerPhone), case["place"], _NEAR_M)
    found = await _nearest(dispatcher, watch.case_id)
    ranks = {row["id"]: rank for rank, row in enumerate(found, start=1)}
    expect(assigned in ranks, f"Who has the case is not among the {len(found)} nearest officers.")
    told = sum(row["fixAgeMinutes"] == 0 for row in found)
    return (
        f"{told} officers told where they are; nearest of {len(found)} to {case['number']}: "
        f"{found[0]['name']} ({found[0]['reason']}); the officer who has it is no. {ranks[assigned]} "
        f"({found[ranks[assigned] - 1]['reason']})"
    )


async def _nearest(dispatcher: Seat, case_id: str) -> list[Row]:
    return list(await dispatcher.ask("nearestOfficers", {"caseId": case_id, "first": 10}))


async def _say_where(officer: OfficerPhone, place: Row, metres_north: float) -> None:
    fix = {
        "lng": place["wgs84Lng"], "lat": place["wgs84Lat"] + metres_north * _METRE,
        "at": datetime.now(UTC).isoformat(), "accuracyM": 9.0,
    }  # fmt: skip
    kept = await officer.send("reportPosition", {"fixes": [fix]})
    expect(kept["isKept"], f"The position of {officer.person_id} was not kept.")
