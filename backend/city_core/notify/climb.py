"""A rung of the ladder is climbed: one write puts it on record, sets out what it does, plans the next."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.kit.city import City
from city_core.kit.mongo import Row, literal
from city_core.kit.rulebook.store import open_rules
from city_core.kit.work import Claim, Later, WorkItem, work_stage
from city_core.notify.acknowledgement import is_accepted, is_read
from city_core.notify.climbing import RungOutcome, next_item, rung_row, work_of
from city_core.notify.deliver import COLLECTION, push_of, wake_due
from city_core.notify.preferences import quiet_ends_for
from city_core.notify.rungs import PUSHES, REACHING, Rung, Rungs, rungs_for
from city_core.notify.standing import still_stands
from city_core.people.devices import pushable_devices


async def climb(city: City, held: Claim) -> bool:
    """Do the rung that is due, once; an answer that comes meanwhile wins, and nothing more follows."""
    message = await city.database[COLLECTION].find_one({"_id": held.owner_id}, {"pushes": 0})
    if message is None:
        return False
    rungs = await ladder_of(city, message)
    rung = next((rung for rung in rungs if rung.step == held.input["step"]), None)
    if rung is None:
        return False
    if is_accepted(message) or not await still_stands(city, message):
        await _write(city, held, rung, RungOutcome.OVER, [])
        return True
    if not rung.tells_others and is_read(message):
        follows = next_item(rungs, rung.step, city.clock.now())
        await _write(city, held, rung, RungOutcome.READ, follows)
        return True
    await _wait_while_quiet(city, message, rung)
    await _do(city, held, message, rungs, rung)
    return True


async def ladder_of(city: City, message: Row) -> Rungs:
    """Read the rungs that a message climbs, of the version that was in force when it came."""
    rules = await open_rules(city, REACHING, message.get("reaching_version", 0))
    return rungs_for(rules.rules, message.get("urgency", "normal"), message["kind"])


async def _wait_while_quiet(city: City, message: Row, rung: Rung) -> None:
    if rung.tells_others:
        return  # what others are told has an inbox, and quiet hours, of its own
    preferences = await city.database.notification_preferences.find_one({"_id": message["person_id"]})
    ends = await quiet_ends_for(city, message["person_id"], preferences, rung.quiet)
    if ends is not None:
        raise Later((ends - city.clock.now()).total_seconds(), "quiet hours", counts=False)


async def _do(city: City, held: Claim, message: Row, rungs: Rungs, rung: Rung) -> None:
    now = city.clock.now()
    if rung.action not in PUSHES:
        work = [work_of(rung.action, rung.step, now), *next_item(rungs, rung.step, now)]
        await _write(city, held, rung, RungOutcome.STARTED, work)
        return
    devices = await pushable_devices(city, message["person_id"])
    outcome = RungOutcome.PUSHED if devices else RungOutcome.NO_DEVICE
    hints = [push_of(city, device) for device in devices]
    await _write(city, held, rung, outcome, next_item(rungs, rung.step, now, at_once=not devices), hints)


async def _write(
    city: City, held: Claim, rung: Rung, outcome: RungOutcome, work: Sequence[WorkItem],
    hints: Sequence[WorkItem] = (),
) -> None:  # fmt: skip
    """Write the rung if it is still ours; a device that a hint is under way to gets no second one."""
    row = rung_row(rung.step, rung.action, city.clock.now(), outcome)
    wanted = literal([item.row() for item in hints])
    fresh = {"$filter": {"input": wanted, "cond": {"$not": [{"$in": ["$$this.key", "$work.key"]}]}}}
    stored = await city.database[COLLECTION].find_one_and_update(
        {"_id": held.owner_id, **held.filter},
        [
            {"$set": {"rungs": {"$concatArrays": [{"$ifNull": ["$rungs", []]}, [literal(row)]]}}},
            work_stage(work, held),
            {"$set": {"work": {"$concatArrays": ["$work", fresh]}}},
        ],
        projection={"work": 1},
        return_document=True,
    )
    if stored is not None:
        wake_due(city, stored, [*work, *hints])
