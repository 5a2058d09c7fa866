"""A seat or an administrator has signs made for components, points and places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from city_core.audit.record import Deed, Subject, entry_of, record_within
from city_core.audit.verbs import Kind, Verb
from city_core.cases.command import Command, input_hash
from city_core.kit.city import City
from city_core.kit.mongo import BulkWriteError, Row, Session, in_transaction
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.signs.codes import new_code, sign_keys
from city_core.signs.model import SIGNS, SignState
from city_core.signs.rights import check_keeps_signs
from city_core.signs.subjects import NewSign, described

MOST_SIGNS = 500
_TRIES = 10
_TAKEN = 11_000


async def make_signs(city: City, actor: Actor, command: Command, wanted: Sequence[NewSign]) -> list[Row]:
    """Make signs, once per client id: all of them or none; answers them in the order of the command."""
    check_keeps_signs(actor)
    if not 1 <= len(wanted) <= MOST_SIGNS:
        raise CityProblem("REQUEST_INVALID", field="signs", allowed=f"1 to {MOST_SIGNS}")
    mark = input_hash("make_signs", {"signs": [asdict(new) for new in wanted]})
    batch_id = input_hash("signs", {"by": actor.person_id, "id": command.client_id})
    if known := await _made(city, batch_id, mark):
        return known
    rows = await described(city, wanted)
    for row in rows:
        check_keeps_signs(actor, row["street_code"])
    now = city.clock.now()
    made = {
        "state": SignState.IN_USE.value, "version": 1, "batch_id": batch_id, "input_hash": mark,
        "made_by": actor.person_id, "made_at": now, "updated_at": now, "printed_at": None, "history": [],
    }  # fmt: skip
    signs = [{"_id": f"{batch_id}{number:03d}", **row, **made} for number, row in enumerate(rows)]
    for _ in range(_TRIES):
        try:
            await _insert(city, actor, command, signs)
        except BulkWriteError as error:  # another sign has a code, or the same command came twice at once
            if any(fault["code"] != _TAKEN for fault in (error.details or {}).get("writeErrors", ())):
                raise
            if known := await _made(city, batch_id, mark):
                return known
        else:
            return await _made(city, batch_id, mark)
    raise CityProblem("BUSY")


async def _insert(city: City, actor: Actor, command: Command, signs: Sequence[Row]) -> None:
    keys = sign_keys(city.settings)
    codes = {new_code(keys) for _ in signs}
    while len(codes) < len(signs):
        codes.add(new_code(keys))
    rows = [{**sign, "code": code} for sign, code in zip(signs, codes, strict=True)]

    made = Subject(Kind.SIGN, signs[0]["batch_id"], [row["_id"] for row in rows])
    entry = await entry_of(city, actor, Deed(Verb.SIGNS_MADE, made, command_id=command.client_id))

    async def write(session: Session) -> None:
        await city.database[SIGNS].insert_many(rows, session=session)
        await record_within(city, session, entry)

    await in_transaction(city.database, write)


async def _made(city: City, batch_id: str, mark: str) -> list[Row]:
    rows: list[Row] = await city.database[SIGNS].find({"batch_id": batch_id}).sort("_id", 1).to_list(None)
    if rows and rows[0]["input_hash"] != mark:
        raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
    return rows
