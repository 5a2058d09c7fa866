"""Citizens get the points 积分 that a step earned them."""

from __future__ import annotations

from datetime import datetime

from city_core.citizens.point_rules import POINTS_BOOK, PointRules
from city_core.kit.calendar import BEIJING
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.rulebook.store import open_rules
from city_core.kit.work import Claim
from city_core.people.gone import is_gone

COLLECTION = "point_entries"


async def grant_points(city: City, held: Claim) -> None:
    """Book the points of one step, each once; beyond the day's most of a merit nothing is earned."""
    rules = (await open_rules(city, POINTS_BOOK)).rules
    for earned in held.input["earned"]:
        await _grant(city, rules, held.owner_id, earned)


async def _grant(city: City, rules: PointRules, case_id: str, earned: Row) -> None:
    rule = rules.get(earned["merit"])
    if rule is None or rule.points == 0 or is_gone(earned["person_id"]):
        return
    now = city.clock.now()
    entries = city.database[COLLECTION]
    today = {"person_id": earned["person_id"], "reason": earned["merit"], "at": {"$gte": _midnight(now)}}
    if await entries.count_documents(today, limit=rule.most_per_day) >= rule.most_per_day:
        return
    row = {
        "_id": new_id(), "person_id": earned["person_id"], "key": f"{case_id}:{earned['merit']}",
        "reason": earned["merit"], "points": rule.points, "case_id": case_id, "at": now,
    }  # fmt: skip
    try:
        await entries.insert_one(row)
    except DuplicateKeyError:
        return  # a case that is filed or closed a second time earns nothing again


def _midnight(now: datetime) -> datetime:
    return now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
