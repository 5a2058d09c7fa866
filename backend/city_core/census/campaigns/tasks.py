"""Tasks of a census: an inspector takes a grid or is given it, and says when it is done."""

from __future__ import annotations

from dataclasses import dataclass

from city_core.cases.command import Command, input_hash
from city_core.census.campaigns.model import TASKS, CampaignGoal, CampaignState
from city_core.census.campaigns.queries import GridProgress, find_campaign, progress_of_grid
from city_core.census.campaigns.running import state_of
from city_core.census.changing import reused
from city_core.census.rights import refuse_other_street
from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor, Role

_TRIES = 10


@dataclass(frozen=True)
class _Step:
    """One step of a task: what is put on record, and what the task is then."""

    kind: str
    mark: str
    values: Row
    note: str = ""


async def assign_census_task(
    city: City,
    actor: Actor,
    command: Command,
    *,
    campaign_id: str,
    grid_id: str,
    person_id: str | None = None,
) -> GridProgress:
    """Take a grid of a census on oneself, or, as a leader or administrator, give it to an inspector of it."""
    mark = input_hash("assign_census_task", {"campaign": campaign_id, "grid": grid_id, "person": person_id})
    for _ in range(_TRIES):
        found = await _task(city, actor, campaign_id, grid_id)
        if _is_repeated(found.task, actor, command, mark):
            return found
        _refuse_unless(found, CampaignState.PLANNED, CampaignState.RUNNING)
        assignee_id = await _assignee(city, actor, found, person_id)
        now = city.clock.now()
        step = _Step("ASSIGNED", mark, {"assignee_id": assignee_id, "assigned_at": now, "done_at": None})
        if await _write(city, found, actor, command, step):
            return await progress_of_grid(city, found.campaign, grid_id)
    raise CityProblem("COMPONENT_BUSY")


async def finish_census_task(
    city: City, actor: Actor, command: Command, *, campaign_id: str, grid_id: str, note: str = ""
) -> GridProgress:
    """Say that a grid is done; where all components are to be checked, none may be left."""
    if actor.role is not Role.INSPECTOR:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=Role.INSPECTOR)
    said = checked_text(note, field="note", most=500)
    mark = input_hash("finish_census_task", {"campaign": campaign_id, "grid": grid_id, "note": said})
    for _ in range(_TRIES):
        found = await _task(city, actor, campaign_id, grid_id)
        if _is_repeated(found.task, actor, command, mark):
            return found
        _refuse_unless(found, CampaignState.RUNNING)
        await _assignee(city, actor, found, None)
        if found.campaign["goal"] == CampaignGoal.CHECK_ALL and found.coverage.left:
            told = f"all checked; {found.coverage.left} left"
            raise CityProblem("CENSUS_NOT_DONE", field="gridId", allowed=told)
        now = city.clock.now()
        assigned_at = (found.task or {}).get("assigned_at") or now
        values = {"assignee_id": actor.person_id, "assigned_at": assigned_at, "done_at": now}
        if await _write(city, found, actor, command, _Step("FINISHED", mark, values, said)):
            return await progress_of_grid(city, found.campaign, grid_id)
    raise CityProblem("COMPONENT_BUSY")


async def _task(city: City, actor: Actor, campaign_id: str, grid_id: str) -> GridProgress:
    campaign = await find_campaign(city, actor, campaign_id)
    found = await progress_of_grid(city, campaign, grid_id)
    task = await city.database[TASKS].find_one({"_id": _key(found)})
    return GridProgress(campaign, found.grid, task, found.coverage, found.now)


def _refuse_unless(found: GridProgress, *states: CampaignState) -> None:
    if state_of(found.campaign, found.now) not in states:
        raise CityProblem("CAMPAIGN_OVER", field="campaignId", allowed=" or ".join(states))


async def _assignee(city: City, actor: Actor, found: GridProgress, person_id: str | None) -> str:
    """Accept who is to do a grid: an inspector takes what nobody has, others give it to whom they like."""
    grid, campaign = found.grid, found.campaign
    if actor.role is Role.INSPECTOR:
        named = campaign["person_ids"]
        if grid["responsibility_grid_id"] not in actor.grid_ids or (named and actor.person_id not in named):
            raise CityProblem("CENSUS_TASK_UNKNOWN", field="gridId", allowed="a task of yours")
        if person_id not in (None, actor.person_id):
            raise CityProblem("NOT_ALLOWED", field="personId", allowed="yourself")
        if found.task is not None and found.task["assignee_id"] not in (None, actor.person_id):
            raise CityProblem("CENSUS_TASK_TAKEN", field="gridId", allowed="a task that nobody has")
        return actor.person_id
    refuse_other_street(actor, grid["street_code"], field="gridId")
    query = {
        "_id": person_id, "role": Role.INSPECTOR.value, "disabled": False,
        "responsibility_grid_ids": grid["responsibility_grid_id"],
    }  # fmt: skip
    if person_id is None or await city.database.people.find_one(query, {"_id": 1}) is None:
        raise CityProblem("PERSON_UNKNOWN", field="personId", allowed="an inspector of this grid")
    return person_id


async def _write(city: City, found: GridProgress, actor: Actor, command: Command, step: _Step) -> bool:
    """Write a step if the task is as it was; False when somebody was faster."""
    now = city.clock.now()
    row = {
        "kind": step.kind, "at": now, "person_id": actor.person_id, "command_id": command.client_id,
        "input_hash": step.mark, "assignee_id": step.values["assignee_id"], "note": step.note,
    }  # fmt: skip
    if found.task is None:
        fresh = {
            "_id": _key(found), "campaign_id": found.campaign["_id"],
            "responsibility_grid_id": found.grid["responsibility_grid_id"], **step.values, "version": 1,
            "history": [row],
        }  # fmt: skip
        try:
            await city.database[TASKS].insert_one(fresh)
        except DuplicateKeyError:
            return False
        return True
    written = await city.database[TASKS].update_one(
        {"_id": found.task["_id"], "version": found.task["version"]},
        {"$set": step.values, "$inc": {"version": 1}, "$push": {"history": {"$each": [row], "$slice": -100}}},
    )
    return bool(written.modified_count)


def _is_repeated(task: Row | None, actor: Actor, command: Command, mark: str) -> bool:
    for row in (task or {}).get("history", ()):
        if row["command_id"] == command.client_id and row["person_id"] == actor.person_id:
            if row["input_hash"] != mark:
                raise reused()
            return True
    return False


def _key(found: GridProgress) -> str:
    return f"{found.campaign['_id']}:{found.grid['responsibility_grid_id']}"
