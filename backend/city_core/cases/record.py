"""Puts one step of the loop on record: state, history and pending work in one compare-and-set write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from city_core.cases.command import Command
from city_core.cases.conflicts import changed_fields, refuse_conflict
from city_core.cases.earning import earned_by, work_of_earning
from city_core.cases.joint.children import word_to_parent
from city_core.cases.learning import work_of_learning
from city_core.cases.levels.timeout import level_timeout
from city_core.cases.notices import Notice, notices_of
from city_core.cases.reports import joined
from city_core.cases.requests.approvals import settled_requests
from city_core.cases.steps import Decide, Step, history_row
from city_core.cases.tallies.counted import is_counted_anew
from city_core.cases.timing import timed
from city_core.cases.visibility import is_theirs, may_see
from city_core.cases.workflow import Action, State, duties_kept_apart_from, rule_of
from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.mongo import Row, Session, literal, set_stage
from city_core.kit.problems import CityProblem
from city_core.kit.work import SOON, Claim, WorkItem, wakes_for, work_stage
from city_core.people.roles import Actor, Role

__all__ = [
    "COLLECTION", "Change", "Decide", "Load", "Planned", "Step", "change_case", "doers_kept_apart",
    "doings_of", "history_row", "is_repeated", "load_case", "plan", "refuse_doer_of_other_duty",
    "refuse_id_of_other_case", "wake_after", "write",
]  # fmt: skip

COLLECTION = "cases"
TRIES = 10
Load = Callable[[City, Actor, str], Awaitable[Row]]


@dataclass(frozen=True)
class Change:
    """One case, the action to take on it, and how to find out what that does."""

    case_id: str
    action: Action
    decide: Decide


@dataclass(frozen=True)
class Planned:
    """A step that was decided on, ready to be written if nobody was faster."""

    case: Row
    action: Action
    to_state: State
    step: Step
    row: Row
    values: Row
    work: Sequence[WorkItem]
    drops_work: Collection[str]


async def load_case(city: City, actor: Actor, case_id: str) -> Row:
    """Load a case that somebody may see; what is not theirs does not exist for them."""
    case: Row | None = await city.database[COLLECTION].find_one({"_id": case_id})
    if case is None or not may_see(actor, case):
        raise CityProblem("CASE_NOT_FOUND")
    if not is_theirs(actor, case):  # an emergency lets them look, no more
        raise CityProblem("NOT_ALLOWED", allowed="whoever the case belongs to without the emergency")
    return case


async def change_case(
    city: City,
    actor: Actor,
    case_id: str,
    action: Action,
    decide: Decide,
    *,
    command: Command | None = None,
    mark: str | None = None,
    finishes: Claim | None = None,
    load: Load = load_case,
) -> Row:
    """Take one step on a case: load, decide, one write, wake; repeats itself when somebody was faster."""
    change = Change(case_id, action, decide)
    for _ in range(TRIES):
        case = await load(city, actor, case_id)
        if command is not None:
            if is_repeated(case, actor, command, mark):
                return case
            await refuse_id_of_other_case(city, case_id, actor, command)
        planned = await plan(city, actor, case, change, command, mark)
        changed = await write(city, planned, finishes)
        if changed is not None:
            await point("step.written")
            wake_after(city, changed, planned.work)
            return changed
        if finishes is not None and not await _still_claimed(city, finishes):
            return case
    raise CityProblem("CASE_BUSY")


def is_repeated(case: Row, actor: Actor, command: Command, mark: str | None) -> bool:
    """Tell whether this command was already carried out; the same id for something else is refused."""
    for row in case["history"]:
        if row["command_id"] == command.client_id and row["person_id"] == actor.person_id:
            if row["input_hash"] != mark:
                raise _reused()
            return True
    return False


async def refuse_id_of_other_case(city: City, case_id: str, actor: Actor, command: Command) -> None:
    """Refuse a command id that its maker has used on another case."""
    made = {"$elemMatch": {"command_id": command.client_id, "person_id": actor.person_id}}
    query = {"history.command_id": command.client_id, "history": made, "_id": {"$ne": case_id}}
    if await city.database[COLLECTION].find_one(query, {"_id": 1}) is not None:
        raise _reused()


def _reused() -> CityProblem:
    return CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")


def refuse_doer_of_other_duty(case: Row, actor: Actor, action: Action) -> None:
    """Keep reporting, dispatching, handling and checking apart (监管分离)."""
    if actor.role is Role.SYSTEM:
        return
    apart = duties_kept_apart_from(action)
    for done in doings_of(case):
        if done["person_id"] == actor.person_id and done["action"] in apart:
            raise CityProblem("SEPARATION_OF_DUTIES", allowed=f"somebody who did not {done['action']}")


def doers_kept_apart(case: Row, action: Action) -> set[str]:
    """Name the people who may not do this step, because of what they did on this case."""
    apart = duties_kept_apart_from(action)
    return {done["person_id"] for done in doings_of(case) if done["action"] in apart}


def doings_of(case: Row) -> list[Row]:
    """List who did what on a case, and on the case that it was split off from.

    Whoever made a report that was merged into it has reported it too.
    """
    earlier = [done for row in case["history"][:1] for done in row["facts"].get("doings", ())]
    own = [{"person_id": row["person_id"], "action": row["action"]} for row in case["history"]]
    reported = [{"person_id": row["reporter_id"], "action": Action.SUBMIT.value} for row in joined(case)]
    return [*earlier, *own, *reported]


async def plan(
    city: City, actor: Actor, case: Row, change: Change, command: Command | None, mark: str | None
) -> Planned:
    """Find out what a step does to a case, or refuse it; nothing is written yet."""
    refuse_conflict(case, actor, change.action, command.base_version if command else None)
    rule = rule_of(State(case["state"]), change.action, actor.role)
    refuse_doer_of_other_duty(case, actor, change.action)
    step = await change.decide(case)
    to_state = step.to or rule.to
    assert to_state in rule.ends, f"{change.action} does not lead to {to_state}"
    now = city.clock.now()
    seq = case["version"] + 1
    row = history_row(actor, change.action, step, case["state"], to_state, seq, now, command, mark)
    values = _values(case, actor, step, to_state, now)
    time = await timed(city, {**case, **values}, [*case["history"], row])
    values |= time.values
    after = {**case, **values}
    row["changed"] = changed_fields(case, after)
    if is_counted_anew(case, after):
        values["tally_due"] = True
    told = [*notices_of(case, after, change.action), *step.tells]
    outdated, due = level_timeout(case, after)
    follows = [*word_to_parent(case, after, now), *due, *time.work]
    earned = work_of_earning(earned_by(after, change.action, actor), seq, now)
    learnt = work_of_learning(after, change.action, actor, seq, now)
    work = [*step.work, *follows, *earned, *learnt, *_notify_work(told, seq, now)]
    drops = {*step.drops_work, *time.drops, *outdated}
    return Planned(case, change.action, to_state, step, row, values, work, drops)


async def write(
    city: City, planned: Planned, finishes: Claim | None = None, session: Session | None = None
) -> Row | None:
    """Write a planned step if the case is still as it was; None when somebody was faster."""
    case, photos = planned.case, list(planned.step.new_photos)
    changed: Row | None = await city.database[COLLECTION].find_one_and_update(
        {"_id": case["_id"], "version": case["version"], **(finishes.filter if finishes else {})},
        [
            set_stage(planned.values),
            {"$set": {
                "history": {"$concatArrays": ["$history", [literal(planned.row)]]},
                "photos": {"$concatArrays": ["$photos", literal(photos)]},
            }},
            work_stage(planned.work, finishes, planned.drops_work),
        ],
        return_document=True,
        session=session,
    )  # fmt: skip
    return changed


def wake_after(city: City, case: Row, work: Sequence[WorkItem]) -> None:
    """Wake whoever has something to do now, and tell whoever looks at this case."""
    soon = city.clock.now() + SOON  # what is due later is left to the sweep
    for wake in wakes_for(COLLECTION, case["_id"], [item for item in work if item.due_at <= soon]):
        city.waker.wake(wake)
    city.waker.announce(f"case:{case['_id']}", {"version": case["version"]})


def _values(case: Row, actor: Actor, step: Step, to_state: State, now: datetime) -> Row:
    before = step.changes.get("people_involved", case["people_involved"])
    involved = dict.fromkeys([*before, actor.person_id, step.receiver_id])
    return {
        **step.changes,
        **settled_requests({**case, **step.changes}, to_state),
        "people_involved": [person for person in involved if person and person != "system"],
        **({"to_blur": sorted({*case.get("to_blur", ()), actor.person_id})} if actor.is_unknown else {}),
        "state": to_state.value,
        "version": case["version"] + 1,
        "updated_at": now,
    }


def _notify_work(told: Sequence[Notice], seq: int, now: datetime) -> list[WorkItem]:
    if not told:
        return []
    messages = [notice.row() for notice in dict.fromkeys(told)]
    return [WorkItem("notify", f"notify:{seq}", now, {"seq": seq, "messages": messages})]


async def _still_claimed(city: City, held: Claim) -> bool:
    query = {"_id": held.owner_id, **held.filter}
    return await city.database[held.collection].find_one(query, {"_id": 1}) is not None
