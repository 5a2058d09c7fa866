"""The shifts 班次 of a person are planned for a span of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.marks import input_hash
from city_core.kit.mongo import Row, Session, in_transaction
from city_core.kit.problems import CityProblem
from city_core.people.plan_rights import check_period, note_change, person_to_plan_for
from city_core.people.roles import Actor

_LONGEST_SPAN, _LONGEST_SHIFT = timedelta(days=92), timedelta(hours=36)
_MOST_SHIFTS, _MOST_COMMANDS = 200, 200


@dataclass(frozen=True, order=True)
class Turn:
    """One shift as it is planned (UTC)."""

    starts_at: datetime
    ends_at: datetime


async def plan_shifts(
    city: City,
    actor: Actor,
    client_id: str,
    *,
    person_id: str,
    starts_at: datetime,
    ends_at: datetime,
    turns: Sequence[Turn],
) -> list[Row]:
    """Plan the shifts of a person that begin within a span; what was planned for that span is replaced."""
    turns = sorted(turns)
    _check(starts_at, ends_at, turns)
    mark = input_hash("plan_shifts", {
        "person": person_id, "span": [starts_at, ends_at],
        "turns": [[turn.starts_at, turn.ends_at] for turn in turns],
    })  # fmt: skip
    await person_to_plan_for(city, actor, person_id, self_too=False)
    command = {
        "by": actor.person_id, "client_id": client_id, "input_hash": mark, "at": city.clock.now(),
    }  # fmt: skip
    span = {"person_id": person_id, "starts_at": {"$gte": starts_at, "$lt": ends_at}}

    async def write(session: Session) -> None:
        if not await _note_command(city, person_id, command, session):
            return
        await city.database.shifts.delete_many(span, session=session)
        await _refuse_overlap(city, person_id, turns, session)
        rows = [{"_id": new_id(), "person_id": person_id, **vars(turn)} for turn in turns]
        if rows:
            await city.database.shifts.insert_many(rows, session=session)

    await in_transaction(city.database, write)
    await note_change(city, actor, person_id, "shifts", client_id)
    return await city.database.shifts.find(span).sort("starts_at", 1).to_list(None)


async def _note_command(city: City, person_id: str, command: Row, session: Session) -> bool:
    """Note who planned; False when the command was carried out before. Plans of one person queue up here."""
    own = {"$elemMatch": {"client_id": command["client_id"], "by": command["by"]}}
    query = {"commands.client_id": command["client_id"], "commands": own}
    known = await city.database.shift_plans.find_one(query, {"commands": own}, session=session)
    if known is not None:
        if known["commands"][0]["input_hash"] != command["input_hash"]:
            raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
        return False
    push = {"$push": {"commands": {"$each": [command], "$slice": -_MOST_COMMANDS}}}
    await city.database.shift_plans.update_one({"_id": person_id}, push, upsert=True, session=session)
    return True


async def _refuse_overlap(city: City, person_id: str, turns: Sequence[Turn], session: Session) -> None:
    """Refuse a plan that meets a shift from before or after its span."""
    if not turns:
        return
    last = max(turn.ends_at for turn in turns)
    query = {"person_id": person_id, "starts_at": {"$lt": last}, "ends_at": {"$gt": turns[0].starts_at}}
    others = await city.database.shifts.find(query, session=session).to_list(None)
    for turn in turns:
        if any(turn.starts_at < row["ends_at"] and row["starts_at"] < turn.ends_at for row in others):
            raise _overlapping()


def _check(starts_at: datetime, ends_at: datetime, turns: Sequence[Turn]) -> None:
    check_period(starts_at, ends_at, _LONGEST_SPAN, field="endsAt")
    if len(turns) > _MOST_SHIFTS:
        raise CityProblem("DUTY_PERIOD_INVALID", field="shifts", allowed=f"up to {_MOST_SHIFTS} shifts")
    for turn in turns:
        check_period(turn.starts_at, turn.ends_at, _LONGEST_SHIFT, field="shifts")
        if not starts_at <= turn.starts_at < ends_at:
            raise CityProblem("DUTY_PERIOD_INVALID", field="shifts", allowed="shifts that begin in the span")
    if any(later.starts_at < earlier.ends_at for earlier, later in pairwise(turns)):
        raise _overlapping()


def _overlapping() -> CityProblem:
    return CityProblem("DUTY_PERIOD_INVALID", field="shifts", allowed="shifts that do not overlap")
