"""A person in WeChat allowed messages, and the city counts them."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.kit.city import City
from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.notify.consents.model import COLLECTION, key_of
from city_core.people.roles import Actor

# wx.requestSubscribeMessage asks for three templates at once at most.
MOST_TEMPLATES = 3
MOST_LEFT = 100
_REMEMBERED = 50


async def add_consents(
    city: City, actor: Actor, client_id: str, *, device_id: str, template_ids: Sequence[str]
) -> list[Row]:
    """Count one more message for each template that a person said yes to; a repeated command adds nothing.

    Answers what is left for each template that the city uses: `{template_id, left}`.
    """
    command = checked_client_id(client_id)
    known = templates_of(city)
    if not 1 <= len(template_ids) <= MOST_TEMPLATES or not set(template_ids) <= set(known):
        raise CityProblem("TEMPLATE_UNKNOWN", field="templateIds", allowed="1 to 3 of subscribeConsents")
    openid = await _openid(city, actor, device_id)
    for template_id in dict.fromkeys(template_ids):
        await _count(city, key_of(openid, template_id), command)
    return await _left(city, openid)


async def consents_left(city: City, actor: Actor, device_id: str) -> list[Row]:
    """List the templates that the city sends, with what a person still allows of each."""
    return await _left(city, await _openid(city, actor, device_id))


def templates_of(city: City) -> list[str]:
    """List the templates that this city's hints use; none where the mini-program is not set up."""
    return [city.settings.wechat_template_id] if city.settings.wechat_template_id else []


async def _left(city: City, openid: str) -> list[Row]:
    keys = {key_of(openid, template_id): template_id for template_id in templates_of(city)}
    rows = (
        await city.database[COLLECTION]
        .find({"_id": {"$in": list(keys)}}, {"left": 1})
        .to_list(len(keys) or 1)
    )
    left = {row["_id"]: row["left"] for row in rows}
    return [{"template_id": template_id, "left": left.get(key, 0)} for key, template_id in keys.items()]


async def _openid(city: City, actor: Actor, device_id: str) -> str:
    own = {"_id": device_id, "person_id": actor.person_id, "provider": "wechat"}
    device = await city.database.devices.find_one(own, {"address": 1})
    if device is None:
        raise CityProblem("DEVICE_UNKNOWN", field="deviceId", allowed="a device registered for wechat")
    return str(device["address"])


async def _count(city: City, key: str, command: str) -> None:
    counted = {"$concatArrays": [{"$ifNull": ["$counted", []]}, [command]]}
    more = {"$add": [{"$ifNull": ["$left", 0]}, 1]}
    change = {
        "left": {"$min": [more, MOST_LEFT]},
        "counted": {"$slice": [counted, -_REMEMBERED]},
        "changed_at": city.clock.now(),
    }
    fresh = {"_id": key, "counted": {"$ne": command}}
    try:
        await city.database[COLLECTION].update_one(fresh, [{"$set": change}], upsert=True)
    except DuplicateKeyError:
        # Counted before, or somebody else wrote the first row just now: then it is counted on theirs.
        await city.database[COLLECTION].update_one(fresh, [{"$set": change}])
