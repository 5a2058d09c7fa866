"""Others are told that somebody does not answer: the next colleague on duty, then whoever supervises."""

from __future__ import annotations

from city_core.cases.ladder import Rung as Post
from city_core.cases.ladder import reach
from city_core.cases.notices import NoticeKind
from city_core.cases.visibility import may_see
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim
from city_core.notify.acknowledgement import is_accepted
from city_core.notify.climbing import RungOutcome
from city_core.notify.deliver import COLLECTION, deliver
from city_core.notify.rungs import RungAction
from city_core.notify.settle_rung import settle_rung
from city_core.notify.standing import concerns_still, still_stands
from city_core.people.queries import inspectors_of, officers_of
from city_core.people.roles import Role
from city_core.people.tokens import actor_from

_SUPERVISORS = (Post.DISPATCHER, Post.SHIFT_LEADER)


async def relay(city: City, held: Claim) -> bool:
    """Tell others about a message that nobody answers, each once; who holds the case is not changed by it."""
    message = await city.database[COLLECTION].find_one({"_id": held.owner_id}, {"pushes": 0})
    case = message and await city.database.cases.find_one(
        {"_id": message["case_id"]}, {"history": 0, "work": 0}
    )
    if message is None or case is None or not await _is_open(city, message, case):
        await settle_rung(city, held, RungOutcome.OVER)
        return True
    kind, told = await _others(city, message, case, RungAction(held.input["action"]))
    for person_id in told:
        await deliver(city, person_id, kind, case["_id"], message["seq"])
    await settle_rung(city, held, RungOutcome.TOLD if told else RungOutcome.NOBODY)
    return True


async def _is_open(city: City, message: Row, case: Row) -> bool:
    if is_accepted(message) or not concerns_still(message, case):
        return False
    return await still_stands(city, message)


async def _others(city: City, message: Row, case: Row, action: RungAction) -> tuple[NoticeKind, list[str]]:
    if action is RungAction.NEXT_OFFICER:
        return NoticeKind.COLLEAGUE_UNREACHED, await _next_colleague(city, message["person_id"], case)
    reached = await reach(city, case, _SUPERVISORS, but={message["person_id"]})
    return NoticeKind.RECEIVER_UNREACHED, reached.told


async def _next_colleague(city: City, person_id: str, case: Row) -> list[str]:
    """Find the colleague after a person, in the order of ids, on the same post and street and on duty."""
    person = await city.database.people.find_one({"_id": person_id}, {"role": 1, "department_id": 1})
    place = case["place"]
    found: list[Row] = []
    if person is not None and person["role"] == Role.INSPECTOR:
        found = await inspectors_of(city, place["responsibility_grid_id"], place["street_code"])
    elif person is not None and person["role"] == Role.OFFICER:
        found = await officers_of(city, person["department_id"])
    ids = [row["_id"] for row in found if row["_id"] != person_id]
    query = {"_id": {"$in": ids}, "street_codes": place["street_code"]}
    people = await city.database.people.find(query).sort("_id", 1).to_list(None)
    able = [row["_id"] for row in people if may_see(actor_from(row), case)]
    return sorted(able, key=lambda one: (one < person_id, one))[:1]
