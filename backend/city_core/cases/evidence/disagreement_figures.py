"""How often people and machine disagreed, for each person: flags of photos at checks, and advice on types."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from city_core.audit.record import Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.cases.visibility import visible_filter
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role

MOST_PEOPLE = 500
_LONGEST = timedelta(days=366)
_MOST_MS = 3_000
_READERS = frozenset({Role.SHIFT_LEADER, Role.LEADER})
_JUDGED = "history.facts.judged"


async def disagreement_figures(city: City, actor: Actor, since: datetime, until: datetime) -> list[Row]:
    """Count what each person made of flags and advice in a time, in the cases of one's own streets.

    Those with the most overruled come first. Nothing is said of who reported. That
    figures about others were read is put on record.
    """
    if actor.role not in _READERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(_READERS)))
    if not since < until <= since + _LONGEST:
        raise CityProblem("PERIOD_INVALID", field="until", allowed="after `since`, at most 366 days")
    rows = city.database.cases.aggregate(_pipeline(actor, since, until), hint="judged", maxTimeMS=_MOST_MS)
    found: list[Row] = await rows.to_list(MOST_PEOPLE)
    others = [row["person_id"] for row in found if row["person_id"] != actor.person_id]
    if others:
        await record(city, actor, Deed(Verb.FIGURES_READ, Subject(Kind.PEOPLE, "disagreements", others)))
    return found


def _pipeline(actor: Actor, since: datetime, until: datetime) -> list[Row]:
    in_time = {"$gte": since, "$lt": until}
    streets = {"place.street_code": {"$in": sorted(actor.street_codes)}}
    # Said twice: the first part makes the partial index fit, the second means one and the same step.
    judged = {f"{_JUDGED}.at": {"$gte": since}, "history": {"$elemMatch": {"facts.judged.at": in_time}}}
    return [
        {"$match": {"$and": [streets, judged, visible_filter(actor)]}},
        {"$project": {"history.person_id": 1, "history.role": 1, _JUDGED: 1}},
        {"$unwind": "$history"},
        {"$match": {f"{_JUDGED}.at": in_time}},
        {"$group": {
            "_id": {"person_id": "$history.person_id", "role": "$history.role"},
            "checks": _count({"$gt": [f"${_JUDGED}.shown", 0]}),
            "passed_though_flagged": _count({"$eq": [f"${_JUDGED}.passed", True]}),
            "flags_shown": {"$sum": f"${_JUDGED}.shown"},
            "flags_overruled": {"$sum": f"${_JUDGED}.overruled"},
            "flags_held": {"$sum": f"${_JUDGED}.held"},
            "advice_accepted": _count({"$eq": [f"${_JUDGED}.advice", "ACCEPTED"]}),
            "advice_overruled": _count({"$eq": [f"${_JUDGED}.advice", "OVERRULED"]}),
        }},
        {"$replaceWith": {"$mergeObjects": ["$_id", "$$ROOT"]}},
        {"$unset": "_id"},
        {"$sort": {"flags_overruled": -1, "advice_overruled": -1, "person_id": 1}},
        {"$limit": MOST_PEOPLE},
    ]  # fmt: skip


def _count(condition: Any) -> Row:
    return {"$sum": {"$cond": [condition, 1, 0]}}
