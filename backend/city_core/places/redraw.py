"""Unit grids are drawn anew: the old ones end on a day, new ones with new codes begin on it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from city_core.audit.record import Deed, Subject, entry_of, record_within
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.marks import input_hash
from city_core.kit.mongo import DuplicateKeyError, Row, Session, in_transaction
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.places.acting import ADMINISTRATOR, Acting, check_acting
from city_core.places.days import checked_day, city_day
from city_core.places.redrawing import (
    MOST_OFF_SHARE,
    NewGrid,
    begun,
    check_neighbours,
    check_within,
    checked_codes,
    checked_shapes,
    replacing,
    share_off,
)
from city_core.places.standing import move_what_stands

_LATEST = timedelta(days=92)


@dataclass(frozen=True)
class Redrawing:
    """What is to be drawn anew: which grids end, which begin, on which day (of the city), and why.

    `is_confirmed` says that somebody looked at the new ground and wants it although it is not the old.
    """

    old_codes: Sequence[str]
    grids: Sequence[NewGrid]
    day: str
    reason: str
    is_confirmed: bool = False


@dataclass(frozen=True)
class Redrawn:
    """The grids that end and begin, and how much of the old ground they leave out or add (a share)."""

    ended: list[Row]
    begun: list[Row]
    share_off: float


async def redraw_grids(city: City, actor: Acting, client_id: str, given: Redrawing) -> Redrawn:
    """End some unit grids and begin others in their place, once per client id, in one transaction.

    All lie in one community. What happened in the old ones keeps their codes, what stands on the ground goes
    over to the new ones at once. Refused: PLACE_CODE_INVALID, GRID_UNKNOWN (not valid any more),
    GRID_CODE_USED, GRID_SHAPE_INVALID, GRID_OVERLAPS, and GRID_GROUND_DIFFERS until it is confirmed.
    """
    check_acting(actor, {ADMINISTRATOR})
    community = checked_codes(given.old_codes, given.grids)
    await asyncio.to_thread(checked_shapes, given.grids)
    day = _checked_start(city, given.day)
    reason = checked_text(given.reason, field="reason", most=500, least=1)
    mark = input_hash("redraw_grids", asdict(given))
    note = {
        "at": city.clock.now(), "person_id": actor.person_id, "command_id": client_id, "input_hash": mark,
        "reason": reason,
    }  # fmt: skip

    drawn = Subject(Kind.PLACE, community, [*given.old_codes, *(grid.code for grid in given.grids)])
    deed = Deed(Verb.GRIDS_REDRAWN, drawn, reason, f"from {day}", client_id)
    entry = await entry_of(city, actor, deed)

    async def write(session: Session) -> Redrawn:
        known = await _drawn_before(city, actor, client_id, mark, session)
        if known is not None:
            return known
        redrawn = await _draw(city, given, community, day, note, session)
        await record_within(city, session, entry)
        return redrawn

    try:
        return await in_transaction(city.database, write)
    except DuplicateKeyError as error:
        raise CityProblem("GRID_CODE_USED", field="grids", allowed="codes that no grid ever had") from error


async def _draw(
    city: City, given: Redrawing, community: str, day: str, note: Row, session: Session
) -> Redrawn:
    database = city.database
    # Redrawings of one community take turns here, so that none sees the ground as it was before another.
    turn = {"$push": {"history": {**note, "kind": "GRIDS_REDRAWN"}}}
    await database.divisions.update_one({"_id": community}, turn, session=session)
    division = await database.divisions.find_one({"_id": community}, {"shape": 1}, session=session)
    old = await _old_grids(city, given, day, session)
    await _check_codes(city, given, community, session)
    await asyncio.to_thread(check_within, given.grids, (division or {}).get("shape"))
    neighbours = await _neighbours(city, given, day, session)
    await asyncio.to_thread(check_neighbours, given.grids, neighbours)
    off = await asyncio.to_thread(share_off, old, given.grids)
    if off > MOST_OFF_SHARE and not given.is_confirmed:
        told = f"the same ground; {off:.1%} of it differs, which isConfirmed allows"
        raise CityProblem("GRID_GROUND_DIFFERS", field="grids", allowed=told)
    began = {**note, "kind": "BEGAN", "replaces": sorted(given.old_codes), "share_off": off}
    new = [{**begun(grid, old, day), "history": [began]} for grid in given.grids]
    ended = [{**row, "valid_to": day, "replaced_by": replacing(row, given.grids)} for row in old]
    for row in ended:
        changes = {name: row[name] for name in ("valid_to", "replaced_by")}
        change = {"$set": changes, "$push": {"history": {**note, "kind": "ENDED"}}}
        await database.unit_grids.update_one({"_id": row["_id"]}, change, session=session)
    await database.unit_grids.insert_many(new, session=session)
    await _give_to_holders(city, old, new, note, session)
    await move_what_stands(city, old, new, note, session)
    return Redrawn(ended, new, off)


async def _drawn_before(
    city: City, actor: Acting, client_id: str, mark: str, session: Session
) -> Redrawn | None:
    own = {"history.command_id": client_id}
    rows = await city.database.unit_grids.find(own, session=session).sort("_id", 1).to_list(None)
    if not rows:
        return None
    found: dict[str, list[Row]] = {"ENDED": [], "BEGAN": []}
    share = 0.0
    for row in rows:
        [step] = [step for step in row["history"] if step.get("command_id") == client_id]
        if step["input_hash"] != mark or step["person_id"] != actor.person_id:
            raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
        found[step["kind"]].append(row)
        share = step.get("share_off", share)
    return Redrawn(found["ENDED"], found["BEGAN"], share)


async def _old_grids(city: City, given: Redrawing, day: str, session: Session) -> list[Row]:
    """Find the grids that are to end; they are valid, and were so before the day."""
    query = {"_id": {"$in": list(given.old_codes)}, "valid_to": None, "valid_from": {"$not": {"$gte": day}}}
    rows = await city.database.unit_grids.find(query, session=session).sort("_id", 1).to_list(None)
    missing = sorted(set(given.old_codes) - {row["_id"] for row in rows})
    if missing:
        told = f"grids that are valid before {day}; not {', '.join(missing)}"
        raise CityProblem("GRID_UNKNOWN", field="oldCodes", allowed=told)
    return rows


async def _check_codes(city: City, given: Redrawing, community: str, session: Session) -> None:
    codes = [grid.code for grid in given.grids]
    used = await city.database.unit_grids.find_one({"_id": {"$in": codes}}, {"_id": 1}, session=session)
    if used is not None:
        raise CityProblem("GRID_CODE_USED", field="grids", allowed=f"another code than {used['_id']}")
    wanted = {grid.responsibility_grid_id for grid in given.grids if grid.responsibility_grid_id}
    own = {"_id": {"$in": sorted(wanted)}, "community_code": community}
    if await city.database.responsibility_grids.count_documents(own, session=session) != len(wanted):
        told = "responsibility grids of the community"
        raise CityProblem("GRID_UNKNOWN", field="responsibilityGridId", allowed=told)


async def _neighbours(city: City, given: Redrawing, day: str, session: Session) -> list[Row]:
    """Find the grids that stay and that touch one of the new ones."""
    found: dict[str, Row] = {}
    stays = {"_id": {"$nin": list(given.old_codes)}, "$or": [{"valid_to": None}, {"valid_to": {"$gt": day}}]}
    for grid in given.grids:
        query = {"shape": {"$geoIntersects": {"$geometry": grid.shape}}, **stays}
        async for row in city.database.unit_grids.find(query, {"shape": 1}, session=session):
            found[row["_id"]] = row
    return list(found.values())


async def _give_to_holders(
    city: City, old: Sequence[Row], new: Sequence[Row], note: Row, session: Session
) -> None:
    """Enter the grids at those who hold them; phones are told by the change of these rows."""
    for holder in sorted({row["responsibility_grid_id"] for row in (*old, *new)}):
        ended = [row["_id"] for row in old]
        added = [row["_id"] for row in new if row["responsibility_grid_id"] == holder]
        kept = {"$setDifference": ["$grid_codes", ended]}
        change = {
            "grid_codes": {"$sortArray": {"input": {"$setUnion": [kept, added]}, "sortBy": 1}},
            "history": {"$concatArrays": [
                {"$ifNull": ["$history", []]}, [{**note, "kind": "GRIDS_REDRAWN", "added": added}],
            ]},
        }  # fmt: skip
        holders = city.database.responsibility_grids
        await holders.update_one({"_id": holder}, [{"$set": change}], session=session)


def _checked_start(city: City, day: str) -> str:
    """Accept a day from today on, 92 days ahead at most: what was, stays as it was."""
    checked = checked_day(day, field="day")
    today = city_day(city.clock.now())
    latest = (date.fromisoformat(today) + _LATEST).isoformat()
    if not today <= checked <= latest:
        raise CityProblem("REQUEST_INVALID", field="day", allowed=f"{today} to {latest}")
    return checked
