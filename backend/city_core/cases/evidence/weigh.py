"""The photos of a case are weighed as evidence: what they say of themselves, against what the case says."""

from __future__ import annotations

from collections.abc import Mapping

from city_core.cases.evidence.ask import ask_to_weigh
from city_core.cases.evidence.flags import Twin
from city_core.cases.evidence.known import evidence_of, new_flags, scenes_to_compare, weighed
from city_core.cases.evidence.rules import FlagKind, FlagRules, flag_rules
from city_core.cases.evidence.twins import find_twins
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim, WorkItem
from city_core.media.model import PhotoState
from city_core.people.roles import SYSTEM

_FIELDS = dict.fromkeys(("owner_id", "look_hash", "capture", "received_at"), 1)


class _NothingNew(Exception):
    """The photos say what is on record already: there is no step to take."""


async def weigh_photos(city: City, held: Claim) -> bool:
    """Put on record what the photos of a case are worth and which flags they raise; decides nothing.

    Done again it finds the same; False when there was nothing new to write.
    """
    case = await city.database.cases.find_one({"_id": held.owner_id})
    if case is None:
        return False
    rules = await flag_rules(city)
    photos = await _ready(city, case)
    twins = await _twins(city, case, photos, rules, held.input.get("media_id"))

    async def decide(case: Row) -> Step:
        evidence = weighed(case, photos, twins, rules)
        if evidence == list(evidence_of(case)):
            raise _NothingNew
        appeared = new_flags(evidence_of(case), evidence)
        facts = {"flags": appeared} if appeared else {}
        return Step(
            {"evidence": evidence}, facts=facts, work=_comparing(city, {**case, "evidence": evidence}, photos)
        )

    try:
        await change_case(city, SYSTEM, held.owner_id, Action.WEIGH_EVIDENCE, decide, finishes=held)
    except _NothingNew:
        return False
    return True


async def _ready(city: City, case: Row) -> dict[str, Row]:
    """Read the photos of a case whose copies are made, each only from whoever took it in."""
    added_by = {photo["media_id"]: photo["added_by"] for photo in case["photos"]}
    query = {"_id": {"$in": list(added_by)}, "state": PhotoState.READY}
    found = city.database.photos.find(query, _FIELDS)
    return {row["_id"]: row async for row in found if row["owner_id"] == added_by[row["_id"]]}


async def _twins(
    city: City, case: Row, photos: Mapping[str, Row], rules: FlagRules, asked: str | None
) -> dict[str, Twin | None]:
    """Look in other cases for the photos that are new here, and for the one that somebody asks about."""
    rule = rules[FlagKind.SAME_PICTURE]
    looked_for = {row["media_id"] for row in evidence_of(case)} - {asked}
    found: dict[str, Twin | None] = {}
    for photo in case["photos"]:
        media_id = photo["media_id"]
        if not rule.enabled or media_id in looked_for or media_id not in photos:
            continue
        twins = await find_twins(city, case, photo, photos[media_id], rule.limit)
        found[media_id] = twins.twin
        for case_id, later_id in twins.later.items():  # before our own write: whoever dies here asks again
            await ask_to_weigh(city, case_id, later_id)
    return found


def _comparing(city: City, case: Row, photos: Mapping[str, Row]) -> list[WorkItem]:
    if not scenes_to_compare(case, list(photos)):
        return []
    return [WorkItem("compare", f"compare:{case['version'] + 1}", city.clock.now())]
