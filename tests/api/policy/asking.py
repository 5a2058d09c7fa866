"""Asks every root field, route and subscription, as everybody, about own, foreign and missing objects."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.api.policy.actors import ACTORS, DISABLED, NOBODY, POSTS, is_named
from tests.api.policy.answers import Answers, Cell, documents_of, outcome_of, the_schema
from tests.api.policy.asking_beside import beside
from tests.api.policy.own_inputs import DEVICE
from tests.api.policy.seeded import FOREIGN, MISSING, OWN, Ids
from tests.api.policy.seeded_personal import COMMANDS
from tests.api.policy.seeded_rules import BAD_DRAFT, MODULE
from tests.api.support import Api
from tests.village import GRID, INSIDE, STREET

NO_OBJECT = "-"
_AT_ONCE = 3  # more only wait for each other, and are turned away where the machine is slow
# What a question is about, and the argument that names it.
_OBJECTS = {
    "case": ("caseId", "id"), "duplicateCandidates": ("caseId", "caseId"),
    "explainDeadline": ("caseId", "caseId"), "nearestOfficers": ("caseId", "caseId"),
    "eyeEvent": ("eventId", "id"), "eyeBatch": ("flightId", "id"), "emergency": ("emergencyId", "id"),
    "campaign": ("campaignId", "id"), "campaignCoverage": ("campaignId", "id"),
    "component": ("componentCode", "code"), "placeHistory": ("componentCode", "id"),
    "photoAdvice": ("mediaId", "mediaId"), "gridElements": ("gridCode", "gridCode"),
    "shifts": ("personId", "personId"), "absences": ("personId", "personId"),
    "sign": ("signCode", "code"), "placeImport": ("importId", "id"),
    "componentsWithoutOwner": ("streetCode", "streetCode"),
}  # fmt: skip
_BESIDE = {"explainDeadline": ", clock: CASE", "placeHistory": ', registry: "components"'}
_BOX = "{west: 118.0, south: 36.7, east: 118.2, north: 36.9}"
_DAYS = [(datetime.now(UTC) + timedelta(days=days)).isoformat() for days in (-30, 1)]
_PERIOD = 'since: "{}", until: "{}"'.format(*_DAYS)
_POINT = f"{{lng: {INSIDE[0]}, lat: {INSIDE[1]}, datum: WGS84}}"
_PLAIN = {
    "commandOutcomes": f"clientIds: {json.dumps(list(COMMANDS.values()))}", "cases": "first: 5",
    "nearestCases": f"point: {_POINT}, first: 5", "caseType": 'code: "E0110"',
    "possibleDuplicates": f'input: {{point: {_POINT}, typeCode: "E0110", mediaIds: []}}',
    "subscribeConsents": f'deviceId: "{DEVICE}"', "whoIsOnDuty": f'streetCode: "{STREET}"',
    "moduleFigures": f'module: "{MODULE}", {_PERIOD}', "disagreementFigures": _PERIOD,
    "whereAmI": f"lng: {INSIDE[0]}, lat: {INSIDE[1]}", "borders": "level: DISTRICT",
    "unitGrid": f'code: "{GRID}"', "nearby": f'layer: "toilet", point: {_POINT}',
    "nearbyComponents": f"point: {_POINT}, withinM: 2000", "componentsHere": f"point: {_POINT}",
    "mapView": f"bounds: {_BOX}, zoom: 18", "heatMap": f"bounds: {_BOX}, zoom: 16",
    "routingProposals": "state: OPEN", "tryRouting": f"input: {{csv: {json.dumps(BAD_DRAFT)}}}",
    "emergencyPreview": f'input: {{profile: "flood", areaCodes: ["{STREET}"], isDrill: true}}',
    "rulebook": 'name: "catalogue"', "rulebookVersions": 'name: "catalogue"',
    "pullCases": "scope: MY_REPORTS, limit: 5", "pullComponents": "limit: 5",
    "pullDictionaries": "limit: 5", "places": 'registry: "components"',
}  # fmt: skip


async def ask_questions(api: Api, answers: Answers, ids: Ids, headers: Mapping[str, Any]) -> None:
    """Ask and note; whoever a rule does not name asks for the beginning only."""
    for name in the_schema().type_map["Query"].fields:  # type: ignore[attr-defined]
        for whose in whose_objects(name):
            parts = documents_of("Query", name, _arguments(name, whose, ids))
            for more in beside(name, whose, ids):
                parts = [*parts, *documents_of("Query", name, more)]
            answers.asked.update(*(asked for _, asked in parts))
            if name in _OBJECTS:
                answers.kinds[f"Query.{name}"] = _OBJECTS[name][0]
            asks = []
            for who in askers(name, whose):
                told = parts if is_named("Query", name, who) else parts[:1]
                bodies = [{"query": text} for text, _ in told]
                asks.append(note(api, answers, (f"Query.{name}", whose, who), headers[who], bodies))
            await in_turn_or_together(asks)


def question_cells() -> set[Cell]:
    """Name every cell that there has to be of questions."""
    names = the_schema().type_map["Query"].fields  # type: ignore[attr-defined]
    return {
        (f"Query.{name}", whose, who)
        for name in names
        for whose in whose_objects(name)
        for who in askers(name, whose)
    }


def whose_objects(name: str) -> tuple[str, ...]:
    """Say about whose objects a question is asked; imports are nobody's own."""
    if name not in _OBJECTS:
        return (NO_OBJECT,)
    return (OWN, MISSING) if _OBJECTS[name][0] == "importId" else (OWN, FOREIGN, MISSING)


