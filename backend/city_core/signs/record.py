"""Puts one change of a sign or a point on record: its new values and its history in one compare-and-set
write."""

from __future__ import annotations

from collections.abc import Callable

from city_core.cases.command import Command
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

_TRIES = 10
_KEPT_CHANGES = 200
Decide = Callable[[Row], Row]


async def change_recorded(
    city: City,
    collection: str,
    row_id: str,
    decide: Decide,
    *,
    actor: Actor,
    command: Command,
    mark: str,
    kind: str,
    note: str,
    unknown: CityProblem,
) -> Row:
    """Change one row as `decide` says, once per client id; repeats itself when somebody was faster."""
    rows = city.database[collection]
    for _ in range(_TRIES):
        row: Row | None = await rows.find_one({"_id": row_id})
        if row is None:
            raise unknown
        values = decide(row)
        if _is_repeated(row, actor, command, mark):
            return row
        now = city.clock.now()
        change = {
            "seq": row["version"] + 1, "kind": kind, "at": now, "person_id": actor.person_id,
            "command_id": command.client_id, "input_hash": mark, "note": note,
            "before": {name: row.get(name) for name in values}, "after": values,
        }  # fmt: skip
        changed: Row | None = await rows.find_one_and_update(
            {"_id": row_id, "version": row["version"]},
            {
                "$set": {**values, "updated_at": now},
                "$inc": {"version": 1},
                "$push": {"history": {"$each": [change], "$slice": -_KEPT_CHANGES}},
            },
            return_document=True,
        )
        if changed is not None:
            return changed
    raise CityProblem("BUSY")


def _is_repeated(row: Row, actor: Actor, command: Command, mark: str) -> bool:
    for change in row.get("history") or ():
        if (change.get("command_id"), change.get("person_id")) == (command.client_id, actor.person_id):
            if change.get("input_hash") != mark:
                raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
            return True
    return False
