"""A citizen collects the points 积分 of what they reported anonymously."""

from __future__ import annotations

from city_core.cases.command import Command
from city_core.citizens.queries import balance_of
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Session, in_transaction
from city_core.kit.problems import CityProblem
from city_core.people.claims import known_holder_of_claim
from city_core.people.roles import Actor, Role

COLLECTED = "COLLECTED"


async def collect_points(city: City, actor: Actor, command: Command, *, claim_secret: str) -> int:
    """Move all points of a claim to one's own account, once; answers how many.

    The reports stay anonymous: only points move, and the two entries name no case.
    """
    holder_id = await known_holder_of_claim(city, claim_secret)
    if actor.role is not Role.CITIZEN:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=Role.CITIZEN)
    if holder_id is None or holder_id == actor.person_id:
        raise CityProblem("CLAIM_WRONG", field="claimSecret", allowed="the secret of anonymous reports")
    key = f"collect:{command.client_id}"
    entries = city.database.point_entries
    if (done := await entries.find_one({"person_id": actor.person_id, "key": key})) is not None:
        return int(done["points"])

    async def move(session: Session) -> int:
        # Two collections at once touch the same person, so that one of them is done again.
        mark = {"$inc": {"collections": 1}}
        await city.database.people.update_one({"_id": holder_id}, mark, session=session)
        points = await balance_of(city, holder_id, session)
        if points > 0:
            row = {"key": key, "reason": COLLECTED, "case_id": None, "at": city.clock.now()}
            gain = {**row, "_id": new_id(), "person_id": actor.person_id, "points": points}
            loss = {**row, "_id": new_id(), "person_id": holder_id, "points": -points}
            await entries.insert_many([gain, loss], session=session)
        return points

    return await in_transaction(city.database, move)
