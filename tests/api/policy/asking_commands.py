"""Gives every command, by itself and as one of an offline queue, as everybody, about all objects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api.policy.actors import ACTORS, POSTS, SEES, is_named
from tests.api.policy.answers import Answers, Cell, code_of, documents_of, in_refusal, the_schema
from tests.api.policy.asking import NO_OBJECT, in_turn_or_together, note
from tests.api.policy.documents import value_for
from tests.api.policy.own_inputs import inputs_of
from tests.api.policy.own_objects import OwnObjects
from tests.api.policy.places_inputs import inputs_of_places
from tests.api.policy.seeded import FOREIGN, MISSING, OWN, THERE, Ids
from tests.api.support import Api, new_uuid
from tests.village import INSIDE

_LAST = ("retireComponent", "signOut", "signOutEverywhere")
_KINDS = (
    "caseId", "messageId", "componentCode", "elementId", "signId", "eventId", "campaignId", "absenceId",
    "emergencyId", "token", "mediaId", "pointId",
)  # fmt: skip
_STRANGERS, _OF_THE_FAR_STREET = (
    ("citizen-2", "inspector-far", "officer-other"),
    ("inspector-far", "leader-1"),
)
_UNNAMED = ("citizen-1", "officer-1")  # of those whom the rule of a queued command does not name
_NEW = ("addComponent", "submitReport", "submitHandledReport", "makeSigns", "allowUpload")
_NEEDED: Mapping[str, Mapping[str, str]] = {
    "changeComponent": {"nameZh": "井盖"},
    "retireComponent": {"state": "REMOVED"},
    "settleOwner": {"ownerNameZh": "某单位"},
}
_BATCH = """mutation($input: RunCommandsInput!) { runCommands(input: $input) { __typename
 ... on CommandOutcomes { outcomes { clientId deviceSequence status problem {
   code message field allowed retryable } case { id description } } }
 ... on Problem { problemCode: code problemField: field } } }"""


def object_in(name: str) -> str | None:
    """Say what kind of object a command is about."""
    given = _input_of(name)
    if given is None or name in _NEW:
        return None
    return next((one for one in _KINDS if one in given.type.of_type.fields), None)


def whose_objects(name: str) -> tuple[str, ...]:
    """Say about whose objects a command is given."""
    return (OWN, FOREIGN, MISSING) if object_in(name) else (NO_OBJECT,)


def givers(name: str, whose: str) -> list[str]:
    """Leave out whoever the rule does not name, but once; more than one of a post where there are objects."""
    if object_in(name) is None:
        return list(POSTS)
    asked = {OWN: (*POSTS, *_STRANGERS), FOREIGN: (*POSTS, *_OF_THE_FAR_STREET), MISSING: ACTORS}[whose]
    return [
        who for who in asked if is_named("Mutation", name, who) or (whose == MISSING and who in POSTS)
    ]  # fmt: skip


def queueable() -> list[str]:
    """Name the commands that phones queue while offline."""
    return list(the_schema().type_map["QueuedDoInput"].fields)  # type: ignore[attr-defined]


def command_cells() -> set[Cell]:
    """Name every cell that there has to be of commands."""
    names = the_schema().type_map["Mutation"].fields  # type: ignore[attr-defined]
    given = {
        (f"Mutation.{name}", whose, who)
        for name in names
        for whose in whose_objects(name)
        for who in givers(name, whose)
    }
    return given | {
        (f"Queued.{name}", whose, who)
        for name in queueable()
        for whose in (FOREIGN, MISSING)
        for who in givers(name, whose)
        if object_in(name) and who in POSTS and is_named("Mutation", "runCommands", who)
        if is_named("Mutation", name, who) or who in _UNNAMED
    }


async def give_commands(api: Api, answers: Answers, ids: Ids, headers: Mapping[str, Any]) -> None:
    """Give every command by itself; those that end a sign-in come last."""
    own, phone = await OwnObjects.begin(api, ids), await _phone_of(api, "officer-2")
    names = list(the_schema().type_map["Mutation"].fields)  # type: ignore[attr-defined]
    await _queue(api, answers, ids, headers)
    for name in [*(one for one in names if one not in _LAST), *_LAST]:
        kind = object_in(name)
        if kind is not None:
            answers.kinds[f"Mutation.{name}"] = kind
        for whose in whose_objects(name):
            asks = []
            for who in givers(name, whose):
                about = _made_up(name, phone, ids) if kind is None else _about(name, kind, whose, ids)
                known = {**_known(), **about}
                if kind is not None and whose == OWN:
                    known |= await own.one_for(name, kind)
                is_told = kind is None or (whose == OWN and who in SEES[kind][OWN])
                body = _document(answers, name, is_told=is_told and is_named("Mutation", name, who))
                if _input_of(name) is not None:
                    body["variables"] = {"input": value_for(_input_of(name).type, "input", known)}
                asks.append(note(api, answers, (f"Mutation.{name}", whose, who), headers[who], [body]))
            await in_turn_or_together(asks, is_in_turn=whose != MISSING)


async def _phone_of(api: Api, who: str) -> str:
    person = await api.city.database.people.find_one({"_id": who})
    assert person is not None
    return str(person["phone"])


def _known() -> dict[str, Any]:
    """Give fresh values that commands are content with, so that what refuses them is their object."""
    now = datetime.now(UTC)
    return {
        "clientId": new_uuid(), "caseId": "0" * 32, "point": _at(INSIDE),
        "mediaIds": [new_uuid()], "departmentId": "sanitation", "typeCode": "E0110", "until": _in(now, 2),
        "startsAt": _in(now, 1), "endsAt": _in(now, 3), "change": "CHANGE", "note": "据实", "stars": 5,
        "reason": "据实填写的原因", "opinion": "据实填写的意见", "text": "请说明具体位置",
        "assistants": [{"departmentId": "water", "asked": "协助"}], "approved": True,
        "parts": [{"typeCode": "E0110", "conditionId": "E0110-1", "departmentId": "sanitation"}] * 2,
    }  # fmt: skip


def _made_up(name: str, phone: str, ids: Ids) -> dict[str, Any]:
    """Give what a command about no object of a street has to be given."""
    known, of_places = inputs_of(name, phone), inputs_of_places(name, ids)
    return {**known, **of_places, "_about": known["_about"] | set(of_places)}


def _about(name: str, kind: str, whose: str, ids: Ids) -> dict[str, Any]:
    """Name the object of a command, where it stands, and what its input may leave out but the command not."""
    at = THERE if whose == FOREIGN else INSIDE
    more = _NEEDED.get(name, {})
    return {kind: ids[kind][whose], "point": _at(at), **more, "_about": {kind, *more}}


def _at(place: tuple[float, float]) -> dict[str, Any]:
    return {"lng": place[0], "lat": place[1], "datum": "WGS84"}


def _in(now: datetime, days: int) -> str:
    return (now + timedelta(days=days)).isoformat()


def _input_of(name: str) -> Any:
    return the_schema().type_map["Mutation"].fields[name].args.get("input")  # type: ignore[attr-defined]


def _document(answers: Answers, name: str, *, is_told: bool) -> dict[str, Any]:
    """Ask for the refusal alone, or also for all that the command answers with."""
    given = _input_of(name)
    head, variables = ("input: $input", f"($input: {given.type})") if given is not None else ("", "")
    parts = documents_of("Mutation", name, head)
    answers.asked.update(*(asked for _, asked in parts))
    text = parts[0][0]
    if is_told and len(parts) > 1:
        text = parts[1][0].replace("__typename", f"__typename {_refusal()}", 1)
    return {"query": f"mutation{variables} {text}"}


def _refusal() -> str:
    """Ask for all of a refusal by other names: what is done has other values by the same ones."""
    names = the_schema().type_map["Problem"].fields  # type: ignore[attr-defined]
    return "... on Problem { " + " ".join(f"{in_refusal(name)}: {name}" for name in names) + " }"


async def _queue(api: Api, answers: Answers, ids: Ids, headers: Mapping[str, Any]) -> None:
    """Hand each kind of command over as a phone that was offline, all of a person in one batch."""
    wanted = command_cells()
    for who in POSTS:
        cells, commands = [], []
        for name in queueable():
            kind = object_in(name)
            for whose in (FOREIGN, MISSING):
                if kind is None or ("Queued." + name, whose, who) not in wanted:
                    continue
                known = {**_known(), **_about(name, kind, whose, ids)}
                given = value_for(_input_of(name).type, "input", known)
                number = len(commands) + 1
                commands.append(
                    {"clientId": known["clientId"], "deviceSequence": number, "do": {name: given}}
                )
                cells.append((f"Queued.{name}", whose, who))
                answers.kinds[f"Queued.{name}"] = kind
        for start in range(0, len(commands), 50):
            batch = {"deviceId": f"matrix-{who}", "commands": commands[start : start + 50]}
            body = {"query": _BATCH, "variables": {"input": batch}}
            told = await api.http.post("/graphql", json=body, headers=headers[who], timeout=60)
            outcomes = told.json()["data"]["runCommands"]["outcomes"]
            for cell, outcome in zip(cells[start : start + 50], outcomes, strict=True):
                problem = outcome["problem"]
                words = json.dumps({"problem": problem, "case": outcome["case"]}, ensure_ascii=False)
                answers.note(cell, code_of(problem) if problem else str(outcome["status"]), words)
