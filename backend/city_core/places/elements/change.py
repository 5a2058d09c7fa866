"""An element of a grid is added, changed or retired by those who answer for the grid."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from city_core.audit.record import Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.marks import input_hash
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.places.acting import Acting, check_acting
from city_core.places.codes import checked_code
from city_core.places.days import city_day, valid_on
from city_core.places.elements.model import ELEMENTS, ElementKind
from city_core.places.elements.numbers import holds_number
from city_core.places.elements.rights import CHANGERS, may_change, unknown_element
from city_core.places.given import GivenPoint, as_stored
from city_core.places.locate import locate_standing

_PLACE = ("grid_code", "responsibility_grid_id", "street_code", "community_code")
_MOST_STEPS, _TRIES = 200, 3


class ElementChange(StrEnum):
    """What is done to an element."""

    ADD = "ADD"
    CHANGE = "CHANGE"
    RETIRE = "RETIRE"


@dataclass(frozen=True)
class GivenChange:
    """What is to be done: an element is added with kind, name and a point or a grid; changed in what is
    given; retired by its id alone."""

    change: ElementChange
    element_id: str | None = None
    kind: ElementKind | None = None
    name_zh: str | None = None
    category: str | None = None
    note: str | None = None
    point: GivenPoint | None = None
    grid_code: str | None = None


async def change_element(
    city: City, actor: Acting, client_id: str, given: GivenChange, *, base_version: int | None = None
) -> Row:
    """Add, change or retire an element, once per client id; answers it as it is then.

    Refused: ELEMENT_UNKNOWN (also where it is not theirs), NOT_ALLOWED for a grid that is not theirs,
    TEXT_INVALID where a person's entry holds more than a name and a reason to visit, ELEMENT_CHANGED where
    it changed since the version that the person says they saw.
    """
    check_acting(actor, CHANGERS)
    row = await _carried_out(city, actor, client_id, given, base_version)
    element = Subject(Kind.PLACE, row["_id"])
    await record(
        city, actor, Deed(Verb.ELEMENT_CHANGED, element, detail=given.change.value, command_id=client_id)
    )
    return row


async def _carried_out(
    city: City, actor: Acting, client_id: str, given: GivenChange, base_version: int | None
) -> Row:
    mark = input_hash("change_element", asdict(given))
    step = {
        "kind": given.change.value, "at": city.clock.now(), "person_id": actor.person_id,
        "command_id": client_id, "input_hash": mark,
    }  # fmt: skip
    if given.change is ElementChange.ADD:
        return await _add(city, actor, given, step)
    for _ in range(_TRIES):
        row = await city.database[ELEMENTS].find_one({"_id": given.element_id})
        if row is None or not may_change(actor, row):
            raise unknown_element()
        if _is_repeated(row, step):
            return row
        if base_version not in (None, row["version"]):
            raise CityProblem("ELEMENT_CHANGED", field="baseVersion", allowed=str(row["version"]))
        changed = await _changed(city, actor, row, given, step)
        if changed is not None:
            return changed
    raise CityProblem("BUSY")


async def _add(city: City, actor: Acting, given: GivenChange, step: Row) -> Row:
    if given.kind is None:
        raise CityProblem("REQUEST_INVALID", field="kind", allowed=", ".join(ElementKind))
    place = await _place(city, actor, given)
    if place is None:
        raise CityProblem("REQUEST_INVALID", field="gridCode", allowed="a grid or a point")
    row = {
        "_id": f"{given.kind.value}:{step['command_id']}",
        "kind": given.kind.value,
        "code": step["command_id"],
        "point": None,
        "given": None,
        "cell": None,
        **place,
        **_texts(given.kind, given, {"name_zh": "", "category": "", "note": ""}),
        "state": "IN_USE",
        "version": 1,
        "updated_at": step["at"],
        "is_invented": False,
        "history": [{**step, "seq": 1}],
    }
    try:
        await city.database[ELEMENTS].insert_one(row)
    except DuplicateKeyError as error:
        known: Row | None = await city.database[ELEMENTS].find_one({"_id": row["_id"]})
        if known is None or not _is_repeated(known, step):
            raise reused() from error
        return known
    return row


async def _changed(city: City, actor: Acting, row: Row, given: GivenChange, step: Row) -> Row | None:
    """Write a change over the version that was read; None when somebody else was faster."""
    values = await _values(city, actor, row, given)
    before = {name: row.get(name) for name in values}
    entry = {**step, "seq": row["version"] + 1, "before": before, "after": values}
    found: Row | None = await city.database[ELEMENTS].find_one_and_update(
        {"_id": row["_id"], "version": row["version"]},
        {
            "$set": {**values, "updated_at": step["at"]},
            "$inc": {"version": 1},
            "$push": {"history": {"$each": [entry], "$slice": -_MOST_STEPS}},
        },
        return_document=True,
    )
    return found


async def _values(city: City, actor: Acting, row: Row, given: GivenChange) -> dict[str, Any]:
    if row["state"] == "REMOVED":
        raise unknown_element()
    if given.change is ElementChange.RETIRE:
        return {"state": "REMOVED"}
    earlier = {name: row.get(name, "") for name in ("name_zh", "category", "note")}
    texts = _texts(ElementKind(row["kind"]), given, earlier)
    return {**texts, **(await _place(city, actor, given) or {})}


async def _place(city: City, actor: Acting, given: GivenChange) -> Row | None:
    """Find the grid of an element, by its point or by the code that was given; it must be theirs."""
    if given.point is not None:
        place = await locate_standing(city, given.point)
        found = {**as_stored(given.point), **{name: place[name] for name in _PLACE}}
    elif given.grid_code is not None:
        code = checked_code("unit_grid", given.grid_code, field="gridCode")
        query = {"_id": code, **valid_on(city_day(city.clock.now()))}
        grid = await city.database.unit_grids.find_one(query, dict.fromkeys(_PLACE[1:], 1))
        if grid is None:
            raise CityProblem("GRID_UNKNOWN", field="gridCode", allowed="a grid that is valid today")
        found = {"grid_code": code, **{name: grid[name] for name in _PLACE[1:]}}
    else:
        return None
    if not may_change(actor, found):
        raise CityProblem("NOT_ALLOWED", field="gridCode", allowed="the grids that you answer for")
    return found


def _texts(kind: ElementKind, given: GivenChange, earlier: Row) -> dict[str, str]:
    wanted = {name: getattr(given, name) for name in earlier}
    whole = {name: earlier[name] if text is None else text for name, text in wanted.items()}
    texts = {
        "name_zh": checked_text(whole["name_zh"], field="nameZh", most=60, least=1),
        "category": checked_text(whole["category"], field="category", most=40),
        "note": checked_text(whole["note"], field="note", most=200),
    }
    if kind is ElementKind.PERSON and any(holds_number(text) for text in texts.values()):
        raise CityProblem("TEXT_INVALID", field="note", allowed="a name and a reason to visit, no numbers")
    return texts


def _is_repeated(row: Row, step: Row) -> bool:
    known = next((old for old in row["history"] if old.get("command_id") == step["command_id"]), None)
    if known is None:
        return False
    if (known["input_hash"], known["person_id"]) != (step["input_hash"], step["person_id"]):
        raise reused()
    return True


def reused() -> CityProblem:
    """Say that a command id was already used for something else."""
    return CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
