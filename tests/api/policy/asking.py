"""Asks every root field for everything, as everybody, about own, foreign and missing objects."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
from graphql import GraphQLSchema

from city_api.policy.rules import audience_of
from city_api.schema import city_schema
from city_core.people.roles import Role
from tests.api.policy.documents import Field, documents, value_for
from tests.api.policy.seeded import FAR, FOREIGN, MISSING, OWN, Ids
from tests.api.support import Api, new_uuid
from tests.village import GRID, INSIDE, STREET

NOBODY, DISABLED = "nobody", "disabled-1"
POSTS = (
    NOBODY, "citizen-1", "inspector-1", "officer-1", "acceptor-1", "leader-of-shift", "dispatcher-1",
    "leader-of-street", "administrator-1", "security-administrator-1", "auditor-1",
)  # fmt: skip
ACTORS = (*POSTS, DISABLED, "citizen-2", "inspector-far", "officer-other", "leader-1")
NO_OBJECT = "-"
_LAST = ("signOut", "signOutEverywhere")
_ARGUMENTS_OF = {
    "case": "caseId", "eyeEvent": "eventId", "campaign": "campaignId",
    "campaignCoverage": "campaignId", "component": "componentCode", "duplicateCandidates": "caseId",
    "explainDeadline": "caseId", "nearestOfficers": "caseId",
}  # fmt: skip
_BOX = "{west: 118.0, south: 36.7, east: 118.2, north: 36.9}"
_POINT = f"{{lng: {INSIDE[0]}, lat: {INSIDE[1]}, datum: WGS84}}"
_PLAIN = {
    "commandOutcomes": 'clientIds: ["3f1c7c3e-2f39-4f7e-8f0e-5a1c2d3e4f50"]', "cases": "first: 5",
    "nearestCases": f"point: {_POINT}, first: 5", "caseType": 'code: "E0110"',
    "possibleDuplicates": f'input: {{point: {_POINT}, typeCode: "E0110", mediaIds: []}}',
    "subscribeConsents": 'deviceId: "d"', "whoIsOnDuty": f'streetCode: "{STREET}"',
    "moduleFigures": 'module: "x", since: "2026-01-01T00:00:00Z", until: "2026-02-01T00:00:00Z"',
    "disagreementFigures": 'since: "2026-01-01T00:00:00Z", until: "2026-02-01T00:00:00Z"',
    "whereAmI": f"lng: {INSIDE[0]}, lat: {INSIDE[1]}", "borders": "level: DISTRICT",
    "unitGrid": f'code: "{GRID}"', "nearby": f'layer: "toilets", point: {_POINT}',
    "nearbyComponents": f"point: {_POINT}, withinM: 2000", "componentsHere": f"point: {_POINT}",
    "mapView": f"bounds: {_BOX}, zoom: 18", "heatMap": f"bounds: {_BOX}, zoom: 16",
    "routingProposals": "state: OPEN", "tryRouting": 'input: {csv: "x"}', "eyeBatch": 'id: "x"',
    "emergencyPreview": 'input: {profile: "flood", areaCodes: ["370303001"], isDrill: true}',
    "rulebook": 'name: "catalogue"', "rulebookVersions": 'name: "catalogue"', 
    "pullCases": "scope: MY_REPORTS, limit: 5", "pullComponents": "limit: 5",
    "pullDictionaries": "limit: 5", "emergency": 'id: "x"',
    "photoAdvice": 'mediaId: "33333333333333333333333333333333"', "sign": 'code: "x"',
    "placeImport": 'id: "x"',
    "places": 'registry: "components"', "placeHistory": 'registry: "components", id: "x"',
    "componentsWithoutOwner": f'streetCode: "{STREET}"',
}  # fmt: skip


@dataclass
class Answers:
    """What everybody was told: an outcome and the words, by root field, object and actor."""

    outcome: dict[tuple[str, str, str], str] = field(default_factory=dict)
    words: dict[tuple[str, str, str], str] = field(default_factory=dict)
    asked: set[Field] = field(default_factory=set)


@cache
def the_schema() -> GraphQLSchema:
    """Give the schema that the API serves."""
    return city_schema(introspection=False)._schema


async def ask_everything(api: Api, ids: Ids) -> Answers:
    """Ask and note; whoever a rule does not name asks for the beginning only."""
    answers, headers = Answers(), await _signed_in(api)
    for name in the_schema().type_map["Query"].fields:  # type: ignore[attr-defined]
        for whose, arguments in _objects_of(name, ids).items():
            parts = list(documents(the_schema(), "Query", name, arguments))
            for _, asked in parts:
                answers.asked |= asked
            for who in _asking("Query", name, whose, ACTORS):
                told = parts if is_named("Query", name, who) else parts[:1]
                bodies = [{"query": text} for text, _ in told]
                await _note(api, answers, (f"Query.{name}", whose, who), headers[who], bodies)
    names = list(the_schema().type_map["Mutation"].fields)  # type: ignore[attr-defined]
    for name in [*(one for one in names if one not in _LAST), *_LAST]:
        await _command(api, answers, headers, name, ids)
    return answers


def is_named(root: str, name: str, who: str) -> bool:
    """Tell whether the rule of a root field names somebody."""
    named = audience_of(root, name)
    assert named is not None
    return named.is_everybody or (who not in (NOBODY, DISABLED) and role_of(who) in named.posts)


def role_of(who: str) -> Role:
    """Give the post of somebody of the village."""
    seats = {"leader-of-shift": Role.SHIFT_LEADER, "leader-of-street": Role.LEADER}
    if who in seats:
        return seats[who]
    return Role(who.rpartition("-")[0].upper().replace("-", "_"))


def cells() -> set[tuple[str, str, str]]:
    """Name every cell that there has to be."""
    some: Ids = {name: {OWN: "", FOREIGN: "", MISSING: ""} for name in _NAMES}
    roots = the_schema().type_map
    found = {
        (f"Query.{name}", whose, who)
        for name in roots["Query"].fields  # type: ignore[attr-defined]
        for whose in _objects_of(name, some)
        for who in _asking("Query", name, whose, ACTORS)
    }
    return found | {
        (f"Mutation.{name}", whose, who)
        for name in roots["Mutation"].fields  # type: ignore[attr-defined]
        for whose in _objects_of_command(name)
        for who in _asking("Mutation", name, whose, POSTS)
    }


def _asking(root: str, name: str, whose: str, actors: tuple[str, ...]) -> list[str]:
    """Leave out whoever the rule does not name, but once: they are refused before any object is looked at."""
    return [who for who in actors if whose in (NO_OBJECT, MISSING) or is_named(root, name, who)]


_NAMES = (
    "caseId", "messageId", "componentCode", "elementId", "signId", "eventId", "campaignId", "absenceId",
)  # fmt: skip


def _objects_of(name: str, ids: Ids) -> Mapping[str, str]:
    if name == "gridElements":
        return {
            OWN: f'gridCode: "{GRID}"',
            FOREIGN: f'gridCode: "{FAR}001001"',
            MISSING: 'gridCode: "370303999001001"',
        }
    if name in ("shifts", "absences"):
        people = {OWN: "inspector-1", FOREIGN: "inspector-far", MISSING: "nobody-1"}
        return {whose: f'personId: "{person}"' for whose, person in people.items()}
    known = _ARGUMENTS_OF.get(name)
    if known is None:
        return {NO_OBJECT: _PLAIN.get(name, "")}
    argument = {"component": "code"}.get(name, known if known == "caseId" and name != "case" else "id")
    more = ", clock: CASE" if name == "explainDeadline" else ""
    return {whose: f'{argument}: "{key}"{more}' for whose, key in ids[known].items()}


def _objects_of_command(name: str) -> tuple[str, ...]:
    return (FOREIGN, MISSING) if _object_in(name) else (NO_OBJECT,)


def _object_in(name: str) -> str | None:
    given = the_schema().type_map["Mutation"].fields[name].args.get("input")  # type: ignore[attr-defined]
    if given is None or name in ("addComponent", "submitReport", "submitHandledReport", "makeSigns"):
        return None
    return next((one for one in _NAMES if one in given.type.of_type.fields), None)


async def _command(api: Api, answers: Answers, headers: Any, name: str, ids: Ids) -> None:
    given = the_schema().type_map["Mutation"].fields[name].args.get("input")  # type: ignore[attr-defined]
    head = "input: $input" if given is not None else ""
    variables = f"($input: {given.type})" if given is not None else ""
    parts = list(documents(the_schema(), "Mutation", name, head))
    for _, asked in parts:
        answers.asked |= asked
    texts = [f"mutation{variables} {text}" for text, _ in parts]  # the first asks for a refusal
    for whose in _objects_of_command(name):
        object_ = _object_in(name)
        known = {"point": {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84"}, "caseId": "0" * 32}
        if object_ is not None:
            known[object_] = ids[object_][whose]
        for who in _asking("Mutation", name, whose, POSTS):
            known["clientId"] = new_uuid()
            value = value_for(given.type, "input", known) if given is not None else None
            body = {"query": texts[0], "variables": {"input": value} if given is not None else {}}
            await _note(api, answers, (f"Mutation.{name}", whose, who), headers[who], [body])


async def _signed_in(api: Api) -> dict[str, dict[str, str]]:
    headers = {who: await api.headers(who) for who in ACTORS if who != NOBODY}
    await api.city.database.people.update_one({"_id": DISABLED}, {"$set": {"disabled": True}})
    return {**headers, NOBODY: {}}


async def _note(
    api: Api, answers: Answers, cell: tuple[str, str, str], headers: Any, bodies: list[dict[str, Any]]
) -> None:
    words = [await _posted(api, body, headers) for body in bodies]
    answers.outcome[cell] = outcome_of(json.loads(words[0]))
    answers.words[cell] = "\n".join(words)


async def _posted(api: Api, body: dict[str, Any], headers: Any) -> str:
    """Ask again where a busy machine let the connection go."""
    for _ in range(3):
        with contextlib.suppress(httpx.TransportError):
            return (await api.http.post("/graphql", json=body, headers=headers, timeout=60)).text
    raise AssertionError(f"no answer to {body['query'][:80]}")


def outcome_of(answer: dict[str, Any]) -> str:
    """Say in a word what somebody was told: shown, nothing, or the codes of the refusal."""
    if errors := answer.get("errors"):
        return " ".join(sorted({_code(error["extensions"]) for error in errors}))
    [value] = answer["data"].values()
    if isinstance(value, dict) and "retryable" in value and "code" in value:
        return _code(value)
    if isinstance(value, dict) and set(value) & {"nodes", "outcomes", "cases", "changes"}:
        value = next(value[name] for name in ("nodes", "outcomes", "cases", "changes") if name in value)
    return "shown" if value or value == 0 else "nothing"


def _code(told: Mapping[str, Any]) -> str:
    return f"{told['code']}({told['field']})" if told.get("field") == "role" else str(told["code"])
