"""Reads of the command log: what became of one's own commands."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from city_core.cases.visibility import FIELDS_ASKED, may_see
from city_core.commands.log import COLLECTION, key_of
from city_core.commands.run_batch import Outcome, outcome_from
from city_core.kit.city import City
from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

MOST_ASKED = 200


async def outcomes_of(city: City, actor: Actor, client_ids: Sequence[str]) -> list[Outcome]:
    """Tell what became of one's own commands, in the order asked for; what never arrived is unknown."""
    if len(client_ids) > MOST_ASKED:
        raise CityProblem("COMMAND_BATCH_INVALID", field="clientIds", allowed=f"at most {MOST_ASKED}")
    keys = [key_of(actor.person_id, checked_client_id(one, "clientIds")) for one in client_ids]
    found = city.database[COLLECTION].find({"_id": {"$in": keys}}, {"given": 0, "work": 0})
    rows = {row["_id"]: row async for row in found}
    return [outcome_from(one, rows.get(key)) for one, key in zip(client_ids, keys, strict=True)]


async def cases_of(
    city: City, actor: Actor, outcomes: Sequence[Outcome], fields: Collection[str]
) -> dict[str, Row]:
    """Show the cases that settled commands were about as they are now, as far as the person may see them."""
    ids = {
        outcome.row["case_id"]
        for outcome in outcomes
        if outcome.row is not None and outcome.row["state"] == "DONE" and outcome.row.get("case_id")
    }
    projection = dict.fromkeys({*fields, *FIELDS_ASKED}, 1)
    found = city.database.cases.find({"_id": {"$in": sorted(ids)}}, projection)
    return {case["_id"]: case async for case in found if may_see(actor, case)}


async def photos_in_commands(city: City, media_ids: Collection[str]) -> set[str]:
    """Tell which of some photos a command names that is still to be carried out."""
    wanted = set(media_ids)
    rows = city.database[COLLECTION].find({"photo_ids": {"$in": sorted(wanted)}}, {"photo_ids": 1})
    return {photo_id async for row in rows for photo_id in row["photo_ids"]} & wanted