def askers(name: str, whose: str) -> list[str]:
    """Leave out whoever the rule does not name, but once: they are refused before any object is looked at."""
    once = (*POSTS, DISABLED) if whose in (NO_OBJECT, MISSING) else ()
    return [who for who in ACTORS if who in once or is_named("Query", name, who)]


def _arguments(name: str, whose: str, ids: Ids) -> str:
    if name not in _OBJECTS:
        return _PLAIN.get(name, "")
    kind, argument = _OBJECTS[name]
    return f'{argument}: "{ids[kind][whose]}"{_BESIDE.get(name, "")}'


async def signed_in(api: Api) -> dict[str, dict[str, str]]:
    """Sign everybody in once, then disable one of them."""
    headers = {who: await api.headers(who) for who in ACTORS if who != NOBODY}
    await api.city.database.people.update_one({"_id": DISABLED}, {"$set": {"disabled": True}})
    return {**headers, NOBODY: {}}


async def in_turn_or_together(asks: list[Coroutine[Any, Any, None]], *, is_in_turn: bool = False) -> None:
    """Ask all at once, as nobody's answer changes another's, or one after the other."""
    places = asyncio.Semaphore(1 if is_in_turn else _AT_ONCE)

    async def in_its_place(ask: Coroutine[Any, Any, None]) -> None:
        async with places:
            await ask

    await asyncio.gather(*(in_its_place(ask) for ask in asks))


async def note(
    api: Api, answers: Answers, cell: Cell, headers: Mapping[str, str], bodies: list[dict[str, Any]]
) -> None:
    """Post some requests of one cell, and note what was told."""
    words = [await _posted(api, body, headers) for body in bodies]
    told = [json.loads(one) for one in words]
    for answer in told:
        answers.note_fields(cell[0].partition(".")[0], answer, cell[2])
    answers.note(cell, outcome_of(told[0]), "\n".join(words))


async def _posted(api: Api, body: dict[str, Any], headers: Mapping[str, str]) -> str:
    """Ask again where a busy machine let the connection go."""
    for _ in range(3):
        with contextlib.suppress(httpx.TransportError):
            return (await api.http.post("/graphql", json=body, headers=dict(headers), timeout=60)).text
    raise AssertionError(f"no answer to {body['query'][:80]}")
